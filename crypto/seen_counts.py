"""What an officer has seen of each case: a count, under that officer's key (FORMAT 5.6).

Security: one blob under a key that follows from the officer's seed, padded to
16 KiB steps: nobody else learns which cases were looked at, or when.
"""

from collections.abc import Container, Mapping
from typing import Self

from crypto.case_entries import CASE_ID_SIZE, CaseEntries
from crypto.keys import Identity
from crypto.lock import InstanceId

LABEL_SEEN = b"lurus/v1/seen"
LABEL_SEEN_KEY = b"lurus/v1/seen-key"

SEEN_STEP = 16 * 1024
COUNT_SIZE = 4
SEEN_ENTRY_SIZE = CASE_ID_SIZE + COUNT_SIZE  # 20


class SeenCounts:
    """Counts by case id."""

    __slots__ = ("_entries",)

    def __init__(self, entries: CaseEntries | None = None) -> None:
        self._entries = entries or CaseEntries(COUNT_SIZE)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, case_id: bytes) -> int:
        """Return how much of a case was seen; 0: nothing."""
        return int.from_bytes(self._entries.find(case_id) or b"", "big")

    def adding(self, counts: Mapping[bytes, int]) -> "SeenCounts":
        """Return these counts and *counts* (by 16-byte case id); the newer stay."""
        encoded = {
            case_id: count.to_bytes(COUNT_SIZE, "big")
            for case_id, count in counts.items()
        }
        return SeenCounts(self._entries.adding(encoded))

    def only(self, case_ids: Container[bytes]) -> "SeenCounts":
        """Return the counts of *case_ids* alone: of the others nothing is left."""
        return SeenCounts(self._entries.only(case_ids))

    def lock(self, identity: Identity, *, holder: bytes, instance: InstanceId) -> bytes:
        """Lock all counts under the officer's own key."""
        key = identity.key(instance).derive(LABEL_SEEN_KEY)
        return self._entries.lock(key, label=LABEL_SEEN, holder=holder, step=SEEN_STEP)

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
        return cls(
            CaseEntries.unlock(
                locked, key, label=LABEL_SEEN, holder=holder, value_size=COUNT_SIZE
            )
        )
