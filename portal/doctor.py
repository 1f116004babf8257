"""What is wrong with an installation, and what to do about it.

It looks at files and rows of this machine alone and asks no network. Nothing is
changed; docs/operating.md has the table of all findings.
"""

import datetime as dt
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from crypto.gate_secret import GATE_SECRET_SIZE
from portal import forwarding, notices, schema
from portal.audit import verify
from portal.backup_files import find_older
from portal.backups import BACKUP_FOLDERS_FILE, backup_folders
from portal.backups import read_status as read_status_of_backups
from portal.cleaning.media import is_ffmpeg_there
from portal.database import DATABASE_FILE, open_database
from portal.destroyed import DESTROYED_FILE
from portal.errors import (
    NewerSchemaError,
    OlderSchemaError,
    SettingsError,
    StoreUnavailableError,
)
from portal.installation import newest_day
from portal.recovery import read_status
from portal.restores import RESTORING_FOLDER
from portal.roster import list_officers
from portal.runtime import GATE_FILE, SECRET_FILE, SECRET_SIZE
from portal.settings import SETTINGS_FILE, Settings, may_be_plain, read_settings

LEAST_FREE_BYTES = 2 * 1024**3
FEWEST_OFFICERS = 2
LARGEST_JOURNAL_BYTES = 64 * 1024**2
OLDEST_JOURNAL = dt.timedelta(days=7)
OLDEST_COPY = dt.timedelta(days=30)
OLDEST_BACKUP = dt.timedelta(days=7)
OLDEST_REHEARSAL = dt.timedelta(days=90)
LARGEST_SLIP_OF_THE_CLOCK = dt.timedelta(hours=1)

_MIB = 1024**2
_JOURNAL_FILE = f"{DATABASE_FILE}-wal"


class Gravity(StrEnum):
    """How bad it is: a fault breaks a promise, advice would make one stronger."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be."""

    gravity: Gravity
    what: str
    remedy: str

    @property
    def is_fault(self) -> bool:
        """A promise is broken, or the portal cannot start."""
        return self.gravity is Gravity.FAULT


def examine(instance: Path, now: dt.datetime) -> tuple[Finding, ...]:
    """Return everything that is found, faults first; *now* is aware."""
    try:
        settings = read_settings(instance)
        findings = [*_settings(settings), *_mail(settings)]
        today = now.astimezone(settings.zone).date()
        findings += _old_backups(instance, today, settings.backup_keep_days)
    except SettingsError as error:
        findings = [*_slips(instance / SETTINGS_FILE, error)]
        # The time zone is not known: the latest day it may be.
        today = (now + dt.timedelta(days=1)).date()
    findings += _programs()
    if instance.is_dir():
        # The journal first: to open the database may write it back.
        findings += [*_files(instance), *_journal(instance, now)]
        findings += [*_disk(instance), *_copies(instance, now), *_proxy(instance)]
        findings += [*_secret(instance), *_gate(instance)]
        findings += [*_database(instance, now, today)]
    return tuple(sorted(findings, key=lambda finding: not finding.is_fault))


def _slips(path: Path, error: SettingsError) -> Iterator[Finding]:
    remedy = f"Correct {path}." if path.exists() else "Run `lurus init`."
    yield from (_fault(slip, remedy) for slip in error.slips)


def _settings(settings: Settings) -> Iterator[Finding]:
    yield from _addresses(settings)
    if settings.demo:
        yield _fault(
            "This is a demo instance.", "Never let people report here in earnest."
        )
    elif settings.hand_over.are_immediate:
        yield _advice(
            "Officers see at once what comes in, and so at what hour.",
            'Write hours: `hand_over_hours = ["08:00", "13:00"]` in settings.toml.',
        )


def _addresses(settings: Settings) -> Iterator[Finding]:
    for address in (settings.address, *settings.other_addresses):
        parts = urlsplit(address)
        if parts.scheme == "http" and not may_be_plain(parts.hostname or ""):
            yield _fault(
                f"{address} is plain http: what is typed can be read on the way.",
                "Put a proxy with TLS in front and write https in settings.toml.",
            )


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.courier is None:
        return
    path = settings.courier.server.password_file
    if path and not path.is_file():
        yield _fault(
            f"{path}, the mail server's password, does not exist.",
            "Write the password there, or name another file in settings.toml.",
        )
    elif path and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield _fault(
            f"{path} can be read by others.", f"Run `chmod 600 {_shell(path)}`."
        )
    failed = notices.find_failure(settings.instance)
    if failed:
        yield _fault(
            f"The notice of {failed.day} did not reach everybody: the mail server "
            f"{failed.failure}.",
            "Look at smtp_host and the keys below it in settings.toml, and at the "
            "addresses people gave; the next notice that arrives ends this finding.",
        )


