"""Who has a code sees which steps are in the public trail, and which are kept from it."""

import datetime as dt

import pytest
from at_custody import escalate
from builders import (
    RULES,
    TODAY,
    add_custodian,
    add_officer,
    case_in,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
)
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session
from trails import DAY, pass_days

from crypto import CaseCode, NoticeKind, StepKind, ledger_key, open_step
from portal import troubles
from portal.acts import Move
from portal.cases import read_steps
from portal.database import transaction
from portal.models import Case, Message, Step, WaitingLeaf
from portal.objections import ask_custodians
from portal.public_trail import CaseTrail, LeafState, read_case_trail
from portal.statuses import CaseStatus
from portal.troubles import Telling

ACKNOWLEDGED = Move(CaseStatus.ACKNOWLEDGED)
IN, WAITS, LATE = LeafState.IN_TRAIL, LeafState.WAITS, LeafState.LATE
BEFORE, MISSING = LeafState.BEFORE, LeafState.MISSING


def looked_at(session: Session, code: CaseCode, today: dt.date = TODAY) -> CaseTrail:
    session.rollback()
    opened = for_reporter(session, code)
    steps = read_steps(session, opened.case.id)
    return read_case_trail(session, opened.case.id, steps, opened.key, today)


def states(trail: CaseTrail) -> list[LeafState]:
    return [one.state for one in trail.steps]


def change(session: Session, *statements) -> None:
    with transaction(session):
        for statement in statements:
            session.execute(statement)


def test_a_step_waits_for_the_night_and_is_in_the_trail_then(session: Session):
    officer = add_officer(session)
    code = hand_in(session, officer)
    assert states(looked_at(session, code)) == [WAITS]
    tomorrow = pass_days(session, 1)
    move(session, code, officer, ACKNOWLEDGED, today=tomorrow)

    trail = looked_at(session, code, tomorrow)

    assert states(trail) == [IN, WAITS]
    assert trail.steps[0].in_trail_since == TODAY
    assert trail.closed_until == TODAY
    assert trail.hidden == ()


def test_who_reads_the_case_sees_the_same(session: Session):
    officer = add_officer(session)
    code = case_in(session, officer, CaseStatus.CLOSED)
    day = pass_days(session, 1)

    opened = for_officer(session, code, officer)
    steps = read_steps(session, opened.case.id)
    key = opened.key.thread

    assert read_case_trail(session, opened.case.id, steps, key, day) == looked_at(
        session, code, day
    )


def test_a_leaf_that_was_taken_away_is_missed(session: Session):
    officer = add_officer(session)
    pass_days(session, 2)
    day = TODAY + 2 * DAY
    code = hand_in(session, officer, today=day)
    change(session, delete(WaitingLeaf))

    assert states(looked_at(session, code, day)) == [MISSING]
    pass_days(session, 2, day)
    assert states(looked_at(session, code, day + 2 * DAY)) == [MISSING]


def test_nights_that_do_not_come_are_told(session: Session):
    """Nothing closes the days: the leaf still waits."""
    code = hand_in(session, add_officer(session))

    assert states(looked_at(session, code, TODAY + DAY)) == [WAITS]
    assert states(looked_at(session, code, TODAY + 2 * DAY)) == [LATE]


def test_steps_from_before_the_trail_are_shown_as_such(session: Session):
    officer = add_officer(session)
    code = hand_in(session, officer)
    change(session, delete(WaitingLeaf))
    assert states(looked_at(session, code)) == [BEFORE]
    pass_days(session, 2)
    move(session, code, officer, ACKNOWLEDGED, today=TODAY + 2 * DAY)
    pass_days(session, 1, TODAY + 2 * DAY)

    assert states(looked_at(session, code, TODAY + 3 * DAY)) == [BEFORE, IN]


def test_a_step_that_the_case_does_not_show_is_found(session: Session):
    officer = add_officer(session)
    code = case_in(session, officer, CaseStatus.ASSESSED)
    day = pass_days(session, 1)
    last = len(looked_at(session, code, day).steps) - 1
    change(session, delete(Step).where(Step.number == last))

    trail = looked_at(session, code, day)

    assert set(states(trail)) == {IN}
    assert [one.kind.word for one in trail.hidden] == ["answered"]


