"""The head of the public trail, signed: a checkpoint of C2SP (FORMAT 21.4).

Security: who signs promises that this tree is the tree of before and more. The portal
signs with the key in `ledger.key`: whoever has that, and the database, can sign another
history. Custodians cosign with their seeds, which the portal does not have; whoever kept
a checkpoint finds out either way. A cosignature states a day, and nothing finer.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto.errors import BrokenError
from crypto.keys import Identity
from crypto.lock import InstanceId
from crypto.merkle import HASH_SIZE
from crypto.signed_note import Note, NoteSignature, is_key_name, note_key_id
from crypto.signing import (
    SIGNATURE_SIZE,
    read_public,
    sign_cosignature,
    signing_key,
    verify_cosignature,
)

LABEL_LEDGER_AUDIT = b"lurus/v1/ledger-audit"
LABEL_LEDGER_ORIGIN = b"lurus/v1/ledger-origin"

LEDGER_KEY_SIZE = 32
AUDIT_SALT_SIZE = 32
NOTE_ED25519 = b"\x01"
NOTE_COSIGNATURE = b"\x04"
COSIGNATURE_TIME_SIZE = 8

_DAY_SECONDS = 86_400
_ORIGIN_DIGITS = 32
_TEXT = re.compile(
    r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n"
    r"day (\d{4}-\d\d-\d\d)\nkeys ([0-9a-f]{64})\naudit ([0-9a-f]{64})\n"
)


@dataclass(frozen=True)
class Checkpoint:
    """What is signed of the trail at the end of a day."""

    origin: str
    """Which trail it is of."""
    size: int
    """How many leaves the tree has."""
    root: bytes
    day: dt.date
    keys: bytes
    """Of `recipients_digest`: to whom the portal seals."""
    audit: bytes
    """Of `audit_commitment`: how the audit record ended that day."""

    def __str__(self) -> str:
        root = base64.b64encode(self.root).decode("ascii")
        return (
            f"{self.origin}\n{self.size}\n{root}\nday {self.day.isoformat()}\n"
            f"keys {self.keys.hex()}\naudit {self.audit.hex()}\n"
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote; one encoding per checkpoint.

        Raises:
            BrokenError: it is none.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise BrokenError
        origin, size, root, day, keys, audit = found.groups()
        try:
            checkpoint = cls(
                origin,
                int(size),
                base64.b64decode(root, validate=True),
                dt.date.fromisoformat(day),
                bytes.fromhex(keys),
                bytes.fromhex(audit),
            )
        except (binascii.Error, ValueError):
            raise BrokenError from None
        if str(checkpoint) != text or not is_key_name(origin):
            raise BrokenError
        return checkpoint


@dataclass(frozen=True, eq=False, slots=True)
class LedgerKey:
    """What `ledger.key` holds: it signs the portal's own line, and opens nothing."""

    _secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self._secret) != LEDGER_KEY_SIZE:
            raise BrokenError

    @classmethod
    def generate(cls) -> Self:
        """Draw a new one."""
        return cls(secrets.token_bytes(LEDGER_KEY_SIZE))

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, text: str, origin: str) -> NoteSignature:
        """Return the portal's line below *text*."""
        key_id = note_key_id(origin, NOTE_ED25519, self.public)
        return NoteSignature(origin, key_id, self._private.sign(text.encode()))

    def __bytes__(self) -> bytes:
        return self._secret

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._secret)


def check_signed(note: Note, origin: str, public: bytes) -> None:
    """Check that the portal's key *public* signed this note.

    Raises:
        BrokenError: no line is by that key, or one by it does not hold.
    """
    lines = note.find(origin, note_key_id(origin, NOTE_ED25519, public))
    if not lines:
        raise BrokenError
    key = read_public(public)
    try:
        for line in lines:
            key.verify(line.signature, note.text.encode())
    except InvalidSignature:
        raise BrokenError from None


def cosign(
    identity: Identity, checkpoint: Checkpoint, day: dt.date, *, instance: InstanceId
) -> NoteSignature:
    """Return a custodian's line: on *day* this was the newest tree, grown from before.

    The same bytes each time (C2SP tlog-cosignature, version 1 with Ed25519).
    """
    public = signing_key(identity, instance)
    name = cosigner_name(checkpoint.origin, public)
    second = _second_of(day)
    signed = sign_cosignature(
        identity, str(checkpoint).encode(), second, instance=instance
    )
    key_id = note_key_id(name, NOTE_COSIGNATURE, public)
    return NoteSignature(
        name, key_id, second.to_bytes(COSIGNATURE_TIME_SIZE, "big") + signed
    )


def check_cosigned(note: Note, origin: str, public: bytes) -> dt.date:
    """Check that the custodian with *public* cosigned this note; return the last day.

    Raises:
        BrokenError: no line is by that key, or one by it does not hold.
    """
    name = cosigner_name(origin, public)
    lines = note.find(name, note_key_id(name, NOTE_COSIGNATURE, public))
    if not lines:
        raise BrokenError
    return max(_day_of(line, note.text, public) for line in lines)


def cosigner_name(origin: str, public: bytes) -> str:
    """Return the name that a custodian's key signs under: no person's."""
    return f"{origin}/custodian/{hashlib.sha256(public).hexdigest()[:16]}"


def ledger_origin(instance: InstanceId) -> str:
    """Return which trail it is: as lasting as the installation, whatever its address."""
    digest = _hash(LABEL_LEDGER_ORIGIN, bytes(instance)).hex()
    return f"lurus/{digest[:_ORIGIN_DIGITS]}"


def recipients_digest(recipients: Iterable[bytes]) -> bytes:
    """Return what stands for everybody that the portal seals to: SHA-256 of them sorted."""
    return hashlib.sha256(b"".join(sorted(recipients))).digest()


def audit_commitment(salt: bytes, link: bytes) -> bytes:
    """Return what stands for the last link of the audit record.

    Without the salt it tells nothing: not even whether a day had no entry.
    """
    if (len(salt), len(link)) != (AUDIT_SALT_SIZE, HASH_SIZE):
        raise ValueError("a salt and a link of 32 bytes each")
    return _hash(LABEL_LEDGER_AUDIT, salt, link)


def _day_of(line: NoteSignature, text: str, public: bytes) -> dt.date:
    if len(line.signature) != COSIGNATURE_TIME_SIZE + SIGNATURE_SIZE:
        raise BrokenError
    second = int.from_bytes(line.signature[:COSIGNATURE_TIME_SIZE], "big")
    signed = line.signature[COSIGNATURE_TIME_SIZE:]
    verify_cosignature(public, text.encode(), second, signed)
    days, rest = divmod(second, _DAY_SECONDS)
    try:
        day = dt.date(1970, 1, 1) + dt.timedelta(days=days)
    except OverflowError:
        raise BrokenError from None
    if rest:
        raise BrokenError
    return day


def _second_of(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days * _DAY_SECONDS


def _hash(label: bytes, *parts: bytes) -> bytes:
    return hashlib.sha256(label + b"\x00" + b"".join(parts)).digest()
