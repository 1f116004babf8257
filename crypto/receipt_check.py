"""What a receipt shows: checked without the portal, and without its database.

Security: everything follows from the receipt and from public keys that the reader has
from elsewhere; the keys that stand in a receipt are a claim. What is cheap to tell is
looked at first, signatures last (docs/receipts.md, "Checking").
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crypto.checkpoint import (
    NOTE_COSIGNATURE,
    NOTE_ED25519,
    check_cosigned,
    check_signed,
    cosigner_name,
)
from crypto.errors import BrokenError, Flaw, FlawedReceiptError
from crypto.ledger import (
    StepKind,
    body_of,
    digest_of_padded,
    open_all,
    open_step,
    written_key,
)
from crypto.merkle import Edge, verify_consistency, verify_inclusion
from crypto.receipt import TEXT_SIZES, Receipt, ShownStep, Signers
from crypto.signed_note import Note, note_key_id

NUMBERS_AHEAD = 16
"""So many numbers after the last one shown are searched for steps."""
MOST_NUMBERS = 8_192
"""A proof of silence has numbers below: more steps have no room in a receipt."""

_KINDS = tuple(StepKind)


@dataclass(frozen=True)
class Proved:
    """A step that is in the trail."""

    number: int
    kind: StepKind
    day: dt.date
    """It is not younger."""
    is_cosigned: bool
    """Whether a custodian cosigned a tree that holds it."""
    text: str | None


@dataclass(frozen=True)
class Cosigned:
    """A custodian's cosignature of one of the checkpoints."""

    public: bytes
    day: dt.date
    """Of the checkpoint."""
    on: dt.date


@dataclass(frozen=True)
class Verdict:
    """What holds, for who trusts the keys."""

    origin: str
    steps: tuple[Proved, ...]
    cosigned: tuple[Cosigned, ...]
    signers: Signers
    until: dt.date
    """The day of the newest checkpoint."""


def check_receipt(receipt: Receipt) -> Verdict:
    """Tell what a receipt shows, all of which holds.

    Raises:
        FlawedReceiptError: with what does not.
    """
    for step in receipt.steps:
        _check_text(step)
    _check_numbers(receipt)
    for step in receipt.steps:
        _check_released(receipt, step)
    for step in receipt.steps:
        _check_path(receipt, step)
    _check_growth(receipt)
    return _verdict(receipt, _check_signatures(receipt))


def check_leaves(receipt: Receipt, leaves: Sequence[bytes]) -> None:
    """Check that no step was taken that a proof of silence does not show.

    *leaves*: of the public trail, from the first on; those after the newest checkpoint
    are not looked at. Found are steps of every kind, also in place of one that is
    shown, and up to `NUMBERS_AHEAD` numbers after the last; not those with a text,
    which only the reporter's own visit leaves.

    Raises:
        FlawedReceiptError: it is no such proof; the leaves are others; a step is hidden.
    """
    if receipt.ledger_key is None:
        raise FlawedReceiptError(Flaw.SILENCE)
    _check_numbers(receipt)
    newest = receipt.growths[-1].checkpoint
    edge, known = Edge(), leaves[: newest.size]
    for leaf in known:
        edge.append(leaf)
    if (edge.size, edge.root()) != (newest.size, newest.root):
        raise FlawedReceiptError(Flaw.LEAVES, newest.day.isoformat())
    _check_hidden(receipt, set(known))


def _check_hidden(receipt: Receipt, known: Collection[bytes]) -> None:
    shown = {step.opening.leaf for step in receipt.steps}
    last = receipt.steps[-1].opening.number
    if receipt.ledger_key is None:
        return
    for number in range(last + 1 + NUMBERS_AHEAD):
        for opening in open_all(receipt.ledger_key, number, _KINDS):
            if opening.leaf in known and opening.leaf not in shown:
                at = f"{number} {opening.kind.word}"
                raise FlawedReceiptError(Flaw.HIDDEN, at)


def _check_text(step: ShownStep) -> None:
    opening, shown = step.opening, step.text
    if shown is None:
        return
    size = TEXT_SIZES.get(opening.kind, 0)
    try:
        digest = digest_of_padded(shown.text.encode(), size)
    except ValueError:
        raise FlawedReceiptError(Flaw.TEXT, str(opening.number)) from None
    if body_of(shown.written, digest) != opening.body:
        raise FlawedReceiptError(Flaw.TEXT, str(opening.number))


