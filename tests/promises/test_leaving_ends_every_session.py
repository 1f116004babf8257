"""Promise 20: whoever leaves, or is no longer who they were, is out everywhere.

Logging out, retiring, and changing passphrase or second factor end the person's
sessions in every worker at the next request. Of the browser that asked for a change a
new session goes on; nobody else's ends.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from apps import make_app
from builders import TODAY
from conftest import Clock
from people import PASSPHRASE, Officer, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import OneTimeSecret
from portal import people
from portal.invitations import invite_again
from portal.models import Device, Person
from portal.settings import Settings

ACCOUNT = "/office/account"
ANOTHER = "sepeda-tua-hijau-menyanyi-keras"


@dataclass
class Office:
    """An officer at work in four browsers, two of them at another worker."""

    officer: Officer
    others: list[Officer]
    clock: Clock
    session: Session


def retire(office: Office) -> None:
    people.retire(office.session, office.officer.credentials.name, TODAY)


def log_out(office: Office) -> None:
    office.officer.send(office.officer.get(ACCOUNT), "/office/logout")


def log_out_of_a_closed_screen(office: Office) -> None:
    office.officer.send(office.officer.get(ACCOUNT), "/office/close-screen")
    office.officer.send(office.officer.get("/office/closed"), "/office/logout")


def change_passphrase(office: Office) -> None:
    typed = {"passphrase": ANOTHER, "passphrase_again": ANOTHER}
    send(office, "passphrase", present_passphrase=PASSPHRASE, **typed)


def connect_phone(office: Office) -> None:
    send(office, "phone/new")
    path = f"{ACCOUNT}/phone"
    page = office.officer.get(path)
    found = re.search(r'id="totp-secret">(.*?)</p>', page.html, re.DOTALL)
    assert found is not None
    secret = OneTimeSecret.parse(re.sub(r"<[^>]+>|\s", "", found[1]))
    code = secret.code(office.clock.timestamp // 30)
    office.officer.send(page, path, one_time_code=code)


def renew_codes(office: Office) -> None:
    send(office, "recovery-codes")


def change_key(office: Office) -> None:
    page = office.officer.get(f"{ACCOUNT}/key")
    typed = {"passphrase": ANOTHER, "passphrase_again": ANOTHER}
    code = office.officer.fresh_code(office.clock)
    office.officer.send(page, f"{ACCOUNT}/key", **typed, one_time_code=code)


def recover(office: Office) -> None:
    clock, name = office.clock, office.officer.credentials.name
    token = invite_again(office.session, name, today=clock().date())
    # The phone shows its next code: there is time to type it.
    clock.pass_by(seconds=30 - clock.timestamp % 30)
    link = f"http://localhost/office/invite/{token}"
    Officer(office.officer.app).enrol(link, clock.timestamp)


WAYS: dict[str, Callable[[Office], None]] = {
    "retired": retire,
    "logged out": log_out,
    "logged out of a closed screen": log_out_of_a_closed_screen,
    "passphrase changed": change_passphrase,
    "phone connected": connect_phone,
    "recovery codes renewed": renew_codes,
    "key changed": change_key,
    "recovered with a new key": recover,
}
"""How somebody stops being who the sessions were begun for."""

GOES_ON = (
    *("passphrase changed", "phone connected"),
    *("recovery codes renewed", "key changed"),
)

every_way = pytest.mark.parametrize("way", WAYS)


@every_way
def test_every_session_in_every_worker_ends_at_the_next_request(
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
    way: str,
) -> None:
    office = an_office(officer, session, settings, clock)
    before = [other.get("/office/").status_code for other in office.others[:2]]

    WAYS[way](office)

    pages = [other.get("/office/") for other in office.others]
    assert before == [200, 200]
    assert [page.response.headers["Location"] for page in pages] == [
        "/office/login"
    ] * 3


@pytest.mark.parametrize("way", GOES_ON)
def test_the_browser_that_asked_goes_on_under_a_new_cookie(
    officer: Officer, session: Session, settings: Settings, clock: Clock, way: str
) -> None:
    office, before = an_office(officer, session, settings, clock), officer.cookie()

    WAYS[way](office)

    copy = Officer(officer.app)
    copy.client.set_cookie("session", before, domain="localhost")
    assert officer.cookie() != before
    assert officer.get("/office/").status_code == 200
    assert copy.get("/office/").status_code == 303


@every_way
def test_nobody_elses_session_ends(
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
    way: str,
) -> None:
    office = an_office(officer, session, settings, clock)

    WAYS[way](office)

    assert outside_officer.get("/office/").status_code == 200


def test_what_was_open_in_another_browser_is_not_sent_any_more(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    office = an_office(officer, session, settings, clock)
    other = office.others[0]
    page = other.get(ACCOUNT)
    change_passphrase(office)

    late = other.send(page, f"{ACCOUNT}/recovery-codes", one_time_code="000000")

    assert late.status_code == 403


@pytest.mark.parametrize("way", ["retired", "key changed", "recovered with a new key"])
def test_the_devices_of_who_has_left_or_has_a_new_key_are_forgotten(
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    clock: Clock,
    way: str,
) -> None:
    rinas = select(Device.id).join(Person).where(Person.name == "Rina Wulandari")
    before = set(session.scalars(rinas))
    session.commit()

    WAYS[way](Office(officer, [], clock, session))

    after = set(session.scalars(rinas))
    assert len(before) == 1
    assert not before & after
    # Whoever changes the key has just shown who it is: that browser is known anew.
    assert len(after) == (way == "key changed")


def an_office(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> Office:
    """Log the officer in three more times; the last of them closes the screen."""
    second = make_app(settings, clock)
    others = [Officer(officer.app), Officer(second), Officer(second)]
    for other in others:
        other.credentials = officer.credentials
        clock.pass_by(minutes=1)
        other.log_in(clock.timestamp)
    others[2].send(others[2].get("/office/"), "/office/close-screen")
    return Office(officer, others, clock, session)


def send(office: Office, act: str, **typed: str) -> Page:
    """Fill in one of the forms of the account, with a fresh code."""
    page = office.officer.get(ACCOUNT)
    code = office.officer.fresh_code(office.clock)
    path = f"{ACCOUNT}/{act}"
    return office.officer.send(page, path, one_time_code=code, **typed)
