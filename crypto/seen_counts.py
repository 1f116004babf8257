"""What an officer has seen of each case: a count, under that officer's key (FORMAT 5.6).

Security: one blob under a key that follows from the officer's seed, padded to
16 KiB steps: nobody else learns which cases were looked at, or when.
"""

from collections.abc import Mapping
from typing import Self

from crypto.errors import BrokenError
from crypto.keys import Identity
from crypto.lock import InstanceId
from crypto.padding import LENGTH_SIZE, pad, unpad

LABEL_SEEN = b"lurus/v1/seen"
LABEL_SEEN_KEY = b"lurus/v1/seen-key"

SEEN_STEP = 16 * 1024
SEEN_CASE_SIZE = 16
COUNT_SIZE = 4
SEEN_ENTRY_SIZE = SEEN_CASE_SIZE + COUNT_SIZE  # 20


class SeenCounts:
    """Counts by case id, in the order of the ids."""

    __slots__ = ("_counts",)

    def __init__(self, counts: Mapping[bytes, int] | None = None) -> None:
        self._counts = dict(counts or {})

    def __len__(self) -> int:
        return len(self._counts)

    def find(self, case_id: bytes) -> int:
        """Return how much of a case was seen; 0: nothing."""
        return self._counts.get(case_id, 0)

    def adding(self, counts: Mapping[bytes, int]) -> "SeenCounts":
        """Return these counts and *counts* (by 16-byte case id); the newer stay."""
        return SeenCounts(self._counts | dict(counts))

    def lock(self, identity: Identity, *, holder: bytes, instance: InstanceId) -> bytes:
        """Lock all counts under the officer's own key."""
        entries = b"".join(
            case_id + self._counts[case_id].to_bytes(COUNT_SIZE, "big")
            for case_id in sorted(self._counts)
        )
        steps = -(-(len(entries) + LENGTH_SIZE) // SEEN_STEP)
        key = identity.key(instance).derive(LABEL_SEEN_KEY)
        padded = pad(entries, steps * SEEN_STEP)
        return key.lock(padded, label=LABEL_SEEN, context=(holder,))

    @classmethod
    def unlock(
        cls, locked: bytes, identity: Identity, *, holder: bytes, instance: InstanceId
    ) -> Self:
        """Return the counts.

        Raises:
            NotYoursError: another officer's, or damaged.
            BrokenError: not a whole number of entries.
        """
        key = identity.key(instance).derive(LABEL_SEEN_KEY)
        padded = key.unlock(locked, label=LABEL_SEEN, context=(holder,))
        entries = unpad(padded, len(padded))
        if len(entries) % SEEN_ENTRY_SIZE:
            raise BrokenError
        return cls(
            {
                entries[at : at + SEEN_CASE_SIZE]: int.from_bytes(
                    entries[at + SEEN_CASE_SIZE : at + SEEN_ENTRY_SIZE], "big"
                )
                for at in range(0, len(entries), SEEN_ENTRY_SIZE)
            }
        )
