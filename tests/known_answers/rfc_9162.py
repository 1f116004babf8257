"""The tree of RFC 9162 a second time: its definitions word for word, recursive and slow.

Sections 2.1.1 (MTH), 2.1.3.1 (PATH) and 2.1.4.1 (PROOF). Nothing of `crypto` is used.
"""

import hashlib

Leaves = list[bytes]


def mth(leaves: Leaves) -> bytes:
    """MTH(D_n)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = _k(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Leaves) -> list[bytes]:
    """PATH(m, D_n)."""
    if len(leaves) == 1:
        return []
    k = _k(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: Leaves) -> list[bytes]:
    """PROOF(m, D_n)."""
    return _subproof(m, leaves, is_whole=True)


def _subproof(m: int, leaves: Leaves, *, is_whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if is_whole else [mth(leaves)]
    k = _k(len(leaves))
    if m <= k:
        return [*_subproof(m, leaves[:k], is_whole=is_whole), mth(leaves[k:])]
    return [*_subproof(m - k, leaves[k:], is_whole=False), mth(leaves[:k])]


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
