"""0013, figures: nothing was counted before; what is counted since goes on the way back."""

from migrations.revision_0001 import ID, KEY, read
from sqlalchemy import Connection, inspect, text

SEALED, SIGNATURE = bytes([8] * 1282), bytes([9] * 64)
# Before any upgrade, by whichever clock.
DAY = "2020-12-01"
TABLES = {"tallies", "figures", "improvements"}

INSERTS: dict[str, tuple[object, ...]] = {
    "INSERT INTO tallies (id, holder_id, period, sealed) VALUES (?, ?, ?, ?)": (
        *(KEY[:16], ID, "2026-H2", SEALED),
    ),
    "INSERT INTO figures (period, body, custodian_id, signature) VALUES (?, ?, ?, ?)": (
        *("2026-H2", "{}", ID, SIGNATURE),
    ),
    "INSERT INTO improvements VALUES (?, ?, ?, ?)": (
        *("2026-H2", "Loket baru.", "", "2027-04-01"),
    ),
}


def before_upgrade(connection: Connection) -> None:
    """An installation, and a custodian who works with it."""
    connection.execute(
        text(
            "INSERT INTO installation (id, instance_id, made_on) VALUES (1, :id, :day)"
        ),
        {"id": ID, "day": DAY},
    )
    connection.execute(
        text(
            "INSERT INTO people (id, name, login_name, position, unit, is_officer, "
            "is_outside, is_custodian, is_administrator, added_on, last_step) VALUES "
            "(:id, 'Sri', 'sri', '', '', false, false, true, false, :day, 0)"
        ),
        {"id": ID, "day": DAY},
    )


def after_upgrade(connection: Connection) -> None:
    """Counting begins on the day of the upgrade, not with the installation."""
    (installation,) = read(connection, "installation")
    assert installation["made_on"] == DAY
    assert str(installation["counted_since"]) > DAY
    assert not any(read(connection, table) for table in TABLES)
    for statement, row in INSERTS.items():
        connection.exec_driver_sql(statement, row)


def before_downgrade(connection: Connection) -> None:
    """Something was counted and published since."""
    assert all(len(read(connection, table)) == 1 for table in TABLES)


def after_downgrade(connection: Connection) -> None:
    """The installation is as it was; the new tables are gone."""
    assert not TABLES & set(inspect(connection).get_table_names())
    (installation,) = read(connection, "installation")
    assert "counted_since" not in installation
