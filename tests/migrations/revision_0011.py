"""0011, the trail: what waits goes on waiting; the new tables take their rows."""

import pytest
from migrations.revision_0001 import ID, KEY, read
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

TABLES = {
    "ledger_leaves",
    "ledger_nodes",
    "ledger_days",
    "cosignatures",
    "public_papers",
}
OTHER_KEY = bytes([7] * 32)

INSERTS: dict[str, tuple[object, ...]] = {
    "INSERT INTO ledger_leaves (number, leaf) VALUES (?, ?)": (0, KEY),
    "INSERT INTO ledger_nodes (level, place, hash) VALUES (?, ?, ?)": (5, 0, KEY),
    "INSERT INTO ledger_days VALUES (?, ?, ?, ?, ?, ?, ?)": (
        *("2027-01-04", 32, KEY, KEY, "a note", 1, KEY),
    ),
    "INSERT INTO public_papers VALUES (?, ?, ?, ?)": (KEY, 3, "2027-01-04", "rules"),
}


def before_upgrade(connection: Connection) -> None:
    """A leaf waits."""
    connection.exec_driver_sql("INSERT INTO waiting_leaves VALUES (?)", (KEY,))


def after_upgrade(connection: Connection) -> None:
    """It waits for a day that is not known; no leaf stands twice, no line without a day."""
    assert read(connection, "waiting_leaves") == [{"leaf": KEY, "day": None}]
    for statement, row in INSERTS.items():
        connection.exec_driver_sql(statement, row)
    twice = "INSERT INTO ledger_leaves (number, leaf) VALUES (1, ?)"
    loose = "INSERT INTO cosignatures VALUES ('2027-01-05', ?, ?, '2027-01-05', 'x')"
    for statement, row in ((twice, (KEY,)), (loose, (OTHER_KEY, ID))):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql(statement, row)


def before_downgrade(connection: Connection) -> None:
    """Another waits, and its day is known."""
    connection.exec_driver_sql(
        "INSERT INTO waiting_leaves VALUES (?, '2027-01-05')", (OTHER_KEY,)
    )


def after_downgrade(connection: Connection) -> None:
    """Both wait; the new tables are gone."""
    kept = {row["leaf"] for row in read(connection, "waiting_leaves")}
    assert kept == {KEY, OTHER_KEY}
    assert not TABLES & set(inspect(connection).get_table_names())
