"""What is wrong with an installation, and what to do about it.

It looks at files and rows of this machine alone and asks no network. Nothing is
changed; docs/operating.md has the table of all findings.
"""

import datetime as dt
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from crypto.gate_secret import GATE_SECRET_SIZE
from portal import forwarding, notices, schema
from portal.audit import verify
from portal.backup_findings import find_in_backups, find_left
from portal.backups import BACKUP_FOLDERS_FILE
from portal.cleaning.cleaner import probe
from portal.cleaning.confinement import Guard
from portal.cleaning.media import is_ffmpeg_there
from portal.clock_guard import ClockGuard
from portal.custody_findings import find_in_custody
from portal.database import DATABASE_FILE, open_database
from portal.destroyed import DESTROYED_FILE
from portal.errors import (
    NewerSchemaError,
    OlderSchemaError,
    SettingsError,
    StoreUnavailableError,
)
from portal.figure_findings import find_in_figures
from portal.findings import Finding, advice, fault, shell
from portal.installation import newest_day
from portal.ledger_findings import find_in_key, find_in_trail
from portal.ledger_keys import LEDGER_KEY_FILE
from portal.recovery import read_status
from portal.roster import list_officers
from portal.round_findings import find_in_rounds
from portal.runtime import GATE_FILE, SECRET_FILE, SECRET_SIZE
from portal.settings import Settings, may_be_plain
from portal.settings_file import SETTINGS_FILE, read_settings
from portal.working_days import HOLIDAYS_AHEAD, WorkingDays

LEAST_FREE_BYTES = 2 * 1024**3
FEWEST_OFFICERS = 2
LARGEST_JOURNAL_BYTES = 64 * 1024**2
OLDEST_JOURNAL = dt.timedelta(days=7)
OLDEST_COPY = dt.timedelta(days=30)
LARGEST_SLIP_OF_THE_CLOCK = dt.timedelta(hours=1)

_MIB = 1024**2
_JOURNAL_FILE = f"{DATABASE_FILE}-wal"


def examine(instance: Path, now: dt.datetime) -> tuple[Finding, ...]:
    """Return everything that is found, faults first; *now* is aware."""
    try:
        settings = read_settings(instance)
        findings = [*_settings(settings), *_mail(settings)]
        today = now.astimezone(settings.zone).date()
        findings += find_left(instance, today, settings.backup_keep_days)
        findings += _holidays(settings.working_days, today)
        every_days, guard = settings.round_every_days, settings.clock_guard
    except SettingsError as error:
        findings = [*_slips(instance / SETTINGS_FILE, error)]
        # The time zone is not known: the latest day it may be.
        today = (now + dt.timedelta(days=1)).date()
        every_days, guard = Settings.round_every_days, None
    findings += _programs()
    if instance.is_dir():
        # The journal first: to open the database may write it back.
        findings += [*_files(instance), *_journal(instance, now)]
        findings += [*_disk(instance), *_copies(instance, now), *_proxy(instance)]
        findings += [*_secret(instance), *_gate(instance), *find_in_key(instance)]
        findings += [*_database(instance, now, today, every_days, guard)]
    return tuple(sorted(findings, key=lambda finding: not finding.is_fault))


def _slips(path: Path, error: SettingsError) -> Iterator[Finding]:
    remedy = f"Correct {path}." if path.exists() else "Run `lurus init`."
    yield from (fault(slip, remedy) for slip in error.slips)


def _settings(settings: Settings) -> Iterator[Finding]:
    yield from _addresses(settings)
    if settings.demo:
        yield fault(
            "This is a demo instance.", "Never let people report here in earnest."
        )
    elif settings.hand_over.are_immediate:
        yield advice(
            "Officers see at once what comes in, and so at what hour.",
            'Write hours: `hand_over_hours = ["08:00", "13:00"]` in settings.toml.',
        )


def _addresses(settings: Settings) -> Iterator[Finding]:
    for address in (settings.address, *settings.other_addresses):
        parts = urlsplit(address)
        if parts.scheme == "http" and not may_be_plain(parts.hostname or ""):
            yield fault(
                f"{address} is plain http: what is typed can be read on the way.",
                "Put a proxy with TLS in front and write https in settings.toml.",
            )


