"""Mode peraga: an evaluator sees sample cases and facts of the process, and opens no case.

No page of an evaluator asks for a row of cases; nothing is ever sealed to an evaluator's
key; every endpoint of people at work answers as for nobody; after the last day nobody is
let in. Each page says that its cases are samples.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from attackers import Loot, bare
from builders import duty_of, make_shares
from conftest import Clock
from flask import Flask
from people import Administrator, Officer, Person, Reporter, link_on
from sqlalchemy import event
from sqlalchemy.orm import Session

from crypto import CryptoError, Identity
from crypto.case_key import LABEL_CASE_WRAP
from crypto.two_key_envelope import LABEL_OUTER_WRAP
from portal.administrators import give_administration
from portal.errors import EvaluatorAloneError
from portal.models import Person as PersonRow
from portal.roles import Role
from portal.sessions import Standing
from portal.settings import Settings
from portal.views.access import ACCESS, ANYONE

NewPerson = Callable[..., Administrator]
STORY = "Pungutan di loket tiga belas."
BAND = "Demonstration: every case here is a sample."
PAGES = ("/peraga/", "/peraga/cases/1", "/peraga/process")
OWN_PAGES = (*PAGES, "/office/account")
OF_CASES = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE) (?:cases|wraps|messages|attachments|steps)\b"
)


def evaluator(new_officer: NewPerson) -> Administrator:
    """Tono, of an evaluating body, who reads English."""
    person = new_officer("Tono Wibowo", role=Role.EVALUATOR)
    person.get("/?lang=en")
    return person


def at_the_office() -> list[str]:
    """The endpoints of people at work that are not for evaluators."""
    open_to = {Role.EVALUATOR, *Standing}
    return sorted(
        name for name, who in ACCESS.items() if who is not ANYONE and not who & open_to
    )


def addresses(app: Flask, case_id: str) -> dict[str, str]:
    """An address of each of those endpoints, of a case that is there."""
    filled = {"case_id": case_id, "person_id": case_id, "file_id": case_id}
    return {
        rule.endpoint: re.sub(
            r"<(?:\w+:)?(\w+)>", lambda found: filled.get(found[1], "1"), rule.rule
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint in at_the_office()
    }


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that the portal sends to its database meanwhile."""
    engine, sent = app.extensions["lurus"].database.engine, []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_an_administrator_invites_an_evaluator_who_sees_samples_alone(
    reporter: Reporter, new_officer: NewPerson, clock: Clock
) -> None:
    reporter.hand_in(STORY)
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    day = {"admitted_until": "6 Januari 2027"}
    invited = budi.invite("Tono Wibowo", clock.timestamp, "evaluator", **day)
    tono = Administrator(reporter.app)
    tono.enrol(link_on(invited), clock.timestamp)

    first = tono.log_in(clock.timestamp)

    assert first.response.headers["Location"] == "/peraga/"
    shown = [tono.get(path).html for path in PAGES]
    assert [page for page in shown if "loket tiga belas" in page] == []
    assert "Uang map di loket kenaikan pangkat" in shown[0]


def test_sample_cases_stand_in_the_order_of_an_officers_list(
    new_officer: NewPerson,
) -> None:
    listed = evaluator(new_officer).get("/peraga/").text

    hunted, silent, closed = "dikucilkan dan dihina", "Honor narasumber", "Uang map"
    assert listed.index(hunted) < listed.index(silent) < listed.index(closed)
    assert "urgent" in listed
    assert "Opened to the keeper" in listed


def test_every_page_of_an_evaluator_says_that_its_cases_are_samples(
    new_officer: NewPerson,
) -> None:
    tono = evaluator(new_officer)

    pages = {path: tono.get(path) for path in OWN_PAGES}

    assert {path for path, page in pages.items() if BAND not in page.text} == set()
    assert {page.status_code for page in pages.values()} == {200}


