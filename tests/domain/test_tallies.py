"""What is counted of a case: once, as it ended, and readable to nobody alone."""

import datetime as dt
from dataclasses import replace

import pytest
from asking import add_staff, ask, deliver
from builders import (
    RULES,
    a_report,
    add_custodian,
    add_officer,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    hear_keys,
    move,
    shredder_of,
    the_case,
)
from counting import (
    A_TALLY,
    DUE,
    H1,
    H2,
    IN_H1,
    IN_H2,
    counted,
    end,
    kept,
    opened,
    publish,
    take_back,
)
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Identity,
    Key,
    NoticeKind,
    NotYoursError,
    open_tally,
    tally_id,
)
from portal import objections, tallies, troubles
from portal.database import transaction
from portal.models import Case, KeyHandOver
from portal.periods import Period
from portal.statuses import Outcome
from portal.tallies import CaseGroup, Ending, Tally
from portal.troubles import Telling

SOON = IN_H2 + dt.timedelta(days=9)
FLAGS = st.booleans()
TALLIES = st.builds(
    Tally,
    received=st.builds(Period, st.integers(1, 9998), st.sampled_from([1, 2])),
    group=st.sampled_from(CaseGroup),
    ending=st.sampled_from(Ending),
    is_acknowledged_in_time=FLAGS,
    is_answered_in_time=FLAGS,
    is_ended_in_time=FLAGS,
    first_answer=st.integers(0, 3),
    end=st.integers(0, 3),
    is_objected_to=FLAGS,
    is_of_retaliation=FLAGS,
    is_after_reminder=FLAGS,
)


@given(TALLIES)
def test_a_tally_is_read_as_it_was_written(tally: Tally) -> None:
    assert Tally.parse(str(tally)) == tally
    assert len(str(tally)) <= 60


@pytest.mark.parametrize(
    "words",
    ["", "reminder", str(A_TALLY) + " ", str(A_TALLY).upper(), f"{A_TALLY}"[:-1]],
)
def test_what_is_no_tally_is_broken(words: str) -> None:
    with pytest.raises(BrokenError):
        Tally.parse(words)


def test_what_is_counted_of_a_case_that_ends(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)

    end(session, rina, IN_H2)

    assert counted(session, sri) == [replace(A_TALLY, end=0)]


def test_outcomes_are_counted_in_groups(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    groups = {
        Outcome.PARTLY_PROVEN: Ending.PROVEN,
        Outcome.SYSTEM_FIXED: Ending.IMPROVED,
        Outcome.INSUFFICIENT_EVIDENCE: Ending.NOT_PROVEN,
        Outcome.OUTSIDE_REMIT: Ending.OTHERWISE,
        Outcome.DUPLICATE: Ending.OTHERWISE,
    }

    for outcome in groups:
        end(session, rina, outcome=outcome)

    found = sorted(tally.ending for tally in counted(session, sri))
    assert found == sorted(groups.values())


def test_withdrawn_and_not_actionable_are_counted_as_well(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    take_back(session, rina)
    code = hand_in(session, rina)
    for step in ("acknowledged", "not-actionable"):
        move(session, code, rina, step)

    endings = {tally.ending for tally in counted(session, sri)}

    assert endings == {Ending.WITHDRAWN, Ending.OTHERWISE}


def test_categories_are_counted_in_four_groups(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)

    for category in ("SUAP", "DISIP", "LAYAN", "LAIN", "UNSURE"):
        end(session, rina, report=a_report(category=category))

    found = [tally.group for tally in counted(session, sri)]
    assert sorted(found) == sorted([*CaseGroup, CaseGroup.OTHER])


def test_missed_deadlines_and_bands_of_days_are_counted(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)

    end(session, rina, received=IN_H2 - dt.timedelta(days=95))

    (tally,) = counted(session, sri)
    assert (tally.received, tally.first_answer, tally.end) == (H2, 3, 3)
    assert not tally.is_acknowledged_in_time
    assert not tally.is_answered_in_time
    assert not tally.is_ended_in_time


@pytest.mark.parametrize(("days", "band"), [(0, 0), (29, 0), (30, 1), (89, 2), (90, 3)])
def test_a_band_begins_where_the_one_before_ends(days: int, band: int) -> None:
    assert tallies.band_of(days) == band


def test_a_case_that_ends_twice_is_counted_once_as_it_ended_last(
    session: Session,
) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)
    move(session, code, rina, "addressed", today=IN_H1)
    assert opened(session, sri).cases == ()

    move(session, code, rina, "not-actionable", today=IN_H1)

    ((period, tally),) = opened(session, sri).cases
    assert (period, tally.ending, len(kept(session))) == (H1, Ending.OTHERWISE, 1)


def test_what_was_public_once_is_not_counted_again(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)
    publish(session, sri)

    for step in ("addressed", "not-actionable"):
        move(session, code, rina, step, today=dt.date(2027, 5, 3))

    assert kept(session) == []


@pytest.mark.parametrize(("days_before", "is_counted"), [(1, True), (0, False)])
def test_what_was_taken_up_again_as_figures_came_counts_where_it_ends_at_last(
    session: Session, days_before: int, is_counted: bool
) -> None:
    """Else officers keep a case out of all figures: they reopen it for that day."""
    sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)
    move(session, code, rina, "addressed", today=DUE - dt.timedelta(days_before))
    publish(session, sri)

    move(session, code, rina, "not-actionable", today=dt.date(2027, 5, 3))

    periods = [period for period, _tally in opened(session, sri).cases]
    # Of that very day nobody can tell: no case is in two of them.
    assert periods == [H1] * is_counted


