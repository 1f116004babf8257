"""Coming in as an officer: invitations, passphrases, one-time codes, throttles."""

import dataclasses
from typing import Any

import pytest
from apps import make_app
from builders import dump
from flask import Flask
from people import PASSPHRASE, Officer, Page, Person, Reporter
from sqlalchemy.orm import Session

from portal.invitations import invite
from portal.roles import Role
from portal.settings import Settings


def invited(session: Session, clock: Any, name: str = "Joko Prasetyo") -> str:
    """Invite a person; return the path of the link."""
    token = invite(
        session,
        name,
        position="Auditor",
        unit="Umum",
        roles=frozenset({Role.OFFICER}),
        today=clock().date(),
    )
    return f"/office/invite/{token}"


def enter(person: Person, name: str, passphrase: str) -> Page:
    page = person.get("/office/login")
    return person.send(page, "/office/login", name=name, passphrase=passphrase)


def second_step(person: Person, code: str) -> Page:
    page = person.get("/office/second-factor")
    return person.send(page, "/office/second-factor", one_time_code=code)


def app_with(settings: Settings, clock: Any, **changes: int) -> Flask:
    """Start another worker over the same installation, with small buckets."""
    changed = dataclasses.replace(settings, form_minimum_age_seconds=1, **changes)

    def look() -> Any:
        clock.pass_by(seconds=1)
        return clock.time

    return make_app(changed, look)


# Invitations


@pytest.mark.parametrize(
    ("passphrase", "again", "sentence"),
    [
        ("short", "short", "At least 14 characters, please."),
        ("", "", "At least 14 characters, please."),
        ("passwordpassword", "passwordpassword", "This is easily guessed."),
        (PASSPHRASE, PASSPHRASE + "x", "The two passphrases differ."),
        (PASSPHRASE, "", "The two passphrases differ."),
    ],
)
def test_a_passphrase_that_will_not_do_is_told_and_never_given_back(
    app: Flask,
    session: Session,
    clock: Any,
    passphrase: str,
    again: str,
    sentence: str,
) -> None:
    person, path = Person(app), invited(session, clock)
    page = person.get(f"{path}?lang=en")

    refused = person.send(
        page, path, passphrase=passphrase, passphrase_again=again, unit="Bidang Mutasi"
    )

    assert refused.status_code == 422
    assert sentence in refused.text
    assert refused.form(path).value("unit") == "Bidang Mutasi"
    assert refused.form(path).value("passphrase") == ""


def test_a_name_that_another_officer_has_is_told(
    app: Flask, officer: Officer, session: Session, clock: Any
) -> None:
    person, path = Person(app), invited(session, clock)
    typed = {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}

    page = person.send(person.get(path), path, name="rina wulandari", **typed)

    assert page.status_code == 422
    assert page.form(path).value("name") == "rina wulandari"


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "\x00" * 6])
def test_a_wrong_first_code_is_asked_again(
    app: Flask, session: Session, clock: Any, code: str
) -> None:
    person, path = Person(app), invited(session, clock)
    typed = {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}
    person.send(person.get(path), path, **typed)
    before = dump(session)

    page = person.send(person.get(path), path, one_time_code=code)

    assert page.status_code == 422
    assert 'id="totp-secret"' in page.html
    assert dump(session) == before


def test_a_used_link_is_over(
    app: Flask, session: Session, clock: Any, settings: Settings
) -> None:
    path = invited(session, clock)
    Officer(app).enrol(path, clock.timestamp)

    page = Person(app).get(f"{path}?lang=en")

    assert page.status_code == 404
    assert "This invitation is over." in page.text


def test_a_link_of_last_week_is_over(app: Flask, session: Session, clock: Any) -> None:
    path = invited(session, clock)
    clock.pass_by(days=4)

    assert Person(app).get(path).status_code == 404


def test_who_stops_half_way_may_begin_again(
    app: Flask, session: Session, clock: Any
) -> None:
    first, path = Person(app), invited(session, clock)
    typed = {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}
    first.send(first.get(path), path, **typed)

    second = Officer(app)
    second.enrol(path, clock.timestamp)

    assert second.log_in(clock.timestamp).status_code == 200


# One-time codes


