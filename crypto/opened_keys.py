"""An officer's own cache of opened case keys (FORMAT 5.5).

Security: one blob under a key that follows from the officer's seed, padded to
64 KiB steps. It holds nothing that the officer could not unwrap again; a case
whose wrap opened nothing is kept too, as such, so that the size does not count
what an officer may read.
"""

from collections.abc import Mapping

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


def lock_opened_keys(
    keys: Mapping[bytes, bytes],
    identity: Identity,
    *,
    holder: bytes,
    instance: InstanceId,
) -> bytes:
    """Lock *keys* (64 bytes by 16-byte case id) under the officer's own key."""
    entries = b"".join(case_id + keys[case_id] for case_id in sorted(keys))
    steps = -(-(len(entries) + LENGTH_SIZE) // CACHE_STEP)
    key = identity.key(instance).derive(LABEL_CACHE_KEY)
    return key.lock(
        pad(entries, steps * CACHE_STEP), label=LABEL_CACHE, context=(holder,)
    )


def unlock_opened_keys(
    locked: bytes, identity: Identity, *, holder: bytes, instance: InstanceId
) -> dict[bytes, bytes]:
    """Return the cached keys by case id.

    Raises:
        NotYoursError: another officer's, or damaged.
        BrokenError: not a whole number of entries.
    """
    key = identity.key(instance).derive(LABEL_CACHE_KEY)
    padded = key.unlock(locked, label=LABEL_CACHE, context=(holder,))
    entries = unpad(padded, len(padded))
    if len(entries) % ENTRY_SIZE:
        raise BrokenError
    return {
        entries[at : at + CASE_ID_SIZE]: entries[at + CASE_ID_SIZE : at + ENTRY_SIZE]
        for at in range(0, len(entries), ENTRY_SIZE)
    }
