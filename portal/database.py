"""The database: one engine, sessions, and transactions that are whole.

SQLite: WAL, synchronous FULL, secure_delete and foreign keys on every
connection. Writes begin IMMEDIATE and wait in line under a lock of the worker:
SQLite's own waiting is a poll without order.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from crypto import InstanceId
from portal.errors import OlderSchemaError, StoreUnavailableError
from portal.models import Installation

DATABASE_FILE = "lurus.sqlite3"
BUSY_SECONDS = 5
CONNECTIONS = 45
"""One for each thread of a worker, and one to spare."""

FAULTS = (OperationalError, PoolTimeoutError)
"""What reading may raise where the database is locked or out of reach."""

_SHRINK_SECONDS = 0.1
_SHRINK_PAUSES = (0.0, 0.05, 0.1, 0.2, 0.4)
_WRITES = "writes"
_LOCK = "write_lock"
_ENDS = "ends"


@dataclass(frozen=True)
class Database:
    """The engine and what makes sessions of it."""

    engine: Engine
    sessions: sessionmaker[Session]


def open_database(instance: Path) -> Database:
    """Open the database of the installation in *instance*.

    Raises:
        OlderSchemaError: there is none; the driver would silently make an empty one.
    """
    if not (instance / DATABASE_FILE).exists():
        raise OlderSchemaError("There is no database yet; run `lurus init`.")
    engine = create_engine(
        f"sqlite:///{instance / DATABASE_FILE}",
        pool_size=CONNECTIONS,
        max_overflow=0,
        # The connection used last has its statements and pages at hand.
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    # At DEBUG it would write every row that is read: names, locators, sealed texts.
    logging.getLogger("sqlalchemy.engine.Engine").disabled = True
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    sessions = sessionmaker(
        engine, expire_on_commit=False, info={_LOCK: threading.Lock()}
    )
    return Database(engine, sessions)


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """Write as a whole or not at all; committed when the block is left.

    Raises:
        StoreUnavailableError: locked, read-only, full or away; nothing was stored.
    """
    ends = session.info[_ENDS] = []
    try:
        with _in_line(session.info[_LOCK]), _naming_faults(session):
            # What was read so far is over: a write must see the newest rows.
            session.commit()
            session.connection(execution_options={_WRITES: True})
            yield
            session.commit()
    except BaseException:
        for end in ends:
            end.failed()
        raise
    for end in ends:
        end.committed()


class _End(NamedTuple):
    """What outside the database belongs to a transaction."""

    committed: Callable[[], None]
    failed: Callable[[], None]


def once_over(
    session: Session, *, committed: Callable[[], None], failed: Callable[[], None]
) -> None:
    """Do one of both when the transaction that is open is over, and its line left."""
    session.info[_ENDS].append(_End(committed, failed))


def rest(session: Session) -> None:
    """End what was read so far: while a body comes in nobody holds the journal."""
    session.commit()


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """Name the faults of the database while reading.

    Raises:
        StoreUnavailableError: locked or out of reach.
    """
    with _naming_faults(session):
        yield


def find_instance_id(session: Session) -> InstanceId:
    """Return which installation this database is.

    Raises:
        OlderSchemaError: there are no tables yet.
    """
    try:
        installation = session.scalar(select(Installation))
    except OperationalError:
        raise OlderSchemaError("There is no database yet; run `lurus init`.") from None
    if installation is None:
        raise OlderSchemaError("The database is empty; run `lurus init`.")
    return InstanceId(installation.instance_id)


def shrink_journal(session: Session, *, tries: int = len(_SHRINK_PAUSES)) -> bool:
    """Write the WAL back and empty it, so that nothing replaced stays in it.

    False: others read in it all the while. Each hour's sweep tries again.
    """
    session.commit()
    with session.get_bind().connect() as connection:  # type: ignore[union-attr]  # an Engine
        # Shorter than others wait: it keeps them out while it waits for readers.
        _wait_at_most(connection, _SHRINK_SECONDS)
        try:
            for pause in _SHRINK_PAUSES[:tries]:
                time.sleep(pause)
                if _is_shrunk(connection):
                    return True
            return False
        finally:
            _wait_at_most(connection, BUSY_SECONDS)


def _is_shrunk(connection: Connection) -> bool:
    try:
        shrunk = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError:
        return False  # somebody else is shrinking it
    is_busy, *_frames = shrunk.one()
    return not is_busy


def _wait_at_most(connection: Connection, seconds: float) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


@contextmanager
def _in_line(lock: threading.Lock) -> Iterator[None]:
    # Who waits behind a database that is locked is told, not kept.
    if not lock.acquire(timeout=BUSY_SECONDS):
        raise StoreUnavailableError
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _naming_faults(session: Session) -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeoutError):
        session.rollback()
        raise StoreUnavailableError from None
    except IntegrityError:
        session.rollback()
        raise
    except DBAPIError:
        session.rollback()
        raise StoreUnavailableError from None
    except BaseException:
        session.rollback()
        raise


def _prepare(connection: Any, _record: object) -> None:
    # Transactions are begun by `_begin`, not by the driver's guesses.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "secure_delete = ON",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        # In KiB: a page of the list and the keys kept for ten thousand cases.
        "cache_size = -4000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
