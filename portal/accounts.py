"""One's own account: passphrase, phone and recovery codes, changed by who is at work.

Each change ends every session of the person, also the one that asked: its browser
goes on with a new one.
"""

import datetime as dt
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Identity,
    LockedIdentity,
    NotYoursError,
    OneTimeSecret,
    RecoveryCodes,
    unlock_next,
)
from portal import audit, sessions
from portal.audit import AuditAction
from portal.cases import Duty
from portal.database import transaction
from portal.errors import (
    AccountChangedError,
    RefusedLoginError,
    WrongPassphraseError,
)
from portal.logins import PassphraseGate
from portal.models import Person


def change_passphrase(
    session: Session,
    duty: Duty,
    present: str,
    chosen: str,
    gate: PassphraseGate,
    today: dt.date,
) -> None:
    """Lock the seed under another passphrase; so with a seed that follows it.

    Raises:
        WrongPassphraseError: *present* is not the passphrase.
        NotAdmittedError: too many passphrases at once.
        AccountChangedError: another request changed passphrase or key meanwhile.
    """
    person = session.get_one(Person, duty.person.id, populate_existing=True)
    record, next_seed = person.locked_identity, person.next_locked_seed
    # The database need not wait while passphrases are computed.
    session.commit()
    _check(duty, record or b"", present, gate)
    values = {"locked_identity": _lock(duty, duty.identity, chosen, gate)}
    if next_seed:
        following = unlock_next(
            next_seed, duty.identity, holder=duty.person.id, instance=duty.instance
        )
        values["next_locked_identity"] = _lock(duty, following, chosen, gate)
    with transaction(session):
        _change(
            session,
            duty,
            Person.locked_identity == record,
            Person.next_locked_seed.is_not_distinct_from(next_seed),
            **values,
        )
        _end(session, duty, AuditAction.CHANGED_PASSPHRASE, today)


def connect_phone(
    session: Session, duty: Duty, secret: OneTimeSecret, typed: str, now: dt.datetime
) -> None:
    """Take another phone's codes from now on; *typed* is the first of them.

    Raises:
        RefusedLoginError: not the code of now.
        AccountChangedError: the key was changed meanwhile.
    """
    try:
        step = secret.accept(typed, now=int(now.timestamp()), last_step=0)
    except NotYoursError:
        raise RefusedLoginError from None
    locked = secret.lock(duty.identity, holder=duty.person.id, instance=duty.instance)
    with transaction(session):
        _change(session, duty, locked_one_time=locked, last_step=step)
        _end(session, duty, AuditAction.CONNECTED_PHONE, now.date())


def renew_recovery_codes(
    session: Session, duty: Duty, today: dt.date
) -> tuple[str, ...]:
    """Draw ten recovery codes, to be shown once; those from before are void.

    Raises:
        AccountChangedError: the key was changed meanwhile.
    """
    tags, codes = RecoveryCodes.generate()
    locked = tags.lock(duty.identity, holder=duty.person.id, instance=duty.instance)
    with transaction(session):
        _change(session, duty, locked_recovery_codes=locked)
        _end(session, duty, AuditAction.RENEWED_RECOVERY_CODES, today)
    return codes


def count_recovery_codes(duty: Duty) -> int:
    """Return how many recovery codes are left; of damaged ones none."""
    locked = duty.person.locked_recovery_codes
    try:
        codes = RecoveryCodes.unlock(
            locked or b"", duty.identity, holder=duty.person.id, instance=duty.instance
        )
    except (NotYoursError, BrokenError):
        return 0
    return codes.left


def _check(duty: Duty, record: bytes, passphrase: str, gate: PassphraseGate) -> None:
    try:
        with gate.admitted(is_known=True) as cost:
            LockedIdentity(record).unlock(
                passphrase, holder=duty.person.id, instance=duty.instance, cost=cost
            )
    except (NotYoursError, BrokenError):
        raise WrongPassphraseError from None


def _lock(
    duty: Duty, identity: Identity, passphrase: str, gate: PassphraseGate
) -> bytes:
    with gate.admitted(is_known=True) as cost:
        locked = LockedIdentity.lock(
            identity,
            passphrase,
            holder=duty.person.id,
            instance=duty.instance,
            cost=cost,
        )
    return bytes(locked)


def _change(session: Session, duty: Duty, *unchanged: Any, **values: object) -> None:
    """Change the person's row, if its key is still the one of this session."""
    mine = update(Person).where(
        Person.id == duty.person.id,
        Person.recipient == bytes(duty.identity.recipient),
        Person.retired_on.is_(None),
        *unchanged,
    )
    if session.execute(mine.values(**values)).rowcount != 1:  # type: ignore[attr-defined]  # a cursor's result
        raise AccountChangedError


def _end(session: Session, duty: Duty, action: AuditAction, today: dt.date) -> None:
    sessions.end_all(session, duty.person.id)
    audit.record(session, duty.person.name, action, today)
