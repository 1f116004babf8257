"""What a round makes of the outers that a custodian opened: nothing but rules.

It reads no database and holds no key, so that a round on another machine decides as
one on the portal's. Every rule stands here once.
"""

import datetime as dt
import hmac
from collections import Counter
from collections.abc import Iterable
from enum import IntEnum

from crypto import NO_SUBJECT, Found, ReleaseRule, RoundCounts, Share
from portal.models import NO_DAY


class Standing(IntEnum):
    """How an entry stands in a round."""

    WAITING = 0
    """Closed, and stays so; or kept from this custodian, which looks the same."""
    DUE = 1
    """Its day has come: it opens."""
    MATCHED = 2
    """Enough others name the same: it opens."""
    ENDED = 3
    """Its day has passed and opens nothing: it is destroyed unread."""
    LEFT_OPEN = 4
    """The same, but a round of before had opened it: only its writer's way in ends."""
    OPEN = 5
    """Opened by a round of before, and nobody has taken it up."""
    UNREADABLE = 6
    """Nothing here opens to this custodian behind this gate."""
    GONE = 7
    """Withdrawn, destroyed or taken up since it was read."""

    @property
    def opens(self) -> bool:
        """Tell whether officers can read the entry because of this round."""
        return self in _OPENING

    @property
    def is_done(self) -> bool:
        """Tell whether the round has something to do with it."""
        return self in _DOING


_OPENING = {Standing.DUE, Standing.MATCHED}
_DOING = {*_OPENING, Standing.ENDED, Standing.LEFT_OPEN}
_NAMING = {Standing.WAITING, Standing.DUE, Standing.OPEN}
"""What counts for others that name the same: closed or open, but not over."""


def judge(share: Share, mask: bytes, today: dt.date) -> Standing:
    """Return how an entry stands by itself; *mask*: of its row.

    On its day a rule still holds; the day after, what does not open on it is over,
    whoever else was named meanwhile: its writer was told so.
    """
    rule = ReleaseRule(share.rule)
    if rule is ReleaseRule.DEADLINE:
        return Standing.UNREADABLE  # of a report: no round's business
    day = dt.date.fromisoformat(share.date) if share.date else NO_DAY
    is_open = hmac.compare_digest(mask, share.share)
    if today > day and not rule.opens_on_date:
        return Standing.LEFT_OPEN if is_open else Standing.ENDED
    if is_open:
        return Standing.OPEN
    is_due = today >= day and rule.opens_on_date
    return Standing.DUE if is_due else Standing.WAITING


def decide(found: Iterable[Found]) -> list[Found]:
    """Return *found* with what others who name the same make of it."""
    entries = list(found)
    naming = Counter(one.subject for one in entries if is_naming(one))
    return [_decide(one, naming) for one in entries]


def is_naming(one: Found) -> bool:
    """Tell whether an entry counts for others that name the same."""
    return one.subject != NO_SUBJECT and one.standing in _NAMING


def count(decided: Iterable[Found]) -> RoundCounts:
    """Return how many entries came to what."""
    of = Counter(Standing(one.standing) for one in decided)
    return RoundCounts(
        waiting=of[Standing.WAITING],
        by_date=of[Standing.DUE],
        matched=of[Standing.MATCHED],
        ended=of[Standing.ENDED] + of[Standing.LEFT_OPEN],
        unanswered=of[Standing.OPEN],
        unreadable=of[Standing.UNREADABLE],
    )


def _decide(one: Found, naming: Counter[bytes]) -> Found:
    is_closed = one.wanted > 0 and one.standing == Standing.WAITING
    if is_closed and naming[one.subject] >= one.wanted:
        return one._replace(standing=Standing.MATCHED)
    return one
