"""A trail of four days and the receipts of one case in it; proofs by RFC 9162's words.

`python tests/known_answers/of_receipts.py` writes `receipts/` anew.
"""

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from known_answers import rfc_9162

from crypto import Identity, InstanceId, Key, Kind, StepKind, open_step, text_digest
from crypto.checkpoint import Checkpoint, LedgerKey, cosign, ledger_origin
from crypto.ledger import ledger_key, written_key
from crypto.receipt import Growth, Receipt, ShownStep, ShownText, Signers
from crypto.signed_note import Note
from crypto.signing import signing_key

FOLDER = Path(__file__).with_name("receipts")
INSTANCE = InstanceId(bytes(range(16)))
ORIGIN = ledger_origin(INSTANCE)
PORTAL, KEEPER = LedgerKey(b"p" * 32), Identity(b"k" * 32)
KEEPERS = signing_key(KEEPER, INSTANCE)
CASE_KEY, CASE_ID = Key(b"c" * 32, INSTANCE), b"a case's own id."
LEDGER_KEY = ledger_key(CASE_KEY, CASE_ID)
FIRST_DAY = dt.date(2027, 1, 4)
TEXT = '{"what": "Kwitansi \\"ganda\\" — dua kali dibayar.", "category": "MONEY"}'
STEPS = (
    (0, StepKind.RECEIVED, 0, 17),
    (1, StepKind.ACKNOWLEDGED, 1, 40),
    (2, StepKind.ANSWERED, 1, 33),
    (3, StepKind.CLOSED, 2, 100),
)
"""Number, kind, the day counted from the first, and the place of its leaf."""
SIZES = (32, 96, 128, 160)
COSIGNED = (0, 2)


@dataclass(frozen=True)
class Trail:
    """Leaves and signed days."""

    leaves: tuple[bytes, ...]
    notes: tuple[Note, ...]


def grow(besides: dict[int, bytes] | None = None, key: LedgerKey = PORTAL) -> Trail:
    """Return the trail of the steps; *besides*: leaves at other places."""
    leaves = [hashlib.sha256(b"cover %d" % at).digest() for at in range(SIZES[-1])]
    for number, kind, _day, at in STEPS:
        leaves[at] = opening(number, kind).leaf
    for at, leaf in (besides or {}).items():
        leaves[at] = leaf
    notes = [_sign(leaves[:size], day, key) for day, size in enumerate(SIZES)]
    return Trail(tuple(leaves), tuple(notes))


def opening(number: int, kind: StepKind):
    """Return what opens a step's leaf."""
    digest = text_digest(TEXT.encode(), Kind.REPORT)
    with_text = (digest,) if kind is StepKind.RECEIVED else ()
    return open_step(LEDGER_KEY, number, kind, *with_text)


def receipt(
    trail: Trail,
    numbers: Collection[int],
    days: Collection[int],
    *,
    with_text: bool = False,
    is_silence: bool = False,
    key: LedgerKey = PORTAL,
) -> Receipt:
    """Return a receipt of some steps, with the checkpoints of some days."""
    order = sorted(days)
    growths, before = [], 0
    for day in order:
        leaves = list(trail.leaves[: SIZES[day]])
        path = tuple(rfc_9162.proof(before, leaves)) if before else ()
        growths.append(Growth(trail.notes[day], path))
        before = SIZES[day]
    steps = []
    for number, kind, _day, at in (step for step in STEPS if step[0] in numbers):
        place = next(n for n, day in enumerate(order) if SIZES[day] > at)
        path = rfc_9162.path(at, list(trail.leaves[: SIZES[order[place]]]))
        written = written_key(LEDGER_KEY, number)
        text = ShownText(TEXT, written) if with_text and not number else None
        steps.append(ShownStep(opening(number, kind), at, place, tuple(path), text))
    is_cosigned = bool(set(order) & set(COSIGNED))
    return Receipt(
        tuple(growths),
        Signers((key.public,), (KEEPERS,) if is_cosigned else ()),
        tuple(steps),
        LEDGER_KEY if is_silence else None,
        INSTANCE if is_silence else None,
    )


def chosen() -> Receipt:
    """Steps 0, with its text, and 2."""
    return receipt(grow(), (0, 2), (0, 1, 2, 3), with_text=True)


def silence() -> Receipt:
    """All steps, and the ledger key."""
    return receipt(grow(), range(4), (0, 1, 2, 3), is_silence=True)


def files() -> dict[str, bytes]:
    """Return the files of the folder by their names."""
    leaves = "".join(f"{leaf.hex()}\n" for leaf in grow().leaves)
    return {
        "chosen.json": bytes(chosen()),
        "silence.json": bytes(silence()),
        "leaves.txt": leaves.encode(),
    }


def _sign(leaves: list[bytes], day: int, key: LedgerKey) -> Note:
    on = FIRST_DAY + dt.timedelta(days=day)
    root = rfc_9162.mth(leaves)
    head = Checkpoint(ORIGIN, len(leaves), root, on, b"r" * 32, b"a" * 32)
    note = Note(str(head), (key.sign(str(head), ORIGIN),))
    if day in COSIGNED:
        next_day = on + dt.timedelta(days=1)
        note = note.with_line(cosign(KEEPER, head, next_day, instance=INSTANCE))
    return note


def write_files() -> None:
    """Write the folder anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
