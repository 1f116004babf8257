"""The clock set ahead or back: nothing daily is done until an administrator confirms it."""

import datetime as dt

import pytest
from builders import AT_ONCE, RETENTION, TODAY, acts_on_record, add_officer, shredder_of
from sqlalchemy.orm import Session
from trails import DAY, daily, folder_of

from portal.clock_guard import ClockGuard, confirm_clock
from portal.evaluation_days import FixedDays
from portal.evaluations import list_evaluations
from portal.ledger import list_sizes
from portal.shredding import Purge
from portal.tending import Tender

GUARD = ClockGuard(60)
DAILY = {"leaflets", "ledger", "purge", "evaluations"}


def tend(session: Session, day: dt.date) -> set[str]:
    """Do what is due on *day*, as a worker that has just started."""
    now = dt.datetime.combine(day, dt.time(9), dt.UTC)
    tender = Tender(
        AT_ONCE,
        purge=Purge(shredder_of(session), RETENTION),
        ledger=daily(session),
        fixed_days=FixedDays.parse(("03-31",)),
        guard=GUARD,
    )
    done: set[str] = set()
    while tender.has_more:
        done |= {*tender.tend(session, now)}
    return done


@pytest.mark.parametrize("days", [-1, 1, 30, 60])
def test_a_step_within_the_limit_is_believed(session: Session, days: int):
    tend(session, TODAY)

    tend(session, TODAY + days * DAY)

    assert GUARD.find_jump(session, TODAY + days * DAY) is None


@pytest.mark.parametrize("days", [-365, -2, 61, 365, 36_500])
def test_a_jump_stops_what_is_daily_and_nothing_else(session: Session, days: int):
    tend(session, TODAY)
    sizes, jumped = list_sizes(session), TODAY + days * DAY

    done = tend(session, jumped)

    jump = GUARD.find_jump(session, jumped)
    assert not done & DAILY
    assert jump.is_back is (days < 0)
    assert (jump.last, jump.today) == (TODAY, jumped)
    assert list_sizes(session) == sizes
    # Nothing is taken back from the register either: a century of days would stay.
    assert [one.due_on for one in list_evaluations(session)] == [dt.date(2027, 3, 31)]
    # The clock is right again, and nobody had to do anything.
    assert tend(session, TODAY + DAY) >= DAILY
    assert [day for day, _ in list_sizes(session)] == [TODAY]


def test_what_waits_is_done_once_it_is_confirmed(session: Session):
    keeper = add_officer(session)
    tend(session, TODAY + DAY)
    later = TODAY + 90 * DAY
    assert not tend(session, later) & DAILY

    confirm_clock(session, keeper, later)

    assert tend(session, later) >= DAILY
    assert len(list_sizes(session)) == 90
    assert acts_on_record(session)[-1] == "clock confirmed"


def test_a_clock_set_back_and_confirmed_writes_no_day_twice(session: Session):
    keeper = add_officer(session)
    tend(session, TODAY)
    tend(session, TODAY + 3 * DAY)
    before, back = list_sizes(session), TODAY - 10 * DAY

    confirm_clock(session, keeper, back)
    tend(session, back)
    tend(session, back + DAY)

    assert list_sizes(session) == before
    assert GUARD.find_jump(session, back + DAY) is None


def test_where_nothing_daily_was_done_yet_the_clock_is_believed(session: Session):
    assert folder_of(session).is_dir()
    assert GUARD.find_jump(session, TODAY + 9_999 * DAY) is None
