"""What a custodian decided without officers' keys: their summary follows."""

import datetime as dt

import pytest
from at_custody import AtCustody
from builders import (
    RETENTION,
    RULES,
    TODAY,
    add_custodian,
    add_officer,
    case_in,
    for_officer,
    for_reporter,
    gate_of,
    move,
    the_case,
)
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import endings, retention, reviews
from portal.acts import Move
from portal.cases import Duty
from portal.database import transaction
from portal.objections import ask_custodians
from portal.statuses import CaseStatus, Outcome, OutcomeClass

PROVEN, NOT_PROVEN = Outcome.PROVEN_COACHING, Outcome.NOT_PROVEN
LATER = TODAY + dt.timedelta(days=400)


def asked(session: Session, outcome: Outcome = PROVEN) -> tuple[AtCustody, Duty]:
    """Close a case; its reporter asks Sri to look; return it, and its officer."""
    sri, rina = add_custodian(session), add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)
    move(session, code, rina, Move(CaseStatus.CLOSED, "", "Selesai.", outcome))
    ask_custodians(
        *(session, for_reporter(session, code), "Keliru.", {sri.person.id}),
        windows=code.windows(),
        rules=RULES,
        gate=gate_of(session),
        today=TODAY,
    )
    return AtCustody(session, code, sri, TODAY), rina


def visit(session: Session, code: CaseCode, rina: Duty) -> None:
    """Let an officer open the case."""
    endings.follow(session, rina, for_officer(session, code, rina))


def outcome(session: Session, code: CaseCode, rina: Duty) -> Outcome | None:
    return for_officer(session, code, rina).summary.outcome


@pytest.mark.parametrize(
    ("officers", "theirs"), [(PROVEN, NOT_PROVEN), (NOT_PROVEN, PROVEN)]
)
def test_the_officers_summary_follows_what_a_custodian_decided(
    session: Session, officers: Outcome, theirs: Outcome
) -> None:
    hers, rina = asked(session, officers)
    hers.move("addressed", None)
    hers.move("closed", theirs)
    days = (the_case(session, hers.code).purge_on - TODAY).days
    assert (days >= RETENTION.proven_days) is (theirs is PROVEN)
    assert outcome(session, hers.code, rina) is officers

    visit(session, hers.code, rina)

    found = outcome(session, hers.code, rina)
    assert found is not None
    assert found.shown_as is theirs.shown_as


def test_a_case_that_goes_on_has_no_outcome(session: Session) -> None:
    hers, rina = asked(session)
    hers.move("addressed", None)

    visit(session, hers.code, rina)

    assert outcome(session, hers.code, rina) is None


def test_a_case_ended_without_an_outcome_has_none(session: Session) -> None:
    hers, rina = asked(session)
    hers.move("addressed", None)
    hers.move("not-actionable", None)

    visit(session, hers.code, rina)

    assert outcome(session, hers.code, rina) is None


def test_what_an_officer_proposed_does_not_outlive_the_end(session: Session) -> None:
    """A second officer shall not confirm what a custodian has decided otherwise."""
    hers, rina = asked(session)
    hers.move("addressed", None)
    move(session, hers.code, rina, Move(CaseStatus.CLOSED, "r", "", Outcome.BAD_FAITH))
    assert for_officer(session, hers.code, rina).summary.bad_faith_by

    hers.move("not-actionable", None)
    visit(session, hers.code, rina)

    assert not for_officer(session, hers.code, rina).summary.bad_faith_by


def test_a_summary_in_line_is_not_written(session: Session) -> None:
    hers, rina = asked(session)
    hers.move("addressed", None)
    hers.move("closed", NOT_PROVEN)
    visit(session, hers.code, rina)
    before = the_case(session, hers.code).summary

    visit(session, hers.code, rina)

    assert the_case(session, hers.code).summary == before


@pytest.mark.parametrize("closed_as", [PROVEN, Outcome.BAD_FAITH])
def test_what_officers_decided_stays_as_they_wrote_it(
    session: Session, closed_as: Outcome
) -> None:
    hers, rina = asked(session, PROVEN)
    when = {"seen": "", "retention": RETENTION, "today": TODAY}
    reviews.confirm(session, hers.opened, hers.duty, "Tetap.", **when)
    opened = for_officer(session, hers.code, rina)
    with transaction(session):
        case = the_case(session, hers.code)
        case.summary = opened.summary.ended(closed_as).seal(opened.key, case.id)

    visit(session, hers.code, rina)

    assert outcome(session, hers.code, rina) is closed_as


def test_what_is_let_go_goes_by_the_outcome_that_holds_also_before_a_visit(
    session: Session,
) -> None:
    hers, rina = asked(session, PROVEN)
    hers.move("addressed", None)
    hers.move("closed", NOT_PROVEN)
    words = {"reason": "Diminta pengadilan.", "seen": "", "today": LATER}
    opened = for_officer(session, hers.code, rina)
    retention.hold_back(session, opened, rina, **words)

    retention.let_go(session, opened, rina, RETENTION, **words)

    days = (the_case(session, hers.code).purge_on - LATER).days
    assert days in range(RETENTION.unproven_days, RETENTION.proven_days)


@pytest.mark.parametrize("shown_as", OutcomeClass)
def test_every_class_stands_for_an_outcome_that_a_custodian_may_give(
    shown_as: OutcomeClass,
) -> None:
    found = Outcome.shown(shown_as)

    assert found.shown_as is shown_as
    assert found is not Outcome.BAD_FAITH
