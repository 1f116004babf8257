"""How long an entry is held at most, and what its rule is."""

import datetime as dt
from enum import StrEnum

from crypto import ReleaseRule
from portal.entries import Entry, EntryKind
from portal.errors import DayOutOfReachError

MOST_DAYS = 365
"""No entry is kept longer without a word of its writer's."""

SHORT_DAYS = 30
"""Grave kinds are held so long at most, from the day of filing."""

FIRST_DAYS = 91
"""What a form proposes: three months, thirteen weeks."""


class Until(StrEnum):
    """What a held report waits for, as its writer chooses."""

    DATE = "date"
    MATCH_2 = "match-2"
    MATCH_3 = "match-3"


class Unmatched(StrEnum):
    """What becomes on its day of a report that waited for others in vain."""

    OPEN = "open"
    DESTROY = "destroy"


_RULES = {
    (Until.DATE, Unmatched.OPEN): ReleaseRule.DATE,
    (Until.DATE, Unmatched.DESTROY): ReleaseRule.DATE,
    (Until.MATCH_2, Unmatched.OPEN): ReleaseRule.MATCH_2,
    (Until.MATCH_2, Unmatched.DESTROY): ReleaseRule.MATCH_2_ONLY,
    (Until.MATCH_3, Unmatched.OPEN): ReleaseRule.MATCH_3,
    (Until.MATCH_3, Unmatched.DESTROY): ReleaseRule.MATCH_3_ONLY,
}


def hold_of(
    until: Until,
    unmatched: Unmatched,
    day: dt.date,
    subject: str,
    *,
    has_slip: bool,
    is_short: bool = False,
) -> Entry:
    """Return how a report is held; *subject*: a canonical staff number, or none.

    Without a slip it counts for its day alone: it opens then, or is destroyed.
    *is_short*: answers let it be held for thirty days at most.
    """
    rule = _RULES[(until, unmatched)]
    if not rule.is_match:
        return Entry(EntryKind.HOLD, rule, day, is_short=is_short)
    if has_slip:
        return Entry(EntryKind.HOLD, rule, day, None, subject, is_short)
    alone = ReleaseRule.DATE if rule.opens_on_date else ReleaseRule.NEVER
    return Entry(EntryKind.HOLD, alone, day, rule, subject, is_short)


def last_day(sealed_on: dt.date, today: dt.date, *, is_short: bool) -> dt.date:
    """Return the latest day that an entry may have; *is_short*: of a grave kind."""
    latest = today + dt.timedelta(days=MOST_DAYS)
    if not is_short:
        return latest
    return min(latest, sealed_on + dt.timedelta(days=SHORT_DAYS))


def check_day(
    day: dt.date, sealed_on: dt.date, today: dt.date, *, is_short: bool
) -> None:
    """Check that an entry may open or end on *day*.

    Raises:
        DayOutOfReachError: not after today, or too late.
    """
    if not today < day <= last_day(sealed_on, today, is_short=is_short):
        raise DayOutOfReachError


def renewed_day(day: dt.date, today: dt.date) -> dt.date:
    """Return twelve months from today; never earlier than before."""
    return max(day, today + dt.timedelta(days=MOST_DAYS))
