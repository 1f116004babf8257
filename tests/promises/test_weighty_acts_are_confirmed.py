"""Promise 20: what is weighty asks for a fresh second factor, in its own form.

Every endpoint of the list is tried without a code, with a wrong one, and with one that
was used before: refused, and nothing has changed. With a fresh one the same form is
taken: it was refused for the code alone.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from attackers import Loot
from builders import TODAY
from conftest import Clock
from counting import count_since
from flask import Flask
from people import PASSPHRASE, Administrator, Officer, Page
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.database import transaction
from portal.invitations import invite, invite_again
from portal.models import Person as PersonRow
from portal.roles import Role
from portal.settings import Settings
from portal.views.access import SENSITIVE
from portal.vouchers import print_slips

ACCOUNT = "/office/account"
COLLEAGUE, INVITED, BATCH = "COLLEAGUE", "INVITED", "BATCH"
ANOTHER = "sepeda-tua-hijau-menyanyi-keras"


@dataclass(frozen=True)
class Weighty:
    """A form: the page it stands on, where it goes, and what is typed."""

    page: str
    typed: dict[str, str] = field(default_factory=dict)
    action: str = ""
    role: Role = Role.OFFICER


NEW = {"passphrase": ANOTHER, "passphrase_again": ANOTHER}
FORMS: dict[str, Weighty] = {
    "officer.change_passphrase": Weighty(
        ACCOUNT, {"present_passphrase": PASSPHRASE} | NEW, f"{ACCOUNT}/passphrase"
    ),
    "officer.new_phone": Weighty(ACCOUNT, action=f"{ACCOUNT}/phone/new"),
    "officer.recovery_codes": Weighty(ACCOUNT, action=f"{ACCOUNT}/recovery-codes"),
    "officer.change_key": Weighty(f"{ACCOUNT}/key", NEW),
    "custodian.shares": Weighty("/custody/shares", role=Role.CUSTODIAN),
    "custodian.figures": Weighty(
        "/custody/figures", {"period": "2025-H2"}, role=Role.CUSTODIAN
    ),
    "administrator.invite": Weighty(
        "/admin/invite", {"person_name": "Siti Aminah", "roles": "custodian"}
    ),
    "administrator.invitation": Weighty(f"{INVITED}/invitation", {"act": "renew"}),
    "administrator.retire": Weighty(f"{COLLEAGUE}/retire"),
    "administrator.administration": Weighty(
        f"{COLLEAGUE}/administration", {"act": "give"}
    ),
    "administrator.new_key": Weighty(f"{COLLEAGUE}/new-key", {"act": "offer"}),
    "administrator.void_slips": Weighty(f"/admin/slips/{BATCH}/void"),
    "administrator.statement": Weighty(
        "/admin/zone/statement",
        {"promises": "no-search", "head_name": "Budi", "signed_on": "1/12/2026"},
    ),
    "administrator.export": Weighty("/admin/audit", action="/admin/audit/export"),
}

STORIES = {"officer.hand_over", "administrator.clock"}
"""Forms that stand there only after somebody else did something."""

CODES = ("none", "wrong", "used", "an earlier one", "a used recovery code")

every_form = pytest.mark.parametrize("endpoint", FORMS)


def test_every_weighty_endpoint_is_tried_here(app: Flask) -> None:
    assert {*FORMS, *STORIES} == SENSITIVE
    assert set(app.view_functions) >= SENSITIVE


@every_form
@pytest.mark.parametrize("which", CODES)
def test_without_a_fresh_code_nothing_changes(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    settings: Settings,
    endpoint: str,
    which: str,
) -> None:
    person = player(officer, new_officer, session, endpoint)
    code = stale_code(person, which)
    before = stored(settings)

    page = send(person, endpoint, code)

    assert page.status_code == 422
    assert 'id="' in page.html
    assert "one_time_code-error" in page.html
    assert stored(settings) == before


@every_form
def test_with_a_fresh_code_the_same_form_is_taken(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    clock: Clock,
    endpoint: str,
) -> None:
    person = player(officer, new_officer, session, endpoint)

    page = send(person, endpoint, person.fresh_code(clock))

    assert page.status_code in {200, 303}


@every_form
def test_a_recovery_code_confirms_too(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    endpoint: str,
) -> None:
    person = player(officer, new_officer, session, endpoint)

    page = send(person, endpoint, person.credentials.recovery_codes[0])

    assert page.status_code in {200, 303}


def test_nothing_is_handed_over_to_a_new_key_without_a_fresh_code(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    new_officer("Joko Prasetyo")
    path, heard = asked_by("Joko Prasetyo", officer, session, settings, clock)
    before = stored(settings)

    pages = [
        officer.send(officer.get(path), path, fingerprint_end=heard, one_time_code=code)
        for code in ("", "000000")
    ]

    assert [page.status_code for page in pages] == [422, 422]
    assert stored(settings) == before
    code, page = officer.fresh_code(clock), officer.get(path)
    done = officer.send(page, path, fingerprint_end=heard, one_time_code=code)
    assert done.status_code == 303


@every_form
def test_one_code_confirms_one_act(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    clock: Clock,
    endpoint: str,
) -> None:
    person = player(officer, new_officer, session, endpoint)
    code = person.fresh_code(clock)
    send(person, endpoint, code)

    again = send(person, "officer.recovery_codes", code)

    assert again.status_code == 422


def player(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    endpoint: str,
) -> Officer:
    """Return somebody at work whom the form is for."""
    role = FORMS[endpoint].role
    if endpoint == "custodian.figures":
        count_since(session, dt.date(2025, 7, 1))
    if role is not Role.OFFICER:
        return new_officer("Dewi Lestari", role=role)
    if endpoint.startswith("administrator."):
        new_officer("Yusuf Hidayat", role=Role.OUTSIDE_OFFICER)
        keep_accounts(session)
    return officer


def send(officer: Officer, endpoint: str, code: str) -> Page:
    form = FORMS[endpoint]
    page, action = (
        people_in(officer, address) for address in (form.page, form.action or form.page)
    )
    return officer.send(officer.get(page), action, **form.typed, one_time_code=code)


def keep_accounts(session: Session) -> None:
    """Let the officer be an administrator too, with a colleague who is invited."""
    invite(
        session,
        "Joko Prasetyo",
        position="",
        unit="",
        roles=frozenset({Role.OFFICER}),
        today=TODAY,
    )
    print_slips(session, 3, TODAY)
    rina = update(PersonRow).where(PersonRow.name == "Rina Wulandari")
    with transaction(session):
        session.execute(rina.values(is_administrator=True))


def people_in(officer: Officer, address: str) -> str:
    """Return an address of FORMS with the people it is about."""
    for word, name in {COLLEAGUE: "Yusuf Hidayat", INVITED: "Joko Prasetyo"}.items():
        if word in address:
            address = address.replace(word, Administrator.path_of(officer, name))
    if BATCH in address:
        listed = re.search(r"/admin/slips/(\w+)/void", officer.get("/admin/slips").html)
        assert listed is not None
        address = address.replace(BATCH, listed[1])
    return address


def stale_code(officer: Officer, which: str) -> str:
    """Return what must not confirm anything."""
    known = officer.credentials
    if which == "used":
        return known.secret.code(known.step)
    if which == "an earlier one":
        return known.secret.code(known.step - 1)
    if which == "a used recovery code":
        officer.send(officer.get(ACCOUNT), "/office/close-screen")
        page = officer.get("/office/closed")
        code = known.recovery_codes[0]
        officer.send(page, "/office/closed", one_time_code=code)
        return code
    return {"none": "", "wrong": "123456"}[which]


def asked_by(
    name: str, officer: Officer, session: Session, settings: Settings, clock: Clock
) -> tuple[str, str]:
    """Let a colleague get a new key; return the officer's form and what is read out."""
    token = invite_again(session, name, today=clock().date())
    again = Officer(officer.app)
    # The phone shows its next code: there is time to type it.
    clock.pass_by(seconds=30 - clock.timestamp % 30)
    again.enrol(f"{settings.address}/office/invite/{token}", clock.timestamp)
    again.log_in(clock.timestamp)
    shown = re.search(
        r'class="fingerprint read-out">(.*?)</p>',
        again.get("/office/account/take-up").html,
        re.DOTALL,
    )
    link = re.search(
        r'"(/office/hand-over/[0-9a-f]{32})"', officer.get("/office/").html
    )
    assert shown is not None
    assert link is not None
    return link[1], "-".join(re.findall(r"<span>(\w{4})</span>", shown[1]))[-9:]


def stored(settings: Settings) -> dict[str, object]:
    """Return every row but those of sessions, where misses are counted."""
    tables = Loot.of(settings.instance).tables
    return {name: rows for name, rows in tables.items() if name != "sessions"}
