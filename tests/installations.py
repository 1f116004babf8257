"""Installations of the tests: migrations make the first, the others copy its database.

Every one has an id and secrets of its own. How migrations and `make_installation`
make a database is the matter of tests that call those themselves.
"""

import datetime as dt
import secrets
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from crypto.lock import INSTANCE_ID_SIZE
from portal.database import DATABASE_FILE
from portal.installation import make_installation
from portal.settings import Settings


def install(settings: Settings, today: dt.date) -> None:
    """Make an installation, if it is not there yet."""
    path = settings.instance / DATABASE_FILE
    if not path.exists():
        settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_bytes(_first_database())
        _name(path, today)
    make_installation(settings, today)


@cache
def _first_database() -> bytes:
    with TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder) / "instance")
        make_installation(settings, dt.date.min)
        return (settings.instance / DATABASE_FILE).read_bytes()


def _name(path: Path, today: dt.date) -> None:
    """Let the copy be an installation of its own, made today."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute(
            "UPDATE installation SET instance_id = ?, made_on = ?",
            (secrets.token_bytes(INSTANCE_ID_SIZE), today.isoformat()),
        )
