"""0003, what an officer has seen: nothing is known of it at first."""

from migrations.revision_0001 import ROWS, as_stored, fill, read
from sqlalchemy import Connection


def before_upgrade(connection: Connection) -> None:
    """An officer at work."""
    fill(connection)


def after_upgrade(connection: Connection) -> None:
    """The officer is who it was, and has seen nothing yet."""
    officer = as_stored(ROWS["officers"], seen_counts=None)

    assert read(connection, "officers") == [officer]


def before_downgrade(connection: Connection) -> None:
    """The officer has looked at the list."""
    connection.exec_driver_sql("UPDATE officers SET seen_counts = x'5ea1ed'")


def after_downgrade(connection: Connection) -> None:
    """What was seen is forgotten, and nothing else."""
    assert read(connection, "officers") == [as_stored(ROWS["officers"])]
