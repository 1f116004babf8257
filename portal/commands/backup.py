"""`lurus backup-key`, `lurus backup`, `lurus restore`."""

import datetime as dt
import secrets
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from shlex import quote

import click

from crypto import GateSecret, Identity, base32, parse_backup_key, write_backup_key
from portal import destroyed, instance_folder
from portal.backup_files import Header, read_header
from portal.backups import (
    back_up,
    keep_backup_recipient,
    note_rehearsal,
    read_status,
    total_size,
)
from portal.commands.instance import opened_database
from portal.commands.terminal import (
    WIPE,
    ask_for_paper,
    plain,
    print_findings,
    print_paper,
    progress_bar,
)
from portal.database import DATABASE_FILE, find_instance_id
from portal.errors import LurusError, NoListError, RestoreError, SettingsError
from portal.installation import do_what_is_due
from portal.restores import Papers, check_empty, rehearsed, restore
from portal.runtime import read_gate_secret
from portal.settings_file import read_settings

_GROUPS_ASKED = 2
_READ_TWICE = 2  # a restore reads the file to judge it, and to write it

_FOR_PAPER = """\
Copy this on paper now; it is not shown again, and nothing keeps it. It is the backup
key: with it, and with the paper of the gate's secret, a backup is restored, and without it
none can be opened by anybody. Keep it in the agency's safe, not with the backups, and
never with a custodian. The last group checks the others."""
_OF_BEFORE = """\
Backups from before open with the paper of {made_on} alone: keep that one until they are
deleted."""
_KEY_IS_THERE = """\
There is a backup key, made on {made_on}. `lurus backup-key --replace` makes another for
backups to come."""
_WITHOUT_LIST = """\
Cases that were destroyed after {day} would be there again. Give the list of them with \
--destroyed LIST: destroyed.txt of the lost installation, or the newest that lies beside \
a backup. If there is none, say so with --without-list."""
_NEXT = """\
What is as it was on {day}, and perhaps should not be: people who retired since, readers who
were recused since, passphrases and keys that were changed since. Do that again before
anybody reports: `lurus people list`, `lurus people retire NAME`. Open links to join are void:
invite once more. What was handed in since is gone, and its codes open nothing: say so.
Forms that were open are asked again, and all sessions have ended."""
_BOTH_PAPERS = "A rehearsal tries both papers: --new-gate is for a restore alone."
_CONFLICTS = """\
Conflicts that officers had declared were locked under a secret that no backup holds:
each is asked anew at the next log-in. Until then nobody is shut out by them."""
_SLIPS = """\
No paper slip is good any more: which were used since, nothing tells. Say so, and hand out
new ones: `lurus vouchers print N`."""
_NEW_GATE = """\
Without the paper of the gate nothing proves that the portal itself made this backup: be sure
where it lay, and look through `lurus people list` before anybody reports.
The secret of the gate is a new one. Copy it on paper now; it is not shown again. Each case
is behind it from the next time on that one of its officers opens it."""


