"""`lurus custody …`: a custodians' round, held on a machine that is not the portal's."""

import datetime as dt
from pathlib import Path

import click

from crypto import RoundCounts
from portal import instance_folder
from portal.commands.instance import opened_database
from portal.commands.new_file import new_file
from portal.commands.terminal import ask_for_passphrase, plain
from portal.database import find_instance_id
from portal.errors import LurusError
from portal.objects import OBJECTS_FOLDER, ObjectStore
from portal.round_answers import take_answer
from portal.round_away import hold_away, read_export, unlock
from portal.round_exports import export_round, list_who_can
from portal.runtime import read_gate_secret, system_clock
from portal.settings_file import read_settings
from portal.shredding import Shredder

# Where a day begins first: a machine in any zone may be so far ahead.
_FIRST_ZONE = dt.timezone(dt.timedelta(hours=14))

_IN_THE_WAY = "There is a file {file} already; nothing is written over it."
_NOBODY = """\
No custodian can hold a round: nobody is one, or no officer has heard how the key ends."""
_JUMPED = """\
The clock has jumped: no round is begun until it is right, or an administrator confirms it
at /admin/clock."""
_WHOSE = "Whose round? Say --custodian NAME; there are {names}."
_CARRY = """\
Give it to {name}, and to nobody else: with the passphrase it opens whom entries name.
A round that {name} had begun on the portal is given up, and so is an older export.
Once the answer is back, delete both files wherever they are."""
_FOUND = """\
{waiting} wait, {by_date} have come to their day, {matched} name the same as others,
{ended} are over and are destroyed unread, {unanswered} were opened before and wait for an
officer, {unreadable} did not open to you."""
_BRING = """\
Bring it to the portal: `lurus custody import`. Then delete both files."""
_HELD = """\
Round {number} of {name} is held, as of {day}: what was to open is open, and what was over is gone."""
_LEFT = """\
Some of it had changed since the export and was left as it is, for the next round."""


@click.group()
def custody() -> None:
    """Carry a custodians' round to another machine, hold it there, bring it back."""


@custody.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--custodian", metavar="NAME", help="Whose round, where several can.")
def custody_export(file: Path, custodian: str | None) -> None:
    """Begin a round, and write all that its custodian needs to FILE."""
    settings = read_settings(instance_folder())
    secret = read_gate_secret(settings.instance)
    _refuse_existing(file)
    with opened_database(settings) as session:
        name = custodian or _only(list_who_can(session))
        instance = find_instance_id(session)
        today = system_clock(settings)().date()
        guard = settings.clock_guard
        if guard is not None and guard.find_jump(session, today):
            raise LurusError(_JUMPED)
        content = export_round(session, name, secret.key(instance), instance, today)
    with new_file(file, _IN_THE_WAY) as opened:
        opened.write(content)
    click.echo(f"Made {plain(str(file))}.")
    click.echo(_CARRY.format(name=plain(name)))


@custody.command("open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--answer", type=click.Path(path_type=Path), help="Where to; FILE.answer if not."
)
@click.option("--yes", is_flag=True, help="Do not ask before signing.")
def custody_open(file: Path, answer: Path | None, yes: bool) -> None:
    """Hold the round in FILE with the passphrase alone; write the answer."""
    written = answer or file.with_name(f"{file.name}.answer")
    _refuse_existing(written)
    export = read_export(file.read_bytes(), dt.datetime.now(_FIRST_ZONE).date())
    count = len(export.entries) + export.lacking
    click.echo(
        f"Round {export.number} of {plain(export.name)}, as of {export.day}: "
        f"{count} entries.",
        err=True,
    )
    identity = unlock(export, ask_for_passphrase("Passphrase"))
    held = hold_away(export, identity)
    click.echo(_in_words(held.counts))
    if not yes:
        click.confirm("Sign it, and write the answer?", abort=True, err=True)
    with new_file(written, _IN_THE_WAY) as opened:
        opened.write(held.answer)
    click.echo(f"Made {plain(str(written))}. {_BRING}")


@custody.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def custody_import(file: Path) -> None:
    """Do what the answer in FILE says, once, if its custodian signed it."""
    settings = read_settings(instance_folder())
    secret = read_gate_secret(settings.instance)
    shredder = Shredder(
        ObjectStore(settings.instance / OBJECTS_FOLDER), settings.instance
    )
    with opened_database(settings) as session:
        instance = find_instance_id(session)
        taken = take_answer(
            session,
            file.read_bytes(),
            gate=secret.key(instance),
            shredder=shredder,
            instance=instance,
            today=system_clock(settings)().date(),
        )
    line = taken.line
    name = plain(line.custodian)
    click.echo(_HELD.format(number=line.number, name=name, day=line.day))
    if taken.has_left:
        click.echo(_LEFT)


def _only(names: tuple[str, ...]) -> str:
    if not names:
        raise LurusError(_NOBODY)
    if len(names) > 1:
        raise click.UsageError(_WHOSE.format(names=plain(", ".join(names))))
    return names[0]


def _in_words(counts: RoundCounts) -> str:
    return _FOUND.format(
        waiting=counts.waiting,
        by_date=counts.by_date,
        matched=counts.matched,
        ended=counts.ended,
        unanswered=counts.unanswered,
        unreadable=counts.unreadable,
    )


def _refuse_existing(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise LurusError(_IN_THE_WAY.format(file=plain(str(file))))
