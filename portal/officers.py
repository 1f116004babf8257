"""Officers: inviting, enrolling, and logging in with two factors."""

import datetime as dt
import hashlib
import json
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crypto import (
    RFC_9106_LOW_MEMORY,
    BrokenError,
    Cost,
    Identity,
    InstanceId,
    LockedIdentity,
    NotYoursError,
    OneTimeSecret,
    Recipient,
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
    NotAdmittedError,
    RefusedLoginError,
    TooManyOfficersError,
)
from portal.models import Case, Invitation, Officer, Wrap
from portal.reader_sheets import MOST_OFFICERS
from portal.roster import list_officers

INVITATION_DAYS = 3

_ID_SIZE = 16
_MOST_WAITING = 4


class PassphraseGate:
    """Lets one Argon2id at a time run in this worker; a few wait, the rest is sent away."""

    def __init__(self, cost: Cost = RFC_9106_LOW_MEMORY) -> None:
        self.cost = cost
        self._running = threading.Lock()
        self._places = threading.BoundedSemaphore(1 + _MOST_WAITING)

    @contextmanager
    def admitted(self) -> Iterator[Cost]:
        """Wait in line and compute alone.

        Raises:
            NotAdmittedError: the line is full.
        """
        if not self._places.acquire(blocking=False):
            raise NotAdmittedError
        try:
            with self._running:
                yield self.cost
        finally:
            self._places.release()


@dataclass(frozen=True)
class Enrolment:
    """What an invited person has entered, until the second factor is confirmed."""

    officer_id: bytes
    name: str
    position: str
    unit: str
    identity: Identity = field(repr=False)
    locked: LockedIdentity = field(repr=False)
    secret: OneTimeSecret = field(repr=False)

    def encode(self) -> bytes:
        """Write it for the locked session."""
        values = [
            b64encode(self.officer_id).decode(),
            self.name,
            self.position,
            self.unit,
            b64encode(self.identity.reveal()).decode(),
            b64encode(bytes(self.locked)).decode(),
            self.secret.reveal(),
        ]
        return json.dumps(values, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, plain: bytes) -> "Enrolment":
        """Read what `encode` wrote."""
        officer_id, name, position, unit, seed, locked, secret = json.loads(plain)
        return cls(
            b64decode(officer_id),
            name,
            position,
            unit,
            Identity(b64decode(seed)),
            LockedIdentity(b64decode(locked)),
            OneTimeSecret.parse(secret),
        )


def fold_name(name: str) -> str:
    """Return a name as it is compared: one spelling for cases and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def invite(
    session: Session,
    name: str,
    *,
    position: str,
    unit: str,
    is_outside: bool,
    today: dt.date,
) -> str:
    """Invite a person; return the one-time token, of which only the hash is kept.

    Who has not enrolled yet gets a fresh token, also after it was withdrawn.

    Raises:
        NameTakenError: an enrolled officer has that name.
        TooManyOfficersError: no more fit a reader sheet.
    """
    token = secrets.token_urlsafe(32)
    if len(list_officers(session)) >= MOST_OFFICERS:
        raise TooManyOfficersError
    with transaction(session):
        officer = session.scalar(
            select(Officer).where(Officer.login_name == fold_name(name))
        )
        if officer and officer.recipient:
            raise NameTakenError
        if officer is None:
            officer = Officer(
                id=secrets.token_bytes(_ID_SIZE), login_name=fold_name(name)
            )
            session.add(officer)
        officer.name = " ".join(name.split())
        officer.position, officer.unit = position, unit
        officer.is_outside = is_outside
        officer.added_on, officer.retired_on = today, None
        session.flush()
        session.execute(delete(Invitation).where(Invitation.officer_id == officer.id))
        session.add(_invitation(token, officer.id, today))
        audit.record(session, officer.name, AuditAction.INVITED, today)
    return token


def find_invited(session: Session, token: str, today: dt.date) -> Officer:
    """Return who was invited with *token*.

    Raises:
        NoSuchInvitationError: unknown, used or too old.
    """
    invitation = session.get(Invitation, _token_id(token))
    if invitation is None or invitation.expires_on < today:
        raise NoSuchInvitationError
    return session.get_one(Officer, invitation.officer_id)


def begin_enrolment(
    session: Session,
    officer: Officer,
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
        NameTakenError: another officer has that name.
        NotAdmittedError: too many passphrases at once.
    """
    taken = select(Officer.id).where(
        Officer.login_name == fold_name(name), Officer.id != officer.id
    )
    if session.scalar(taken) is not None:
        raise NameTakenError
    identity = Identity.generate()
    with gate.admitted() as cost:
        locked = LockedIdentity.lock(
            identity, passphrase, holder=officer.id, instance=instance, cost=cost
        )
    secret = OneTimeSecret.generate()
    return Enrolment(officer.id, name, position, unit, identity, locked, secret)


