"""Promise 24: until an officer writes, a match leaves its writer's page as it was.

Body, length, headers and SQL of every page are the same but for tokens and filler,
and so is the answer to every act.
"""

import datetime as dt
import re

import pytest
from builders import a_report, duty_of
from flask import Flask
from kept import NUMBER, a_hold, keep, release
from people import Officer, Page, Reporter
from sqlalchemy import event
from sqlalchemy.orm import Session

from crypto import CaseCode, ReleaseRule
from portal import vouchers


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


def test_nothing_on_the_page_depends_on_a_round(
    reporter: Reporter, session: Session, app: Flask, keeper, clock
) -> None:
    """Promise 24: body, headers and SQL are the same but for tokens and filler."""
    held = _held(session, app, clock)
    clock.pass_by(days=31)
    looks = []
    for is_released in (False, True):
        if is_released:
            _release(session, app, held, keeper)
        for path in ("/case", "/case/keep", "/case/report", "/case/end"):
            _sees(reporter, held)
            looks.append((is_released, path, *_look(app, reporter, path)))

    before = [look[1:] for look in looks if not look[0]]
    after = [look[1:] for look in looks if look[0]]
    assert before == after


def _look(app: Flask, reporter: Reporter, path: str):
    """Return a page without what is random in every answer, and its SQL."""
    statements: list[str] = []
    engine = app.extensions["lurus"].database.engine

    def note(_conn, _cursor, statement, *_rest: object) -> None:
        # What is due is looked for by the clock, whoever asks and for whatever.
        if "FROM jobs" not in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    page = reporter.get(path)
    event.remove(engine, "before_cursor_execute", note)
    body = re.sub(r"[0-9a-zA-Z_=-]{40,}", "", page.html)
    headers = {(key, len(text)) for key, text in page.response.headers}
    return len(page.html), body, headers, statements


@pytest.mark.parametrize("act", ["day", "slip", "report", "check-in", "destroy"])
def test_every_act_answers_the_same_after_a_round(
    reporter: Reporter,
    session: Session,
    app: Flask,
    keeper: Officer,
    clock,
    act: str,
) -> None:
    slips = vouchers.print_slips(session, 3, clock.time.date()).slips
    answers = []
    for slip, is_released in zip(slips, (False, True), strict=False):
        code = _held(session, app, clock)
        clock.pass_by(days=31)
        if is_released:
            _release(session, app, code, keeper)
        _sees(reporter, code)
        answers.append(_act(reporter, act, slip.reveal()))
        clock.pass_by(days=-31)

    assert answers[0] == answers[1]
    assert answers[0][0] == 303


def _act(reporter: Reporter, act: str, slip: str) -> tuple[int, str]:
    paths = {"report": "/case/report", "check-in": "/case", "destroy": "/case/end"}
    page = reporter.get(paths.get(act, "/case/keep"))
    fields = {
        "day": ("/case/keep/day", {"day": "2027-02-01"}),
        "slip": ("/case/keep/slip", {"slip": slip}),
        "report": ("/case/report", {}),
        "check-in": ("/case/check-in", {"stopped": "no"}),
        "destroy": ("/case/destroy", {"sure": "yes"}),
    }
    path, answers = fields[act]
    page = reporter.send(page, path, **answers)
    return page.status_code, page.response.headers["Location"]
