"""Working days: real holidays, what an agency lists, and years nobody knows yet."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.working_days import WorkingDays

INDONESIA = WorkingDays("ID")
LEAVE = ("2026-12-24", "2026-12-31")
WITH_LEAVE = WorkingDays.parse("ID", LEAVE)
DECREE_OF_2027 = ("2027-03-09", "2027-03-11", "2027-03-12", "2027-05-18")
"""As if the feast came a day later than was estimated."""

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
COUNTS = st.integers(1, 60)
CALENDARS = st.sampled_from([INDONESIA, WITH_LEAVE, WorkingDays("SA")])


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "holiday",
    [
        *("2026-01-01", "2026-02-17", "2026-03-19", "2026-04-03", "2026-05-14"),
        *("2026-06-01", "2026-08-17", "2026-08-25", "2026-12-25", "2027-01-05"),
        *("2027-03-08", "2027-03-26", "2027-05-06", "2027-08-17"),
    ],
)
def test_nobody_works_on_a_holiday_of_indonesia(holiday: str) -> None:
    assert day(holiday).weekday() < 5
    assert not INDONESIA.is_working(day(holiday))


@pytest.mark.parametrize("free", ["2026-11-28", "2026-11-29", "2027-08-15"])
def test_nobody_works_at_a_weekend(free: str) -> None:
    assert not INDONESIA.is_working(day(free))


@pytest.mark.parametrize("busy", ["2026-11-26", "2026-12-24", "2027-01-04"])
def test_every_other_weekday_is_a_working_day(busy: str) -> None:
    assert INDONESIA.is_working(day(busy))


def test_collective_leave_is_what_the_agency_lists() -> None:
    assert INDONESIA.is_working(day("2026-12-24"))
    assert not WITH_LEAVE.is_working(day("2026-12-24"))


def test_no_year_is_put_off_by_leave() -> None:
    """Who runs the machine could keep a missed day from opening a case by it."""
    months = [f"{year}-{month:02}" for year in (2026, 2027) for month in (3, 4)]
    days = [f"{month}-{at:02}" for month in months for at in range(1, 21)]

    assert len(WorkingDays.parse("ID", days).collective_leave) == 80
    with pytest.raises(ValueError, match="2027-05-01"):
        WorkingDays.parse("ID", [*days, "2027-05-01"])


@pytest.mark.parametrize(
    ("came_in", "count", "last"),
    [
        ("2026-11-26", 10, "2026-12-10"),
        # Christmas, New Year and the ascension of the Prophet lie between.
        ("2026-11-26", 30, "2027-01-12"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-03-17", 1, "2026-03-18"),
        # The day of silence and the feast; Friday the 20th is no holiday by itself.
        ("2026-03-18", 2, "2026-03-23"),
        ("2026-11-26", 0, "2026-11-26"),
        ("2026-12-28", -2, "2026-12-23"),
    ],
)
def test_days_are_counted_as_a_clerk_counts_them(
    came_in: str, count: int, last: str
) -> None:
    assert INDONESIA.add(day(came_in), count) == day(last)


def test_leave_moves_the_last_day() -> None:
    assert WITH_LEAVE.add(day("2026-11-26"), 30) == day("2027-01-14")


def test_a_fixed_year_is_known() -> None:
    assert INDONESIA.is_known(2026)
    assert INDONESIA.estimated_in(2026) == ()


def test_a_year_with_estimated_holidays_is_not_known_and_counts_them() -> None:
    estimated = INDONESIA.estimated_in(2027)

    assert not INDONESIA.is_known(2027)
    assert day("2027-03-10") in estimated
    assert not INDONESIA.is_working(day("2027-03-10"))


def test_what_the_agency_lists_of_a_year_stands_in_for_what_was_estimated() -> None:
    decreed = WorkingDays.parse("ID", DECREE_OF_2027)

    assert decreed.is_known(2027)
    assert decreed.estimated_in(2027) == ()
    assert decreed.is_working(day("2027-03-10"))
    assert not decreed.is_working(day("2027-03-11"))
    # What was fixed before stays as it is, and weekends stay weekends.
    assert not decreed.is_working(day("2027-03-08"))
    assert not decreed.is_working(day("2027-03-13"))
    assert not decreed.is_known(2028)


@pytest.mark.parametrize("year", [1, 1900, 2200, 9999])
def test_a_year_far_off_counts_weekdays_and_is_not_known(year: int) -> None:
    monday = dt.date(year, 3, 1)
    monday += dt.timedelta(days=-monday.weekday() % 7)

    assert not INDONESIA.is_known(year)
    assert INDONESIA.add(monday, 5) == monday + dt.timedelta(days=7)
    assert INDONESIA.count_between(monday, monday + dt.timedelta(days=6)) == 4


def test_the_calendar_ends() -> None:
    with pytest.raises(OverflowError):
        INDONESIA.add(dt.date.max, 1)
    with pytest.raises(OverflowError):
        INDONESIA.add(dt.date.min, -1)


def test_another_country_rests_on_other_days() -> None:
    friday = day("2026-11-27")

    assert INDONESIA.is_working(friday)
    assert not WorkingDays("SA").is_working(friday)


@pytest.mark.parametrize("country", ["", "XX", "id", "IDN", "Indonesia", "date"])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(ValueError, match=f"^{country}$"):
        WorkingDays.parse(country, ())


@pytest.mark.parametrize(
    "days", [["9 Maret"], ["20270309"], ["2027-02-30"], ["2027-03-09"] * 2, [""]]
)
def test_what_is_no_day_or_twice_is_refused(days: list[str]) -> None:
    with pytest.raises(ValueError, match=r"\[|day|month|isoformat"):
        WorkingDays.parse("ID", days)


def test_the_language_of_the_machine_changes_nothing() -> None:
    program = (
        "from portal.working_days import WorkingDays as W;"
        "print(W('ID').estimated_in(2027))"
    )

    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"LANG": language, "LANGUAGE": language[:2]},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for language in ("C", "id_ID.UTF-8", "en_US.UTF-8")
    }

    assert said == {f"{INDONESIA.estimated_in(2027)}\n"}
    assert INDONESIA.estimated_in(2027)


# The first look at a year reads it from the library.
@settings(deadline=None)
@given(CALENDARS, DAYS, COUNTS)
def test_adding_arrives_at_a_working_day_that_is_as_far_as_was_said(
    calendar: WorkingDays, start: dt.date, count: int
) -> None:
    end = calendar.add(start, count)

    assert calendar.is_working(end)
    assert calendar.count_between(start, end) == count


@settings(deadline=None)
@given(CALENDARS, DAYS, COUNTS)
def test_going_back_undoes_going_on(
    calendar: WorkingDays, start: dt.date, count: int
) -> None:
    working = calendar.on_or_after(start)

    assert calendar.add(calendar.add(working, count), -count) == working


@settings(deadline=None)
@given(CALENDARS, DAYS, DAYS, DAYS)
def test_counts_of_two_spans_in_a_row_add_up(
    calendar: WorkingDays, one: dt.date, two: dt.date, three: dt.date
) -> None:
    first, middle, last = sorted([one, two, three])
    count = calendar.count_between

    assert count(first, middle) + count(middle, last) == count(first, last)
    assert count(last, first) == 0


@settings(deadline=None)
@given(DAYS)
def test_the_next_working_day_is_the_first_that_is_not_before(start: dt.date) -> None:
    found = INDONESIA.on_or_after(start)

    assert INDONESIA.is_working(found)
    assert INDONESIA.count_between(start - dt.timedelta(days=1), found) == 1


@settings(deadline=None)
@given(DAYS, st.sets(DAYS, max_size=5))
def test_a_day_that_is_listed_is_never_a_working_day(
    start: dt.date, listed: set[dt.date]
) -> None:
    calendar = WorkingDays("ID", frozenset({start} | listed))

    assert not calendar.is_working(start)
