"""One's own account: another passphrase, another phone, ten codes on paper."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from builders import acts_on_record
from conftest import Clock
from people import PASSPHRASE, Credentials, Officer, Page, Person, recovery_codes_on
from sqlalchemy.orm import Session

from crypto import OneTimeSecret
from portal.models import Person as PersonRow

ACCOUNT = "/office/account"
ANOTHER = "sepeda-tua-hijau-menyanyi-keras"
SECOND = "/office/second-factor"


def change_passphrase(officer: Officer, code: str, **typed: str) -> Page:
    fields = {
        "present_passphrase": PASSPHRASE,
        "passphrase": ANOTHER,
        "passphrase_again": ANOTHER,
        "one_time_code": code,
    } | typed
    return officer.send(officer.get(ACCOUNT), f"{ACCOUNT}/passphrase", **fields)


def begin_phone(officer: Officer, code: str) -> Page:
    path = f"{ACCOUNT}/phone/new"
    return officer.send(officer.get(ACCOUNT), path, one_time_code=code)


def renew_codes(officer: Officer, code: str) -> Page:
    path = f"{ACCOUNT}/recovery-codes"
    return officer.send(officer.get(ACCOUNT), path, one_time_code=code)


def new_secret(officer: Officer) -> OneTimeSecret:
    page = officer.get(f"{ACCOUNT}/phone")
    found = re.search(r'id="totp-secret">(.*?)</p>', page.html, re.DOTALL)
    assert found is not None
    return OneTimeSecret.parse(re.sub(r"<[^>]+>|\s", "", found[1]))


def codes_left(officer: Officer) -> str:
    found = re.search(r"(\d+) of 10", officer.get(f"{ACCOUNT}?lang=en").text)
    assert found is not None
    return found[1]


def enter(officer: Officer, known: Credentials, code: str) -> Page:
    """Log in anew in another browser, with any code."""
    person = Person(officer.app)
    fields = {"name": known.name, "passphrase": known.passphrase}
    person.send(person.get("/office/login"), "/office/login", **fields)
    return person.send(person.get(SECOND), SECOND, one_time_code=code)


def forget_codes(session: Session) -> None:
    """Let everybody have enrolled before there were recovery codes."""
    session.query(PersonRow).update({"locked_recovery_codes": None})
    session.commit()


# The page


def test_the_account_shows_the_fingerprint_that_everybody_sees(
    officer: Officer,
) -> None:
    mine = re.search(r'class="fingerprint">(.*?)</p>', officer.get(ACCOUNT).html)

    assert mine is not None
    assert mine[1] in officer.get("/keys").html


def test_the_bar_leads_to_it_from_every_page(officer: Officer) -> None:
    assert f'href="{ACCOUNT}"' in officer.get("/office/").html


# Recovery codes


def test_ten_codes_are_shown_at_enrolment_and_one_comes_in_without_the_phone(
    officer: Officer, session: Session
) -> None:
    codes = officer.credentials.recovery_codes

    page = enter(officer, officer.credentials, codes[4])

    assert len(set(codes)) == 10
    assert (page.status_code, codes_left(officer)) == (303, "9")
    assert acts_on_record(session)[-2:] == ["recovery code used", "logged in"]


@pytest.mark.parametrize("way", [str.lower, lambda c: c.replace("-", " "), str.split])
def test_a_recovery_code_may_be_typed_as_people_type(
    officer: Officer, way: Any
) -> None:
    typed = way(officer.credentials.recovery_codes[0])

    page = enter(officer, officer.credentials, "".join(typed))

    assert page.status_code == 303


def test_each_recovery_code_is_taken_once(officer: Officer) -> None:
    codes = officer.credentials.recovery_codes
    enter(officer, officer.credentials, codes[0])

    again = enter(officer, officer.credentials, codes[0])

    assert again.status_code == 403
    assert enter(officer, officer.credentials, codes[1]).status_code == 303


def test_a_recovery_code_is_taken_once_of_many_at_once(officer: Officer) -> None:
    known = officer.credentials
    people = [Person(officer.app) for _ in range(4)]
    fields = {"name": known.name, "passphrase": known.passphrase}
    _ = [p.send(p.get("/office/login"), "/office/login", **fields) for p in people]
    pages = [(person, person.get(SECOND)) for person in people]
    code = known.recovery_codes[0]

    with ThreadPoolExecutor(4) as threads:
        done = threads.map(lambda p: p[0].send(p[1], SECOND, one_time_code=code), pages)

    assert sorted(page.status_code for page in done) == [303, 403, 403, 403]
    assert codes_left(officer) == "9"


def test_the_codes_of_another_person_are_worth_nothing(
    officer: Officer, outside_officer: Officer
) -> None:
    hers = officer.credentials.recovery_codes[0]

    page = enter(outside_officer, outside_officer.credentials, hers)

    assert page.status_code == 403
    assert enter(officer, officer.credentials, hers).status_code == 303


def test_new_codes_are_shown_once_and_void_those_from_before(
    officer: Officer, clock: Clock
) -> None:
    old = officer.credentials.recovery_codes

    page = renew_codes(officer, officer.fresh_code(clock))

    new = recovery_codes_on(page)
    assert len(set(new) - set(old)) == 10
    assert new[0] not in officer.get(ACCOUNT).html
    assert enter(officer, officer.credentials, old[0]).status_code == 403
    assert enter(officer, officer.credentials, new[0]).status_code == 303


def test_who_has_no_codes_is_led_to_make_them(
    officer: Officer, session: Session, clock: Clock
) -> None:
    forget_codes(session)
    before = officer.get("/office/?lang=en")

    renew_codes(officer, officer.fresh_code(clock))

    assert "You have no recovery codes yet" in before.text
    assert f'href="{ACCOUNT}#codes"' in before.html
    assert "You have no recovery codes yet" not in officer.get("/office/").text


def test_who_has_no_codes_comes_in_with_the_phone_and_with_nothing_else(
    officer: Officer, session: Session, clock: Clock
) -> None:
    forget_codes(session)
    code = officer.credentials.recovery_codes[0]

    refused = enter(officer, officer.credentials, code)

    assert refused.status_code == 403
    assert officer.log_in(clock.timestamp).status_code == 200


def test_a_closed_screen_is_opened_with_a_recovery_code_too(officer: Officer) -> None:
    officer.send(officer.get("/office/"), "/office/close-screen")
    page, code = officer.get("/office/closed"), officer.credentials.recovery_codes[0]

    done = officer.send(page, "/office/closed", one_time_code=code)

    assert (done.status_code, officer.get("/office/").status_code) == (303, 200)


# The passphrase


def test_another_passphrase_opens_the_same_key(
    officer: Officer, clock: Clock, session: Session
) -> None:
    done = change_passphrase(officer, officer.fresh_code(clock))
    officer.credentials.passphrase = ANOTHER

    assert done.response.headers["Location"] == f"{ACCOUNT}?done=passphrase"
    assert officer.get("/office/").status_code == 200
    assert officer.log_in(clock.timestamp).status_code == 200
    assert "passphrase changed" in acts_on_record(session)


def test_who_is_between_the_two_steps_with_the_old_passphrase_is_refused_then(
    officer: Officer, clock: Clock
) -> None:
    known, other = officer.credentials, Person(officer.app)
    fields = {"name": known.name, "passphrase": known.passphrase}
    other.send(other.get("/office/login"), "/office/login", **fields)
    change_passphrase(officer, officer.fresh_code(clock))

    code = officer.fresh_code(clock)
    page = other.send(other.get(SECOND), SECOND, one_time_code=code)

    assert page.status_code == 403
    assert other.get("/office/").status_code == 303


def test_the_old_passphrase_is_refused_then(officer: Officer, clock: Clock) -> None:
    change_passphrase(officer, officer.fresh_code(clock))

    assert officer.log_in(clock.timestamp).status_code == 403


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"present_passphrase": ANOTHER}, "That is not your present passphrase."),
        ({"present_passphrase": ""}, "That is not your present passphrase."),
        ({"passphrase": "pendek", "passphrase_again": "pendek"}, "At least 14"),
        ({"passphrase_again": "lain-sama-sekali"}, "The two passphrases differ."),
        ({"passphrase": "rina wulandari", "passphrase_again": ""}, "easily guessed"),
    ],
)
def test_a_passphrase_that_will_not_do_changes_nothing(
    officer: Officer, clock: Clock, session: Session, typed: dict, sentence: str
) -> None:
    officer.get(f"{ACCOUNT}?lang=en")
    before = identity_rows(session)

    page = change_passphrase(officer, officer.fresh_code(clock), **typed)

    assert (page.status_code, sentence in page.text) == (422, True)
    assert identity_rows(session) == before
    assert ANOTHER not in page.html


def test_a_slip_elsewhere_costs_no_code(officer: Officer, clock: Clock) -> None:
    code = officer.fresh_code(clock)
    change_passphrase(officer, code, passphrase_again="lain-sama-sekali")

    assert change_passphrase(officer, code).status_code == 303


# Another phone


def test_another_phone_takes_the_place_of_the_old(
    officer: Officer, clock: Clock
) -> None:
    begin_phone(officer, officer.fresh_code(clock))
    old, new = officer.credentials.secret, new_secret(officer)
    clock.pass_by(minutes=1)
    code = new.code(clock.timestamp // 30)

    page = officer.send(
        officer.get(f"{ACCOUNT}/phone"), f"{ACCOUNT}/phone", one_time_code=code
    )

    clock.pass_by(minutes=5)
    refused = enter(officer, officer.credentials, old.code(clock.timestamp // 30))
    let_in = enter(officer, officer.credentials, new.code(clock.timestamp // 30))
    assert page.response.headers["Location"] == f"{ACCOUNT}?done=phone"
    assert (refused.status_code, let_in.status_code) == (403, 303)


def test_a_lost_phone_is_replaced_with_a_recovery_code(
    officer: Officer, clock: Clock
) -> None:
    code = officer.credentials.recovery_codes[0]

    begun = begin_phone(officer, code)

    assert begun.response.headers["Location"] == f"{ACCOUNT}/phone"
    assert new_secret(officer).reveal() != officer.credentials.secret.reveal()


def test_until_its_first_code_the_old_phone_stays(
    officer: Officer, clock: Clock, session: Session
) -> None:
    begin_phone(officer, officer.fresh_code(clock))
    before = identity_rows(session)
    page = officer.get(f"{ACCOUNT}/phone")

    refused = officer.send(page, f"{ACCOUNT}/phone", one_time_code="000000")

    assert refused.status_code == 422
    assert identity_rows(session) == before
    assert officer.log_in(clock.timestamp).status_code == 200


def test_nobody_connects_a_phone_without_having_confirmed(officer: Officer) -> None:
    page = officer.get(f"{ACCOUNT}/phone")

    assert page.response.headers["Location"] == ACCOUNT


# Misses


def test_three_wrong_codes_in_a_row_end_the_session(officer: Officer) -> None:
    officer.get(f"{ACCOUNT}?lang=en")
    pages = [renew_codes(officer, "000000") for _ in range(3)]

    assert [page.status_code for page in pages] == [422, 422, 403]
    assert "Three codes did not fit" in pages[2].text
    assert officer.get("/office/").response.headers["Location"] == "/office/login"


def test_a_right_code_in_between_begins_the_count_anew(
    officer: Officer, clock: Clock
) -> None:
    _ = [renew_codes(officer, "000000") for _ in range(2)]
    renew_codes(officer, officer.fresh_code(clock))

    pages = [renew_codes(officer, "000000") for _ in range(2)]

    assert [page.status_code for page in pages] == [422, 422]


def test_no_more_codes_are_tried_by_guessing_at_many_places_at_once(
    officer: Officer, clock: Clock
) -> None:
    page, path = officer.get(ACCOUNT), f"{ACCOUNT}/recovery-codes"
    fields = dict(page.form(path).fields)
    value = officer.cookie()
    right = officer.fresh_code(clock)

    def guess(code: str) -> int:
        browser = Person(officer.app)
        browser.client.set_cookie("session", value, domain="localhost")
        return browser.post(path, fields | {"one_time_code": code}).status_code

    with ThreadPoolExecutor(8) as threads:
        tried = [*threads.map(guess, [f"{number:06}" for number in range(12)])]

    assert tried.count(422) == 2
    assert 200 not in tried
    assert guess(right) == 403


def identity_rows(session: Session) -> list[Any]:
    """Return what passphrase and phone open; a used step is none of it."""
    session.expire_all()
    rows = session.query(PersonRow.locked_identity, PersonRow.locked_one_time)
    return [tuple(row) for row in rows]
