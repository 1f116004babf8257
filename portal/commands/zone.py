"""`lurus zone import`: how many of each unit have signed the integrity pact."""

from pathlib import Path

import click

from portal import instance_folder
from portal.audit import OPERATOR
from portal.commands.instance import opened_database
from portal.commands.terminal import plain
from portal.pact import keep_counts, list_counts
from portal.pact_files import MOST_BYTES, read_counts
from portal.runtime import system_clock
from portal.settings_file import read_settings

_NOTHING_NEW = "The portal has these counts already: nothing to import."


@click.group()
def zone() -> None:
    """Import what the page of the Integrity Zone shows."""


@zone.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def zone_import(file: Path) -> None:
    """Import counts of the integrity pact from FILE, a CSV of unit, staff, signed."""
    settings = read_settings(instance_folder())
    with file.open("rb") as opened:
        # One byte more than is taken: it shows that there are too many.
        content = opened.read(MOST_BYTES + 1)
    units = read_counts(content)
    with opened_database(settings) as session:
        if list_counts(session).units == units:
            click.echo(_NOTHING_NEW)
            return
        today = system_clock(settings)().date()
        keep_counts(session, units, today, by=OPERATOR)
    for one in units:
        click.echo(plain(f"{one.unit}: {one.signed} of {one.staff}"))
    staff, signed = sum(one.staff for one in units), sum(one.signed for one in units)
    listed = "1 unit" if len(units) == 1 else f"{len(units)} units"
    click.echo(f"Imported: {listed}, {signed} of {staff} people have signed.")
