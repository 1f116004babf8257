"""The audit record: who did what on which day, in a chain nobody can edit.

Never text, never whom a change of readers concerned, never anything of a
reporter's visit (FORMAT 11).
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import ORIGIN, first_mismatch, link
from portal.models import AuditEntry


class AuditAction(StrEnum):
    """What can be done; a past participle, with its object where needed."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    RETIRED = "retired"
    LOGGED_IN = "logged in"
    LOGGED_OUT = "logged out"
    MOVED = "status changed"
    ANSWERED = "answered"
    NOTED = "noted"
    TRIAGED = "triaged"


def record(
    session: Session,
    actor: str,
    action: AuditAction,
    today: dt.date,
    case_id: bytes | None = None,
) -> None:
    """Append an entry; call it inside the transaction of the act itself."""
    last = session.scalar(
        select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
    )
    number = last.number + 1 if last else 1
    entry = AuditEntry(
        number=number, day=today, actor=actor, act=action.value, case_id=case_id
    )
    entry.link = link(last.link if last else ORIGIN, _fields(entry))
    session.add(entry)


def first_broken_entry(session: Session) -> int | None:
    """Return the number of the first entry that does not hold, or None."""
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    place = first_mismatch((_fields(entry), entry.link) for entry in entries)
    return None if place is None else entries[place].number


def _fields(entry: AuditEntry) -> tuple[bytes, ...]:
    return (
        entry.number.to_bytes(8, "big"),
        entry.day.isoformat().encode(),
        entry.actor.encode(),
        entry.act.encode(),
        entry.case_id or b"",
    )
