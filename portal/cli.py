"""`lurus …`: what an operator does from the command line."""

import datetime as dt
import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

import click
from sqlalchemy.orm import Session

from portal import forwarding, instance_folder, schema
from portal.audit import Entry, verify
from portal.database import DATABASE_FILE, open_database, shrink_journal
from portal.demo import make_demo, print_logins, write_json
from portal.doctor import examine
from portal.errors import LurusError, PortTakenError
from portal.handover import IMMEDIATE
from portal.installation import make_installation, upgrade_database
from portal.officers import INVITATION_DAYS, has_nobody_enrolled, invite
from portal.people import Person, PersonState, find_person, list_people, retire
from portal.settings import LOOPBACK, Settings, read_settings
from portal.tending import Tender

FIRST_OFFICER = "Petugas Integritas"

_HOST = "127.0.0.1"
_PORT = 8000
_THREADS = 32
_UNSEEN = """\
An end that was cut off cannot be seen from within, nor a record that was made anew
from some entry on. Note the line above elsewhere: it must still hold next time."""
_BEFORE_RETIRING = """\
The portal cannot know which cases only this officer can read: that is sealed.
Let the officer go through the own list first, and answer or close what colleagues
do not see in theirs. Retiring cannot be taken back."""


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
    database = open_database(settings.instance)
    schema.check_schema(database.engine)
    with database.sessions() as session:
        done = Tender(settings.hand_over).tend(session, dt.datetime.now(settings.zone))
        shrink_journal(session)
    database.engine.dispose()
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
    copy = upgrade_database(settings.instance, dt.datetime.now(settings.zone))
    database = quote(str(settings.instance / DATABASE_FILE))
    click.echo(f"Copied the database to {copy}.")
    click.echo("The schema is the newest. To go back, with the server stopped:")
    # A journal that is left would be played back onto the copy.
    click.echo(f"rm -f {database}-wal {database}-shm")
    click.echo(f"cp {quote(str(copy))} {database}")
    click.echo("and start the version that you came from.")
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
    """Name the first entry of the audit record that does not hold."""
    with _database(read_settings(instance_folder())) as session:
        verdict = verify(session)
    if verdict.broken:
        raise click.ClickException(
            f"{_about(verdict.broken)} does not hold: it was changed or put there, or "
            "what stood before it is gone. Keep the file, compare it with a backup."
        )
    click.echo(f"{verdict.count} entries, and all hold.")
    if verdict.last:
        click.echo(f"The last: {_about(verdict.last)}, {verdict.last.link.hex()}")
        click.echo(_UNSEEN)


@main.group()
def people() -> None:
    """Invite, list and retire the people who work with the portal."""


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
    link = _invite(settings, name, position, unit, is_outside=outside)
    side = "an officer of another agency" if outside else "an officer of the agency"
    click.echo(
        f"An invitation for {name}, {side}. It works once, {_time_to_use(settings)}. "
        "Hand it over in person: whoever opens it first becomes this officer.",
        err=True,
    )
    click.echo(f"{settings.address}{link}")


@people.command("list")
def people_list() -> None:
    """List everybody there is and was, with the fingerprints that /keys shows."""
    settings = read_settings(instance_folder())
    with _database(settings) as session:
        everybody = list_people(session)
    for person in everybody:
        click.echo("\n    ".join(_lines_about(person)))
    if not everybody:
        click.echo("Nobody yet: `lurus people invite NAME`.")


@people.command("retire")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def people_retire(name: str, yes: bool) -> None:
    """Let NAME leave: sessions end at once, and nothing more is sealed to NAME."""
    settings = read_settings(instance_folder())
    with _database(settings) as session:
        person = find_person(session, name)
        if not yes:
            click.echo(_BEFORE_RETIRING, err=True)
            click.confirm(f"Retire {_plain(person.name)}?", abort=True, err=True)
        retire(session, name, _today(settings))
    click.echo(
        f"{_plain(person.name)} has retired: not let in, and no longer offered to "
        "reporters. /keys shows it; print the poster anew."
    )


def _print_findings(instance: Path) -> bool:
    """Print what is wrong; return whether a fault is among it."""
    findings = examine(instance, dt.datetime.now(dt.UTC))
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
    link = _invite(settings, FIRST_OFFICER, "Petugas", settings.agency)
    click.echo("No officer has a passphrase yet. Open this link to become the first;")
    click.echo(f"it works once, {_time_to_use(settings)}:")
    is_here = urlsplit(settings.address).hostname in LOOPBACK
    click.echo(f"{_local_address() if is_here else settings.address}{link}")


@contextmanager
def _database(settings: Settings) -> Iterator[Session]:
    """Open the installation's database for one command."""
    database = open_database(settings.instance)
    try:
        schema.check_schema(database.engine)
        with database.sessions() as session:
            yield session
    finally:
        database.engine.dispose()


def _about(entry: Entry) -> str:
    return _plain(f"Entry {entry.number} ({entry.day}, {entry.actor}, {entry.act})")


def _lines_about(person: Person) -> Iterator[str]:
    yield _plain(person.name)
    facts = [person.position, person.unit, "outside" if person.is_outside else ""]
    yield _plain(" · ".join(filter(None, facts))) or "no position, no unit"
    match person.state:
        case PersonState.INVITED:
            yield f"invited on {person.added_on}, until {person.invited_until}"
        case PersonState.ENROLLED:
            yield f"enrolled since {person.added_on}"
        case PersonState.RETIRED:
            yield f"retired on {person.retired_on}, added on {person.added_on}"
    if person.fingerprint:
        yield person.fingerprint


def _plain(text: str) -> str:
    """Return a text that people chose without what would steer the terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _invite(
    settings: Settings, name: str, position: str, unit: str, *, is_outside: bool = False
) -> str:
    """Make an invitation; return the path of its page."""
    with _database(settings) as session:
        token = invite(
            session,
            name,
            position=position,
            unit=unit,
            is_outside=is_outside,
            today=_today(settings),
        )
    return f"/office/invite/{token}"


def _time_to_use(settings: Settings) -> str:
    last_day = _today(settings) + dt.timedelta(days=INVITATION_DAYS)
    return f"until {last_day} at the latest"


def _today(settings: Settings) -> dt.date:
    return dt.datetime.now(settings.zone).date()


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
    """Become the server: granian, its workers made by `portal.create_app`."""
    workers = os.environ.setdefault("LURUS_WORKERS", "2")
    # glibc would give every thread a heap of its own, and seldom give one back.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
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
    sys.stdout.flush()
    # Our own interpreter, and no shell.
    os.execv(sys.executable, arguments)  # noqa: S606  # nosec B606


if __name__ == "__main__":
    main()
