"""The installation that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from portal import schema
from portal.database import open_database
from portal.settings import Settings


@contextmanager
def opened_database(settings: Settings) -> Iterator[Session]:
    """Open the installation's database for one command."""
    database = open_database(settings.instance)
    try:
        schema.check_schema(database.engine)
        with database.sessions() as session:
            yield session
    finally:
        database.engine.dispose()
