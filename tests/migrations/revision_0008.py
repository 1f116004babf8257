"""0008, not alone: cases and people from before stay as they are, and go back so."""

import pytest
from migrations.revision_0001 import ID, KEY, OTHER_ID, ROWS, as_stored, read
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

NOTE_SHEET, SIGNATURE, REPLY = bytes([5] * 1105), bytes([6] * 64), bytes([7] * 4177)
CASE_OF_BEFORE = {"is_handed_over": 1, "purge_on": None}
TABLES = {"staff", "vouchers", "rounds", "leaflets", "replies"}

INSERTS: dict[str, tuple[object, ...]] = {
    "INSERT INTO staff (id, number, name, position, unit) VALUES (?, ?, ?, ?, ?)": (
        *(ID, "198001012005011001", "Joko Susilo", "Analis", "Mutasi"),
    ),
    "INSERT INTO vouchers (id, batch) VALUES (?, ?)": (KEY, "2027-A"),
    "INSERT INTO leaflets (locator, ends_on) VALUES (?, ?)": (KEY, "2027-12-01"),
    "INSERT INTO replies (id, locator, written_on, envelope) VALUES (?, ?, ?, ?)": (
        *(ID, KEY, "2027-01-04", REPLY),
    ),
}


def before_upgrade(connection: Connection) -> None:
    """An installation with a case."""
    row = case_row()
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO cases ({names}) VALUES ({places})"), row)


def after_upgrade(connection: Connection) -> None:
    """No case has a note sheet; the new tables take their rows."""
    assert read(connection, "cases") == [case_row(note_sheet=None)]
    for statement, row in INSERTS.items():
        connection.exec_driver_sql(statement, row)
    again = "INSERT INTO staff VALUES (?, '198001012005011001', 'x', 'x', 'x')"
    foreign = "INSERT INTO replies VALUES (?, zeroblob(32), '2027-01-04', ?)"
    for statement, values in ((again, (OTHER_ID,)), (foreign, (OTHER_ID, None))):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql(statement, values)


def before_downgrade(connection: Connection) -> None:
    """Something was kept since."""
    connection.exec_driver_sql("UPDATE cases SET note_sheet = ?", (NOTE_SHEET,))
    assert [row["batch"] for row in read(connection, "vouchers")] == ["2027-A"]


def after_downgrade(connection: Connection) -> None:
    """The case is as it was; the new tables are gone."""
    assert read(connection, "cases") == [case_row()]
    assert not TABLES & set(inspect(connection).get_table_names())
    people = {one["name"] for one in inspect(connection).get_columns("people")}
    assert "signing_key" not in people


def case_row(**more: object) -> dict[str, object]:
    """Return the case as 0007 has it, with columns that came later."""
    return as_stored(ROWS["cases"], **CASE_OF_BEFORE, **more)
