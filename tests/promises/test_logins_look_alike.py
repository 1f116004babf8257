"""Promise 19: every admitted login answers with the second step; one verdict stands there.

The same bytes for unknown name, wrong passphrase, wrong one-time code and disabled;
exactly one Argon2id per admitted attempt, one at a time per worker. Not admitted: one
page, the same for every name, no Argon2id. A one-time step, or an earlier one, is
never accepted again, nor a recovery code. A thousand failures by a stranger do not stop
a browser that logged in before.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from apps import make_app
from attackers import bare, body_size, shape
from builders import TODAY
from conftest import Clock
from flask import Flask
from people import Credentials, Officer, Page, Person
from sqlalchemy.orm import Session

from crypto import Cookie, Key, OneTimeSecret, RecoveryCodes, locked_identity
from portal import people
from portal.models import Person as PersonRow
from portal.settings import Settings

WRONG = "bukan-kata-sandi-yang-benar"
CAUSES = ("unknown name", "wrong passphrase", "wrong one-time code", "disabled")


@pytest.mark.parametrize("cause", CAUSES)
def test_every_failure_gets_the_bytes_of_an_unknown_name(
    officer: Officer, session: Session, clock: Clock, cause: str
) -> None:
    usual = fail(officer, session, clock, "unknown name")

    pages = fail(officer, session, clock, cause)

    assert [page.status_code for page in pages] == [303, 200, 403]
    assert [bare(page) for page in pages] == [bare(page) for page in usual]
    assert [shape(page) for page in pages] == [shape(page) for page in usual]
    assert [body_size(page) for page in pages] == [body_size(page) for page in usual]


def test_a_right_passphrase_gets_the_same_second_step(
    officer: Officer, session: Session, clock: Clock
) -> None:
    usual = fail(officer, session, clock, "unknown name")

    right = fail(officer, session, clock, "wrong one-time code")

    assert shape(right[0]) == shape(usual[0])
    assert bare(right[1]) == bare(usual[1])


@pytest.mark.parametrize("cause", CAUSES)
def test_an_admitted_attempt_costs_exactly_one_argon2id(
    officer: Officer,
    session: Session,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    cause: str,
) -> None:
    count = counting(monkeypatch)

    fail(officer, session, clock, cause)

    assert count.calls == 1


@pytest.mark.parametrize("typed", ["123456", "7K2M-9QXW-3FVB", "", "x" * 500])
@pytest.mark.parametrize("cause", [*CAUSES, "no recovery codes yet"])
def test_the_second_step_costs_the_same_whoever_asks_and_whatever_is_typed(
    officer: Officer,
    session: Session,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    cause: str,
    typed: str,
) -> None:
    usual = second_step_calls(officer, session, clock, monkeypatch, "unknown name", "1")

    calls = second_step_calls(officer, session, clock, monkeypatch, cause, typed)

    assert calls == usual
    assert min(calls.values()) > 0


def test_argon2id_runs_one_at_a_time(
    app: Flask, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = counting(monkeypatch, pause=0.05)
    people = [at_the_door(app) for _ in range(5)]

    with ThreadPoolExecutor(5) as threads:
        pages = [*threads.map(lambda enter: enter("Siapa Saja", WRONG), people)]

    assert {page.status_code for page in pages} == {303}
    assert count.calls == 5
    assert count.most_at_once == 1


def test_who_does_not_fit_in_the_line_is_sent_away_without_argon2id(
    app: Flask, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = counting(monkeypatch, pause=0.2)
    people = [at_the_door(app) for _ in range(12)]

    with ThreadPoolExecutor(12) as threads:
        pages = [*threads.map(lambda enter: enter("Siapa Saja", WRONG), people)]

    admitted = [page for page in pages if page.status_code == 303]
    assert {page.status_code for page in pages} == {303, 503}
    assert count.calls == len(admitted)


def test_a_name_that_was_tried_too_often_gets_one_page_and_no_argon2id(
    officer: Officer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = make_app(replace(settings, attempts_per_hour=2))
    count = counting(monkeypatch)

    pages = [
        at_the_door(strict)(name, WRONG)
        for name in ("Rina Wulandari", "Tidak Dikenal")
        for _attempt in range(3)
    ]

    assert [page.status_code for page in pages] == [303, 303, 503] * 2
    assert bare(pages[2]) == bare(pages[5])
    assert shape(pages[2]) == shape(pages[5])
    assert count.calls == 4


def test_an_empty_bucket_of_the_instance_gets_the_same_page(
    officer: Officer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(settings, attempts_per_hour=1)
    per_name = make_app(few)
    in_all = make_app(replace(few, logins_per_minute=1))
    at_the_door(per_name)("Siapa Saja", WRONG)
    at_the_door(in_all)("Orang Lain", WRONG)
    count = counting(monkeypatch)

    by_name = at_the_door(per_name)("Siapa Saja", WRONG)
    by_all = at_the_door(in_all)("Rina Wulandari", officer.credentials.passphrase)

    assert [by_name.status_code, by_all.status_code] == [503, 503]
    assert bare(by_name) == bare(by_all)
    assert shape(by_name) == shape(by_all)
    assert count.calls == 0


@pytest.mark.parametrize("steps_earlier", [0, 1, 2])
def test_a_one_time_step_or_an_earlier_one_is_never_accepted_again(
    officer: Officer, clock: Clock, steps_earlier: int
) -> None:
    clock.pass_by(minutes=5)
    officer.log_in(clock.timestamp)
    used = officer.credentials.step

    page = enter_with(officer, officer.credentials, used - steps_earlier)

    assert page.status_code == 403


def test_a_one_time_step_is_accepted_once_of_many_at_once(
    app: Flask, officer: Officer, clock: Clock
) -> None:
    clock.pass_by(minutes=5)
    known = officer.credentials
    people = [halfway(app, known) for _ in range(4)]
    code = known.secret.code(clock.timestamp // 30 + 1)

    with ThreadPoolExecutor(4) as threads:
        pages = [*threads.map(lambda finish: finish(code), people)]

    assert sorted(page.status_code for page in pages) == [303, 403, 403, 403]


def test_the_next_step_is_accepted(officer: Officer, clock: Clock) -> None:
    clock.pass_by(minutes=5)

    page = officer.log_in(clock.timestamp)

    assert page.status_code == 200


@pytest.mark.slow
def test_a_thousand_failures_do_not_stop_a_device_that_logged_in_before(
    officer: Officer, settings: Settings, clock: Clock
) -> None:
    move_to(few_tries(settings, clock), officer)
    clock.pass_by(minutes=5)

    failures = [knock(officer) for _ in range(1000)]

    assert {*failures} == {303, 503}
    assert failures.count(303) == FEW
    assert officer.log_in(clock.timestamp).status_code == 200


def test_while_strangers_fill_the_line_a_known_device_is_let_in(
    officer: Officer, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.pass_by(minutes=5)
    move_to(make_app(settings, clock), officer)
    counting(monkeypatch, pause=0.15)
    strangers = [at_the_door(officer.app) for _ in range(24)]

    with ThreadPoolExecutor(25) as threads:
        knocks = [threads.submit(enter, "Siapa Saja", WRONG) for enter in strangers]
        time.sleep(0.1)
        page = officer.log_in(clock.timestamp)

    assert page.status_code == 200
    assert 503 in {knock.result().status_code for knock in knocks}


@pytest.mark.parametrize("device", ["none", "another person's", "made up", "retired's"])
def test_who_has_not_the_persons_own_device_waits_like_a_stranger(
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    session: Session,
    clock: Clock,
    device: str,
) -> None:
    strict = few_tries(settings, clock)
    own = device_of(officer)
    _ = [move_to(strict, officer), *(knock(officer) for _ in range(FEW))]
    if device == "retired's":
        people.retire(session, officer.credentials.name, TODAY)
    thief = Person(strict)
    devices = {
        "another person's": device_of(outside_officer),
        "made up": Cookie.generate().reveal(),
        "retired's": own,
    }
    put_device(thief, devices.get(device, ""))

    page = enter_as(thief, officer.credentials.name, officer.credentials.passphrase)

    assert page.status_code == 503


def test_a_stolen_device_is_stopped_and_its_owner_is_then_a_stranger(
    officer: Officer, settings: Settings, clock: Clock
) -> None:
    strict = few_tries(settings, clock)
    move_to(strict, officer)
    clock.pass_by(minutes=5)
    thief = Person(strict)
    put_device(thief, device_of(officer))

    name = officer.credentials.name
    tries = [enter_as(thief, name, WRONG).status_code for _ in range(2 * FEW + 1)]

    assert tries == [303] * 2 * FEW + [503]


def test_a_copy_of_a_device_is_worth_nothing_after_its_owners_next_login(
    officer: Officer, settings: Settings, clock: Clock
) -> None:
    copy = device_of(officer)
    clock.pass_by(minutes=5)
    officer.log_in(clock.timestamp)
    strict = few_tries(settings, clock)
    move_to(strict, officer)
    _ = [knock(officer) for _ in range(FEW)]
    thief = Person(strict)
    put_device(thief, copy)

    page = enter_as(thief, officer.credentials.name, WRONG)

    assert (page.status_code, device_of(officer) != copy) == (503, True)


def test_a_known_device_gets_the_same_verdict(
    officer: Officer, session: Session, clock: Clock
) -> None:
    usual = fail(officer, session, clock, "unknown name")
    known = Person(officer.app)
    put_device(known, device_of(officer))

    first = enter_as(known, officer.credentials.name, WRONG)
    second = known.get(SECOND)
    third = known.send(second, SECOND, one_time_code="123456")

    assert [bare(page) for page in (first, second, third)] == [bare(p) for p in usual]
    assert [shape(page) for page in (first, second, third)] == [shape(p) for p in usual]


FEW = 3
SECOND = "/office/second-factor"


def few_tries(settings: Settings, clock: Clock) -> Flask:
    """Start a worker with real, small buckets; its clock stands still."""
    few = replace(
        settings,
        attempts_per_hour=FEW,
        logins_per_minute=FEW,
        requests_per_second=1_000_000,
    )
    return make_app(few, clock)


def move_to(app: Flask, officer: Officer) -> None:
    officer.client.application = officer.app = app


def knock(officer: Officer) -> int:
    """Let a stranger fail once with the officer's name."""
    return at_the_door(officer.app)(officer.credentials.name, WRONG).status_code


