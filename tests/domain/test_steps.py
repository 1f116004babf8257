"""Every step leaves one leaf that names no case; the clock's are made in advance."""

import datetime as dt

import pytest
from builders import (
    TODAY,
    add_custodian,
    add_officer,
    for_reporter,
    hand_in,
    move,
    shredder_of,
    the_case,
    withdraw,
)
from holds import LATER, hold, hold_round
from keeping import A_YEAR, keep
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import EMPTY_DIGEST, Kind, NotYoursError, StepKind, ledger_key, text_digest
from portal import steps, withdrawals
from portal.cases import read_steps
from portal.database import transaction
from portal.entries import EntryKind
from portal.models import Case, Step, WaitingLeaf
from portal.steps import CLOCK_KINDS, open_steps, take_clock_step


def waiting(session: Session) -> set[bytes]:
    session.rollback()
    return set(session.scalars(select(WaitingLeaf.leaf)))


def ledger_of(session: Session, code):
    opened = for_reporter(session, code)
    return ledger_key(opened.key, opened.case.id)


def leaves_of(session: Session, code) -> list[bytes]:
    """Return what the reporter finds for each step."""
    key = ledger_of(session, code)
    taken = read_steps(session, for_reporter(session, code).case.id)
    return [opening.leaf for opening in open_steps(key, taken)]


def test_every_step_of_a_case_leaves_what_its_reporter_finds_again(session: Session):
    rina = add_officer(session)
    code = hand_in(session, rina)
    for step in ("acknowledged", "verified", "assessed", "addressed", "closed"):
        move(session, code, rina, step)

    leaves = leaves_of(session, code)

    assert waiting(session) == set(leaves)
    assert len(leaves) == len(read_steps(session, the_case(session, code).id)) > 6


def test_the_first_leaf_stands_for_the_text_that_was_handed_in(session: Session):
    code = hand_in(session, add_officer(session))
    (first,) = read_steps(session, the_case(session, code).id)
    key, (leaf,) = ledger_of(session, code), leaves_of(session, code)

    assert first.locked_digest is not None
    without = crypto_leaf(key, StepKind.RECEIVED, EMPTY_DIGEST)
    other = crypto_leaf(key, StepKind.RECEIVED, text_digest(b"{}", Kind.REPORT))
    assert leaf not in {without, other}


def test_a_step_without_its_digest_is_none_that_the_trail_knows(session: Session):
    code = hand_in(session, add_officer(session))
    with transaction(session):
        session.execute(update(Step).values(locked_digest=None))

    assert not waiting(session) & set(leaves_of(session, code))


def test_a_digest_of_another_case_is_not_taken(session: Session):
    rina = add_officer(session)
    code, other = hand_in(session, rina), hand_in(session, rina)
    theirs = read_steps(session, the_case(session, other).id)[0].locked_digest
    case_id = the_case(session, code).id
    with transaction(session):
        mine = update(Step).where(Step.case_id == case_id)
        session.execute(mine.values(locked_digest=theirs))

    with pytest.raises(NotYoursError):
        leaves_of(session, code)


@pytest.mark.parametrize("kind", CLOCK_KINDS)
def test_the_clock_takes_a_step_whose_leaf_was_made_before(session: Session, kind):
    code = hand_in(session, add_officer(session))

    clock_step(session, code, kind)

    assert waiting(session) == set(leaves_of(session, code))
    assert len(waiting(session)) == 2


def test_the_clock_takes_two_steps_in_a_row(session: Session):
    code = hand_in(session, add_officer(session))

    clock_step(session, code, StepKind.ESCALATED)
    clock_step(session, code, StepKind.DESTROYED)

    assert waiting(session) == set(leaves_of(session, code))


def test_after_somebody_acted_the_clocks_leaves_are_the_next_ones(session: Session):
    rina = add_officer(session)
    code = hand_in(session, rina)
    clock_step(session, code, StepKind.ESCALATED)

    move(session, code, rina, "acknowledged")
    clock_step(session, code, StepKind.DESTROYED)

    assert waiting(session) == set(leaves_of(session, code))


def test_a_case_from_before_the_ledger_leaves_nothing_of_the_clocks(session: Session):
    code = hand_in(session, add_officer(session))
    with transaction(session):
        session.execute(update(Case).values(clock_leaves=None))

    clock_step(session, code, StepKind.ESCALATED)

    assert len(waiting(session)) == 1
    assert len(leaves_of(session, code)) == 2


def test_what_is_destroyed_leaves_that_it_was(session: Session):
    code = hand_in(session, add_officer(session))
    key, (received,) = ledger_of(session, code), leaves_of(session, code)

    withdrawals.destroy(session, for_reporter(session, code), shredder_of(session))

    destroyed = crypto_leaf(key, StepKind.DESTROYED, EMPTY_DIGEST, number=1)
    assert waiting(session) == {received, destroyed}


def test_what_ends_unread_leaves_that_it_expired(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    code = keep(session, EntryKind.NOTE, rina, today=TODAY)
    key, (kept,) = ledger_of(session, code), leaves_of(session, code)

    hold_round(session, sri, A_YEAR + dt.timedelta(days=1))

    expired = crypto_leaf(key, StepKind.EXPIRED, EMPTY_DIGEST, number=1)
    assert waiting(session) == {kept, expired}


def test_a_round_that_opens_a_held_entry_leaves_nothing(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    code = hold(session, rina, day=LATER)

    hold_round(session, sri, LATER)

    assert waiting(session) == set(leaves_of(session, code))


def test_a_withdrawal_leaves_its_step(session: Session):
    code = hand_in(session, add_officer(session))

    withdraw(session, code)

    assert waiting(session) == set(leaves_of(session, code))


def clock_step(session: Session, code, kind: StepKind) -> None:
    case = the_case(session, code)
    with transaction(session):
        take_clock_step(session, case, kind, TODAY)
    session.expire_all()


def crypto_leaf(key, kind: StepKind, digest: bytes, number: int = 0) -> bytes:
    return steps.open_step(key, number, kind, digest).leaf
