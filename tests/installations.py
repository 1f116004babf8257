"""Installations of the tests: migrations make the first, the others copy its database.

How migrations and `make_installation` make a database is the matter of tests that
call those themselves.
"""

import datetime as dt
import hashlib
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, create_engine, event

from crypto.lock import INSTANCE_ID_SIZE
from portal.database import DATABASE_FILE, Database
from portal.installation import make_installation
from portal.runtime import GATE_FILE, SECRET_FILE
from portal.settings import Settings


def install(settings: Settings, today: dt.date) -> None:
    """Make an installation with an id and secrets of its own."""
    _copy(settings.instance, {DATABASE_FILE: _first(today).files[DATABASE_FILE]})
    with closing(_open(settings.instance)) as database, database:
        instance_id = secrets.token_bytes(INSTANCE_ID_SIZE)
        database.execute("UPDATE installation SET instance_id = ?", (instance_id,))
    make_installation(settings, today)


def install_first(settings: Settings, today: dt.date) -> None:
    """Make the first installation of that day once more, if it is not there yet."""
    _copy(settings.instance, _first(today).files)
    make_installation(settings, today)


def is_first(content: bytes, today: dt.date) -> bool:
    """Tell whether that is the fingerprint of the first installation of that day."""
    return content == _first(today).content


def fingerprint(instance: Path) -> bytes:
    """Return what tells an installation's database from every other content."""
    with closing(_open(instance)) as database:
        return hashlib.sha256(database.serialize()).digest()


def copy_database(instance: Path, into: Path) -> None:
    """Copy what the database of *instance* holds into that of another folder.

    There it takes the place of what that held, even while others have it open.
    """
    with closing(_open(instance)) as source, closing(_open(into)) as target:
        source.backup(target)


def let_hurry(database: Database) -> None:
    """Let commits not wait for the disk, and statements be compiled once for all tests.

    A test of whether commits wait opens the database as the portal does.
    """
    event.listen(database.engine, "connect", _hurry)
    # What was connected before waits still.
    database.engine.dispose()
    # A statement is compiled for one dialect: all take that of the same engine.
    database.engine.dialect = _compiling().dialect
    database.engine.update_execution_options(compiled_cache=_compiled())


@cache
def _compiling() -> Engine:
    engine = create_engine("sqlite://")
    # Only then the dialect knows what this SQLite can do.
    engine.connect().close()
    return engine


@cache
def _compiled() -> dict[Any, Any]:
    return {}


@dataclass(frozen=True)
class _First:
    files: dict[str, bytes]
    content: bytes


@cache
def _first(today: dt.date) -> _First:
    with TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder) / "instance")
        make_installation(settings, today)
        names = (DATABASE_FILE, SECRET_FILE, GATE_FILE)
        files = {name: (settings.instance / name).read_bytes() for name in names}
        return _First(files, fingerprint(settings.instance))


def _copy(instance: Path, files: dict[str, bytes]) -> None:
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in files.items():
        if not (instance / name).exists():
            (instance / name).touch(mode=0o600)
            (instance / name).write_bytes(content)


def _open(instance: Path) -> sqlite3.Connection:
    database = sqlite3.connect(instance / DATABASE_FILE)
    _hurry(database)
    return database


def _hurry(connection: Any, *_: object) -> None:
    # What a power cut would leave is the matter of the tests that kill a server.
    connection.execute("PRAGMA synchronous = OFF").close()
