"""A closed screen: one step to close, a one-time code to open, nothing in between."""

import threading
from typing import Any

import pytest
from flask import Flask
from people import Officer, Page, Reporter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Session as SessionRow

TEXT = "Ada pungutan di loket tiga."
CLOSED = "/office/closed"


def open_case(reporter: Reporter, officer: Officer) -> str:
    reporter.hand_in(TEXT)
    (path,) = officer.case_paths()
    return path


def close(officer: Officer, path: str = "/office/") -> Page:
    done = officer.send(officer.get(path), "/office/close-screen")
    assert done.response.headers["Location"] == CLOSED
    return officer.get(CLOSED)


def open_again(officer: Officer, clock: Any, code: str = "") -> Page:
    known = officer.credentials
    known.step = max(known.step + 1, clock.timestamp // 30)
    code = code or known.secret.code(known.step)
    return officer.send(officer.get(CLOSED), CLOSED, one_time_code=code)


def test_a_closed_screen_shows_nothing_of_cases_or_of_its_officer(
    reporter: Reporter, officer: Officer
) -> None:
    path = open_case(reporter, officer)

    page = close(officer, path)

    assert page.status_code == 200
    assert "loket" not in page.text
    assert "Rina" not in page.text
    assert path not in page.html


def test_behind_it_every_page_of_the_office_leads_to_it(
    reporter: Reporter, officer: Officer
) -> None:
    path = open_case(reporter, officer)
    close(officer)

    pages = [officer.get(each) for each in ("/office/", path, "/office/?waiting=yes")]

    assert [page.status_code for page in pages] == [303] * 3
    assert {page.response.headers["Location"] for page in pages} == {CLOSED}


def test_a_code_opens_it_where_the_officer_was(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    path = open_case(reporter, officer)
    close(officer, path)

    done = open_again(officer, clock)

    assert (done.status_code, done.response.headers["Location"]) == (303, path)
    assert TEXT in officer.get(path).text


def test_a_refused_form_of_a_case_leads_back_to_the_case(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    path = open_case(reporter, officer)
    refused = officer.act(path, "message", text="")
    officer.send(refused, "/office/close-screen")

    done = open_again(officer, clock)

    assert done.response.headers["Location"] == path


@pytest.mark.parametrize(
    "place", ["https://attacker.example/", "//attacker.example", "/office/x\r\n", ""]
)
def test_it_leads_back_to_the_office_and_nowhere_else(
    officer: Officer, clock: Any, place: str
) -> None:
    officer.send(officer.get("/office/"), "/office/close-screen", place=place)

    done = open_again(officer, clock)

    assert done.response.headers["Location"] == "/office/"


def test_a_used_code_and_a_wrong_one_open_nothing(officer: Officer, clock: Any) -> None:
    close(officer)
    used = officer.credentials.secret.code(officer.credentials.step)

    pages = [open_again(officer, clock, code) for code in (used, "000000")]

    assert [page.status_code for page in pages] == [422, 422]
    assert officer.get("/office/").status_code == 303


def test_the_third_wrong_code_ends_the_session(officer: Officer, clock: Any) -> None:
    close(officer)
    pages = [open_again(officer, clock, "000000") for _try in range(3)]

    assert [page.status_code for page in pages] == [422, 422, 403]
    assert officer.get(CLOSED).response.headers["Location"] == "/office/login"


def test_a_closed_screen_does_not_last_longer_than_the_session(
    officer: Officer, clock: Any
) -> None:
    close(officer)
    clock.pass_by(hours=5)

    page = officer.get(CLOSED)

    assert page.response.headers["Location"] == "/office/login"


def test_a_copy_of_the_old_cookie_opens_nothing(
    reporter: Reporter, officer: Officer
) -> None:
    path = open_case(reporter, officer)
    copy, other = officer.cookie(), Officer(officer.app)
    close(officer)

    other.client.set_cookie("session", copy, domain=other.host)

    assert other.get(path).status_code == 303


def test_who_logs_out_behind_it_is_out(officer: Officer) -> None:
    page = close(officer)

    officer.send(page, "/office/logout")

    assert officer.get(CLOSED).response.headers["Location"] == "/office/login"


def test_what_is_sent_behind_it_is_given_back_and_can_be_sent(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    path = open_case(reporter, officer)
    page = officer.get(path)
    close(officer)

    given_back = officer.send(page, f"{path}/message", text="Apakah masih terjadi?")
    open_again(officer, clock)
    again = officer.send(given_back, f"{path}/message")
    sent = officer.send(again, f"{path}/message")

    assert (given_back.status_code, again.status_code) == (403, 422)
    assert sent.status_code == 303
    assert "Apakah masih terjadi?" in officer.get(path).text


def test_of_many_that_close_it_at_once_one_session_is_left(
    app: Flask, officer: Officer, session: Session
) -> None:
    page = officer.get("/office/")
    fields = dict(page.form("/office/close-screen").fields)
    start = threading.Barrier(8)
    # Whoever waits too long behind a long request goes in without a turn: all do.
    app.extensions["lurus"].turnstile.enter()

    def close_it() -> None:
        browser = app.test_client(use_cookies=False)
        start.wait()
        browser.post(
            "/office/close-screen",
            base_url="http://localhost",
            headers={"Cookie": f"session={officer.cookie()}"},
            data=fields,
        )

    tabs = [threading.Thread(target=close_it) for _ in range(8)]
    _ = [tab.start() for tab in tabs]
    _ = [tab.join() for tab in tabs]

    session.rollback()
    owned = select(func.count()).where(SessionRow.owner_id.is_not(None))
    assert session.scalar(owned) == 1
