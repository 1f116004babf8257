"""0014, evaluations: people stay what they were; who evaluates goes with the way back."""

import pytest
from migrations.revision_0001 import KEY, OTHER_ID, ROWS, as_stored, read
from migrations.revision_0005 import RINA
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

TABLES = {"evaluations", "evaluation_findings"}
RINA_OF_BEFORE = RINA | {"signing_key": None}
EVALUATOR = (
    "INSERT INTO people (id, name, login_name, position, unit, is_officer, is_outside,"
    " is_custodian, is_administrator, added_on, last_step, is_evaluator, admitted_until)"
    " VALUES (?, 'Tono', ?, '', '', ?, 0, ?, ?, '2026-12-02', 0, 1, ?)"
)
UNTIL = "2027-06-30"
EVALUATION = "INSERT INTO evaluations VALUES (1, '2027-03-31', 1, NULL, '')"
FINDING = (
    "INSERT INTO evaluation_findings VALUES"
    " (1, '2027-03-31', 'Poster belum ada', 'Sekretariat', '2027-04-30', NULL, '')"
)


def before_upgrade(connection: Connection) -> None:
    """An officer, as the version before has one."""
    row = rina()
    names, places = ", ".join(row), ", ".join("?" * len(row))
    connection.exec_driver_sql(
        f"INSERT INTO people ({names}) VALUES ({places})", tuple(row.values())
    )


def after_upgrade(connection: Connection) -> None:
    """Nobody evaluates; who does is nothing else, until a day."""
    more = {"is_evaluator": 0, "admitted_until": None}
    assert read(connection, "people") == [rina() | more]
    connection.exec_driver_sql(EVALUATION)
    connection.exec_driver_sql(FINDING)
    wrong = ((1, 0, 0, UNTIL), (0, 1, 0, UNTIL), (0, 0, 1, UNTIL), (0, 0, 0, None))
    for roles in wrong:
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql(EVALUATOR, (OTHER_ID, "tono", *roles))
    again = EVALUATION.replace("(1,", "(2,")
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.exec_driver_sql(again)


def before_downgrade(connection: Connection) -> None:
    """Somebody evaluates, at a browser that is known."""
    connection.exec_driver_sql(EVALUATOR, (OTHER_ID, "tono", 0, 0, 0, UNTIL))
    for statement in (
        "INSERT INTO invitations VALUES (?2, ?1, '2026-12-05')",
        "INSERT INTO devices VALUES (?2, ?1, '2026-12-05')",
        "INSERT INTO sessions VALUES (?2, ?1, 0, x'00')",
    ):
        connection.exec_driver_sql(statement, (OTHER_ID, KEY))


def after_downgrade(connection: Connection) -> None:
    """Who evaluated is forgotten; the officer is as before; the register is gone."""
    assert read(connection, "people") == [rina()]
    assert not TABLES & set(inspect(connection).get_table_names())
    for table in ("invitations", "devices", "sessions"):
        assert read(connection, table) == []
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.exec_driver_sql("UPDATE people SET is_officer = 0")


def rina() -> dict[str, object]:
    """Return the officer as 0008 has one."""
    row = as_stored(ROWS["officers"], **RINA_OF_BEFORE)
    del row["is_retired"]
    return row
