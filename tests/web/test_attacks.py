"""What a hostile reading found: sessions, officers, names, and what a code opens."""

import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import Any

import pytest
from builders import (
    TEN_O_CLOCK,
    a_report,
    acts_on_record,
    add_officer,
    empty,
    for_officer,
    hand_in,
    move,
)
from flask import Flask
from people import PASSPHRASE, Officer, Page, Person, Reporter, code_on
from sqlalchemy import select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import Cookie, OneTimeSecret
from portal import enrolments, sessions
from portal.acts import Move
from portal.database import find_instance_id
from portal.errors import IncompleteMoveError, TooManyOfficersError
from portal.invitations import find_invited, invite
from portal.logins import PassphraseGate
from portal.models import AuditEntry
from portal.reader_sheets import MOST_OFFICERS
from portal.roles import Role
from portal.sessions import Browser, Pending, Standing, Visit
from portal.statuses import CaseStatus
from portal.views.request import visit

FULL_WIDTH = "".join(
    chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000"
    for letter in "Rina Wulandari"
)
EMOJI = "\N{GRINNING FACE}" * 80
CHOSEN = {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}
A_CODE = Pending(b"b" * 32, 3, "7K2M")


def with_cookie(app: Flask, value: str) -> Person:
    """Return somebody who copied a cookie."""
    thief = Person(app)
    thief.client.set_cookie("session", value, domain="localhost")
    return thief


def end_meanwhile(app: Flask, endpoint: str, session: Session) -> None:
    """Let every session end after a request has read its own, before its view."""
    view = app.view_functions[endpoint]

    @functools.wraps(view)
    def late(**values: Any) -> Any:
        visit()
        empty(session, "sessions")
        return view(**values)

    app.view_functions[endpoint] = late


def invited(session: Session, now: dt.datetime, name: str) -> str:
    """Invite a person; return the token."""
    today = now.date()
    who = {"position": "Auditor", "unit": "Umum"}
    return invite(session, name, **who, roles=frozenset({Role.OFFICER}), today=today)


