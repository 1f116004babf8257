"""0001, first tables: from nothing to every table of the first version, and back."""

from sqlalchemy import Connection, inspect, text

ID, OTHER_ID, KEY = bytes(16), bytes([1] * 16), bytes(32)

ROWS: dict[str, dict[str, object]] = {
    "installation": {"id": 1, "instance_id": ID, "made_on": "2026-12-01"},
    "officers": {
        "id": ID,
        "name": "Rina Wulandari",
        "login_name": "rina wulandari",
        "position": "Auditor",
        "unit": "Sekretariat",
        "is_outside": False,
        "added_on": "2026-12-01",
        "is_retired": False,
        "recipient": bytes(1216),
        "locked_identity": bytes(162),
        "locked_one_time": bytes(101),
        "last_step": 59_887_080,
        "opened_keys": b"opened",
    },
    "invitations": {"id": KEY, "officer_id": ID, "expires_on": "2026-12-04"},
    "cases": {
        "id": OTHER_ID,
        "locator": KEY,
        "status": "acknowledged",
        "is_answered": True,
        "due_on": "2026-12-21",
        "closed_on": None,
        "mask": bytes(64),
        "reporter_lock": bytes(113),
        "summary": bytes(1105),
        "reader_sheet": bytes(1105),
    },
    "wraps": {
        "case_id": OTHER_ID,
        "holder_id": ID,
        "purpose": "case",
        "wrap": bytes(1201),
    },
    "messages": {
        "case_id": OTHER_ID,
        "chain": "thread",
        "number": 0,
        "author": "reporter",
        "written_on": "2026-12-07",
        "envelope": b"sealed",
    },
    "steps": {
        "case_id": OTHER_ID,
        "number": 0,
        "kind": "submitted",
        "taken_on": "2026-12-07",
    },
    "sessions": {"id": KEY, "owner_id": ID, "sweeps": 1, "locked": bytes(2129)},
    "burnt_forms": {"id": KEY, "sweeps": 1, "locked": b"locked"},
    "login_buckets": {"id": KEY, "tokens": 9.5, "filled_at": 1_796_612_400},
    "jobs": {"name": "sweep", "slot": "2026-12-07T02"},
    "audit": {
        "number": 1,
        "day": "2026-12-01",
        "actor": "Rina Wulandari",
        "act": "invited",
        "case_id": None,
        "link": KEY,
    },
}
"""A row of every table as the first version kept it: an open case, and an officer."""


def before_upgrade(connection: Connection) -> None:
    """There is nothing yet."""
    assert tables(connection) == set()


def after_upgrade(connection: Connection) -> None:
    """Every table takes its row."""
    fill(connection)

    assert tables(connection) == set(ROWS)
    for table, row in ROWS.items():
        assert read(connection, table) == [as_stored(row)]


def before_downgrade(connection: Connection) -> None:
    """An installation in use."""
    assert [name for name in ROWS if len(read(connection, name)) != 1] == []


def after_downgrade(connection: Connection) -> None:
    """Nothing is left."""
    assert tables(connection) == set()


def fill(connection: Connection, *, without: str = "") -> None:
    """Write ROWS; for later revisions too, which begin with what was kept before.

    *without*: a column that a revision between has dropped.
    """
    for table, row in ROWS.items():
        kept = [name for name in row if name != without]
        names = ", ".join(kept)
        places = ", ".join(f":{name}" for name in kept)
        # Names of our own tables and columns, written above.
        connection.execute(
            text(f"INSERT INTO {table} ({names}) VALUES ({places})"),
            row,
        )


def read(connection: Connection, table: str) -> list[dict[str, object]]:
    """Return the rows of a table as they are stored."""
    rows = connection.execute(text(f"SELECT * FROM {table}"))
    return [dict(row) for row in rows.mappings()]


def as_stored(row: dict[str, object], **more: object) -> dict[str, object]:
    """Return a row of ROWS as SQLite gives it back, with columns that came later."""
    plain = {
        name: int(value) if isinstance(value, bool) else value
        for name, value in row.items()
    }
    return plain | more


def tables(connection: Connection) -> set[str]:
    """Return the names of the tables, without alembic's own."""
    return set(inspect(connection).get_table_names()) - {"alembic_version"}
