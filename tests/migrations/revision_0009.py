"""0009, ledger: cases and steps from before have no leaf, and go back as they were."""

import pytest
from migrations.revision_0001 import KEY, ROWS, as_stored, read
from migrations.revision_0008 import NOTE_SHEET
from migrations.revision_0008 import case_row as before
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

LEAVES, DIGEST = bytes([8] * 192), bytes([9] * 113)
NEW = {"custodian_due_on": None, "clock_leaves": None}


def before_upgrade(connection: Connection) -> None:
    """An installation with a case and its first step."""
    insert(connection, "cases", case_row())
    insert(connection, "steps", step_row())


def after_upgrade(connection: Connection) -> None:
    """Neither has a leaf, and nobody outside owes anything; leaves can wait."""
    assert read(connection, "cases") == [case_row(**NEW)]
    assert read(connection, "steps") == [step_row(locked_digest=None)]
    connection.exec_driver_sql("INSERT INTO waiting_leaves VALUES (?)", (KEY,))
    again = connection.begin_nested()
    with pytest.raises(IntegrityError), again:
        connection.exec_driver_sql("INSERT INTO waiting_leaves VALUES (?)", (KEY,))


def before_downgrade(connection: Connection) -> None:
    """A step was taken since, and a custodian owes an answer."""
    connection.exec_driver_sql(
        "UPDATE cases SET clock_leaves = ?, custodian_due_on = '2027-02-01'", (LEAVES,)
    )
    connection.exec_driver_sql("UPDATE steps SET locked_digest = ?", (DIGEST,))


def after_downgrade(connection: Connection) -> None:
    """Both are as they were; no leaf waits any more."""
    assert read(connection, "cases") == [case_row()]
    assert read(connection, "steps") == [step_row()]
    assert "waiting_leaves" not in inspect(connection).get_table_names()


def case_row(**more: object) -> dict[str, object]:
    """Return the case as 0008 has it, with columns that came later."""
    return before(note_sheet=NOTE_SHEET, **more)


def step_row(**more: object) -> dict[str, object]:
    """Return its step as 0008 has it, with columns that came later."""
    return as_stored(ROWS["steps"], **more)


def insert(connection: Connection, table: str, row: dict[str, object]) -> None:
    """Insert a row as it is."""
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)
