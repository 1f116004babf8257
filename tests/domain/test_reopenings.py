"""Closing a case and taking it up again buys officers no time, but once."""

import datetime as dt

import pytest
from at_custody import AtCustody, escalate
from builders import (
    RULES,
    TODAY,
    add_custodian,
    add_officer,
    case_in,
    for_officer,
    for_reporter,
    gate_of,
    move,
    the_case,
)
from sqlalchemy.orm import Session

from crypto import CaseCode, NoticeKind
from portal import acts, troubles
from portal.cases import Duty, read_steps
from portal.courses import Course, find_day_if_reopened
from portal.deadlines import Deadline, DeadlineKind
from portal.moves import find_course
from portal.objections import ask_custodians
from portal.statuses import CaseStatus
from portal.troubles import Telling

OUTCOME = dt.timedelta(days=RULES.feedback_days)


def after(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def due_on(session: Session, code: CaseCode) -> dt.date:
    return the_case(session, code).due_on


def close_and_reopen(
    session: Session, code: CaseCode, rina: Duty, *days: int
) -> list[dt.date]:
    """Let officers do so on each of those days; return what they owe then."""
    owed = []
    for one in days:
        move(session, code, rina, "closed", today=after(one))
        move(session, code, rina, "addressed", today=after(one))
        owed.append(due_on(session, code))
    return owed


def given_back(session: Session, *, days: int = 7) -> tuple[CaseCode, Duty, Duty]:
    """Return a case that Sri, asked by its reporter, gave back to Rina's office."""
    rina, sri = add_officer(session), add_custodian(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    ask(session, code, sri)
    AtCustody(session, code, sri).give_back(days=days)
    return code, rina, sri


def ask(session: Session, code: CaseCode, sri: Duty, today: dt.date = TODAY) -> None:
    ask_custodians(
        *(session, for_reporter(session, code), "Tolong dilihat.", {sri.person.id}),
        windows=frozenset(),
        rules=RULES,
        gate=gate_of(session),
        today=today,
    )


def hunted(session: Session, code: CaseCode, today: dt.date = TODAY) -> None:
    troubles.tell(
        *(session, for_reporter(session, code), Telling(NoticeKind.HUNT)),
        windows=code.windows(),
        rules=RULES,
        gate=gate_of(session),
        today=today,
    )


def answer(
    session: Session, code: CaseCode, rina: Duty, today: dt.date = TODAY
) -> None:
    opened = for_officer(session, code, rina)
    acts.answer(session, opened, rina, "Ya.", seen="", rules=RULES, today=today)


def test_officers_count_anew_once_and_then_owe_what_they_owed_before(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)

    owed = close_and_reopen(session, code, rina, 80, 85, 160)

    assert owed == [after(80) + OUTCOME] * 3


def test_what_is_past_is_overdue_at_once_and_opens_to_the_custodian(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)

    close_and_reopen(session, code, rina, 80, 200)
    escalate(session, after(201))

    assert find_course(session, the_case(session, code)).escalated_on == after(201)
    assert AtCustody(session, code, sri).opened


def test_a_day_that_a_custodian_set_is_not_closed_away(session: Session) -> None:
    code, rina, _sri = given_back(session)

    owed = close_and_reopen(session, code, rina, 0, 3, 40)

    assert owed == [after(7)] * 3


def test_a_custodian_who_takes_it_up_again_lets_days_count_anew_each_time(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = case_in(session, rina, CaseStatus.CLOSED)

    for day in (10, 20):
        ask(session, code, sri, after(day))
        AtCustody(session, code, sri, after(day)).move("addressed", None, "")
        assert due_on(session, code) == after(day) + OUTCOME
        move(session, code, rina, "closed", today=after(day))

    kinds = [step.kind for step in read_steps(session, the_case(session, code).id)]
    at = kinds.index("returned")
    assert kinds[at : at + 3] == ["returned", "addressed", "reviewed"]


def test_what_a_custodian_took_up_again_officers_do_not_count_anew(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = case_in(session, rina, CaseStatus.CLOSED)
    ask(session, code, sri)
    AtCustody(session, code, sri).move("addressed", None, "")

    owed = close_and_reopen(session, code, rina, 60)

    assert owed == [TODAY + OUTCOME]


def test_once_somebody_is_protected_the_day_that_was_set_counts_again(
    session: Session,
) -> None:
    code, rina, _sri = given_back(session, days=20)

    hunted(session, code)
    case = the_case(session, code)
    course = Course.of(read_steps(session, case.id))
    ahead, pressing = course.ahead(case, RULES), case.due_on
    answer(session, code, rina, after(1))

    assert pressing == after(1)
    assert ahead == (
        Deadline(DeadlineKind.PROTECT, after(1)),
        Deadline(DeadlineKind.FEEDBACK, after(20)),
    )
    assert due_on(session, code) == after(20)


def test_trouble_told_of_what_is_over_moves_no_day_that_was_set(
    session: Session,
) -> None:
    code, rina, _sri = given_back(session, days=20)
    move(session, code, rina, "closed")
    hunted(session, code)

    move(session, code, rina, "addressed", today=after(2))

    assert due_on(session, code) == after(20)


@pytest.mark.parametrize("times", [0, 1])
def test_who_takes_it_up_again_is_told_before_what_will_be_owed(
    session: Session, times: int
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    close_and_reopen(session, code, rina, *([30] * times))
    move(session, code, rina, "closed", today=after(50))

    case = the_case(session, code)
    steps = read_steps(session, case.id)
    told = find_day_if_reopened(case, steps, RULES, after(50))
    anew = find_course(session, case).may_count_anew
    move(session, code, rina, "addressed", today=after(50))

    assert told == due_on(session, code)
    assert anew is (told == after(50) + OUTCOME)
