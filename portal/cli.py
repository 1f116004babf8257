"""`lurus …`: what an operator does from the command line."""

import datetime as dt
import errno
import os
import socket
import sys
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

import click

from crypto import GateSecret
from portal import forwarding, instance_folder, schema
from portal.audit import Entry, verify
from portal.commands.backup import backup, backup_key, restore_backup
from portal.commands.custody import custody
from portal.commands.evidence import evidence
from portal.commands.instance import opened_database
from portal.commands.ledger import ledger_key, verify_ledger
from portal.commands.people import link_of_invitation, people, time_to_use
from portal.commands.receipts import verify_receipt
from portal.commands.recovery import recover
from portal.commands.staff import staff
from portal.commands.terminal import (
    ask_for_paper,
    plain,
    print_findings,
    print_paper,
)
from portal.commands.vouchers import vouchers
from portal.commands.zone import zone
from portal.database import DATABASE_FILE, open_database
from portal.demo.demo import make_demo
from portal.demo.logins import print_logins, write_json
from portal.errors import LurusError, PortTakenError
from portal.handover import IMMEDIATE
from portal.installation import (
    do_what_is_due,
    keep_gate_secret,
    make_installation,
    upgrade_database,
)
from portal.logins import has_nobody_enrolled
from portal.round_lines import find_broken
from portal.runtime import GATE_FILE, read_gate_secret, system_clock
from portal.settings import LOOPBACK, Settings
from portal.settings_file import read_settings

FIRST_OFFICER = "Petugas Integritas"

_HOST = "127.0.0.1"
_PORT = 8000
_THREADS = 44
"""For 24 texts, 8 forms with files and 4 refused ones on their way; the rest: pages."""
_FOR_PAPER = """\
Copy this on paper now; it is not shown again. It is the secret of the gate: with it
the portal puts a case before a custodian when a deadline was missed, its reporter
objects or no officer is left. No backup holds it, and a restore asks for it. Alone it
opens nothing. Keep it apart from the backups, and never with a custodian. The last
group checks the others."""
_UNSEEN = """\
An end that was cut off cannot be seen from within, nor a record that was made anew
from some entry on. Note the line above elsewhere: it must still hold next time."""

_AND_AN_ADMINISTRATOR = """\
Officers open cases. Who keeps accounts under /admin/ and opens none is invited with
`lurus people invite NAME --administrator`."""


