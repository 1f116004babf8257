"""An identity under a passphrase (FORMAT 7).

Security: Argon2id (RFC 9106) once per attempt, for a known name or not. The
database keeps the hash of one key that follows from the passphrase; another
one locks the seed. The database alone is worth one Argon2id per guess.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Self

from argon2.low_level import Type, hash_secret_raw

from crypto.errors import BrokenError, NotYoursError
from crypto.keys import SEED_SIZE, Identity
from crypto.lock import KEY_SIZE, LOCK_OVERHEAD, InstanceId, Key

LABEL_LOGIN = b"lurus/v1/login"
LABEL_UNLOCK = b"lurus/v1/unlock"
LABEL_SEED = b"lurus/v1/seed"

ARGON2_SALT_SIZE = 16
VERIFIER_SIZE = 32
LOCKED_SEED_SIZE = SEED_SIZE + LOCK_OVERHEAD  # 113
LOCKED_IDENTITY_SIZE = 1 + ARGON2_SALT_SIZE + VERIFIER_SIZE + LOCKED_SEED_SIZE  # 162

_VERSION = b"\x01"
_VERIFIER_AT = 1 + ARGON2_SALT_SIZE
_SEED_AT = _VERIFIER_AT + VERIFIER_SIZE


@dataclass(frozen=True)
class Cost:
    """What one guess costs: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int


RFC_9106_LOW_MEMORY = Cost(memory=64 * 1024, passes=3, lanes=4)
"""RFC 9106 section 4, the second recommended choice: 64 MiB, t=3, p=4."""


class LockedIdentity:
    """A passphrase's verifier and the seed it locks: 162 bytes."""

    __slots__ = ("_record",)

    def __init__(self, record: bytes) -> None:
        if len(record) != LOCKED_IDENTITY_SIZE or record[:1] != _VERSION:
            raise BrokenError
        self._record = record

    def __bytes__(self) -> bytes:
        return self._record

    @classmethod
    def lock(
        cls,
        identity: Identity,
        passphrase: str,
        *,
        holder: bytes,
        instance: InstanceId,
        cost: Cost = RFC_9106_LOW_MEMORY,
    ) -> Self:
        """Lock *identity* of *holder* under *passphrase*."""
        salt = secrets.token_bytes(ARGON2_SALT_SIZE)
        root = _root(passphrase, salt, instance, cost)
        seed = root.derive(LABEL_UNLOCK).lock(
            identity.reveal(), label=LABEL_SEED, context=(holder,)
        )
        return cls(_VERSION + salt + _verifier(root) + seed)

    @classmethod
    def nobody(cls) -> Self:
        """Return a record that costs as much as any and never opens."""
        rest = LOCKED_IDENTITY_SIZE - 1
        return cls(_VERSION + secrets.token_bytes(rest))

    def unlock(
        self,
        passphrase: str,
        *,
        holder: bytes,
        instance: InstanceId,
        cost: Cost = RFC_9106_LOW_MEMORY,
    ) -> Identity:
        """Return the identity; exactly one Argon2id whatever comes of it.

        Raises:
            NotYoursError: another passphrase or holder, or damaged.
        """
        root = _root(passphrase, self._record[1:_VERIFIER_AT], instance, cost)
        verifier = self._record[_VERIFIER_AT:_SEED_AT]
        if not hmac.compare_digest(_verifier(root), verifier):
            raise NotYoursError
        seed = root.derive(LABEL_UNLOCK).unlock(
            self._record[_SEED_AT:], label=LABEL_SEED, context=(holder,)
        )
        return Identity(seed)


def _verifier(root: Key) -> bytes:
    return hashlib.sha256(root.derive(LABEL_LOGIN).reveal()).digest()


def _root(passphrase: str, salt: bytes, instance: InstanceId, cost: Cost) -> Key:
    secret = hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory,
        parallelism=cost.lanes,
        hash_len=KEY_SIZE,
        type=Type.ID,
    )
    return Key(secret, instance)