def _programs() -> Iterator[Finding]:
    if not is_ffmpeg_there():
        yield _advice(
            "ffmpeg is missing: audio and video cannot be cleaned.",
            "Run `apt install ffmpeg`. Until then whoever sends a recording is told.",
        )


def _files(instance: Path) -> Iterator[Finding]:
    owner = instance.stat().st_uid
    for path in (instance, *_own_files(instance)):
        state = path.stat()
        if stat.S_IMODE(state.st_mode) & 0o077:
            mode = "700" if path == instance else "600"
            yield _fault(
                f"{path} can be read by others.", f"Run `chmod {mode} {_shell(path)}`."
            )
        if state.st_uid != owner:
            yield _fault(
                f"{path} does not belong to the owner of its folder.",
                f"Run `chown --reference={_shell(instance)} {_shell(path)}`, and "
                "`lurus` as that user.",
            )


def _own_files(instance: Path) -> list[Path]:
    names = (
        *(SETTINGS_FILE, SECRET_FILE, GATE_FILE),
        *(forwarding.FORWARDED_FILE, notices.FAILURE_FILE),
        *(DESTROYED_FILE, BACKUP_FOLDERS_FILE),
    )
    files = [instance / name for name in names if (instance / name).exists()]
    return files + sorted(instance.glob(f"{DATABASE_FILE}*"))


def _secret(instance: Path) -> Iterator[Finding]:
    path = instance / SECRET_FILE
    if not path.exists():
        yield _fault("The instance's secret is missing.", "Run `lurus init`.")
    elif path.stat().st_size != SECRET_SIZE:
        yield _fault(
            "The instance's secret is damaged.",
            f"Delete {path}, and run `lurus init`: open forms are asked again.",
        )


def _gate(instance: Path) -> Iterator[Finding]:
    path = instance / GATE_FILE
    from_paper = "`lurus init --gate-from-paper`"
    if not path.exists():
        yield _fault(
            "The secret of the gate is missing: no case can come to a custodian.",
            f"Run {from_paper}, or `lurus init` if there is no paper.",
        )
    elif path.stat().st_size != GATE_SECRET_SIZE:
        yield _fault(
            "The secret of the gate is damaged.",
            f"Delete {path}, and run {from_paper}.",
        )


