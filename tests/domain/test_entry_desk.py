"""An officer's list of sealed entries, and every other list, which knows nothing of them.

Somebody who leaves, changes a key or hands cases over does so whatever is held.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from builders import (
    TODAY,
    add_custodian,
    add_officer,
    for_officer,
    gate_of,
    hand_in,
    the_case,
)
from keeping import KEPT, keep, open_by_round, opening_of
from sqlalchemy import event
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import Identity
from portal import (
    custody,
    desk,
    entry_desk,
    going,
    key_hand_overs,
    leaving,
    new_keys,
    rotation,
    seen,
    taking_up,
)
from portal.cases import Duty
from portal.database import transaction
from portal.desk import Filters
from portal.entries import EntryKind
from portal.entry_desk import EntryPage
from portal.errors import NoSuchCaseError
from portal.handover import hand_over
from portal.logins import PassphraseGate
from portal.models import Case, Person
from portal.people import retire
from portal.statuses import CaseStatus

HOLD, QUESTION, PRAISE = EntryKind.HOLD, EntryKind.QUESTION, EntryKind.PRAISE


def listed(
    session: Session,
    duty: Duty,
    kind: EntryKind | None = None,
    after: bytes = b"",
    most: int = 50,
) -> EntryPage:
    session.expire_all()
    return entry_desk.list_entries(session, duty, kind, after=after, most=most)


def kinds(page: EntryPage) -> list[EntryKind | None]:
    return sorted(line.kind for line in page.lines if line.kind)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Gather what the database is asked."""
    asked: list[str] = []

    def note(_c: object, _k: object, text: str, *_rest: object) -> None:
        asked.append(text)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_an_officer_sees_what_can_be_opened_and_nothing_of_the_rest(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    for kind in KEPT:
        keep(session, kind, rina)
    hand_in(session, rina)

    assert kinds(listed(session, rina)) == sorted([QUESTION, PRAISE, "reminder"])
    assert listed(session, joko).lines == ()


def test_an_opened_hold_appears_and_is_new(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, HOLD, rina)
    assert listed(session, rina).lines == ()

    open_by_round(session, code, sri)

    (line,) = listed(session, rina).lines
    assert (line.kind, line.is_new, line.is_waiting) == (HOLD, True, True)
    seen.look(session, rina, line.case_id)
    assert not listed(session, rina).lines[0].is_new


def test_pages_follow_random_ids_and_filters_look_at_the_kind(
    session: Session,
) -> None:
    rina = add_officer(session)
    for kind in (QUESTION, PRAISE, HOLD) * 3:
        keep(session, kind, rina)

    found = [listed(session, rina, QUESTION, most=2)]
    while found[-1].next:
        found.append(listed(session, rina, QUESTION, found[-1].next, 2))

    ids = [line.case_id for page in found for line in page.lines]
    assert [len(page.lines) for page in found] == [2, 1]
    assert ids == sorted(ids)
    assert {line.kind for page in found for line in page.lines} == {QUESTION}


def test_the_second_look_unwraps_nothing_and_reads_no_envelope_of_what_is_held(
    session: Session,
) -> None:
    rina = add_officer(session)
    for _ in range(5):
        keep(session, HOLD, rina)
    listed(session, rina)

    with statements(session) as asked:
        listed(session, rina)

    assert not [text for text in asked if "wraps" in text or "summary" in text]


def test_what_waits_for_the_hand_over_is_not_listed(session: Session) -> None:
    rina = add_officer(session)
    keep(session, QUESTION, rina, at_once=False)
    assert listed(session, rina).lines == ()

    with transaction(session):
        hand_over(session)

    assert kinds(listed(session, rina)) == [QUESTION]


def test_no_list_of_cases_knows_anything_of_what_is_sealed(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    for kind in KEPT:
        code = keep(session, kind, rina)
    open_by_round(session, keep(session, HOLD, rina), sri)
    mine = for_officer(session, hand_in(session, rina), rina).case.id

    lists = [
        desk.list_cases(session, rina, filters).lines
        for filters in (Filters(), Filters(is_waiting=True), Filters(words="loket"))
    ]

    assert the_case(session, code).status == CaseStatus.SEALED
    assert [[line.case_id for line in lines] for lines in lists] == [[mine]] * 3
    sealed = Filters(status=CaseStatus.SEALED)
    assert desk.list_cases(session, rina, sealed).lines == ()
    assert going.list_going(session, rina, TODAY).lines == ()
    assert custody.list_cases(session, sri) == ()


def test_who_leaves_is_held_up_by_nothing_that_is_held(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    add_custodian(session)
    for kind in KEPT:
        keep(session, kind, rina)

    ids = [case.case_id for case in leaving.list_lonely(session, rina)]

    # At the door cases alone are counted: nothing is owed of an entry.
    assert leaving.count_lonely(session, rina) == 0
    assert {kind_of(session, one, rina) for one in ids} == {
        kind for kind in KEPT if kind.is_readable
    }
    key = gate_of(session)
    done = {"secret": key, "gate": key, "today": TODAY}
    assert leaving.hand_on(session, rina, joko.person.id, ids, **done) == 0
    assert leaving.list_lonely(session, rina) == ()
    retire(session, rina.person.name, TODAY)
    assert len(listed(session, joko).lines) == len(ids)


def kind_of(session: Session, case_id: bytes, duty: Duty) -> EntryKind:
    case = session.get_one(Case, case_id)
    line = next(line for line in listed(session, duty).lines if line.case_id == case.id)
    assert line.kind is not None
    return line.kind


def rotated(session: Session, duty: Duty) -> Duty:
    gate = PassphraseGate(CHEAPEST)
    rotation.begin(session, duty, "kapal-layar-ungu-menari", gate, TODAY)
    for _ in rotation.wrap_lots(session, duty, gate_of(session)):
        pass
    identity = rotation.finish(session, duty, TODAY, gate=gate_of(session))
    person = session.get_one(Person, duty.person.id)
    return Duty(person, identity, duty.instance)


@pytest.mark.parametrize("opened_before", [False, True])
def test_a_changed_key_opens_what_a_round_opens_later(
    session: Session, opened_before: bool
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code, note = keep(session, HOLD, rina), keep(session, EntryKind.NOTE, rina)
    if opened_before:
        open_by_round(session, code, sri)

    duty = rotated(session, rina)
    if not opened_before:
        open_by_round(session, code, sri)

    assert opening_of(session, code, duty).is_hold
    with pytest.raises(NoSuchCaseError):
        opening_of(session, note, duty)


def test_a_new_key_gets_a_dummy_of_what_is_held_and_is_given_it_once_it_is_open(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    sri = add_custodian(session)
    held, asked = keep(session, HOLD, rina, joko), keep(session, QUESTION, rina, joko)
    fresh = a_new_key(session, joko)
    end = fresh.identity.recipient.fingerprint()[-9:]
    key_hand_overs.begin(session, rina, fresh.person.id, end, TODAY)
    for _ in key_hand_overs.give_lots(session, rina, fresh.person.id):
        pass
    for _ in taking_up.take_up_lots(session, fresh, TODAY):
        pass

    assert opening_of(session, asked, fresh)
    open_by_round(session, held, sri)
    assert opening_of(session, held, rina)
    with pytest.raises(NoSuchCaseError):
        opening_of(session, held, fresh)


def a_new_key(session: Session, duty: Duty) -> Duty:
    """Let somebody who lost the passphrase set up anew."""
    identity = Identity.generate()
    ready = new_keys.prepare_dummies(session, duty.person, identity.recipient)
    with transaction(session):
        person = session.get_one(Person, duty.person.id)
        new_keys.forget_old_key(session, person)
        person.recipient = bytes(identity.recipient)
        new_keys.give_dummies(session, person, ready)
    return Duty(person, identity, duty.instance)
