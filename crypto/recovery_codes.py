"""Ten codes on paper, each for one login without the phone (FORMAT 8.3).

Security: 60 bits from the operating system each, never guessed through the
throttle of logins. Tags are kept, not codes, locked with their holder's identity: a
code helps who has the passphrase too, and nobody else. A spent code leaves
zeros, so that the blob has one size however many are left.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Self

from crypto import base32
from crypto.errors import BrokenError, NotYoursError
from crypto.keys import Identity
from crypto.lock import LOCK_OVERHEAD, InstanceId

LABEL_RECOVERY_CODE = b"lurus/v1/recovery-code"
LABEL_RECOVERY_CODES = b"lurus/v1/recovery-codes"
LABEL_RECOVERY_CODES_KEY = b"lurus/v1/recovery-codes-key"

RECOVERY_CODE_COUNT = 10
RECOVERY_CODE_SYMBOLS = 12  # 60 bits, three groups of four
TAG_SIZE = 16
LOCKED_RECOVERY_CODES_SIZE = RECOVERY_CODE_COUNT * TAG_SIZE + LOCK_OVERHEAD  # 241

_BITS = RECOVERY_CODE_SYMBOLS * base32.BITS
_SPENT = bytes(TAG_SIZE)


class RecoveryCodes:
    """What is known of ten codes: a tag for each that is left."""

    __slots__ = ("_tags",)

    def __init__(self, tags: bytes) -> None:
        if len(tags) != RECOVERY_CODE_COUNT * TAG_SIZE:
            raise BrokenError
        self._tags = [tags[at : at + TAG_SIZE] for at in range(0, len(tags), TAG_SIZE)]

    @classmethod
    def generate(cls) -> tuple[Self, tuple[str, ...]]:
        """Draw ten codes; return their tags, and the codes to be shown once."""
        drawn = (secrets.randbits(_BITS) for _ in range(RECOVERY_CODE_COUNT))
        symbols = (base32.encode(number, RECOVERY_CODE_SYMBOLS) for number in drawn)
        shown = tuple(map(base32.group, symbols))
        return cls.of(shown), shown

    @classmethod
    def of(cls, codes: Iterable[str]) -> Self:
        """Return the tags of ten codes as `generate` returned them."""
        return cls(b"".join(_tag(base32.normalise(code)) for code in codes))

    @property
    def left(self) -> int:
        """How many are not spent."""
        return sum(tag != _SPENT for tag in self._tags)

    def spend(self, typed: str) -> Self:
        """Return the codes that are left when the one that was typed is spent.

        Each is compared, in constant time. The caller keeps what is returned
        before anything else happens.

        Raises:
            NotYoursError: none of those that are left.
        """
        tag = _tag(base32.normalise(typed))
        matches = [hmac.compare_digest(tag, kept) for kept in self._tags]
        if not any(matches):
            raise NotYoursError
        left = zip(self._tags, matches, strict=True)
        return type(self)(b"".join(_SPENT if spent else kept for kept, spent in left))

    def lock(self, identity: Identity, *, holder: bytes, instance: InstanceId) -> bytes:
        """Lock the tags with their holder's identity: 241 bytes."""
        key = identity.key(instance).derive(LABEL_RECOVERY_CODES_KEY)
        tags = b"".join(self._tags)
        return key.lock(tags, label=LABEL_RECOVERY_CODES, context=(holder,))

    @classmethod
    def unlock(
        cls, locked: bytes, identity: Identity, *, holder: bytes, instance: InstanceId
    ) -> Self:
        """Return the codes that are left.

        Raises:
            NotYoursError: another holder's, or damaged.
            BrokenError: not a lock of a version that is known.
        """
        key = identity.key(instance).derive(LABEL_RECOVERY_CODES_KEY)
        return cls(key.unlock(locked, label=LABEL_RECOVERY_CODES, context=(holder,)))


def _tag(symbols: str) -> bytes:
    # What was typed may hold anything, half a surrogate pair too.
    typed = symbols.encode("utf-8", "replace")
    tag = hashlib.sha256(LABEL_RECOVERY_CODE + b"\x00" + typed)
    return tag.digest()[:TAG_SIZE]
