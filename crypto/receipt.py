"""A receipt: which steps of a case are in the public trail, to be checked by anybody.

Security: it shows the steps that were chosen, the day that each is not younger than, and
that they are of one case; no name, no content, nothing of other steps. A *proof of
silence* adds the ledger key: whoever has it finds every step of that case, also later
ones, and opens nothing. A receipt shows that something is in the trail, not who shows
it. The format is `docs/receipts.md`; `receipt_check.py` says what holds.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

from crypto.checkpoint import COSIGNATURE_TIME_SIZE, Checkpoint, ledger_origin
from crypto.envelope import Kind
from crypto.errors import BrokenError, Flaw, FlawedReceiptError
from crypto.ledger import Opening, StepKind
from crypto.lock import InstanceId, Key
from crypto.signed_note import Note, NoteSignature
from crypto.signing import SIGNATURE_SIZE

RECEIPT_FORMAT = "lurus-receipt-v1"
RECEIPT_STEP = 32 * 1024
"""Every receipt has a multiple of so many bytes: its length tells little."""
LONGEST_RECEIPT = 2 * 1024 * 1024

TEXT_SIZES = {
    StepKind.SEALED: Kind.REPORT.size,
    StepKind.RECEIVED: Kind.REPORT.size,
    StepKind.OBJECTION: Kind.MESSAGE.size,
    StepKind.TROUBLE: Kind.MESSAGE.size,
}
"""Steps with a text of the reporter's, and to how many bytes it is padded."""

_DIGITS = re.compile(r"(?:[0-9a-f]{2})*")
_MOST_NUMBERS = 1 << 32
_MOST_NUMBER_DIGITS = 16
_ORIGIN = re.compile(r"lurus/[0-9a-f]{32}")
_SIGNER = re.compile(r"lurus/[0-9a-f]{32}(/custodian/[0-9a-f]{16})?")


@dataclass(frozen=True)
class ShownText:
    """What was written at a step, by choice of who made the receipt."""

    text: str = field(repr=False)
    written: bytes
    """Of `ledger.written_key`: what blinds it in the leaf."""


@dataclass(frozen=True)
class ShownStep:
    """One step: what opens its leaf, and the way from there to a signed root."""

    opening: Opening
    index: int
    """Where its leaf stands in the tree, from 0."""
    checkpoint: int
    """Which checkpoint of the receipt its path leads to, from 0."""
    path: tuple[bytes, ...]
    text: ShownText | None = None


@dataclass(frozen=True)
class Growth:
    """A signed head of the trail, and what shows that it grew from the one before."""

    note: Note
    path: tuple[bytes, ...] = ()
    """Empty for the first of a receipt."""

    @property
    def checkpoint(self) -> Checkpoint:
        """What is signed.

        Raises:
            BrokenError: it is no checkpoint.
        """
        return Checkpoint.parse(self.note.text)


@dataclass(frozen=True)
class Signers:
    """Public keys that signed the checkpoints: each signed at least one."""

    portal: tuple[bytes, ...]
    custodians: tuple[bytes, ...]


@dataclass(frozen=True)
class Receipt:
    """All that is shown of one case."""

    growths: tuple[Growth, ...]
    """From the smallest tree to the largest."""
    signers: Signers
    steps: tuple[ShownStep, ...]
    """In the order of their numbers; at least one."""
    ledger_key: Key | None = field(default=None, repr=False)
    """In a proof of silence alone."""
    instance: InstanceId | None = field(default=None, repr=False)
    """What the ledger key is used with."""

    @property
    def origin(self) -> str:
        """Which trail it is of."""
        return self.growths[0].checkpoint.origin

    @property
    def is_silence(self) -> bool:
        """Tell whether it is a proof of silence."""
        return self.ledger_key is not None

    def __bytes__(self) -> bytes:
        """Write it: ASCII, one encoding per receipt, filled up with spaces."""
        leaves = tuple(step.opening.leaf for step in self.steps)
        return _write(self._fields(_Stated(self.origin, leaves)))

    @classmethod
    def parse(cls, written: bytes) -> Self:
        """Read what `bytes` wrote.

        Raises:
            FlawedReceiptError: it is none, too long for one, or was written otherwise.
        """
        if len(written) > LONGEST_RECEIPT:
            raise FlawedReceiptError(Flaw.FORM)
        try:
            fields = json.loads(written.decode("ascii"), parse_int=_read_digits)
            found, stated = cls._of(fields), _Stated.of(fields)
            # What has other fields is not written again: it could grow a thousandfold.
            is_form = found._fields(stated) == fields and _is_in_order(found)
            is_form = is_form and _write(fields) == written
        except (ArithmeticError, AttributeError, LookupError, RecursionError):
            raise FlawedReceiptError(Flaw.FORM) from None
        except (TypeError, ValueError, BrokenError):
            raise FlawedReceiptError(Flaw.FORM) from None
        if not is_form:
            raise FlawedReceiptError(Flaw.FORM)
        stated.check(found)
        return found

    def is_of_one_trail(self) -> bool:
        """Tell whether all that it names belongs to one installation."""
        origins = {one.checkpoint.origin for one in self.growths}
        if self.instance is not None:
            origins.add(ledger_origin(self.instance))
        return len(origins) == 1

    def _fields(self, stated: "_Stated") -> dict[str, Any]:
        fields = {
            "checkpoints": [
                {"growth": _write_all(one.path), "note": str(one.note)}
                for one in self.growths
            ],
            "format": RECEIPT_FORMAT,
            "keys": {
                "custodians": _write_all(self.signers.custodians),
                "portal": _write_all(self.signers.portal),
            },
            "origin": stated.origin,
            "steps": [
                _write_step(step, leaf)
                for step, leaf in zip(self.steps, stated.leaves, strict=True)
            ],
            "thread": self.steps[0].opening.thread.hex(),
        }
        if self.ledger_key is not None and self.instance is not None:
            fields["silence"] = {
                "instance": self.instance.hex(),
                "ledger_key": self.ledger_key.reveal().hex(),
            }
        return fields

    @classmethod
    def _of(cls, fields: dict[str, Any]) -> Self:
        """Read the fields; what is not as it would be written is found later."""
        growths = tuple(_read_growth(one) for one in fields["checkpoints"])
        keys = fields["keys"]
        portal, custodians = _read_all(keys["portal"]), _read_all(keys["custodians"])
        thread = _read(fields["thread"], 32)
        steps = tuple(_read_step(one, thread) for one in fields["steps"])
        key, instance = None, None
        if silence := fields.get("silence"):
            instance = InstanceId(_read(silence["instance"], 16))
            key = Key(_read(silence["ledger_key"], 32), instance)
        return cls(growths, Signers(portal, custodians), steps, key, instance)


