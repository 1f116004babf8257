"""0006, whom an act was about: entries from before hold as they are, on both ways."""

from migrations.revision_0001 import ROWS, as_stored, read
from sqlalchemy import Connection, text


def before_upgrade(connection: Connection) -> None:
    """One entry of the record, as the version before wrote it."""
    connection.execute(
        text(
            "INSERT INTO audit (number, day, actor, act, case_id, link)"
            " VALUES (:number, :day, :actor, :act, :case_id, :link)"
        ),
        ROWS["audit"],
    )


def after_upgrade(connection: Connection) -> None:
    """It is about nobody, and its link is the same: nothing new is hashed."""
    assert read(connection, "audit") == [as_stored(ROWS["audit"], concerns=None)]


def before_downgrade(connection: Connection) -> None:
    """An administrator has invited somebody since."""
    connection.exec_driver_sql(
        "INSERT INTO audit (number, day, actor, act, concerns, link)"
        " VALUES (2, '2026-12-02', 'Sri', 'invited', 'Joko', zeroblob(32))"
    )


def after_downgrade(connection: Connection) -> None:
    """Both entries stay; whom the second was about is forgotten."""
    first, second = read(connection, "audit")

    assert first == as_stored(ROWS["audit"])
    assert (second["actor"], second["act"]) == ("Sri", "invited")