@pytest.mark.parametrize("steps_off", [-3, 3, 1000])
def test_a_code_of_another_time_is_refused(
    officer: Officer, clock: Any, steps_off: int
) -> None:
    known, person = officer.credentials, Person(officer.app)
    clock.pass_by(minutes=5)
    enter(person, known.name, known.passphrase)

    page = second_step(person, known.secret.code(clock.timestamp // 30 + steps_off))

    assert page.status_code == 403
    assert person.get("/office/").status_code == 303


def test_a_replayed_code_is_refused(officer: Officer, clock: Any) -> None:
    known, thief = officer.credentials, Person(officer.app)
    enter(thief, known.name, known.passphrase)

    page = second_step(thief, known.secret.code(known.step))

    assert page.status_code == 403


def test_a_code_earlier_than_the_last_is_refused(officer: Officer, clock: Any) -> None:
    known, thief = officer.credentials, Person(officer.app)
    clock.pass_by(minutes=5)
    earlier = known.secret.code(clock.timestamp // 30)
    clock.pass_by(seconds=30)
    officer.log_in(clock.timestamp)
    enter(thief, known.name, known.passphrase)

    page = second_step(thief, earlier)

    assert page.status_code == 403


@pytest.mark.parametrize("spaced", ["{a} {b}", " {a}{b} ", "{a}\N{NO-BREAK SPACE}{b}"])
def test_a_code_may_be_spaced(officer: Officer, clock: Any, spaced: str) -> None:
    known, person = officer.credentials, Person(officer.app)
    clock.pass_by(minutes=5)
    enter(person, known.name, known.passphrase)
    code = known.secret.code(clock.timestamp // 30)

    page = second_step(person, spaced.format(a=code[:3], b=code[3:]))

    assert page.status_code == 303


@pytest.mark.parametrize(
    "code", ["", "000", "abcdef", "\N{FULLWIDTH DIGIT ONE}" * 6, "1" * 5000, "\x00"]
)
def test_what_is_no_code_is_refused_like_a_wrong_one(
    officer: Officer, code: str
) -> None:
    known, person = officer.credentials, Person(officer.app)
    enter(person, known.name, known.passphrase)

    assert second_step(person, code).status_code == 403


def test_one_failure_ends_the_attempt(officer: Officer, clock: Any) -> None:
    known, person = officer.credentials, Person(officer.app)
    clock.pass_by(minutes=5)
    enter(person, known.name, known.passphrase)
    second_step(person, "000000")

    assert person.get("/office/second-factor").response.headers["Location"] == (
        "/office/login"
    )


def test_the_second_step_waits_five_minutes(officer: Officer, clock: Any) -> None:
    known, person = officer.credentials, Person(officer.app)
    enter(person, known.name, known.passphrase)
    clock.pass_by(minutes=6)

    assert person.get("/office/second-factor").status_code == 303


def test_who_logs_out_is_out(officer: Officer) -> None:
    officer.send(officer.get("/office/"), "/office/logout")

    assert officer.get("/office/").response.headers["Location"] == "/office/login"


def test_a_session_lasts_four_hours_whatever_is_done(
    officer: Officer, clock: Any
) -> None:
    clock.pass_by(minutes=235)
    before = officer.get("/office/").status_code
    clock.pass_by(minutes=10)

    assert (before, officer.get("/office/").status_code) == (200, 303)


# Throttles


def test_too_many_attempts_for_a_name_are_told_so(
    app: Flask, settings: Settings, clock: Any
) -> None:
    person = Person(app_with(settings, clock, attempts_per_hour=2))
    tried = [enter(person, "Siapa Saja", PASSPHRASE).status_code for _ in "123"]

    other = enter(person, "Orang Lain", PASSPHRASE)

    assert tried == [303, 303, 503]
    assert other.status_code == 303


def test_too_many_attempts_of_everybody_are_told_so_until_a_minute_passes(
    app: Flask, settings: Settings, clock: Any
) -> None:
    person = Person(app_with(settings, clock, logins_per_minute=2))
    names = ("Satu", "Dua", "Tiga")
    tried = [enter(person, name, PASSPHRASE).status_code for name in names]

    clock.pass_by(minutes=1)

    assert tried == [303, 303, 503]
    assert enter(person, "Empat", PASSPHRASE).status_code == 303


def test_too_many_reports_are_told_so_and_the_form_is_kept(
    reporter: Reporter, officer: Officer, settings: Settings, clock: Any
) -> None:
    busy = Reporter(app_with(settings, clock, reports_per_hour=1))
    busy.hand_in("SATU")
    page = busy.preview("DUA")

    refused = busy.send(page, "/report", step="hand-in")
    clock.pass_by(hours=1)
    done = busy.send(refused, "/report", step="hand-in")

    assert (refused.status_code, done.status_code) == (503, 200)
    assert refused.form("/report").value("what") == "DUA"
    assert len(officer.case_paths()) == 2


def test_onion_and_clear_web_do_not_stop_each_other(
    reporter: Reporter, settings: Settings, clock: Any
) -> None:
    busy = app_with(settings, clock, reports_per_hour=1)
    Reporter(busy).hand_in("SATU")

    assert Reporter(busy, "abcdefgh.onion").hand_in("DUA")


@pytest.mark.parametrize("act", ["message", "note"])
def test_too_many_messages_are_told_so_and_the_text_is_kept(
    reporter: Reporter, officer: Officer, settings: Settings, clock: Any, act: str
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    officer.client.application = officer.app = app_with(
        settings, clock, messages_per_hour=1
    )
    officer.act(path, act, text="satu")

    refused = officer.act(path, act, text="dua")
    clock.pass_by(hours=1)
    sent = officer.send(refused, f"{path}/{act}")

    assert (refused.status_code, sent.status_code) == (503, 303)
    assert refused.form(f"{path}/{act}").value("text") == "dua"


def test_too_many_requests_are_told_so(
    app: Flask, settings: Settings, clock: Any
) -> None:
    settings = dataclasses.replace(settings, requests_per_second=1)
    person = Person(make_app(settings, clock))

    pages = [person.get("/") for _ in range(11)]

    assert [page.status_code for page in pages] == [200] * 10 + [503]
    assert "<form" not in pages[-1].html


def test_a_code_may_be_tried_without_end(reporter: Reporter) -> None:
    page = reporter.get("/case")

    tries = [reporter.send(page, "/case/open", code="7K2M") for _ in range(30)]

    assert {page.status_code for page in tries} == {422}


def test_a_stranger_learns_nothing_from_being_sent_away(
    officer: Officer, settings: Settings, clock: Any
) -> None:
    person = Person(app_with(settings, clock, attempts_per_hour=1))
    names = (officer.credentials.name, "Siapa Saja")
    _ = [enter(person, name, PASSPHRASE) for name in names]

    known, unknown = (enter(person, name, PASSPHRASE) for name in names)

    assert (known.status_code, unknown.status_code) == (503, 503)
    assert known.text.split("<!--")[0] == unknown.text.split("<!--")[0]
