"""Enrolling: who was invited chooses a passphrase and connects a phone."""

import datetime as dt
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crypto import (
    Identity,
    InstanceId,
    LockedIdentity,
    NotYoursError,
    OneTimeSecret,
    Recipient,
    RecoveryCodes,
    SeenCounts,
)
from portal import audit, recovery
from portal.audit import AuditAction
from portal.database import transaction
from portal.errors import (
    NameTakenError,
    NoSuchInvitationError,
    RefusedLoginError,
    TooManyOfficersError,
)
from portal.invitations import find_invited
from portal.logins import PassphraseGate
from portal.models import Invitation, Person
from portal.new_keys import forget_old_key, give_dummies, prepare_dummies
from portal.people import fold_name
from portal.reader_sheets import MOST_OFFICERS
from portal.roster import list_officers

_CODE_LENGTH = len("XXXX-XXXX-XXXX")


@dataclass(frozen=True)
class Enrolment:
    """What an invited person has entered, until the second factor is confirmed."""

    person_id: bytes
    name: str
    position: str
    unit: str
    identity: Identity = field(repr=False)
    locked: LockedIdentity = field(repr=False)
    secret: OneTimeSecret = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)
    """Ten, shown with the secret; only their tags are stored."""

    def encode(self) -> bytes:
        """Write it for the locked session."""
        values = [
            b64encode(self.person_id).decode(),
            self.name,
            self.position,
            self.unit,
            b64encode(self.identity.reveal()).decode(),
            b64encode(bytes(self.locked)).decode(),
            self.secret.reveal(),
            "".join(self.recovery_codes),
        ]
        # A session has a size, and names may be long.
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, plain: bytes) -> "Enrolment":
        """Read what `encode` wrote."""
        person_id, name, position, unit, seed, locked, secret, codes = json.loads(plain)
        return cls(
            b64decode(person_id),
            name,
            position,
            unit,
            Identity(b64decode(seed)),
            LockedIdentity(b64decode(locked)),
            OneTimeSecret.parse(secret),
            tuple(
                codes[at : at + _CODE_LENGTH]
                for at in range(0, len(codes), _CODE_LENGTH)
            ),
        )


def begin_enrolment(
    session: Session,
    person: Person,
    passphrase: str,
    gate: PassphraseGate,
    instance: InstanceId,
    *,
    name: str,
    position: str,
    unit: str,
) -> Enrolment:
    """Make an identity and a second factor; nothing is stored yet.

    Raises:
        NameTakenError: somebody else has that name.
        NotAdmittedError: too many passphrases at once.
    """
    taken = select(Person.id).where(
        Person.login_name == fold_name(name), Person.id != person.id
    )
    if session.scalar(taken) is not None:
        raise NameTakenError
    identity = Identity.generate()
    with gate.admitted() as cost:
        locked = LockedIdentity.lock(
            identity, passphrase, holder=person.id, instance=instance, cost=cost
        )
    secret = OneTimeSecret.generate()
    _tags, codes = RecoveryCodes.generate()
    return Enrolment(person.id, name, position, unit, identity, locked, secret, codes)


def enrol(
    session: Session,
    token: str,
    enrolment: Enrolment,
    one_time_code: str,
    instance: InstanceId,
    now: dt.datetime,
) -> None:
    """Confirm the second factor and join; the invitation is used.

    Every case there is gets a dummy for an officer who joins later, so that the
    table cannot say who may read; likewise where it is a new key for somebody who
    lost the one before, of which nothing is left then.

    Raises:
        NoSuchInvitationError: used or too old by now.
        RefusedLoginError: the one-time code is not right.
        NameTakenError: somebody took the name meanwhile.
    """
    try:
        step = enrolment.secret.accept(
            one_time_code, now=int(now.timestamp()), last_step=0
        )
    except NotYoursError:
        raise RefusedLoginError from None
    invited = find_invited(session, token, now.date())
    recipient = enrolment.identity.recipient
    ready = prepare_dummies(session, invited, recipient) if invited.is_officer else {}
    with _naming_taken(), transaction(session):
        person = find_invited(session, token, now.date())
        if person.id != enrolment.person_id:
            raise NoSuchInvitationError
        session.execute(delete(Invitation).where(Invitation.person_id == person.id))
        if person.recipient is None:
            _join(session, person, now.date())
        else:
            forget_old_key(session, person)
            audit.record(session, person.name, AuditAction.NEW_KEY, now.date())
        _keep(enrolment, person, instance)
        person.last_step, person.key_since = step, now.date()
        session.flush()
        if person.is_officer:
            give_dummies(session, person, ready)
        recovery.keep_wrap(session, person, enrolment.identity)


def _join(session: Session, person: Person, today: dt.date) -> None:
    if person.is_officer and len(list_officers(session)) >= MOST_OFFICERS:
        raise TooManyOfficersError
    person.added_on = today
    audit.record(session, person.name, AuditAction.ENROLLED, today)


def recipient_of(person: Person) -> Recipient:
    """Return whom to seal to; only for who has enrolled."""
    return Recipient(person.recipient or b"")


def _keep(enrolment: Enrolment, person: Person, instance: InstanceId) -> None:
    identity = enrolment.identity
    person.name, person.login_name = enrolment.name, fold_name(enrolment.name)
    person.position, person.unit = enrolment.position, enrolment.unit
    person.recipient = bytes(identity.recipient)
    person.seen_counts = SeenCounts().lock(
        identity, holder=person.id, instance=instance
    )
    person.locked_identity = bytes(enrolment.locked)
    person.locked_one_time = enrolment.secret.lock(
        identity, holder=person.id, instance=instance
    )
    codes = RecoveryCodes.of(enrolment.recovery_codes)
    person.locked_recovery_codes = codes.lock(
        identity, holder=person.id, instance=instance
    )


@contextmanager
def _naming_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise NameTakenError from None
