"""A backup becomes an installation again, or shows in a rehearsal that it would.

The whole file is read and judged before anything is written; then everything is made in
a folder beside its place and moved there when it is whole. An installation is as it was on the
day of the backup, with five differences: what was destroyed since is destroyed again, every
session has ended, no paper slip is good any more, declarations of conflicts, locked under a
secret that no backup holds, are asked for anew, and the public trail goes on under another
key and says so.
"""

import datetime as dt
import fcntl
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crypto import GateSecret, Identity
from portal import audit, destroyed, schema
from portal.audit import OPERATOR, AuditAction
from portal.backup_files import Entry, Header, Progress, read_entries, silent
from portal.backups import ABOUT, FULL, forget_cases, note_backup, note_rehearsal
from portal.clock_guard import note_day
from portal.database import (
    DATABASE_FILE,
    find_instance_id,
    open_database,
    shrink_journal,
    transaction,
)
from portal.destroyed import DESTROYED_FILE
from portal.errors import (
    BrokenBackupError,
    NotEmptyError,
    OlderSchemaError,
    OtherVersionError,
    RestoreError,
    SettingsError,
    StoreUnavailableError,
)
from portal.installation import draw_secret, is_untouched, keep_gate_secret
from portal.ledger_keys import draw_ledger_key
from portal.models import Attachment, Invitation, Message, Person, Step, Voucher
from portal.objects import OBJECTS_FOLDER, ObjectStore
from portal.restored_papers import publish_restore
from portal.settings_file import SETTINGS_FILE, read_settings

RESTORING_FOLDER = ".restoring"

_OBJECT = re.compile(rf"{OBJECTS_FOLDER}/[0-9a-f]{{32}}")
_ONCE = (ABOUT, SETTINGS_FILE, DESTROYED_FILE, DATABASE_FILE)
_LONGEST_ABOUT = 1000
_NOTHING = "Nothing was restored."


@dataclass(frozen=True)
class Papers:
    """What is typed from paper to restore a backup."""

    backup_key: Identity
    gate: GateSecret | None
    """None: there is no paper; a new secret is drawn, and the proof is not looked at."""


@dataclass(frozen=True)
class Restored:
    """What is there again, and what is not."""

    day: dt.date
    """Of the backup."""
    gaps: tuple[str, ...]
    """What is not whole, a sentence each; nothing where all is."""
    had_conflicts: bool
    """Officers had declared conflicts: they are asked for them anew."""
    had_slips: bool
    """Paper slips were good, and are no more."""


def restore(
    path: Path,
    instance: Path,
    papers: Papers,
    now: dt.datetime,
    *,
    gone: frozenset[bytes] = frozenset(),
    progress: Progress = silent,
) -> Restored:
    """Make an installation in the empty folder *instance* of the backup *path*.

    *gone*: cases that were destroyed since, beside those that the backup itself names.

    Raises:
        NotEmptyError: there is something in that folder.
        RestoreError: see its kinds; nothing was written, or nothing of it is left.
    """
    check_empty(instance)
    with _saying_what_failed(), path.open("rb") as file:
        _check(file, papers, progress)
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        instance.chmod(0o700)
        with _scratch(instance) as folder:
            restored = _make(file, folder, papers, now, gone, progress)
            _move(folder, instance)
    return restored


def check_empty(instance: Path) -> None:
    """Check that there is no installation in a folder, nor anything else.

    Raises:
        NotEmptyError: there is.
    """
    if not is_untouched(instance, RESTORING_FOLDER):
        raise NotEmptyError


@contextmanager
def rehearsed(
    path: Path,
    where: Path,
    papers: Papers,
    now: dt.datetime,
    progress: Progress = silent,
) -> Iterator[tuple[Path, Restored]]:
    """Restore into a folder below *where*, which is gone when the block is left.

    Raises:
        RestoreError: as `restore`.
    """
    with _saying_what_failed(), path.open("rb") as file:
        _check(file, papers, progress)
        with _scratch(where) as folder:
            nothing: frozenset[bytes] = frozenset()
            yield (
                folder,
                _make(file, folder, papers, now, nothing, progress),
            )


def find_gaps(session: Session, instance: Path) -> tuple[str, ...]:
    """Return what is not whole in the rows and objects of an installation."""
    folder = instance / OBJECTS_FOLDER
    there = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
    named = session.scalars(select(Attachment.object_id)).all()
    checks = {
        "The database is damaged.": _is_damaged(session),
        "Files are missing that rows name.": any(
            one.hex() not in there for one in named
        ),
        "Texts are missing in the middle of a case.": _has_hole(
            session, Message.case_id, Message.chain, number=Message.number
        ),
        "Steps are missing in the middle of a case.": _has_hole(
            session, Step.case_id, number=Step.number
        ),
    }
    return tuple(sentence for sentence, is_so in checks.items() if is_so)


def _is_damaged(session: Session) -> bool:
    connection = session.connection()
    verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return verdict != "ok" or lost is not None


def _has_hole(session: Session, *of: Any, number: Any) -> bool:
    """Tell whether numbers are missing between the first and the last of any chain."""
    length = func.max(number) - func.min(number) + 1
    rows = select(*of).group_by(*of).having(func.count() != length).limit(1)
    return session.execute(rows).first() is not None


def _check(file: BinaryIO, papers: Papers, progress: Progress) -> None:
    """Read all of *file*, and write nothing."""
    for entry in _judged(file, papers, progress):
        for _ in entry.pieces:
            pass


