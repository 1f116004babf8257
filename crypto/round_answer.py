"""What a custodian found away from the portal, on its way back (FORMAT 16.4).

Security: the answer is sealed to a key that the portal drew for this one export and
keeps behind its gate, and forgets with the round: who finds the file on its way learns
the round's number, and how many entries there are. It is signed with the custodian's
key over every byte before the signature.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from crypto import fields
from crypto.case_entries import CASE_ID_SIZE
from crypto.errors import BrokenError
from crypto.keys import Identity, Recipient
from crypto.lock import INSTANCE_ID_SIZE, InstanceId
from crypto.padding import LENGTH_SIZE, pad, unpad
from crypto.round_export import (
    EXPORT_DIGEST_SIZE,
    HOLDER_SIZE,
    ROUND_NUMBER_SIZE,
)
from crypto.round_state import FOUND_SIZE, Found, decode_found, encode_found
from crypto.signing import SIGNATURE_SIZE, Signed, sign, verify
from crypto.two_key_envelope import SHARE_SIZE, Share

LABEL_ANSWER_WRAP = b"lurus/v1/answer-wrap"

_MAGIC = b"lurus-answer"
ANSWER_STEP = 65_536
ANSWER_HEADER_SIZE = 13 + 16 + 4 + 16 + 32  # 81

_VERSION = b"\x02"
_COUNT_SIZE = 4
_FIELDS = 5
_RECORD_SIZE = CASE_ID_SIZE + SHARE_SIZE


@dataclass(frozen=True)
class FoundAway:
    """All that was found: the same that a round on the portal keeps."""

    line: str
    """The round's line."""
    signature: bytes
    """Of the line."""
    counts: bytes = field(repr=False)
    """How it ended, under the custodian's own key."""
    cosigned: str
    """The custodian's line below the checkpoint that the export held; empty: none."""
    found: Sequence[Found] = field(repr=False)
    shares: Mapping[bytes, Share] = field(repr=False)
    """By case id: what is to be opened, or ended after it was open. No subjects."""

    def encode(self) -> bytes:
        """Write it, padded to a multiple of 65,536 bytes: releases show in no length."""
        count = len(self.found).to_bytes(_COUNT_SIZE, "big")
        head = fields.join(
            (
                self.line.encode(),
                self.signature,
                self.counts,
                self.cosigned.encode(),
                count,
            )
        )
        size = len(head).to_bytes(_COUNT_SIZE, "big")
        found = b"".join(map(encode_found, self.found))
        shares = b"".join(
            case_id + self.shares[case_id].encode() for case_id in sorted(self.shares)
        )
        plain = size + head + found + shares
        steps = -(-(LENGTH_SIZE + len(plain)) // ANSWER_STEP)
        return pad(plain, steps * ANSWER_STEP)

    @classmethod
    def decode(cls, padded: bytes) -> Self:
        """Read what `encode` wrote.

        Raises:
            BrokenError: it is none.
        """
        plain = unpad(padded, len(padded))
        head_end = _COUNT_SIZE + int.from_bytes(plain[:_COUNT_SIZE], "big")
        line, signature, counts, cosigned, count = fields.split(
            plain[_COUNT_SIZE:head_end], _FIELDS
        )
        shares_at = head_end + int.from_bytes(count, "big") * FOUND_SIZE
        found, shares = plain[head_end:shares_at], plain[shares_at:]
        if len(plain) < shares_at or len(shares) % _RECORD_SIZE:
            raise BrokenError
        try:
            text, below = line.decode(), cosigned.decode()
        except UnicodeDecodeError:
            raise BrokenError from None
        return cls(text, signature, counts, below, _found(found), _shares(shares))


@dataclass(frozen=True)
class RoundAnswer:
    """The file: whose answer to what, readable by anybody, and what is sealed in it."""

    instance: InstanceId
    number: int
    holder: bytes
    export: bytes
    """Digest of the export that it answers."""
    wrapped: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @classmethod
    def seal(
        cls,
        found: FoundAway,
        identity: Identity,
        answer_to: Recipient,
        *,
        instance: InstanceId,
        number: int,
        holder: bytes,
        export: bytes,
    ) -> Self:
        """Seal what was found to the portal, and sign it as *identity*."""
        unsigned = cls(instance, number, holder, export, b"", b"")
        wrapped = answer_to.wrap(
            found.encode(), label=LABEL_ANSWER_WRAP, context=unsigned._context()
        )
        signed = unsigned._header() + wrapped
        signature = sign(identity, signed, Signed.ANSWER, instance=instance)
        return cls(instance, number, holder, export, wrapped, signature)

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read the file; nothing of it is believed yet.

        Raises:
            BrokenError: it is no answer.
        """
        begin = _MAGIC + _VERSION
        shortest = ANSWER_HEADER_SIZE + SIGNATURE_SIZE
        if not content.startswith(begin) or len(content) <= shortest:
            raise BrokenError
        parts, at = [], len(begin)
        for size in (
            INSTANCE_ID_SIZE,
            ROUND_NUMBER_SIZE,
            HOLDER_SIZE,
            EXPORT_DIGEST_SIZE,
        ):
            parts.append(content[at : at + size])
            at += size
        instance, number, holder, export = parts
        return cls(
            InstanceId(instance),
            int.from_bytes(number, "big"),
            holder,
            export,
            content[at:-SIGNATURE_SIZE],
            content[-SIGNATURE_SIZE:],
        )

    def __bytes__(self) -> bytes:
        return self._header() + self.wrapped + self.signature

    def check(self, public: bytes) -> None:
        """Check that who registered *public* signed exactly this.

        Raises:
            BrokenError: somebody else did, or a byte is another.
        """
        signed = self._header() + self.wrapped
        verify(public, signed, self.signature, Signed.ANSWER)

    def open(self, answer_to: Identity) -> FoundAway:
        """Return what was found; only after `check`.

        Raises:
            NotYoursError: sealed to another export's key.
            BrokenError: it holds something else.
        """
        plain = answer_to.unwrap(
            self.wrapped, label=LABEL_ANSWER_WRAP, context=self._context()
        )
        return FoundAway.decode(plain)

    def _context(self) -> tuple[bytes, ...]:
        number = self.number.to_bytes(ROUND_NUMBER_SIZE, "big")
        return (self.holder, number, self.export)

    def _header(self) -> bytes:
        number = self.number.to_bytes(ROUND_NUMBER_SIZE, "big")
        begin = _MAGIC + _VERSION + bytes(self.instance)
        return begin + number + self.holder + self.export


def _found(records: bytes) -> list[Found]:
    return [
        decode_found(records[at : at + FOUND_SIZE])
        for at in range(0, len(records), FOUND_SIZE)
    ]


def _shares(records: bytes) -> dict[bytes, Share]:
    shares = {}
    for at in range(0, len(records), _RECORD_SIZE):
        record = records[at : at + _RECORD_SIZE]
        shares[record[:CASE_ID_SIZE]] = Share.decode(record[CASE_ID_SIZE:])
    return shares