def _holidays(working_days: WorkingDays, today: dt.date) -> Iterator[Finding]:
    for year in sorted({today.year, (today + HOLIDAYS_AHEAD).year}):
        if working_days.is_known(year):
            continue
        days = ", ".join(map(str, working_days.estimated_in(year)))
        yield advice(
            f"The holidays of {year} are {'estimated' if days else 'not known'}: days "
            "that are counted may be wrong.",
            f"Write those of the decree of {year} into `collective_leave` in "
            "settings.toml"
            + (f", and the true days of these: {days}." if days else "."),
        )


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.courier is None:
        return
    path = settings.courier.server.password_file
    if path and not path.is_file():
        yield fault(
            f"{path}, the mail server's password, does not exist.",
            "Write the password there, or name another file in settings.toml.",
        )
    elif path and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield fault(f"{path} can be read by others.", f"Run `chmod 600 {shell(path)}`.")
    failed = notices.find_failure(settings.instance)
    if failed:
        yield fault(
            f"The notice of {failed.day} did not reach everybody: the mail server "
            f"{failed.failure}.",
            "Look at smtp_host and the keys below it in settings.toml, and at the "
            "addresses people gave; the next notice that arrives ends this finding.",
        )


def _programs() -> Iterator[Finding]:
    guards = probe()
    if not guards:
        yield fault(
            "No file can be cleaned: what cleans them does not start.",
            "Run `apt install libmagic1`, then `make run` installs what is missing.",
        )
    elif not guards >= {Guard.FILES, Guard.CALLS}:
        yield fault(
            "Who takes over the cleaning of a file is not held: the kernel lacks "
            "Landlock or seccomp, or a service refuses them.",
            "Use Linux 5.13 or later with both switched on (Debian 12 has), and the "
            "units in deploy/.",
        )
    if not is_ffmpeg_there():
        yield advice(
            "ffmpeg is missing: audio and video cannot be cleaned.",
            "Run `apt install ffmpeg`. Until then whoever sends a recording is told.",
        )


def _files(instance: Path) -> Iterator[Finding]:
    owner = instance.stat().st_uid
    for path in (instance, *_own_files(instance)):
        state = path.stat()
        if stat.S_IMODE(state.st_mode) & 0o077:
            mode = "700" if path == instance else "600"
            yield fault(
                f"{path} can be read by others.", f"Run `chmod {mode} {shell(path)}`."
            )
        if state.st_uid != owner:
            yield fault(
                f"{path} does not belong to the owner of its folder.",
                f"Run `chown --reference={shell(instance)} {shell(path)}`, and "
                "`lurus` as that user.",
            )


def _own_files(instance: Path) -> list[Path]:
    names = (
        *(SETTINGS_FILE, SECRET_FILE, GATE_FILE, LEDGER_KEY_FILE),
        *(forwarding.FORWARDED_FILE, notices.FAILURE_FILE),
        *(DESTROYED_FILE, BACKUP_FOLDERS_FILE),
    )
    files = [instance / name for name in names if (instance / name).exists()]
    return files + sorted(instance.glob(f"{DATABASE_FILE}*"))


def _secret(instance: Path) -> Iterator[Finding]:
    path = instance / SECRET_FILE
    if not path.exists():
        yield fault("The instance's secret is missing.", "Run `lurus init`.")
    elif path.stat().st_size != SECRET_SIZE:
        yield fault(
            "The instance's secret is damaged.",
            f"Delete {path}, and run `lurus init`: open forms are asked again.",
        )


def _gate(instance: Path) -> Iterator[Finding]:
    path = instance / GATE_FILE
    from_paper = "`lurus init --gate-from-paper`"
    if not path.exists():
        yield fault(
            "The secret of the gate is missing: no case can come to a custodian.",
            f"Run {from_paper}, or `lurus init` if there is no paper.",
        )
    elif path.stat().st_size != GATE_SECRET_SIZE:
        yield fault(
            "The secret of the gate is damaged.",
            f"Delete {path}, and run {from_paper}.",
        )


