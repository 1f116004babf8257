"""Whose turn it is: the oldest half-year whose figures can be published."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import tallies
from portal.models import Installation
from portal.periods import Period

SETTLING_DAYS = 90
"""So long after its end a half-year waits: for objections, and what they lead to."""


@dataclass(frozen=True)
class Turn:
    """What can be published now, and when something can next."""

    periods: tuple[Period, ...]
    """The oldest half-year that is due, and its year where that is due as a whole."""
    next_on: dt.date
    """The day from which the oldest half-year can be published."""


def find_turn(session: Session, today: dt.date) -> Turn:
    """Return which half-year's turn it is."""
    public = tallies.list_public(session)
    # Rows that were lost, and tables made anew, are the doctor's to name.
    began = session.scalar(select(Installation.counted_since)) or today
    following = [one.next for one in public]
    first = max([Period.of(began), *following])
    due = [one for one in (first, first.whole_year) if _opens_on(one) <= today]
    is_halved = first.half != 1
    return Turn(tuple(due[:1] if is_halved else due), _opens_on(first))


def _opens_on(period: Period) -> dt.date:
    return period.last + dt.timedelta(days=SETTLING_DAYS + 1)
