"""One sealed text of a case (FORMAT 6).

Security: the envelope opens under the case key (thread) or the office key
(notes, summary, sheet) and only at its own place: the context names case,
chain, number, author, kind and the envelope before it, so that a gap, a swap,
an edit or a text moved from another case does not open. All envelopes of one
kind have one length.
"""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from crypto.errors import BrokenError, NotYoursError
from crypto.lock import LOCK_OVERHEAD, Key
from crypto.padding import LENGTH_SIZE, pad, unpad

LABEL_TEXT = b"lurus/v1/text"

FIRST = bytes(32)
"""What the first envelope of a chain names as the one before it."""


class Kind(StrEnum):
    """What a sealed text is; its word enters the context."""

    REPORT = "report"
    MESSAGE = "message"
    NOTE = "note"
    MANIFEST = "manifest"
    SUMMARY = "summary"
    SHEET = "sheet"

    @property
    def size(self) -> int:
        """Padded size in bytes, before the lock's `LOCK_OVERHEAD`."""
        return _SIZES[self]

    @property
    def longest(self) -> int:
        """Longest text in bytes."""
        return self.size - LENGTH_SIZE

    @property
    def envelope_size(self) -> int:
        """Size of every envelope of this kind, in bytes."""
        return self.size + LOCK_OVERHEAD


_SIZES = {
    Kind.REPORT: 16 * 1024,
    Kind.MESSAGE: 4 * 1024,
    Kind.NOTE: 4 * 1024,
    Kind.MANIFEST: 8 * 1024,
    Kind.SUMMARY: 1024,
    Kind.SHEET: 1024,
}


@dataclass(frozen=True)
class Place:
    """Where a sealed text belongs; it opens nowhere else."""

    case_id: bytes
    chain: str
    number: int
    author: str
    kind: Kind
    previous: bytes = FIRST

    def after(self, envelope: bytes, author: str, kind: Kind) -> "Place":
        """Return the next place of the chain, behind *envelope*."""
        previous = hashlib.sha256(envelope).digest()
        return Place(self.case_id, self.chain, self.number + 1, author, kind, previous)

    def manifest(self, envelope: bytes) -> "Place":
        """Return where the manifest of *envelope*, which is sealed here, belongs."""
        previous = hashlib.sha256(envelope).digest()
        return replace(self, kind=Kind.MANIFEST, previous=previous)

    def context(self) -> tuple[bytes, ...]:
        """Return the fields that bind an envelope to this place (FORMAT 6.2)."""
        return (
            self.case_id,
            self.chain.encode(),
            self.number.to_bytes(4, "big"),
            self.author.encode(),
            self.kind.encode(),
            self.previous,
        )


def seal(text: bytes, key: Key, place: Place) -> bytes:
    """Seal *text* for *place*.

    Raises:
        TooLongError: the kind does not allow so long a text.
    """
    padded = pad(text, place.kind.size)
    return key.lock(padded, label=LABEL_TEXT, context=place.context())


def unseal(envelope: bytes, key: Key, place: Place) -> bytes:
    """Return the text.

    Raises:
        BrokenError: it is not the text that was sealed for this place.
    """
    try:
        padded = key.unlock(envelope, label=LABEL_TEXT, context=place.context())
    except NotYoursError:
        raise BrokenError from None
    return unpad(padded, place.kind.size)