def test_a_step_that_is_shown_as_another_is_found(session: Session):
    officer = add_officer(session)
    pass_days(session, 2)
    code, day = hand_in(session, officer, today=TODAY + 2 * DAY), TODAY + 2 * DAY
    for step in ("acknowledged", "not-actionable"):
        move(session, code, officer, step, today=day)
    day = pass_days(session, 1, day)
    closed = {"kind": "closed"}
    change(session, update(Step).where(Step.kind == "not-actionable").values(closed))

    trail = looked_at(session, code, day)

    assert states(trail) == [IN, IN, IN, MISSING, IN]
    assert [one.kind.word for one in trail.hidden] == ["not-actionable"]


def objected(session: Session) -> tuple[CaseCode, dt.date]:
    """Object against an end; return the code, and the day after."""
    officer, custodian = add_officer(session), add_custodian(session)
    code = case_in(session, officer, CaseStatus.CLOSED)
    ask_custodians(
        session,
        for_reporter(session, code),
        "Bukti tidak dilihat.",
        {custodian.person.id},
        windows=frozenset(),
        rules=RULES,
        gate=gate_of(session),
        today=TODAY,
    )
    return code, pass_days(session, 1)


def test_an_objection_that_was_taken_out_is_found_by_its_text(session: Session):
    code, day = objected(session)
    assert looked_at(session, code, day).hidden == ()
    change(session, delete(Step).where(Step.kind == "objection"))

    trail = looked_at(session, code, day)

    assert [one.kind.word for one in trail.hidden] == ["objection"]
    assert trail.lost == ()


def take_out_with_its_text(session: Session, code: CaseCode) -> int:
    """Take out the objection and its text, the last of the thread; return its number."""
    number = session.scalars(select(Step.number).where(Step.kind == "objection")).one()
    thread = select(func.max(Message.number)).where(Message.chain == "thread")
    last = session.scalars(thread).one()
    change(
        session,
        delete(Step).where(Step.kind == "objection"),
        delete(Message).where(Message.chain == "thread", Message.number == last),
    )
    return number


def test_an_objection_that_was_taken_out_with_its_text_is_missed(session: Session):
    """Nothing tells any more what it was: the clock's leaves are those behind it."""
    code, day = objected(session)
    assert looked_at(session, code, day).lost == ()

    number = take_out_with_its_text(session, code)

    trail = looked_at(session, code, day)
    assert set(states(trail)) == {IN}
    assert (trail.hidden, trail.lost) == ((), (number,))


def test_a_gap_that_it_leaves_is_missed(session: Session):
    """Whoever had an older copy put the clock's leaves back; then the next step came."""
    code, day = objected(session)
    number = take_out_with_its_text(session, code)
    change(session, insert(Step).values(row_of(session, code, number + 1, day)))

    assert number in looked_at(session, code, day).lost


def row_of(session: Session, code: CaseCode, number: int, day: dt.date):
    case_id = for_reporter(session, code).case.id
    kind = {"kind": "answered", "locked_digest": None, "taken_on": day}
    return {"case_id": case_id, "number": number} | kind


def test_the_clocks_leaves_cannot_be_taken_away_unseen(session: Session):
    code, day = objected(session)

    for other in ("NULL", "zeroblob(192)", "'no leaves'"):
        change(session, text(f"UPDATE cases SET clock_leaves = {other}"))
        assert len(looked_at(session, code, day).lost) == 1


def test_what_the_clock_did_is_nothing_lost(session: Session):
    officer, _custodian = add_officer(session), add_custodian(session)
    code = hand_in(session, officer)
    day = pass_days(session, 20)
    escalate(session, day)
    assert [one.step.kind for one in looked_at(session, code, day).steps][1:] == [
        "escalated"
    ]

    assert looked_at(session, code, day).lost == ()
    move(session, code, officer, ACKNOWLEDGED, today=day)
    assert looked_at(session, code, day).lost == ()


