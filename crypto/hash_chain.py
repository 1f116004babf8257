"""A sequence in which nothing can be changed unseen (FORMAT 11).

Security: each link hashes its fields and the link before it. An edited,
dropped, swapped or inserted entry breaks every link from there on; only a cut
tail shows nothing, which is why heads are kept elsewhere.
"""

import hashlib
from collections.abc import Iterable

from crypto.lock import encode_info

LABEL_LINK = b"lurus/v1/link"

LINK_SIZE = 32
ORIGIN = bytes(LINK_SIZE)
"""What the first entry names as the link before it."""


def link(previous: bytes, fields: tuple[bytes, ...]) -> bytes:
    """Return the link of an entry with *fields* behind *previous*: SHA-256."""
    return hashlib.sha256(encode_info(LABEL_LINK, (previous, *fields))).digest()


def first_mismatch(entries: Iterable[tuple[tuple[bytes, ...], bytes]]) -> int | None:
    """Return the place (from 0) of the first entry that does not hold, or None.

    *entries* are pairs of fields and the link kept with them, in order.
    """
    previous = ORIGIN
    for place, (fields, kept) in enumerate(entries):
        if link(previous, fields) != kept:
            return place
        previous = kept
    return None