def _judged(file: BinaryIO, papers: Papers, progress: Progress) -> Iterator[Entry]:
    """Yield entries that are what a backup holds, and no other; `about` is kept."""
    seen: set[str] = set()
    for entry in read_entries(file, papers.backup_key, papers.gate, progress):
        is_known = entry.name in _ONCE or _OBJECT.fullmatch(entry.name)
        if entry.name in seen or not is_known or not (seen or entry.name == ABOUT):
            raise BrokenBackupError
        seen.add(entry.name)
        if entry.name == ABOUT:
            _judge_schema(entry)
        else:
            yield entry
    if not seen.issuperset(_ONCE):
        raise BrokenBackupError


def _judge_schema(about: Entry) -> None:
    if about.size > _LONGEST_ABOUT:
        raise BrokenBackupError
    try:
        revision = json.loads(b"".join(about.pieces))["schema"]
    except (ValueError, KeyError, TypeError):
        raise BrokenBackupError from None
    if revision not in schema.revisions():
        raise OtherVersionError


def _make(
    file: BinaryIO,
    folder: Path,
    papers: Papers,
    now: dt.datetime,
    gone: frozenset[bytes],
    progress: Progress,
) -> Restored:
    """Write everything into *folder*, and bring it to the present."""
    (folder / OBJECTS_FOLDER).mkdir(mode=0o700)
    for entry in _judged(file, papers, progress):
        _write(entry, folder)
    file.seek(0)
    header = Header.read(file)
    # Every day before that of the backup is closed in its trail, whatever the clock says.
    today = max(_day_here(folder, now), header.day)
    keep_gate_secret(folder, papers.gate or GateSecret.generate())
    draw_secret(folder)
    draw_ledger_key(folder)
    database = open_database(folder)
    try:
        _bring_up(database.engine)
        database.engine.dispose()
        _destroy_again(folder, gone)
        with database.sessions() as session:
            if find_instance_id(session) != header.instance:
                raise BrokenBackupError
            had_conflicts, had_slips = _begin_anew(session, header.day, today)
            # What the rows of that moment could not know yet.
            note_backup(session, header.day)
            note_rehearsal(session, today)
            gaps = find_gaps(session, folder)
            shrink_journal(session)
    finally:
        database.engine.dispose()
    return Restored(header.day, gaps, had_conflicts, had_slips)


def _day_here(folder: Path, now: dt.datetime) -> dt.date:
    """Return the day in the time zone of the settings that were restored."""
    try:
        return now.astimezone(read_settings(folder).zone).date()
    except SettingsError:
        # Of another version: it is asked for again before the portal is served.
        return now.date()


def _bring_up(engine: Engine) -> None:
    try:
        schema.check_schema(engine)
    except OlderSchemaError:
        schema.migrate(engine)


def _write(entry: Entry, folder: Path) -> None:
    path = folder / entry.name
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        for piece in entry.pieces:
            opened.write(piece)
        opened.flush()
        os.fsync(descriptor)
    if entry.name not in {DATABASE_FILE, SETTINGS_FILE}:
        os.utime(path, (entry.written, entry.written))


def _destroy_again(folder: Path, gone: frozenset[bytes]) -> None:
    """Destroy what is on either list, and every object that no row names any more."""
    gone |= destroyed.read(folder / DESTROYED_FILE)
    destroyed.note(folder, gone)
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as rows:
        rows.execute("PRAGMA secure_delete = ON")
        forget_cases(rows, gone)
        named = {row[0] for row in rows.execute("SELECT object_id FROM attachments")}
    store = ObjectStore(folder / OBJECTS_FOLDER)
    store.delete(store.names() - named)


def _begin_anew(session: Session, day: dt.date, today: dt.date) -> tuple[bool, bool]:
    """End what was open; return whether officers had declared conflicts, and slips were out.

    Links that were open on *day* may have been used since, and lie about somewhere; a
    slip that was used since would be good again, and nothing tells which was.
    """
    with transaction(session):
        declared = Person.locked_conflicts.is_not(None)
        had_conflicts = session.scalar(select(Person.id).where(declared).limit(1))
        nothing = {"locked_conflicts": None, "conflicts_on": None}
        session.execute(update(Person).values(nothing))
        yesterday = day - dt.timedelta(days=1)
        session.execute(update(Invitation).values(expires_on=yesterday))
        slips = session.execute(delete(Voucher).returning(Voucher.id)).all()
        publish_restore(session, day, today)
        # Who restores vouches for the clock: the backup may be months old.
        note_day(session, today)
        audit.record(session, OPERATOR, AuditAction.RESTORED, today)
    return had_conflicts is not None, bool(slips)


def _move(folder: Path, instance: Path) -> None:
    """Move everything in place; the database, by which an installation is one, last."""
    os.sync()
    files = sorted(folder.iterdir(), key=lambda file: file.name == DATABASE_FILE)
    for file in files:
        file.rename(instance / file.name)
    os.sync()


@contextmanager
def _scratch(where: Path) -> Iterator[Path]:
    """Make a folder of this process alone; what a kill left in it goes first."""
    folder = where / RESTORING_FOLDER
    inside = folder / "new"
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise RestoreError("Another restore is at work in this folder.") from None
    try:
        shutil.rmtree(inside, ignore_errors=True)
        inside.mkdir(mode=0o700)
        yield inside
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


@contextmanager
def _saying_what_failed() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, StoreUnavailableError) as error:
        sentence = f"The database in this backup cannot be used ({type(error).__name__}). {_NOTHING}"
        raise RestoreError(sentence) from None
    except OSError as error:
        cause = "the disk is full" if error.errno in FULL else error.strerror
        where = f"{error.filename}: " if error.filename else ""
        raise RestoreError(f"{where}{cause}. {_NOTHING}") from None