def _disk(instance: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(instance).free
    if free < LEAST_FREE_BYTES:
        yield fault(
            f"Only {free // _MIB} MiB are free on the disk.",
            "Make room: below 2 GiB reports may soon not be stored.",
        )


def _journal(instance: Path, now: dt.datetime) -> Iterator[Finding]:
    journal, database = instance / _JOURNAL_FILE, instance / DATABASE_FILE
    if not journal.exists() or not database.exists():
        return
    size = journal.stat().st_size
    remedy = "Run `lurus tend`, and switch lurus-tend.timer on: it does so every hour."
    if size > LARGEST_JOURNAL_BYTES:
        yield advice(f"The journal of the database has {size // _MIB} MiB.", remedy)
    elif size and now - _written(database) > OLDEST_JOURNAL:
        yield advice(
            f"The journal was last written back on {_written(database):%Y-%m-%d}: "
            "what was deleted since is still on the disk.",
            remedy,
        )


def _copies(instance: Path, now: dt.datetime) -> Iterator[Finding]:
    for copy in sorted(instance.glob(f"{DATABASE_FILE}.*")):
        if now - _written(copy) > OLDEST_COPY:
            yield advice(
                f"{copy} is older than {OLDEST_COPY.days} days: it keeps what has been "
                "deleted since.",
                f"If all is well since that upgrade, run `rm {shell(copy)}`.",
            )


def _proxy(instance: Path) -> Iterator[Finding]:
    for name in forwarding.noted(instance):
        blank = f'Let it send none (nginx: `proxy_set_header {name} "";`)'
        if name in forwarding.WITH_ADDRESS:
            yield fault(
                f"A proxy in front sends {name}: it tells who came, and may keep it.",
                f"{blank} and keep no log, then start the portal anew.",
            )
        else:
            yield advice(
                f"A proxy in front sends {name}: is it one you know?",
                f"Find out whose it is and what it keeps. {blank}.",
            )


def _database(
    instance: Path,
    now: dt.datetime,
    today: dt.date,
    every_days: int,
    guard: ClockGuard | None,
) -> Iterator[Finding]:
    path = instance / DATABASE_FILE
    if not path.exists():
        yield fault("There is no database.", "Run `lurus init`.")
        return
    written, database = _written(path), open_database(instance)
    try:
        schema.check_schema(database.engine)
        with database.sessions() as session:
            yield from _people(session)
            yield from _recovery(session)
            yield from find_in_custody(session)
            yield from find_in_rounds(session, today, every_days)
            yield from find_in_trail(session, today, guard)
            yield from find_in_figures(session, today)
            yield from find_in_backups(session, today)
            yield from _clock(written - now, newest_day(session), today)
            yield from _record(session)
    except OlderSchemaError:
        yield fault("The database has an older schema.", "Run `lurus upgrade`.")
    except NewerSchemaError:
        yield fault(
            "The database has a newer schema than this program.",
            "Install the newer version again, or go back to the copy it made.",
        )
    except StoreUnavailableError as error:
        yield fault(str(error), "Stop the portal, and put a backup in its place.")
    finally:
        database.engine.dispose()


def _people(session: Session) -> Iterator[Finding]:
    officers = list_officers(session)
    if len(officers) < FEWEST_OFFICERS:
        noun = "officer" if len(officers) == 1 else "officers"
        yield fault(
            f"{len(officers)} {noun} can be reported to.",
            "Have two at least: `lurus people invite NAME`. One alone can lose a key.",
        )
    if not any(officer.is_outside for officer in officers):
        yield advice(
            "No officer is outside the agency.",
            "Invite one: `lurus people invite NAME --outside`.",
        )


def _recovery(session: Session) -> Iterator[Finding]:
    status, make = read_status(session), "Make new ones with their holders"
    if not status.is_there:
        yield advice(
            "There are no recovery shares: an officer who is the only reader of a case "
            "can lose it.",
            "Make them with their holders: `lurus recover shares`.",
        )
    elif status.used_on:
        yield fault(
            f"The recovery shares were used on {status.used_on}: a machine knows them.",
            f"{make}: `lurus recover shares`. Burn the old papers.",
        )
    elif status.officers_without:
        # How many, not who: this goes to the journal of the machine.
        yield advice(
            f"The keys of {len(status.officers_without)} officers are not wrapped to "
            "the recovery shares yet.",
            "Let them log in once; /admin/recovery says who. Until then keep the "
            "shares from before.",
        )


def _clock(ahead: dt.timedelta, newest: dt.date, today: dt.date) -> Iterator[Finding]:
    """Compare the clock with what was written before: it must not run backwards.

    *ahead*: how long after now the database says it was written.
    """
    remedy = "Set the clock (`timedatectl`): deadlines and one-time codes go by it."
    if newest > today:
        yield fault(f"The clock is behind: the database knows {newest}.", remedy)
    elif ahead > LARGEST_SLIP_OF_THE_CLOCK:
        yield fault("The clock is behind the time of the database's file.", remedy)


def _record(session: Session) -> Iterator[Finding]:
    # No number: who is an officer too may look, and not learn how many entries there are.
    if verify(session).broken:
        yield fault(
            "The audit record does not hold.",
            "Somebody changed it: `lurus verify-audit` names the entry. Compare with a "
            "backup, and tell the officers.",
        )


def _written(path: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
