"""Counts of the pact as a file: every wrong line is named, and then nothing is taken."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from builders import acts_on_record
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.cli import main
from portal.errors import ListFileError
from portal.pact import UnitCount, list_counts
from portal.pact_files import COLUMNS, MOST_BYTES, read_counts, write_counts
from portal.settings import Settings
from portal.settings_file import write_settings

HEAD = "unit,staff,signed"
TWO = (UnitCount("Loket", 12, 9), UnitCount("Umum", 8, 8))
LINES = ("Umum,8,8", "Loket,12,9")


def read(*lines: str) -> tuple[UnitCount, ...]:
    return read_counts("\n".join(lines).encode())


def refused(content: bytes) -> list[str]:
    with pytest.raises(ListFileError) as caught:
        read_counts(content)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    "content",
    [
        "\n".join((HEAD, *LINES)),
        "\ufeff" + "\r\n".join((HEAD, *LINES)),
        "\n".join((HEAD, *LINES)).replace(",", ";"),
        "\n".join(("Unit Kerja;Jumlah Pegawai;Menandatangani", *LINES)).replace(
            ",", ";"
        ),
        "\n".join(("catatan,signed,unit,pegawai", "x,8,Umum,8", ",9,Loket,12")),
    ],
    ids=["plain", "with a mark", "semicolons", "indonesian", "another order"],
)
def test_a_file_is_read_as_spreadsheets_write_it(content: str) -> None:
    assert read_counts(content.encode()) == TWO


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",8,8", "the unit is empty."),
        ("=HYPERLINK(A1),8,8", "the unit begins like a formula, with '='."),
        ("+1,8,8", "the unit begins like a formula, with '+'."),
        ("-1,8,8", "the unit begins like a formula, with '-'."),
        ("@a,8,8", "the unit begins like a formula, with '@'."),
        (
            "Um\u202eum,8,8",
            "the unit holds a line break or another sign that nobody sees.",
        ),
        (f"{'a' * 121},8,8", "the unit has 121 characters; 120 are the most."),
        ("Umum,,8", "the staff is empty."),
        ("Umum,8", "the signed is empty."),
        ("Umum,=1+1,8", "the staff is not a whole number."),
        ("Umum,8,-1", "the signed is not a whole number."),
        ("Umum,8.0,8", "the staff is not a whole number."),
        ("Umum,\u0668,1", "the staff is not a whole number."),
        ("Umum,1000001,1", "the staff is more than 1000000."),
        (f"Umum,{'9' * 5000},1", "the staff is more than 1000000."),
        ("Umum,0,0", "nobody works in this unit; leave it out."),
        ("Umum,8,9", "9 have signed, and the unit has 8 people."),
        ("LOKET ,8,8", "the unit stands in line 2 too."),
    ],
)
def test_what_is_wrong_with_a_line_is_one_sentence_with_its_number(
    line: str, sentence: str
) -> None:
    content = "\n".join((HEAD, "Loket,12,9", line)).encode()

    assert refused(content) == [f"Line 3: {sentence}"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Nothing stands in this list."),
        (HEAD.encode(), "Nothing stands in this list."),
        (
            b"Umum,8,8",
            "Line 1: no columns are named here: write unit,staff,signed, or unit kerja,",
        ),
        (b"unit,staff\nUmum,8", "Line 1: the column signed is missing."),
        (f"{HEAD},unit".encode(), "Line 1: the column unit is there twice."),
        (f"{HEAD}\nSek\u00e9,8,8".encode("latin-1"), "Line 2: this is not UTF-8."),
        (f"{HEAD}\nUmum,8,8".encode("utf-16"), "Line 1: this is not UTF-8."),
        (b"a" * (MOST_BYTES + 1), "This file has more than 1 MiB"),
        (f'{HEAD}\n"Umum,8,8'.encode(), "Line 2: a quotation mark is not closed"),
        # Not a fault for each of half a million lines: those would fill the memory.
        (f"{HEAD}\n".encode() + b"x\n" * 500_000, "There are more than 2000 units"),
    ],
)
def test_a_file_of_another_form_is_refused_in_a_sentence(
    content: bytes, said: str
) -> None:
    (sentence,) = refused(content)

    assert sentence.startswith(said)


@given(st.binary(max_size=200))
def test_whatever_is_given_is_a_list_or_refused(content: bytes) -> None:
    with pytest.raises(ListFileError):
        read_counts(content)


@given(st.text("a;\", '\u00e9", min_size=1, max_size=20).map(str.strip).filter(bool))
def test_what_is_written_is_read_again(name: str) -> None:
    units = (UnitCount(name, 8, 3),)

    assert read_counts(write_counts(units, COLUMNS).encode()) == units


def lurus(settings: Settings, file: Path) -> Result:
    write_settings(settings)
    runner = CliRunner(env={"LURUS_INSTANCE": str(settings.instance)})
    return runner.invoke(main, ["zone", "import", str(file)])


def test_a_file_is_imported_and_one_wrong_line_imports_nothing(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "pact.csv"
    file.write_text("\n".join((HEAD, *LINES)), "utf-8")
    taken = lurus(settings, file)
    again = lurus(settings, file)
    file.write_text(f"{HEAD}\nUmum,8,8\nLoket,1,2\n", "utf-8")
    wrong = lurus(settings, file)

    assert taken.stdout.endswith("2 units, 17 of 20 people have signed.\n")
    assert "nothing to import" in again.stdout
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (1, 1)
    assert "Line 3: 2 have signed, and the unit has 1 people." in wrong.stderr
    assert list_counts(session).units == TWO
    assert acts_on_record(session).count("pact counted") == 1


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_command_lives_on_the_day_of_a_demo_and_on_no_made_up_one_in_earnest(
    session: Session,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_demo: bool,
) -> None:
    monkeypatch.setenv("LURUS_TODAY", "2031-05-06")
    file = tmp_path / "pact.csv"
    file.write_text(f"{HEAD}\nUmum,8,8\n", "utf-8")

    taken = lurus(replace(settings, demo=is_demo), file)

    assert taken.stdout.endswith("1 unit, 8 of 8 people have signed.\n")
    assert (list_counts(session).counted_on == dt.date(2031, 5, 6)) is is_demo
