"""What a step of a case leaves in the public ledger (FORMAT 17).

Security: a leaf hides everything about its step behind a blind that follows from the
case's ledger key. An opening shows one leaf and no other; openings with one *thread*
belong to one case. The ledger key shows all leaves of its case and the next ones, and
opens nothing else: no text, no wrap, no lock.
"""

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from crypto.envelope import Kind
from crypto.lock import KEY_SIZE, Key
from crypto.padding import pad

LABEL_LEDGER = b"lurus/v1/ledger"
LABEL_LEDGER_THREAD = b"lurus/v1/ledger-thread"
LABEL_LEDGER_OPENING = b"lurus/v1/ledger-opening"
LABEL_LEDGER_WRITTEN = b"lurus/v1/ledger-written"
LABEL_LEDGER_BODY = b"lurus/v1/ledger-body"
LABEL_LEDGER_LEAF = b"lurus/v1/ledger-leaf"
LABEL_LEDGER_DIGEST = b"lurus/v1/ledger-digest"

LEAF_SIZE = 32
LOCKED_DIGEST_SIZE = 113

EMPTY_DIGEST = hashlib.sha256(b"").digest()
"""What a step without a text of the reporter's has for its digest."""


class StepKind(IntEnum):
    """What happened at a step; its byte enters the leaf and never changes."""

    SEALED = 0
    RECEIVED = 1
    SUBMITTED = 2
    ACKNOWLEDGED = 3
    VERIFIED = 4
    MORE_INFORMATION = 5
    ASSESSED = 6
    ADDRESSED = 7
    REFERRED = 8
    CLOSED = 9
    NOT_ACTIONABLE = 10
    WITHDRAWN = 11
    ANSWERED = 12
    CUSTODIAN_WROTE = 13
    GATE_OFF = 14
    ESCALATED = 15
    OBJECTION = 16
    EXTENDED = 17
    TAKEN_OVER = 18
    RETURNED = 19
    TROUBLE = 20
    EXPIRED = 21
    DESTROYED = 22
    REVIEWED = 23

    @property
    def word(self) -> str:
        """The word that a timeline has for it."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def of(cls, word: str) -> Self:
        """Return the kind for a word.

        Raises:
            KeyError: there is none.
        """
        return cls[word.upper().replace("-", "_")]


@dataclass(frozen=True)
class Opening:
    """What shows one leaf: its number, kind, blind, the case's thread, and its body."""

    number: int
    kind: StepKind
    blind: bytes
    thread: bytes
    body: bytes

    @property
    def leaf(self) -> bytes:
        """The leaf, `LEAF_SIZE` bytes; without the blind it says nothing."""
        fields = (
            self.blind,
            self.thread,
            self.number.to_bytes(4, "big"),
            self.kind.to_bytes(1, "big"),
            self.body,
        )
        return _hash(LABEL_LEDGER_LEAF, *fields)


def ledger_key(thread_key: Key, case_id: bytes) -> Key:
    """Return L: who has it finds every leaf of the case, and opens nothing else."""
    return thread_key.derive(LABEL_LEDGER, case_id)


def text_digest(text: bytes, kind: Kind) -> bytes:
    """Return what stands for what the reporter wrote: SHA-256 of the padded text.

    Raises:
        TooLongError: the kind does not allow so long a text.
    """
    return digest_of_padded(text, kind.size)


def digest_of_padded(text: bytes, size: int) -> bytes:
    """Return the SHA-256 of *text*, padded to *size* bytes.

    Raises:
        TooLongError: it has no room there.
    """
    return hashlib.sha256(pad(text, size)).digest()


def open_step(
    key: Key, number: int, kind: StepKind, digest: bytes = EMPTY_DIGEST
) -> Opening:
    """Return the opening of a case's step; *key*: the ledger key, *number*: from 0."""
    place = number.to_bytes(4, "big")
    return Opening(
        number,
        kind,
        blind=key.derive(LABEL_LEDGER_OPENING, place).reveal(),
        thread=key.derive(LABEL_LEDGER_THREAD).reveal(),
        body=body_of(written_key(key, number), digest),
    )


def open_all(key: Key, number: int, kinds: tuple[StepKind, ...]) -> tuple[Opening, ...]:
    """Return what one step would leave, of each kind, without a text."""
    first = open_step(key, number, kinds[0])
    values = (first.blind, first.thread, first.body)
    return tuple(Opening(number, kind, *values) for kind in kinds)


def written_key(key: Key, number: int) -> bytes:
    """Return what blinds the text of one step: with it, and the text, its body is shown."""
    return key.derive(LABEL_LEDGER_WRITTEN, number.to_bytes(4, "big")).reveal()


def body_of(written: bytes, digest: bytes) -> bytes:
    """Return the body of a leaf; *written*: of `written_key`, *digest*: of the text."""
    if len(written) != KEY_SIZE or len(digest) != len(EMPTY_DIGEST):
        raise ValueError("a body is made of two times 32 bytes")
    return _hash(LABEL_LEDGER_BODY, written, digest)


def lock_digest(key: Key, number: int, digest: bytes) -> bytes:
    """Lock the digest of what was written at a step: it may be replaced later.

    In clear it would let who guesses a text know that the guess is right. The result
    has `LOCKED_DIGEST_SIZE` bytes.
    """
    place = (number.to_bytes(4, "big"),)
    return key.lock(digest, label=LABEL_LEDGER_DIGEST, context=place)


def unlock_digest(key: Key, number: int, locked: bytes) -> bytes:
    """Return the digest.

    Raises:
        NotYoursError: another step's or case's, or damaged.
        BrokenError: not a lock.
    """
    place = (number.to_bytes(4, "big"),)
    return key.unlock(locked, label=LABEL_LEDGER_DIGEST, context=place)


def _hash(label: bytes, *fields: bytes) -> bytes:
    return hashlib.sha256(label + b"\x00" + b"".join(fields)).digest()
