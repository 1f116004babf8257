"""A custodian cosigns the newest checkpoint, having looked whether it grew from before.

The portal's own key could sign another history; a custodian's seed is not the portal's.
At each round the trail is compared with what this custodian cosigned before, and with
what the audit record knows of it. Where it is another, or the portal's key of that day
did not sign it, nothing is cosigned, and the record, the round's page and `lurus doctor`
say so.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import BrokenError, Identity, InstanceId, fields, signing_key
from crypto.checkpoint import (
    Checkpoint,
    check_cosigned,
    check_signed,
    cosign,
    ledger_origin,
)
from crypto.merkle import HASH_SIZE, verify_consistency
from crypto.signed_note import Note, NoteSignature
from portal import audit
from portal.audit import AuditAction
from portal.cases import Duty
from portal.errors import NoSuchTreeError, NoTrailYetError, RewrittenHistoryError
from portal.ledger import list_trees, newest_tree, prove_growth
from portal.ledger_signers import in_force, list_signers
from portal.models import AuditEntry, Cosignature, LedgerDay, Person

REFUSED = "refused"
"""Stands for the line of a custodian who saw that the history was rewritten."""

_ROOT_DIGITS = 32
_FIELDS = 3
_MOST_DAYS_AWAY = 400
"""A checkpoint that was carried away is looked for among so many of the last days."""


@dataclass(frozen=True)
class ToCosign:
    """What a custodian looks at before cosigning."""

    newest: Note
    before: Note | None
    """What this custodian cosigned last, with the own line; None: nothing yet."""
    path: tuple[bytes, ...]
    """Shows that the newest grew from it."""

    def encode(self) -> bytes:
        """Write it, to be carried away (FORMAT 16.3)."""
        before = str(self.before).encode() if self.before else b""
        return fields.join((str(self.newest).encode(), before, b"".join(self.path)))

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Read what `encode` wrote.

        Raises:
            BrokenError: it is none.
        """
        newest, before, path = fields.split(encoded, _FIELDS)
        starts = range(0, len(path), HASH_SIZE)
        return cls(
            Note.parse(newest),
            Note.parse(before) if before else None,
            tuple(path[start : start + HASH_SIZE] for start in starts),
        )


def cosign_newest(session: Session, duty: Duty, today: dt.date) -> bool:
    """Cosign the newest checkpoint; tell whether that was done, or nothing was to do.

    False: the history was rewritten, and the record says so. Call it inside the
    transaction that ends the round.
    """
    public = signing_key(duty.identity, duty.instance)
    try:
        to_cosign = prepare(session, public, duty.instance)
        checkpoint = check(to_cosign, public, duty.instance)
    except NoTrailYetError:
        return True
    except RewrittenHistoryError:
        refuse(session, duty.person, today)
        return False
    line = cosign(duty.identity, checkpoint, today, instance=duty.instance)
    keep(session, duty.person, public, checkpoint, line, today)
    return True


def export_trail(
    session: Session, person: Person, instance: InstanceId, today: dt.date
) -> bytes:
    """Return what a custodian takes along to cosign elsewhere; empty: nothing.

    Where the history was rewritten, the record says so. Call it in a transaction.
    """
    try:
        return prepare(session, person.signing_key or b"", instance).encode()
    except NoTrailYetError:
        return b""
    except RewrittenHistoryError:
        refuse(session, person, today)
        return b""


def cosign_away(
    trail: bytes, identity: Identity, day: dt.date, instance: InstanceId
) -> str:
    """Cosign what was taken along, with no database; empty: there is nothing.

    The custodian's own machine looks whether it grew from what was cosigned before.
    """
    if not trail:
        return ""
    try:
        public = signing_key(identity, instance)
        checkpoint = check(ToCosign.decode(trail), public, instance)
    except (BrokenError, RewrittenHistoryError):
        return REFUSED
    return str(cosign(identity, checkpoint, day, instance=instance))


def take_line(
    session: Session, person: Person, line: str, instance: InstanceId, today: dt.date
) -> None:
    """Keep a line that came back below the checkpoint it is of; in a transaction.

    Where it fits no checkpoint, the record says that this custodian did not cosign.
    """
    public, origin = person.signing_key or b"", ledger_origin(instance)
    if not line:
        return
    for tree in list_trees(session, _MOST_DAYS_AWAY):
        with suppress(BrokenError):
            below = NoteSignature.parse(line)
            note = Note.parse(tree.note.encode()).with_line(below)
            day = check_cosigned(note, origin, public)
            keep(session, person, public, Checkpoint.parse(note.text), below, day)
            return
    refuse(session, person, today)