class _Group(click.Group):
    """Commands that end with one clear sentence when something is refused."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except LurusError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            sentence = f"{error.filename}: {error.strerror}."
            raise click.ClickException(sentence) from None


@click.group(cls=_Group)
def main() -> None:
    """Lurus: a whistleblowing portal for public agencies."""


main.add_command(people)
main.add_command(recover)
main.add_command(backup_key)
main.add_command(custody)
main.add_command(backup)
main.add_command(restore_backup)
main.add_command(staff)
main.add_command(vouchers)
main.add_command(evidence)
main.add_command(zone)
main.add_command(verify_ledger)
main.add_command(ledger_key)
main.add_command(verify_receipt)


@main.command()
@click.option("--gate-from-paper", is_flag=True, help="Type the gate's secret in.")
def init(gate_from_paper: bool) -> None:
    """Make the installation: settings, secrets, database. Changes nothing there is."""
    settings = Settings(instance=instance_folder(), address=_local_address())
    if gate_from_paper:
        _take_gate_from_paper(settings.instance)
    made = make_installation(settings, dt.datetime.now(settings.zone).date())
    words = {"settings": made.settings, "secret": made.secret, "gate": made.gate}
    words["ledger key"] = made.ledger_key
    names = [name for name, is_new in words.items() if is_new]
    names += ["database"] if made.database else []
    click.echo(f"{settings.instance}: made {', '.join(names) or 'nothing, all there'}.")
    if made.gate:
        _print_gate_secret(settings.instance)


@main.command()
def serve() -> None:
    """Serve the portal; prints an invitation while no officer has a passphrase."""
    settings = read_settings(instance_folder())
    database = open_database(settings.instance)
    schema.check_schema(database.engine)
    _claim_port()
    if settings.demo:
        click.echo("A demo instance: large buckets, no minimum age of forms.")
    _print_hand_over(settings)
    with database.sessions() as session:
        if has_nobody_enrolled(session):
            _print_first_invitation(settings)
    database.engine.dispose()
    forwarding.forget(settings.instance)
    _tell_where(settings)
    _run_server(settings)


@main.command()
def tend() -> None:
    """Do what is due; for a timer, beside what requests do themselves."""
    settings = read_settings(instance_folder())
    courier = settings.courier
    done = do_what_is_due(settings, system_clock(settings)(), courier)
    if courier:
        courier.wait()
    click.echo(f"Done: {', '.join(done) or 'nothing was due'}.")


@main.command()
def doctor() -> None:
    """Look for what is wrong with the installation, and say what to do."""
    if print_findings(instance_folder()):
        sys.exit(1)


@main.command()
def upgrade() -> None:
    """Copy the database, bring it to this version's schema, and examine it."""
    settings = read_settings(instance_folder())
    had_gate = (settings.instance / GATE_FILE).exists()
    copy = upgrade_database(settings.instance, dt.datetime.now(settings.zone))
    database = quote(str(settings.instance / DATABASE_FILE))
    click.echo(f"Copied the database to {copy}.")
    click.echo("The schema is the newest. To go back, with the server stopped:")
    # A journal that is left would be played back onto the copy.
    click.echo(f"rm -f {database}-wal {database}-shm")
    click.echo(f"cp {quote(str(copy))} {database}")
    click.echo("and start the version that you came from.")
    make_installation(settings, dt.datetime.now(settings.zone).date())
    if not had_gate:
        _print_gate_secret(settings.instance)
    print_findings(settings.instance)


@main.command()
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write names, secrets and codes to this file, and exit.",
)
def demo(json_file: Path | None) -> None:
    """Make a throw-away instance with people and cases in every status."""
    settings = Settings(
        instance=instance_folder(),
        address=_local_address(),
        hand_over_hours=(IMMEDIATE,),
        form_minimum_age_seconds=0,
        reports_per_hour=1_000_000,
        messages_per_hour=1_000_000,
        logins_per_minute=10_000,
        attempts_per_hour=10_000,
        requests_per_second=100_000,
        head_name="Sutrisno Hadi",
        head_position="Kepala Badan",
        demo=True,
    )
    if not json_file:
        _claim_port()
    made = make_demo(settings)
    if json_file:
        write_json(made, json_file)
        return
    print_logins(made)
    _tell_where(settings)
    _run_server(settings)


@main.command("verify-audit")
def verify_audit() -> None:
    """Name the first entry, or round, of the audit record that does not hold."""
    with opened_database(read_settings(instance_folder())) as session:
        verdict, rounds = verify(session), find_broken(session)
    if verdict.broken:
        raise click.ClickException(
            f"{_about(verdict.broken)} does not hold: it was changed or put there, or "
            "what stood before it is gone. Keep the file, compare it with a backup."
        )
    if rounds:
        raise click.ClickException(
            f"The line of round {rounds[0]} does not hold: it was changed, or is not "
            "the one that the record knows. Keep the file, compare it with a backup."
        )
    click.echo(f"{verdict.count} entries, and all hold.")
    if verdict.last:
        click.echo(f"The last: {_about(verdict.last)}, {verdict.last.link.hex()}")
        click.echo(_UNSEEN)


def _take_gate_from_paper(instance: Path) -> None:
    """Ask for the gate's secret where it is missing; what is typed does not show."""
    if (instance / GATE_FILE).exists():
        raise LurusError(f"{instance / GATE_FILE} is there already.")
    secret = ask_for_paper("The gate's secret, as on paper", GateSecret.parse)
    keep_gate_secret(instance, secret)
    click.echo("The secret of the gate is there again.")


