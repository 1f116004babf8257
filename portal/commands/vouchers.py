"""`lurus vouchers …`: paper slips are printed on sheets, listed and voided."""

import datetime as dt
from pathlib import Path

import click

from portal import instance_folder
from portal.commands.instance import opened_database
from portal.commands.new_file import new_file
from portal.commands.terminal import plain, progress_bar
from portal.errors import LurusError
from portal.runtime import system_clock
from portal.settings import Settings
from portal.settings_file import read_settings
from portal.slip_sheets import draw_sheets, sheet_count
from portal.vouchers import (
    MOST_SLIPS,
    Printed,
    list_batches,
    print_slips,
    void_batch,
)

_IN_THE_WAY = "{file} is there already: sheets replace no file. Nothing was printed."
_AFTER_PRINTING = """\
Print the sheets, cut them, mix the slips, and let everybody draw one from a box
unseen: nobody notes who has which. Then delete the file; who keeps it can tell later
which slips were used. If a sheet is lost: `lurus vouchers void {batch}`."""
_NONE = "No slip is good at the moment: `lurus vouchers print N`."


@click.group()
def vouchers() -> None:
    """Print, list and void paper slips."""


@vouchers.command("print")
@click.argument("n", type=click.IntRange(1, MOST_SLIPS))
@click.option(
    "--to",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Not slips-BATCH.pdf in this folder.",
)
def vouchers_print(n: int, to: Path | None) -> None:
    """Make N slips and write them on A4 sheets, to be printed and cut."""
    settings = read_settings(instance_folder())
    if to and to.exists():
        raise LurusError(_IN_THE_WAY.format(file=plain(str(to))))
    with opened_database(settings) as session:
        today = _today(settings)
        printed = print_slips(session, n, today)
        file = to or Path(f"slips-{printed.batch}.pdf")
        try:
            _write(file, printed, settings)
        except BaseException:
            # Nobody holds them on paper, or half a sheet of them lies about.
            void_batch(session, printed.batch, today)
            raise
    sheets = sheet_count(n)
    click.echo(
        f"Batch {printed.batch}: {n} slips on {sheets} sheets, {plain(str(file))}"
    )
    click.echo(_AFTER_PRINTING.format(batch=printed.batch))


@vouchers.command("list")
def vouchers_list() -> None:
    """List batches of slips that are still good, each by whole sheets."""
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        batches = list_batches(session)
    for batch in batches:
        click.echo(f"{batch.name}: at most {batch.at_most} left")
    if not batches:
        click.echo(_NONE)


@vouchers.command("void")
@click.argument("batch")
@click.option("--yes", is_flag=True, help="Do not ask.")
def vouchers_void(batch: str, yes: bool) -> None:
    """Let no slip of BATCH be good any more."""
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        if not yes:
            question = f"Void all slips of batch {plain(batch)}? It is for good."
            click.confirm(question, abort=True, err=True)
        name = void_batch(session, batch, _today(settings))
    click.echo(
        f"No slip of batch {name} is good any more. Who holds one needs another."
    )


def _write(file: Path, printed: Printed, settings: Settings) -> None:
    """Write the sheets to a file of their own, for its owner alone.

    Raises:
        LurusError: there is such a file.
    """
    with (
        new_file(file, _IN_THE_WAY) as opened,
        progress_bar(sheet_count(len(printed.slips))) as progress,
    ):
        today = _today(settings)
        opened.write(draw_sheets(printed, settings.address, today, progress))


def _today(settings: Settings) -> dt.date:
    return system_clock(settings)().date()
