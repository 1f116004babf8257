"""The schema of the database: made and changed by migrations alone."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from portal.errors import OlderSchemaError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to *revision*, in one transaction."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def check_schema(engine: Engine) -> None:
    """Check that no migration is missing.

    Raises:
        OlderSchemaError: run `lurus upgrade`.
    """
    if current_revision(engine) != newest_revision():
        raise OlderSchemaError


def current_revision(engine: Engine) -> str | None:
    """Return the revision the database is at; None: no tables yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return the revision this program expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
