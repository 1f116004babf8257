"""The identity that follows, locked under the present one (FORMAT 7.1).

Security: while an officer's cases are wrapped anew, batch by batch, both identities
are needed. The next seed is kept under a key that follows from the present
seed: a rotation that was broken off goes on with the same next identity, and the
database alone opens neither.
"""

from crypto.keys import SEED_SIZE, Identity
from crypto.lock import LOCK_OVERHEAD, InstanceId

LABEL_NEXT_SEED = b"lurus/v1/next-seed"
LABEL_NEXT_SEED_KEY = b"lurus/v1/next-seed-key"

LOCKED_NEXT_SIZE = SEED_SIZE + LOCK_OVERHEAD  # 113


def lock_next(
    identity: Identity, following: Identity, *, holder: bytes, instance: InstanceId
) -> bytes:
    """Lock the seed of *following* under *identity*: 113 bytes."""
    key = identity.key(instance).derive(LABEL_NEXT_SEED_KEY)
    return key.lock(following.reveal(), label=LABEL_NEXT_SEED, context=(holder,))


def unlock_next(
    locked: bytes, identity: Identity, *, holder: bytes, instance: InstanceId
) -> Identity:
    """Return the identity that follows.

    Raises:
        NotYoursError: another holder's, or damaged.
        BrokenError: not a lock of a version that is known.
    """
    key = identity.key(instance).derive(LABEL_NEXT_SEED_KEY)
    return Identity(key.unlock(locked, label=LABEL_NEXT_SEED, context=(holder,)))
