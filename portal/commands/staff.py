"""`lurus staff import`: the agency's own list, shown before it counts."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from portal import instance_folder
from portal.commands.instance import opened_database
from portal.commands.terminal import plain
from portal.errors import LurusError
from portal.runtime import system_clock
from portal.settings_file import read_settings
from portal.staff import Change, Differences, Member, compare, import_list
from portal.staff_files import MOST_BYTES, read_list

_MOST_LINES = 40
"""So many of each kind are shown on a terminal; elsewhere, all."""

_NOTHING_NEW = "The list says what the portal knows already: nothing to import."
_SAY_YES = "Nothing was imported yet. To import what stands above, add --yes."
_OF_THE_REMOVED = """\
Who is removed is found no more; what was written about them stays."""


@click.group()
def staff() -> None:
    """Import the list of staff, in which reporters find whom they mean."""


@staff.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def staff_import(file: Path, yes: bool) -> None:
    """Show what FILE, a CSV of number, name, position, unit, changes; then import it."""
    settings = read_settings(instance_folder())
    with file.open("rb") as opened:
        # One byte more than is taken: it shows that there are too many.
        content = opened.read(MOST_BYTES + 1)
    listed = read_list(content, settings.staff_number_digits)
    with opened_database(settings) as session:
        changes = compare(session, listed)
        if changes.are_none:
            click.echo(_NOTHING_NEW)
            return
        for line in _lines(changes):
            click.echo(plain(line))
        if not yes:
            _ask()
        today = system_clock(settings)().date()
        import_list(session, listed, changes, today)
    click.echo(f"Imported: {len(listed)} people are on the list.")


def _ask() -> None:
    if not sys.stdin.isatty():
        raise LurusError(_SAY_YES)
    click.confirm("Import this?", abort=True, err=True)


def _lines(changes: Differences) -> Iterator[str]:
    """Yield all that is different, the counts at the end, where they are seen."""
    yield from _cut([f"+ {_line(one)}" for one in changes.added])
    yield from _cut([f"~ {_change(one)}" for one in changes.changed])
    yield from _cut([f"- {_line(one)}" for one in changes.removed])
    yield (
        f"Added: {len(changes.added)}. Changed: {len(changes.changed)}. "
        f"Removed: {len(changes.removed)}."
    )
    if changes.removed:
        yield _OF_THE_REMOVED


def _cut(lines: Sequence[str]) -> Iterator[str]:
    most = _MOST_LINES if sys.stdout.isatty() else len(lines)
    yield from lines[:most]
    if len(lines) > most:
        yield f"  and {len(lines) - most} more like this"


def _line(member: Member) -> str:
    return f"{member.number} {member.name}; {member.position}; {member.unit}"


def _change(change: Change) -> str:
    before, after = change.before, change.after
    pairs = (
        (before.name, after.name),
        (before.position, after.position),
        (before.unit, after.unit),
    )
    told = "; ".join(old if old == new else f"{old} -> {new}" for old, new in pairs)
    return f"{before.number} {told}"
