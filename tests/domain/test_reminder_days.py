"""A reminder waits some days, and never so long that nothing can be mended."""

import datetime as dt

import pytest

from portal.errors import GiftTooLateError
from portal.reminder_days import DelayRules, find_days, find_gift_days
from portal.working_days import WorkingDays

RULES = DelayRules(3, 14)
DAYS = WorkingDays.parse("ID", [])
MONDAY = dt.date(2026, 7, 6)
"""Five weeks without a holiday begin here; the seventeenth of August is one."""
LIMIT = 30
MANY = range(300)


def gift_days(received_on: dt.date | None, today: dt.date = MONDAY):
    return find_gift_days(DAYS, RULES, received_on, LIMIT, today)


def before(count: int) -> dt.date:
    """Return a day of receipt that leaves *count* working days, today counted."""
    return DAYS.add(MONDAY, count - 1 - LIMIT)


def test_the_first_day_is_drawn_among_the_working_days_of_the_delay() -> None:
    days = find_days(DAYS, RULES, MONDAY)
    drawn = {days.draw().first for _ in MANY}

    assert drawn == set(days.candidates)
    assert days.candidates[0] == dt.date(2026, 7, 9)
    assert days.candidates[-1] == dt.date(2026, 7, 20)
    assert all(DAYS.is_working(day) for day in days.candidates)


def test_officers_have_two_more_working_days() -> None:
    days = find_days(DAYS, DelayRules(4, 4), MONDAY)

    assert days.draw().first == dt.date(2026, 7, 10)
    assert days.draw().last == dt.date(2026, 7, 14)


def test_what_is_drawn_lies_in_the_window_that_was_shown() -> None:
    days = find_days(DAYS, RULES, MONDAY)
    drawn = [days.draw() for _ in MANY]

    assert {one.first for one in drawn} <= set(days.candidates)
    assert min(one.first for one in drawn) == days.window.first
    assert max(one.last for one in drawn) == days.window.last


def test_where_all_days_are_free_it_is_the_next_working_day() -> None:
    days = find_days(DAYS, DelayRules(5, 6), MONDAY)

    assert days.candidates == (dt.date(2026, 7, 13),)


def test_a_gift_of_today_waits_as_long_as_anything() -> None:
    assert gift_days(MONDAY).candidates == find_days(DAYS, RULES, MONDAY).candidates


@pytest.mark.parametrize("left", range(12, 31))
def test_seven_working_days_remain_after_delivery(left: int) -> None:
    received_on = before(left)
    last = DAYS.add(received_on, LIMIT)
    drawn = [gift_days(received_on).draw() for _ in MANY]

    assert min(DAYS.count_between(one.last, last) for one in drawn) >= 7
    assert min(one.first for one in drawn) >= MONDAY + dt.timedelta(days=3)
    assert max(one.last for one in drawn) <= gift_days(received_on).window.last


@pytest.mark.parametrize("left", [3, 4, 7, 8, 10])
def test_where_waiting_would_eat_the_remedy_it_goes_on_the_next_working_day(
    left: int,
) -> None:
    tomorrow = MONDAY + dt.timedelta(days=1)
    drawn = gift_days(before(left)).draw()

    assert (drawn.first, drawn.last) == (tomorrow, tomorrow)


def test_the_next_working_day_is_no_saturday() -> None:
    friday = dt.date(2026, 7, 10)
    received_on = DAYS.add(friday, 4 - LIMIT)

    assert gift_days(received_on, friday).draw().last == dt.date(2026, 7, 13)


def test_nobody_knows_the_day_so_it_goes_at_once() -> None:
    assert gift_days(None).draw().last == dt.date(2026, 7, 7)


@pytest.mark.parametrize("left", [0, 1, 2])
def test_under_three_working_days_there_is_no_reminder(left: int) -> None:
    with pytest.raises(GiftTooLateError) as refused:
        gift_days(before(left))

    assert refused.value.left == left


def test_three_working_days_are_enough_for_one() -> None:
    assert gift_days(before(3)).candidates
