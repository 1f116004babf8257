"""Returning with a key on paper: it stays the same, all that guarded it is made anew.

Whoever holds the paper and a link is the person: so every session, known device and
recovery code of before ends, and the record says so.
"""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import audit, recovery, rotation, sessions
from portal.audit import AuditAction
from portal.models import Device, Person


def let_back(session: Session, person: Person, today: dt.date) -> None:
    """End all that the lost passphrase and phone opened; call it in a transaction."""
    # What was prepared for a key that follows was locked under the lost passphrase.
    rotation.forget(session, person)
    person.locked_recovery_codes = None
    session.execute(delete(Device).where(Device.person_id == person.id))
    sessions.end_all(session, person.id)
    if person.is_officer:
        recovery.note_use(session, today)
    audit.record(session, person.name, AuditAction.RECOVERED, today)
