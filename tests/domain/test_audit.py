"""The audit record: a chain that names what was edited, dropped or moved."""

import datetime as dt

import pytest
from builders import TODAY, acts_on_record
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.audit import AuditAction, record, verify
from portal.database import transaction

CASE = b"one case, 16 b. "


def three_entries(session: Session) -> None:
    with transaction(session):
        record(session, "Rina", AuditAction.LOGGED_IN, TODAY)
        record(session, "Rina", AuditAction.MOVED, TODAY, CASE)
        record(session, "Joko", AuditAction.LOGGED_IN, TODAY + dt.timedelta(days=1))


def tamper(session: Session, *statements: str) -> None:
    with transaction(session):
        _ = [session.execute(text(statement)) for statement in statements]


def first_broken_entry(session: Session) -> int | None:
    broken = verify(session).broken
    return broken.number if broken else None


def test_entries_are_numbered_and_hold(session: Session) -> None:
    three_entries(session)

    assert acts_on_record(session) == ["logged in", "status changed", "logged in"]
    assert first_broken_entry(session) is None


def test_an_empty_record_holds(session: Session) -> None:
    assert first_broken_entry(session) is None


@pytest.mark.parametrize(
    ("deed", "broken"),
    [
        ("UPDATE audit SET actor = 'Joko' WHERE number = 1", 1),
        ("UPDATE audit SET act = 'answered' WHERE number = 2", 2),
        ("UPDATE audit SET day = '2026-12-06' WHERE number = 2", 2),
        ("UPDATE audit SET case_id = NULL WHERE number = 2", 2),
        ("UPDATE audit SET case_id = x'00' WHERE number = 3", 3),
        ("UPDATE audit SET day = 'never' WHERE number = 2", 2),
        ("UPDATE audit SET day = x'ff' WHERE number = 2", 2),
        ("UPDATE audit SET actor = x'00' WHERE number = 2", 2),
        ("UPDATE audit SET act = x'c3' WHERE number = 1", 1),
        ("UPDATE audit SET act = 7 WHERE number = 2", 2),
        ("UPDATE audit SET case_id = 'text' WHERE number = 2", 2),
        ("UPDATE audit SET number = -1 WHERE number = 2", -1),
        ("UPDATE audit SET link = 'text' WHERE number = 3", 3),
        ("UPDATE audit SET link = zeroblob(32) WHERE number = 3", 3),
        ("DELETE FROM audit WHERE number = 2", 3),
        ("DELETE FROM audit WHERE number = 1", 2),
    ],
)
def test_what_was_tampered_with_is_named(
    session: Session, deed: str, broken: int
) -> None:
    three_entries(session)

    tamper(session, deed)

    assert first_broken_entry(session) == broken


def test_entries_that_changed_places_are_named(session: Session) -> None:
    three_entries(session)

    tamper(
        session,
        "UPDATE audit SET number = 99 WHERE number = 1",
        "UPDATE audit SET number = 1 WHERE number = 2",
        "UPDATE audit SET number = 2 WHERE number = 99",
    )

    assert first_broken_entry(session) == 1


def test_an_inserted_entry_is_named(session: Session) -> None:
    three_entries(session)

    tamper(
        session,
        "UPDATE audit SET number = 4 WHERE number = 3",
        "INSERT INTO audit SELECT 3, day, 'Joko', act, case_id, link, concerns"
        " FROM audit WHERE number = 2",
    )

    assert first_broken_entry(session) == 3
