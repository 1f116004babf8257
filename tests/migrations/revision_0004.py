"""0004, the day of retiring: who is retired stays so, on both ways."""

from migrations.revision_0001 import ROWS, as_stored, fill, read
from sqlalchemy import Connection

JOKO = {"id": bytes([2] * 16), "login_name": "joko prasetyo"}
"""Who differs from the officer of ROWS."""


def before_upgrade(connection: Connection) -> None:
    """An officer at work, and one who was marked as retired."""
    fill(connection)
    connection.exec_driver_sql(
        "INSERT INTO officers SELECT ?, name, ?, position, unit, is_outside, added_on,"
        " 1, recipient, locked_identity, locked_one_time, last_step, opened_keys, NULL"
        " FROM officers",
        (JOKO["id"], JOKO["login_name"]),
    )


def after_upgrade(connection: Connection) -> None:
    """One works on, and the other's day is the first that it can have been."""
    rina = as_stored(ROWS["officers"], seen_counts=None, retired_on=None)
    del rina["is_retired"]

    assert read(connection, "officers") == [
        rina,
        rina | JOKO | {"retired_on": "2026-12-01"},
    ]


def before_downgrade(connection: Connection) -> None:
    """The other one retires too, on a day."""
    connection.exec_driver_sql(
        "UPDATE officers SET retired_on = '2026-12-24' WHERE retired_on IS NULL"
    )


def after_downgrade(connection: Connection) -> None:
    """Both are marked; the days are forgotten, and nothing else."""
    rina = as_stored(ROWS["officers"], seen_counts=None, is_retired=1)

    assert read(connection, "officers") == [rina, rina | JOKO]
