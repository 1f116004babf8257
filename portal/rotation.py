"""Rotating a key: every wrap of its holder is made anew, and nobody waits for it.

The identity that follows is drawn first, and kept under the present one. Then, lot
after lot, what each wrap of the holder's holds is wrapped to it as well, genuine or a
dummy, without knowing which; such a row stands beside the old one and names it by
its SHA-256. A custodian's are wrapped anew through the gate. Only the last step, one transaction, puts the new rows in place of the
old ones and changes the key. Until then the old key opens everything; whatever was
re-made meanwhile no longer fits its name, and is wrapped in that last step.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Identity,
    Key,
    LockedIdentity,
    NotYoursError,
    OneTimeSecret,
    OpenedKeys,
    Recipient,
    RecoveryCodes,
    SeenCounts,
    lock_next,
    unlock_next,
)
from portal import audit, devices, key_hand_overs, sessions, tallies
from portal.audit import AuditAction
from portal.cases import PURPOSE_CASE, Duty, find_present
from portal.database import transaction
from portal.errors import NoRotationError, RotationBegunError
from portal.held_wraps import NEXT_OF, wrap_again
from portal.logins import PassphraseGate
from portal.models import Base, Person, Wrap
from portal.signing_keys import keep_signing_key

LOT = 100
"""Wraps of one transaction; other writers wait for a few milliseconds."""

_NAME_SIZE = 32
_FIRST = b""
_PAGE = 500
_WRAPS = Base.metadata.tables[Wrap.__tablename__]
_IS_ROW = (
    (_WRAPS.c.case_id == bindparam("of_case"))
    & (_WRAPS.c.holder_id == bindparam("of_holder"))
    & (_WRAPS.c.purpose == bindparam("of_purpose"))
)
_REPLACE = update(_WRAPS).where(_IS_ROW).values(wrap=bindparam("new_wrap"))
_DROP = delete(_WRAPS).where(_IS_ROW)


@dataclass(frozen=True)
class Progress:
    """How far it is, counted in rows."""

    done: int
    total: int

    @property
    def is_whole(self) -> bool:
        """Nothing is left but the last step."""
        return self.done >= self.total


@dataclass(frozen=True)
class Lot:
    """What one transaction did."""

    reached: bytes
    """The last case; the next lot begins behind it."""
    is_last: bool


class _Pair(NamedTuple):
    case_id: bytes
    wrap: bytes
    following: bytes | None


def begin(
    session: Session, duty: Duty, passphrase: str, gate: PassphraseGate, today: dt.date
) -> None:
    """Draw the identity that follows, and lock it under *passphrase*.

    The present passphrase opens the account until the rotation is finished.

    Raises:
        NotAdmittedError: too many passphrases at once.
        RotationBegunError: one was begun, in another tab perhaps.
        KeyChangedError: the session has the key of before.
    """
    following = Identity.generate()
    # The database need not wait while the passphrase is computed.
    session.commit()
    who = _who(duty)
    with gate.admitted(is_known=True) as cost:
        locked = LockedIdentity.lock(following, passphrase, **who, cost=cost)
    with transaction(session):
        person = find_present(session, duty)
        if person.next_recipient is not None:
            raise RotationBegunError
        person.next_recipient = bytes(following.recipient)
        person.next_locked_identity = bytes(locked)
        person.next_locked_seed = lock_next(duty.identity, following, **who)
        audit.record(session, person.name, AuditAction.KEY_CHANGE_BEGUN, today)


def find_progress(session: Session, duty: Duty) -> Progress | None:
    """Return how far a rotation is; None: none was begun."""
    begun = select(Person.next_recipient).where(Person.id == duty.person.id)
    if session.scalar(begun) is None:
        return None
    counts = dict(
        session.execute(
            select(Wrap.purpose, func.count())
            .where(Wrap.holder_id == duty.person.id)
            .group_by(Wrap.purpose)
        ).all()
    )
    total = sum(counts.get(purpose, 0) for purpose in NEXT_OF)
    done = sum(counts.get(purpose, 0) for purpose in NEXT_OF.values())
    return Progress(min(done, total), total)


def wrap_lots(session: Session, duty: Duty, gate: Key) -> Iterator[None]:
    """Wrap lot after lot, each a transaction; over when there is no row left.

    *gate*: the key behind which a custodian's outers stand.

    Raises:
        NoRotationError: none was begun, or it was broken off.
        KeyChangedError: the session has the key of before.
    """
    for purpose in NEXT_OF:
        reached, is_last = _FIRST, False
        while not is_last:
            lot = wrap_lot(session, duty, gate, reached, purpose)
            reached, is_last = lot.reached, lot.is_last
            yield


def wrap_lot(
    session: Session,
    duty: Duty,
    gate: Key,
    after: bytes = _FIRST,
    purpose: str = PURPOSE_CASE,
) -> Lot:
    """Wrap rows of *purpose* of some more cases, behind *after*, to what follows.

    Nobody waits while it is computed: a row that no longer fits by then is found out
    by its name in the last step.

    Raises:
        NoRotationError: none was begun, or it was broken off.
        KeyChangedError: the session has the key of before.
    """
    recipient = _next_identity(find_present(session, duty), duty).recipient
    lot = _not_wrapped(session, duty.person.id, after, purpose)
    session.commit()
    rows = {
        case_id: _name(wrap)
        + (wrap_again(purpose, wrap, case_id, duty, recipient, gate) or b"")
        for case_id, wrap in lot
    }
    with transaction(session):
        person = find_present(session, duty)
        if bytes(_next_identity(person, duty).recipient) == bytes(recipient):
            _insert(session, person.id, rows, purpose)
    return Lot(lot[-1][0] if lot else after, is_last=len(lot) < LOT)


def finish(session: Session, duty: Duty, today: dt.date, *, gate: Key) -> Identity:
    """Put the new key in place of the old one, whole or not at all; return it.

    What has no row yet is wrapped here: few, if no lot is left. Every session ends.

    Raises:
        NoRotationError: none was begun, or it was broken off.
        KeyChangedError: the session has the key of before.
    """
    with transaction(session):
        person = find_present(session, duty)
        following = _next_identity(person, duty)
        recipient = following.recipient
        for purpose in NEXT_OF:
            _replace(session, duty, recipient, purpose, gate)
        tallies.rewrap_all(session, duty, recipient, gate)
        _lock_again(person, duty, following)
        person.recipient = bytes(recipient)
        keep_signing_key(person, following, duty.instance)
        person.locked_identity = person.next_locked_identity
        person.key_since = today
        # The next log-in wraps the new seed for recovery, where there is one.
        person.recovery_wrap = person.recovery_fingerprint = None
        forget(session, person)
        key_hand_overs.ask_again(session, person.id)
        sessions.end_all(session, person.id)
        devices.forget_all(session, person.id)
        audit.record(session, person.name, AuditAction.KEY_CHANGED, today)
    return following


def abandon(session: Session, duty: Duty, today: dt.date) -> None:
    """Break a rotation off: the present key stays.

    Raises:
        NoRotationError: none was begun, or it is over.
        KeyChangedError: the session has the key of before.
    """
    with transaction(session):
        person = find_present(session, duty)
        if person.next_recipient is None:
            raise NoRotationError
        forget(session, person)
        audit.record(session, person.name, AuditAction.KEY_CHANGE_DROPPED, today)


def forget(session: Session, person: Person) -> None:
    """Drop all that was prepared for a key that follows; call it in a transaction."""
    person.next_recipient = person.next_locked_identity = None
    person.next_locked_seed = None
    is_next = Wrap.purpose.in_(NEXT_OF.values())
    session.execute(delete(Wrap).where(Wrap.holder_id == person.id, is_next))


def _not_wrapped(
    session: Session, holder: bytes, after: bytes, purpose: str
) -> list[tuple[bytes, bytes]]:
    """Return the next cases that have no row yet, and the wrap of each."""
    following = _WRAPS.alias()
    is_there = (
        select(following.c.case_id)
        .where(
            following.c.case_id == Wrap.case_id,
            following.c.holder_id == Wrap.holder_id,
            following.c.purpose == NEXT_OF[purpose],
        )
        .exists()
    )
    mine = (Wrap.holder_id == holder) & (Wrap.purpose == purpose)
    query = select(Wrap.case_id, Wrap.wrap).where(mine, Wrap.case_id > after, ~is_there)
    rows = session.execute(query.order_by(Wrap.case_id).limit(LOT))
    return [(case_id, wrap) for case_id, wrap in rows]


def _insert(
    session: Session, holder: bytes, rows: Mapping[bytes, bytes], purpose: str
) -> None:
    """Write rows beside those of cases that are still there; another tab may have."""
    mine = (Wrap.holder_id == holder) & Wrap.case_id.in_(rows)
    session.execute(delete(Wrap).where(mine, Wrap.purpose == NEXT_OF[purpose]))
    is_old = mine & (Wrap.purpose == purpose)
    kept = session.scalars(select(Wrap.case_id).where(is_old)).all()
    this = {"holder_id": holder, "purpose": NEXT_OF[purpose]}
    new = [this | {"case_id": case_id, "wrap": rows[case_id]} for case_id in kept]
    if new:
        session.connection().execute(_WRAPS.insert(), new)


def _next_identity(person: Person, duty: Duty) -> Identity:
    """Return the identity that follows, from the seed that the present one locks.

    The recipient in the row is public, and whoever can write rows could put another
    there: nothing is wrapped to it.
    """
    if person.next_locked_seed is None:
        raise NoRotationError
    try:
        return unlock_next(person.next_locked_seed, duty.identity, **_who(duty))
    except (NotYoursError, BrokenError):
        raise NoRotationError from None


def _replace(
    session: Session, duty: Duty, recipient: Recipient, purpose: str, gate: Key
) -> None:
    """Put what follows in the place of every row of *purpose*.

    What opened nothing and hides nothing by being there is dropped.
    """
    for page in _pairs(session, duty.person.id, purpose):
        changes: dict[bool, list[dict[str, object]]] = {True: [], False: []}
        for pair in page:
            wrap = _following(pair, duty, recipient, purpose, gate)
            changes[bool(wrap)].append(
                {
                    "of_case": pair.case_id,
                    "of_holder": duty.person.id,
                    "of_purpose": purpose,
                    "new_wrap": wrap,
                }
            )
        if changes[True]:
            session.connection().execute(_REPLACE, changes[True])
        if changes[False]:
            session.connection().execute(_DROP, changes[False])


def _pairs(session: Session, holder: bytes, purpose: str) -> Iterator[list[_Pair]]:
    """Return each wrap with the row that follows it, some at a time."""
    old, following = _WRAPS.alias(), _WRAPS.alias()
    beside = (
        (following.c.case_id == old.c.case_id)
        & (following.c.holder_id == old.c.holder_id)
        & (following.c.purpose == NEXT_OF[purpose])
    )
    query = (
        select(old.c.case_id, old.c.wrap, following.c.wrap)
        .select_from(old.outerjoin(following, beside))
        .where(old.c.holder_id == holder, old.c.purpose == purpose)
        .order_by(old.c.case_id)
        .limit(_PAGE)
    )
    after = _FIRST
    while page := [
        _Pair(*row) for row in session.execute(query.where(old.c.case_id > after))
    ]:
        yield page
        after = page[-1].case_id


def _following(
    pair: _Pair, duty: Duty, recipient: Recipient, purpose: str, gate: Key
) -> bytes:
    """Return what was wrapped before, or now; empty: nothing can be."""
    name, wrap = (pair.following or b"")[:_NAME_SIZE], pair.following
    if wrap is not None and name == _name(pair.wrap):
        return wrap[_NAME_SIZE:]
    return wrap_again(purpose, pair.wrap, pair.case_id, duty, recipient, gate) or b""


def _lock_again(person: Person, duty: Duty, following: Identity) -> None:
    """Lock what is the holder's own under the identity that follows."""
    who = _who(duty)
    if person.locked_one_time is not None:
        secret = OneTimeSecret.unlock(person.locked_one_time, duty.identity, **who)
        person.locked_one_time = secret.lock(following, **who)
    if person.locked_recovery_codes is not None:
        codes = RecoveryCodes.unlock(person.locked_recovery_codes, duty.identity, **who)
        person.locked_recovery_codes = codes.lock(following, **who)
    if person.seen_counts is not None:
        person.seen_counts = _seen(person.seen_counts, duty).lock(following, **who)
    if person.opened_keys is not None:
        person.opened_keys = _opened(person.opened_keys, duty, following)


def _seen(locked: bytes, duty: Duty) -> SeenCounts:
    try:
        return SeenCounts.unlock(locked, duty.identity, **_who(duty))
    except (NotYoursError, BrokenError):
        # Everything is new again, which is the safe side.
        return SeenCounts()


def _opened(locked: bytes, duty: Duty, following: Identity) -> bytes | None:
    who = _who(duty)
    try:
        return OpenedKeys.unlock(locked, duty.identity, **who).lock(following, **who)
    except (NotYoursError, BrokenError):
        # It holds nothing that cannot be unwrapped again.
        return None


def _who(duty: Duty) -> dict[str, Any]:
    """Return whose it is that is locked, as every lock of the holder's own asks."""
    return {"holder": duty.person.id, "instance": duty.instance}


def _name(wrap: bytes) -> bytes:
    return hashlib.sha256(wrap).digest()
