"""What a demo has counted and published: made-up tallies, sealed like all others."""

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Key
from portal import tallies
from portal.cases import Duty
from portal.database import transaction
from portal.figure_turns import SETTLING_DAYS
from portal.figures import publish
from portal.models import Installation
from portal.periods import Period
from portal.tallies import CaseGroup, Ending, Tally

ROUND_DAYS: Final = 7
ROUNDS: Final = 4
"""So many rounds take place in what is left of the half-year after the founding."""

_ID_SIZE: Final = 16
_REMINDERS: Final = 6
_FIRST = Tally(
    received=Period(1, 1),
    group=CaseGroup.MONEY,
    ending=Ending.PROVEN,
    is_acknowledged_in_time=True,
    is_answered_in_time=True,
    is_ended_in_time=True,
    first_answer=0,
    end=1,
    is_objected_to=False,
    is_of_retaliation=False,
    is_after_reminder=False,
)
_STAFF, _SERVICE, _OTHER = CaseGroup.STAFF, CaseGroup.SERVICE, CaseGroup.OTHER
_MADE_UP: tuple[tuple[int, dict[str, Any]], ...] = (
    (24, {}),
    (13, {"group": _STAFF, "ending": Ending.NOT_PROVEN, "end": 2}),
    (11, {"group": _STAFF, "ending": Ending.IMPROVED, "is_after_reminder": True}),
    (12, {"group": _SERVICE, "ending": Ending.NOT_PROVEN, "end": 0}),
    (4, {"group": _SERVICE, "ending": Ending.IMPROVED, "is_objected_to": True}),
    (
        2,
        {
            "group": _SERVICE,
            "ending": Ending.IMPROVED,
            "is_answered_in_time": False,
            "first_answer": 1,
            "end": 3,
        },
    ),
    (3, {"group": _OTHER, "ending": Ending.OTHERWISE, "end": 0}),
    (2, {"group": _OTHER, "ending": Ending.WITHDRAWN, "end": 0}),
)


def newest_due(today: dt.date) -> Period:
    """Return the half-year whose figures can be public since last."""
    settled = today - dt.timedelta(days=SETTLING_DAYS + 1)
    return Period.of(Period.of(settled + dt.timedelta(days=1)).first - dt.timedelta(1))


def founded_on(today: dt.date) -> dt.date:
    """Return a day so long before the end of that half-year that rounds took place."""
    return newest_due(today).last - dt.timedelta(days=ROUNDS * ROUND_DAYS - 1)


def round_days(today: dt.date) -> tuple[dt.date, ...]:
    """Return the days of those rounds."""
    first = founded_on(today)
    return tuple(first + dt.timedelta(ROUND_DAYS * week + 1) for week in range(ROUNDS))


def publish_made_up(
    session: Session, keepers: Sequence[Duty], gate: Key, today: dt.date
) -> Period:
    """Let what never was be counted, and a keeper make it public; return of when."""
    period = newest_due(today)
    with transaction(session):
        # The folder may be older or newer than what is played in it.
        session.scalars(select(Installation)).one().counted_since = period.first
        for words in _words(period):
            place = secrets.token_bytes(_ID_SIZE)
            tallies.put(session, place, period, words, gate)
    publish(
        *(session, keepers[0], period), gate=gate, every_days=ROUND_DAYS, today=today
    )
    return period


def _words(period: Period) -> Iterator[str]:
    for count, differing in _MADE_UP:
        yield from [str(replace(_FIRST, received=period, **differing))] * count
    yield from ["reminder"] * _REMINDERS
