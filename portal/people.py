"""The people who work with the portal: who they are, their keys, and their leaving.

The list is public: whoever looks can compare a fingerprint with the poster on the wall.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import Recipient
from portal import administrators, audit, devices, key_hand_overs, sessions
from portal.audit import OPERATOR, AuditAction
from portal.database import transaction
from portal.errors import LastOfficerError, NoSuchPersonError, RetiredBeforeError
from portal.models import Installation, Invitation, Person
from portal.reports import as_seen
from portal.roles import OFFICERS, Role
from portal.roster import listed_ids

CHANGES_SHOWN_DAYS = 90
"""How long everybody sees who was added, has left, or has another key."""


class PersonState(StrEnum):
    """What a person is to the portal; each follows the one before."""

    INVITED = "invited"
    WITHDRAWN = "withdrawn"
    """The invitation was taken back, or the person left before there was a key."""
    ENROLLED = "enrolled"
    RETIRED = "retired"


@dataclass(frozen=True)
class PublicPerson:
    """A person with everything that is public of them."""

    id: bytes
    name: str
    position: str
    unit: str
    roles: frozenset[Role]
    added_on: dt.date
    """The day of enrolling; until then that of the invitation."""
    invited_until: dt.date | None
    """The last day of an invitation that nobody has used."""
    retired_on: dt.date | None
    fingerprint: str
    """Of the person's key; empty until there is one."""
    key_since: dt.date | None
    """The day of the present key."""
    admitted_until: dt.date | None = None
    """The last day on which an evaluator is let in; None: for anybody else."""

    @property
    def is_outside(self) -> bool:
        """An officer of another agency."""
        return Role.OUTSIDE_OFFICER in self.roles

    @property
    def is_recipient(self) -> bool:
        """Something of a case may be sealed to the person, now or once enrolled."""
        return bool(self.roles & {*OFFICERS, Role.CUSTODIAN})

    @property
    def keeps_and_reads(self) -> bool:
        """At work as officer and administrator at once: everybody shall know it."""
        both = Role.ADMINISTRATOR in self.roles and bool(self.roles & OFFICERS)
        return both and self.state is PersonState.ENROLLED

    @property
    def state(self) -> PersonState:
        """Where the person stands today."""
        if self.retired_on:
            return PersonState.RETIRED if self.fingerprint else PersonState.WITHDRAWN
        return PersonState.ENROLLED if self.fingerprint else PersonState.INVITED


class ChangeKind(StrEnum):
    """How the list of those who can be sealed to changes."""

    ADDED = "added"
    RETIRED = "retired"
    KEY_CHANGED = "key changed"


@dataclass(frozen=True)
class Change:
    """One change of that list."""

    kind: ChangeKind
    name: str
    day: dt.date


def fold_name(name: str) -> str:
    """Return a name as it is compared: one spelling for cases and spaces."""
    return " ".join(unicodedata.normalize("NFKC", as_seen(name)).split()).casefold()


def list_people(session: Session) -> tuple[PublicPerson, ...]:
    """Return everybody there is and was, by name; of the agency first."""
    everybody = (
        select(Person, Invitation.expires_on)
        .outerjoin(Invitation, Invitation.person_id == Person.id)
        .order_by(Person.is_outside, Person.login_name)
    )
    return tuple(_person(*row) for row in session.execute(everybody))


def recent_changes(
    people: Iterable[PublicPerson], today: dt.date
) -> tuple[Change, ...]:
    """Return who came, went, or has another key of late, the newest first.

    Who was only ever invited, or is an administrator alone, is no news: nothing was
    sealed to them.
    """
    since = today - dt.timedelta(days=CHANGES_SHOWN_DAYS)
    changes = [
        Change(kind, person.name, day)
        for person in people
        if person.fingerprint and person.is_recipient
        for kind, day in (
            (ChangeKind.RETIRED, person.retired_on),
            (ChangeKind.KEY_CHANGED, person.key_since),
            (ChangeKind.ADDED, person.added_on),
        )
        if day and day > since and not _is_first_key(kind, person)
    ]
    return tuple(sorted(changes, key=lambda change: change.day, reverse=True))


def find_person(session: Session, name: str) -> PublicPerson:
    """Return the person of that name, however it is spaced and in whichever case.

    Raises:
        NoSuchPersonError: nobody of that name was ever invited.
    """
    wanted = fold_name(name)
    for person in list_people(session):
        if fold_name(person.name) == wanted:
            return person
    raise NoSuchPersonError


def find_by_id(session: Session, person_id: bytes) -> PublicPerson:
    """Return the person with that id.

    Raises:
        NoSuchPersonError: nobody has it.
    """
    for person in list_people(session):
        if person.id == person_id:
            return person
    raise NoSuchPersonError


@dataclass(frozen=True)
class RecoveryKey:
    """Whom the seeds of officers are wrapped to, should nobody else be left."""

    fingerprint: str
    made_on: dt.date


def find_recovery_key(session: Session) -> RecoveryKey | None:
    """Return the key of recovery; None where none was made yet."""
    installation = session.scalars(select(Installation)).one()
    key, made_on = installation.recovery_recipient, installation.recovery_made_on
    if key is None or made_on is None:
        return None
    return RecoveryKey(Recipient(key).fingerprint(), made_on)


def retire(
    session: Session, name: str, today: dt.date, *, by: Person | None = None
) -> None:
    """Let somebody leave: not let in from now on, and not sealed to.

    Sessions end and an invitation is withdrawn at once. The row stays, for the
    record names it, and so do the wraps: nobody here can tell a genuine one.
    *by*: the administrator who does it; None: an operator at the machine.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchPersonError: nobody of that name was ever invited.
        RetiredBeforeError: there is nothing left to do.
        LastOfficerError: nobody would be left to report to.
        LastAdministratorError: nobody would be left to keep accounts.
    """
    with transaction(session):
        administrators.check_administrator(session, by)
        # Another request may have changed what this one has read.
        named = select(Person).where(Person.login_name == fold_name(name))
        person = session.scalar(named.execution_options(populate_existing=True))
        if person is None:
            raise NoSuchPersonError
        if person.is_retired:
            raise RetiredBeforeError
        if listed_ids(session) == {person.id}:
            raise LastOfficerError
        administrators.check_another_stays(session, person)
        actor = by.name if by else OPERATOR
        act = AuditAction.RETIRED if person.recipient else AuditAction.WITHDRAWN
        key_hand_overs.ask_others(session, person)
        person.retired_on = today
        person.mail_address = None
        _forget_keys(person)
        session.execute(delete(Invitation).where(Invitation.person_id == person.id))
        sessions.end_all(session, person.id)
        devices.forget_all(session, person.id)
        audit.record(session, actor, act, today, concerns=person.name)


def _forget_keys(person: Person) -> None:
    """Drop what would give the key back, or let another follow it."""
    person.recovery_wrap = person.recovery_fingerprint = None
    person.next_recipient = person.next_locked_identity = None
    person.next_locked_seed = None


def _is_first_key(kind: ChangeKind, person: PublicPerson) -> bool:
    return kind is ChangeKind.KEY_CHANGED and person.key_since == person.added_on


def _person(row: Person, invited_until: dt.date | None) -> PublicPerson:
    key = row.recipient
    return PublicPerson(
        id=row.id,
        name=row.name,
        position=row.position,
        unit=row.unit,
        roles=row.roles,
        added_on=row.added_on,
        invited_until=invited_until,
        retired_on=row.retired_on,
        fingerprint=Recipient(key).fingerprint() if key else "",
        key_since=(row.key_since or row.added_on) if key else None,
        admitted_until=row.admitted_until,
    )
