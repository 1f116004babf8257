"""What a custodians' round has found so far, and how it ended (FORMAT 12.10, 12.11).

Security: between two requests a round rests in the database. What it has found there,
whom entries name among it, is locked twice, under a key of the custodian's seed and
under one of the gate secret: neither opens it with the database alone. Every entry
takes the same space, whatever was found of it; how a round ended takes one size. What
is signed of its counts is a salted hash, which nobody opens without the salt.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import NamedTuple, Self

from crypto.case_entries import CASE_ID_SIZE
from crypto.errors import BrokenError
from crypto.keys import Identity
from crypto.lock import LOCK_OVERHEAD, InstanceId, Key

LABEL_ROUND_KEY = b"lurus/v1/round-key"
LABEL_ROUND_GATE = b"lurus/v1/round-gate"
LABEL_ROUND_INNER = b"lurus/v1/round-inner"
LABEL_ROUND = b"lurus/v1/round"
LABEL_ROUND_SUBJECT = b"lurus/v1/round-subject"
LABEL_ROUND_COUNTS = b"lurus/v1/round-counts"

OUTER_DIGEST_SIZE = 16
SUBJECT_TAG_SIZE = 16
FOUND_SIZE = CASE_ID_SIZE + OUTER_DIGEST_SIZE + SUBJECT_TAG_SIZE + 2  # 50
COUNTS_SALT_SIZE = 32
COUNTED = 6
COUNT_OF_ROUND_SIZE = 4
ENDED_SIZE = COUNTS_SALT_SIZE + COUNTED * COUNT_OF_ROUND_SIZE  # 56
ROUND_OVERHEAD = 2 * LOCK_OVERHEAD  # 162
LOCKED_ENDED_SIZE = ENDED_SIZE + ROUND_OVERHEAD  # 218
NO_SUBJECT = bytes(SUBJECT_TAG_SIZE)

_NUMBER_SIZE = 8


class RoundStage(StrEnum):
    """How far a round is; its word is in the context of both locks."""

    FOUND = "found"
    """Outers are being read."""
    DECIDED = "decided"
    """All were read; what follows from them is being done."""
    ENDED = "ended"
    """Only the counts are left."""


class Found(NamedTuple):
    """What a round found of one entry."""

    case_id: bytes
    outer: bytes
    """16 bytes of the SHA-256 of the outer that was opened."""
    subject: bytes
    """Equal for entries that name the same; `NO_SUBJECT`: no match opens it."""
    wanted: int
    """So many must name the same; 0: no match opens it."""
    standing: int
    """What the portal makes of it: a number below 256."""


@dataclass(frozen=True)
class RoundCounts:
    """How a round ended, in entries."""

    waiting: int
    by_date: int
    matched: int
    ended: int
    unanswered: int
    unreadable: int

    def commit(self, salt: bytes) -> bytes:
        """Return what is signed of them: 32 bytes that tell nothing without *salt*."""
        return hashlib.sha256(
            LABEL_ROUND_COUNTS + b"\x00" + salt + self.encode()
        ).digest()

    def encode(self) -> bytes:
        """Write each count as four bytes."""
        return b"".join(
            count.to_bytes(COUNT_OF_ROUND_SIZE, "big") for count in astuple(self)
        )

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Read what `encode` wrote."""
        step = COUNT_OF_ROUND_SIZE
        parts = (encoded[at : at + step] for at in range(0, COUNTED * step, step))
        return cls(*(int.from_bytes(part, "big") for part in parts))


