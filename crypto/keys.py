"""Whom we seal to and who can unseal: the post-quantum key pair (FORMAT 4).

Security: HPKE (RFC 9180) in base mode with the hybrid KEM X-Wing (ML-KEM-768
and X25519, draft-connolly-cfrg-xwing-kem), HKDF-SHA256 and AES-256-GCM. A wrap
stays closed as long as either half holds. Base mode authenticates nobody: a
wrap says nothing of who made it.
"""

import hashlib
import secrets
from functools import cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto import base32
from crypto.errors import BrokenError, NotYoursError
from crypto.lock import InstanceId, Key, encode_info

SEED_SIZE = 32
MLKEM_SEED_SIZE = 64
MLKEM_PUBLIC_SIZE = 1184
X25519_SIZE = 32
RECIPIENT_SIZE = MLKEM_PUBLIC_SIZE + X25519_SIZE  # 1216
WRAP_OVERHEAD = 1 + 1120 + 16  # version, encapsulation, tag: 1137
FINGERPRINT_SIZE = 20

_VERSION = b"\x01"


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Recipient:
    """Whom something is sealed to; public."""

    __slots__ = ("_key", "_public")

    def __init__(self, public: bytes) -> None:
        self._key = _parse_public(public)
        self._public = public

    def __bytes__(self) -> bytes:
        return self._public

    def fingerprint(self) -> str:
        """Return 32 symbols in groups of four: the first 160 bits of SHA-256."""
        digest = hashlib.sha256(self._public).digest()[:FINGERPRINT_SIZE]
        return base32.group(base32.encode(int.from_bytes(digest, "big"), 32))

    def is_read_out(self, typed: str) -> bool:
        """Tell whether *typed* is the end of the fingerprint: its last two groups.

        Somebody hears them and types them, in any case and spacing.
        """
        end = "".join(self.fingerprint().split("-")[-2:])
        return base32.normalise(typed) == end

    def wrap(
        self, plaintext: bytes, *, label: bytes, context: tuple[bytes, ...]
    ) -> bytes:
        """Seal *plaintext*; the result is `WRAP_OVERHEAD` bytes longer."""
        if not context:
            raise ValueError("what is wrapped has a context")
        info = encode_info(label, context)
        return _VERSION + _suite().encrypt(plaintext, self._key, info=info)


class Identity:
    """Who can unseal: a 32-byte seed; reading it out is `reveal`."""

    __slots__ = ("_key", "_seed", "recipient")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise ValueError("a seed has 32 bytes")
        expanded = hashlib.shake_256(seed).digest(MLKEM_SEED_SIZE + X25519_SIZE)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:MLKEM_SEED_SIZE])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[MLKEM_SEED_SIZE:])
        self._seed = seed
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.recipient = Recipient(
            mlkem.public_key().public_bytes_raw()
            + x25519.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls) -> Self:
        """Draw a new identity from the operating system."""
        return cls(secrets.token_bytes(SEED_SIZE))

    def reveal(self) -> bytes:
        """Read the seed out."""
        return self._seed

    def key(self, instance: InstanceId) -> Key:
        """Return the holder's own symmetric key, to derive purposes from."""
        return Key(self._seed, instance)

    def unwrap(
        self, wrapped: bytes, *, label: bytes, context: tuple[bytes, ...]
    ) -> bytes:
        """Return what was wrapped to this identity's recipient.

        Raises:
            NotYoursError: wrapped to somebody else, moved, or damaged.
            BrokenError: not a wrap of a version that is known.
        """
        if wrapped[:1] != _VERSION:
            raise BrokenError
        if len(wrapped) < WRAP_OVERHEAD:
            raise NotYoursError
        info = encode_info(label, context)
        try:
            return _suite().decrypt(wrapped[1:], self._key, info=info)
        except (InvalidTag, ValueError):
            raise NotYoursError from None


@cache
def _parse_public(public: bytes) -> MLKEM768X25519PublicKey:
    # Cached: the same few recipients are parsed for every report.
    if len(public) != RECIPIENT_SIZE:
        raise ValueError("a recipient has 1,216 bytes")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_SIZE]),
        X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_SIZE:]),
    )
