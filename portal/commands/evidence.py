"""`lurus evidence …`: what the portal knows for the evaluation sheet, on paper."""

from pathlib import Path

import click

from portal import instance_folder
from portal.commands.instance import opened_database
from portal.commands.new_file import new_file
from portal.commands.terminal import plain
from portal.evaluation_sheet import read_evaluation_sheet
from portal.runtime import system_clock
from portal.settings_file import read_settings
from portal.sheet_facts import read_facts, record_export
from portal.sheet_papers import draw_evidence
from portal.texts import LANGUAGES

_IN_THE_WAY = "{file} is there already: it is not replaced. Nothing was written."
_AFTERWARDS = """\
Read its first page: what is missing stands there first. It holds no report; the
register in it is as administrators wrote it. Attach the documents, and hand it over
to evaluators alone."""


@click.group()
def evidence() -> None:
    """Export evidence for the evaluation sheet."""


@evidence.command("export")
@click.argument("year", type=click.IntRange(2000, 9998))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--lang",
    "language",
    metavar="LANG",
    type=click.Choice(LANGUAGES),
    default="id",
    help="id or en, the language of the paper; Indonesian without it.",
)
def evidence_export(year: int, file: Path, language: str) -> None:
    """Write what is known of YEAR for evaluators to FILE, a PDF; no report is in it."""
    settings = read_settings(instance_folder())
    today = system_clock(settings)().date()
    sheet = read_evaluation_sheet()
    with opened_database(settings) as session:
        facts = read_facts(session, year, settings.terms, today)
        paper = draw_evidence(sheet, facts, settings.agency, language)
        with new_file(file, _IN_THE_WAY) as opened:
            # First: no paper lies about of which the record knows nothing.
            record_export(session, year, today)
            opened.write(paper)
    click.echo(f"Evidence of {year}: {plain(str(file))}")
    click.echo(_AFTERWARDS)