def test_steps_with_texts_do_not_hide_the_one_behind_them(session: Session):
    """Three in a row were taken out with their texts, and the answer behind them."""
    officer = add_officer(session)
    code = hand_in(session, officer)
    opened = for_reporter(session, code)
    key = ledger_key(opened.key, opened.case.id)
    leaf = open_step(key, 4, StepKind.ANSWERED).leaf
    change(session, insert(WaitingLeaf).values(leaf=leaf, day=TODAY))
    day = pass_days(session, 1)

    (hidden,) = looked_at(session, code, day).hidden

    assert (hidden.number, hidden.kind) == (4, StepKind.ANSWERED)


def test_a_case_goes_on_where_a_step_was_taken_out(session: Session):
    """In the middle: the number of the next one is free."""
    officer = add_officer(session)
    code = case_in(session, officer, CaseStatus.ASSESSED)
    change(session, delete(Step).where(Step.number == 1))

    move(session, code, officer, "closed", today=TODAY)

    numbers = [one.step.number for one in looked_at(session, code, TODAY).steps]
    assert numbers[:2] == [0, 2]
    assert len(set(numbers)) == len(numbers)


def test_of_one_word_told_twice_the_step_that_was_taken_out_is_found(
    session: Session,
):
    """What is shown hides no other that was written with the same words."""
    officer = add_officer(session)
    code = hand_in(session, officer)
    said = {"windows": frozenset(), "rules": RULES, "gate": gate_of(session)}
    telling = Telling(NoticeKind.HUNT, "Kami ditanyai lagi.")
    for day in (TODAY, TODAY + DAY):
        troubles.tell(session, for_reporter(session, code), telling, **said, today=day)
    day = pass_days(session, 2)
    assert looked_at(session, code, day).hidden == ()
    change(session, delete(Step).where(Step.number == 2))

    found = [
        (one.number, one.kind.word) for one in looked_at(session, code, day).hidden
    ]
    assert found == [(2, "trouble")]


def test_nothing_that_was_put_in_is_from_before_the_trail(session: Session):
    """Who writes rows alone can make a step, and give it any day, but no leaf."""
    officer = add_officer(session)
    pass_days(session, 2)
    code = hand_in(session, officer, today=TODAY + 2 * DAY)
    case_id = for_reporter(session, code).case.id
    forged = {"case_id": case_id, "kind": "answered", "locked_digest": None}
    change(session, insert(Step).values(number=1, taken_on=TODAY, **forged))

    assert states(looked_at(session, code, TODAY + 2 * DAY))[1:] == [MISSING]


def test_the_clocks_step_of_a_case_from_before_the_trail_is_not_missed(
    session: Session,
):
    officer, _custodian = add_officer(session), add_custodian(session)
    code = hand_in(session, officer)
    change(session, delete(WaitingLeaf), update(Case).values(clock_leaves=None))
    day = pass_days(session, 7)
    escalate(session, day)

    assert states(looked_at(session, code, day)) == [BEFORE, BEFORE]


@pytest.mark.parametrize("days", [-30, -2, 2, (dt.date.max - TODAY).days])
def test_a_step_with_another_day_than_its_leaf_is_told(session: Session, days: int):
    officer = add_officer(session)
    code = hand_in(session, officer)
    day = pass_days(session, 1)
    assert not any(one.is_of_another_day for one in looked_at(session, code, day).steps)
    moved = update(Step).where(Step.number == 0)
    change(session, moved.values(taken_on=TODAY + days * DAY))

    trail = looked_at(session, code, day)

    assert [one.is_of_another_day for one in trail.steps] == [True]


def test_a_digest_that_was_damaged_is_missed_and_breaks_no_page(session: Session):
    officer = add_officer(session)
    pass_days(session, 2)
    code = hand_in(session, officer, today=TODAY + 2 * DAY)
    pass_days(session, 1, TODAY + 2 * DAY)
    assert states(looked_at(session, code, TODAY + 3 * DAY)) == [IN]

    for damaged in (b"", b"\x01" + bytes(112)):
        change(session, update(Step).values(locked_digest=damaged))
        assert states(looked_at(session, code, TODAY + 3 * DAY)) == [MISSING]


def test_leaves_of_another_case_are_no_steps_of_this(session: Session):
    officer = add_officer(session)
    code, _other = (case_in(session, officer, CaseStatus.CLOSED) for _ in range(2))
    day = pass_days(session, 1)

    assert looked_at(session, code, day).hidden == ()
