"""0002, hand-over: what there is, officers have already; what comes in waits."""

from migrations.revision_0001 import ROWS, as_stored, fill, read
from sqlalchemy import Connection

TABLES = ("cases", "messages")


def before_upgrade(connection: Connection) -> None:
    """An installation in use, whose officers see everything."""
    fill(connection)


def after_upgrade(connection: Connection) -> None:
    """Nobody loses sight of a case; nothing else changed."""
    for table, row in ROWS.items():
        more = {"is_handed_over": 1} if table in TABLES else {}
        assert read(connection, table) == [as_stored(row, **more)]


def before_downgrade(connection: Connection) -> None:
    """A case and a message that wait for the next hand-over."""
    for table in TABLES:
        connection.exec_driver_sql(f"UPDATE {table} SET is_handed_over = 0")


def after_downgrade(connection: Connection) -> None:
    """They stay: the older version hands over at once."""
    for table, row in ROWS.items():
        assert read(connection, table) == [as_stored(row)]
