"""The writer's page of an entry: its day, its slip, its check-ins, its becoming a report."""

import datetime as dt

import pytest
from builders import a_report, duty_of
from flask import Flask
from kept import NUMBER, a_hold, keep, own, release, take_up
from people import Officer, Page, Reporter
from sqlalchemy import text
from sqlalchemy.orm import Session

from crypto import CaseCode, ReleaseRule
from portal import vouchers
from portal.models import Case, Message
from portal.statuses import CaseStatus

WORDS = "The drums are emptied at night."


def _held(session: Session, app: Flask, clock, **entry) -> CaseCode:
    """Keep a report that waits for a day, and wants a slip for a match."""
    today = clock.time.date()
    chosen = {"wanted": ReleaseRule.MATCH_2, "subject": NUMBER} | entry
    return keep(
        session,
        a_hold(day=chosen.pop("day", today + dt.timedelta(days=91)), **chosen),
        duty_of(session, "Rina Wulandari"),
        report=a_report(category="ASET", who_name="Dewi Anggraini"),
        today=today,
        gate=_gate(app),
    )


def _gate(app: Flask):
    return app.extensions["lurus"].gate_secret


def _sees(reporter: Reporter, code: CaseCode | str) -> Page:
    """Open it in a browser that was closed in between, in English."""
    reporter.client.delete_cookie("session", domain=reporter.host)
    reporter.get("/?lang=en")
    return reporter.open_case(code if isinstance(code, str) else code.reveal())


def _release(session: Session, app: Flask, code: CaseCode, keeper: Officer) -> None:
    release(session, code, duty_of(session, keeper.credentials.name), _gate(app))


def test_the_page_says_when_it_opens_and_that_a_slip_is_missing(
    reporter: Reporter, session: Session, app: Flask, keeper: Officer, clock
) -> None:
    held = _held(session, app, clock)
    page = _sees(reporter, held)

    assert "Held report" in page.text
    assert "Opens at the first round after" in page.text
    assert "You have not given a slip yet" in page.text
    assert "Rina Wulandari" in page.text
    assert NUMBER not in page.html


def test_whom_it_is_about_shows_only_with_ones_own_texts(
    reporter: Reporter, session: Session, app: Flask, keeper: Officer, clock
) -> None:
    held = _held(session, app, clock)
    page = _sees(reporter, held)
    assert "Dewi" not in page.html

    reporter.send(page, "/case/mine")
    assert "Dewi Anggraini" in reporter.get("/case").text


def test_the_day_is_changed_with_the_code(
    reporter: Reporter, session: Session, app: Flask, keeper: Officer, clock
) -> None:
    held = _held(session, app, clock)
    _sees(reporter, held)
    page = reporter.get("/case/keep")

    refused = reporter.send(page, "/case/keep/day", day="yesterday")
    assert refused.status_code == 422
    assert 'value="yesterday"' in refused.html
    refused = reporter.send(page, "/case/keep/day", day="2020-01-31")
    assert "From tomorrow until" in refused.text
    assert reporter.send(page, "/case/keep/day", day="31-01-2027").status_code == 303
    assert "31 January 2027" in reporter.get("/case").text


def test_a_slip_is_given_later(
    reporter: Reporter, session: Session, clock, app: Flask, keeper: Officer
) -> None:
    held = _held(session, app, clock)
    slip, other = vouchers.print_slips(session, 2, clock.time.date()).slips
    _sees(reporter, held)
    page = reporter.get("/case/keep")

    assert reporter.send(page, "/case/keep/slip", slip="0").status_code == 422
    given = reporter.send(page, "/case/keep/slip", slip=slip.reveal().lower())
    assert given.status_code == 303
    shown = reporter.get("/case")
    assert "Opens once 2 people name the same person" in shown.text
    assert "slip" not in shown.text
    again = reporter.send(page, "/case/keep/slip", slip=other.reveal())
    assert again.status_code == 303
    assert len(vouchers.list_batches(session)) == 1


