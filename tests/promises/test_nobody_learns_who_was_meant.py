"""Of six people on a request nobody but its writer can tell who was meant."""

import json

from asking import MEANT, NAMES, add_staff, ask, compose_for, deliver, member
from attackers import Loot
from builders import (
    TODAY,
    add_custodian,
    add_officer,
    for_officer,
    gate_of,
    the_case,
)
from sqlalchemy.orm import Session

from crypto import open_outer, take_gate_off
from portal import conflicts, threads
from portal.cases import Duty
from portal.conflicts import Declaration
from portal.models import Wrap
from portal.note_sheets import NoteSheet
from portal.reader_sheets import ReaderSheet
from portal.settings import Settings
from portal.summaries import Summary
from portal.threads import Chain

ROUNDS = 40


def opened_texts(session: Session, code, duty: Duty) -> list[str]:
    """Return everything of a request that an officer can open, as text."""
    opened = for_officer(session, code, duty)
    case, key = opened.case, opened.key
    sheet = NoteSheet.unseal(case.note_sheet or b"", key.thread, case.id)
    thread = threads.read_handed_over(session, case.id, Chain.THREAD, key.thread)
    return [
        *(entry.plain.decode() for entry in thread),
        repr(Summary.unseal(case.summary, key, case.id)),
        repr(ReaderSheet.unseal(case.reader_sheet, key, case.id)),
        repr((sheet.kind, sheet.rule, sheet.day, sheet.wanted, sheet.readers)),
    ]


def test_all_that_an_officer_opens_names_six_alike(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)
    deliver(session, asked, rina)

    texts = opened_texts(session, asked.code, rina)

    names = [one.name for one in asked.request.people]
    assert {name: "".join(texts).count(name) for name in names} == dict.fromkeys(
        names, 1
    )
    said = json.loads(texts[0])
    assert set(said) == {"v", "category", "entry", "files", "reminder"}
    assert member(session).number not in "".join(texts)


def test_neither_place_nor_days_nor_readers_depend_on_who_is_meant(
    session: Session,
) -> None:
    """Two people with nothing in common give requests that look the same."""
    add_officer(session)
    add_staff(session)
    meant = {
        name: [compose_for(session, name) for _ in range(ROUNDS)] for name in NAMES[:2]
    }

    def places(name: str) -> set[int]:
        found = [c.report.addressees for c in meant[name]]
        return {[one.name for one in people].index(name) for people in found}

    assert places(NAMES[0]) == places(NAMES[1]) == set(range(6))
    sizes = [len(c.readers.readers) for one in meant.values() for c in one]
    assert set(sizes) == {1}


def test_a_conflict_shuts_out_for_anybody_of_the_six(session: Session) -> None:
    """An officer's brother on the list shuts the officer out, meant or drawn."""
    add_officer(session)
    joko = add_officer(session, "Joko Prasetyo")
    conflicts.declare(
        session, joko, Declaration(persons=(NAMES[1],)), gate_of(session), TODAY
    )
    add_staff(session)

    def is_shut_out(name: str) -> set[bool]:
        composed = (compose_for(session, name) for _ in range(ROUNDS))
        with_brother = (
            c for c in composed if NAMES[1] in {p.name for p in c.report.addressees}
        )
        return {bool(c.readers.others) for c in with_brother}

    assert is_shut_out(NAMES[1]) == is_shut_out(MEANT) == {True}


def test_a_custodian_with_the_gate_learns_no_subject(session: Session) -> None:
    add_officer(session)
    sri = add_custodian(session)
    add_staff(session)
    asked = ask(session)
    case = the_case(session, asked.code)

    wrap = session.get_one(Wrap, (case.id, sri.person.id, "outer"))
    opened = take_gate_off(
        wrap.wrap, gate_of(session), case_id=case.id, holder=sri.person.id
    )
    share = open_outer(opened, sri.identity, case_id=case.id, holder=sri.person.id)

    assert (share.rule, share.subject) == ("never", "")


def test_the_stored_rows_name_nobody_and_no_code(
    session: Session, settings: Settings
) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)
    deliver(session, asked, rina)

    loot = Loot.of(settings.instance).tables
    kept = repr({name: rows for name, rows in loot.items() if name != "staff"})

    assert asked.request.reply_code.reveal() not in kept
    assert not any(name in kept for name in NAMES)
    assert member(session).number not in kept


def test_nothing_that_a_writer_types_stands_on_the_leaflet(session: Session) -> None:
    """The request has no field for words: what could be typed is a choice or a day."""
    add_officer(session)
    add_staff(session)
    report = compose_for(session).report

    typed = {
        key: value
        for key, value in vars(report).items()
        if value and key not in {"category", "entry", "reminder"}
    }
    assert typed == {}
    assert report.reminder
    assert set(report.reminder.values()) == {
        *("template", "way", "people", "from", "by", "reply", "until", "mend_by"),
    }