def _print_gate_secret(instance: Path) -> None:
    """Show what belongs on paper, once: no backup of the database holds it."""
    click.echo(_FOR_PAPER)
    print_paper(read_gate_secret(instance).reveal())


def _print_hand_over(settings: Settings) -> None:
    if settings.hand_over.are_immediate:
        click.echo("Officers see at once what comes in (hand_over_hours).")
    else:
        hours = ", ".join(settings.hand_over_hours)
        click.echo(f"Officers see what came in at {hours} (hand_over_hours).")


def _print_first_invitation(settings: Settings) -> None:
    link = link_of_invitation(settings, FIRST_OFFICER, "Petugas", settings.agency)
    click.echo("No officer has a passphrase yet. Open this link to become the first;")
    click.echo(f"it works once, {time_to_use(settings)}:")
    is_here = urlsplit(settings.address).hostname in LOOPBACK
    click.echo(f"{_local_address() if is_here else settings.address}{link}")
    click.echo(_AND_AN_ADMINISTRATOR)


def _about(entry: Entry) -> str:
    about = f"{entry.actor or 'command line'}, {entry.act} {entry.concerns or ''}"
    return plain(f"Entry {entry.number} ({entry.day}, {about.rstrip()})")


def _tell_where(settings: Settings) -> None:
    """Say where it is served and under which names, so that nobody searches."""
    click.echo(f"Serving on {_local_address()}", err=True)
    click.echo(f"Hosts that are answered: {', '.join(settings.hosts)}", err=True)
    parts = urlsplit(settings.address)
    if parts.hostname in LOOPBACK and (parts.port or 80) != _port():
        click.echo(
            f"Links lead to {settings.address}, which is another port: correct "
            "`address` in settings.toml, or set LURUS_PORT.",
            err=True,
        )
    click.echo(
        f"{_THREADS} threads a worker are meant, so that slow clients block nobody; "
        "the server's own warning about them can be left aside.",
        err=True,
    )


def _local_address() -> str:
    """Return where this machine reaches the portal."""
    # To listen on every address is no address to go to.
    host = "127.0.0.1" if _host() in {"0.0.0.0", "::"} else _host()  # noqa: S104  # nosec B104
    return f"http://[{host}]:{_port()}" if ":" in host else f"http://{host}:{_port()}"


def _host() -> str:
    return os.environ.get("LURUS_HOST", _HOST)


def _port() -> int:
    port = os.environ.get("LURUS_PORT", str(_PORT))
    if not port.isdecimal():
        raise click.UsageError("LURUS_PORT is no number.")
    return int(port)


def _claim_port() -> None:
    """Refuse a port that is taken: workers share theirs, with another portal's too.

    Raises:
        PortTakenError: reports would land in either of the two.
    """
    family = socket.AF_INET6 if ":" in _host() else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do: who has just ended need not be waited for.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), _port()))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTakenError(
                f"Port {_port()} is in use already. Stop what runs there, or set "
                "LURUS_PORT to another."
            ) from None


def _run_server(settings: Settings) -> None:
    """Become the server, its workers made by `portal.create_app`."""
    workers = os.environ.setdefault("LURUS_WORKERS", "2")
    # glibc would give every thread a heap of its own, and seldom give one back.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ["LURUS_INSTANCE"] = str(settings.instance)
    arguments = [
        sys.executable,
        "-m",
        "portal.serving",
        "portal:create_app",
        "--factory",
        *("--interface", "wsgi"),
        *("--host", _host()),
        *("--port", str(_port())),
        *("--workers", workers),
        *("--blocking-threads", str(_THREADS)),
        *("--backpressure", "1024"),
        *("--http", "1"),
        "--no-ws",
        "--respawn-failed-workers",
        # A worker that was respawned does not hear a gentle end.
        *("--workers-kill-timeout", "5"),
        *("--log-level", "warning"),
    ]
    sys.stdout.flush()
    # Our own interpreter, and no shell.
    os.execv(sys.executable, arguments)  # noqa: S606  # nosec B606


if __name__ == "__main__":
    main()
