"""What is told to evaluators: what the portal knows, and never more than that."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from builders import TODAY, acts_on_record, add_custodian, add_officer, hand_in
from counting import A_TALLY, DUE, H1, H2, count_since, keep_made_up, publish
from holds import lots
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal import evaluations
from portal.database import transaction
from portal.errors import NoSuchYearError
from portal.evaluation_sheet import StatementKey, read_evaluation_sheet
from portal.evaluations import (
    add_finding,
    close_finding,
    find_evaluation,
    record_held,
)
from portal.models import Person
from portal.people import retire
from portal.settings import Settings
from portal.sheet_facts import SheetFacts, Support, read_facts, record_export

SHEET = read_evaluation_sheet()
QUARTERS = ("2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31")
END = dt.date(2027, 12, 31)
AFTERWARDS = dt.date(2028, 1, 1)
K = StatementKey


def facts(
    session: Session, today: dt.date = END, year: int = 0, **changed: bool
) -> SheetFacts:
    terms = replace(Settings(instance=Path()).terms, **changed)
    return read_facts(session, year or today.year, terms, today)


def keys(found: SheetFacts) -> set[StatementKey]:
    return {one.key for one in found.statements}


def values(found: SheetFacts, key: StatementKey) -> dict[str, object]:
    (only,) = found.of((key,))
    return dict(only.values)


def missing(found: SheetFacts) -> set[StatementKey]:
    return {one.key for one in found.statements if SHEET.todo(one.key, "id")}


def keeper(session: Session) -> Person:
    person = add_officer(session, "Budi Santoso").person
    with transaction(session):
        person.is_administrator = True
    return person


def plan(session: Session, *days: str) -> Person:
    """Let evaluations be due; return who may write."""
    by = keeper(session)
    for day in days:
        evaluations.plan(session, dt.date.fromisoformat(day), by, TODAY)
    return by


def hold(session: Session, by: Person, *numbers: int) -> None:
    for number in numbers:
        day = find_evaluation(session, number).due_on
        record_held(session, number, done_on=day, note="Rapat.", by=by, today=day)


def find(
    session: Session, by: Person, *, closed: int, of: int, on: dt.date = TODAY
) -> None:
    what = {"text": "Poster belum ada.", "owner": "Sekretariat", "due_on": END}
    for _number in range(of):
        add_finding(session, **what, by=by, today=on)
    for number in range(1, closed + 1):
        kept = {"closed_on": on, "proof": "Nota"}
        close_finding(session, number, **kept, by=by, today=on)


def test_a_portal_without_people_lacks_nearly_everything(session: Session) -> None:
    found = facts(session, TODAY)

    assert missing(found) >= {
        *(K.NO_OFFICER, K.NO_OUTSIDE_OFFICER, K.FEW_CUSTODIANS, K.NO_HOLD),
        *(K.NO_REMINDER, K.NO_RECOVERY_KEY, K.NO_BACKUP_KEY),
    }
    assert found.supports == {"iv.a": Support("C")}


def test_people_at_work_are_counted_and_who_left_is_not(session: Session) -> None:
    add_officer(session)
    add_officer(session, "Yusuf Hidayat", is_outside=True)
    add_officer(session, "Joko Prasetyo")
    retire(session, "Joko Prasetyo", TODAY)
    for name in ("Sri Lestari", "Agus Salim"):
        add_custodian(session, name)

    found = facts(session, TODAY)

    assert values(found, K.OFFICERS) == {"count": 2, "outside": 1}
    assert values(found, K.CUSTODIANS) == {"count": 2}
    assert values(found, K.WITHDRAWALS) == {"count": 1}
    assert values(found, K.DECLARATIONS_MISSING) == {"count": 2}
    assert found.supports["iv.a"] == Support("A", needs_documents=True)


@pytest.mark.parametrize(
    ("held", "letter"), [((), "C"), ((1,), "B"), ((1, 2, 3), "B"), ((1, 2, 3, 4), "A")]
)
def test_regular_is_what_was_held_every_time(
    session: Session, held: tuple[int, ...], letter: str
) -> None:
    by = plan(session, *QUARTERS)
    hold(session, by, *held)

    of_year = facts(session, AFTERWARDS, 2027)

    assert of_year.supports["iv.b"] == Support(letter)
    assert len(of_year.of((K.MISSED_EVALUATION,))) == 4 - len(held)
    assert "iv.b" not in facts(session, AFTERWARDS).supports


def test_four_evaluations_on_one_day_are_not_regular(session: Session) -> None:
    by = plan(session, *QUARTERS)
    for number in (1, 2, 3, 4):
        record_held(session, number, done_on=END, note="x", by=by, today=END)

    found = facts(session, AFTERWARDS, 2027)

    assert found.supports["iv.b"] == Support("B")
    assert len(found.of((K.OTHER_DAY,))) == 3


def test_one_evaluation_is_not_regular_nor_is_a_year_without_fixed_days(
    session: Session,
) -> None:
    by = plan(session, *QUARTERS)
    hold(session, by, 1, 2)
    early = facts(session, dt.date(2027, 4, 1))
    half = facts(session, dt.date(2027, 7, 1))
    unfixed = facts(session, dt.date(2027, 7, 1), has_fixed_days=False)

    letters = [one.supports["iv.b"].letter for one in (early, half, unfixed)]

    assert letters == ["B", "A", "B"]
    assert K.NO_FIXED_DAYS in missing(unfixed)


@pytest.mark.parametrize(
    ("closed", "of", "letter"), [(0, 2, "C"), (1, 2, "B"), (2, 2, "A")]
)
def test_followed_up_is_what_was_closed(
    session: Session, closed: int, of: int, letter: str
) -> None:
    by = plan(session, "2026-12-07")
    record_held(session, 1, done_on=TODAY, note="x", by=by, today=TODAY)
    find(session, by, closed=closed, of=of)

    found = facts(session, TODAY)

    assert found.supports["iv.c"] == Support(letter)
    assert values(found, K.FINDINGS)["percent"] == 100 * closed // of


def test_without_findings_or_without_an_evaluation_nothing_is_claimed(
    session: Session,
) -> None:
    by = plan(session, "2026-12-07")
    nothing = facts(session, TODAY)
    find(session, by, closed=1, of=1)
    unheld = facts(session, TODAY)

    assert "iv.c" not in nothing.supports
    assert "iv.c" not in unheld.supports
    assert K.NO_FINDINGS in keys(nothing)


def test_what_is_late_stands_among_what_is_missing(session: Session) -> None:
    by = plan(session, "2027-03-31")
    find(session, by, closed=0, of=1)

    found = facts(session, END)
    after = facts(session, AFTERWARDS, 2027)

    assert K.OPEN_FINDING in keys(found) - missing(found)
    assert {K.LATE_FINDING, K.MISSED_EVALUATION} <= missing(after)


def test_of_neighbours_the_portal_supports_no_answer(session: Session) -> None:
    by = plan(session, *QUARTERS)
    hold(session, by, 1, 2, 3, 4)
    find(session, by, closed=2, of=2, on=END)

    assert set(facts(session).supports) == {"iv.a", "iv.b", "iv.c"}


def test_no_fact_depends_on_cases(session: Session) -> None:
    rina = add_officer(session)
    before = facts(session, TODAY)

    for _number in range(3):
        hand_in(session, rina)

    assert facts(session, TODAY) == before


def test_a_broken_record_is_told_and_is_missing(session: Session) -> None:
    by = plan(session, "2027-03-31")
    assert by
    with transaction(session):
        session.execute(text("UPDATE audit SET actor = 'x' WHERE number = 1"))

    found = facts(session, TODAY)

    assert K.RECORD_BROKEN in missing(found)
    assert K.RECORD_HOLDS not in keys(found)


def test_counts_are_those_that_were_published_and_small_ones_are_blank(
    session: Session,
) -> None:
    sri = add_custodian(session)
    count_since(session, H2.first)
    keep_made_up(session, H2, *[replace(A_TALLY, received=H1)] * 12)
    before = facts(session, DUE, 2026)

    publish(session, sri)

    after = facts(session, DUE, 2026)
    span = {"first": H2.first, "last": H2.last}
    assert {K.COUNTS_NONE, K.DEADLINES_UNKNOWN} <= keys(before) - keys(after)
    assert values(after, K.COUNTS_SHOWN) == span | {"received": "-", "finished": "10"}
    assert values(after, K.DEADLINES_KEPT) == span
    assert K.COUNTS_NONE in keys(facts(session, DUE))


def test_figures_that_were_edited_are_told_as_broken_and_not_repeated(
    session: Session,
) -> None:
    sri = add_custodian(session)
    count_since(session, H2.first)
    publish(session, sri)
    with transaction(session):
        session.execute(text("UPDATE figures SET body = '{}'"))

    found = facts(session, DUE, 2026)

    assert K.RECORD_BROKEN in missing(found)
    assert not keys(found) & {K.COUNTS_SHOWN, K.DEADLINES_KEPT, K.DEADLINES_MISSED}


def test_two_rounds_in_one_week_are_one(session: Session) -> None:
    sri = add_custodian(session)
    for day in (0, 1, 8):
        for _lot in lots(session, sri, TODAY + dt.timedelta(days=day)):
            pass

    found = facts(session, TODAY + dt.timedelta(days=20))

    assert values(found, K.ROUNDS) == {"held": 2, "due": 3, "every": 7}
    assert values(found, K.ROUNDS_MISSED) == {"count": 1}


@pytest.mark.parametrize("year", [2025, 2027])
def test_of_a_year_before_the_portal_or_to_come_nothing_is_known(
    session: Session, year: int
) -> None:
    with pytest.raises(NoSuchYearError):
        facts(session, TODAY, year)


def test_an_export_is_on_record(session: Session) -> None:
    record_export(session, 2026, TODAY)

    assert acts_on_record(session)[-1] == "evidence exported"
