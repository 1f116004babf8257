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
from portal import audit, devices, sessions
from portal.audit import AuditAction
from portal.database import transaction
from portal.errors import LastOfficerError, NoSuchPersonError, RetiredBeforeError
from portal.models import Invitation, Person
from portal.roster import listed_ids

CHANGES_SHOWN_DAYS = 90
"""How long everybody sees that an officer was added or has retired."""


class PersonState(StrEnum):
    """What a person is to the portal; each follows the one before."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    RETIRED = "retired"


@dataclass(frozen=True)
class PublicPerson:
    """A person with everything that is public of them."""

    name: str
    position: str
    unit: str
    is_outside: bool
    added_on: dt.date
    """The day of enrolling; until then that of the invitation."""
    invited_until: dt.date | None
    """The last day of an invitation that nobody has used."""
    retired_on: dt.date | None
    fingerprint: str
    """Of the key that reports are sealed to; empty until there is one."""

    @property
    def state(self) -> PersonState:
        """Where the person stands today."""
        if self.retired_on:
            return PersonState.RETIRED
        return PersonState.ENROLLED if self.fingerprint else PersonState.INVITED


class ChangeKind(StrEnum):
    """How the list of officers changes."""

    ADDED = "added"
    RETIRED = "retired"


@dataclass(frozen=True)
class Change:
    """One change of the list of officers."""

    kind: ChangeKind
    name: str
    day: dt.date


def fold_name(name: str) -> str:
    """Return a name as it is compared: one spelling for cases and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


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
    """Return who came and went of late, the newest first.

    Who was only ever invited is no news: nothing was sealed to them.
    """
    since = today - dt.timedelta(days=CHANGES_SHOWN_DAYS)
    changes = [
        Change(kind, person.name, day)
        for person in people
        if person.fingerprint
        for kind, day in (
            (ChangeKind.RETIRED, person.retired_on),
            (ChangeKind.ADDED, person.added_on),
        )
        if day and day > since
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


def retire(session: Session, name: str, today: dt.date) -> None:
    """Let an officer leave: not let in from now on, and not sealed to.

    Sessions end and an invitation is withdrawn at once. The row stays, for the
    record names it, and so do the wraps: nobody here can tell a genuine one.

    Raises:
        NoSuchPersonError: nobody of that name was ever invited.
        RetiredBeforeError: there is nothing left to do.
        LastOfficerError: nobody would be left to report to.
    """
    with transaction(session):
        officer = session.scalar(
            select(Person).where(Person.login_name == fold_name(name))
        )
        if officer is None:
            raise NoSuchPersonError
        if officer.is_retired:
            raise RetiredBeforeError
        if listed_ids(session) == {officer.id}:
            raise LastOfficerError
        officer.retired_on = today
        officer.mail_address = None
        session.execute(delete(Invitation).where(Invitation.person_id == officer.id))
        sessions.end_all(session, officer.id)
        devices.forget_all(session, officer.id)
        audit.record(session, officer.name, AuditAction.RETIRED, today)


def _person(officer: Person, invited_until: dt.date | None) -> PublicPerson:
    key = officer.recipient
    return PublicPerson(
        name=officer.name,
        position=officer.position,
        unit=officer.unit,
        is_outside=officer.is_outside,
        added_on=officer.added_on,
        invited_until=invited_until,
        retired_on=officer.retired_on,
        fingerprint=Recipient(key).fingerprint() if key else "",
    )
