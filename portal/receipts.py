"""A reporter's receipt: what of the own case is in the public trail (docs/receipts.md).

Making one changes nothing and leaves nothing behind: no row, no line in a record.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import InstanceId, Kind, ledger_key, text_digest
from crypto.checkpoint import (
    NOTE_COSIGNATURE,
    NOTE_ED25519,
    cosigner_name,
    ledger_origin,
)
from crypto.errors import BrokenError
from crypto.ledger import written_key
from crypto.receipt import (
    LONGEST_RECEIPT,
    Growth,
    Receipt,
    ShownStep,
    ShownText,
    Signers,
)
from crypto.receipt_check import check_receipt
from crypto.signed_note import Note, note_key_id
from portal import threads
from portal.cases import ReporterCase
from portal.errors import NothingInTrailError, NoTrailYetError, UnsoundTrailError
from portal.ledger import (
    SignedTree,
    cosigned_note,
    find_tree,
    newest_cosigned_tree,
    newest_tree,
    prove,
    prove_growth,
)
from portal.ledger_signers import list_signers
from portal.models import Cosignature, LedgerDay, Person
from portal.public_trail import CaseTrail, StepInTrail
from portal.statuses import Author
from portal.threads import Chain


@dataclass(frozen=True)
class Choice:
    """What a receipt is to show."""

    numbers: frozenset[int]
    """Of the steps; of a proof of silence all are shown."""
    with_text: bool = False
    """What was written with them stands in it too, where it is still as it was."""
    is_silence: bool = False
    """Release the ledger key: that no other step came shows, now and later."""


@dataclass(frozen=True)
class SigningKey:
    """A key that signs the trail; those of receipts are compared with it."""

    holder: str
    """A custodian's name; empty: the portal itself."""
    public: bytes


def list_signing_keys(session: Session) -> list[SigningKey]:
    """Return every key that has signed the trail: the portal's, then custodians'."""
    rows = session.execute(
        select(Person.name, Cosignature.public)
        .join(Person, Person.id == Cosignature.custodian_id)
        .distinct()
        .order_by(Person.name, Cosignature.public)
    )
    portal = [SigningKey("", one.public) for one in list_signers(session)]
    return [*portal, *(SigningKey(name, public) for name, public in rows)]


def make_receipt(
    session: Session,
    opened: ReporterCase,
    trail: CaseTrail,
    choice: Choice,
    instance: InstanceId,
) -> bytes:
    """Return a receipt of the case, checked as its readers will check it.

    Raises:
        NothingInTrailError: of what was chosen nothing is in the trail.
        UnsoundTrailError: no receipt that holds can be made of this trail.
    """
    chosen = [
        one
        for one in trail.steps
        if one.place and (choice.is_silence or one.step.number in choice.numbers)
    ]
    if not chosen:
        raise NothingInTrailError
    trees = _trees(session, chosen)
    notes = [cosigned_note(session, tree) for tree in trees]
    signers = _signers(session, ledger_origin(instance), notes)
    texts = _texts(session, opened, chosen) if choice.with_text else {}
    key = ledger_key(opened.key, opened.case.id) if choice.is_silence else None
    receipt = Receipt(
        tuple(_growths(session, trees, notes)),
        signers,
        tuple(_shown(session, chosen, trees, texts)),
        key,
        instance if choice.is_silence else None,
    )
    return _checked(receipt)


def _checked(receipt: Receipt) -> bytes:
    """Return its bytes: nobody is given one that does not hold."""
    try:
        written = bytes(receipt)
        check_receipt(Receipt.parse(written))
    except BrokenError:
        raise UnsoundTrailError from None
    if len(written) > LONGEST_RECEIPT:
        raise UnsoundTrailError
    return written


def _trees(session: Session, chosen: Iterable[StepInTrail]) -> list[SignedTree]:
    """Return the trees of the steps' days, the newest one, and the newest cosigned."""
    days = {one.place.day for one in chosen if one.place}
    sizes = select(LedgerDay.size).where(LedgerDay.day.in_(days))
    trees = [find_tree(session, size) for size in session.scalars(sizes)]
    trees.append(newest_tree(session))
    # Where no custodian has cosigned one yet, its readers see that.
    with suppress(NoTrailYetError):
        trees.append(newest_cosigned_tree(session))
    by_size = {tree.size: tree for tree in trees}
    return [by_size[size] for size in sorted(by_size)]


def _growths(
    session: Session, trees: Sequence[SignedTree], notes: Sequence[Note]
) -> Iterator[Growth]:
    yield Growth(notes[0])
    for (old, new), note in zip(pairwise(trees), notes[1:], strict=True):
        yield Growth(note, prove_growth(session, old.size, new.size))


def _shown(
    session: Session,
    chosen: Iterable[StepInTrail],
    trees: Sequence[SignedTree],
    texts: dict[int, ShownText],
) -> Iterator[ShownStep]:
    for one in chosen:
        if one.place is None:
            continue
        index = one.place.index
        at = next(n for n, tree in enumerate(trees) if tree.size > index)
        path = prove(session, one.opening.leaf, trees[at].size).path
        text = texts.get(one.opening.number)
        yield ShownStep(one.opening, index, at, path, text)


def _texts(
    session: Session, opened: ReporterCase, chosen: Iterable[StepInTrail]
) -> dict[int, ShownText]:
    """Return what was written with the steps, where the thread still holds it."""
    key = ledger_key(opened.key, opened.case.id)
    by_digest = {
        text_digest(one.plain, Kind.MESSAGE if one.number else Kind.REPORT): one.plain
        for one in threads.read(session, opened.case.id, Chain.THREAD, opened.key)
        if one.author is Author.REPORTER
    }
    return {
        one.step.number: ShownText(
            by_digest[one.digest].decode(), written_key(key, one.step.number)
        )
        for one in chosen
        if one.digest in by_digest
    }


def _signers(session: Session, origin: str, notes: Sequence[Note]) -> Signers:
    """Return whose lines stand below the checkpoints."""
    known = list_signing_keys(session)
    portal = {one.public for one in known if not one.holder}
    custodians = {one.public for one in known if one.holder}
    named = {
        (name, note_key_id(name, kind, public)): public
        for name, kind, public in [
            *((origin, NOTE_ED25519, public) for public in portal),
            *(
                (cosigner_name(origin, one), NOTE_COSIGNATURE, one)
                for one in custodians
            ),
        ]
    }
    lines = {(line.name, line.key_id) for note in notes for line in note.signatures}
    used = {named[line] for line in lines if line in named}
    return Signers(tuple(sorted(used & portal)), tuple(sorted(used & custodians)))
