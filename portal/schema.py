"""The schema of the database: made and changed by migrations alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from portal.errors import (
    NewerSchemaError,
    OlderSchemaError,
    StoreUnavailableError,
    UpgradeError,
)

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to *revision*, in one transaction.

    Raises:
        UpgradeError: rows would refer to rows that are not there; nothing changed.
    """
    with _as_a_whole(engine) as config:
        command.upgrade(config, revision)


def take_back(engine: Engine, revision: str = "base") -> None:
    """Bring the schema down to *revision*, in one transaction; raises as `migrate`."""
    with _as_a_whole(engine) as config:
        command.downgrade(config, revision)


def check_schema(engine: Engine) -> None:
    """Check that this is the schema the program was written for.

    Raises:
        OlderSchemaError: run `lurus upgrade`.
        NewerSchemaError: the program is older than the database.
        StoreUnavailableError: the database cannot be read.
    """
    current = current_revision(engine)
    if current == newest_revision():
        return
    if current is None or current in revisions():
        raise OlderSchemaError
    raise NewerSchemaError


def current_revision(engine: Engine) -> str | None:
    """Return the revision the database is at; None: no tables yet.

    Raises:
        StoreUnavailableError: it cannot be read.
    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError:
        raise StoreUnavailableError("The database cannot be read.") from None


def newest_revision() -> str | None:
    """Return the revision this program expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revisions() -> list[str]:
    """Return every revision this program knows, the oldest first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


@contextmanager
def _as_a_whole(engine: Engine) -> Iterator[Config]:
    with engine.connect() as connection, _rebuilding(connection):
        config = _config()
        config.attributes["connection"] = connection
        yield config
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise UpgradeError("Rows refer to rows that are not there.")
        connection.commit()


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """Let tables be rebuilt: SQLite changes a column by making its table anew.

    To drop the old one would delete what refers to it, or be refused. The switch
    works outside of a transaction alone.
    """
    driver = connection.connection
    driver.cursor().execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.cursor().execute("PRAGMA foreign_keys = ON")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
