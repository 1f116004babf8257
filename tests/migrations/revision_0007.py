"""0007, evidence: cases and texts from before stay as they are, and go back so."""

import pytest
from migrations.revision_0001 import ID, KEY, OTHER_ID, ROWS, as_stored, read
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

FIRST_OBJECT, SECOND_OBJECT, NO_OBJECT = (bytes([n] * 16) for n in (7, 8, 9))
NO_CASE = bytes([9] * 16)
MANIFEST, BACKUP_RECIPIENT = bytes([5] * 8273), bytes([6] * 1216)
PURGED_ON, MADE_ON = "2027-03-01", "2026-12-08"

BEFORE = {
    "installation": {
        "recovery_recipient": None,
        "recovery_made_on": None,
        "recovery_used_on": None,
    },
    "cases": {"is_handed_over": 1},
    "messages": {"is_handed_over": 1},
}
"""What these tables have had since 0001."""

NEW_COLUMNS = {
    "installation": ("backup_recipient", "backup_made_on"),
    "cases": ("purge_on",),
    "messages": ("manifest",),
}

ATTACH = "INSERT INTO attachments (case_id, object_id) VALUES (?, ?)"
RECEIVE = (
    "INSERT INTO uploads (id, object_id, size, sweeps, locked) VALUES (?, ?, ?, ?, ?)"
)


def before_upgrade(connection: Connection) -> None:
    """An installation with a case and its report."""
    for table in BEFORE:
        row = row_of(table)
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(
            text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row
        )


def after_upgrade(connection: Connection) -> None:
    """No case has a day to go on, no text a file, and nothing a key for backups."""
    for table, columns in NEW_COLUMNS.items():
        assert read(connection, table) == [row_of(table, **dict.fromkeys(columns))]
    assert read(connection, "attachments") == read(connection, "uploads") == []
    assert index_of_purges(connection) == ["purge_on"]
    for case_id, object_id in ((OTHER_ID, FIRST_OBJECT), (OTHER_ID, SECOND_OBJECT)):
        connection.exec_driver_sql(ATTACH, (case_id, object_id))
    connection.exec_driver_sql(RECEIVE, (KEY, ID, 65_536, 0, bytes(1105)))
    refuse_doubles(connection)


def before_downgrade(connection: Connection) -> None:
    """Files came since, a case is over, and backups are sealed."""
    for statement, value in (
        ("UPDATE cases SET purge_on = ?", PURGED_ON),
        ("UPDATE messages SET manifest = ?", MANIFEST),
        ("UPDATE installation SET backup_recipient = ?", BACKUP_RECIPIENT),
        ("UPDATE installation SET backup_made_on = ?", MADE_ON),
    ):
        connection.exec_driver_sql(statement, (value,))
    assert [row["object_id"] for row in read(connection, "attachments")] == [
        *(FIRST_OBJECT, SECOND_OBJECT)
    ]
    assert [row["size"] for row in read(connection, "uploads")] == [65_536]


def after_downgrade(connection: Connection) -> None:
    """The case and its report are as they were; files are forgotten with their keys."""
    for table in NEW_COLUMNS:
        assert read(connection, table) == [row_of(table)]
    assert not {"attachments", "uploads"} & set(inspect(connection).get_table_names())
    assert index_of_purges(connection) is None


def refuse_doubles(connection: Connection) -> None:
    """One object is of one case, of one form, and of a case that is there."""
    for statement, row in (
        (ATTACH, (OTHER_ID, FIRST_OBJECT)),
        (ATTACH, (NO_CASE, NO_OBJECT)),
        (ATTACH, (OTHER_ID, None)),
        (RECEIVE, (KEY, NO_OBJECT, 65_536, 0, bytes(1105))),
        (RECEIVE, (bytes([1] * 32), ID, 65_536, 0, bytes(1105))),
        (RECEIVE, (bytes([2] * 32), NO_OBJECT, 65_536, 0, None)),
    ):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql(statement, row)


def row_of(table: str, **more: object) -> dict[str, object]:
    """Return the row of a table as 0006 has it, with columns that came later."""
    return as_stored(ROWS[table], **BEFORE[table], **more)


def index_of_purges(connection: Connection) -> list[str | None] | None:
    """Return the columns of the index that finds the cases to go; None: no index."""
    found = {one["name"]: one for one in inspect(connection).get_indexes("cases")}
    index = found.get("cases_by_purge")
    return index and index["column_names"]
