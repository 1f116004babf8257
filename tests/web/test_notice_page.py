"""Where the daily notice goes: everybody's own choice, and the calendar beside it."""

from dataclasses import replace
from typing import Any

import pytest
from people import Officer, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Person

ADDRESS = "rina@agency.example"


def with_mail(officer: Officer) -> Officer:
    """Let the portal know a mail server; nobody is asked to send anything yet."""
    runtime = officer.app.extensions["lurus"]
    known = replace(
        runtime.settings, smtp_host="localhost", mail_from="kotak@agency.example"
    )
    officer.app.extensions["lurus"] = replace(runtime, settings=known)
    officer.get("/?lang=en")
    return officer


def keep(officer: Officer, address: str) -> Page:
    page = officer.get("/office/notice")
    return officer.send(page, "/office/notice", mail_address=address)


def kept(session: Session) -> str | None:
    session.rollback()
    return session.scalar(select(Person.mail_address))


def test_an_address_is_kept_shown_and_taken_away(
    officer: Officer, session: Session
) -> None:
    page = keep(with_mail(officer), ADDRESS)

    assert page.status_code == 303
    assert kept(session) == ADDRESS
    shown = officer.get("/office/notice").form("/office/notice")
    assert shown.value("mail_address") == ADDRESS
    keep(officer, "")
    assert kept(session) is None


@pytest.mark.parametrize(
    "slip", ["rina", "rina@agency.example, y@x.id", "r@x.id\r\nBcc: y@x.id", "r@" * 200]
)
def test_a_slip_is_told_and_given_back(
    officer: Officer, session: Session, slip: str
) -> None:
    page = keep(with_mail(officer), slip)

    assert page.status_code == 422
    assert 'id="mail_address-error"' in page.html
    assert slip[:4] in page.form("/office/notice").value("mail_address")
    assert kept(session) is None


def test_without_a_mail_server_there_is_the_calendar_alone(officer: Officer) -> None:
    officer.get("/?lang=en")

    page = officer.get("/office/notice")

    assert "No mail is sent from this portal." in page.text
    assert "mail_address" not in page.html
    assert 'href="/office/calendar.ics"' in page.html


def test_the_account_leads_there(officer: Officer) -> None:
    assert 'href="/office/notice"' in officer.get("/office/account").html


def test_what_was_typed_survives_the_end_of_the_session(
    officer: Officer, clock: Any
) -> None:
    page = with_mail(officer).get("/office/notice")
    clock.pass_by(hours=5)

    refused = officer.send(page, "/office/notice", mail_address=ADDRESS)

    assert refused.status_code == 403
    assert refused.form("/office/notice").value("mail_address") == ADDRESS
