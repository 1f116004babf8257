"""Values of one size by case id, in one blob of an officer's own (FORMAT 5.5, 5.6).

Security: the blob is locked under a key that follows from the officer's seed and
padded to whole steps, so that nobody else learns of which cases it speaks.
"""

from collections.abc import Container, Mapping
from typing import Self

from crypto.errors import BrokenError
from crypto.lock import Key
from crypto.padding import LENGTH_SIZE, pad, unpad

CASE_ID_SIZE = 16


class CaseEntries:
    """Sorted entries, searched by halving.

    Nothing is built on reading: finding fifty cases costs the same among a
    hundred and among ten thousand.
    """

    __slots__ = ("_entries", "_size")

    def __init__(self, value_size: int, entries: bytes = b"") -> None:
        self._size = CASE_ID_SIZE + value_size
        if len(entries) % self._size:
            raise BrokenError
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries) // self._size

    def find(self, case_id: bytes) -> bytes | None:
        """Return the value kept for *case_id*, or None."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            at = middle * self._size
            found = self._entries[at : at + CASE_ID_SIZE]
            if found == case_id:
                return self._entries[at + CASE_ID_SIZE : at + self._size]
            low, high = (middle + 1, high) if found < case_id else (low, middle)
        return None

    def adding(self, values: Mapping[bytes, bytes]) -> "CaseEntries":
        """Return these entries and *values* (by 16-byte case id); the newer stay."""
        entries = {
            self._entries[at : at + CASE_ID_SIZE]: self._entries[at : at + self._size]
            for at in range(0, len(self._entries), self._size)
        }
        entries |= {case_id: case_id + value for case_id, value in values.items()}
        together = b"".join(entries[case_id] for case_id in sorted(entries))
        return CaseEntries(self._size - CASE_ID_SIZE, together)

    def only(self, case_ids: Container[bytes]) -> "CaseEntries":
        """Return the entries of *case_ids* alone."""
        every = range(0, len(self._entries), self._size)
        together = b"".join(
            self._entries[at : at + self._size]
            for at in every
            if self._entries[at : at + CASE_ID_SIZE] in case_ids
        )
        return CaseEntries(self._size - CASE_ID_SIZE, together)

    def lock(self, key: Key, *, label: bytes, holder: bytes, step: int) -> bytes:
        """Lock all entries, padded to a multiple of *step* bytes."""
        steps = -(-(len(self._entries) + LENGTH_SIZE) // step)
        padded = pad(self._entries, steps * step)
        return key.lock(padded, label=label, context=(holder,))

    @classmethod
    def unlock(
        cls, locked: bytes, key: Key, *, label: bytes, holder: bytes, value_size: int
    ) -> Self:
        """Return the entries.

        Raises:
            NotYoursError: another officer's, or damaged.
            BrokenError: not a whole number of entries.
        """
        padded = key.unlock(locked, label=label, context=(holder,))
        return cls(value_size, unpad(padded, len(padded)))
