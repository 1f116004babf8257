"""`lurus evidence export`: the paper for evaluators, and the sheet that it follows."""

import datetime as dt
import re
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
from builders import TODAY, a_report, add_custodian, add_officer, hand_in
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli import main
from portal.database import transaction
from portal.errors import DataFileError
from portal.evaluation_sheet import (
    DEFAULT_PATH,
    EvaluationSheet,
    read_evaluation_sheet,
)
from portal.evaluations import add_finding, plan
from portal.models import AuditEntry, Case, Installation
from portal.settings import Settings
from portal.settings_file import write_settings
from portal.sheet_facts import read_facts
from portal.sheet_papers import draw_evidence

YEAR = TODAY.year
WHAT = "Pungutan di loket tiga belas, oleh Joko Susilo."
LONG = "Bagian yang panjang sekali, dengan tanda – dan 統一 di dalamnya. " * 7


def export(settings: Settings, *arguments: str) -> Result:
    """Run the command on an installation that stands since the tests' own day."""
    write_settings(settings)
    runner = CliRunner(env={"LURUS_INSTANCE": str(settings.instance)})
    return runner.invoke(main, ["evidence", "export", *arguments])


def pages_of(content: bytes) -> Iterator[str]:
    with closing(pypdfium2.PdfDocument(content)) as pdf:
        for page in pdf:
            yield re.sub(r"\s+", " ", page.get_textpage().get_text_bounded())


def paper(session: Session, language: str = "id") -> bytes:
    terms = Settings(instance=Path()).terms
    facts = read_facts(session, YEAR, terms, TODAY)
    return draw_evidence(read_evaluation_sheet(), facts, "BKD Contoh", language)


def fill(session: Session) -> None:
    """Let there be people, reports, and a register with long texts."""
    rina = add_officer(session)
    add_custodian(session)
    for _number in range(3):
        hand_in(session, rina, report=a_report(WHAT))
    with transaction(session):
        rina.person.is_administrator = True
    plan(session, TODAY, rina.person, TODAY)
    for _number in range(4):
        what = {"text": LONG[:500], "owner": "Sekretariat", "due_on": TODAY}
        add_finding(session, **what, by=rina.person, today=TODAY)


def test_what_is_missing_stands_before_every_question(session: Session) -> None:
    first, *_others = pages_of(paper(session))

    places = [first.find(words) for words in ("Yang masih kurang", "Lakukan:", "iv.a")]
    assert places == sorted(places)
    assert -1 not in places
    assert "Badan" not in first[: first.find("BKD Contoh")]
    assert f"tahun {YEAR}" in first
    assert "Dibuat 7 Desember 2026" in first


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "Berkas ini tidak memuat laporan"), ("en", "This file holds no report")],
)
def test_every_page_is_numbered_and_says_that_it_holds_no_report(
    session: Session, language: str, said: str
) -> None:
    fill(session)
    pages = list(pages_of(paper(session, language)))

    count = len(pages)
    assert 6 <= count <= 14
    numbered = {"id": "Halaman {} dari {}", "en": "Page {} of {}"}[language]
    for number, text in enumerate(pages, start=1):
        assert said in text
        assert numbered.format(number, count) in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_question_and_document_of_the_sheet_is_on_the_paper(
    session: Session, language: str
) -> None:
    said = " ".join(pages_of(paper(session, language)))
    sheet = read_evaluation_sheet()

    missing = [
        text
        for text in expected(sheet, language)
        if text.replace("–", "?") not in said.replace("- ", "-") and text not in said
    ]

    assert missing == []
    assert "{" not in said


def expected(sheet: EvaluationSheet, language: str) -> Iterator[str]:
    for question in sheet.questions:
        yield question.text[language]
        yield from (one.label[language] for one in question.documents)
        yield from (answer.text[language] for answer in question.answers)
    yield from (part.title[language] for part in sheet.outline)


def test_no_report_no_case_and_no_count_of_reports_is_on_the_paper(
    session: Session,
) -> None:
    without = paper(session)
    empty = list(pages_of(without))
    fill(session)
    said = " ".join(pages_of(paper(session)))

    ids = [one.hex() for one in session.scalars(select(Case.id))]
    assert len(ids) == 3
    assert [word for word in (*ids, "loket tiga belas", "Susilo") if word in said] == []
    # With or without reports, what is said of them is the same: that it is left blank.
    blank = "Harus ditindaklanjuti, sedang diproses, selesai: dikosongkan"
    assert blank in said
    assert blank in " ".join(empty)


