"""Logging in with two factors; one verdict for every failure."""

import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import (
    RFC_9106_LOW_MEMORY,
    BrokenError,
    Cost,
    Identity,
    InstanceId,
    LockedIdentity,
    NotYoursError,
)
from portal import audit, recovery, second_factors
from portal.audit import AuditAction
from portal.cases import Duty
from portal.database import transaction
from portal.errors import NotAdmittedError, RefusedLoginError
from portal.models import Person
from portal.people import fold_name
from portal.signing_keys import keep_signing_key

_ID_SIZE = 16
_MOST_STRANGERS = 5
_MOST_KNOWN = 12
"""Places in the two lines; who computes still holds one."""


class PassphraseGate:
    """Lets one Argon2id at a time run in this worker; a few wait, the rest is sent away.

    Who is known stands in a line of their own, and it goes first: a flood of
    strangers fills the other one.
    """

    def __init__(self, cost: Cost = RFC_9106_LOW_MEMORY) -> None:
        self.cost = cost
        self._changed = threading.Condition()
        self._is_running = False
        self._strangers = 0
        self._known = 0
        self._known_waiting = 0

    @contextmanager
    def admitted(self, *, is_known: bool = False) -> Iterator[Cost]:
        """Wait in line and compute alone.

        *is_known*: somebody at work, or a device that logged in before.

        Raises:
            NotAdmittedError: the line is full.
        """
        self._take_place(is_known)
        try:
            self._wait(is_known)
            try:
                yield self.cost
            finally:
                self._end()
        finally:
            self._leave_place(is_known)

    def _take_place(self, is_known: bool) -> None:
        with self._changed:
            is_full = (
                self._known >= _MOST_KNOWN
                if is_known
                else self._strangers >= _MOST_STRANGERS
            )
            if is_full:
                raise NotAdmittedError
            self._known += is_known
            self._strangers += not is_known

    def _leave_place(self, is_known: bool) -> None:
        with self._changed:
            self._known -= is_known
            self._strangers -= not is_known

    def _wait(self, is_known: bool) -> None:
        with self._changed:
            self._known_waiting += is_known
            self._changed.wait_for(
                lambda: not self._is_running and (is_known or not self._known_waiting)
            )
            self._known_waiting -= is_known
            self._is_running = True

    def _end(self) -> None:
        with self._changed:
            self._is_running = False
            self._changed.notify_all()


@dataclass(frozen=True)
class Verdict:
    """What the passphrase said; shown to nobody before the second factor."""

    person_id: bytes = b""
    seed: bytes = field(default=b"", repr=False)
    lock_id: bytes = b""
    """SHA-256 of the lock that the passphrase opened; empty where none was asked for."""


def check_passphrase(
    session: Session,
    name: str,
    passphrase: str,
    gate: PassphraseGate,
    instance: InstanceId,
    *,
    is_known: bool = False,
) -> Verdict:
    """Judge name and passphrase: one Argon2id, known name or not.

    *is_known*: the person's own device asks; see `devices`.

    Raises:
        NotAdmittedError: too many at once.
    """
    person = session.scalar(select(Person).where(Person.login_name == fold_name(name)))
    is_active = person is not None and not person.is_retired
    record = person.locked_identity if person and is_active else None
    locked = LockedIdentity(record) if record else LockedIdentity.nobody()
    holder = person.id if person else bytes(_ID_SIZE)
    # The database need not wait while the passphrase is computed.
    session.commit()
    try:
        with gate.admitted(is_known=is_known) as cost:
            identity = locked.unlock(
                passphrase, holder=holder, instance=instance, cost=cost
            )
    except (NotYoursError, BrokenError):
        # A refused passphrase costs the making of an identity like a right one.
        Identity.generate()
        return Verdict()
    return Verdict(holder, identity.reveal(), _lock_id(record))


def log_in(
    session: Session,
    verdict: Verdict,
    typed: str,
    instance: InstanceId,
    now: dt.datetime,
) -> Person:
    """Accept the second factor; what was accepted, never again.

    Raises:
        RefusedLoginError: one verdict for every cause.
    """
    # An unknown person's code is computed like a known one's.
    identity = Identity(verdict.seed) if verdict.seed else Identity.generate()
    person = session.get(Person, verdict.person_id, populate_existing=True)
    factor = second_factors.judge(person, identity, typed, instance, now)
    if verdict.lock_id not in {b"", _lock_id(factor.person.locked_identity)}:
        # Between the two steps the passphrase was changed: it is the one before.
        raise RefusedLoginError
    if not factor.person.is_admitted(now.date()):
        raise RefusedLoginError
    with transaction(session):
        second_factors.spend(session, factor, now.date())
        recovery.keep_wrap(session, factor.person, identity)
        keep_signing_key(factor.person, identity, instance)
        audit.record(session, factor.person.name, AuditAction.LOGGED_IN, now.date())
    return factor.person


def _lock_id(record: bytes | None) -> bytes:
    return hashlib.sha256(record or b"").digest()


def confirm(session: Session, duty: Duty, typed: str, now: dt.datetime) -> None:
    """Accept a fresh second factor of who is at work, before something weighty.

    It is used up, whatever comes of the act that it was typed for.

    Raises:
        RefusedLoginError: no code that is unused.
    """
    person = session.get(Person, duty.person.id, populate_existing=True)
    factor = second_factors.judge(person, duty.identity, typed, duty.instance, now)
    with transaction(session):
        second_factors.spend(session, factor, now.date())


def log_out(session: Session, person: Person, today: dt.date) -> None:
    """Write down that somebody left; the session itself is ended by its cookie."""
    with transaction(session):
        audit.record(session, person.name, AuditAction.LOGGED_OUT, today)


def has_nobody_enrolled(session: Session) -> bool:
    """Tell whether nobody has a passphrase yet."""
    enrolled = select(Person.id).where(Person.recipient.is_not(None)).limit(1)
    return session.scalar(enrolled) is None
