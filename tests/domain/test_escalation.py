"""Escalation: what is missed, and stays missed, opens to the custodians, once for a day."""

import datetime as dt
import threading

import pytest
from at_custody import AtCustody, escalate
from builders import (
    AT_ONCE,
    RULES,
    TODAY,
    a_report,
    add_custodian,
    add_officer,
    for_officer,
    gate_of,
    hand_in,
    move,
    the_case,
    withdraw,
)
from keeping import keep
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import custody, missing_outers, outers, readers
from portal.acts import Move
from portal.audit import AuditAction
from portal.cases import Duty
from portal.database import open_database
from portal.entries import EntryKind
from portal.errors import NoSuchCaseError
from portal.escalation import Escalation
from portal.models import NO_DAY, AuditEntry, Step, Wrap
from portal.settings import Settings
from portal.statuses import CaseStatus
from portal.tending import Tender
from portal.trail import TrailFilters, list_trail

MONDAY_AFTER = TODAY + dt.timedelta(days=7)
"""A report of Monday that nobody has acknowledged opens on the next."""


def after(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def kinds(session: Session, code: CaseCode) -> list[str]:
    case = the_case(session, code)
    steps = select(Step.kind).where(Step.case_id == case.id).order_by(Step.number)
    return list(session.scalars(steps))


def opens(session: Session, code: CaseCode, sri: Duty) -> bool:
    try:
        return bool(AtCustody(session, code, sri).opened)
    except NoSuchCaseError:
        return False


@pytest.mark.parametrize(
    ("way", "eve"),
    [
        ((), 6),  # a week from handing in
        (("acknowledged",), 15),  # due on the 21st, and two working days
        # First answer: the 6th of January, and two working days.
        (("acknowledged", "more-information"), 31),
        # Outcome: the 7th of March, a Sunday; Nyepi, and Lebaran.
        (("acknowledged", "verified"), 94),
    ],
)
def test_each_deadline_opens_when_its_grace_has_passed_and_not_before(
    session: Session, way: tuple[str, ...], eve: int
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    for step in way:
        message = step == "verified"
        move(session, code, rina, Move(CaseStatus(step), "Ya.", "Ya." * message))

    escalate(session, after(eve))
    before = opens(session, code, sri)
    escalate(session, after(eve + 1))

    assert [before, opens(session, code, sri)] == [False, True]
    assert kinds(session, code)[-1] == "escalated"


def test_what_is_done_in_time_opens_nothing(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    move(session, code, rina, "acknowledged", today=after(7))

    escalate(session, MONDAY_AFTER)

    assert not opens(session, code, sri)
    assert "escalated" not in kinds(session, code)


def test_one_day_that_was_missed_leaves_one_step_however_often_the_clock_comes_by(
    session: Session,
) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)

    # After days without service, set back, and once more.
    for days in (40, 9, 41):
        escalate(session, after(days))

    assert kinds(session, code).count("escalated") == 1
    acts_of_clock = select(AuditEntry.act).where(AuditEntry.actor == "clock")
    assert list(session.scalars(acts_of_clock)) == ["opened to keepers"]


def test_the_record_tells_nobody_which_case_the_clock_opened(session: Session) -> None:
    """Neither a custodian whom it names, nor an officer who is administrator too."""
    rina, _sri = add_officer(session), add_custodian(session)
    hand_in(session, rina)

    escalate(session, after(9))

    seen = list_trail(session, TrailFilters(), sees_cases=True).entries[0]
    assert (seen.act, seen.case_id) == (AuditAction.ESCALATED, None)
    page = list_trail(session, TrailFilters(), sees_cases=False)
    assert AuditAction.ESCALATED not in [entry.act for entry in page.entries]


def test_the_next_day_that_is_missed_leaves_another(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    escalate(session, MONDAY_AFTER)
    move(session, code, rina, "acknowledged", today=MONDAY_AFTER)

    escalate(session, after(16))

    assert kinds(session, code).count("escalated") == 2
    assert opens(session, code, sri)


def test_a_sealed_entry_never_opens_so_nor_does_what_is_over(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    sealed = keep(session, EntryKind.HOLD, rina)
    gone = hand_in(session, rina)
    withdraw(session, gone)
    closed = hand_in(session, rina)
    for step in ("acknowledged", "closed"):
        move(session, closed, rina, step)

    escalate(session, after(365))

    assert the_case(session, sealed).due_on == NO_DAY
    assert [opens(session, one, sri) for one in (sealed, gone, closed)] == [False] * 3


def test_without_a_custodian_nothing_opens_and_nothing_says_so(
    session: Session,
) -> None:
    code = hand_in(session, add_officer(session))

    escalate(session, after(30))

    assert "escalated" not in kinds(session, code)


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_deletes_outers_hides_no_day_that_was_missed(
    session: Session, when: str
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    if when == "before":
        delete_outers(session)
    escalate(session, MONDAY_AFTER)
    if when == "after":
        delete_outers(session)

    case_id = the_case(session, code).id
    assert kinds(session, code).count("escalated") == 1
    assert is_missed(session, case_id, sri) == [True, True, True]
    outers.complete(session, rina, case_id, gate=gate_of(session))
    assert opens(session, code, sri)
    assert is_missed(session, case_id, sri) == [False, False, False]


def test_what_a_custodian_is_kept_from_or_was_given_is_not_missed(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    kept = hand_in(session, rina, report=a_report(custodian="no"))
    over = hand_in(session, rina)
    escalate(session, MONDAY_AFTER)
    for step in ("acknowledged", "not-actionable"):
        move(session, over, rina, step, today=MONDAY_AFTER)
    delete_outers_of = delete(Wrap).where(Wrap.case_id == the_case(session, over).id)
    session.rollback()
    with session.begin():
        session.execute(delete_outers_of)

    kept_id = the_case(session, kept).id

    assert is_missed(session, kept_id, sri) == [False, False, False]


def test_one_custodian_of_two_who_lacks_it_is_told_alone(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    agus = add_custodian(session, "Agus Salim")
    code = hand_in(session, rina)
    escalate(session, MONDAY_AFTER)

    delete_outers(session, sri.person.id)

    case_id = the_case(session, code).id
    assert is_missed(session, case_id, sri) == [True, False, False]
    assert is_missed(session, case_id, agus) == [False, False, False]


def is_missed(session: Session, case_id: bytes, sri: Duty) -> list[bool]:
    """Return what the custodian, the reporter and the doctor are told."""
    return [
        missing_outers.lacks_one(session, sri.person.id),
        missing_outers.is_out_of_reach(session, case_id),
        missing_outers.is_any_out_of_reach(session),
    ]


def delete_outers(session: Session, *holders: bytes) -> None:
    """Delete, with SQL, what stands ready for custodians: of all or of some."""
    session.rollback()
    theirs = delete(Wrap).where(Wrap.purpose.in_(("outer", "open")))
    if holders:
        theirs = theirs.where(Wrap.holder_id.in_(holders))
    with session.begin():
        session.execute(theirs)


def test_officers_change_readers_and_close_and_the_custodian_still_opens_it(
    session: Session,
) -> None:
    rina, sari = add_officer(session), add_officer(session, "Sari Utami")
    sri = add_custodian(session)
    code = hand_in(session, rina, sari)
    escalate(session, MONDAY_AFTER)

    for step in ("acknowledged", "not-actionable"):
        move(session, code, rina, step, today=MONDAY_AFTER)
    recuse(session, code, rina, sari)

    assert opens(session, code, sri)
    (line,) = custody.list_cases(session, sri)
    assert (line.is_escalated, line.since, line.owes) == (True, MONDAY_AFTER, None)


def recuse(session: Session, code: CaseCode, rina: Duty, whom: Duty) -> None:
    opened = for_officer(session, code, rina)
    why = {"reason": "Terkait.", "seen": "", "gate": gate_of(session)}
    readers.recuse(session, opened, rina, whom.person.id, **why, today=MONDAY_AFTER)


def test_who_is_kept_from_it_gets_another_dummy_when_outers_are_made_anew(
    session: Session,
) -> None:
    rina, sari = add_officer(session), add_officer(session, "Sari Utami")
    sri = add_custodian(session)
    agus = add_custodian(session, "Agus Salim")
    code = hand_in(session, rina, sari, report=a_report(who_name="Agus Salim"))
    escalate(session, MONDAY_AFTER)

    recuse(session, code, rina, sari)

    case_id = the_case(session, code).id
    wraps = select(Wrap.purpose).where(Wrap.case_id == case_id, Wrap.purpose != "case")
    assert list(session.scalars(wraps)) == ["open", "open"]
    assert [opens(session, code, one) for one in (sri, agus)] == [True, False]


def test_a_custodian_who_comes_later_is_given_it_at_an_officers_next_visit(
    session: Session,
) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    escalate(session, MONDAY_AFTER)
    agus = add_custodian(session, "Agus Salim")

    case_id = the_case(session, code).id
    outers.complete(session, rina, case_id, gate=gate_of(session))

    assert opens(session, code, agus)


def test_the_nearest_day_stands_first_and_a_keepers_own_before_officers(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    codes = [hand_in(session, rina, today=after(day)) for day in (2, 1, 0)]
    escalate(session, after(20))
    AtCustody(session, codes[0], sri, after(20)).take_over()

    listed = [line.case_id for line in custody.list_cases(session, sri)]

    assert listed == [the_case(session, codes[at]).id for at in (0, 2, 1)]


def test_two_workers_at_once_open_it_once(session: Session, settings: Settings) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    work = Escalation(RULES, gate_of(session))
    now = dt.datetime.combine(MONDAY_AFTER, dt.time(9), dt.UTC)
    start, done = threading.Barrier(2), []
    session.rollback()

    def tend() -> None:
        # A database of its own: as another process, not behind this one's lock.
        database = open_database(settings.instance)
        with database.sessions() as own:
            start.wait()
            done.append(Tender(AT_ONCE, escalation=work).tend(own, now))
        database.engine.dispose()

    workers = [threading.Thread(target=tend) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted("escalate" in one for one in done) == [False, True]
    assert kinds(session, code).count("escalated") == 1
