"""An installation: its folder, settings, secret and database, made once."""

import datetime as dt
import os
import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crypto import GateSecret
from crypto.lock import INSTANCE_ID_SIZE
from portal import schema
from portal.database import (
    DATABASE_FILE,
    find_instance_id,
    open_database,
    shrink_journal,
    transaction,
)
from portal.errors import OlderSchemaError, UpgradeError
from portal.escalation import Escalation
from portal.ledger_batches import DailyLedger
from portal.ledger_keys import LEDGER_KEY_FILE, draw_ledger_key
from portal.models import AuditEntry, Installation, Message, Step
from portal.notices import Courier
from portal.objects import OBJECTS_FOLDER, ObjectStore
from portal.policies import policies_text
from portal.runtime import GATE_FILE, SECRET_FILE, SECRET_SIZE, read_gate_secret
from portal.secret_files import write_secret
from portal.settings import Settings
from portal.settings_file import SETTINGS_FILE, write_settings
from portal.shredding import Purge, Shredder
from portal.tending import Tender

_BROUGHT_ALONG = frozenset({"README.md", ".gitignore"})


@dataclass(frozen=True)
class Made:
    """Which parts of an installation were missing and are there now."""

    settings: bool
    secret: bool
    gate: bool
    ledger_key: bool
    database: bool


def make_installation(settings: Settings, today: dt.date) -> Made:
    """Make what is missing in the installation's folder; change nothing that is there."""
    instance = settings.instance
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    if is_untouched(instance):
        # A clone's folder is readable by everybody; one with other things is not ours.
        instance.chmod(0o700)
    made = Made(
        settings=not (instance / SETTINGS_FILE).exists(),
        secret=not (instance / SECRET_FILE).exists(),
        gate=not (instance / GATE_FILE).exists(),
        ledger_key=not (instance / LEDGER_KEY_FILE).exists(),
        database=not (instance / DATABASE_FILE).exists(),
    )
    if made.settings:
        write_settings(settings)
    if made.secret:
        draw_secret(instance)
    if made.gate:
        keep_gate_secret(instance, GateSecret.generate())
    if made.ledger_key:
        draw_ledger_key(instance)
    if made.database:
        _make_database(instance, today)
    return made


def is_untouched(instance: Path, *besides: str) -> bool:
    """Tell whether the folder holds nothing but what a clone brings, or is not there.

    *besides*: names that do not count either.
    """
    there = instance.iterdir() if instance.exists() else ()
    return _BROUGHT_ALONG.union(besides).issuperset(child.name for child in there)


def draw_secret(instance: Path) -> None:
    """Draw the instance's secret, for its owner alone; no backup holds it."""
    write_secret(instance / SECRET_FILE, secrets.token_bytes(SECRET_SIZE))


def keep_gate_secret(instance: Path, secret: GateSecret) -> None:
    """Write the gate's secret, for its owner alone; it never enters the database."""
    write_secret(instance / GATE_FILE, bytes(secret))


def _make_database(instance: Path, today: dt.date) -> None:
    """Make the database elsewhere and move it in place: it is there whole or not."""
    with TemporaryDirectory(dir=instance) as folder:
        unfinished = Path(folder)
        (unfinished / DATABASE_FILE).touch(mode=0o600)
        database = open_database(unfinished)
        schema.migrate(database.engine)
        with database.sessions() as session, transaction(session):
            instance_id = secrets.token_bytes(INSTANCE_ID_SIZE)
            session.add(
                Installation(
                    id=1,
                    instance_id=instance_id,
                    made_on=today,
                    counted_since=today,
                )
            )
        database.engine.dispose()
        (unfinished / DATABASE_FILE).rename(instance / DATABASE_FILE)


def upgrade_database(instance: Path, now: dt.datetime) -> Path:
    """Copy the database beside itself, then bring it to this version's schema.

    Returns the copy, which nobody but its owner can read.

    Raises:
        NewerSchemaError: this program is older than the database.
        UpgradeError: it is in use, or cannot be copied or changed; it is as before.
    """
    database = open_database(instance)
    try:
        with suppress(OlderSchemaError):
            schema.check_schema(database.engine)
        database.engine.dispose()
        _check_unused(instance / DATABASE_FILE)
        copy = _copy_database(instance, now)
        schema.migrate(database.engine)
    except SQLAlchemyError as error:
        sentence = f"A migration failed ({type(error).__name__}); nothing was changed."
        raise UpgradeError(sentence) from None
    finally:
        database.engine.dispose()
    return copy


def _check_unused(path: Path) -> None:
    """Check that no server has the database open: it would work on with old tables."""
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as alone:
            alone.execute("PRAGMA locking_mode = EXCLUSIVE")
            alone.execute("BEGIN EXCLUSIVE")
            alone.execute("ROLLBACK")
    except sqlite3.OperationalError:
        raise UpgradeError(
            "The database is in use: stop the server and the timer first."
        ) from None


def _copy_database(instance: Path, now: dt.datetime) -> Path:
    copy = instance / f"{DATABASE_FILE}.{now:%Y-%m-%d-%H%M%S}"
    # Made anew, for the owner alone, before there is anything in it.
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with (
            closing(sqlite3.connect(instance / DATABASE_FILE)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            ((verdict,),) = target.execute("PRAGMA quick_check(1)")
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict != "ok":
        copy.unlink()
        cause = " ".join(verdict.split()).removesuffix(".")
        raise UpgradeError(f"The database cannot be copied: {cause}.")
    return copy


def do_what_is_due(
    settings: Settings, now: dt.datetime, courier: Courier | None = None
) -> list[str]:
    """Do all due work at once; return the names of what was done.

    *courier*: who carries the daily notice; None: none is sent.
    """
    database = open_database(settings.instance)
    schema.check_schema(database.engine)
    objects = ObjectStore(settings.instance / OBJECTS_FOLDER)
    purge = Purge(Shredder(objects, settings.instance), settings.retention)
    ledger = DailyLedger(settings.instance, policies_text(settings))
    done: list[str] = []
    with database.sessions() as session:
        gate = read_gate_secret(settings.instance).key(find_instance_id(session))
        escalation = Escalation(settings.rules, gate)
        tender = Tender(
            settings.hand_over,
            courier,
            objects,
            purge,
            ledger,
            escalation,
            settings.fixed_days,
            settings.clock_guard,
        )
        while tender.has_more:
            done += tender.tend(session, now)
        shrink_journal(session)
    database.engine.dispose()
    return done


def newest_day(session: Session) -> dt.date:
    """Return the newest day that the database knows to have been."""
    columns = (Installation.made_on, AuditEntry.day, Step.taken_on, Message.written_on)
    days = [session.scalar(select(func.max(column))) for column in columns]
    return max((day for day in days if day), default=dt.date.min)