def join(session: Session, now: dt.datetime, name: str) -> None:
    """Invite a person and enrol as one."""
    token, instance = invited(session, now, name), find_instance_id(session)
    enrolment = enrolments.begin_enrolment(
        session,
        find_invited(session, token, now.date()),
        PASSPHRASE,
        PassphraseGate(CHEAPEST),
        instance,
        name=name,
        position="Auditor",
        unit="Umum",
    )
    code = enrolment.secret.code(int(now.timestamp()) // 30)
    enrolments.enrol(session, token, enrolment, code, instance, now)


def begin_to_join(person: Person, token: str, **who: str) -> Page:
    """Fill in the first page of an invitation and return the second."""
    path = f"/office/invite/{token}"
    chosen = person.send(person.get(path), path, **CHOSEN, **who)
    assert chosen.status_code == 303, chosen.text
    return person.get(path)


def confirm(person: Person, token: str, page: Page, clock: Any) -> Page:
    """Type the first code of the phone that *page* connects."""
    found = re.search(r'id="totp-secret">(.*?)</p>', page.html, re.DOTALL)
    assert found is not None
    secret = OneTimeSecret.parse(re.sub(r"<[^>]+>|\s", "", found[1]))
    code = secret.code(clock.timestamp // 30)
    return person.send(page, f"/office/invite/{token}", one_time_code=code)


def halfway(officer: Officer) -> str:
    """Take the first step of a login; return the cookie."""
    person, known = Person(officer.app), officer.credentials
    page = person.get("/office/login")
    who = {"name": known.name, "passphrase": known.passphrase}
    person.send(page, "/office/login", **who)
    return person.cookie()


def asked_group(page: Page, code: str) -> str:
    """Return the group of *code* that the page asks for."""
    found = re.search(r"baris ke-(\d)", page.text)
    assert found is not None
    return code.split("-")[int(found[1]) - 1]


# Sessions


@pytest.mark.parametrize("standing", [Standing.AT_WORK, Standing.REPORTER])
def test_a_session_that_ended_meanwhile_is_not_made_again(
    session: Session, standing: Standing
) -> None:
    instance, duty = find_instance_id(session), add_officer(session)
    known = Visit(standing, TEN_O_CLOCK + 60, person_id=duty.person.id)
    cookie = sessions.begin(session, known, Cookie.generate(), instance)
    sessions.end(session, cookie)

    sessions.keep(session, known, cookie, instance)
    sessions.expect_group(session, Browser(cookie, known), A_CODE, instance)

    session.expire_all()
    assert sessions.find_visit(session, cookie, instance, TEN_O_CLOCK) == Visit()


def test_a_report_handed_in_while_the_officer_logs_out_opens_nothing_again(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    page = officer.get("/report")
    end_meanwhile(officer.app, "reporter.report", session)

    typed = {"category": "PUNGLI", "what": "Ada pungutan."}
    done = officer.send(page, "/report", step="hand-in", **typed)

    assert done.status_code == 200
    assert officer.get("/office/").response.headers["Location"] == "/office/login"


def test_own_texts_asked_for_while_the_case_is_left_open_nothing_again(
    reporter: Reporter, session: Session
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    page = reporter.get("/case")
    end_meanwhile(reporter.app, "reporter.mine", session)

    reporter.send(page, "/case/mine")

    assert "Ada pungutan." not in reporter.get("/case").html
    assert 'name="code"' in reporter.get("/case").html


@pytest.mark.parametrize("path", ["/report", "/case/mine"])
def test_a_copied_cookie_of_who_logged_out_does_not_come_back(
    reporter: Reporter, officer: Officer, session: Session, path: str
) -> None:
    page, value = officer.get("/report"), officer.cookie()
    form = officer.get("/office/").form("/office/logout")
    officer.post(form.action, form.fields)
    thief = with_cookie(officer.app, value)

    typed = {"category": "PUNGLI", "what": "Ada pungutan.", "step": "hand-in"}
    key = Cookie.parse(value).form_key(path, find_instance_id(session))
    fields = dict(page.form("/report").fields) | typed | {"csrf_token": key}
    thief.post(path, fields)

    assert thief.get("/office/").response.headers["Location"] == "/office/login"


def test_one_halfway_session_judges_one_code(officer: Officer, clock: Any) -> None:
    clock.pass_by(minutes=5)
    thief = with_cookie(officer.app, halfway(officer))
    twin = with_cookie(officer.app, thief.cookie())
    page, known = thief.get("/office/second-factor"), officer.credentials

    path = "/office/second-factor"
    first = thief.send(page, path, one_time_code="000000")
    right = known.secret.code(clock.timestamp // 30)
    second = twin.send(page, path, one_time_code=right)

    assert (first.status_code, second.status_code) == (403, 403)
    assert twin.get("/office/").response.headers["Location"] == "/office/login"


def test_two_requests_that_both_read_one_halfway_session_get_one_verdict(
    officer: Officer, clock: Any, session: Session
) -> None:
    clock.pass_by(minutes=5)
    person = with_cookie(officer.app, halfway(officer))
    page, path = person.get("/office/second-factor"), "/office/second-factor"
    end_meanwhile(officer.app, "officer.second_factor", session)

    right = officer.credentials.secret.code(clock.timestamp // 30)
    refused = person.send(page, path, one_time_code=right)

    assert refused.status_code == 403
    assert acts_on_record(session)[-1:] == ["logged in"]
    assert acts_on_record(session).count("logged in") == 1


def test_a_session_is_taken_once(session: Session) -> None:
    instance = find_instance_id(session)
    known = Visit(Standing.AT_SECOND_FACTOR, TEN_O_CLOCK)
    cookie = sessions.begin(session, known, Cookie.generate(), instance)

    taken = [sessions.take(session, cookie) for _ in "123"]

    assert taken == [True, False, False]


def test_the_codes_of_two_tabs_can_both_be_typed_back(reporter: Reporter) -> None:
    tabs = [reporter.preview("SATU"), reporter.preview("DUA")]
    pages = [reporter.send(page, "/report", step="hand-in") for page in tabs]

    checked = [
        reporter.send(page, "/report/code", group=asked_group(page, code_on(page)))
        for page in pages
    ]

    assert [page.status_code for page in checked] == [200, 200]


@pytest.mark.parametrize("way", ["exit", "case"])
def test_every_way_out_of_the_office_is_on_record(
    reporter: Reporter, officer: Officer, session: Session, way: str
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    before = acts_on_record(session).count("logged out")

    ways: dict[str, Callable[[], Page]] = {
        "exit": lambda: officer.get("/exit"),
        "case": lambda: officer.send(officer.get("/case"), "/case/open", code=code),
    }
    ways[way]()

    assert before == 0
    assert acts_on_record(session)[-1] == "logged out"


# Officers


def test_a_report_can_be_handed_in_to_forty_officers(
    app: Flask, session: Session, clock: Any
) -> None:
    _ = [join(session, clock(), f"Auditor {'i' * n}") for n in range(MOST_OFFICERS)]
    person = Reporter(app)

    page = person.get("/report")
    code = person.hand_in("Ada pungutan.")

    assert len(page.form("/report").values("readers")) == 40
    assert person.open_case(code).status_code == 200


def test_the_forty_first_officer_is_not_invited(
    session: Session, clock: Any, app: Flask
) -> None:
    _ = [add_officer(session, f"Auditor {n}") for n in range(MOST_OFFICERS)]

    with pytest.raises(TooManyOfficersError):
        invited(session, clock(), "Joko Prasetyo")


def test_who_was_invited_before_the_fortieth_came_is_told(
    session: Session, clock: Any, app: Flask
) -> None:
    token, person = invited(session, clock(), "Joko Prasetyo"), Person(app)
    page = begin_to_join(person, token)
    _ = [add_officer(session, f"Auditor {n}") for n in range(MOST_OFFICERS)]

    told = confirm(person, token, page, clock)

    assert told.status_code == 422
    assert "enrolled" not in acts_on_record(session)


def test_of_two_invited_people_with_one_name_the_second_is_told(
    session: Session, clock: Any, app: Flask
) -> None:
    tokens = [invited(session, clock(), name) for name in ("Joko", "Dewi")]
    people = [Person(app), Person(app)]
    pages = [
        begin_to_join(person, token, name="Joko Prasetyo")
        for person, token in zip(people, tokens, strict=True)
    ]

    first = confirm(people[0], tokens[0], pages[0], clock)
    second = confirm(people[1], tokens[1], pages[1], clock)

    assert (first.status_code, second.status_code) == (303, 422)


def test_a_person_may_be_called_by_eighty_emoji(
    session: Session, clock: Any, app: Flask
) -> None:
    token, person = invited(session, clock(), "Joko Prasetyo"), Person(app)
    who = {"name": EMOJI, "position": EMOJI, "unit": EMOJI}

    page = begin_to_join(person, token, **who)
    done = confirm(person, token, page, clock)

    assert (page.status_code, done.status_code) == (200, 303)


@pytest.mark.parametrize("field", ["name", "position", "unit"])
def test_eighty_one_characters_are_too_many_for_a_person(
    session: Session, clock: Any, app: Flask, field: str
) -> None:
    path = f"/office/invite/{invited(session, clock(), 'Joko Prasetyo')}"
    person = Person(app)

    page = person.send(person.get(path), path, **CHOSEN, **{field: "a" * 81})

    assert page.status_code == 422
    assert page.form(path).value(field) == "a" * 81


# Names


def test_who_joins_under_another_name_than_the_one_invited_is_on_record(
    session: Session, clock: Any, app: Flask
) -> None:
    token = invited(session, clock(), "Joko Prasetyo")
    person = Person(app)
    page = begin_to_join(person, token, name="Yusuf Hidayat")

    confirm(person, token, page, clock)

    session.rollback()
    *_, last = session.execute(
        select(AuditEntry.actor, AuditEntry.act, AuditEntry.concerns)
    )
    assert tuple(last) == ("Joko Prasetyo", "enrolled", "Yusuf Hidayat")


def test_nobody_joins_under_a_name_that_looks_like_anothers(
    session: Session, clock: Any, app: Flask, officer: Officer
) -> None:
    assert officer.credentials.name == "Rina Wulandari"
    path = f"/office/invite/{invited(session, clock(), 'Joko Prasetyo')}"
    person = Person(app)

    looks_alike = "Rina\u200b Wulan\u200bdari"
    page = person.send(person.get(path), path, **CHOSEN, name=looks_alike)

    assert page.status_code == 422


@pytest.mark.parametrize(
    "named",
    [
        *("Bu Rina (Kabag Umum)", "Rina - Kabag", "Rina bersama Budi Santoso"),
        *("Rina \N{EN DASH} Kabag", "Budi Santoso dengan Rina", FULL_WIDTH),
    ],
)
def test_an_officer_named_in_any_spelling_does_not_read(
    reporter: Reporter, officer: Officer, outside_officer: Officer, named: str
) -> None:
    everybody = reporter.get("/report").form("/report").values("readers")
    page = reporter.preview("Ada pungutan.", who_name=named)

    ticked = {"readers": everybody, "only_outside": []}
    done = reporter.send(page, "/report", step="hand-in", **ticked)

    assert done.status_code == 200
    assert officer.case_paths() == []
    assert len(outside_officer.case_paths()) == 1


def test_a_shared_degree_names_nobody() -> None:
    report = a_report(who_name="Budi, S.Kom")

    assert not report.names("Rina Wulandari, S.Kom")
    assert not report.may_name("Rina Wulandari, S.Kom")


def test_a_shared_word_ticks_only_outside_officers_and_shuts_nobody_out(
    reporter: Reporter, officer: Officer, outside_officer: Officer
) -> None:
    page = reporter.preview("Ada pungutan.", who_name="Rina Puspita")
    preset = page.form("/report").value("only_outside")

    reporter.send(page, "/report", step="hand-in", only_outside=[])

    assert preset == "yes"
    assert len(officer.case_paths()) == 1


# The source protection plan


@pytest.mark.parametrize("to", ["assessed", "addressed"])
def test_the_plan_is_asked_for_by_way_of_a_question_too(
    session: Session, to: str
) -> None:
    duty = add_officer(session)
    code = hand_in(session, duty, report=a_report(avoid="Jangan tanya unit saya."))
    _ = [move(session, code, duty, step) for step in ("acknowledged", "verified")]
    move(session, code, duty, "more-information")
    opened = for_officer(session, code, duty)

    with pytest.raises(IncompleteMoveError) as refused:
        move(session, code, duty, Move(CaseStatus(to), "", "Terima kasih.", None))

    assert refused.value.fields == ("reason",)
    assert opened.case.status == "more-information"
