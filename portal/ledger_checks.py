"""The whole trail is computed anew from its rows, and everything that does not hold named.

What is seen from the rows: a leaf, day, text or line that was changed without the key.
Who has the key and the database can write another history that holds in itself: it is
seen by the custodians' lines, which need their seeds, by the audit record, and by any
checkpoint that somebody kept (`compare`).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import InstanceId
from crypto.checkpoint import Checkpoint, ledger_origin
from crypto.signed_note import Note
from portal.database import reading
from portal.errors import UnreadableTrailError
from portal.ledger_damage import Damage, Harm
from portal.ledger_lines import find_bad_lines
from portal.ledger_rows import find_bad_days, find_bad_leaves, is_signed, read_note
from portal.ledger_signers import Signer, in_force, list_signers
from portal.models import LedgerDay


@dataclass(frozen=True)
class TrailVerdict:
    """What came of looking at the whole trail."""

    days: int
    leaves: int
    damages: tuple[Damage, ...]
    """By day; nothing where all holds."""


def verify_trail(session: Session, instance: InstanceId) -> TrailVerdict:
    """Compute the trail anew, and name everything that does not hold.

    Memory is flat in the number of leaves.

    Raises:
        UnreadableTrailError: a value in it is of another kind than any program writes.
        StoreUnavailableError: it cannot be read.
    """
    origin = ledger_origin(instance)
    with reading(session), _naming_nonsense():
        days = list(session.scalars(select(LedgerDay).order_by(LedgerDay.day)))
        signers = list_signers(session)
        damages = {
            *find_bad_leaves(session, days),
            *find_bad_days(days, origin, signers),
            *find_bad_lines(session, days, origin, signers),
        }
    in_order = sorted(damages, key=lambda one: (one.day, one.harm))
    size = days[-1].size if days else 0
    return TrailVerdict(len(days), size, tuple(in_order))


def compare(session: Session, instance: InstanceId, kept: Note) -> tuple[Damage, ...]:
    """Compare the trail with a checkpoint that somebody kept; name what was done since.

    The rows themselves are judged by `verify_trail`.

    Raises:
        BrokenError: it is no checkpoint.
        StoreUnavailableError: the trail cannot be read.
    """
    old = Checkpoint.parse(kept.text)
    if old.origin != ledger_origin(instance):
        return (Damage(Harm.FOREIGN, old.day),)
    with reading(session), _naming_nonsense():
        now = session.get(LedgerDay, old.day)
        last = session.scalar(select(func.max(LedgerDay.day)))
        harms = list(_compare(kept, old, now, last, list_signers(session)))
    return tuple(Damage(harm, old.day) for harm in harms)


@contextmanager
def _naming_nonsense() -> Iterator[None]:
    try:
        yield
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise UnreadableTrailError from None


def _compare(
    kept: Note,
    old: Checkpoint,
    now: LedgerDay | None,
    last: dt.date | None,
    signers: Sequence[Signer],
) -> Iterator[Harm]:
    signed = {one.public for one in signers if is_signed(kept, old.origin, one.public)}
    signing = in_force(signers, old.day)
    if not signed:
        yield Harm.FOREIGN
    elif signing is None or not signed & {signing.newest, signing.before}:
        yield Harm.OLD_KEY
    if now is None:
        # The end was cut off, or a day taken out in between.
        yield Harm.REMOVED if last is None or last < old.day else Harm.SKIPPED
        return
    if now.size != old.size:
        yield Harm.ADDED if now.size > old.size else Harm.REMOVED
    elif now.root != old.root:
        yield Harm.EDITED
    note = read_note(now.note)
    if note is None or note.text != kept.text:
        # Two checkpoints of one day: whoever signed both cannot deny it.
        yield Harm.RESIGNED
