"""The day's batch: what waits is covered, shuffled, appended and signed, once.

A day is closed when it is over. Each has a batch of its own, also one without events and
one on which the server was off; a leaf enters the batch of its own day, never of an
earlier one. Nothing that is kept tells afterwards which leaves were drawn to cover
others, and up to 32 real ones do not show in a day's size.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom

from sqlalchemy import LargeBinary, cast, delete, func, insert, select, update
from sqlalchemy.orm import Session

from crypto import LEAF_SIZE, ORIGIN
from crypto.checkpoint import (
    AUDIT_SALT_SIZE,
    Checkpoint,
    audit_commitment,
    ledger_origin,
    recipients_digest,
)
from crypto.merkle import HASH_SIZE, Edge
from crypto.public_leaf import PublicKind
from crypto.signed_note import Note
from portal.database import find_instance_id
from portal.errors import SettingsError
from portal.ledger import BLOCK, BLOCK_LEVEL, find_leaves
from portal.ledger_keys import LedgerKeys, drop_key_before, read_ledger_keys
from portal.ledger_papers import (
    list_recipients,
    publish_if_changed,
    recipients_text,
)
from portal.ledger_signers import InForce, announce, in_force, list_signers
from portal.models import (
    AuditEntry,
    Installation,
    LedgerDay,
    LedgerLeaf,
    LedgerNode,
    WaitingLeaf,
)

MOST_DAYS = 100
"""Days closed in one transaction; others wait for some tens of milliseconds."""

_ONE_IN = 4
"""On so many days one gets a block more, drawn."""


@dataclass(frozen=True)
class DailyLedger:
    """The daily work on the trail of one installation."""

    instance: Path
    policies: str
    """Rules that are in force, as they are published."""

    def run(self, session: Session, now: dt.datetime) -> bool:
        """Close days that are over; tell whether that was all. In a transaction.

        Without a key that can be used nothing is closed: `lurus doctor` says so, and
        the days are closed later, each by itself.
        """
        try:
            keys = read_ledger_keys(self.instance)
        except SettingsError:
            return True
        today = now.date()
        first = _first_open_day(session, today)
        days = [first + dt.timedelta(days=n) for n in range((today - first).days)]
        for day in days[:MOST_DAYS]:
            close_day(session, day, keys, self.policies)
        # Who left these did not know the day: they are not younger than this one.
        unknown = update(WaitingLeaf).where(WaitingLeaf.day.is_(None))
        session.execute(unknown.values(day=today))
        return len(days) <= MOST_DAYS

    def follow(self, session: Session, now: dt.datetime) -> None:
        """Forget the key of before once its overlap has ended."""
        with suppress(SettingsError, OSError):
            keys = read_ledger_keys(self.instance)
            signing = in_force(list_signers(session), now.date())
            if keys.before and signing == InForce(keys.newest.public, None):
                drop_key_before(self.instance)


def close_day(
    session: Session,
    day: dt.date,
    keys: LedgerKeys,
    policies: str,
    chance: Random | None = None,
) -> None:
    """Close *day*: append its batch and sign the tree. Call it in a transaction.

    *chance*: draws cover and order; the system's where none is given.
    """
    origin = ledger_origin(find_instance_id(session))
    recipients = list_recipients(session)
    announce(session, origin, keys, day)
    publish_if_changed(session, PublicKind.KEYS, recipients_text(recipients), day)
    publish_if_changed(session, PublicKind.POLICIES, policies, day)
    edge = _append(session, _take_waiting(session, day), chance or SystemRandom())
    number, link = _audit_head(session)
    salt = secrets.token_bytes(AUDIT_SALT_SIZE)
    checkpoint = Checkpoint(
        origin,
        edge.size,
        edge.root(),
        day,
        recipients_digest(recipients),
        audit_commitment(salt, link),
    )
    signing = in_force(list_signers(session), day)
    session.add(
        LedgerDay(
            day=day,
            size=edge.size,
            root=edge.root(),
            edge=bytes(edge),
            note=_sign(checkpoint, keys, signing),
            audit_number=number,
            audit_salt=salt,
        )
    )
    session.flush()


def cover(real: Sequence[bytes], chance: Random) -> list[bytes]:
    """Return *real* leaves among drawn ones, in a drawn order: whole blocks.

    With 32 at most there are 32 leaves or, on a quarter of all days, 64: however many
    are real.
    """
    extra = BLOCK if chance.randrange(_ONE_IN) == 0 else 0
    blocks = max(1, -(-len(real) // BLOCK))
    drawn = blocks * BLOCK + extra - len(real)
    leaves = [*real, *(chance.randbytes(HASH_SIZE) for _ in range(drawn))]
    chance.shuffle(leaves)
    return leaves


def _first_open_day(session: Session, today: dt.date) -> dt.date:
    """Return the first day that is not closed; the trail's first, where there is none.

    It begins with the first leaf that waits, or yesterday; never before the portal.
    """
    last = session.scalar(select(func.max(LedgerDay.day)))
    if last is not None:
        return last + dt.timedelta(days=1)
    made_on = session.scalars(select(Installation.made_on)).one()
    waits = session.scalar(select(func.min(WaitingLeaf.day)))
    yesterday = today - dt.timedelta(days=1)
    return max(made_on, min(waits or yesterday, yesterday))


def _take_waiting(session: Session, day: dt.date) -> list[bytes]:
    """Return what waits of *day* and before, and let it wait no longer."""
    over = WaitingLeaf.day <= day
    # As bytes, whatever is stored. Who can write rows could leave what is no leaf: in
    # the tree it would stand for good, and every list of leaves would be misread.
    waiting = select(cast(WaitingLeaf.leaf, LargeBinary)).where(over)
    leaves = [one for one in session.scalars(waiting) if len(one) == LEAF_SIZE]
    session.execute(delete(WaitingLeaf).where(over))
    # Of a case that came back with an older database the tree may have it already.
    known = find_leaves(session, leaves)
    return [leaf for leaf in leaves if leaf not in known]


def _append(session: Session, real: Sequence[bytes], chance: Random) -> Edge:
    last = session.execute(
        select(LedgerDay.size, LedgerDay.edge).order_by(LedgerDay.day.desc()).limit(1)
    ).first()
    edge = Edge.parse(*last) if last else Edge()
    start, leaves = edge.size, cover(real, chance)
    nodes = [node for leaf in leaves for node in edge.append(leaf)]
    session.execute(
        insert(LedgerLeaf),
        [{"number": number, "leaf": leaf} for number, leaf in enumerate(leaves, start)],
    )
    session.execute(
        insert(LedgerNode),
        [node._asdict() for node in nodes if node.level >= BLOCK_LEVEL],
    )
    return edge


def _audit_head(session: Session) -> tuple[int, bytes]:
    """Return number and link of the record's last entry."""
    last = session.scalar(
        select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
    )
    return (last.number, last.link) if last else (0, ORIGIN)


def _sign(checkpoint: Checkpoint, keys: LedgerKeys, signing: InForce | None) -> str:
    text = str(checkpoint)
    due: Iterable[bytes | None] = (
        (signing.newest, signing.before) if signing else (keys.newest.public,)
    )
    held = [key for key in (keys.newest, keys.before) if key and key.public in due]
    return str(Note(text, tuple(key.sign(text, checkpoint.origin) for key in held)))