def enrol(
    session: Session,
    token: str,
    enrolment: Enrolment,
    one_time_code: str,
    instance: InstanceId,
    now: dt.datetime,
) -> None:
    """Confirm the second factor and become an officer; the invitation is used.

    Every case there is gets a dummy for who joins later, so that the table
    cannot say who may read.

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
        officer = find_invited(session, token, now.date())
        if len(list_officers(session)) >= MOST_OFFICERS:
            raise TooManyOfficersError
        if officer.id != enrolment.officer_id:
            raise NoSuchInvitationError
        session.execute(delete(Invitation).where(Invitation.officer_id == officer.id))
        _keep(enrolment, officer, instance)
        officer.last_step, officer.added_on = step, now.date()
        session.flush()
        case_ids = session.scalars(select(Case.id))
        session.add_all(_dummy(case_id, officer) for case_id in case_ids)
        audit.record(session, officer.name, AuditAction.ENROLLED, now.date())


@dataclass(frozen=True)
class Verdict:
    """What the passphrase said; shown to nobody before the second factor."""

    officer_id: bytes = b""
    seed: bytes = field(default=b"", repr=False)


def check_passphrase(
    session: Session,
    name: str,
    passphrase: str,
    gate: PassphraseGate,
    instance: InstanceId,
) -> Verdict:
    """Judge name and passphrase: one Argon2id, known name or not.

    Raises:
        NotAdmittedError: too many at once.
    """
    officer = session.scalar(
        select(Officer).where(Officer.login_name == fold_name(name))
    )
    is_active = officer is not None and not officer.is_retired
    record = officer.locked_identity if officer and is_active else None
    locked = LockedIdentity(record) if record else LockedIdentity.nobody()
    holder = officer.id if officer else bytes(_ID_SIZE)
    # The database need not wait while the passphrase is computed.
    session.commit()
    try:
        with gate.admitted() as cost:
            identity = locked.unlock(
                passphrase, holder=holder, instance=instance, cost=cost
            )
    except (NotYoursError, BrokenError):
        # A refused passphrase costs the making of an identity like a right one.
        Identity.generate()
        return Verdict()
    return Verdict(holder, identity.reveal())


def log_in(
    session: Session,
    verdict: Verdict,
    one_time_code: str,
    instance: InstanceId,
    now: dt.datetime,
) -> Officer:
    """Accept the second factor; its step, and earlier ones, never again.

    Raises:
        RefusedLoginError: one verdict for every cause.
    """
    # An unknown person's code is computed like a known one's.
    identity = Identity(verdict.seed) if verdict.seed else Identity.generate()
    officer = session.get(Officer, verdict.officer_id, populate_existing=True)
    secret = OneTimeSecret.generate()
    if officer and officer.locked_one_time:
        secret = OneTimeSecret.unlock(
            officer.locked_one_time, identity, holder=officer.id, instance=instance
        )
    last_step = officer.last_step if officer else 0
    try:
        step = secret.accept(
            one_time_code, now=int(now.timestamp()), last_step=last_step
        )
    except NotYoursError:
        raise RefusedLoginError from None
    if officer is None or officer.is_retired:
        raise RefusedLoginError
    with transaction(session):
        is_first = update(Officer).where(
            Officer.id == officer.id,
            Officer.last_step < step,
            Officer.retired_on.is_(None),
        )
        if session.execute(is_first.values(last_step=step)).rowcount != 1:  # type: ignore[attr-defined]  # a cursor's result
            raise RefusedLoginError
        audit.record(session, officer.name, AuditAction.LOGGED_IN, now.date())
    return officer


def log_out(session: Session, officer: Officer, today: dt.date) -> None:
    """Write down that an officer left; the session itself is ended by its cookie."""
    with transaction(session):
        audit.record(session, officer.name, AuditAction.LOGGED_OUT, today)


def has_nobody_enrolled(session: Session) -> bool:
    """Tell whether no officer has a passphrase yet."""
    enrolled = select(Officer.id).where(Officer.recipient.is_not(None)).limit(1)
    return session.scalar(enrolled) is None


def recipient_of(officer: Officer) -> Recipient:
    """Return whom to seal to; only for enrolled officers."""
    return Recipient(officer.recipient or b"")


def _invitation(token: str, officer_id: bytes, today: dt.date) -> Invitation:
    expires_on = today + dt.timedelta(days=INVITATION_DAYS)
    return Invitation(id=_token_id(token), officer_id=officer_id, expires_on=expires_on)


def _keep(enrolment: Enrolment, officer: Officer, instance: InstanceId) -> None:
    identity = enrolment.identity
    officer.name, officer.login_name = enrolment.name, fold_name(enrolment.name)
    officer.position, officer.unit = enrolment.position, enrolment.unit
    officer.recipient = bytes(identity.recipient)
    officer.seen_counts = SeenCounts().lock(
        identity, holder=officer.id, instance=instance
    )
    officer.locked_identity = bytes(enrolment.locked)
    officer.locked_one_time = enrolment.secret.lock(
        identity, holder=officer.id, instance=instance
    )


def _dummy(case_id: bytes, officer: Officer) -> Wrap:
    recipient = recipient_of(officer)
    return Wrap(
        case_id=case_id,
        holder_id=officer.id,
        purpose=PURPOSE_CASE,
        wrap=wrap_dummy(recipient, case_id=case_id, holder=officer.id),
    )


@contextmanager
def _naming_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise NameTakenError from None


def _token_id(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
