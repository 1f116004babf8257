"""Recovery, for the last key: officers' seeds wrapped to an identity kept on paper.

The recovery identity's own seed is kept nowhere: it stands in shares (SLIP-39) that
people hold. Only officers' seeds are wrapped to it: never a custodian's, who
watches over the officers, and not an administrator's, which opens no case.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Identity,
    NotYoursError,
    OtherSetError,
    Recipient,
    RecoveryShare,
    combine,
    split,
    unwrap_seed,
    wrap_seed,
)
from portal import audit
from portal.audit import OPERATOR, AuditAction
from portal.database import reading, transaction
from portal.errors import (
    ForeignSharesError,
    NoRecoveryWrapError,
    NoSuchPersonError,
    NotRecoverableError,
    RetiredBeforeError,
)
from portal.models import Installation, Person
from portal.people import fold_name


@dataclass(frozen=True)
class RecoveryStatus:
    """How it stands with recovery."""

    fingerprint: str
    """Of the recovery identity; empty: there are no shares."""
    made_on: dt.date | None
    used_on: dt.date | None
    """Since when new shares are due; None: these were not used."""
    officers_with: tuple[str, ...]
    """Whose keys the shares give back, by name."""
    officers_without: tuple[str, ...]
    """Who must log in first."""

    @property
    def is_there(self) -> bool:
        """There are shares."""
        return bool(self.fingerprint)


@dataclass(frozen=True)
class Recoverable:
    """An officer's seed as the database keeps it for the shares."""

    name: str
    fingerprint: str
    """Of the recovery identity that it is wrapped to; its shares are needed."""
    _person_id: bytes
    _recipient: bytes
    _wrap: bytes = field(repr=False)

    def recover(self, shares: Sequence[RecoveryShare]) -> Identity:
        """Return the officer's identity.

        Raises:
            TooFewSharesError: more are needed.
            ForeignSharesError: of several sets, or of another recovery identity.
            NotRecoverableError: the row was changed.
        """
        try:
            recovery = combine(shares)
        except OtherSetError:
            raise ForeignSharesError from None
        if recovery.recipient.fingerprint() != self.fingerprint:
            raise ForeignSharesError
        try:
            found = unwrap_seed(self._wrap, recovery, holder=self._person_id)
        except (NotYoursError, BrokenError):
            raise NotRecoverableError from None
        # A wrap says nothing of who made it: somebody may have put one there.
        if bytes(found.recipient) != self._recipient:
            raise NotRecoverableError
        return found


def read_status(session: Session) -> RecoveryStatus:
    """Return how it stands with recovery.

    Raises:
        StoreUnavailableError: the database cannot be read.
    """
    with reading(session):
        # None where a database was made anew and is empty yet: `lurus doctor` looks.
        installation = session.scalar(select(Installation))
        officers = session.execute(
            select(Person.name, Person.recovery_fingerprint)
            .where(Person.is_officer, Person.retired_on.is_(None))
            .where(Person.recipient.is_not(None))
            .order_by(Person.login_name)
        ).all()
    kept = _fingerprint(installation)
    return RecoveryStatus(
        fingerprint=kept,
        made_on=installation.recovery_made_on if installation else None,
        used_on=installation.recovery_used_on if installation else None,
        officers_with=tuple(name for name, whose in officers if kept == whose),
        officers_without=tuple(name for name, whose in officers if kept != whose),
    )


def keep_recipient(session: Session, recipient: Recipient, today: dt.date) -> None:
    """Begin to wrap officers' seeds to a new recovery identity, at their next login.

    What is wrapped to the one before stays until then, and its shares go on opening it.
    """
    with transaction(session):
        installation = session.scalars(select(Installation)).one()
        installation.recovery_recipient = bytes(recipient)
        installation.recovery_made_on = today
        installation.recovery_used_on = None
        audit.record(session, OPERATOR, AuditAction.MADE_SHARES, today)


def keep_wrap(session: Session, person: Person, identity: Identity) -> None:
    """Wrap an officer's seed to the recovery identity; nobody else's.

    Call it inside a transaction, at every login and change of key: the wrap is made
    anew each time, so that what somebody did to the row does not stay.
    """
    recipient = session.scalars(select(Installation.recovery_recipient)).one()
    if recipient is None or not person.is_officer:
        person.recovery_wrap = person.recovery_fingerprint = None
        return
    if bytes(identity.recipient) != person.recipient:
        return  # the key was changed meanwhile: this is the one before
    recovery = Recipient(recipient)
    person.recovery_wrap = wrap_seed(identity, recovery, holder=person.id)
    person.recovery_fingerprint = recovery.fingerprint()


def note_use(session: Session, today: dt.date) -> None:
    """Note that the shares were used; call it inside a transaction."""
    installation = session.scalars(select(Installation)).one()
    if installation.recovery_recipient is not None:
        installation.recovery_used_on = today


def find_recoverable(session: Session, name: str) -> Recoverable:
    """Return what the shares are to open for the officer of that name.

    Raises:
        NoSuchPersonError: nobody of that name was ever invited.
        RetiredBeforeError: who has left is not let in again.
        NoRecoveryWrapError: nothing of that person is wrapped to any shares.
        StoreUnavailableError: the database cannot be read.
    """
    with reading(session):
        person = session.scalar(
            select(Person).where(Person.login_name == fold_name(name))
        )
        if person is None:
            raise NoSuchPersonError
        if person.is_retired:
            raise RetiredBeforeError
        wrap, fingerprint = person.recovery_wrap, person.recovery_fingerprint
        # Of who is no officer any more nothing is given back, whatever is left.
        if not wrap or not fingerprint or not person.is_officer:
            raise NoRecoveryWrapError
        recipient = person.recipient or b""
    return Recoverable(person.name, fingerprint, person.id, recipient, wrap)


def paper_key(identity: Identity) -> str:
    """Write a seed out as words for one paper."""
    return split(identity, need=1, of=1)[0]


def own_shares(identity: Identity) -> tuple[str, ...]:
    """Write a custodian's seed out as shares, any two of which give it back.

    Each time other words: those from before go on giving the key back, too.
    """
    return split(identity)


def _fingerprint(installation: Installation | None) -> str:
    kept = installation.recovery_recipient if installation else None
    return Recipient(kept).fingerprint() if kept else ""
