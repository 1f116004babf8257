"""A sealed entry: kept in the portal, and not a report.

Notes, holds, requests for a reminder, questions and words of praise are rows like any
other, so that nobody without a key tells one kind from another: one status word, no
due day, an outer for every custodian, and a day in it on which the entry ends.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from crypto import ReleaseRule
from portal.models import NO_DAY

CHECK_IN_DAYS = (30, 90)
"""So many days after its filing every sealed entry asks its writer the same."""

CHECK_IN_OPEN_DAYS = 7
"""So long officers may put a first question there."""


class EntryKind(StrEnum):
    """What somebody has the portal keep."""

    REPORT = "report"
    NOTE = "note"
    OWN_REMINDER = "own-reminder"
    """A note that its writer has spoken to the person."""
    HOLD = "hold"
    REMINDER = "reminder"
    """A request that an officer passes on a courtesy reminder."""
    QUESTION = "question"
    PRAISE = "praise"

    @property
    def is_readable(self) -> bool:
        """Tell whether officers whom its writer chose read it at once."""
        return self in _READABLE

    @property
    def is_for_writer_alone(self) -> bool:
        """Tell whether only its code opens it; it is kept for as long as it is renewed."""
        return self in _NOTES

    @property
    def has_fixed_end(self) -> bool:
        """Tell whether it ends on the day that others were told: names go with it."""
        return self is EntryKind.REMINDER


_NOTES = {EntryKind.NOTE, EntryKind.OWN_REMINDER}
_READABLE = {
    EntryKind.REPORT,
    EntryKind.REMINDER,
    EntryKind.QUESTION,
    EntryKind.PRAISE,
}


@dataclass(frozen=True)
class Entry:
    """How something is kept: what it is, and when it opens or ends."""

    kind: EntryKind
    rule: ReleaseRule
    """The rule that its outers hold."""
    day: dt.date
    """On which the rule opens or destroys it; `NO_DAY` for a report."""
    wanted: ReleaseRule | None = None
    """The rule that it gets with a slip; None: it needs none, or has it."""
    subject: str = ""
    """Canonical number of whom it is about; empty: nobody of the staff list."""
    is_short: bool = False
    """Whether what its writer answered lets it be held for thirty days at most."""

    @classmethod
    def report(cls) -> "Entry":
        """Return how a report is kept: for officers, and custodians after a deadline."""
        return cls(EntryKind.REPORT, ReleaseRule.DEADLINE, NO_DAY)

    @property
    def is_report(self) -> bool:
        """Tell whether officers owe something from the day on."""
        return self.kind is EntryKind.REPORT


def check_in_days(sealed_on: dt.date) -> tuple[dt.date, ...]:
    """Return the days from which an entry asks its writer how things are."""
    return tuple(sealed_on + dt.timedelta(days=days) for days in CHECK_IN_DAYS)


def next_writing_day(
    entry_day: dt.date, sealed_on: dt.date, today: dt.date
) -> dt.date | None:
    """Return from when officers may write to who filed a held entry; None: now.

    Between check-ins a question would tell that somebody else had named the same
    person; so it would on *entry_day* and after it, until a round has come by that
    opens such an entry, or ends it, without a match as well. The day of that round
    nobody knows: tomorrow at the earliest.
    """
    with_a_round = max(entry_day, today + dt.timedelta(days=1))
    for day in check_in_days(sealed_on):
        if today < day:
            return min(day, with_a_round)
        if today < day + dt.timedelta(days=CHECK_IN_OPEN_DAYS):
            return None
    return with_a_round
