"""What is wrong with the backups of an installation: none, old, never tried, left over."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from portal.backup_files import find_older
from portal.backups import COPY_FILE, backup_folders, read_status
from portal.findings import Finding, advice, fault, shell
from portal.restores import RESTORING_FOLDER

OLDEST_BACKUP = dt.timedelta(days=7)
OLDEST_REHEARSAL = dt.timedelta(days=90)


def find_in_backups(session: Session, today: dt.date) -> Iterator[Finding]:
    """Return what is wrong with how backups are made and tried."""
    status = read_status(session)
    rehearse = "Rehearse one: `lurus restore FILE --rehearse` asks for both papers."
    if not status.fingerprint:
        yield advice(
            "There is no backup key: nothing can be backed up.",
            "Make it, on one paper for the safe: `lurus backup-key`.",
        )
    elif status.made_on is None or today - status.made_on > OLDEST_BACKUP:
        yield fault(
            f"The last backup was made on {status.made_on}."
            if status.made_on
            else "No backup was made yet.",
            "Run `lurus backup FILE`, and switch lurus-backup.timer on.",
        )
    elif status.rehearsed_on is None:
        yield advice("No restore was rehearsed yet.", rehearse)
    elif today - status.rehearsed_on > OLDEST_REHEARSAL:
        yield advice(
            f"A restore was last rehearsed on {status.rehearsed_on}.", rehearse
        )


def find_left(instance: Path, today: dt.date, days: int) -> Iterator[Finding]:
    """Return what lies about that should be deleted."""
    for folder in backup_folders(instance):
        for path in _older_in(folder, today, days):
            yield fault(
                f"{path} is a backup older than {days} days: it keeps what was "
                "promised to be gone.",
                f"Run `rm {shell(path)}`.",
            )
    copy = instance / COPY_FILE
    if copy.exists():
        yield fault(
            f"{copy} is left of a backup that was broken off.",
            "If none is at work, make one: `lurus backup FILE` takes it away.",
        )
    left = instance / RESTORING_FOLDER
    if left.exists():
        yield fault(
            f"{left} is left of a restore that was broken off.",
            f"If none is at work, run `rm -r {shell(left)}`.",
        )


def _older_in(folder: Path, today: dt.date, days: int) -> tuple[Path, ...]:
    # A medium that was taken out, or a folder that this process may not look into.
    try:
        return find_older(folder, today, days)
    except OSError:
        return ()
