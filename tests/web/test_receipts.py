"""A reporter sees what is in the public trail, and takes a receipt of it along."""

import pytest
import receipt_reader
from conftest import Clock
from flask import Flask
from people import Officer, Page, Reporter
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.database import transaction
from portal.models import Case, Step, WaitingLeaf

PATH = "/case/receipt"
SURE = {"sure": "yes", "shows": "steps"}


def opened(reporter: Reporter) -> str:
    """Hand in a report and open its case."""
    code = reporter.hand_in("Pungutan di loket tiga.")
    reporter.open_case(code)
    return code


def next_day(reporter: Reporter, code: str, clock: Clock) -> None:
    """Come back a day later; the first request closes the day before."""
    clock.pass_by(days=1)
    reporter.get("/")
    reporter.open_case(code)


def save(reporter: Reporter, **fields: object) -> Page:
    return reporter.send(reporter.get(PATH), PATH, **(SURE | fields))


def test_the_case_says_that_its_steps_are_in_the_public_trail(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    code = opened(reporter)
    assert "malam ini" in reporter.get("/case").text
    assert "Kembalilah besok" in reporter.get(PATH).text
    next_day(reporter, code, clock)

    page = reporter.get("/case")

    assert "Setiap langkah kasus ini ada di jejak publik" in page.text
    assert "ada di jejak sejak 7 Desember 2026" in page.text
    officer.log_in(clock.timestamp)
    (path,) = officer.case_paths()
    assert "Setiap langkah kasus ini ada di jejak publik" in officer.get(path).text


def test_a_receipt_is_saved_as_a_file_that_says_nothing_by_its_name(
    reporter: Reporter, clock: Clock
) -> None:
    code = opened(reporter)
    next_day(reporter, code, clock)

    saved = save(reporter, steps="0", with_text="yes")

    assert saved.status_code == 200
    assert (
        saved.response.headers["Content-Disposition"]
        == 'attachment; filename="data.json"'
    )
    assert saved.response.headers["Content-Type"] == "application/octet-stream"
    assert saved.response.headers["Cache-Control"] == "no-store, no-transform"
    assert saved.response.headers["Content-Security-Policy"].startswith("sandbox")
    assert len(saved.response.data) == 32 * 1024
    assert receipt_reader.judge(saved.response.data) == receipt_reader.HOLDS
    assert b"loket tiga" in saved.response.data
    assert b"loket tiga" not in save(reporter, steps="0").response.data


def test_what_it_gives_away_is_said_and_confirmed_first(
    reporter: Reporter, clock: Clock
) -> None:
    code = opened(reporter)
    next_day(reporter, code, clock)
    page = reporter.get(PATH)
    order = [
        *('name="steps"', "tidak ada di dalamnya", 'name="with_text"'),
        *("tahu bahwa Anda melapor", 'name="sure"', "<button>"),
    ]
    form = page.html.partition(f'action="{PATH}"')[2]
    assert sorted(order, key=form.index) == order
    assert page.form(PATH).value("steps") == "0"

    refused = save(reporter, steps=["0"], sure="", shows="silence")

    assert refused.status_code == 422
    assert refused.form(PATH).value("shows") == "silence"
    assert refused.form(PATH).values("steps") == ["0"]
    assert b"ledger_key" in save(reporter, shows="silence").response.data


@pytest.mark.parametrize(
    "bad",
    [
        {"steps": []},
        {"steps": ["7"]},
        {"steps": ["-1", "²", "9" * 5000, "a", ""]},
        {"shows": "everything"},
    ],
)
def test_of_what_is_no_step_there_is_no_receipt(
    reporter: Reporter, clock: Clock, bad: dict[str, object]
) -> None:
    code = opened(reporter)
    next_day(reporter, code, clock)

    refused = save(reporter, **({"steps": "0"} | bad))

    assert refused.status_code == 422
    assert "Belum ada yang dibuat" in refused.text


def test_a_step_that_is_kept_back_is_told_to_its_reporter(
    reporter: Reporter, officer: Officer, clock: Clock, session: Session
) -> None:
    code = opened(reporter)
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    with transaction(session):
        session.execute(delete(Step).where(Step.number == 1))
    next_day(reporter, code, clock)

    page = reporter.get("/case")

    assert "langkah kasus ini yang tidak ditampilkan di sini: Diterima" in page.text
    assert "Setiap langkah yang ditampilkan di sini ada di jejak publik" in page.text
    assert "beri tahu penjaga" in page.text


def test_a_step_that_is_gone_with_its_text_is_told_to_its_reporter(
    reporter: Reporter, clock: Clock, session: Session
) -> None:
    code = opened(reporter)
    next_day(reporter, code, clock)
    assert "tampaknya dikeluarkan" not in reporter.get("/case").text
    with transaction(session):
        session.execute(update(Case).values(clock_leaves=bytes(192)))

    page = reporter.get("/case")

    assert "Satu langkah kasus ini tampaknya dikeluarkan beserta" in page.text
    assert "Setiap langkah yang ditampilkan di sini ada di jejak publik" in page.text
    assert "Setiap langkah kasus ini" not in page.text
    assert "beri tahu penjaga" in page.text


def test_a_leaf_that_was_taken_away_is_told_to_its_reporter(
    reporter: Reporter, app: Flask, clock: Clock, session: Session
) -> None:
    assert app
    other = opened(reporter)
    next_day(reporter, other, clock)
    reporter.post("/case/leave", {"csrf_token": reporter.form_key("/case/leave")})
    code = opened(reporter)
    with transaction(session):
        session.execute(delete(WaitingLeaf))
    next_day(reporter, code, clock)

    page = reporter.get("/case")

    assert "seharusnya ada sejak 8 Desember 2026" in page.text
    assert "Kembalilah besok" in reporter.get(PATH).text
