"""The register of evaluations: what is due is said, and what was recorded stays."""

import datetime as dt

import pytest
from builders import TODAY, acts_on_record, add_officer
from sqlalchemy.orm import Session

from portal.database import transaction
from portal.errors import (
    NoSuchEvaluationError,
    NoSuchFindingError,
    NotAdministratorError,
    PlannedBeforeError,
    RecordedBeforeError,
)
from portal.evaluation_days import FixedDays
from portal.evaluations import (
    DueAndDone,
    add_finding,
    close_finding,
    closed_percent,
    count_evaluations,
    list_evaluations,
    list_findings,
    may_be_recorded,
    plan,
    plan_fixed,
    record_held,
)
from portal.models import Person

QUARTERS = FixedDays.parse(["03-31", "06-30", "09-30", "12-31"])
LATER = dt.date(2027, 7, 1)
YEAR = (dt.date(2027, 1, 1), dt.date(2027, 12, 31))


def keeper(session: Session) -> Person:
    """An administrator; the role is all that counts here."""
    person = add_officer(session, "Budi Santoso").person
    with transaction(session):
        person.is_administrator = True
    return person


def plan_until(session: Session, today: dt.date, fixed: FixedDays = QUARTERS) -> None:
    with transaction(session):
        plan_fixed(session, fixed, today)


def hold(session: Session, number: int, day: dt.date, by: Person) -> None:
    note = "Rapat tim, tiga peran hadir."
    record_held(session, number, done_on=day, note=note, by=by, today=day)


def find(session: Session, by: Person, due_on: dt.date = LATER) -> None:
    what = {"text": "Poster belum ada.", "owner": "Sekretariat", "due_on": due_on}
    add_finding(session, **what, by=by, today=TODAY)


def days(session: Session) -> list[str]:
    return [one.due_on.isoformat() for one in list_evaluations(session)]


def test_a_fixed_day_stands_in_the_register_before_it_comes(session: Session) -> None:
    plan_until(session, TODAY)

    assert days(session) == ["2026-12-31"]


def test_no_fixed_day_is_passed_over_while_nobody_came(session: Session) -> None:
    plan_until(session, TODAY)
    plan_until(session, LATER)
    plan_until(session, LATER)

    assert days(session) == ["2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30"]


def test_of_the_time_before_the_installation_nothing_is_owed(session: Session) -> None:
    plan_until(session, TODAY, FixedDays.parse(["12-01", "12-07", "12-08"]))

    assert days(session) == ["2026-12-08"]


def test_other_fixed_days_leave_what_was_due_where_it_is(session: Session) -> None:
    plan_until(session, dt.date(2027, 3, 31))
    plan_until(session, LATER, FixedDays.parse([]))
    plan_until(session, LATER, FixedDays.parse(["06-30", "11-15"]))

    assert days(session) == ["2026-12-31", "2027-03-31", "2027-06-30", "2027-11-15"]


