"""Sessions: opened by cookie and database together, ended for good, aged by sweeps."""

import secrets

import pytest
from builders import TEN_O_CLOCK, add_officer, dump, form_token, hand_in
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crypto import Cookie
from portal import sessions
from portal.database import find_instance_id, transaction
from portal.models import BurntForm
from portal.models import Session as SessionRow
from portal.sessions import MOST_PENDING, Browser, Pending, Standing, Visit

LATER = TEN_O_CLOCK + 3600
OPEN = Visit(Standing.REPORTER, LATER, case_id=b"c" * 16, code_key=b"k" * 32)

pendings = st.builds(
    Pending, st.binary(min_size=32, max_size=32), st.integers(1, 7), st.just("7K2M")
)
visits = st.builds(
    Visit,
    standing=st.sampled_from(Standing),
    ends_at=st.integers(0, 2**33),
    case_id=st.binary(max_size=16),
    code_key=st.binary(max_size=32),
    windows=st.frozensets(st.binary(min_size=16, max_size=16), max_size=5),
    shows_own=st.booleans(),
    person_id=st.binary(max_size=16),
    seed=st.binary(max_size=32),
    enrolment=st.binary(max_size=300),
    pending=st.lists(pendings, max_size=4).map(tuple),
)


def begin(session: Session, visit: Visit, old: Cookie | None = None) -> Cookie:
    instance = find_instance_id(session)
    return sessions.begin(session, visit, old or Cookie.generate(), instance)


def find(session: Session, cookie: Cookie, now: int = TEN_O_CLOCK) -> Visit:
    session.expire_all()
    return sessions.find_visit(session, cookie, find_instance_id(session), now)


def sweep(session: Session) -> None:
    with transaction(session):
        sessions.sweep(session)


def sweep_often(session: Session, count: int) -> None:
    _ = [sweep(session) for _ in range(count)]
    session.expire_all()


@given(visits.filter(lambda visit: visit.ends_at > 0))
def test_a_visit_reads_as_it_was_written(visit: Visit) -> None:
    assert Visit.decode(visit.encode()) == visit


def test_a_browser_is_known_by_its_cookie(session: Session) -> None:
    cookie = begin(session, OPEN)

    assert find(session, cookie) == OPEN
    assert find(session, Cookie.generate()) == Visit()


def test_a_session_ends_at_its_time(session: Session) -> None:
    cookie = begin(session, OPEN)

    assert find(session, cookie, LATER - 1) == OPEN
    assert find(session, cookie, LATER) == Visit()


def test_a_new_standing_comes_with_a_new_cookie_and_ends_the_old(
    session: Session,
) -> None:
    old = begin(session, OPEN)

    new = begin(session, OPEN, old)

    assert new.reveal() != old.reveal()
    assert find(session, old) == Visit()
    assert find(session, new) == OPEN


def test_an_ended_session_opens_nothing_for_a_copied_cookie(session: Session) -> None:
    cookie = begin(session, OPEN)

    sessions.end(session, Cookie.parse(cookie.reveal()))

    assert find(session, cookie) == Visit()


def test_what_is_kept_replaces_what_was_known(session: Session) -> None:
    cookie = begin(session, OPEN)
    changed = OPEN.expecting(Pending(b"b" * 32, 3, "7K2M"))

    sessions.keep(session, changed, cookie, find_instance_id(session))

    assert find(session, cookie) == changed


def test_one_request_alone_takes_a_session(session: Session) -> None:
    cookie = begin(session, OPEN)

    taken = [sessions.take(session, cookie) for _ in "12"]

    assert taken == [True, False]
    assert find(session, cookie) == Visit()


def test_a_session_that_ended_meanwhile_stays_ended(session: Session) -> None:
    cookie, instance = begin(session, OPEN), find_instance_id(session)
    sessions.end(session, cookie)

    sessions.keep(session, OPEN, cookie, instance)
    code = Pending(b"b" * 32, 3, "7K2M")
    sessions.expect_group(session, Browser(cookie, OPEN), code, instance)

    assert find(session, cookie) == Visit()


def test_a_visitor_is_remembered_for_a_code_to_check(session: Session) -> None:
    cookie, instance = Cookie.generate(), find_instance_id(session)
    code = Pending(b"b" * 32, 3, "7K2M")

    browser = Browser(cookie, Visit(ends_at=LATER))
    sessions.expect_group(session, browser, code, instance)

    assert find(session, cookie).pending == (code,)


def test_a_row_swapped_to_another_cookie_opens_nothing(session: Session) -> None:
    mine, theirs = begin(session, OPEN), begin(session, Visit(ends_at=LATER))
    with transaction(session):
        row = session.get_one(SessionRow, theirs.session_id())
        row.locked = session.get_one(SessionRow, mine.session_id()).locked

    assert find(session, theirs) == Visit()


def test_only_an_officers_session_names_its_owner(session: Session) -> None:
    duty = add_officer(session)
    officers = Visit(Standing.AT_WORK, LATER, person_id=duty.person.id)
    cookie = begin(session, officers)
    halfway = begin(session, Visit(Standing.AT_SECOND_FACTOR, LATER, person_id=b"x"))

    owner = session.get_one(SessionRow, cookie.session_id()).owner_id
    nobody = session.get_one(SessionRow, halfway.session_id()).owner_id

    assert owner == duty.person.id
    assert nobody is None


def test_a_few_codes_wait_to_be_checked_and_the_oldest_goes_first() -> None:
    burns = [secrets.token_bytes(32) for _ in range(MOST_PENDING + 1)]
    visit = Visit()

    for_all = [visit := visit.expecting(Pending(burn, 1, "7K2M")) for burn in burns]

    assert [one.burn_id for one in for_all[-1].pending] == burns[1:]


@pytest.mark.parametrize(
    ("standing", "survives", "gone_after"),
    [(Standing.REPORTER, 1, 2), (Standing.AT_WORK, 4, 5)],
)
def test_sessions_age_by_sweeps(
    session: Session, standing: Standing, survives: int, gone_after: int
) -> None:
    duty = add_officer(session)
    cookie = begin(session, Visit(standing, LATER, person_id=duty.person.id))

    sweep_often(session, survives)
    is_there = session.get(SessionRow, cookie.session_id()) is not None
    sweep_often(session, gone_after - survives)

    assert is_there
    assert session.get(SessionRow, cookie.session_id()) is None


def test_a_burnt_form_outlives_every_form_that_is_taken(session: Session) -> None:
    form = form_token(session)
    hand_in(session, add_officer(session), form=form)

    sweep_often(session, 13)
    is_there = session.get(BurntForm, form.burn_id()) is not None
    sweep_often(session, 1)

    assert is_there
    assert session.get(BurntForm, form.burn_id()) is None


def test_a_sweep_leaves_cases_alone(session: Session) -> None:
    hand_in(session, add_officer(session))
    before = dump(session, "sessions", "burnt_forms")

    sweep_often(session, 30)

    assert dump(session, "sessions", "burnt_forms") == before
