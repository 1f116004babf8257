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
    wrap_dummy,
)
from portal import audit
from portal.audit import AuditAction
from portal.cases import PURPOSE_CASE
from portal.database import transaction
from portal.errors import (
    NameTakenError,
    NoSuchInvitationError,
    RefusedLoginError,
    TooManyOfficersError,
)
from portal.invitations import find_invited
from portal.logins import PassphraseGate
from portal.models import Case, Invitation, Person, Wrap
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
    table cannot say who may read.

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
    with _naming_taken(), transaction(session):
        person = find_invited(session, token, now.date())
        if person.is_officer and len(list_officers(session)) >= MOST_OFFICERS:
            raise TooManyOfficersError
        if person.id != enrolment.person_id:
            raise NoSuchInvitationError
        session.execute(delete(Invitation).where(Invitation.person_id == person.id))
        _keep(enrolment, person, instance)
        person.last_step = step
        person.added_on = person.key_since = now.date()
        session.flush()
        if person.is_officer:
            case_ids = session.scalars(select(Case.id))
            session.add_all(_dummy(case_id, person) for case_id in case_ids)
        audit.record(session, person.name, AuditAction.ENROLLED, now.date())


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


def _dummy(case_id: bytes, person: Person) -> Wrap:
    recipient = recipient_of(person)
    return Wrap(
        case_id=case_id,
        holder_id=person.id,
        purpose=PURPOSE_CASE,
        wrap=wrap_dummy(recipient, case_id=case_id, holder=person.id),
    )


@contextmanager
def _naming_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise NameTakenError from None
