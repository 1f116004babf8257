"""A paper slip: a code that is good once, for whoever drew it (FORMAT 3.6).

Security: 90 bits from the operating system, so that nobody comes upon one by trying.
The database knows a slip by its id alone, from which the code does not follow; who
printed the sheets can tell which slips are used, and never by whom.
"""

import secrets
from dataclasses import dataclass, field
from typing import Self

from crypto import base32
from crypto.errors import MistypedError
from crypto.lock import InstanceId, Key

LABEL_SLIP = b"lurus/v1/slip"

SLIP_BITS = 90
SLIP_SECRET_SYMBOLS = 18
SLIP_CHECK_SYMBOLS = 2
SLIP_SYMBOLS = SLIP_SECRET_SYMBOLS + SLIP_CHECK_SYMBOLS  # 20, five groups of four
SLIP_SECRET_SIZE = 12  # bytes of the big-endian integer that enters HKDF
SLIP_MODULUS = 1021  # the largest prime below 2^10: every slip of the hand shows


@dataclass(frozen=True, eq=False, slots=True)
class Slip:
    """What stands on one slip."""

    _secret: int = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Draw a new one from the operating system."""
        return cls(secrets.randbits(SLIP_BITS))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a slip as people type it.

        Raises:
            MistypedError: no such slip can exist; found from the text alone.
        """
        symbols = base32.normalise(typed)
        if len(symbols) != SLIP_SYMBOLS:
            raise MistypedError
        secret = base32.decode(symbols[:SLIP_SECRET_SYMBOLS])
        if base32.decode(symbols[SLIP_SECRET_SYMBOLS:]) != secret % SLIP_MODULUS:
            raise MistypedError
        return cls(secret)

    def reveal(self) -> str:
        """Write the code as it is printed: five groups of four symbols."""
        symbols = base32.encode(self._secret, SLIP_SECRET_SYMBOLS)
        check = base32.encode(self._secret % SLIP_MODULUS, SLIP_CHECK_SYMBOLS)
        return base32.group(symbols + check)

    def id(self, instance: InstanceId) -> bytes:
        """Return what the database knows it by: 32 bytes."""
        secret = self._secret.to_bytes(SLIP_SECRET_SIZE, "big")
        return Key(secret, instance).derive(LABEL_SLIP).reveal()
