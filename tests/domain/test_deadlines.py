"""Due days: working days and calendar days from the day of handing in."""

import datetime as dt

import pytest
from builders import RULES
from hypothesis import given
from hypothesis import strategies as st

from portal.deadlines import DeadlineKind, DeadlineRules, kind_of
from portal.working_days import WorkingDays

MONDAY = dt.date(2026, 12, 7)
OFFICERS = list(DeadlineKind)[:4]
LEAVE = frozenset({dt.date(2026, 12, 8), dt.date(2026, 12, 9), dt.date(2026, 12, 10)})


def test_a_report_has_four_deadlines() -> None:
    due = {deadline.kind: deadline.day for deadline in RULES.all_for(MONDAY)}

    assert due == {
        DeadlineKind.ACKNOWLEDGE: dt.date(2026, 12, 10),
        DeadlineKind.VERIFY: dt.date(2026, 12, 21),
        DeadlineKind.FIRST_ANSWER: dt.date(2027, 1, 6),
        DeadlineKind.FEEDBACK: dt.date(2027, 3, 7),
    }


@pytest.mark.parametrize("kind", OFFICERS)
def test_a_due_day_tells_what_is_due(kind: DeadlineKind) -> None:
    day = RULES.day_of(kind, MONDAY)

    assert kind_of(RULES, MONDAY, day) is kind


def test_nothing_is_due_on_another_day() -> None:
    assert kind_of(RULES, MONDAY, MONDAY) is None


def test_a_holiday_and_collective_leave_are_no_working_days() -> None:
    rules = DeadlineRules(3, 10, 30, 90, WorkingDays("ID", LEAVE))
    before_christmas = dt.date(2026, 12, 23)

    assert RULES.day_of(DeadlineKind.ACKNOWLEDGE, before_christmas) == dt.date(
        2026, 12, 29
    )
    assert rules.day_of(DeadlineKind.ACKNOWLEDGE, MONDAY) == dt.date(2026, 12, 15)


def test_who_says_that_somebody_is_after_them_is_owed_something_next_working_day() -> (
    None
):
    friday = MONDAY + dt.timedelta(days=4)

    assert RULES.protect_day(friday) == MONDAY + dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("kind", "due_on", "opens_on"),
    [
        # Seven calendar days after handing in.
        (DeadlineKind.ACKNOWLEDGE, "2026-12-10", "2026-12-14"),
        # Never before the deadline itself has passed.
        (DeadlineKind.ACKNOWLEDGE, "2026-12-18", "2026-12-19"),
        (DeadlineKind.VERIFY, "2026-12-21", "2026-12-23"),
        (DeadlineKind.VERIFY, "2026-12-23", "2026-12-28"),  # over Christmas
        (DeadlineKind.FEEDBACK, "2027-03-07", "2027-03-12"),  # Nyepi, Lebaran
    ],
)
def test_what_is_missed_opens_when_its_grace_has_passed(
    kind: DeadlineKind, due_on: str, opens_on: str
) -> None:
    day = RULES.opening_day(kind, MONDAY, dt.date.fromisoformat(due_on))

    assert day == dt.date.fromisoformat(opens_on)


@given(today=st.dates(dt.date(2020, 1, 1), dt.date(2100, 1, 1)))
def test_the_last_day_without_grace_left_is_the_one_that_opens_by_today(
    today: dt.date,
) -> None:
    last = RULES.last_without_grace(today)
    next_day = last + dt.timedelta(days=1)

    assert RULES.opening_day(DeadlineKind.VERIFY, MONDAY, last) <= today
    assert RULES.opening_day(DeadlineKind.VERIFY, MONDAY, next_day) > today
