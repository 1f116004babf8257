"""Enrolling: who was invited chooses a passphrase and connects a phone."""

import datetime as dt
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
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
from portal import audit, key_hand_overs, recovery
from portal.audit import AuditAction
from portal.database import transaction
from portal.errors import (
    NameTakenError,
    NoSuchInvitationError,
    OtherKeyError,
    RefusedLoginError,
    TooManyOfficersError,
)
from portal.invitations import find_invited
from portal.logins import PassphraseGate
from portal.models import Invitation, Person
from portal.new_keys import forget_old_key, give_dummies, prepare_dummies
from portal.people import fold_name
from portal.reader_sheets import MOST_OFFICERS
from portal.reports import as_seen
from portal.returns import let_back
from portal.roster import list_officers
from portal.signing_keys import keep_signing_key

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
    is_return: bool = False
    """The identity is the person's own, brought on paper; what it opens stays."""

    def is_of(self, person: Person) -> bool:
        """Tell whether it is this person's, and still fits the key there is."""
        own = bytes(self.identity.recipient)
        fits = person.recipient == own if self.is_return else person.recipient != own
        return self.person_id == person.id and fits

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
            self.is_return,
        ]
        # A session has a size, and names may be long.
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, plain: bytes) -> "Enrolment":
        """Read what `encode` wrote."""
        *texts, codes, back = json.loads(plain)
        person_id, name, position, unit, seed, locked, secret = texts
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
            back,
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
    who = (person.id, as_seen(name), position, unit)
    return Enrolment(*who, identity, locked, secret, codes)


def begin_return(
    person: Person,
    identity: Identity,
    passphrase: str,
    gate: PassphraseGate,
    instance: InstanceId,
) -> Enrolment:
    """Lock a key that was brought on paper anew; nothing is stored yet.

    Raises:
        OtherKeyError: it is not the key that this person has.
        NotAdmittedError: too many passphrases at once.
    """
    if bytes(identity.recipient) != person.recipient:
        raise OtherKeyError
    with gate.admitted() as cost:
        locked = LockedIdentity.lock(
            identity, passphrase, holder=person.id, instance=instance, cost=cost
        )
    who = (person.id, person.name, person.position, person.unit)
    _tags, codes = RecoveryCodes.generate()
    return Enrolment(
        *who, identity, locked, OneTimeSecret.generate(), codes, is_return=True
    )


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
    step = _accept(enrolment, one_time_code, now)
    invited = find_invited(session, token, now.date())
    ready = _dummies(session, invited, enrolment)
    with _naming_taken(), transaction(session):
        person = find_invited(session, token, now.date())
        if not enrolment.is_of(person):
            raise NoSuchInvitationError
        session.execute(delete(Invitation).where(Invitation.person_id == person.id))
        _let_in(session, person, enrolment, now.date())
        _keep(enrolment, person, instance)
        person.last_step = step
        if not enrolment.is_return:
            _begin_key(session, person, ready, now.date())
        recovery.keep_wrap(session, person, enrolment.identity)
        keep_signing_key(person, enrolment.identity, instance)


def _accept(enrolment: Enrolment, one_time_code: str, now: dt.datetime) -> int:
    try:
        return enrolment.secret.accept(
            one_time_code, now=int(now.timestamp()), last_step=0
        )
    except NotYoursError:
        raise RefusedLoginError from None


def _let_in(
    session: Session, person: Person, enrolment: Enrolment, today: dt.date
) -> None:
    if enrolment.is_return:
        let_back(session, person, today)
    elif person.recipient is None:
        _join(session, person, enrolment.name, today)
    else:
        forget_old_key(session, person)
        audit.record(session, person.name, AuditAction.NEW_KEY, today)


def _dummies(
    session: Session, person: Person, enrolment: Enrolment
) -> Mapping[bytes, bytes]:
    if enrolment.is_return or not person.is_officer:
        return {}
    return prepare_dummies(session, person, enrolment.identity.recipient)


def _begin_key(
    session: Session, person: Person, ready: Mapping[bytes, bytes], today: dt.date
) -> None:
    person.key_since = today
    session.flush()
    if person.is_officer:
        give_dummies(session, person, ready)


def _join(session: Session, person: Person, name: str, today: dt.date) -> None:
    if person.is_officer and len(list_officers(session)) >= MOST_OFFICERS:
        raise TooManyOfficersError
    person.added_on = today
    if person.is_custodian:
        key_hand_overs.ask_colleagues(session, person)
    # Who was invited may choose another name: the record says which one acts from now on.
    other = name if name != person.name else None
    audit.record(session, person.name, AuditAction.ENROLLED, today, concerns=other)


def recipient_of(person: Person) -> Recipient:
    """Return whom to seal to; only for who has enrolled."""
    return Recipient(person.recipient or b"")


def _keep(enrolment: Enrolment, person: Person, instance: InstanceId) -> None:
    identity = enrolment.identity
    person.name, person.login_name = enrolment.name, fold_name(enrolment.name)
    person.position, person.unit = enrolment.position, enrolment.unit
    person.recipient = bytes(identity.recipient)
    if not enrolment.is_return:
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
