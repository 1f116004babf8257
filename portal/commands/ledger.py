"""`lurus verify-ledger`, `lurus ledger-key`."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from crypto import BrokenError
from crypto.checkpoint import Checkpoint
from crypto.signed_note import LONGEST_NOTE, Note
from portal import instance_folder
from portal.commands.instance import opened_database
from portal.database import find_instance_id
from portal.errors import LurusError, NoTrailYetError
from portal.ledger import cosigned_note, newest_cosigned_tree, newest_tree
from portal.ledger_checks import compare, verify_trail
from portal.ledger_keys import OVERLAP_DAYS, draw_next_key
from portal.settings_file import read_settings

_KEEP = """\
Keep it elsewhere, in a file: with `lurus verify-ledger --from FILE` it shows later that
nothing before it was changed. From within nobody sees a history that was written and
signed anew by who has the key and the database, where no custodian has cosigned."""


@click.command("verify-ledger")
@click.option(
    "--from",
    "kept",
    metavar="CHECKPOINT",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that was kept: /ledger/checkpoint as of some day.",
)
def verify_ledger(kept: Path | None) -> None:
    """Compute the public trail anew; name everything that was done to it."""
    note = _read(kept) if kept else None
    with opened_database(read_settings(instance_folder())) as session:
        instance = find_instance_id(session)
        verdict = verify_trail(session, instance)
        since = compare(session, instance, note) if note else ()
        is_damaged = bool(verdict.damages or since)
        newest = "" if is_damaged else _newest(session)
    for damage in verdict.damages:
        click.echo(str(damage), err=True)
    for damage in since:
        click.echo(f"Against {kept}: {damage}", err=True)
    if is_damaged:
        raise click.ClickException(
            "The public trail does not hold. Keep the file of the database, compare it "
            "with a backup, and tell the custodians."
        )
    click.echo(f"{verdict.leaves} leaves on {verdict.days} days, and all hold.")
    if newest:
        click.echo(newest)


@click.command("ledger-key")
def ledger_key() -> None:
    """Draw the next key that signs the public trail; the one of now hands over to it."""
    following = draw_next_key(read_settings(instance_folder()).instance)
    click.echo(f"The next key is {following.public.hex()}.")
    click.echo(
        "From the next day's batch on it signs, and is published in the trail, signed "
        f"by the key of before, which signs beside it for {OVERLAP_DAYS} days and is "
        "deleted then."
    )


def _newest(session: Session) -> str:
    """Return the newest checkpoint in words, and which one a custodian cosigned last."""
    try:
        note = cosigned_note(session, newest_tree(session))
    except NoTrailYetError:
        return ""
    try:
        cosigned = (
            f"A custodian last cosigned that of {newest_cosigned_tree(session).day}."
        )
    except NoTrailYetError:
        cosigned = "No custodian has cosigned one yet: a round does."
    return f"The newest checkpoint:\n\n{note}\n{cosigned} {_KEEP}"


def _read(path: Path) -> Note:
    with path.open("rb") as opened:
        content = opened.read(LONGEST_NOTE + 1)
    try:
        note = Note.parse(content)
        Checkpoint.parse(note.text)
    except BrokenError:
        raise LurusError(f"{path} holds no checkpoint of a public trail.") from None
    return note