@pytest.mark.parametrize("written", ["02-29", "13-01", "3-31", "2027-03-31", ""])
def test_a_fixed_day_is_one_of_every_year(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        FixedDays.parse([written, "06-30"])


def test_a_fixed_day_stands_once() -> None:
    with pytest.raises(ValueError, match="3, 31"):
        FixedDays.parse(["03-31", "03-31"])


def test_what_is_due_and_was_not_held_is_missed_the_day_after(session: Session) -> None:
    plan_until(session, LATER)
    _first, spring, *_rest = list_evaluations(session)

    assert not spring.is_missed(dt.date(2027, 3, 31))
    assert spring.is_missed(dt.date(2027, 4, 1))


def test_due_and_done_are_counted_within_a_span(session: Session) -> None:
    budi = keeper(session)
    plan_until(session, LATER)
    hold(session, 2, dt.date(2027, 3, 30), budi)
    plan(session, dt.date(2027, 8, 17), budi, LATER)

    half = count_evaluations(session, YEAR[0], dt.date(2027, 6, 30))

    assert half == DueAndDone(due=2, done=1)
    assert count_evaluations(session, *YEAR) == DueAndDone(due=4, done=1)
    assert list_evaluations(session)[1].done_on == dt.date(2027, 3, 30)


def test_what_was_held_long_after_its_day_does_not_count_as_done(
    session: Session,
) -> None:
    budi = keeper(session)
    plan_until(session, LATER)
    for number in (1, 2):
        hold(session, number, dt.date(2027, 4, 30), budi)

    assert [one.is_on_its_day for one in list_evaluations(session)[:2]] == [False, True]
    assert count_evaluations(session, dt.date(2026, 1, 1), YEAR[1]).done == 1


def test_a_day_has_one_evaluation_and_it_is_held_once(session: Session) -> None:
    budi = keeper(session)
    plan(session, LATER, budi, TODAY)
    with pytest.raises(PlannedBeforeError):
        plan(session, LATER, budi, TODAY)
    hold(session, 1, LATER, budi)

    with pytest.raises(RecordedBeforeError):
        hold(session, 1, LATER + dt.timedelta(days=1), budi)

    (held,) = list_evaluations(session)
    assert (held.done_on, held.is_fixed) == (LATER, False)


def test_a_finding_is_closed_once_with_its_proof(session: Session) -> None:
    budi = keeper(session)
    find(session, budi)
    kept = {"closed_on": TODAY, "proof": "Nota dinas 12/2026, lemari 3"}
    close_finding(session, 1, **kept, by=budi, today=TODAY)

    with pytest.raises(RecordedBeforeError):
        close_finding(session, 1, **kept | {"proof": "x"}, by=budi, today=TODAY)

    (found,) = list_findings(session)
    assert (found.closed_on, found.proof) == (TODAY, "Nota dinas 12/2026, lemari 3")


def test_open_findings_come_first_and_late_ones_are_told(session: Session) -> None:
    budi = keeper(session)
    for day in (LATER, TODAY, LATER):
        find(session, budi, day)
    close_finding(session, 1, closed_on=TODAY, proof="x", by=budi, today=TODAY)

    listed = list_findings(session)

    assert [one.number for one in listed] == [2, 3, 1]
    assert [one.is_late(LATER) for one in listed] == [True, False, False]
    assert closed_percent(listed) == 33


def test_only_all_findings_are_a_hundred_percent(session: Session) -> None:
    assert closed_percent([]) is None

    budi = keeper(session)
    find(session, budi)
    close_finding(session, 1, closed_on=TODAY, proof="x", by=budi, today=TODAY)

    assert closed_percent(list_findings(session)) == 100


@pytest.mark.parametrize(
    ("days_ago", "is_taken"), [(-1, False), (0, True), (31, True), (32, False)]
)
def test_a_register_is_not_filled_the_night_before(
    days_ago: int, is_taken: bool
) -> None:
    assert may_be_recorded(TODAY - dt.timedelta(days=days_ago), TODAY) is is_taken


def test_what_is_not_there_is_said(session: Session) -> None:
    budi = keeper(session)

    with pytest.raises(NoSuchEvaluationError):
        hold(session, 7, TODAY, budi)
    with pytest.raises(NoSuchFindingError):
        close_finding(session, 7, closed_on=TODAY, proof="x", by=budi, today=TODAY)


def test_only_an_administrator_writes_the_register(session: Session) -> None:
    rina = add_officer(session).person

    with pytest.raises(NotAdministratorError):
        plan(session, LATER, rina, TODAY)
    with pytest.raises(NotAdministratorError):
        find(session, rina)

    assert list_evaluations(session) == list_findings(session) == ()


def test_the_record_says_who_wrote_and_nothing_of_what(session: Session) -> None:
    budi = keeper(session)
    before = len(acts_on_record(session))
    plan(session, LATER, budi, TODAY)
    hold(session, 1, LATER, budi)
    find(session, budi)
    close_finding(session, 1, closed_on=TODAY, proof="x", by=budi, today=TODAY)

    assert acts_on_record(session)[before:] == [
        *("evaluation planned", "evaluation held"),
        *("finding added", "finding closed"),
    ]
