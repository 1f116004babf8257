"""A round that is carried away: what a custodian opens on another machine (FORMAT 16.3).

Security: the gates are off in it, so whoever has the file and its custodian's passphrase
reads every rule and subject that is in it; it holds no text and no officer's wrap, so
that nobody reads an entry with it. What the portal keeps of it, under the gate secret,
is its digest: an answer counts only for the very bytes that were handed out.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from crypto import fields
from crypto.case_entries import CASE_ID_SIZE
from crypto.errors import BrokenError
from crypto.keys import RECIPIENT_SIZE, SEED_SIZE, Identity, Recipient
from crypto.lock import INSTANCE_ID_SIZE, LOCK_OVERHEAD, InstanceId, Key
from crypto.locked_identity import LOCKED_IDENTITY_SIZE, LockedIdentity
from crypto.round_state import OUTER_DIGEST_SIZE
from crypto.two_key_envelope import OPENED_OUTER_SIZE

LABEL_EXPORT_KEY = b"lurus/v1/export-key"
LABEL_EXPORT = b"lurus/v1/export"

_MAGIC = b"lurus-export"
HOLDER_SIZE = 16
ROUND_NUMBER_SIZE = 4
EXPORT_COUNT_SIZE = 4
EXPORT_DIGEST_SIZE = 32
EXPORTED_SIZE = CASE_ID_SIZE + OUTER_DIGEST_SIZE + 2 * 32 + OPENED_OUTER_SIZE  # 1489
LOCKED_EXPORT_SIZE = SEED_SIZE + EXPORT_DIGEST_SIZE + LOCK_OVERHEAD  # 145

_VERSION = b"\x02"
_FIELDS = 10


class ExportedEntry(NamedTuple):
    """One sealed entry, as far as a round needs it."""

    case_id: bytes
    outer: bytes
    """16 bytes of the SHA-256 of the outer, gate and all."""
    mask: bytes
    """SHA-256 of the row's mask."""
    first: bytes
    """SHA-256 of the entry's first text, as it is sealed."""
    inner: bytes
    """The outer without its gate."""


@dataclass(frozen=True)
class RoundExport:
    """What stands in the file; order of entries: none that means anything."""

    instance: InstanceId
    number: int
    day: dt.date
    """As of which the round is held."""
    holder: bytes
    """The custodian's id."""
    name: str
    locked: LockedIdentity = field(repr=False)
    answer_to: Recipient
    """Whom the answer is sealed to; its seed rests behind the gate."""
    lacking: int
    """Entries that hold nothing for this custodian; counted alone."""
    trail: bytes = field(repr=False)
    """What of the public trail is to be cosigned; empty: there is nothing."""
    entries: tuple[ExportedEntry, ...] = field(repr=False)

    def encode(self) -> bytes:
        """Write it, with a checksum against a copy that went wrong."""
        head = fields.join(
            (
                bytes(self.instance),
                self.number.to_bytes(ROUND_NUMBER_SIZE, "big"),
                self.day.isoformat().encode(),
                self.holder,
                self.name.encode(),
                bytes(self.locked),
                bytes(self.answer_to),
                self.lacking.to_bytes(EXPORT_COUNT_SIZE, "big"),
                self.trail,
                len(self.entries).to_bytes(EXPORT_COUNT_SIZE, "big"),
            )
        )
        size = len(head).to_bytes(EXPORT_COUNT_SIZE, "big")
        body = b"".join(b"".join(entry) for entry in self.entries)
        written = _MAGIC + _VERSION + size + head + body
        return written + hashlib.sha256(written).digest()

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Read what `encode` wrote; one encoding per export.

        Raises:
            BrokenError: it is none, or a byte of it is another.
        """
        written, checksum = encoded[:-EXPORT_DIGEST_SIZE], encoded[-EXPORT_DIGEST_SIZE:]
        begin = _MAGIC + _VERSION
        if not written.startswith(begin):
            raise BrokenError
        if hashlib.sha256(written).digest() != checksum:
            raise BrokenError
        head_at = len(begin) + EXPORT_COUNT_SIZE
        body_at = head_at + int.from_bytes(written[len(begin) : head_at], "big")
        export = cls._read(written[head_at:body_at], written[body_at:])
        # Twice in it, an entry would count as two that name the same.
        ids = {entry.case_id for entry in export.entries}
        if export.encode() != encoded or len(ids) != len(export.entries):
            raise BrokenError
        return export

    @classmethod
    def _read(cls, head: bytes, body: bytes) -> Self:
        parts = fields.split(head, _FIELDS)
        instance, number, day, holder, name = parts[:5]
        locked, answer_to, lacking, trail, count = parts[5:]
        sizes = (len(instance), len(holder), len(locked), len(answer_to))
        if sizes != (
            INSTANCE_ID_SIZE,
            HOLDER_SIZE,
            LOCKED_IDENTITY_SIZE,
            RECIPIENT_SIZE,
        ):
            raise BrokenError
        if len(body) != int.from_bytes(count, "big") * EXPORTED_SIZE:
            raise BrokenError
        try:
            return cls(
                InstanceId(instance),
                int.from_bytes(number, "big"),
                dt.date.fromisoformat(day.decode("ascii")),
                holder,
                name.decode(),
                LockedIdentity(locked),
                Recipient(answer_to),
                int.from_bytes(lacking, "big"),
                trail,
                tuple(
                    _entry(body[at : at + EXPORTED_SIZE])
                    for at in range(0, len(body), EXPORTED_SIZE)
                ),
            )
        except ValueError:
            raise BrokenError from None


def export_digest(encoded: bytes) -> bytes:
    """Return what an export is known again by: SHA-256 of all its bytes."""
    return hashlib.sha256(encoded).digest()


def lock_export(
    answer_to: Identity, digest: bytes, gate: Key, *, number: int, holder: bytes
) -> bytes:
    """Lock what the portal keeps of an export: `LOCKED_EXPORT_SIZE` bytes.

    *answer_to*: whose recipient stands in the export with that *digest*.
    """
    plain = answer_to.reveal() + digest
    return _key(gate, number).lock(plain, label=LABEL_EXPORT, context=(holder,))


def unlock_export(
    locked: bytes, gate: Key, *, number: int, holder: bytes
) -> tuple[Identity, bytes]:
    """Return whom the answer is sealed to, and the digest of the export.

    Raises:
        NotYoursError: another gate's, round's or custodian's, or damaged.
        BrokenError: another size, or no lock of a version that is known.
    """
    plain = _key(gate, number).unlock(locked, label=LABEL_EXPORT, context=(holder,))
    if len(plain) != SEED_SIZE + EXPORT_DIGEST_SIZE:
        raise BrokenError
    return Identity(plain[:SEED_SIZE]), plain[SEED_SIZE:]


def _key(gate: Key, number: int) -> Key:
    return gate.derive(LABEL_EXPORT_KEY, number.to_bytes(ROUND_NUMBER_SIZE, "big"))


def _entry(record: bytes) -> ExportedEntry:
    parts = []
    for size in (CASE_ID_SIZE, OUTER_DIGEST_SIZE, 32, 32, OPENED_OUTER_SIZE):
        parts.append(record[:size])
        record = record[size:]
    return ExportedEntry(*parts)
