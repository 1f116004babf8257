"""Leaves and days of the public trail, computed anew and compared with what was signed."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import LargeBinary, cast, func, select
from sqlalchemy.orm import Session

from crypto import BrokenError
from crypto.checkpoint import Checkpoint, check_signed
from crypto.merkle import Edge
from crypto.signed_note import Note
from portal.ledger import BLOCK, BLOCK_LEVEL
from portal.ledger_damage import Damage, Harm
from portal.ledger_signers import Signer, in_force
from portal.models import LedgerDay, LedgerLeaf, LedgerNode

_AT_A_TIME = 1_000
_LONGEST_TRAIL_DAYS = 36_500


def find_bad_leaves(session: Session, days: Sequence[LedgerDay]) -> Iterator[Damage]:
    """Grow the tree again, leaf by leaf, and compare it at the end of each day."""
    count = session.scalars(select(func.count()).select_from(LedgerLeaf)).one()
    surplus = count - (days[-1].size if days else 0)
    leaves, edge = _leaves(session), Edge()
    nodes: Iterator[bytes] | None = _nodes(session)
    for day in days:
        if not edge.size < day.size or day.size % BLOCK:
            yield Damage(Harm.DAY_CHANGED, day.day)
            return
        has_all = _grow(edge, day.size, leaves, nodes)
        if edge.size < day.size:
            yield Damage(Harm.REMOVED, day.day)
            return
        if edge.root() != day.root:
            yield Damage(_harm_of(surplus), day.day)
            following = _edge_of(day)
            if surplus or following is None:
                return  # nothing behind stands where it stood
            edge, nodes = following, None
        elif not has_all or bytes(edge) != day.edge:
            yield Damage(Harm.NODES, day.day)
            nodes = None
    if nodes is not None and days and next(nodes, None) is not None:
        yield Damage(Harm.NODES, days[-1].day)
    if surplus > 0 and days:
        yield Damage(Harm.ADDED, days[-1].day)


def find_bad_days(
    days: Sequence[LedgerDay], origin: str, signers: Sequence[Signer]
) -> Iterator[Damage]:
    """Compare each day with its checkpoint, and who signed that with who was to sign.

    ValueError: a day lies where no trail has one.
    """
    # The trail's first day is that since which its first key signs.
    known = [*(one.since for one in signers), *(day.day for day in days)]
    first = min(known, default=dt.date.min)
    expected = first
    if signers and not days:
        yield Damage(Harm.SKIPPED, first)
    for day in days:
        if (day.day - first).days > _LONGEST_TRAIL_DAYS:
            raise ValueError("no portal is so old")
        while expected < day.day:
            yield Damage(Harm.SKIPPED, expected)
            expected += dt.timedelta(days=1)
        expected = day.day + dt.timedelta(days=1)
        note = read_note(day.note)
        if note is None or not _is_of(day, note, origin):
            yield Damage(Harm.DAY_CHANGED, day.day)
        if note is not None:
            yield from _find_bad_signers(day.day, note, origin, signers)


def read_note(written: str) -> Note | None:
    """Return a checkpoint's note; None: it is none."""
    try:
        return Note.parse(written.encode())
    except BrokenError:
        return None


def is_signed(note: Note, origin: str, public: bytes) -> bool:
    """Tell whether the portal's key *public* signed a note."""
    try:
        check_signed(note, origin, public)
    except BrokenError:
        return False
    return True


def _find_bad_signers(
    day: dt.date, note: Note, origin: str, signers: Sequence[Signer]
) -> Iterator[Damage]:
    signing = in_force(signers, day)
    due = {signing.newest, signing.before} - {None} if signing else set()
    signed = {one.public for one in signers if is_signed(note, origin, one.public)}
    if signed - due:
        yield Damage(Harm.OLD_KEY, day)
    elif not due or due - signed:
        yield Damage(Harm.UNSIGNED, day)


def _is_of(day: LedgerDay, note: Note, origin: str) -> bool:
    try:
        signed = Checkpoint.parse(note.text)
    except BrokenError:
        return False
    stated = (signed.origin, signed.day, signed.size, signed.root)
    return stated == (origin, day.day, day.size, day.root)


def _grow(
    edge: Edge, size: int, leaves: Iterator[bytes], nodes: Iterator[bytes] | None
) -> bool:
    """Append leaves up to *size*; tell whether all nodes on the way are kept as they are.

    *nodes*: None where they were found to be others before.
    """
    fits = True
    while edge.size < size:
        leaf = next(leaves, None)
        if leaf is None:
            return fits
        for node in edge.append(leaf):
            if node.level >= BLOCK_LEVEL and nodes is not None:
                fits &= next(nodes, None) == node.hash
    return fits


def _harm_of(surplus: int) -> Harm:
    if surplus:
        return Harm.ADDED if surplus > 0 else Harm.REMOVED
    return Harm.EDITED


def _edge_of(day: LedgerDay) -> Edge | None:
    try:
        edge = Edge.parse(day.size, day.edge)
    except BrokenError:
        return None
    return edge if edge.root() == day.root else None


def _leaves(session: Session) -> Iterator[bytes]:
    """Return the leaves in their order, up to the first number that is missing."""
    rows = session.execute(
        # As bytes, whatever is stored: of another value the hash shall differ.
        select(LedgerLeaf.number, cast(LedgerLeaf.leaf, LargeBinary))
        .order_by(LedgerLeaf.number)
        .execution_options(yield_per=_AT_A_TIME)
    )
    for place, (number, leaf) in enumerate(rows):
        if number != place:
            return
        yield leaf


def _nodes(session: Session) -> Iterator[bytes]:
    """Return the hashes that are kept, in the order in which subtrees became complete."""
    end = (LedgerNode.place + 1).op("<<")(LedgerNode.level)
    rows = session.scalars(
        select(LedgerNode.hash)
        .order_by(end, LedgerNode.level)
        .execution_options(yield_per=_AT_A_TIME)
    )
    yield from rows
