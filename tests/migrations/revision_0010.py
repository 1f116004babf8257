"""0010, urgent: no case from before is, and each goes back as it was."""

from migrations.revision_0001 import read
from migrations.revision_0009 import NEW, insert
from migrations.revision_0009 import case_row as before
from sqlalchemy import Connection, inspect


def before_upgrade(connection: Connection) -> None:
    """An installation with a case."""
    insert(connection, "cases", case_row())


def after_upgrade(connection: Connection) -> None:
    """Nobody is after its reporter, as far as anybody was told."""
    assert read(connection, "cases") == [case_row(is_urgent=0)]


def before_downgrade(connection: Connection) -> None:
    """It was told since."""
    connection.exec_driver_sql("UPDATE cases SET is_urgent = 1")


def after_downgrade(connection: Connection) -> None:
    """The case is as it was; nothing of it stands on top."""
    assert read(connection, "cases") == [case_row()]
    indexes = {one["name"] for one in inspect(connection).get_indexes("cases")}
    assert "cases_on_top" not in indexes


def case_row(**more: object) -> dict[str, object]:
    """Return the case as 0009 has it, with columns that came later."""
    return before(**NEW, **more)
