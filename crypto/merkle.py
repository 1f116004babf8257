"""The tree of the public trail, and what proves something of it (FORMAT 17).

Security: RFC 9162 section 2.1 with SHA-256. Leaves and nodes are hashed under a first
byte of their own, so no leaf can pass for a node. Who knows a root knows every leaf below
it: none can be taken out, changed or put in between without another root.

A tree is known by its *right edge*, the roots of its complete subtrees, the largest
first: a batch is added to it with flat memory. Proofs ask for the hashes of complete
subtrees, wherever those are kept.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Self

from crypto.errors import BrokenError

HASH_SIZE = 32
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()

NodeAt = Callable[[int, int], bytes]
"""Returns the root of a complete subtree: of 2**level leaves, *place* such before it."""


class Node(NamedTuple):
    """The root of a complete subtree."""

    level: int
    """It has 2**level leaves."""
    place: int
    """So many of that size stand before it."""
    hash: bytes


class Edge:
    """A tree's right edge; it grows by a leaf at a time."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count():
            raise BrokenError
        self._size = size
        self._hashes = list(hashes)

    @classmethod
    def parse(cls, size: int, kept: bytes) -> Self:
        """Read what `bytes` wrote of a tree with *size* leaves.

        Raises:
            BrokenError: it is no edge of such a tree.
        """
        if len(kept) != size.bit_count() * HASH_SIZE:
            raise BrokenError
        starts = range(0, len(kept), HASH_SIZE)
        return cls(size, [kept[start : start + HASH_SIZE] for start in starts])

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    def append(self, leaf: bytes) -> Iterator[Node]:
        """Add a leaf; yield its own hash and every subtree that it completes."""
        level, place, found = 0, self._size, leaf_hash(leaf)
        nodes = [Node(level, place, found)]
        while place & 1:
            level, place = level + 1, place >> 1
            found = node_hash(self._hashes.pop(), found)
            nodes.append(Node(level, place, found))
        self._hashes.append(found)
        self._size += 1
        return iter(nodes)

    def root(self) -> bytes:
        """Return the tree's root; of no leaves: the hash of nothing."""
        if not self._hashes:
            return EMPTY_ROOT
        *larger, found = self._hashes
        for left in reversed(larger):
            found = node_hash(left, found)
        return found

    def __bytes__(self) -> bytes:
        return b"".join(self._hashes)


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf as it stands in the tree."""
    return hashlib.sha256(LEAF_PREFIX + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash above two others."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def prove_inclusion(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """Return the path from leaf *index* (from 0) to the root over the first *size*.

    RFC 9162 section 2.1.3.1. ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of that size")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(middle, end, node_at))
            end = middle
        else:
            path.append(_subtree(start, middle, node_at))
            start = middle
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Check that *leaf* is leaf *index* of the tree with that size and root.

    RFC 9162 section 2.1.3.2.

    Raises:
        BrokenError: it is not, or the path does not show it.
    """
    if not 0 <= index < size:
        raise BrokenError
    place, last, found = index, size - 1, leaf_hash(leaf)
    for step in path:
        if last == 0:
            raise BrokenError
        if place & 1 or place == last:
            found = node_hash(step, found)
            place, last = _above_right(place, last)
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last != 0 or found != root:
        raise BrokenError


def prove_consistency(old: int, new: int, node_at: NodeAt) -> list[bytes]:
    """Return what shows that the first *old* of *new* leaves are the tree of before.

    RFC 9162 section 2.1.4.1. ValueError: no such tree stands before the other.
    """
    if not 0 <= old <= new:
        raise ValueError("the older tree is the larger one")
    if old in {0, new}:
        return []
    path, start, end, is_known = [], 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_subtree(middle, end, node_at))
            end = middle
        else:
            path.append(_subtree(start, middle, node_at))
            start, is_known = middle, False
    if not is_known:
        path.append(_subtree(start, end, node_at))
    return path[::-1]


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the tree of before is the beginning of the other.

    RFC 9162 section 2.1.4.2.

    Raises:
        BrokenError: it is not, or the path does not show it.
    """
    if not 0 <= old <= new:
        raise BrokenError
    if old in {0, new}:
        if path or old_root != (new_root if old == new else EMPTY_ROOT):
            raise BrokenError
        return
    # Of a complete subtree its own root is the beginning, and is not sent.
    steps = iter(path if old.bit_count() > 1 else (old_root, *path))
    first = next(steps, b"")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    is_old = is_new = first
    for step in steps:
        if last == 0:
            raise BrokenError
        if place & 1 or place == last:
            is_old, is_new = node_hash(step, is_old), node_hash(step, is_new)
            place, last = _above_right(place, last)
        else:
            is_new = node_hash(is_new, step)
        place, last = place >> 1, last >> 1
    if last != 0 or (is_old, is_new) != (old_root, new_root):
        raise BrokenError


def root_of(size: int, node_at: NodeAt) -> bytes:
    """Return the root over the first *size* leaves."""
    return _subtree(0, size, node_at) if size else EMPTY_ROOT


def _above_right(place: int, last: int) -> tuple[int, int]:
    """Climb to where the node is a right child: at the edge some have no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _subtree(start: int, end: int, node_at: NodeAt) -> bytes:
    length = end - start
    level = length.bit_length() - 1
    if length == 1 << level:
        return node_at(level, start >> level)
    middle = start + _split(length)
    return node_hash(_subtree(start, middle, node_at), _subtree(middle, end, node_at))


def _split(length: int) -> int:
    """Return the largest power of two below *length*, which is above one."""
    return 1 << (length - 1).bit_length() - 1