def test_no_page_of_an_evaluator_asks_for_a_row_of_cases(
    reporter: Reporter, new_officer: NewPerson
) -> None:
    reporter.hand_in(STORY)
    tono = evaluator(new_officer)

    with statements(reporter.app) as sent:
        for path in PAGES:
            tono.get(path)

    assert len(sent) >= len(PAGES)
    assert [one for one in sent if OF_CASES.search(one)] == []


def test_sample_cases_do_not_change_with_what_is_handed_in(
    reporter: Reporter, new_officer: NewPerson
) -> None:
    tono = evaluator(new_officer)
    before = [bare(tono.get(path)) for path in PAGES]

    reporter.hand_in(STORY)
    reporter.hand_in(STORY, category="SUAP")

    assert [bare(tono.get(path)) for path in PAGES] == before


def test_every_page_of_people_at_work_is_closed_to_an_evaluator(
    reporter: Reporter, officer: Officer, new_officer: NewPerson
) -> None:
    reporter.hand_in(STORY)
    (case,) = officer.case_paths()
    tono = evaluator(new_officer)
    there = addresses(reporter.app, case.rpartition("/")[2])
    nowhere = addresses(reporter.app, "0" * 32)

    gets = {name: tono.get(path) for name, path in there.items()}
    others = {name: tono.get(path) for name, path in nowhere.items()}

    assert len(gets) > 60
    assert {page.status_code for page in gets.values()} <= {303, 404}
    assert {
        name
        for name in gets
        if gets[name].response.data != others[name].response.data
        if gets[name].status_code == 303
    } == set()


def test_no_form_of_people_at_work_is_taken_from_an_evaluator(
    reporter: Reporter, officer: Officer, new_officer: NewPerson, settings: Settings
) -> None:
    reporter.hand_in(STORY)
    (case,) = officer.case_paths()
    tono = evaluator(new_officer)
    before = Loot.of(settings.instance)

    answers = [
        tono.post(path, {"csrf_token": tono.form_key(path), "text": "Isian."})
        for path in addresses(reporter.app, case.rpartition("/")[2]).values()
    ]

    assert {page.status_code for page in answers} <= {403, 404}
    assert Loot.of(settings.instance) == before


def test_nothing_is_ever_sealed_to_an_evaluator(
    session: Session, reporter: Reporter, new_officer: NewPerson, clock: Clock
) -> None:
    reporter.hand_in(STORY)
    tono = evaluator(new_officer)
    make_shares(session)
    tono.log_in(clock.timestamp)
    reporter.hand_in(STORY)
    new_officer("Sri Lestari", role=Role.CUSTODIAN)

    loot = Loot.of(reporter.app.extensions["lurus"].settings.instance)

    (row,) = [one for one in loot.tables["people"] if one["is_evaluator"]]
    assert row["id"] not in loot.column("wraps", "holder_id")
    assert row["id"] not in loot.column("key_hand_overs", "receiver_id")
    assert row["recovery_wrap"] is row["signing_key"] is row["opened_keys"] is None


def test_all_secrets_of_an_evaluator_with_the_database_open_nothing(
    session: Session, reporter: Reporter, new_officer: NewPerson, settings: Settings
) -> None:
    new_officer("Sri Lestari", role=Role.CUSTODIAN)
    reporter.hand_in(STORY)
    evaluator(new_officer)
    loot = Loot.of(settings.instance)
    mine = duty_of(session, "Tono Wibowo").identity
    rinas = duty_of(session, "Rina Wulandari").identity

    assert opened_by(mine, loot) == []
    # The same attempts with an officer's secrets do open: they are no empty ones.
    assert len(opened_by(rinas, loot)) == 1


def opened_by(identity: Identity, loot: Loot) -> list[str]:
    """Return which wraps open, at whatever place behind a lock's head they stand."""
    return [
        row["purpose"]
        for row in loot.tables["wraps"]
        for start in (0, 1, 65)
        for label in (LABEL_CASE_WRAP, LABEL_OUTER_WRAP)
        for holder in loot.column("people", "id")
        if opens(identity, row["wrap"][start:], label, (row["case_id"], holder))
    ]


