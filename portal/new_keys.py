"""A new key for who lost the passphrase: a one-time link, and nothing of the old key.

No case comes with it: colleagues hand over what they can read (key_hand_overs.py).
Until the link is used the old log-in goes on.
"""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import Recipient, wrap_dummy
from portal import key_hand_overs, sessions, tallies
from portal.cases import PURPOSE_CASE
from portal.models import Base, Case, Device, Person, Wrap

_WRAPS = Base.metadata.tables[Wrap.__tablename__]


def prepare_dummies(
    session: Session, person: Person, recipient: Recipient
) -> Mapping[bytes, bytes]:
    """Wrap a dummy for every case there is; nobody waits while they are made."""
    holder, ids = person.id, session.scalars(select(Case.id)).all()
    # What was read is over: a writer shall not wait behind it.
    session.commit()
    return {key: wrap_dummy(recipient, case_id=key, holder=holder) for key in ids}


def give_dummies(
    session: Session, person: Person, ready: Mapping[bytes, bytes]
) -> None:
    """Put a dummy of the present key in the place of every wrap; in a transaction.

    *ready*: those made before; cases that came in meanwhile get theirs here.
    """
    session.execute(delete(Wrap).where(Wrap.holder_id == person.id))
    recipient = Recipient(person.recipient or b"")
    rows = [
        {
            "case_id": case_id,
            "holder_id": person.id,
            "purpose": PURPOSE_CASE,
            "wrap": ready.get(case_id)
            or wrap_dummy(recipient, case_id=case_id, holder=person.id),
        }
        for case_id in session.scalars(select(Case.id))
    ]
    if rows:
        session.connection().execute(_WRAPS.insert(), rows)


def forget_old_key(session: Session, person: Person) -> None:
    """Drop whatever the key before has left, and ask colleagues; in a transaction."""
    person.opened_keys = person.recovery_wrap = person.recovery_fingerprint = None
    person.locked_recovery_codes = None
    person.next_recipient = person.next_locked_identity = None
    person.next_locked_seed = None
    session.execute(delete(Wrap).where(Wrap.holder_id == person.id))
    tallies.blind(session, person.id)
    session.execute(delete(Device).where(Device.person_id == person.id))
    sessions.end_all(session, person.id)
    if person.is_officer or person.is_custodian:
        key_hand_overs.ask_colleagues(session, person)
