"""The secret behind every gate, as a file holds it and as paper does (FORMAT 12.6).

Security: 32 bytes from the operating system. Whoever has them takes gates off and
opens nothing: what is behind a gate is wrapped to a custodian.
"""

import secrets
from dataclasses import dataclass, field
from typing import Self

from crypto import base32
from crypto.errors import BrokenError, MistypedError
from crypto.lock import KEY_SIZE, InstanceId, Key

GATE_SECRET_SIZE = KEY_SIZE
GATE_SYMBOLS = 52  # 260 bits for 256
GATE_CHECK_SYMBOLS = 4  # in all 56 symbols, fourteen groups of four
GATE_MODULUS = 1_048_573  # the largest prime below 2^20: every slip and swap shows


@dataclass(frozen=True, eq=False, slots=True)
class GateSecret:
    """What `gate.key` holds."""

    _secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self._secret) != GATE_SECRET_SIZE:
            raise BrokenError

    @classmethod
    def generate(cls) -> Self:
        """Draw a new one."""
        return cls(secrets.token_bytes(GATE_SECRET_SIZE))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read it as people type it from paper.

        Raises:
            MistypedError: no such secret can exist; found from the text alone.
        """
        symbols = base32.normalise(typed)
        if len(symbols) != GATE_SYMBOLS + GATE_CHECK_SYMBOLS:
            raise MistypedError
        number = base32.decode(symbols[:GATE_SYMBOLS])
        check = base32.decode(symbols[GATE_SYMBOLS:])
        if number.bit_length() > 8 * GATE_SECRET_SIZE or check != number % GATE_MODULUS:
            raise MistypedError
        return cls(number.to_bytes(GATE_SECRET_SIZE, "big"))

    def reveal(self) -> str:
        """Write it for paper: fourteen groups of four symbols, the last checks."""
        number = int.from_bytes(self._secret, "big")
        check = base32.encode(number % GATE_MODULUS, GATE_CHECK_SYMBOLS)
        return base32.group(base32.encode(number, GATE_SYMBOLS) + check)

    def key(self, instance: InstanceId) -> Key:
        """Return the key that every case's gate key follows from."""
        return Key(self._secret, instance)

    def __bytes__(self) -> bytes:
        return self._secret
