"""The public trail as everybody can read it: leaves, signed days, and proofs.

Every day appends a multiple of 32 leaves, so a tree that was signed consists of complete
subtrees of 32. Their hashes and those above are kept; those below are computed.

For receipts: `find_leaf(session, leaf)` tells where a leaf stands and since which day,
`prove(session, leaf, size)` returns its path to a signed root, `prove_growth(session,
old, new)` shows that one signed tree is the beginning of another. All of it is checked
with `crypto.merkle` alone.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto.merkle import (
    NodeAt,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
)
from crypto.signed_note import Note, NoteSignature
from portal.errors import NoSuchLeafError, NoSuchTreeError, NoTrailYetError
from portal.models import Cosignature, LedgerDay, LedgerLeaf, LedgerNode, Person

BLOCK_LEVEL = 5
BLOCK = 1 << BLOCK_LEVEL
"""Leaves of a block; every day appends whole blocks."""

MOST_LEAVES_LISTED = 1_024

_PAGE = 500


@dataclass(frozen=True)
class LeafPlace:
    """Where a leaf stands."""

    index: int
    """From 0."""
    day: dt.date
    """The day that closed it in: it is not younger."""


@dataclass(frozen=True)
class SignedTree:
    """The tree at the end of a day."""

    day: dt.date
    size: int
    root: bytes
    note: str
    """The checkpoint with the portal's own lines."""


@dataclass(frozen=True)
class Inclusion:
    """What shows that a leaf is in a signed tree."""

    leaf: bytes
    place: LeafPlace
    tree: SignedTree
    path: tuple[bytes, ...]
    """From the leaf upwards (`crypto.merkle.verify_inclusion`)."""


@dataclass(frozen=True)
class CosignedOn:
    """Who cosigned a day's checkpoint, and when."""

    day: dt.date
    """Of the checkpoint."""
    custodian: str
    cosigned_on: dt.date


def find_leaf(session: Session, leaf: bytes) -> LeafPlace | None:
    """Return where *leaf* stands; None: it is not in the tree (it may wait for its day)."""
    return find_leaves(session, (leaf,)).get(leaf)


def find_leaves(session: Session, leaves: Collection[bytes]) -> dict[bytes, LeafPlace]:
    """Return where those of *leaves* stand that are in the tree."""
    found: dict[bytes, LeafPlace] = {}
    wanted = sorted(leaves)
    for at in range(0, len(wanted), _PAGE):
        rows = session.execute(
            select(LedgerLeaf.leaf, LedgerLeaf.number).where(
                LedgerLeaf.leaf.in_(wanted[at : at + _PAGE])
            )
        )
        for leaf, number in rows.all():
            # Behind the last day that was signed there is no tree.
            if day := _day_of(session, number):
                found[leaf] = LeafPlace(number, day)
    return found


def prove(session: Session, leaf: bytes, size: int | None = None) -> Inclusion:
    """Return what shows that *leaf* is in the tree with *size* leaves; None: the newest.

    Raises:
        NoSuchLeafError: it is not in the tree, or came later.
        NoSuchTreeError: no tree of that size was signed.
        NoTrailYetError: no day is closed yet.
    """
    tree = newest_tree(session) if size is None else find_tree(session, size)
    place = find_leaf(session, leaf)
    if place is None or place.index >= tree.size:
        raise NoSuchLeafError
    path = prove_inclusion(place.index, tree.size, node_at(session))
    return Inclusion(leaf, place, tree, tuple(path))


