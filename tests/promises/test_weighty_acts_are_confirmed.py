"""Promise 20: what is weighty asks for a fresh second factor, in its own form.

Every endpoint of the list is tried without a code, with a wrong one, and with one that
was used before: refused, and nothing has changed. With a fresh one the same form is
taken: it was refused for the code alone.
"""

import pytest
from attackers import Loot
from conftest import Clock
from flask import Flask
from people import PASSPHRASE, Officer, Page

from portal.settings import Settings
from portal.views.access import SENSITIVE

ACCOUNT = "/office/account"
ANOTHER = "sepeda-tua-hijau-menyanyi-keras"

# Endpoint -> the page its form stands on, where it goes, and what is typed.
FORMS: dict[str, tuple[str, str, dict[str, str]]] = {
    "officer.change_passphrase": (
        ACCOUNT,
        f"{ACCOUNT}/passphrase",
        {
            "present_passphrase": PASSPHRASE,
            "passphrase": ANOTHER,
            "passphrase_again": ANOTHER,
        },
    ),
    "officer.new_phone": (ACCOUNT, f"{ACCOUNT}/phone/new", {}),
    "officer.change_key": (
        f"{ACCOUNT}/key",
        f"{ACCOUNT}/key",
        {"passphrase": ANOTHER, "passphrase_again": ANOTHER},
    ),
    "officer.recovery_codes": (ACCOUNT, f"{ACCOUNT}/recovery-codes", {}),
}

ELSEWHERE = {"officer.hand_over"}
"""Needs a colleague with a new key: tests/web/test_keys_of_officers.py tries it."""

CODES = ("none", "wrong", "used", "an earlier one", "a used recovery code")

every_form = pytest.mark.parametrize("endpoint", FORMS)


def test_every_weighty_endpoint_is_tried_here(app: Flask) -> None:
    assert set(FORMS) | ELSEWHERE == SENSITIVE
    assert set(app.view_functions) >= SENSITIVE


@every_form
@pytest.mark.parametrize("which", CODES)
def test_without_a_fresh_code_nothing_changes(
    officer: Officer, settings: Settings, clock: Clock, endpoint: str, which: str
) -> None:
    code = stale_code(officer, clock, which)
    before = stored(settings)

    page = send(officer, endpoint, code)

    assert page.status_code == 422
    assert 'id="' in page.html
    assert "one_time_code-error" in page.html
    assert stored(settings) == before


@every_form
def test_with_a_fresh_code_the_same_form_is_taken(
    officer: Officer, clock: Clock, endpoint: str
) -> None:
    page = send(officer, endpoint, officer.fresh_code(clock))

    assert page.status_code in {200, 303}


@every_form
def test_a_recovery_code_confirms_too(officer: Officer, endpoint: str) -> None:
    page = send(officer, endpoint, officer.credentials.recovery_codes[0])

    assert page.status_code in {200, 303}


@every_form
def test_one_code_confirms_one_act(
    officer: Officer, clock: Clock, endpoint: str
) -> None:
    code = officer.fresh_code(clock)
    send(officer, endpoint, code)

    again = send(officer, "officer.recovery_codes", code)

    assert again.status_code == 422


def send(officer: Officer, endpoint: str, code: str) -> Page:
    page, action, typed = FORMS[endpoint]
    return officer.send(officer.get(page), action, **typed, one_time_code=code)


def stale_code(officer: Officer, clock: Clock, which: str) -> str:
    """Return what must not confirm anything."""
    known = officer.credentials
    if which == "used":
        return known.secret.code(known.step)
    if which == "an earlier one":
        return known.secret.code(known.step - 1)
    if which == "a used recovery code":
        officer.send(officer.get("/office/"), "/office/close-screen")
        page = officer.get("/office/closed")
        code = known.recovery_codes[0]
        officer.send(page, "/office/closed", one_time_code=code)
        return code
    return {"none": "", "wrong": "123456"}[which]


def stored(settings: Settings) -> dict[str, object]:
    """Return every row but those of sessions, where misses are counted."""
    tables = Loot.of(settings.instance).tables
    return {name: rows for name, rows in tables.items() if name != "sessions"}
