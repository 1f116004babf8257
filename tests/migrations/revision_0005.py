"""0005, people in roles: officers stay what they were, and go back as they were."""

import pytest
from migrations.revision_0001 import KEY, OTHER_ID, ROWS, as_stored, fill, read
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

CUSTODIAN = bytes([3] * 16)
NEW_COLUMNS = [
    "recovery_fingerprint",
    "locked_recovery_codes",
    "recovery_wrap",
    "next_recipient",
    "next_locked_identity",
    "next_locked_seed",
    "locked_conflicts",
    "conflicts_on",
    "mail_address",
]
RINA = {
    "is_officer": 1,
    "is_custodian": 0,
    "is_administrator": 0,
    "key_since": "2026-12-01",
    "seen_counts": None,
    "retired_on": None,
} | dict.fromkeys(NEW_COLUMNS)
WITH_COLUMNS = (
    "INSERT INTO people (id, name, login_name, position, unit, is_outside, added_on,"
    " last_step, is_officer, is_custodian, is_administrator)"
    " VALUES (?, 'Sri', ?, '', '', 0, '2026-12-02', 0, ?, ?, ?)"
)


def before_upgrade(connection: Connection) -> None:
    """An officer with a key, a case, and a session."""
    fill(connection, without="is_retired")


def after_upgrade(connection: Connection) -> None:
    """The officer is a person with that role; no row may say both of two."""
    rina = as_stored(ROWS["officers"], **RINA)
    del rina["is_retired"]
    invitation = as_stored(ROWS["invitations"])

    assert read(connection, "people") == [rina]
    assert read(connection, "invitations") == [
        {
            "person_id" if name == "officer_id" else name: value
            for name, value in invitation.items()
        }
    ]
    for roles in ((1, 1, 0), (0, 0, 0)):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql(WITH_COLUMNS, (OTHER_ID, "sri", *roles))


def before_downgrade(connection: Connection) -> None:
    """A custodian has joined, with an outer, a session and an invitation."""
    connection.exec_driver_sql(WITH_COLUMNS, (CUSTODIAN, "sri", 0, 1, 1))
    for statement in (
        "INSERT INTO wraps VALUES (?2, ?1, 'outer', x'00')",
        (
            "INSERT INTO wraps SELECT case_id, holder_id, 'next', wrap FROM wraps"
            " WHERE purpose = 'case' AND ?1 != ?2"
        ),
        "INSERT INTO invitations VALUES (?2, ?1, '2026-12-05')",
        "INSERT INTO devices VALUES (?2, ?1, '2026-12-05')",
        "INSERT INTO key_hand_overs VALUES (?1, ?1, ?2, 0)",
        "INSERT INTO sessions VALUES (?2, ?1, 0, x'00')",
    ):
        connection.exec_driver_sql(statement, (CUSTODIAN, OTHER_ID))


def after_downgrade(connection: Connection) -> None:
    """Who is no officer is forgotten with all that is theirs; nobody else is."""
    rina = as_stored(ROWS["officers"], seen_counts=None, retired_on=None)
    del rina["is_retired"]

    assert read(connection, "officers") == [rina]
    for table in ("wraps", "invitations", "sessions", "installation"):
        assert read(connection, table) == [as_stored(ROWS[table])]
    assert KEY in {row["id"] for row in read(connection, "sessions")}