def test_a_slip_of_somebody_elses_is_one_sentence_and_loses_nothing(
    reporter: Reporter, session: Session, clock, app: Flask, keeper: Officer
) -> None:
    held = _held(session, app, clock)
    (slip,) = vouchers.print_slips(session, 1, clock.time.date()).slips
    vouchers.burn(session, slip)
    _sees(reporter, held)

    page = reporter.send(
        reporter.get("/case/keep"), "/case/keep/slip", slip=slip.reveal()
    )

    assert page.status_code == 422
    assert "This slip is not good" in page.text
    assert slip.reveal() in page.html


def test_a_note_is_kept_for_twelve_months_more(reporter: Reporter, clock) -> None:
    code = reporter.keep("/note", what=WORDS)
    clock.pass_by(days=340)
    page = _sees(reporter, code)
    assert "it will be destroyed unread" in page.text

    renewed = reporter.send(reporter.get("/case/keep"), "/case/keep/renew")

    assert renewed.status_code == 303
    assert "it will be destroyed unread" not in reporter.get("/case").text


def test_a_note_becomes_a_report_in_one_step(
    reporter: Reporter, officer: Officer, session: Session, clock
) -> None:
    code = reporter.keep("/note", what=WORDS)
    day = clock.time.date()
    clock.pass_by(days=20)
    _sees(reporter, code)

    handed_in = reporter.send(reporter.get("/case/report"), "/case/report")

    assert handed_in.status_code == 303
    page = reporter.get("/case")
    assert 'data-status="submitted"' in page.html
    officer.log_in(clock.timestamp)
    (path,) = officer.case_paths()
    shown = officer.get(path)
    assert WORDS in shown.text
    assert day.isoformat() in shown.html


def test_a_report_without_a_reader_is_refused(reporter: Reporter) -> None:
    _sees(reporter, reporter.keep("/note", what=WORDS))

    page = reporter.send(reporter.get("/case/report"), "/case/report", readers=[])

    assert page.status_code == 422
    assert "At least one officer must be able to read it." in page.text
    assert reporter.get("/case/report").status_code == 200


@pytest.mark.parametrize("days", [30, 90])
def test_every_entry_asks_once_whether_it_stopped(
    reporter: Reporter, session: Session, clock, days: int
) -> None:
    code = reporter.keep("/note", what=WORDS)
    clock.pass_by(days=29)
    assert "Did it stop?" not in _sees(reporter, code).text
    clock.pass_by(days=days - 29)
    page = _sees(reporter, code)
    assert "Did it stop?" in page.text

    nothing = reporter.send(page, "/case/check-in")
    assert nothing.status_code == 422
    answered = reporter.send(page, "/case/check-in", stopped="no", text="Each Friday.")

    assert answered.status_code == 303
    page = reporter.get("/case")
    assert "Did it stop?" not in page.text
    assert "You said that it has not stopped." in page.text
    assert 'href="/case/report"' in page.html
    assert session.query(Message).count() == 2
    reporter.send(page, "/case/mine")
    assert f"After {days} days. Did it stop? No" in reporter.get("/case").text


def test_a_check_in_left_open_gives_way_to_the_next(reporter: Reporter, clock) -> None:
    code = reporter.keep("/note", what=WORDS)
    clock.pass_by(days=95)
    page = _sees(reporter, code)
    reporter.send(page, "/case/check-in", stopped="yes")
    assert "How are things now?" not in reporter.get("/case").text
    # Nor once more by a clock that was set back.
    clock.pass_by(days=-60)
    assert "How are things now?" not in _sees(reporter, code).text


def test_who_comes_too_late_is_led_to_what_became_of_it(
    reporter: Reporter, session: Session, app: Flask, keeper: Officer, clock
) -> None:
    held = _held(session, app, clock)
    _sees(reporter, held)
    page = reporter.get("/case/keep")
    take_up(session, held)
    session.execute(
        text("insert into steps values (:id, 1, 'received', '2026-12-07', null)"),
        {"id": own(session, held).case.id},
    )
    session.commit()

    answer = reporter.send(page, "/case/keep/day", day="2027-02-01")

    assert answer.status_code == 303
    assert 'data-status="acknowledged"' in reporter.get("/case").html
    assert reporter.get("/case/keep").status_code == 303
    assert session.query(Case).one().status == CaseStatus.ACKNOWLEDGED
