"""What `lurus doctor` says of the public trail, its key and the clock."""

import pytest
from builders import TODAY, add_custodian
from sqlalchemy.orm import Session
from trails import DAY, daily, folder_of, pass_days

from portal.clock_guard import ClockGuard
from portal.cosigning import refuse
from portal.database import transaction
from portal.ledger_findings import find_in_key, find_in_trail
from portal.ledger_keys import LEDGER_KEY_FILE

GUARD = ClockGuard(60)


def found(session: Session, day):
    return [finding.what for finding in find_in_trail(session, day, GUARD)]


def test_where_all_is_well_nothing_is_said(session: Session):
    day = pass_days(session, 3)

    assert found(session, day) == []
    assert list(find_in_key(folder_of(session))) == []


def test_days_that_nobody_closed_are_named(session: Session):
    pass_days(session, 3)

    (what,) = found(session, TODAY + 6 * DAY)

    assert what == "No day of the public trail was closed since 2026-12-09."


@pytest.mark.parametrize("days", [-30, 100])
def test_a_clock_that_jumped_is_named(session: Session, days: int):
    day = pass_days(session, 1)

    (what,) = found(session, day + days * DAY)

    assert what == "The clock has jumped: the daily work was last done on 2026-12-08."


def test_a_custodian_who_refused_is_told_of(session: Session):
    day, custodian = pass_days(session, 1), add_custodian(session)
    with transaction(session):
        refuse(session, custodian.person, day)

    (what,) = found(session, day)

    assert what == "A custodian refused to cosign the public trail on 2026-12-08."


@pytest.mark.parametrize(("content", "word"), [(None, "missing"), (b"x", "damaged")])
def test_a_key_that_cannot_sign_is_named(session: Session, content, word: str):
    path = folder_of(session) / LEDGER_KEY_FILE
    assert daily(session)
    path.unlink()
    if content:
        path.write_bytes(content)
        path.chmod(0o600)

    (finding,) = find_in_key(folder_of(session))

    assert finding.what == f"The key of the public trail is {word}: no day is closed."
