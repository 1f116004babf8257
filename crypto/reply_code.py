"""The reply code of a leaflet: whoever holds the sheet may answer (FORMAT 3.7).

Security: 90 bits from the operating system. The database knows a code by its locator
alone; what is answered is locked under a key that follows from the code as well, so
that a copy of the database opens no answer. Officers find the code in the sealed
request. All sheets of one request bear the same: an answer tells nobody whose it is.
"""

import secrets
from dataclasses import dataclass, field
from typing import Self

from crypto import base32
from crypto.errors import MistypedError
from crypto.lock import LOCK_OVERHEAD, InstanceId, Key
from crypto.padding import pad, unpad

LABEL_REPLY_LOCATOR = b"lurus/v1/reply-locator"
LABEL_REPLY_KEY = b"lurus/v1/reply-key"
LABEL_REPLY = b"lurus/v1/reply"

REPLY_CODE_BITS = 90
REPLY_CODE_SECRET_SYMBOLS = 18
REPLY_CODE_CHECK_SYMBOLS = 2
REPLY_CODE_SYMBOLS = REPLY_CODE_SECRET_SYMBOLS + REPLY_CODE_CHECK_SYMBOLS  # 20, 5 x 4
REPLY_CODE_SECRET_SIZE = 12  # bytes of the big-endian integer that enters HKDF
REPLY_CODE_MODULUS = 1021  # the largest prime below 2^10: every slip of the hand shows

REPLY_SIZE = 4096  # padded: a word or a page look the same
LOCKED_REPLY_SIZE = REPLY_SIZE + LOCK_OVERHEAD  # 4177


@dataclass(frozen=True, eq=False, slots=True)
class ReplyCode:
    """What stands on a leaflet, for an answer without a name."""

    _secret: int = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Draw a new one from the operating system."""
        return cls(secrets.randbits(REPLY_CODE_BITS))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a code as people type it.

        Raises:
            MistypedError: no such code can exist; found from the text alone.
        """
        symbols = base32.normalise(typed)
        if len(symbols) != REPLY_CODE_SYMBOLS:
            raise MistypedError
        secret = base32.decode(symbols[:REPLY_CODE_SECRET_SYMBOLS])
        checked = base32.decode(symbols[REPLY_CODE_SECRET_SYMBOLS:])
        if checked != secret % REPLY_CODE_MODULUS:
            raise MistypedError
        return cls(secret)

    def reveal(self) -> str:
        """Write the code as it is printed: five groups of four symbols."""
        check = self._secret % REPLY_CODE_MODULUS
        return base32.group(
            base32.encode(self._secret, REPLY_CODE_SECRET_SYMBOLS)
            + base32.encode(check, REPLY_CODE_CHECK_SYMBOLS)
        )

    def locator(self, instance: InstanceId) -> bytes:
        """Return what the database knows it by: 32 bytes."""
        return self._root(instance).derive(LABEL_REPLY_LOCATOR).reveal()

    def lock(self, text: bytes, instance: InstanceId, *, reply_id: bytes) -> bytes:
        """Lock an answer for whoever has the code: 4,177 bytes.

        Raises:
            TooLongError: more than 4,092 bytes.
        """
        padded = pad(text, REPLY_SIZE)
        return self._key(instance).lock(padded, label=LABEL_REPLY, context=(reply_id,))

    def unlock(self, locked: bytes, instance: InstanceId, *, reply_id: bytes) -> bytes:
        """Return an answer.

        Raises:
            NotYoursError: another code's, another answer's place, or damaged.
            BrokenError: not padded to the one size.
        """
        padded = self._key(instance).unlock(
            locked, label=LABEL_REPLY, context=(reply_id,)
        )
        return unpad(padded, REPLY_SIZE)

    def _key(self, instance: InstanceId) -> Key:
        return self._root(instance).derive(LABEL_REPLY_KEY)

    def _root(self, instance: InstanceId) -> Key:
        return Key(self._secret.to_bytes(REPLY_CODE_SECRET_SIZE, "big"), instance)
