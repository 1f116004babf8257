"""0015, set days: a day that a custodian set, and that still counts, is kept as such."""

from migrations.revision_0001 import as_stored, read
from migrations.revision_0009 import insert
from migrations.revision_0010 import case_row as before
from sqlalchemy import Connection, inspect

STEPS = {
    "given-back": ("received", "returned"),
    "twice": ("received", "returned", "taken-over", "returned", "acknowledged"),
    "hunted": ("received", "returned", "trouble"),
    "over": ("received", "returned", "closed"),
    "own-days": ("received", "acknowledged"),
}
STILL_SET = {"given-back", "twice"}
DAY = "2027-02-01"


def before_upgrade(connection: Connection) -> None:
    """Cases, some of which a custodian gave back."""
    for name, kinds in STEPS.items():
        insert(connection, "cases", case_row(name))
        for number, kind in enumerate(kinds):
            row = {"number": number, "kind": kind, "taken_on": "2027-01-04"}
            insert(connection, "steps", row | {"case_id": id_of(name)})


def after_upgrade(connection: Connection) -> None:
    """Where the day of now is the custodian's it stands twice; elsewhere it does not."""
    rows = {row["id"]: row["set_due_on"] for row in read(connection, "cases")}
    assert rows == {id_of(name): DAY if name in STILL_SET else None for name in STEPS}


def before_downgrade(connection: Connection) -> None:
    """Another is given back."""
    connection.exec_driver_sql("UPDATE cases SET set_due_on = '2027-02-02'")


def after_downgrade(connection: Connection) -> None:
    """Each case is as it was."""
    columns = {one["name"] for one in inspect(connection).get_columns("cases")}
    assert "set_due_on" not in columns
    assert sorted(read(connection, "cases"), key=by_id) == sorted(
        (as_stored(case_row(name)) for name in STEPS), key=by_id
    )


def by_id(row: dict[str, object]) -> object:
    """Return what cases are ordered by."""
    return row["id"]


def id_of(name: str) -> bytes:
    """Return a case's id."""
    return name.encode().ljust(16, b".")


def case_row(name: str) -> dict[str, object]:
    """Return a case as 0010 has it."""
    own = {"id": id_of(name), "locator": id_of(name) * 2, "due_on": DAY}
    return before(is_urgent=0, **own)
