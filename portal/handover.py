"""Hand-over: when officers first see a case, and a reporter's later message.

What a reporter hands in waits for the next hour of hand-over. Who watches the
list then learns that something came in since the last one, and not when; what
waits is handed over in an order that is drawn. Nothing but a bit is stored.
"""

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import Case, Message
from portal.statuses import CaseStatus

IMMEDIATE = "immediate"
"""In place of hours: officers see at once what comes in."""

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

_Row = TypeVar("_Row")


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


def hand_over(session: Session) -> None:
    """Hand over all that waits; call it inside the transaction.

    A case waits for an officer from the message on that is handed over, whatever
    an officer wrote meanwhile.
    """
    waiting_cases = select(Case.id).where(~Case.is_handed_over)
    for case_id in _shuffled(session.scalars(waiting_cases).all()):
        _hand_over_case(session, case_id)
    waiting_messages = select(Message.case_id, Message.chain, Message.number)
    found = session.execute(waiting_messages.where(~Message.is_handed_over)).all()
    for case_id, chain, number in _shuffled(found):
        _hand_over_message(session, case_id, chain, number)


def _hand_over_case(session: Session, case_id: bytes) -> None:
    session.execute(update(Case).where(Case.id == case_id).values(is_handed_over=True))


def _hand_over_message(
    session: Session, case_id: bytes, chain: str, number: int
) -> None:
    this = (
        (Message.case_id == case_id)
        & (Message.chain == chain)
        & (Message.number == number)
    )
    session.execute(update(Message).where(this).values(is_handed_over=True))
    # A withdrawn report asks for nothing any more.
    asks = (Case.id == case_id) & (Case.status != CaseStatus.WITHDRAWN.value)
    session.execute(update(Case).where(asks).values(is_answered=False))


def _shuffled(rows: Sequence[_Row]) -> list[_Row]:
    return secrets.SystemRandom().sample(rows, len(rows))
