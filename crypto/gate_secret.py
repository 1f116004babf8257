"""The secret behind every gate, as a file holds it and as paper does (FORMAT 12.6).

Security: 32 bytes from the operating system. Whoever has them takes gates off and
opens nothing: what is behind a gate is wrapped to a custodian.
"""

import secrets
from dataclasses import dataclass, field
from typing import Self

from crypto import paper
from crypto.errors import BrokenError
from crypto.lock import KEY_SIZE, InstanceId, Key

GATE_SECRET_SIZE = KEY_SIZE
GATE_PAPER = 0


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
        return cls(paper.read(typed, GATE_PAPER))

    def reveal(self) -> str:
        """Write it for paper: fourteen groups of four symbols, the last checks."""
        return paper.write(self._secret, GATE_PAPER)

    def key(self, instance: InstanceId) -> Key:
        """Return the key that every case's gate key follows from."""
        return Key(self._secret, instance)

    def __bytes__(self) -> bytes:
        return self._secret