@click.command("backup-key")
@click.option(
    "--replace", is_flag=True, help="Make another in place of the one before."
)
def backup_key(replace: bool) -> None:
    """Print the key that opens backups, once, for one paper; keep its public half."""
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        before = read_status(session)
        if before.fingerprint and not replace:
            raise LurusError(_KEY_IS_THERE.format(made_on=before.key_made_on))
        identity, today = Identity.generate(), _today(settings.zone)
        _show(write_backup_key(identity))
        keep_backup_recipient(session, identity.recipient, today)
    click.echo("Write on the paper: " + plain(settings.portal_name) + f", {today},")
    click.echo(f"backup key {identity.recipient.fingerprint()}")
    if before.fingerprint:
        click.echo(_OF_BEFORE.format(made_on=before.key_made_on))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a sealed backup to FILE, also while the portal is served."""
    settings = read_settings(instance_folder())
    gate = read_gate_secret(settings.instance)
    size = total_size(settings.instance)
    with opened_database(settings) as session, progress_bar(size) as progress:
        made = back_up(
            session,
            settings.instance,
            file,
            gate,
            keep_days=settings.backup_keep_days,
            today=_today(settings.zone),
            progress=progress,
        )
    click.echo(f"Made {plain(str(file))}: it opens with the backup key on paper alone.")
    click.echo("A restore asks for the paper of the gate's secret too.")
    if made.missing_count:
        click.echo(
            f"{made.missing_count} files that cases name are missing in this "
            "installation, and so in the backup.",
            err=True,
        )
    for older in made.older:
        click.echo(
            f"Older than {settings.backup_keep_days} days, and promised to be gone: "
            f"rm {quote(str(older))}"
        )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rehearse", is_flag=True, help="Try it in a folder that is removed.")
@click.option(
    "--destroyed",
    "listed",
    metavar="LIST",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What was destroyed since: destroyed.txt.",
)
@click.option("--without-list", is_flag=True, help="There is no such list.")
@click.option("--new-gate", is_flag=True, help="There is no paper of the gate.")
def restore_backup(
    file: Path,
    rehearse: bool,
    listed: Path | None,
    without_list: bool,
    new_gate: bool,
) -> None:
    """Make an installation in an empty folder from the backup FILE."""
    if rehearse and new_gate:
        raise click.UsageError(_BOTH_PAPERS)
    header = read_header(file)
    if rehearse:
        _rehearse(file, header, _ask_for_papers(new_gate=False))
        return
    check_empty(instance_folder())
    if not (listed or without_list):
        raise NoListError(_WITHOUT_LIST.format(day=header.day))
    gone = destroyed.read(listed) if listed else frozenset()
    _restore(file, gone, _ask_for_papers(new_gate=new_gate))


def _restore(file: Path, gone: frozenset[bytes], papers: Papers) -> None:
    instance, now = instance_folder(), dt.datetime.now(dt.UTC)
    with _progress(file) as progress:
        restored = restore(file, instance, papers, now, gone=gone, progress=progress)
    click.echo(f"Restored the backup of {restored.day} into {plain(str(instance))}.")
    for gap in restored.gaps:
        click.echo(gap, err=True)
    try:
        settings = read_settings(instance)
        do_what_is_due(settings, now.astimezone(settings.zone))
    except SettingsError:
        click.echo("Due work waits: the settings are of another version.", err=True)
    print_findings(instance)
    click.echo(_NEXT.format(day=restored.day))
    if restored.had_conflicts:
        click.echo(_CONFLICTS)
    if restored.had_slips:
        click.echo(_SLIPS)
    if papers.gate is None:
        click.echo(_NEW_GATE)
        print_paper(read_gate_secret(instance).reveal())


def _rehearse(file: Path, header: Header, papers: Papers) -> None:
    instance, now = instance_folder(), dt.datetime.now(dt.UTC)
    has_one = (instance / DATABASE_FILE).exists()
    with tempfile.TemporaryDirectory() as elsewhere, _progress(file) as progress:
        where = instance if has_one else Path(elsewhere)
        with rehearsed(file, where, papers, now, progress) as (folder, restored):
            click.echo("Restored for a moment; `lurus doctor` says of it:")
            print_findings(folder)
    if restored.gaps:
        raise RestoreError(" ".join(restored.gaps))
    click.echo(f"The backup of {restored.day} is whole, and these papers restore it.")
    if has_one:
        _note_rehearsal(header)


def _note_rehearsal(header: Header) -> None:
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        if find_instance_id(session) != header.instance:
            click.echo("It is another installation's: nothing is noted here.", err=True)
            return
        note_rehearsal(session, _today(settings.zone))


def _ask_for_papers(*, new_gate: bool) -> Papers:
    key = ask_for_paper("The backup key, as on paper", parse_backup_key)
    if new_gate:
        return Papers(key, None)
    return Papers(
        key, ask_for_paper("The gate's secret, as on paper", GateSecret.parse)
    )


def _progress(file: Path) -> AbstractContextManager[Callable[[int], None]]:
    return progress_bar(_READ_TWICE * file.stat().st_size)


def _show(paper: str) -> None:
    """Show a paper; where somebody sits at a terminal, until two groups come back."""
    click.echo(_FOR_PAPER)
    if not sys.stdin.isatty():
        print_paper(paper)
        return
    while True:
        print_paper(paper)
        click.prompt("Written down? Press Enter", default="", show_default=False)
        click.echo(WIPE, nl=False)
        if _is_written_down(paper.split("-")):
            return
        click.echo("That is not what stands there. It is shown again: please compare.")


def _is_written_down(groups: list[str]) -> bool:
    drawn = secrets.SystemRandom().sample(range(len(groups)), _GROUPS_ASKED)
    typed = [click.prompt(f"Group {place + 1}") for place in sorted(drawn)]
    right = [groups[place] for place in sorted(drawn)]
    return [base32.normalise(group) for group in typed] == right


def _today(zone: dt.tzinfo) -> dt.date:
    return dt.datetime.now(zone).date()
