"""An officer's own cache of opened case keys (FORMAT 5.5).

Security: one blob under a key that follows from the officer's seed, padded to
64 KiB steps. It holds nothing that the officer could not unwrap again; a case
whose wrap opened nothing is kept too, as such, so that the size does not count
what an officer may read.
"""

from collections.abc import Mapping
from typing import Self

from crypto.case_key import PAIR_SIZE
from crypto.errors import BrokenError
from crypto.keys import Identity
from crypto.lock import InstanceId
from crypto.padding import LENGTH_SIZE, pad, unpad

LABEL_CACHE = b"lurus/v1/cache"
LABEL_CACHE_KEY = b"lurus/v1/cache-key"

CACHE_STEP = 64 * 1024
CASE_ID_SIZE = 16
ENTRY_SIZE = CASE_ID_SIZE + PAIR_SIZE  # 80
NOTHING = bytes(PAIR_SIZE)
"""Kept for a case whose keys opened nothing."""


class OpenedKeys:
    """Opened keys by case id: sorted entries of 80 bytes, searched by halving.

    Nothing is built on reading: finding fifty cases costs the same among a
    hundred and among ten thousand.
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: bytes = b"") -> None:
        if len(entries) % ENTRY_SIZE:
            raise BrokenError
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries) // ENTRY_SIZE

    def find(self, case_id: bytes) -> bytes | None:
        """Return the 64 bytes kept for *case_id*, `NOTHING`, or None if unknown."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            at = middle * ENTRY_SIZE
            found = self._entries[at : at + CASE_ID_SIZE]
            if found == case_id:
                return self._entries[at + CASE_ID_SIZE : at + ENTRY_SIZE]
            low, high = (middle + 1, high) if found < case_id else (low, middle)
        return None

    def adding(self, keys: Mapping[bytes, bytes]) -> "OpenedKeys":
        """Return these keys and *keys* (64 bytes by 16-byte case id) together."""
        entries = {
            self._entries[at : at + CASE_ID_SIZE]: self._entries[at : at + ENTRY_SIZE]
            for at in range(0, len(self._entries), ENTRY_SIZE)
        }
        entries |= {case_id: case_id + pair for case_id, pair in keys.items()}
        return OpenedKeys(b"".join(entries[case_id] for case_id in sorted(entries)))

    def lock(self, identity: Identity, *, holder: bytes, instance: InstanceId) -> bytes:
        """Lock all entries under the officer's own key."""
        steps = -(-(len(self._entries) + LENGTH_SIZE) // CACHE_STEP)
        key = identity.key(instance).derive(LABEL_CACHE_KEY)
        padded = pad(self._entries, steps * CACHE_STEP)
        return key.lock(padded, label=LABEL_CACHE, context=(holder,))

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
        padded = key.unlock(locked, label=LABEL_CACHE, context=(holder,))
        return cls(unpad(padded, len(padded)))