def _disk(instance: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(instance).free
    if free < LEAST_FREE_BYTES:
        yield _fault(
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
        yield _advice(f"The journal of the database has {size // _MIB} MiB.", remedy)
    elif size and now - _written(database) > OLDEST_JOURNAL:
        yield _advice(
            f"The journal was last written back on {_written(database):%Y-%m-%d}: "
            "what was deleted since is still on the disk.",
            remedy,
        )


def _copies(instance: Path, now: dt.datetime) -> Iterator[Finding]:
    for copy in sorted(instance.glob(f"{DATABASE_FILE}.*")):
        if now - _written(copy) > OLDEST_COPY:
            yield _advice(
                f"{copy} is older than {OLDEST_COPY.days} days: it keeps what has been "
                "deleted since.",
                f"If all is well since that upgrade, run `rm {_shell(copy)}`.",
            )


def _proxy(instance: Path) -> Iterator[Finding]:
    for name in forwarding.noted(instance):
        blank = f'Let it send none (nginx: `proxy_set_header {name} "";`)'
        if name in forwarding.WITH_ADDRESS:
            yield _fault(
                f"A proxy in front sends {name}: it tells who came, and may keep it.",
                f"{blank} and keep no log, then start the portal anew.",
            )
        else:
            yield _advice(
                f"A proxy in front sends {name}: is it one you know?",
                f"Find out whose it is and what it keeps. {blank}.",
            )


def _database(instance: Path, now: dt.datetime, today: dt.date) -> Iterator[Finding]:
    path = instance / DATABASE_FILE
    if not path.exists():
        yield _fault("There is no database.", "Run `lurus init`.")
        return
    written, database = _written(path), open_database(instance)
    try:
        schema.check_schema(database.engine)
        with database.sessions() as session:
            yield from _people(session)
            yield from _recovery(session)
            yield from _backups(session, today)
            yield from _clock(written - now, newest_day(session), today)
            yield from _record(session)
    except OlderSchemaError:
        yield _fault("The database has an older schema.", "Run `lurus upgrade`.")
    except NewerSchemaError:
        yield _fault(
            "The database has a newer schema than this program.",
            "Install the newer version again, or go back to the copy it made.",
        )
    except StoreUnavailableError as error:
        yield _fault(str(error), "Stop the portal, and put a backup in its place.")
    finally:
        database.engine.dispose()


def _people(session: Session) -> Iterator[Finding]:
    officers = list_officers(session)
    if len(officers) < FEWEST_OFFICERS:
        noun = "officer" if len(officers) == 1 else "officers"
        yield _fault(
            f"{len(officers)} {noun} can be reported to.",
            "Have two at least: `lurus people invite NAME`. One alone can lose a key.",
        )
    if not any(officer.is_outside for officer in officers):
        yield _advice(
            "No officer is outside the agency.",
            "Invite one: `lurus people invite NAME --outside`.",
        )


def _recovery(session: Session) -> Iterator[Finding]:
    status, make = read_status(session), "Make new ones with their holders"
    if not status.is_there:
        yield _advice(
            "There are no recovery shares: an officer who is the only reader of a case "
            "can lose it.",
            "Make them with their holders: `lurus recover shares`.",
        )
    elif status.used_on:
        yield _fault(
            f"The recovery shares were used on {status.used_on}: a machine knows them.",
            f"{make}: `lurus recover shares`. Burn the old papers.",
        )
    elif status.officers_without:
        # How many, not who: this goes to the journal of the machine.
        yield _advice(
            f"The keys of {len(status.officers_without)} officers are not wrapped to "
            "the recovery shares yet.",
            "Let them log in once; /admin/recovery says who. Until then keep the "
            "shares from before.",
        )


def _backups(session: Session, today: dt.date) -> Iterator[Finding]:
    status = read_status_of_backups(session)
    rehearse = "Rehearse one: `lurus restore FILE --rehearse` asks for both papers."
    if not status.fingerprint:
        yield _advice(
            "There is no backup key: nothing can be backed up.",
            "Make it, on one paper for the safe: `lurus backup-key`.",
        )
    elif status.made_on is None or today - status.made_on > OLDEST_BACKUP:
        yield _fault(
            f"The last backup was made on {status.made_on}."
            if status.made_on
            else "No backup was made yet.",
            "Run `lurus backup FILE`, and switch lurus-backup.timer on.",
        )
    elif status.rehearsed_on is None:
        yield _advice("No restore was rehearsed yet.", rehearse)
    elif today - status.rehearsed_on > OLDEST_REHEARSAL:
        yield _advice(
            f"A restore was last rehearsed on {status.rehearsed_on}.", rehearse
        )


def _old_backups(instance: Path, today: dt.date, days: int) -> Iterator[Finding]:
    for folder in backup_folders(instance):
        for path in find_older(folder, today, days):
            yield _fault(
                f"{path} is a backup older than {days} days: it keeps what was "
                "promised to be gone.",
                f"Run `rm {_shell(path)}`.",
            )
    left = instance / RESTORING_FOLDER
    if left.exists():
        yield _fault(
            f"{left} is left of a restore that was broken off.",
            f"If none is at work, run `rm -r {_shell(left)}`.",
        )


def _clock(ahead: dt.timedelta, newest: dt.date, today: dt.date) -> Iterator[Finding]:
    """Compare the clock with what was written before: it must not run backwards.

    *ahead*: how long after now the database says it was written.
    """
    remedy = "Set the clock (`timedatectl`): deadlines and one-time codes go by it."
    if newest > today:
        yield _fault(f"The clock is behind: the database knows {newest}.", remedy)
    elif ahead > LARGEST_SLIP_OF_THE_CLOCK:
        yield _fault("The clock is behind the time of the database's file.", remedy)


def _record(session: Session) -> Iterator[Finding]:
    # No number: who is an officer too may look, and not learn how many entries there are.
    if verify(session).broken:
        yield _fault(
            "The audit record does not hold.",
            "Somebody changed it: `lurus verify-audit` names the entry. Compare with a "
            "backup, and tell the officers.",
        )


def _written(path: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)


def _shell(path: Path) -> str:
    return quote(str(path))


def _fault(what: str, remedy: str) -> Finding:
    return Finding(Gravity.FAULT, what, remedy)


def _advice(what: str, remedy: str) -> Finding:
    return Finding(Gravity.ADVICE, what, remedy)
