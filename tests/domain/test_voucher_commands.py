"""`lurus vouchers …`: sheets in a file of their own, and no code anywhere else."""

import datetime as dt
import re
import stat
from collections.abc import Iterator
from contextlib import chdir, closing
from pathlib import Path

import pypdfium2
import pytest
from builders import acts_on_record, dump
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from crypto import Slip
from portal.cli import main
from portal.errors import NoSuchSlipError
from portal.settings import Settings
from portal.settings_file import write_settings
from portal.slip_sheets import draw_sheets
from portal.vouchers import Printed, burn, list_batches, print_slips

CODE = re.compile(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}")


def lurus(settings: Settings, *arguments: str, typed: str = "") -> Result:
    """Run the command in a folder of its own, beside the installation."""
    write_settings(settings)
    folder = desk_of(settings)
    folder.mkdir(exist_ok=True)
    runner = CliRunner(env={"LURUS_INSTANCE": str(settings.instance)})
    with chdir(folder):
        return runner.invoke(main, ["vouchers", *arguments], input=typed)


def desk_of(settings: Settings) -> Path:
    return settings.instance.with_name("desk")


def pages_of(content: bytes) -> Iterator[str]:
    with closing(pypdfium2.PdfDocument(content)) as pdf:
        for page in pdf:
            yield page.get_textpage().get_text_bounded()


def sheets_in(folder: Path) -> Path:
    (file,) = folder.glob("slips-*.pdf")
    return file


def test_every_slip_on_the_sheets_is_good_once(
    session: Session, settings: Settings
) -> None:
    folder = desk_of(settings)
    result = lurus(settings, "print", "50")

    assert result.exit_code == 0
    codes = [CODE.findall(page) for page in pages_of(sheets_in(folder).read_bytes())]
    assert [len(page) for page in codes] == [24, 24, 2]
    for code in {code for page in codes for code in page}:
        burn(session, Slip.parse(code))
    assert list_batches(session) == ()
    assert acts_on_record(session)[-1] == "slips printed"


def test_a_slip_says_what_it_is_for_and_where_and_not_of_which_sheet(
    session: Session, settings: Settings
) -> None:
    folder = desk_of(settings)
    lurus(settings, "print", "1")
    file = sheets_in(folder)

    (page,) = pages_of(file.read_bytes())

    assert "Kartu sekali pakai" in page
    assert "buka bila ada pelapor lain" in page
    assert "Jangan tunjukkan kodenya" in page
    assert "localhost" in page
    batch = file.stem.removeprefix("slips-")
    assert page.count(batch) == 1
    assert f"{batch} lembar 1 / 1" in page


def test_no_code_is_shown_or_kept_beside_the_sheets(
    session: Session, settings: Settings
) -> None:
    folder = desk_of(settings)
    result = lurus(settings, "print", "3")

    (page,) = pages_of(sheets_in(folder).read_bytes())
    groups = {group for code in CODE.findall(page) for group in code.split("-")}
    kept = [
        file.read_bytes() for file in settings.instance.rglob("*") if file.is_file()
    ]
    assert groups
    assert not any(group in result.output for group in groups)
    codes = CODE.findall(page)
    assert not any(code.encode() in content for code in codes for content in kept)


def test_the_sheets_are_for_their_owner_alone(
    session: Session, settings: Settings
) -> None:
    folder = desk_of(settings)
    lurus(settings, "print", "3")
    lurus(settings, "print", "3", "--to", "others.pdf")

    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.glob("*.pdf")}

    assert modes == {0o600}


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_nothing_is_written_over(
    session: Session, settings: Settings, kind: str
) -> None:
    folder = desk_of(settings)
    folder.mkdir()
    there = folder / "there.pdf"
    {
        "file": lambda: there.write_text("mine"),
        "link": lambda: there.symlink_to(folder / "elsewhere.pdf"),
        "folder": there.mkdir,
    }[kind]()
    before = dump(session, "audit")

    result = lurus(settings, "print", "3", "--to", str(there))

    assert result.exit_code in {1, 2}
    assert dump(session, "audit") == before
    assert not (folder / "elsewhere.pdf").exists()
    assert kind != "file" or there.read_text() == "mine"


def test_slips_that_could_not_be_written_are_void(
    session: Session, settings: Settings
) -> None:
    result = lurus(settings, "print", "3", "--to", "nowhere/slips.pdf")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert list_batches(session) == ()
    assert acts_on_record(session)[-2:] == ["slips printed", "slips voided"]


@pytest.mark.parametrize("count", ["0", "-3", "20001", "many", ""])
def test_no_other_count_is_taken(
    session: Session, settings: Settings, count: str
) -> None:
    assert lurus(settings, "print", "--", count).exit_code == 2
    assert list_batches(session) == ()


def test_batches_are_listed_by_whole_sheets(
    session: Session, settings: Settings
) -> None:
    printed = print_slips(session, 25, dt.date(2026, 12, 7))

    result = lurus(settings, "list")

    assert result.stdout == f"{printed.batch}: at most 48 left\n"


def test_without_slips_the_list_says_how_to_print_some(
    session: Session, settings: Settings
) -> None:
    assert "lurus vouchers print N" in lurus(settings, "list").stdout


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_before_a_batch_is_voided_it_is_asked(
    session: Session, settings: Settings, typed: str, code: int
) -> None:
    printed = print_slips(session, 3, dt.date(2026, 12, 7))

    result = lurus(settings, "void", printed.batch.lower(), typed=typed)

    assert result.exit_code == code
    assert bool(list_batches(session)) == bool(code)


def test_a_slip_of_a_voided_batch_opens_nothing(
    session: Session, settings: Settings
) -> None:
    printed = print_slips(session, 3, dt.date(2026, 12, 7))

    result = lurus(settings, "void", printed.batch, "--yes")

    assert result.exit_code == 0
    with pytest.raises(NoSuchSlipError):
        burn(session, printed.slips[0])


def test_an_unknown_batch_is_refused(session: Session, settings: Settings) -> None:
    result = lurus(settings, "void", "7K2M4Q", "--yes")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_the_document_knows_a_day_and_no_machine() -> None:
    slips = Printed("7K2M4Q", tuple(Slip.generate() for _ in range(3)))
    day = dt.date(2026, 12, 7)

    content = draw_sheets(slips, "https://lapor.example", day, lambda _done: None)

    with closing(pypdfium2.PdfDocument(content)) as pdf:
        about = {name: text for name, text in pdf.get_metadata_dict().items() if text}
    assert about == {"Producer": "Lurus", "CreationDate": "D:20261207000000Z"}
    assert b"/ID" not in content
    assert b"fpdf" not in content.lower()


def test_an_address_of_any_length_and_sign_stays_on_its_slip() -> None:
    slips = Printed("7K2M4Q", tuple(Slip.generate() for _ in range(24)))
    address = "https://" + "panjang-sekali." * 8 + "\u0139\u4e2d.example"

    content = draw_sheets(slips, address, dt.date(2026, 12, 7), lambda _done: None)

    (page,) = pages_of(content)
    assert page.count("panjang-sekali.") == 8 * 24


def test_each_sheet_is_heard_of() -> None:
    slips = Printed("7K2M4Q", tuple(Slip.generate() for _ in range(49)))
    done: list[int] = []

    draw_sheets(slips, "https://lapor.example", dt.date(2026, 12, 7), done.append)

    assert done == [1, 1, 1]
