"""`lurus staff import`: differences are shown, and count after a yes alone."""

import io
import sys
from pathlib import Path

import pytest
from builders import acts_on_record
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from portal.cli import main
from portal.settings import Settings
from portal.settings_file import write_settings
from portal.staff import count_staff, find_staff

NUMBER, OTHER = "198001012005011001", "198001012005011002"
HEAD = "nip;nama;jabatan;unit\n"
TWO = f"{HEAD}{NUMBER};Siti Aminah;Staf;Umum\n{OTHER};Budi Santoso;Staf;Umum\n"


def lurus(settings: Settings, *arguments: str, typed: str = "") -> Result:
    write_settings(settings)
    runner = CliRunner(env={"LURUS_INSTANCE": str(settings.instance)})
    return runner.invoke(main, ["staff", *arguments], input=typed)


def a_file(folder: Path, text: str) -> str:
    file = folder / "staff.csv"
    file.write_text(text, "utf-8")
    return str(file)


class AtTheTerminal(io.StringIO):
    """What somebody types, and what is shown, as on a terminal."""

    def isatty(self) -> bool:
        return True


def asked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, file: str, answer: str
) -> tuple[object, str]:
    write_settings(settings)
    screen = AtTheTerminal()
    with monkeypatch.context() as terminal:
        terminal.setenv("LURUS_INSTANCE", str(settings.instance))
        terminal.setattr(sys, "stdin", AtTheTerminal(answer))
        terminal.setattr(sys, "stdout", screen)
        terminal.setattr(sys, "stderr", screen)
        with pytest.raises(SystemExit) as ended:
            main(["staff", "import", file])
    return ended.value.code, screen.getvalue()


def test_a_list_is_imported_with_a_yes(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    result = lurus(settings, "import", a_file(tmp_path, TWO), "--yes")

    assert result.exit_code == 0
    assert f"+ {NUMBER} Siti Aminah; Staf; Umum\n" in result.stdout
    assert "Added: 2. Changed: 0. Removed: 0.\n" in result.stdout
    assert result.stdout.endswith("Imported: 2 people are on the list.\n")
    assert [one.name for one in find_staff(session, "aminah").found] == ["Siti Aminah"]
    assert acts_on_record(session)[-1] == "staff list imported"


def test_without_a_terminal_and_a_yes_differences_are_shown_and_nothing_counts(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    result = lurus(settings, "import", a_file(tmp_path, TWO), typed="y\n")

    assert result.exit_code == 1
    assert "Added: 2." in result.stdout
    assert "add --yes" in result.stderr
    assert count_staff(session) == 0


@pytest.mark.parametrize(("answer", "code", "count"), [("y\n", 0, 2), ("n\n", 1, 0)])
def test_at_a_terminal_it_is_asked(
    session: Session,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
    count: int,
) -> None:
    ended, shown = asked(settings, monkeypatch, a_file(tmp_path, TWO), answer)

    assert ended == code
    assert shown.index("Added: 2.") < shown.index("Import this?")
    session.rollback()
    assert count_staff(session) == count


def test_who_is_new_other_and_gone_is_shown(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    lurus(settings, "import", a_file(tmp_path, TWO), "--yes")
    third = f"{HEAD}{NUMBER};Siti Aminah;Kepala;Umum\n{'0' * 18};Joko;Staf;Umum\n"

    result = lurus(settings, "import", a_file(tmp_path, third), "--yes")

    assert result.stdout.splitlines()[:4] == [
        f"+ {'0' * 18} Joko; Staf; Umum",
        f"~ {NUMBER} Siti Aminah; Staf -> Kepala; Umum",
        f"- {OTHER} Budi Santoso; Staf; Umum",
        "Added: 1. Changed: 1. Removed: 1.",
    ]


def test_the_same_list_again_changes_nothing(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    lurus(settings, "import", a_file(tmp_path, TWO), "--yes")
    before = acts_on_record(session)

    result = lurus(settings, "import", a_file(tmp_path, TWO))

    assert (result.exit_code, "nothing to import" in result.stdout) == (0, True)
    assert acts_on_record(session) == before


def test_on_a_terminal_a_long_list_does_not_run_away(
    settings: Settings,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = HEAD + "".join(f"{n:018};Budi {n};Staf;Umum\n" for n in range(300))

    _, shown = asked(settings, monkeypatch, a_file(tmp_path, many), "n\n")

    assert "  and 260 more like this\n" in shown
    assert shown.count("\n") < 60


def test_one_wrong_line_and_nobody_is_imported(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    wrong = a_file(tmp_path, f"{TWO}1980;Joko;Staf;Umum\n")

    result = lurus(settings, "import", wrong, "--yes")

    assert result.exit_code == 1
    assert result.stderr == "Error: Line 4: the number is not one of 18 digits.\n"
    assert count_staff(session) == 0


def test_numbers_of_another_agency_have_the_length_of_its_setting(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    object.__setattr__(settings, "staff_number_digits", 4)

    result = lurus(
        settings, "import", a_file(tmp_path, f"{HEAD}12.34;a;b;c\n"), "--yes"
    )

    assert (result.exit_code, count_staff(session)) == (0, 1)


@pytest.mark.parametrize("arguments", [["import"], ["import", "/nowhere.csv"], ["x"]])
def test_wrong_usage_ends_with_two(
    session: Session, settings: Settings, arguments: list[str]
) -> None:
    assert lurus(settings, *arguments).exit_code == 2


def test_signs_that_steer_a_terminal_are_not_shown(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    result = lurus(
        settings, "import", a_file(tmp_path, f"{HEAD}\x1b[2J;a;b;c"), "--yes"
    )

    assert result.exit_code == 1
    assert "\x1b" not in result.output