def test_what_a_reporter_says_after_the_end_changes_what_was_counted(
    session: Session,
) -> None:
    """An objection, and somebody after the reporter: with the code's key alone."""
    sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)
    said = {"windows": code.windows(), "rules": RULES, "gate": gate_of(session)}

    mine, asked = for_reporter(session, code), {sri.person.id}
    objections.ask_custodians(session, mine, "Keliru.", asked, **said, today=SOON)
    (objected,) = opened(session, sri).cases
    telling = Telling(NoticeKind.RETALIATION, "Saya dipindahkan.")
    troubles.tell(session, for_reporter(session, code), telling, **said, today=SOON)
    (suffered,) = opened(session, sri).cases

    changed = replace(A_TALLY, end=0, is_objected_to=True)
    assert objected == (H2, changed)
    assert suffered == (H2, replace(changed, is_of_retaliation=True))


def test_a_leaflet_that_is_passed_on_is_counted(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    add_staff(session)
    asked = ask(session)

    deliver(session, asked, rina)

    assert opened(session, sri).reminders == (Period.of(asked.request.days.first),)


def test_a_destroyed_case_stays_counted(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)

    with transaction(session):
        shredder_of(session).shred(session, [the_case(session, code).id])

    assert len(counted(session, sri)) == 1


def test_a_damaged_thread_hinders_no_ending(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)
    mine = for_reporter(session, code)

    with transaction(session):
        case = session.get_one(Case, mine.case.id)
        wrong = mine.key.fresh()
        tallies.keep(session, case, wrong, RULES, gate_of(session))

    endings = {tally.ending for tally in counted(session, sri)}
    assert endings == {Ending.PROVEN, Ending.OTHERWISE}


def test_every_custodian_can_open_it_and_whoever_joins_later_cannot(
    session: Session,
) -> None:
    sri, joko = add_custodian(session), add_custodian(session, "Joko Prasetyo")
    rina = add_officer(session)
    end(session, rina)
    later = add_custodian(session, "Wulan Sari")

    assert counted(session, sri) == counted(session, joko) != []
    assert opened(session, later).unread == 1


def test_nothing_is_sealed_to_a_key_that_nobody_compared(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    with transaction(session):
        session.add(
            KeyHandOver(
                giver_id=rina.person.id,
                receiver_id=sri.person.id,
                reached=bytes(16),
                is_done=False,
            )
        )
    end(session, rina)
    assert kept(session) == []

    hear_keys(session)
    end(session, rina)

    assert len(counted(session, sri)) == 1


def test_neither_custodian_nor_gate_opens_one_alone(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    end(session, rina)
    (row,) = kept(session)
    place = {"tally_id": row.id, "period": row.period, "holder": sri.person.id}
    other_gate = Key(bytes(32), sri.instance)

    with pytest.raises(NotYoursError):
        open_tally(row.sealed, sri.identity, other_gate, **place)
    with pytest.raises(NotYoursError):
        open_tally(row.sealed, Identity.generate(), gate_of(session), **place)


def test_nothing_in_its_row_follows_from_the_case_without_its_key(
    session: Session,
) -> None:
    _sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)
    (row,), case = kept(session), the_case(session, code)
    thread = for_officer(session, code, rina).key.thread

    assert row.id == tally_id(thread, case.id, "case")
    assert row.period == "2026-H2"
    assert {column.name for column in row.__table__.columns} == {
        *("id", "holder_id", "period", "sealed")
    }
    assert row.id not in {case.id, case.locator}


def test_what_is_moved_or_put_back_is_not_counted(session: Session) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    end(session, rina)
    (row,) = kept(session)
    with transaction(session):
        row.period = "2027-H1"

    assert opened(session, sri).cases == ()
    assert opened(session, sri).unread == 1
