"""A key derives other keys and locks bytes (FORMAT 1 and 2).

Security: a lock opens under exactly one key, label and context. AES-256-GCM
alone does not commit to its key, so a commitment stands in front and is
compared first, in constant time. Every locking draws a fresh salt from which
the AES key is derived; that is why the nonce can be zero.
"""

import hmac
import secrets
from typing import NewType, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.errors import BrokenError, NotYoursError

InstanceId = NewType("InstanceId", bytes)
"""16 random bytes made once per installation; the salt of every derivation."""

INSTANCE_ID_SIZE = 16
KEY_SIZE = 32
SALT_SIZE = 32
COMMITMENT_SIZE = 32
TAG_SIZE = 16
LOCK_OVERHEAD = 1 + SALT_SIZE + COMMITMENT_SIZE + TAG_SIZE  # 81

_VERSION = b"\x01"
_HEADER_SIZE = 1 + SALT_SIZE + COMMITMENT_SIZE  # 65
_NONCE = bytes(12)
_LONGEST_FIELD = 0xFFFF


def encode_info(label: bytes, context: tuple[bytes, ...]) -> bytes:
    """Return ``label || 00 || fields``, each field led by its length (FORMAT 1.2)."""
    parts = [label, b"\x00"]
    for field in context:
        if len(field) > _LONGEST_FIELD:
            raise ValueError("a context field is longer than 65,535 bytes")
        parts += (len(field).to_bytes(2, "big"), field)
    return b"".join(parts)


class Key:
    """A secret of one installation, from which keys follow and which locks bytes.

    It has no representation and no equality: reading it out is `reveal`.
    """

    __slots__ = ("_instance", "_secret")

    def __init__(self, secret: bytes, instance: InstanceId) -> None:
        if len(instance) != INSTANCE_ID_SIZE:
            raise ValueError("an instance id has 16 bytes")
        self._secret = secret
        self._instance = instance

    @classmethod
    def generate(cls, instance: InstanceId) -> Self:
        """Draw a new 32-byte key from the operating system."""
        return cls(secrets.token_bytes(KEY_SIZE), instance)

    def fresh(self) -> "Key":
        """Return a new key of the same installation; nothing of this one is in it."""
        return Key.generate(self._instance)

    def derive(self, label: bytes, *context: bytes) -> "Key":
        """Return the key for a purpose: HKDF-SHA256 (RFC 5869), 32 bytes."""
        return Key(self._stretch(encode_info(label, context), KEY_SIZE), self._instance)

    def reveal(self) -> bytes:
        """Read the secret out."""
        return self._secret

    def lock(
        self, plaintext: bytes, *, label: bytes, context: tuple[bytes, ...]
    ) -> bytes:
        """Lock *plaintext*; the result is `LOCK_OVERHEAD` bytes longer."""
        salt = secrets.token_bytes(SALT_SIZE)
        key, commitment = self._keys(label, context, salt)
        header = _VERSION + salt + commitment
        return header + AESGCM(key).encrypt(_NONCE, plaintext, header)

    def unlock(
        self, locked: bytes, *, label: bytes, context: tuple[bytes, ...]
    ) -> bytes:
        """Return what was locked.

        Raises:
            NotYoursError: another key, label or context, or damaged bytes.
            BrokenError: not a lock of a version that is known.
        """
        if locked[:1] != _VERSION:
            raise BrokenError
        if len(locked) < LOCK_OVERHEAD:
            raise NotYoursError
        # A view: what is locked may be long, and is not copied once more.
        header, body = locked[:_HEADER_SIZE], memoryview(locked)[_HEADER_SIZE:]
        key, commitment = self._keys(label, context, header[1 : 1 + SALT_SIZE])
        if not hmac.compare_digest(commitment, header[1 + SALT_SIZE :]):
            raise NotYoursError
        try:
            return AESGCM(key).decrypt(_NONCE, body, header)
        except InvalidTag:
            raise NotYoursError from None

    def _keys(
        self, label: bytes, context: tuple[bytes, ...], salt: bytes
    ) -> tuple[bytes, bytes]:
        if not context:
            raise ValueError("what is locked has a context")
        both = self._stretch(
            encode_info(label, (*context, salt)), KEY_SIZE + COMMITMENT_SIZE
        )
        return both[:KEY_SIZE], both[KEY_SIZE:]

    def _stretch(self, info: bytes, length: int) -> bytes:
        hkdf = HKDF(algorithm=SHA256(), length=length, salt=self._instance, info=info)
        return hkdf.derive(self._secret)