def opens(
    identity: Identity, wrap: bytes, label: bytes, context: tuple[bytes, bytes]
) -> bool:
    try:
        identity.unwrap(wrap, label=label, context=context)
    except CryptoError:
        return False
    return True


def test_after_the_last_day_nobody_is_let_in_and_sessions_are_over(
    new_officer: NewPerson, clock: Clock
) -> None:
    tono = evaluator(new_officer)
    clock.pass_by(days=30, hours=22 - clock.time.hour)
    last = tono.log_in(clock.timestamp)
    seen = tono.get("/peraga/")
    # Behind midnight; the session itself would go on for an hour.
    clock.pass_by(hours=3)

    over, again = tono.get("/peraga/"), tono.log_in(clock.timestamp)

    assert (last.response.headers["Location"], seen.status_code) == ("/peraga/", 200)
    assert over.response.headers["Location"].startswith("/office/login")
    assert again.status_code == 403


def test_the_refusal_after_the_last_day_is_that_of_a_wrong_code(
    new_officer: NewPerson, clock: Clock
) -> None:
    tono = evaluator(new_officer)
    known = tono.credentials
    wrong = bare(try_code(tono, "000000"))
    clock.pass_by(days=31)
    known.step = clock.timestamp // 30 + 1

    assert bare(try_code(tono, known.secret.code(known.step))) == wrong


def try_code(person: Officer, code: str) -> object:
    stranger = Person(person.app)
    stranger.get("/?lang=en")
    known = person.credentials
    names = {"name": known.name, "passphrase": known.passphrase}
    stranger.send(stranger.get("/office/login"), "/office/login", **names)
    step = "/office/second-factor"
    return stranger.send(stranger.get(step), step, one_time_code=code)


def test_who_evaluates_is_never_anything_else(
    session: Session, new_officer: NewPerson, clock: Clock
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    evaluator(new_officer)
    me = duty_of(session, "Budi Santoso").person
    tono = duty_of(session, "Tono Wibowo").person
    today = clock().date()

    with pytest.raises(EvaluatorAloneError):
        give_administration(session, tono.id, me, today)

    page = budi.get(budi.path_of("Tono Wibowo"))
    assert "/administration" not in page.html
    assert session.get_one(PersonRow, tono.id).roles == {Role.EVALUATOR}


@pytest.mark.parametrize(
    ("roles", "until", "said"),
    [
        (["evaluator", "officer"], "1/1/2027", "Who evaluates has no other role here."),
        (["evaluator"], "", "Please type the last day"),
        (["evaluator"], "31 Februari 2027", "Please type the last day"),
        (["evaluator"], "6/12/2026", "From today on, and for a year at most."),
        (["evaluator"], "9/12/2027", "From today on, and for a year at most."),
    ],
)
def test_an_invitation_that_is_refused_keeps_what_was_typed(
    new_officer: NewPerson, clock: Clock, roles: list[str], until: str, said: str
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    budi.get("/?lang=en")

    page = budi.invite("Tono", clock.timestamp, *roles, admitted_until=until)

    assert page.status_code == 422
    assert said in page.text
    form = page.form("/admin/invite")
    assert (form.value("person_name"), form.value("admitted_until")) == ("Tono", until)


def test_log_ins_of_an_evaluator_are_on_record_like_those_of_others(
    new_officer: NewPerson, clock: Clock
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    budi.get("/?lang=en")
    tono = evaluator(new_officer)
    tono.send(tono.get("/peraga/"), "/office/logout")

    record = budi.get("/admin/audit?person=Tono Wibowo").text

    for act in ("invited somebody", "enrolled", "logged in", "logged out"):
        assert act in record