class RoundKeys:
    """What one round of one custodian is locked under: two keys, one of each side."""

    __slots__ = ("_gate", "_holder", "_own")

    def __init__(
        self,
        gate: Key,
        identity: Identity,
        *,
        number: int,
        holder: bytes,
        instance: InstanceId,
    ) -> None:
        """Derive both for round *number*; *gate* holds the gate secret."""
        self._own = _own_key(identity, number, instance)
        self._gate = _gate_key(gate, number)
        self._holder = holder

    def tag(self, subject: str) -> bytes:
        """Return 16 bytes for whom an entry names; other ones in every round."""
        key = self._own.derive(LABEL_ROUND_SUBJECT, self._holder, subject.encode())
        return key.reveal()[:SUBJECT_TAG_SIZE]

    def lock_found(self, found: Iterable[Found], stage: RoundStage) -> bytes:
        """Lock what was found: `FOUND_SIZE` bytes an entry, and `ROUND_OVERHEAD`."""
        return self._lock(b"".join(map(encode_found, found)), stage)

    def unlock_found(self, locked: bytes, stage: RoundStage) -> list[Found]:
        """Return what was found.

        Raises:
            NotYoursError: another custodian's, gate's, round's or stage's, or damaged.
            BrokenError: not a whole number of entries.
        """
        plain = self._unlock(locked, stage)
        if len(plain) % FOUND_SIZE:
            raise BrokenError
        return [
            decode_found(plain[at : at + FOUND_SIZE])
            for at in range(0, len(plain), FOUND_SIZE)
        ]

    def lock_counts(self, counts: RoundCounts, salt: bytes) -> bytes:
        """Lock how the round ended: `LOCKED_ENDED_SIZE` bytes."""
        return self._lock(salt + counts.encode(), RoundStage.ENDED)

    def unlock_counts(self, locked: bytes) -> tuple[RoundCounts, bytes]:
        """Return the counts and their salt.

        Raises:
            NotYoursError: another custodian's, gate's or round's, or damaged.
            BrokenError: another size.
        """
        plain = self._unlock(locked, RoundStage.ENDED)
        if len(plain) != ENDED_SIZE:
            raise BrokenError
        salt, encoded = plain[:COUNTS_SALT_SIZE], plain[COUNTS_SALT_SIZE:]
        return RoundCounts.decode(encoded), salt

    def _lock(self, plain: bytes, stage: RoundStage) -> bytes:
        context = (self._holder, stage.value.encode())
        inner = self._own.lock(plain, label=LABEL_ROUND_INNER, context=context)
        return self._gate.lock(inner, label=LABEL_ROUND, context=context)

    def _unlock(self, locked: bytes, stage: RoundStage) -> bytes:
        context = (self._holder, stage.value.encode())
        inner = self._gate.unlock(locked, label=LABEL_ROUND, context=context)
        return self._own.unlock(inner, label=LABEL_ROUND_INNER, context=context)


def lock_counts_away(
    counts: RoundCounts,
    salt: bytes,
    identity: Identity,
    *,
    number: int,
    holder: bytes,
    instance: InstanceId,
) -> bytes:
    """Lock how a round ended where there is no gate: the first of the two locks."""
    context = (holder, RoundStage.ENDED.value.encode())
    plain = salt + counts.encode()
    own = _own_key(identity, number, instance)
    return own.lock(plain, label=LABEL_ROUND_INNER, context=context)


def put_counts_behind_gate(
    inner: bytes, gate: Key, *, number: int, holder: bytes
) -> bytes:
    """Lock what `lock_counts_away` locked: `LOCKED_ENDED_SIZE` bytes.

    Raises:
        BrokenError: another size.
    """
    if len(inner) != LOCKED_ENDED_SIZE - LOCK_OVERHEAD:
        raise BrokenError
    context = (holder, RoundStage.ENDED.value.encode())
    return _gate_key(gate, number).lock(inner, label=LABEL_ROUND, context=context)


def outer_digest(outer: bytes) -> bytes:
    """Return what an outer is known again by within a round."""
    return hashlib.sha256(outer).digest()[:OUTER_DIGEST_SIZE]


def counts_salt() -> bytes:
    """Draw the salt of a round's counts."""
    return secrets.token_bytes(COUNTS_SALT_SIZE)


def _own_key(identity: Identity, number: int, instance: InstanceId) -> Key:
    return identity.key(instance).derive(LABEL_ROUND_KEY, _written(number))


def _gate_key(gate: Key, number: int) -> Key:
    return gate.derive(LABEL_ROUND_GATE, _written(number))


def _written(number: int) -> bytes:
    return number.to_bytes(_NUMBER_SIZE, "big")


def encode_found(one: Found) -> bytes:
    """Write what was found of one entry: `FOUND_SIZE` bytes."""
    return one.case_id + one.outer + one.subject + bytes((one.wanted, one.standing))


def decode_found(record: bytes) -> Found:
    """Read what `encode_found` wrote."""
    outer_at, subject_at = CASE_ID_SIZE, CASE_ID_SIZE + OUTER_DIGEST_SIZE
    end = subject_at + SUBJECT_TAG_SIZE
    return Found(
        record[:outer_at],
        record[outer_at:subject_at],
        record[subject_at:end],
        record[end],
        record[end + 1],
    )