def prepare(session: Session, public: bytes, instance: InstanceId) -> ToCosign:
    """Return the newest checkpoint, and what shows that it grew from the one before.

    *public*: the custodian's signing key.

    Raises:
        NoTrailYetError: there is nothing to cosign.
        RewrittenHistoryError: rows contradict what was cosigned before.
    """
    newest = newest_tree(session)
    before = _find_cosigned(session, public, instance)
    try:
        _check_record(session)
        note = Note.parse(newest.note.encode())
        _check_signed(session, note, newest.day, instance)
        if before is None:
            return ToCosign(note, None, ())
        old = Checkpoint.parse(before.text)
        path = prove_growth(session, old.size, newest.size)
    except (BrokenError, NoSuchTreeError):
        raise RewrittenHistoryError from None
    return ToCosign(note, before, path)


def check(to_cosign: ToCosign, public: bytes, instance: InstanceId) -> Checkpoint:
    """Return the checkpoint that may be cosigned; needs no database.

    Raises:
        RewrittenHistoryError: it did not grow from the one cosigned before.
    """
    origin = ledger_origin(instance)
    try:
        newest = Checkpoint.parse(to_cosign.newest.text)
        begins = [newest.origin == origin]
        if to_cosign.before is not None:
            check_cosigned(to_cosign.before, origin, public)
            old = Checkpoint.parse(to_cosign.before.text)
            begins += [old.origin == origin, old.day <= newest.day]
            trees = old.size, old.root, newest.size, newest.root
            verify_consistency(*trees, to_cosign.path)
    except BrokenError:
        raise RewrittenHistoryError from None
    if not all(begins):
        raise RewrittenHistoryError
    return newest


def keep(
    session: Session,
    person: Person,
    public: bytes,
    checkpoint: Checkpoint,
    line: NoteSignature,
    today: dt.date,
) -> None:
    """Keep a custodian's line below a checkpoint; in a transaction."""
    if session.get(Cosignature, (checkpoint.day, public)) is not None:
        return  # two rounds on one day
    session.add(
        Cosignature(
            day=checkpoint.day,
            public=public,
            custodian_id=person.id,
            cosigned_on=today,
            line=str(line),
        )
    )
    mark = mark_of_tree(checkpoint.size, checkpoint.root)
    audit.record(session, person.name, AuditAction.COSIGNED, today, concerns=mark)


def refuse(session: Session, person: Person, today: dt.date) -> None:
    """Write down that a custodian refused to cosign; in a transaction."""
    audit.record(session, person.name, AuditAction.REFUSED_TO_COSIGN, today)


def last_refusal(session: Session) -> dt.date | None:
    """Return the day on which cosigning was last refused, if nothing was cosigned since."""
    acts = AuditAction.COSIGNED, AuditAction.REFUSED_TO_COSIGN
    query = select(AuditEntry).where(AuditEntry.act.in_(acts))
    last = session.scalar(query.order_by(AuditEntry.number.desc()).limit(1))
    if last is None or last.act != AuditAction.REFUSED_TO_COSIGN:
        return None
    return last.day


def _find_cosigned(
    session: Session, public: bytes, instance: InstanceId
) -> Note | None:
    """Return what was cosigned last with that key; all of it must hold.

    Raises:
        RewrittenHistoryError: a checkpoint is not the one that was cosigned.
    """
    origin, found = ledger_origin(instance), None
    rows = session.execute(
        select(LedgerDay.note, Cosignature.line)
        .join(LedgerDay, LedgerDay.day == Cosignature.day, isouter=True)
        .where(Cosignature.public == public)
        .order_by(Cosignature.day)
    )
    try:
        for note, line in rows.all():
            found = Note.parse((note or "").encode())
            found = found.with_line(NoteSignature.parse(line))
            check_cosigned(found, origin, public)
    except BrokenError:
        raise RewrittenHistoryError from None
    return found


def _check_signed(
    session: Session, note: Note, day: dt.date, instance: InstanceId
) -> None:
    """Check that the portal's own key of that day signed what is to be cosigned.

    Raises:
        BrokenError: it did not, or the trail names no such key.
    """
    signing = in_force(list_signers(session), day)
    if signing is None:
        raise BrokenError
    check_signed(note, ledger_origin(instance), signing.newest)


def _check_record(session: Session) -> None:
    """Check that every tree which the audit record knows to be cosigned is still there.

    Raises:
        BrokenError: one is not.
    """
    acts = AuditEntry.act == AuditAction.COSIGNED
    known = set(session.scalars(select(AuditEntry.concerns).where(acts)))
    trees = session.execute(select(LedgerDay.size, LedgerDay.root))
    there = {mark_of_tree(size, root) for size, root in trees}
    if not known <= there:
        raise BrokenError


def mark_of_tree(size: int, root: bytes) -> str:
    """Return what the audit record holds of a tree: its size, and half of its root."""
    return f"{size} {root.hex()[:_ROOT_DIGITS]}"