def _check_numbers(receipt: Receipt) -> None:
    """Check that all numbers up to the last one can be searched, in a second or so."""
    last = receipt.steps[-1].opening.number
    if receipt.is_silence and last >= MOST_NUMBERS:
        raise FlawedReceiptError(Flaw.SILENCE, str(last))


def _check_released(receipt: Receipt, step: ShownStep) -> None:
    """Check that a step follows from the key that was released, if one was."""
    key, opening = receipt.ledger_key, step.opening
    if key is None:
        return
    own = open_step(key, opening.number, opening.kind)
    fits = (own.blind, own.thread) == (opening.blind, opening.thread)
    if opening.kind not in TEXT_SIZES:
        fits = fits and opening.body == own.body
    if step.text is not None:
        fits = fits and step.text.written == written_key(key, opening.number)
    if not fits:
        raise FlawedReceiptError(Flaw.SILENCE, str(opening.number))


def _check_path(receipt: Receipt, step: ShownStep) -> None:
    head = receipt.growths[step.checkpoint].checkpoint
    # Sizes ascend: the tree before it is the largest of the smaller ones.
    before = receipt.growths[: step.checkpoint][-1:]
    try:
        verify_inclusion(step.opening.leaf, step.index, head.size, step.path, head.root)
    except BrokenError:
        raise FlawedReceiptError(Flaw.PATH, str(step.opening.number)) from None
    if any(step.index < one.checkpoint.size for one in before):
        raise FlawedReceiptError(Flaw.PATH, str(step.opening.number))


def _check_growth(receipt: Receipt) -> None:
    for before, after in pairwise(receipt.growths):
        old, new = before.checkpoint, after.checkpoint
        try:
            verify_consistency(old.size, old.root, new.size, new.root, after.path)
        except BrokenError:
            day = new.day.isoformat()
            raise FlawedReceiptError(Flaw.GROWTH, day) from None


def _check_signatures(receipt: Receipt) -> tuple[Cosigned, ...]:
    """Check every line, and that every key is used and every checkpoint signed."""
    signers, used, cosigned = receipt.signers, set[bytes](), list[Cosigned]()
    for growth in receipt.growths:
        head = growth.checkpoint
        by_portal = _present(growth.note, receipt.origin, signers.portal)
        by_custodians = _present_cosigners(
            growth.note, receipt.origin, signers.custodians
        )
        known = len(by_portal) + len(by_custodians)
        try:
            for public in by_portal:
                check_signed(growth.note, receipt.origin, public)
            for public in by_custodians:
                on = check_cosigned(growth.note, receipt.origin, public)
                cosigned.append(Cosigned(public, head.day, on))
        except BrokenError:
            raise FlawedReceiptError(Flaw.SIGNATURE, head.day.isoformat()) from None
        if not by_portal or known != len(growth.note.signatures):
            raise FlawedReceiptError(Flaw.SIGNATURE, head.day.isoformat())
        used |= {*by_portal, *by_custodians}
    if used != {*signers.portal, *signers.custodians}:
        raise FlawedReceiptError(Flaw.KEY)
    return tuple(cosigned)


def _present(note: Note, origin: str, keys: Sequence[bytes]) -> list[bytes]:
    """Return those of *keys* that the note has a line of the portal's by."""
    return [
        public
        for public in keys
        if note.find(origin, note_key_id(origin, NOTE_ED25519, public))
    ]


def _present_cosigners(note: Note, origin: str, keys: Sequence[bytes]) -> list[bytes]:
    names = {public: cosigner_name(origin, public) for public in keys}
    return [
        public
        for public, name in names.items()
        if note.find(name, note_key_id(name, NOTE_COSIGNATURE, public))
    ]


def _verdict(receipt: Receipt, cosigned: tuple[Cosigned, ...]) -> Verdict:
    days = [one.checkpoint.day for one in receipt.growths]
    last = max((one.day for one in cosigned), default=dt.date.min)
    return Verdict(
        receipt.origin,
        tuple(_proved(receipt.steps, days, last)),
        cosigned,
        receipt.signers,
        days[-1],
    )


def _proved(
    steps: Sequence[ShownStep], days: Sequence[dt.date], last: dt.date
) -> Iterator[Proved]:
    for step in steps:
        opening, day = step.opening, days[step.checkpoint]
        text = step.text.text if step.text else None
        yield Proved(opening.number, opening.kind, day, day <= last, text)
