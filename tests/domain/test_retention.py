"""How long a case stays once it is over, who holds it back, and what goes when."""

import datetime as dt

import pytest
from builders import (
    RETENTION,
    TODAY,
    acts_on_record,
    add_officer,
    case_in,
    for_officer,
    hand_in,
    move,
    the_case,
    withdraw,
)
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import retention, threads
from portal.acts import Move
from portal.database import transaction
from portal.errors import ChangedMeanwhileError, IncompleteMoveError, NotFromHereError
from portal.models import NO_DAY, Case
from portal.retention import RetentionRules, draw_missing
from portal.statuses import CaseStatus, Outcome
from portal.threads import Chain, PurgeAct

SHORT = range(60, 75)
LONG = range(730, 745)
LONG_OUTCOMES = {
    *(Outcome.PROVEN_DISCIPLINE, Outcome.PROVEN_COACHING, Outcome.PARTLY_PROVEN),
    *(Outcome.SYSTEM_FIXED, Outcome.SETTLED_BY_REMINDER),
}
OVER = [status for status in CaseStatus if status.is_over]


def days_left(session, code, today=TODAY):
    return (the_case(session, code).purge_on - today).days


@pytest.mark.parametrize("outcome", Outcome)
def test_what_was_found_stays_for_two_years_and_the_rest_for_two_months(outcome):
    drawn = {(RETENTION.draw(outcome, TODAY) - TODAY).days for _ in range(300)}

    assert drawn == set(LONG if outcome in LONG_OUTCOMES else SHORT)


def test_the_day_is_drawn_from_the_systems_randomness(monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda most: most - 1)

    assert RETENTION.draw(None, TODAY) == TODAY + dt.timedelta(days=74)


@pytest.mark.parametrize("status", OVER)
def test_a_case_that_ends_has_its_day(session: Session, status):
    code = case_in(session, add_officer(session), status)

    span = LONG if status is CaseStatus.CLOSED else SHORT
    assert days_left(session, code) in span


@pytest.mark.parametrize("status", [one for one in CaseStatus if not one.is_over])
def test_a_case_that_goes_on_has_none(session: Session, status):
    code = case_in(session, add_officer(session), status)

    assert the_case(session, code).purge_on is None


def test_a_case_closed_without_a_finding_goes_soon(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)

    step = Move(CaseStatus.CLOSED, "", "Terima kasih.", Outcome.DUPLICATE)
    move(session, code, rina, step)

    assert days_left(session, code) in SHORT


def test_reopening_clears_the_day_and_closing_again_draws_another(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)

    move(session, code, rina, "addressed")
    cleared = the_case(session, code).purge_on
    later = TODAY + dt.timedelta(days=40)
    move(session, code, rina, "closed", today=later)

    assert cleared is None
    assert days_left(session, code, later) in LONG


@pytest.mark.parametrize("status", OVER)
def test_a_case_that_was_over_before_gets_its_day_from_the_clock(
    session: Session, status
):
    code = case_in(session, add_officer(session), status)
    forget_day(session)
    later = TODAY + dt.timedelta(days=300)

    with transaction(session):
        is_all = draw_missing(session, RETENTION, later)

    # It cannot read how a case was closed: it stays as long as any.
    span = LONG if status is CaseStatus.CLOSED else SHORT
    assert is_all
    assert days_left(session, code, later) in span


def test_the_clock_leaves_open_cases_and_drawn_days_alone(session: Session):
    rina = add_officer(session)
    hand_in(session, rina)
    code = case_in(session, rina, CaseStatus.CLOSED)
    before = the_case(session, code).purge_on

    with transaction(session):
        draw_missing(session, RETENTION, TODAY)

    assert the_case(session, code).purge_on == before


def test_days_are_drawn_in_lots(session: Session, monkeypatch):
    monkeypatch.setattr(retention, "LOT_SIZE", 2)
    rina = add_officer(session)
    codes = [case_in(session, rina, CaseStatus.WITHDRAWN) for _ in range(3)]
    forget_day(session)

    with transaction(session):
        first = draw_missing(session, RETENTION, TODAY)
    with transaction(session):
        second = draw_missing(session, RETENTION, TODAY)

    assert (first, second) == (False, True)
    assert all(the_case(session, code).purge_on for code in codes)


@pytest.mark.parametrize("status", OVER)
def test_a_case_is_held_back_with_a_reason(session: Session, status):
    rina = add_officer(session)
    code = case_in(session, rina, status)

    hold_back(session, code, rina, "Sidang masih berjalan.")

    opened = for_officer(session, code, rina)
    note = threads.read(session, opened.case.id, Chain.NOTES, opened.key.office)[-1]
    assert opened.case.purge_on == NO_DAY
    assert (note.text.text, note.text.purge_act) == (
        "Sidang masih berjalan.",
        PurgeAct.HELD_BACK,
    )
    assert acts_on_record(session)[-1] == "held back"


def test_a_case_that_is_let_go_gets_a_day_anew(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)
    hold_back(session, code, rina)
    later = TODAY + dt.timedelta(days=500)

    let_go(session, code, rina, later)

    assert days_left(session, code, later) in LONG
    assert acts_on_record(session)[-1] == "let go"


def test_a_withdrawn_case_that_is_let_go_goes_soon(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.WITHDRAWN)
    hold_back(session, code, rina)

    let_go(session, code, rina, TODAY)

    assert days_left(session, code) in SHORT


def test_holding_back_asks_for_a_reason(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)

    with pytest.raises(IncompleteMoveError):
        hold_back(session, code, rina, "")
    assert the_case(session, code).purge_on != NO_DAY


def test_what_is_not_over_cannot_be_held_back(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)

    with pytest.raises(NotFromHereError):
        hold_back(session, code, rina)


def test_what_is_held_back_is_not_held_back_twice(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)
    hold_back(session, code, rina)

    with pytest.raises(NotFromHereError):
        hold_back(session, code, rina)


def test_what_is_not_held_back_cannot_be_let_go(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)

    with pytest.raises(NotFromHereError):
        let_go(session, code, rina, TODAY)


def test_a_case_that_a_colleague_moved_meanwhile_is_not_held_back(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)

    with pytest.raises(ChangedMeanwhileError):
        hold_back(session, code, rina, seen="before")


def test_reopening_ends_the_holding_back(session: Session):
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)
    hold_back(session, code, rina)

    move(session, code, rina, "addressed")

    assert the_case(session, code).purge_on is None


def test_a_withdrawal_draws_the_day_itself(session: Session):
    code = hand_in(session, add_officer(session))

    withdraw(session, code)

    assert days_left(session, code) in SHORT


def test_the_rules_come_from_the_settings(settings):
    assert settings.retention == RetentionRules(60, 730, 14)


def forget_day(session: Session) -> None:
    """Make all cases as they were before there were such days."""
    with transaction(session):
        session.execute(update(Case).values(purge_on=None))


def hold_back(session, code, duty, reason="Sidang.", seen=""):
    opened = for_officer(session, code, duty)
    retention.hold_back(session, opened, duty, reason=reason, seen=seen, today=TODAY)


def let_go(session, code, duty, today):
    opened = for_officer(session, code, duty)
    retention.let_go(session, opened, duty, RETENTION, reason="", seen="", today=today)