@dataclass(frozen=True)
class _Stated:
    """What follows from the rest and stands in a receipt all the same."""

    origin: str
    leaves: tuple[bytes, ...]

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Self:
        leaves = _read_all([one["leaf"] for one in fields["steps"]])
        if _ORIGIN.fullmatch(fields["origin"]) is None:
            raise ValueError("no trail is called so")
        return cls(fields["origin"], leaves)

    def check(self, receipt: Receipt) -> None:
        for step, leaf in zip(receipt.steps, self.leaves, strict=True):
            if step.opening.leaf != leaf:
                raise FlawedReceiptError(Flaw.LEAF, str(step.opening.number))
        if self.origin != receipt.origin or not receipt.is_of_one_trail():
            raise FlawedReceiptError(Flaw.ORIGIN)


def _write_step(step: ShownStep, leaf: bytes) -> dict[str, Any]:
    opening = step.opening
    fields = {
        "blind": opening.blind.hex(),
        "body": opening.body.hex(),
        "checkpoint": step.checkpoint,
        "index": step.index,
        "kind": opening.kind.word,
        "leaf": leaf.hex(),
        "number": opening.number,
        "path": _write_all(step.path),
    }
    if step.text is not None:
        fields["text"] = {"text": step.text.text, "written": step.text.written.hex()}
    return fields


def _read_step(fields: dict[str, Any], thread: bytes) -> ShownStep:
    kind = StepKind.of(fields["kind"])
    parts = _read(fields["blind"], 32), thread, _read(fields["body"], 32)
    opening = Opening(_read_number(fields["number"]), kind, *parts)
    shown = fields.get("text")
    text = _read_text(shown) if shown else None
    path = _read_all(fields["path"])
    index, checkpoint = map(_read_number, (fields["index"], fields["checkpoint"]))
    return ShownStep(opening, index, checkpoint, path, text)


def _read_growth(fields: dict[str, Any]) -> Growth:
    found = Growth(Note.parse(fields["note"].encode()), _read_all(fields["growth"]))
    if _ORIGIN.fullmatch(found.checkpoint.origin) is None:
        raise ValueError("no trail is called so")
    if not all(map(_is_line, found.note.signatures)):
        raise ValueError("no portal and no custodian signs so")
    return found


def _is_line(line: NoteSignature) -> bool:
    """Tell whether a line could be the portal's or a custodian's."""
    name = _SIGNER.fullmatch(line.name)
    size = COSIGNATURE_TIME_SIZE if name and name[1] else 0
    return name is not None and len(line.signature) == size + SIGNATURE_SIZE


def _read_text(fields: dict[str, Any]) -> ShownText:
    text = fields["text"]
    text.encode()  # half a character is none
    return ShownText(text, _read(fields["written"], 32))


def _write(fields: dict[str, Any]) -> bytes:
    written = json.dumps(fields, indent=1, sort_keys=True).encode("ascii")
    missing = -(len(written) + 1) % RECEIPT_STEP
    return written + b" " * missing + b"\n"


def _write_all(hashes: tuple[bytes, ...]) -> list[str]:
    return [one.hex() for one in hashes]


def _read_all(written: list[str]) -> tuple[bytes, ...]:
    return tuple(_read(one, 32) for one in written)


def _read(written: str, size: int) -> bytes:
    if _DIGITS.fullmatch(written) is None or len(written) != 2 * size:
        raise ValueError("not so many bytes in hex digits")
    return bytes.fromhex(written)


def _read_digits(written: str) -> int:
    """Read a number; a long one would take long (some Pythons: minutes for 2 MiB)."""
    if len(written) > _MOST_NUMBER_DIGITS:
        raise ValueError("no number is so high")
    return int(written)


def _read_number(written: object) -> int:
    if type(written) is not int or written < 0:
        raise ValueError("no number from 0")
    return written


def _is_in_order(receipt: Receipt) -> bool:
    """Tell whether steps, checkpoints and keys stand in order, and fit one another."""
    numbers = [step.opening.number for step in receipt.steps]
    heads = [one.checkpoint for one in receipt.growths]
    places = [step.checkpoint for step in receipt.steps]
    signers = receipt.signers
    return all(
        (
            *(_is_rising(keys) for keys in (signers.portal, signers.custodians)),
            _is_rising(numbers),
            numbers[-1] < _MOST_NUMBERS,
            _is_rising([head.size for head in heads]),
            _is_rising([head.day for head in heads]),
            all(0 <= place < len(heads) for place in places),
            receipt.growths[0].path == (),
        )
    )


def _is_rising(row: Sequence[Any]) -> bool:
    return all(one < other for one, other in pairwise(row))