def enter_as(person: Person, name: str, phrase: str) -> Page:
    page = person.get("/office/login")
    return person.send(page, "/office/login", name=name, passphrase=phrase)


def device_of(officer: Officer) -> str:
    found = officer.client.get_cookie("device", domain="localhost", path="/office")
    assert found is not None
    return found.value


def put_device(person: Person, value: str) -> None:
    person.client.set_cookie("device", value, domain="localhost", path="/office")


def fail(officer: Officer, session: Session, clock: Clock, cause: str) -> list[Page]:
    """Fail to log in, for a cause: the answers to both steps and what is between."""
    clock.pass_by(minutes=5)
    known = officer.credentials
    name = "Tidak Dikenal" if cause == "unknown name" else known.name
    phrase = WRONG if cause == "wrong passphrase" else known.passphrase
    secret = known.secret
    if cause == "wrong one-time code":
        secret = OneTimeSecret.generate()
    if cause == "disabled":
        session.query(PersonRow).update({"retired_on": TODAY})
        session.commit()
    person = Person(officer.app)
    first = person.send(
        person.get("/office/login"), "/office/login", name=name, passphrase=phrase
    )
    second = person.get("/office/second-factor")
    code = secret.code(clock.timestamp // 30)
    third = person.send(second, "/office/second-factor", one_time_code=code)
    return [first, second, third]


def second_step_calls(
    officer: Officer,
    session: Session,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    cause: str,
    typed: str,
) -> Counter[str]:
    """Fail at the second step; count what is derived, locked or opened, and compared."""
    known, person = officer.credentials, Person(officer.app)
    name = "Tidak Dikenal" if cause == "unknown name" else known.name
    phrase = WRONG if cause == "wrong passphrase" else known.passphrase
    gone = {"disabled": {"retired_on": TODAY}}
    gone["no recovery codes yet"] = {"locked_recovery_codes": None}
    if cause in gone:
        session.query(PersonRow).update(gone[cause])
        session.commit()
    fields = {"name": name, "passphrase": phrase}
    person.send(person.get("/office/login"), "/office/login", **fields)
    page, calls = person.get(SECOND), Counter()
    for owner, method, kind in COUNTED:
        monkeypatch.setattr(owner, method, counted(owner, method, kind, calls))
    refused = person.send(page, SECOND, one_time_code=typed)
    monkeypatch.undo()
    assert refused.status_code == 403
    return calls


COUNTED = (
    (Key, "lock", "AES-256-GCM"),
    (Key, "unlock", "AES-256-GCM"),
    (Key, "derive", "HKDF"),
    (OneTimeSecret, "code", "one-time codes"),
    (RecoveryCodes, "spend", "recovery codes"),
)


def counted(
    owner: type, method: str, kind: str, calls: Counter[str]
) -> Callable[..., Any]:
    """Return the method as it is, counting its calls."""
    real = getattr(owner, method)

    def call(self: Any, *args: Any, **options: Any) -> Any:
        calls[kind] += 1
        return real(self, *args, **options)

    return call


def enter_with(officer: Officer, known: Credentials, step: int) -> Page:
    return halfway(officer.app, known)(known.secret.code(step))


def halfway(app: Flask, known: Credentials) -> Callable[[str], Page]:
    """Pass the first step; return what sends a one-time code."""
    person = Person(app)
    fields = {"name": known.name, "passphrase": known.passphrase}
    person.send(person.get("/office/login"), "/office/login", **fields)
    page = person.get("/office/second-factor")
    return lambda code: person.send(page, "/office/second-factor", one_time_code=code)


def at_the_door(app: Flask) -> Callable[[str, str], Page]:
    """Open the login page; return what sends name and passphrase."""
    person = Person(app)
    page = person.get("/office/login")
    return lambda name, phrase: person.send(
        page, "/office/login", name=name, passphrase=phrase
    )


@dataclass
class Count:
    """How often Argon2id ran, and how many ran at once."""

    calls: int = 0
    running: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self.lock:
            self.calls += 1
            self.running += 1
            self.most_at_once = max(self.most_at_once, self.running)
        yield
        with self.lock:
            self.running -= 1


def counting(monkeypatch: pytest.MonkeyPatch, pause: float = 0.0) -> Count:
    """Count Argon2id; each still runs, behind a *pause* in seconds."""
    count, real = Count(), locked_identity.hash_secret_raw

    def counted(*args: object, **options: object) -> bytes:
        with count.one_more():
            time.sleep(pause)
            return real(*args, **options)

    monkeypatch.setattr(locked_identity, "hash_secret_raw", counted)
    return count
