"""Hand-over: when officers first see a case, and a reporter's later message.

What a reporter hands in waits for the next hour of hand-over. Who watches the
list then learns that something came in since the last one, and not when; what
waits is handed over in the order of random ids. Nothing but a bit is stored.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import Case, Message
from portal.statuses import CaseStatus

IMMEDIATE = "immediate"
"""In place of hours: officers see at once what comes in."""

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

LOT_SIZE = 200
"""Cases handed over at a time."""

# Every case that waits has a message that waits: its report.
_LOT = (
    select(Message.case_id)
    .where(~Message.is_handed_over)
    .group_by(Message.case_id)
    .order_by(Message.case_id)
    .limit(LOT_SIZE)
)


@dataclass(frozen=True)
class HandOverHours:
    """The times of every day at which officers get what came in; none: at once."""

    hours: tuple[dt.time, ...]

    @classmethod
    def parse(cls, words: Sequence[str]) -> Self:
        """Read ``08:00`` and its like, or the one word ``immediate``.

        Raises:
            ValueError: no hour at all, one twice, or something else among them.
        """
        if tuple(words) == (IMMEDIATE,):
            return cls(())
        if not words or len(set(words)) < len(words):
            raise ValueError
        if not all(_HOUR.fullmatch(word) for word in words):
            raise ValueError
        return cls(tuple(sorted(map(dt.time.fromisoformat, words))))

    @property
    def are_immediate(self) -> bool:
        """Tell whether nothing waits."""
        return not self.hours

    def slot(self, now: dt.datetime) -> str:
        """Return the last hand-over that is due at *now*: its day and hour."""
        if self.are_immediate:
            # Due once: what still waits from before is handed over.
            return IMMEDIATE
        passed = [hour for hour in self.hours if hour <= now.time()]
        day = now.date() if passed else now.date() - dt.timedelta(days=1)
        hour = (passed or self.hours)[-1]
        return f"{day.isoformat()} {hour:%H:%M}"


def hand_over(session: Session) -> bool:
    """Hand over a lot of what waits, and tell whether that was all.

    Call it inside a transaction. A lot is small, so that nobody waits long behind it
    after a flood; it is taken by random case ids, so its order is no order of arrival.
    A case waits for an officer from the message on that is handed over, whatever an
    officer wrote meanwhile.
    """
    lot = session.scalars(_LOT).all()
    these = Message.case_id.in_(lot) & ~Message.is_handed_over
    session.execute(update(Message).where(these).values(is_handed_over=True))
    session.execute(
        update(Case)
        .where(Case.id.in_(lot))
        .values(
            is_handed_over=True,
            # A withdrawn report asks for nothing any more.
            is_answered=Case.is_answered & (Case.status == CaseStatus.WITHDRAWN.value),
        )
    )
    return len(lot) < LOT_SIZE
