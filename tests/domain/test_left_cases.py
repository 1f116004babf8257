"""A case that no officer can read: what officers would owe is the custodian's."""

import datetime as dt

from at_custody import AtCustody, escalate
from builders import (
    RULES,
    TODAY,
    add_custodian,
    add_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
    recuse_alone,
    the_case,
)
from sqlalchemy import update
from sqlalchemy.orm import Session

from crypto import CaseCode, Key, NoticeKind
from portal import acts, custody, readers, troubles
from portal.cases import Duty, read_steps
from portal.custody import CustodyLine
from portal.deadlines import DeadlineKind
from portal.models import Person
from portal.moves import find_course
from portal.troubles import Telling

MONDAY_AFTER = TODAY + dt.timedelta(days=7)


def left_case(session: Session) -> tuple[CaseCode, Duty, Duty]:
    """Return a case whose only reader has left it, with Sri and who was its reader."""
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    recuse_alone(session, code, rina, gate_of(session))
    return code, rina, sri


def hand_on(session: Session, code: CaseCode, sri: Duty, officer: Duty) -> None:
    readers.assign(
        *(session, AtCustody(session, code, sri).opened, sri, officer.person.id),
        reason="",
        seen="",
        secret=Key(bytes(32), sri.instance),
        gate=gate_of(session),
        today=TODAY,
    )


def line_of(session: Session, sri: Duty) -> CustodyLine:
    (line,) = custody.list_cases(session, sri)
    return line


def is_left(session: Session, code: CaseCode) -> bool:
    return find_course(session, the_case(session, code)).is_left


def test_until_an_officer_has_it_and_acts_the_custodian_must(session: Session) -> None:
    code, _rina, sri = left_case(session)
    joko = add_officer(session, "Joko Prasetyo")
    due_on = the_case(session, code).due_on
    before = line_of(session, sri)
    assert (before.owes, before.due_on) == (DeadlineKind.KEEPER, due_on)
    assert is_left(session, code)

    hand_on(session, code, sri, joko)

    assert line_of(session, sri).owes is DeadlineKind.ACKNOWLEDGE
    # Who reads stands nowhere that a reporter's code opens.
    assert is_left(session, code)
    move(session, code, joko, "acknowledged")
    assert not is_left(session, code)


def test_what_was_open_already_says_so_each_time_it_is_left(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    escalate(session, MONDAY_AFTER)

    recuse_alone(session, code, rina, gate_of(session))

    steps = read_steps(session, the_case(session, code).id)
    assert [step.kind for step in steps] == ["received", "escalated", "gate-off"]
    line = line_of(session, sri)
    assert (line.has_reader, line.since) == (False, MONDAY_AFTER)


def test_a_word_of_the_custodian_protects_where_no_officer_can_write(
    session: Session,
) -> None:
    code, _rina, sri = left_case(session)
    troubles.tell(
        *(session, for_reporter(session, code), Telling(NoticeKind.HUNT)),
        windows=code.windows(),
        rules=RULES,
        gate=gate_of(session),
        today=TODAY,
    )
    before = the_case(session, code)
    assert (before.is_urgent, before.due_on) == (True, RULES.protect_day(TODAY))

    when = {"seen": "", "rules": RULES, "today": TODAY}
    opened = AtCustody(session, code, sri).opened
    acts.answer(session, opened, sri, "Kami lindungi.", **when)

    case = the_case(session, code)
    assert not case.is_urgent
    assert case.due_on == RULES.day_of(DeadlineKind.ACKNOWLEDGE, TODAY)


def test_taken_up_again_for_nobody_it_is_the_custodians(session: Session) -> None:
    code, _rina, sri = left_case(session)
    AtCustody(session, code, sri).move("closed")

    AtCustody(session, code, sri).move("addressed", None, "")

    assert is_left(session, code)
    assert line_of(session, sri).owes is DeadlineKind.KEEPER
    AtCustody(session, code, sri).take_over()
    assert not is_left(session, code)


def test_a_reader_who_is_not_at_work_any_more_reads_nothing(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    hand_in(session, rina)
    escalate(session, MONDAY_AFTER)

    session.rollback()
    with session.begin():
        session.execute(
            update(Person).where(Person.is_officer).values(retired_on=TODAY)
        )

    assert line_of(session, sri).owes is DeadlineKind.KEEPER
