"""Due days: weekdays and calendar days from the day of handing in."""

import datetime as dt

import pytest
from builders import RULES
from hypothesis import given
from hypothesis import strategies as st

from portal.deadlines import DeadlineKind, add_weekdays, kind_of

MONDAY = dt.date(2026, 12, 7)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-12-07", 3, "2026-12-10"),  # Monday to Thursday
        ("2026-12-10", 3, "2026-12-15"),  # over a weekend
        ("2026-12-11", 1, "2026-12-14"),  # Friday to Monday
        ("2026-12-12", 1, "2026-12-14"),  # a Saturday counts as Friday does
        ("2026-12-13", 1, "2026-12-14"),
        ("2026-12-07", 10, "2026-12-21"),
        ("2026-12-30", 3, "2027-01-04"),
        ("2026-12-12", 0, "2026-12-12"),
    ],
)
def test_weekends_do_not_count(start: str, count: int, end: str) -> None:
    day = add_weekdays(dt.date.fromisoformat(start), count)

    assert day == dt.date.fromisoformat(end)


@given(
    start=st.dates(dt.date(2020, 1, 1), dt.date(2100, 1, 1)),
    count=st.integers(1, 60),
)
def test_so_many_weekdays_lie_between(start: dt.date, count: int) -> None:
    end = add_weekdays(start, count)
    days = [start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1)]

    assert sum(day.weekday() < 5 for day in days) == count
    assert end.weekday() < 5


def test_a_report_has_four_deadlines() -> None:
    due = {deadline.kind: deadline.day for deadline in RULES.all_for(MONDAY)}

    assert due == {
        DeadlineKind.ACKNOWLEDGE: dt.date(2026, 12, 10),
        DeadlineKind.VERIFY: dt.date(2026, 12, 21),
        DeadlineKind.FIRST_ANSWER: dt.date(2027, 1, 6),
        DeadlineKind.FEEDBACK: dt.date(2027, 3, 7),
    }


@pytest.mark.parametrize("kind", DeadlineKind)
def test_a_due_day_tells_what_is_due(kind: DeadlineKind) -> None:
    day = RULES.day_of(kind, MONDAY)

    assert kind_of(RULES, MONDAY, day) is kind


def test_nothing_is_due_on_another_day() -> None:
    assert kind_of(RULES, MONDAY, MONDAY) is None
