"""`lurus verify-receipt`: what a receipt shows, said in words."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.orm import Session

from crypto.checkpoint import ledger_origin
from crypto.errors import BrokenError, Flaw, FlawedReceiptError
from crypto.ledger import LEAF_SIZE
from crypto.receipt import LONGEST_RECEIPT, Receipt
from crypto.receipt_check import Verdict, check_leaves, check_receipt
from crypto.signed_note import Note
from portal import instance_folder
from portal.commands.instance import opened_database
from portal.commands.terminal import plain
from portal.database import DATABASE_FILE, find_instance_id
from portal.errors import LurusError, NoTrailYetError
from portal.ledger import list_leaves, list_trees, newest_tree
from portal.receipts import list_signing_keys
from portal.settings_file import read_settings

_MOST_DAYS = 36_500
# A line each, or the answers of /ledger/leaves one behind the other.
_LEAF = re.compile(r"\b[0-9a-f]{64}\b")
_SENTENCES = {
    Flaw.FORM: "It is no receipt, or was changed: it is not written as one.",
    Flaw.LEAF: "Step {at}: the leaf is not that of what is shown of the step.",
    Flaw.ORIGIN: "It is of another portal's trail.",
    Flaw.TEXT: "Step {at}: the text is not the one that was handed in.",
    Flaw.SILENCE: (
        "Step {at}: it does not follow from the key that was released, or no proof of "
        "silence has room for so many."
    ),
    Flaw.PATH: "Step {at}: the proof does not lead to a signed checkpoint.",
    Flaw.GROWTH: "The checkpoint of {at} did not grow from the one before.",
    Flaw.SIGNATURE: "A signature of the checkpoint of {at}, its day or its keys do not hold.",
    Flaw.KEY: "It names keys that signed nothing, or that you do not trust.",
    Flaw.LEAVES: "The list of leaves is not the one of the checkpoint of {at}.",
    Flaw.HIDDEN: "A step is in the trail and not in the receipt: {at}.",
}
_ANOTHER = """\
The receipt holds in itself, but its checkpoint of {day} is not that of the trail here: one
of both was signed anew. Compare it with a checkpoint that somebody else kept."""
_CLAIM = """\
The keys are a claim: compare them with /ledger of the portal, or name those that you
trust with --key."""
_UNSEEN = """\
That no other step came shows with the list of leaves alone: --leaves FILE."""


@dataclass(frozen=True)
class _Known:
    """What the reader knows from elsewhere than the receipt."""

    keys: frozenset[bytes] = frozenset()
    origin: str = ""
    leaves: Sequence[bytes] | None = None
    heads: Collection[str] | None = None
    """What the portal here signed, each day's; None: there is no portal."""


@click.command("verify-receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, metavar="HEX", help="One to trust.")
@click.option("--origin", default="", help="Which trail it must be of.")
@click.option(
    "--leaves",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What /ledger/leaves gave, for a proof of silence.",
)
def verify_receipt(
    file: Path, keys: tuple[str, ...], origin: str, leaves: Path | None
) -> None:
    """Say what the receipt in FILE shows, or what does not hold."""
    # Where there is an installation and nothing is named, it knows its own trail.
    named = _Known(
        frozenset(_read_hex(key, "A key") for key in keys),
        origin,
        _read_leaves(leaves) if leaves else None,
    )
    known = _own() if named == _Known() else named
    try:
        receipt = Receipt.parse(_read(file))
        verdict = check_receipt(receipt)
        _compare(verdict, known)
        _compare_heads(receipt, known)
        if receipt.is_silence and known.leaves is not None:
            check_leaves(receipt, known.leaves)
    except FlawedReceiptError as flawed:
        sentence = _SENTENCES[flawed.flaw].format(at=flawed.at)
        raise LurusError(f"The receipt does not hold. {sentence}") from None
    for line in _in_words(verdict, receipt, known):
        click.echo(line)


def _compare(verdict: Verdict, known: _Known) -> None:
    """Check that it is of the trail and by the keys that are known, if any are."""
    if known.origin not in {"", verdict.origin}:
        raise FlawedReceiptError(Flaw.ORIGIN)
    needed = {*verdict.signers.portal, *verdict.signers.custodians}
    if known.keys and not needed <= known.keys:
        raise FlawedReceiptError(Flaw.KEY)


def _compare_heads(receipt: Receipt, known: _Known) -> None:
    """Compare with the trail here: whoever had a key of it can have signed another."""
    for growth in receipt.growths:
        if known.heads is not None and growth.note.text not in known.heads:
            day = growth.checkpoint.day.isoformat()
            raise LurusError(_ANOTHER.format(day=day))


def _own() -> _Known:
    """Return what the installation here knows of its own trail; nothing: there is none."""
    if not (instance_folder() / DATABASE_FILE).exists():
        return _Known()
    with opened_database(read_settings(instance_folder())) as session:
        keys = {one.public for one in list_signing_keys(session)}
        origin = ledger_origin(find_instance_id(session))
        leaves, heads = tuple(_all_leaves(session)), frozenset(_all_heads(session))
        return _Known(frozenset(keys), origin, leaves, heads)


def _all_heads(session: Session) -> Iterator[str]:
    for tree in list_trees(session, _MOST_DAYS):
        # A checkpoint that cannot be read equals none: `lurus verify-ledger` names it.
        with suppress(BrokenError):
            yield Note.parse(tree.note.encode()).text


def _all_leaves(session: Session) -> Iterator[bytes]:
    at, size = 0, _size(session)
    while at < size:
        leaves = list_leaves(session, at, size)
        if not leaves:
            return
        yield from leaves
        at += len(leaves)


def _size(session: Session) -> int:
    try:
        return newest_tree(session).size
    except NoTrailYetError:
        return 0


def _in_words(verdict: Verdict, receipt: Receipt, known: _Known) -> Iterator[str]:
    yield f"The receipt holds. Of the trail {verdict.origin}:"
    for step in verdict.steps:
        seen = "" if step.is_cosigned else "not yet "
        yield (
            f"  step {step.number}, {step.kind.word}: no later than {step.day}, "
            f"{seen}confirmed by a custodian"
        )
        if step.text is not None:
            yield f"    with this text: {json.dumps(step.text)}"
    for cosigned in verdict.cosigned:
        yield (
            f"  custodian {cosigned.public.hex()} confirmed the trail of {cosigned.day} "
            f"on {cosigned.on}"
        )
    for public in verdict.signers.portal:
        yield f"  portal {public.hex()}"
    if not known.keys:
        yield _CLAIM
    if receipt.is_silence:
        yield from _of_silence(verdict, known)


def _of_silence(verdict: Verdict, known: _Known) -> Iterator[str]:
    shown = {step.number for step in verdict.steps}
    missing = [str(n) for n in range(max(shown)) if n not in shown]
    if missing:
        yield f"From before the trail, or kept out of it: step {', '.join(missing)}."
    if known.leaves is None:
        yield _UNSEEN
    else:
        yield f"No other step of this case is in the trail up to {verdict.until}."


def _read(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(LONGEST_RECEIPT + 1)


def _read_leaves(path: Path) -> tuple[bytes, ...]:
    found = _LEAF.findall(path.read_text("utf-8", "replace"))
    if not found:
        raise LurusError(f"{plain(str(path))} is no list of leaves.")
    return tuple(map(bytes.fromhex, found))


def _read_hex(typed: str, what: str) -> bytes:
    try:
        found = bytes.fromhex(typed)
    except ValueError:
        found = b""
    if len(found) != LEAF_SIZE:
        raise LurusError(f"{what} is written as {2 * LEAF_SIZE} hex digits.")
    return found
