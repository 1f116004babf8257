"""An officer's declaration of conflicts, under the instance's secret (FORMAT 5.8).

Security: the portal itself applies a declaration while nobody is logged in, so it
is locked under a key that the portal holds and no copy of the database does. All
declarations have one length, the empty one too.
"""

from crypto.lock import LOCK_OVERHEAD, Key
from crypto.padding import pad, unpad

LABEL_CONFLICTS = b"lurus/v1/conflicts"
LABEL_CONFLICTS_KEY = b"lurus/v1/conflicts-key"

CONFLICTS_SIZE = 4096
LOCKED_CONFLICTS_SIZE = CONFLICTS_SIZE + LOCK_OVERHEAD  # 4177


def lock_conflicts(text: bytes, secret: Key, *, holder: bytes) -> bytes:
    """Lock *holder*'s declaration.

    Raises:
        TooLongError: more than 4,092 bytes.
    """
    key = secret.derive(LABEL_CONFLICTS_KEY)
    padded = pad(text, CONFLICTS_SIZE)
    return key.lock(padded, label=LABEL_CONFLICTS, context=(holder,))


def unlock_conflicts(locked: bytes, secret: Key, *, holder: bytes) -> bytes:
    """Return the declaration.

    Raises:
        NotYoursError: another officer's, another installation's, or damaged.
        BrokenError: not padded to the one size.
    """
    key = secret.derive(LABEL_CONFLICTS_KEY)
    padded = key.unlock(locked, label=LABEL_CONFLICTS, context=(holder,))
    return unpad(padded, CONFLICTS_SIZE)
