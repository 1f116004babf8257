"""Due work: once per slot, by whoever comes first, as often as anybody likes."""

import datetime as dt

import pytest
from builders import AT_ONCE, dump
from sqlalchemy.orm import Session

from crypto import Cookie
from portal import sessions
from portal.database import find_instance_id, open_database
from portal.models import Session as SessionRow
from portal.sessions import Standing, Visit
from portal.settings import Settings
from portal.tending import Tender

TEN = dt.datetime(2026, 12, 7, 10, 5, tzinfo=dt.UTC)


def begin_visit(session: Session) -> bytes:
    """Begin a reporter's session; return its row's key."""
    visit = Visit(standing=Standing.REPORTER, ends_at=2**31)
    instance = find_instance_id(session)
    cookie = sessions.begin(session, visit, Cookie.generate(), instance)
    return cookie.session_id()


def sweeps(session: Session, row: bytes) -> int | None:
    found = session.get(SessionRow, row, populate_existing=True)
    return None if found is None else found.sweeps


def test_what_is_due_is_done_once_an_hour(session: Session) -> None:
    tender = Tender(AT_ONCE)

    assert tender.tend(session, TEN) == ("sweep", "hand-over", "leaflets")
    assert tender.tend(session, TEN + dt.timedelta(minutes=54)) == ()
    assert tender.tend(session, TEN + dt.timedelta(minutes=55)) == ("sweep",)


def test_two_workers_do_it_once(session: Session, settings: Settings) -> None:
    row = begin_visit(session)
    other = open_database(settings.instance)

    with other.sessions() as of_another_worker:
        Tender(AT_ONCE).tend(of_another_worker, TEN)
    done_here = Tender(AT_ONCE).tend(session, TEN)
    other.engine.dispose()

    assert done_here == ()
    assert sweeps(session, row) == 1


def test_a_restarted_worker_does_nothing_twice(session: Session) -> None:
    Tender(AT_ONCE).tend(session, TEN)
    before = dump(session)

    assert Tender(AT_ONCE).tend(session, TEN) == ()
    assert dump(session) == before


@pytest.mark.parametrize("zone", [dt.UTC, dt.timezone(dt.timedelta(hours=7))])
def test_the_slot_is_the_same_in_every_time_zone(
    session: Session, zone: dt.timezone
) -> None:
    Tender(AT_ONCE).tend(session, TEN)

    assert Tender(AT_ONCE).tend(session, TEN.astimezone(zone)) == ()


def test_the_slot_that_was_done_is_kept_and_no_instant(session: Session) -> None:
    Tender(AT_ONCE).tend(session, TEN)

    assert dump(session)["jobs"] == [
        "('clock', '2026-12-07')",
        "('hand-over', 'immediate')",
        "('leaflets', '2026-12-07')",
        "('sweep', '2026-12-07T10')",
    ]
