"""An officer's own cache of opened case keys (FORMAT 5.5).

Security: one blob under a key that follows from the officer's seed, padded to
64 KiB steps. It holds nothing that the officer could not unwrap again; a case
whose wrap opened nothing is kept too, as such, so that the size does not count
what an officer may read.
"""

from collections.abc import Mapping
from typing import Self

from crypto.case_entries import CASE_ID_SIZE, CaseEntries
from crypto.case_key import PAIR_SIZE
from crypto.keys import Identity
from crypto.lock import InstanceId

LABEL_CACHE = b"lurus/v1/cache"
LABEL_CACHE_KEY = b"lurus/v1/cache-key"

CACHE_STEP = 64 * 1024
ENTRY_SIZE = CASE_ID_SIZE + PAIR_SIZE  # 80
NOTHING = bytes(PAIR_SIZE)
"""Kept for a case whose keys opened nothing."""


class OpenedKeys:
    """Opened keys by case id: 64 bytes each."""

    __slots__ = ("_entries",)

    def __init__(self, entries: CaseEntries | None = None) -> None:
        self._entries = entries or CaseEntries(PAIR_SIZE)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, case_id: bytes) -> bytes | None:
        """Return the 64 bytes kept for *case_id*, `NOTHING`, or None if unknown."""
        return self._entries.find(case_id)

    def adding(self, keys: Mapping[bytes, bytes]) -> "OpenedKeys":
        """Return these keys and *keys* (64 bytes by 16-byte case id) together."""
        return OpenedKeys(self._entries.adding(keys))

    def lock(self, identity: Identity, *, holder: bytes, instance: InstanceId) -> bytes:
        """Lock all entries under the officer's own key."""
        key = identity.key(instance).derive(LABEL_CACHE_KEY)
        return self._entries.lock(
            key, label=LABEL_CACHE, holder=holder, step=CACHE_STEP
        )

    @classmethod
    def unlock(
        cls, locked: bytes, identity: Identity, *, holder: bytes, instance: InstanceId
    ) -> Self:
        """Return the cached keys.

        Raises:
            NotYoursError: another officer's, or damaged.
            BrokenError: not a whole number of entries.
        """
        key = identity.key(instance).derive(LABEL_CACHE_KEY)
        return cls(
            CaseEntries.unlock(
                locked, key, label=LABEL_CACHE, holder=holder, value_size=PAIR_SIZE
            )
        )
