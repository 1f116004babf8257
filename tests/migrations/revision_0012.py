"""0012, the Integrity Zone: new tables that take their rows, and go with them."""

import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

DAY = "2026-11-20"
ROWS: dict[str, tuple[object, ...]] = {
    "zone_declarations": (1, "Kami siap.", "", "Trenggalek", DAY, DAY),
    "zone_statements": (1, "Sutrisno Hadi", "Kepala Badan", DAY, DAY, None),
    "zone_promises": ("no-search", "Saya tidak mencari.", "I do not search."),
    "zone_reports": ("change", "Sudah berjalan.", "", DAY),
    "zone_predicates": (1, "WBK", 2025, DAY),
    "pact_units": ("Umum", 12, 9, DAY),
}


def before_upgrade(connection: Connection) -> None:
    """Nothing of the kind was kept before."""
    assert not ROWS.keys() & set(inspect(connection).get_table_names())


def after_upgrade(connection: Connection) -> None:
    """Every table takes its rows; no unit has more signatures than people."""
    for table, row in ROWS.items():
        places = ", ".join("?" * len(row))
        connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({places})", row)
    too_many = "INSERT INTO pact_units VALUES ('Loket', 3, 4, ?)"
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.exec_driver_sql(too_many, (DAY,))


def before_downgrade(connection: Connection) -> None:
    """What was kept is there."""
    found = connection.exec_driver_sql("SELECT signed FROM pact_units").all()
    assert [row[0] for row in found] == [9]


def after_downgrade(connection: Connection) -> None:
    """The tables are gone."""
    assert not ROWS.keys() & set(inspect(connection).get_table_names())