def test_the_register_stands_on_the_paper_with_long_texts_whole(
    session: Session,
) -> None:
    fill(session)

    said = " ".join(pages_of(paper(session)))

    assert "4. Bagian yang panjang sekali, dengan tanda ? dan ?? di dalamnya." in said
    assert said.count("Bagian yang panjang sekali") == 4 * LONG[:500].count("Bagian")
    assert "7 Desember 2026" in said


def test_two_exports_of_one_day_are_the_same_to_the_byte(session: Session) -> None:
    fill(session)

    drawn = paper(session)

    assert drawn == paper(session)
    assert b"(D:20261207000000Z" in drawn
    assert b"/ID" not in drawn


def test_the_command_writes_a_file_for_its_owner_and_puts_it_on_record(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    begin_today(session)
    year, file = str(the_worlds_day().year), tmp_path / "bukti.pdf"

    done = export(settings, year, str(file))

    assert done.exit_code == 0, done.output
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    session.rollback()
    (act,) = session.scalars(
        select(AuditEntry).where(AuditEntry.act == "evidence exported")
    )
    assert act.concerns == year


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("1999", "x.pdf"), 2, "1999"),
        (("year", "x.pdf"), 2, "not a valid integer"),
        (("2026",), 2, "Missing argument"),
        (("2026", "x.pdf", "--lang", "fr"), 2, "fr"),
        (("2020", "x.pdf"), 1, "Of this year nothing is known"),
        (("9998", "x.pdf"), 1, "Of this year nothing is known"),
    ],
)
def test_what_cannot_be_exported_is_said_and_nothing_is_written(
    session: Session,
    settings: Settings,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert session
    done = export(settings, *arguments)

    assert (done.exit_code, Path("x.pdf").exists()) == (code, False)
    assert said in done.output


def test_no_file_is_replaced(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    begin_today(session)
    file = tmp_path / "bukti.pdf"
    file.write_text("Milik orang lain")

    done = export(settings, str(the_worlds_day().year), str(file))

    assert done.exit_code == 1
    assert "it is not replaced" in done.output
    assert file.read_text() == "Milik orang lain"


def the_worlds_day() -> dt.date:
    return dt.datetime.now(Settings(instance=Path()).zone).date()


def begin_today(session: Session) -> None:
    """Let the installation be of the world's own day, which the command asks for."""
    with transaction(session):
        session.scalars(select(Installation)).one().made_on = the_worlds_day()


def changed(tmp_path: Path, before: str, after: str) -> Path:
    path = tmp_path / "evaluation_sheet.toml"
    text = DEFAULT_PATH.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{count}, di antaranya", "{cuont}, di antaranya", "must hold the gaps"),
        ("{count}, di antaranya", "{count, di antaranya", "brace"),
        ('key = "withdrawals"', 'key = "withdrawal"', "must be one of"),
        ('documents = ["team"', 'documents = ["taem"', "which is none"),
        ('"no-officer", "no-out', '"no-oficer", "no-out', "has no sentence"),
        ('letter = "B"', 'letter = "A"', "has A twice"),
        ("confirmed = false", 'confirmed = "no"', "true or false"),
        ('due.en = "Due"\n', "", "is missing"),
        ('statements = ["not-the-public"]', "statements = [1]", "a list of names"),
    ],
)
def test_a_slip_in_the_sheet_stops_the_start(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(DataFileError, match=said):
        read_evaluation_sheet(changed(tmp_path, before, after))


def test_a_question_that_was_compared_says_nothing_of_it(tmp_path: Path) -> None:
    path = changed(tmp_path, "confirmed = false", "confirmed = true")

    first, *others = read_evaluation_sheet(path).questions

    assert first.is_confirmed
    assert not any(one.is_confirmed for one in others)


@pytest.mark.parametrize("text", ["a\n" * 250, "W" * 500, "<b>x</b> ) Tj (x"])
def test_no_text_of_the_register_keeps_the_paper_from_being_drawn(
    session: Session, text: str
) -> None:
    """It can be taken back by nobody."""
    rina = add_officer(session)
    with transaction(session):
        rina.person.is_administrator = True
    what = {"text": text, "owner": text[:80], "due_on": TODAY}
    add_finding(session, **what, by=rina.person, today=TODAY)

    assert f"1. {' '.join(text.split())[:9]}" in " ".join(pages_of(paper(session)))
