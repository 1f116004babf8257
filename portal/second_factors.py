"""The second factor: a code from a phone, or one of ten on paper; each works once.

Whoever asks and whatever is typed, the same is computed: both are opened, or stand-ins
of the same cost are locked, and both are compared.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Identity,
    InstanceId,
    NotYoursError,
    OneTimeSecret,
    RecoveryCodes,
)
from portal import audit
from portal.audit import AuditAction
from portal.errors import RefusedLoginError
from portal.models import Person

_ID_SIZE = 16


@dataclass(frozen=True)
class Factor:
    """A code that was right; it counts once `spend` has written that it is used."""

    person: Person
    step: int | None
    """The step of a code from the phone; None: it was a recovery code."""
    codes: bytes = field(default=b"", repr=False)
    """The recovery codes that are left, locked."""


def judge(
    person: Person | None,
    identity: Identity,
    typed: str,
    instance: InstanceId,
    now: dt.datetime,
) -> Factor:
    """Judge what was typed; nothing is used up yet.

    Raises:
        RefusedLoginError: one verdict for every cause.
    """
    secret = _one_time_secret(person, identity, instance)
    codes = _recovery_codes(person, identity, instance)
    step, left = None, None
    last_step = person.last_step if person else 0
    with suppress(NotYoursError):
        step = secret.accept(typed, now=int(now.timestamp()), last_step=last_step)
    with suppress(NotYoursError):
        left = codes.spend(typed)
    if person is None or person.is_retired:
        raise RefusedLoginError
    if step is not None:
        return Factor(person, step)
    if left is None:
        raise RefusedLoginError
    return Factor(
        person, None, left.lock(identity, holder=person.id, instance=instance)
    )


def spend(session: Session, factor: Factor, today: dt.date) -> None:
    """Use a factor up; call it inside a transaction.

    Raises:
        RefusedLoginError: another request was first, or the person has left.
    """
    person = factor.person
    change = update(Person).where(Person.id == person.id, Person.retired_on.is_(None))
    if factor.step is not None:
        change = change.where(Person.last_step < factor.step)
        change = change.values(last_step=factor.step)
    else:
        change = change.where(
            Person.locked_recovery_codes == person.locked_recovery_codes
        ).values(locked_recovery_codes=factor.codes)
    if session.execute(change).rowcount != 1:  # type: ignore[attr-defined]  # a cursor's result
        raise RefusedLoginError
    if factor.step is None:
        audit.record(session, person.name, AuditAction.USED_RECOVERY_CODE, today)


def _one_time_secret(
    person: Person | None, identity: Identity, instance: InstanceId
) -> OneTimeSecret:
    if person and person.locked_one_time:
        with suppress(NotYoursError, BrokenError):
            return OneTimeSecret.unlock(
                person.locked_one_time, identity, holder=person.id, instance=instance
            )
    stand_in = OneTimeSecret.generate()
    stand_in.lock(identity, holder=bytes(_ID_SIZE), instance=instance)
    return stand_in


def _recovery_codes(
    person: Person | None, identity: Identity, instance: InstanceId
) -> RecoveryCodes:
    if person and person.locked_recovery_codes:
        with suppress(NotYoursError, BrokenError):
            return RecoveryCodes.unlock(
                person.locked_recovery_codes,
                identity,
                holder=person.id,
                instance=instance,
            )
    stand_in, _codes = RecoveryCodes.generate()
    stand_in.lock(identity, holder=bytes(_ID_SIZE), instance=instance)
    return stand_in
