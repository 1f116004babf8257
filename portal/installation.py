"""An installation: its folder, settings, secret and database, made once."""

import datetime as dt
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from crypto.lock import INSTANCE_ID_SIZE
from portal import schema
from portal.database import DATABASE_FILE, open_database, transaction
from portal.models import Installation
from portal.runtime import SECRET_FILE, SECRET_SIZE
from portal.settings import SETTINGS_FILE, Settings, write_settings


@dataclass(frozen=True)
class Made:
    """Which parts of an installation were missing and are there now."""

    settings: bool
    secret: bool
    database: bool


def make_installation(settings: Settings, today: dt.date) -> Made:
    """Make what is missing in the installation's folder; change nothing that is there."""
    instance = settings.instance
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Made(
        settings=not (instance / SETTINGS_FILE).exists(),
        secret=not (instance / SECRET_FILE).exists(),
        database=not (instance / DATABASE_FILE).exists(),
    )
    if made.settings:
        write_settings(settings)
    if made.secret:
        _write_secret(instance / SECRET_FILE)
    if made.database:
        _make_database(instance, today)
    return made


def _write_secret(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_bytes(secrets.token_bytes(SECRET_SIZE))


def _make_database(instance: Path, today: dt.date) -> None:
    """Make the database elsewhere and move it in place: it is there whole or not."""
    with TemporaryDirectory(dir=instance) as folder:
        unfinished = Path(folder)
        (unfinished / DATABASE_FILE).touch(mode=0o600)
        database = open_database(unfinished)
        schema.migrate(database.engine)
        with database.sessions() as session, transaction(session):
            instance_id = secrets.token_bytes(INSTANCE_ID_SIZE)
            session.add(Installation(id=1, instance_id=instance_id, made_on=today))
        database.engine.dispose()
        (unfinished / DATABASE_FILE).rename(instance / DATABASE_FILE)


def copy_database(instance: Path, now: dt.datetime) -> Path:
    """Copy the database beside itself, consistent even while it is used."""
    copy = instance / f"{DATABASE_FILE}.{now:%Y-%m-%d-%H%M%S}"
    copy.touch(mode=0o600)
    with (
        closing(sqlite3.connect(instance / DATABASE_FILE)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    return copy
