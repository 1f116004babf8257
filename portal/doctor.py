"""What is wrong with an installation, and what to do about it."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from portal import schema
from portal.audit import first_broken_entry
from portal.database import DATABASE_FILE, Database, open_database
from portal.errors import LurusError
from portal.roster import list_officers
from portal.runtime import SECRET_FILE
from portal.settings import SETTINGS_FILE, Settings, may_be_plain, read_settings

LEAST_FREE_BYTES = 2 * 1024**3
FEWEST_OFFICERS = 2


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


def examine(instance: Path) -> tuple[Finding, ...]:
    """Return everything that is found, faults first."""
    try:
        settings = read_settings(instance)
    except LurusError as error:
        return (_fault(str(error), "Correct the file, or run `lurus init`."),)
    findings = [*_files(instance), *_disk(instance), *_address(settings)]
    if (instance / DATABASE_FILE).exists():
        findings += _database(settings)
    else:
        findings.append(_fault("There is no database.", "Run `lurus init`."))
    return tuple(sorted(findings, key=lambda finding: not finding.is_fault))


def _files(instance: Path) -> Iterator[Finding]:
    for name in (SETTINGS_FILE, SECRET_FILE, DATABASE_FILE):
        path = instance / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield _fault(f"{path} can be read by others.", f"Run `chmod 600 {path}`.")
    if not (instance / SECRET_FILE).exists():
        yield _fault("The instance's secret is missing.", "Run `lurus init`.")


def _disk(instance: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(instance).free
    if free < LEAST_FREE_BYTES:
        yield _fault(
            f"Only {free // 1024**2} MiB are free on the disk.",
            "Make room: below 2 GiB reports may soon not be stored.",
        )


def _address(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.address)
    host = parts.hostname or ""
    if parts.scheme == "http" and not may_be_plain(host):
        yield _fault(
            "The public address is plain http: what is typed can be read on the way.",
            "Put a proxy with TLS in front and set `address` to https.",
        )
    if settings.demo:
        yield _fault(
            "This is a demo instance.", "Never let people report here in earnest."
        )


def _database(settings: Settings) -> Iterator[Finding]:
    database = open_database(settings.instance)
    if schema.current_revision(database.engine) != schema.newest_revision():
        yield _fault("The database has an older schema.", "Run `lurus upgrade`.")
        return
    yield from _people(database)
    with database.sessions() as session:
        broken = first_broken_entry(session)
    if broken is not None:
        yield _fault(
            f"Entry {broken} of the audit record does not hold.",
            "Somebody changed the record: compare with a backup and tell the officers.",
        )
    database.engine.dispose()


def _people(database: Database) -> Iterator[Finding]:
    with database.sessions() as session:
        officers = list_officers(session)
    if len(officers) < FEWEST_OFFICERS:
        yield _fault(
            f"{len(officers)} officers can be reported to.",
            "Invite a second: `lurus people invite NAME`. One alone can lose a key.",
        )
    if not any(officer.is_outside for officer in officers):
        yield Finding(
            Gravity.ADVICE,
            "No officer is outside the agency.",
            "Invite one: `lurus people invite NAME --outside`.",
        )


def _fault(what: str, remedy: str) -> Finding:
    return Finding(Gravity.FAULT, what, remedy)
