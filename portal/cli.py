"""`lurus …`: what an operator does from the command line."""

import datetime as dt
import os
import sys
from pathlib import Path

import click

from portal import instance_folder, schema
from portal.database import open_database
from portal.demo import make_demo, print_logins, write_json
from portal.doctor import examine
from portal.errors import LurusError
from portal.handover import IMMEDIATE
from portal.installation import copy_database, make_installation
from portal.officers import has_nobody_enrolled, invite
from portal.settings import Settings, read_settings
from portal.tending import Tender

FIRST_OFFICER = "Petugas Integritas"

_HOST = "127.0.0.1"
_PORT = 8000
_THREADS = 32


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


@main.command()
def init() -> None:
    """Make the installation: settings, secret, database. Changes nothing there is."""
    settings = Settings(instance=instance_folder(), address=_local_address())
    made = make_installation(settings, dt.datetime.now(settings.zone).date())
    words = {"settings": made.settings, "secret": made.secret}
    names = [name for name, is_new in words.items() if is_new]
    names += ["database"] if made.database else []
    click.echo(f"{settings.instance}: made {', '.join(names) or 'nothing, all there'}.")


@main.command()
def serve() -> None:
    """Serve the portal; prints an invitation while no officer has a passphrase."""
    settings = read_settings(instance_folder())
    database = open_database(settings.instance)
    schema.check_schema(database.engine)
    if settings.demo:
        click.echo("A demo instance: large buckets, no minimum age of forms.")
    _print_hand_over(settings)
    with database.sessions() as session:
        if has_nobody_enrolled(session):
            _print_first_invitation(settings)
    database.engine.dispose()
    _run_server(settings)


@main.command()
def tend() -> None:
    """Do what is due; for a timer, beside what requests do themselves."""
    settings = read_settings(instance_folder())
    database = open_database(settings.instance)
    schema.check_schema(database.engine)
    with database.sessions() as session:
        done = Tender(settings.hand_over).tend(session, dt.datetime.now(settings.zone))
    click.echo(f"Done: {', '.join(done) or 'nothing was due'}.")


@main.command()
def doctor() -> None:
    """Look for what is wrong with the installation, and say what to do."""
    if _print_findings(instance_folder()):
        sys.exit(1)


@main.command()
def upgrade() -> None:
    """Copy the database, bring it to this version's schema, and examine it."""
    settings = read_settings(instance_folder())
    database = open_database(settings.instance)
    copy = copy_database(settings.instance, dt.datetime.now(settings.zone))
    click.echo(f"Copied the database to {copy}.")
    schema.migrate(database.engine)
    database.engine.dispose()
    # A journal that is left would be played back onto the copy.
    database_file = settings.instance / "lurus.sqlite3"
    click.echo("The schema is the newest. To go back, with the server stopped:")
    click.echo(f"rm -f {database_file}-wal {database_file}-shm")
    click.echo(f"cp {copy} {database_file}")
    _print_findings(settings.instance)


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
    made = make_demo(settings)
    if json_file:
        write_json(made, json_file)
        return
    print_logins(made)
    _run_server(settings)


@main.group()
def people() -> None:
    """Invite the people who work with the portal."""


@people.command("invite")
@click.argument("name")
@click.option("--position", default="", help="Shown to reporters.")
@click.option("--unit", default="", help="Shown to reporters.")
@click.option("--outside", is_flag=True, help="An officer of another agency.")
def people_invite(name: str, position: str, unit: str, outside: bool) -> None:
    """Print a one-time link with which NAME chooses a passphrase."""
    if not name.strip():
        raise click.UsageError("NAME is empty.")
    settings = read_settings(instance_folder())
    _print_invitation(settings, name, position, unit, is_outside=outside)


def _print_findings(instance: Path) -> bool:
    """Print what is wrong; return whether a fault is among it."""
    findings = examine(instance)
    for finding in findings:
        click.echo(f"{finding.gravity}: {finding.what}\n    {finding.remedy}")
    has_fault = any(finding.is_fault for finding in findings)
    if not has_fault:
        click.echo("No fault was found.")
    return has_fault


def _print_hand_over(settings: Settings) -> None:
    if settings.hand_over.are_immediate:
        click.echo("Officers see at once what comes in (hand_over_hours).")
    else:
        hours = ", ".join(settings.hand_over_hours)
        click.echo(f"Officers see what came in at {hours} (hand_over_hours).")


def _print_first_invitation(settings: Settings) -> None:
    click.echo("No officer has a passphrase yet. Open this link to become the first:")
    _print_invitation(settings, FIRST_OFFICER, "Petugas", settings.agency)


def _print_invitation(
    settings: Settings, name: str, position: str, unit: str, *, is_outside: bool = False
) -> None:
    database = open_database(settings.instance)
    schema.check_schema(database.engine)
    today = dt.datetime.now(settings.zone).date()
    with database.sessions() as session:
        token = invite(
            session,
            name,
            position=position,
            unit=unit,
            is_outside=is_outside,
            today=today,
        )
    database.engine.dispose()
    click.echo(f"{settings.address}/office/invite/{token}")


def _local_address() -> str:
    return f"http://{_host()}:{_port()}"


def _host() -> str:
    return os.environ.get("LURUS_HOST", _HOST)


def _port() -> int:
    port = os.environ.get("LURUS_PORT", str(_PORT))
    if not port.isdecimal():
        raise click.UsageError("LURUS_PORT is no number.")
    return int(port)


def _run_server(settings: Settings) -> None:
    """Become the server: granian, its workers made by `portal.create_app`."""
    workers = os.environ.setdefault("LURUS_WORKERS", "2")
    os.environ["LURUS_INSTANCE"] = str(settings.instance)
    arguments = [
        sys.executable,
        "-m",
        "granian",
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
    click.echo(f"Serving on {_local_address()}", err=True)
    sys.stdout.flush()
    # Our own interpreter, and no shell.
    os.execv(sys.executable, arguments)  # noqa: S606  # nosec B606


if __name__ == "__main__":
    main()