def prove_growth(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Return what shows that the tree of *old* leaves is the beginning of that of *new*.

    For `crypto.merkle.verify_consistency`.

    Raises:
        NoSuchTreeError: one of them was not signed, or the older is the larger.
    """
    if old > new:
        raise NoSuchTreeError
    find_tree(session, old)
    find_tree(session, new)
    return tuple(prove_consistency(old, new, node_at(session)))


def newest_tree(session: Session) -> SignedTree:
    """Return the tree at the end of the last day that is closed.

    Raises:
        NoTrailYetError: no day is closed yet.
    """
    row = session.scalar(select(LedgerDay).order_by(LedgerDay.day.desc()).limit(1))
    if row is None:
        raise NoTrailYetError
    return _tree(row)


def find_tree(session: Session, size: int) -> SignedTree:
    """Return the signed tree with *size* leaves.

    Raises:
        NoSuchTreeError: there is none.
    """
    row = session.scalar(select(LedgerDay).where(LedgerDay.size == size))
    if row is None:
        raise NoSuchTreeError
    return _tree(row)


def newest_cosigned_tree(session: Session) -> SignedTree:
    """Return the newest tree that a custodian cosigned.

    Raises:
        NoTrailYetError: none was.
    """
    row = session.scalar(
        select(LedgerDay)
        .join(Cosignature, Cosignature.day == LedgerDay.day)
        .order_by(LedgerDay.day.desc())
        .limit(1)
    )
    if row is None:
        raise NoTrailYetError
    return _tree(row)


def cosigned_note(session: Session, tree: SignedTree) -> Note:
    """Return a tree's checkpoint with the lines of the custodians below the portal's."""
    note = Note.parse(tree.note.encode())
    lines = select(Cosignature.line).where(Cosignature.day == tree.day)
    for line in session.scalars(lines.order_by(Cosignature.public)):
        note = note.with_line(NoteSignature.parse(line))
    return note


def list_trees(session: Session, count: int) -> list[SignedTree]:
    """Return the last *count* days, the newest first."""
    rows = select(LedgerDay).order_by(LedgerDay.day.desc()).limit(count)
    return [_tree(row) for row in session.scalars(rows)]


def list_sizes(
    session: Session, since: dt.date = dt.date.min
) -> list[tuple[dt.date, int]]:
    """Return how many leaves the tree had at the end of each day, the first day first."""
    rows = session.execute(
        select(LedgerDay.day, LedgerDay.size)
        .where(LedgerDay.day >= since)
        .order_by(LedgerDay.day)
    )
    return [(day, size) for day, size in rows]


def list_cosigned(session: Session, count: int) -> list[CosignedOn]:
    """Return the last *count* cosignatures, the newest first."""
    rows = session.execute(
        select(Cosignature.day, Person.name, Cosignature.cosigned_on)
        .join(Person, Person.id == Cosignature.custodian_id)
        .order_by(Cosignature.day.desc(), Cosignature.public)
        .limit(count)
    )
    return [CosignedOn(*row) for row in rows]


def list_leaves(session: Session, start: int, end: int) -> list[bytes]:
    """Return the leaves from *start* to before *end*; at most `MOST_LEAVES_LISTED`."""
    end = min(end, start + MOST_LEAVES_LISTED)
    return list(
        session.scalars(
            select(LedgerLeaf.leaf)
            .where(LedgerLeaf.number >= start, LedgerLeaf.number < end)
            .order_by(LedgerLeaf.number)
        )
    )


def node_at(session: Session) -> NodeAt:
    """Return what looks up the root of a complete subtree.

    It raises NoSuchTreeError where there is none. A path asks for one block five times:
    it is read once, so make another for whatever was appended since.
    """
    blocks: dict[int, list[bytes]] = {}

    def find(level: int, place: int) -> bytes:
        if level >= BLOCK_LEVEL:
            node = session.get(LedgerNode, (level, place), populate_existing=True)
            if node is None:
                raise NoSuchTreeError
            return node.hash
        block, start = divmod(place << level, BLOCK)
        if block not in blocks:
            first = block * BLOCK
            blocks[block] = list_leaves(session, first, first + BLOCK)
        leaves = blocks[block][start : start + (1 << level)]
        if len(leaves) != 1 << level:
            raise NoSuchTreeError
        return _root_of_few(leaves)

    return find


def _root_of_few(leaves: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of leaves."""
    hashes = [leaf_hash(leaf) for leaf in leaves]
    while len(hashes) > 1:
        hashes = list(_level_above(hashes))
    return hashes[0]


def _level_above(hashes: Sequence[bytes]) -> Iterator[bytes]:
    for left, right in zip(hashes[::2], hashes[1::2], strict=True):
        yield node_hash(left, right)


def _day_of(session: Session, index: int) -> dt.date | None:
    days = select(LedgerDay.day).where(LedgerDay.size > index)
    return session.scalar(days.order_by(LedgerDay.size).limit(1))


def _tree(row: LedgerDay) -> SignedTree:
    return SignedTree(row.day, row.size, row.root, row.note)
