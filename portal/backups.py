"""Backups of an installation, made while its server runs and sealed to a key on paper.

The key is of its own: not recovery's, so that a restore can be rehearsed by people
who hold no share. Nobody keeps its seed. What a backup leaves out: the gate's secret,
which is on paper; the instance's secret; sessions, and what ends within hours.
"""

import datetime as dt
import errno
import fcntl
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from crypto import GateSecret, InstanceId, Recipient
from portal import audit, destroyed
from portal.audit import OPERATOR, AuditAction
from portal.backup_files import (
    BackupWriter,
    Progress,
    begins_as_backup,
    find_older,
    silent,
)
from portal.database import BUSY_SECONDS, DATABASE_FILE, reading, transaction
from portal.destroyed import DESTROYED_FILE
from portal.errors import BackupError, NoBackupKeyError
from portal.models import Base, Installation, Job
from portal.objects import OBJECTS_FOLDER
from portal.settings_file import SETTINGS_FILE

ABOUT = "about"
BACKUP_FOLDERS_FILE = "backups.txt"
COPY_FILE = f"{DATABASE_FILE}.backup"
UNFINISHED = ".part"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Numbers of the errors by which a disk says that it holds no more."""

_MADE = "backup"
_REHEARSED = "rehearsal"
_MOST_FOLDERS = 5
_OBJECTS = "SELECT object_id FROM attachments"
_CASES = "SELECT id FROM cases"
# They end within hours, and some open with what a person still holds: a form its code.
_NOT_KEPT = (
    "DELETE FROM sessions",
    "DELETE FROM burnt_forms",
    "DELETE FROM uploads",
    "DELETE FROM login_buckets",
    # Made anew as officers look; of what is destroyed later it would keep the keys.
    "UPDATE people SET opened_keys = NULL",
)


@dataclass(frozen=True)
class BackupStatus:
    """How it stands with backups."""

    fingerprint: str
    """Of the key that backups are sealed to; empty: there is none."""
    key_made_on: dt.date | None
    made_on: dt.date | None
    """The day of the last backup."""
    rehearsed_on: dt.date | None
    """The day of the last restore that was rehearsed."""


@dataclass(frozen=True)
class Made:
    """What came of a backup."""

    missing_count: int
    """Files that rows name and the store lacks: not in the backup either."""
    older: tuple[Path, ...]
    """Backups beside it that are due to be deleted."""


def read_status(session: Session) -> BackupStatus:
    """Return how it stands with backups.

    Raises:
        StoreUnavailableError: the database cannot be read.
    """
    with reading(session):
        installation = session.scalar(select(Installation))
        made, rehearsed = (_day_of(session, name) for name in (_MADE, _REHEARSED))
    kept = installation.backup_recipient if installation else None
    made_on = installation.backup_made_on if installation else None
    fingerprint = Recipient(kept).fingerprint() if kept else ""
    return BackupStatus(fingerprint, made_on, made, rehearsed)


def keep_backup_recipient(
    session: Session, recipient: Recipient, today: dt.date
) -> None:
    """Seal backups to come to another key; those from before stay as they are."""
    with transaction(session):
        installation = session.scalars(select(Installation)).one()
        installation.backup_recipient = bytes(recipient)
        installation.backup_made_on = today
        audit.record(session, OPERATOR, AuditAction.MADE_BACKUP_KEY, today)


def note_backup(session: Session, day: dt.date) -> None:
    """Note that a backup was made on *day*."""
    with transaction(session):
        session.merge(Job(name=_MADE, slot=day.isoformat()))


def note_rehearsal(session: Session, day: dt.date) -> None:
    """Note that a restore was rehearsed on *day*."""
    with transaction(session):
        session.merge(Job(name=_REHEARSED, slot=day.isoformat()))


def back_up(
    session: Session,
    instance: Path,
    file: Path,
    gate: GateSecret,
    *,
    keep_days: int,
    today: dt.date,
    progress: Progress = silent,
) -> Made:
    """Write a backup of the installation in *instance* to *file*.

    Rows as of one moment, and every object that they name. A case that is destroyed
    meanwhile is taken out of the rows before they are sealed.

    Raises:
        NoBackupKeyError: nobody holds a paper that would open it.
        BackupError: there is such a file, the disk is full, or a part cannot be read;
            nothing of it is left.
        StoreUnavailableError: the database cannot be read.
    """
    with reading(session):
        installation = session.scalars(select(Installation)).one()
        if installation.backup_recipient is None:
            raise NoBackupKeyError
        session.commit()
    _check_free(file)
    recipient = Recipient(installation.backup_recipient)
    of = InstanceId(installation.instance_id)
    with _saying_what_failed(file), _copied(instance) as copy, _unfinished(file) as to:
        writer = BackupWriter(to, recipient, gate, of, today)
        gone, missing = _write(writer, copy, instance, progress)
        # Beside it, too: what brings an older backup back needs the newest list.
        destroyed.note(file.resolve().parent, gone)
        writer.finish()
    note_backup(session, today)
    folder = file.resolve().parent
    _remember(instance, folder)
    return Made(missing, find_older(folder, today, keep_days))


def total_size(instance: Path) -> int:
    """Return about how many bytes a backup reads: for a bar that shows progress."""
    folder = instance / OBJECTS_FOLDER
    objects = folder.iterdir() if folder.is_dir() else ()
    paths = (instance / DATABASE_FILE, *objects)
    return sum(map(_size, paths))


def _size(path: Path) -> int:
    # What is destroyed while it is counted counts nothing.
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def backup_folders(instance: Path) -> tuple[Path, ...]:
    """Return where backups were written to lately; who knows whether it is there now."""
    path = instance / BACKUP_FOLDERS_FILE
    content = path.read_bytes() if path.exists() else b""
    return tuple(Path(os.fsdecode(line)) for line in content.splitlines())


def forget_cases(connection: sqlite3.Connection, case_ids: frozenset[bytes]) -> None:
    """Delete the rows of cases from a copy that nobody else has open."""
    rows = [{"id": case_id} for case_id in case_ids]
    for statement in _forgetting():
        connection.executemany(statement, rows)
    connection.commit()


def _forgetting() -> Iterator[str]:
    """Yield a statement for each table that holds something of a case."""
    # The record keeps its random id: it says that somebody acted, on nothing.
    for table in reversed(Base.metadata.sorted_tables):
        of_case = table.c.id if table.name == "cases" else table.c.get("case_id")
        if of_case is not None and table.name != "audit":
            statement = delete(table).where(of_case == bindparam("id"))
            yield str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))


def _day_of(session: Session, name: str) -> dt.date | None:
    job = session.get(Job, name, populate_existing=True)
    return dt.date.fromisoformat(job.slot) if job else None


@dataclass(frozen=True)
class _Copy:
    """The rows of one moment: a file without a name, and a connection to it."""

    connection: sqlite3.Connection
    descriptor: int

    def column(self, query: str) -> frozenset[Any]:
        return frozenset(value for (value,) in self.connection.execute(query))


def _write(
    writer: BackupWriter, copy: _Copy, instance: Path, progress: Progress
) -> tuple[frozenset[bytes], int]:
    """Write all entries; return what was destroyed, and how many objects are missing."""
    (revision,) = copy.column("SELECT version_num FROM alembic_version")
    _add_bytes(writer, ABOUT, json.dumps({"v": 1, "schema": revision}).encode())
    written = {
        object_id
        for object_id in sorted(copy.column(_OBJECTS))
        if _add_object(writer, instance, object_id, progress)
    }
    _add_bytes(writer, SETTINGS_FILE, (instance / SETTINGS_FILE).read_bytes())
    # After the objects: what was destroyed while they were read goes, too.
    gone = destroyed.read(instance / DESTROYED_FILE)
    forget_cases(copy.connection, gone | _gone_meanwhile(copy, instance))
    _add_bytes(writer, DESTROYED_FILE, destroyed.encode(gone))
    with open(copy.descriptor, "rb", closefd=False) as rows:
        size = os.fstat(copy.descriptor).st_size
        writer.add(DATABASE_FILE, rows, size, progress=progress)
    return gone, len(copy.column(_OBJECTS) - written)


def _gone_meanwhile(copy: _Copy, instance: Path) -> frozenset[bytes]:
    with closing(_connect(instance)) as rows:
        here = {case_id for (case_id,) in rows.execute(_CASES)}
    return copy.column(_CASES) - here


def _add_bytes(writer: BackupWriter, name: str, content: bytes) -> None:
    writer.add(name, io.BytesIO(content), len(content))


def _add_object(
    writer: BackupWriter, instance: Path, object_id: bytes, progress: Progress
) -> bool:
    """Add an object; one that the store lacks is left out."""
    name = f"{OBJECTS_FOLDER}/{object_id.hex()}"
    try:
        opened = (instance / name).open("rb")
    except FileNotFoundError:
        return False
    with opened:
        state = os.fstat(opened.fileno())
        writer.add(name, opened, state.st_size, int(state.st_mtime), progress)
    return True


@contextmanager
def _copied(instance: Path) -> Iterator[_Copy]:
    """Copy the rows as of one moment, without what was deleted before it."""
    path, journal = instance / COPY_FILE, instance / f"{COPY_FILE}-journal"
    descriptor = claim(path, "A backup of this installation is being made already.")
    try:
        os.ftruncate(descriptor, 0)
        # One that a kill left would be played back into the new copy.
        journal.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            try:
                # Made anew page by page: nothing that was deleted is in it.
                with closing(_connect(instance)) as source:
                    source.execute("VACUUM INTO ?", (str(path),))
                _prepare(connection)
            finally:
                # From here on it has no name: a kill leaves nothing behind.
                path.unlink()
                journal.unlink(missing_ok=True)
            for statement in _NOT_KEPT:
                connection.execute(statement)
            connection.commit()
            yield _Copy(connection, descriptor)
    finally:
        os.close(descriptor)


def _prepare(copy: sqlite3.Connection) -> None:
    for pragma in ("secure_delete = ON", "journal_mode = MEMORY", "synchronous = OFF"):
        copy.execute(f"PRAGMA {pragma}")
    ((verdict,),) = copy.execute("PRAGMA quick_check(1)")
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _connect(instance: Path) -> sqlite3.Connection:
    path = instance / DATABASE_FILE
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


@contextmanager
def _unfinished(file: Path) -> Iterator[BinaryIO]:
    """Write beside *file*, and give it its name when it is whole and on the disk."""
    beside = file.with_name(f"{file.name}{UNFINISHED}")
    descriptor = claim(beside, f"{beside} is being written by another backup.")
    if os.fstat(descriptor).st_size and not begins_as_backup(beside):
        os.close(descriptor)
        raise BackupError(f"{beside} is in the way, and is no backup: move it.")
    try:
        os.ftruncate(descriptor, 0)
        with os.fdopen(descriptor, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(descriptor)
            _check_free(file)
            beside.rename(file)
        _flush_folder(file.parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def claim(path: Path, taken: str) -> int:
    """Open *path* for writing, for its owner and this process alone.

    Raises:
        BackupError: with the sentence *taken*: another process has it.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BackupError(taken) from None
    return descriptor


def _check_free(file: Path) -> None:
    if file.exists():
        raise BackupError(f"{file} is there already: a backup replaces no file.")


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _saying_what_failed(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        cause = " ".join(str(error).split()).removesuffix(".")
        sentence = f"The database cannot be copied: {cause}. No backup was made."
        raise BackupError(sentence) from None
    except OSError as error:
        where = error.filename or file
        cause = "the disk is full" if error.errno in FULL else str(error.strerror)
        raise BackupError(f"{where}: {cause}. No backup was made.") from None


def _remember(instance: Path, folder: Path) -> None:
    """Note where backups lie, for `lurus doctor` to look at their age."""
    folders = [folder, *(kept for kept in backup_folders(instance) if kept != folder)]
    path = instance / BACKUP_FOLDERS_FILE
    path.touch(mode=0o600)
    lines = (os.fsencode(one) + b"\n" for one in folders[:_MOST_FOLDERS])
    path.write_bytes(b"".join(lines))
