"""Figures are published once, whole or not at all, and nothing small follows from them."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace

import pytest
from builders import acts_on_record, add_custodian, add_officer, hand_in
from counting import (
    A_TALLY,
    DUE,
    EVERY_DAYS,
    H1,
    H2,
    IN_H1,
    IN_H2,
    count_since,
    end,
    keep_made_up,
    kept,
    publish,
)
from holds import lots
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import BrokenError
from crypto.public_leaf import PublicKind
from portal import figures, ledger_papers
from portal.cases import Duty
from portal.database import transaction
from portal.errors import NoSuchPeriodError, NotItsTurnError, UncountedError
from portal.evaluations import DueAndDone
from portal.figure_sheets import harmless
from portal.figure_turns import find_turn
from portal.figures import Table, Total
from portal.models import AuditEntry, Evaluation, PublicFigures
from portal.periods import Period
from portal.tallies import CaseGroup

Y2026 = Period(2026, 0)
LATE = dt.date(2028, 4, 1)


def an_agency(session: Session) -> tuple[Duty, Duty]:
    """Return a custodian and an officer, both there since before the half-year."""
    sri, rina = add_custodian(session), add_officer(session)
    count_since(session, H2.first)
    return sri, rina


def fill(session: Session, period: Period = H2) -> None:
    """Keep forty tallies: of thirty, eight and two cases of three groups."""
    groups = {CaseGroup.MONEY: 30, CaseGroup.STAFF: 8, CaseGroup.OTHER: 2}
    for group, count in groups.items():
        keep_made_up(session, period, *[replace(A_TALLY, group=group)] * count)


def test_figures_are_of_what_ended_in_the_half_year(session: Session) -> None:
    sri, rina = an_agency(session)
    fill(session)
    end(session, rina, IN_H1)
    hand_in(session, rina, today=IN_H2)

    found = publish(session, sri)

    assert found.totals[Total.ENDED] == 40
    assert found.totals[Total.RECEIVED] == 40
    assert found.totals[Total.REMINDERS] is None
    assert found.tables[Table.GROUP] == (30, None, None, None)
    assert found.tables[Table.ENDING] == (None, None, None, None, None)
    assert figures.read(session, H2) == found


def test_what_came_in_counts_whether_it_ended_then_later_or_not_at_all(
    session: Session,
) -> None:
    sri, rina = an_agency(session)
    keep_made_up(session, H2, *[A_TALLY] * 3)
    keep_made_up(session, H1, *[A_TALLY] * 3, replace(A_TALLY, received=H1))
    hand_in(session, rina, today=IN_H2)
    hand_in(session, rina, today=IN_H1)

    found = publish(session, sri)

    assert (found.totals[Total.RECEIVED], found.totals[Total.ENDED]) == (5, None)


def test_a_figure_of_one_case_shows_nothing(session: Session) -> None:
    sri, rina = an_agency(session)
    end(session, rina)

    found = publish(session, sri)

    assert set(found.totals.values()) == {None}
    assert {cell for cells in found.tables.values() for cell in cells} == {None}


def test_what_was_counted_is_gone_and_what_was_published_stays(
    session: Session,
) -> None:
    sri, _rina = an_agency(session)
    fill(session)
    keep_made_up(session, H1, A_TALLY)
    published = publish(session, sri)

    keep_made_up(session, H2, *[A_TALLY] * 20)

    assert [row.period for row in kept(session)].count("2027-H1") == 1
    assert figures.read(session, H2) == published
    assert publish(session, sri, H1, LATE).totals[Total.ENDED] is None


def test_nothing_is_published_before_its_turn(session: Session) -> None:
    sri, _rina = an_agency(session)
    early = find_turn(session, DUE - dt.timedelta(days=1))

    assert (early.periods, early.next_on) == ((), DUE)
    for period, day in (
        (H2, DUE - dt.timedelta(days=1)),
        (H1, LATE),
        (Period(2026, 1), LATE),
        (Y2026, DUE),
    ):
        with pytest.raises(NotItsTurnError):
            publish(session, sri, period, day)


def test_nothing_is_published_twice(session: Session) -> None:
    sri, _rina = an_agency(session)
    joko = add_custodian(session, "Joko Prasetyo")
    publish(session, sri)

    for custodian in (sri, joko):
        with pytest.raises(NotItsTurnError):
            publish(session, custodian)


def test_a_year_is_published_whole_or_in_halves_and_never_both(
    session: Session,
) -> None:
    sri, _rina = an_agency(session)
    count_since(session, dt.date(2026, 1, 1))
    first, year = Period(2026, 1), Period(2026, 0)
    assert find_turn(session, DUE).periods == (first, year)
    keep_made_up(session, first, *[A_TALLY] * 6)
    keep_made_up(session, H2, *[A_TALLY] * 6)

    found = publish(session, sri, year)

    assert found.totals[Total.ENDED] == 10
    for half in year.halves:
        with pytest.raises(NotItsTurnError):
            publish(session, sri, half, LATE)


def test_a_half_closes_the_way_to_its_year(session: Session) -> None:
    sri, _rina = an_agency(session)
    count_since(session, dt.date(2026, 1, 1))
    publish(session, sri, Period(2026, 1))

    assert find_turn(session, DUE).periods == (H2,)
    with pytest.raises(NotItsTurnError):
        publish(session, sri, Y2026)


def test_nobody_but_a_custodian_publishes(session: Session) -> None:
    _sri, rina = an_agency(session)

    with pytest.raises(NotItsTurnError):
        publish(session, rina)


def test_what_another_custodian_could_open_is_waited_for(session: Session) -> None:
    sri, _rina = an_agency(session)
    fill(session)
    later = add_custodian(session, "Wulan Sari")
    with pytest.raises(UncountedError):
        publish(session, later)
    assert len(kept(session)) == 40

    found = publish(session, later, leaves_out_unread=True)

    assert (found.is_whole, found.totals[Total.ENDED]) == (False, None)
    assert publish(session, sri, H1, LATE).is_whole


def test_figures_say_where_counting_began_later(session: Session) -> None:
    sri, _rina = an_agency(session)
    assert publish(session, sri).is_whole
    with transaction(session):
        session.execute(delete(PublicFigures))
        sri.person.added_on = IN_H2

    assert not publish(session, sri).is_whole


def test_rounds_are_counted_by_the_stretches_in_which_one_took_place(
    session: Session,
) -> None:
    sri, _rina = an_agency(session)
    for day in (H2.first, H2.first + dt.timedelta(days=1), IN_H2):
        list(lots(session, sri, today=day))

    facts = publish(session, sri).facts

    assert (facts.rounds_held, facts.rounds_due) == (2, 184 // EVERY_DAYS)


def test_deadlines_were_missed_or_none_was(session: Session) -> None:
    sri, rina = an_agency(session)
    fill(session)
    assert figures.OF_DEADLINES
    hand_in(session, rina, today=IN_H2)

    found = publish(session, sri)

    assert found.facts.is_deadline_missed
    assert Table.FIRST_ANSWER in found.tables


def test_the_first_answer_stands_in_one_table_and_the_end_beside_it_or_not_at_all(
    session: Session,
) -> None:
    """Two tables that divide by the same days would tell what each hides."""
    sri, _rina = an_agency(session)
    late = {"is_answered_in_time": False, "first_answer": 0}
    in_time, after = replace(A_TALLY, end=0), replace(A_TALLY, **late, end=1)
    keep_made_up(session, H2, *[in_time] * 12, *[after] * 11)
    keep_made_up(session, H1, *[in_time] * 30, *[after] * 30)
    keep_made_up(
        session,
        H1,
        *[replace(after, first_answer=band, end=band) for band in (2, 3)] * 30,
    )

    halves = [publish(session, sri), publish(session, sri, H1, LATE)]

    assert [one.tables[Table.FIRST_ANSWER] for one in halves] == [
        (10, None, None, None),
        (30, 30, 30, 30),
    ]
    assert [one.tables[Table.END] for one in halves] == [
        (None, None, None, None),
        (30, 30, 30, 30),
    ]


def test_where_no_deadline_was_missed_nothing_is_divided_by_them(
    session: Session,
) -> None:
    sri, _rina = an_agency(session)
    fill(session)

    found = publish(session, sri)

    assert not found.facts.is_deadline_missed
    assert not found.tables.keys() & set(figures.OF_DEADLINES)


def test_evaluations_are_told_as_the_register_has_them(session: Session) -> None:
    sri, _rina = an_agency(session)
    days = (H2.first, H2.last, H1.first)
    with transaction(session):
        session.add_all(
            Evaluation(
                due_on=day,
                is_fixed=True,
                done_on=H2.last if day == H2.last else None,
                note="",
            )
            for day in days
        )

    assert publish(session, sri).facts.evaluations == DueAndDone(due=2, done=1)


def test_they_enter_the_public_trail_and_name_nobody(session: Session) -> None:
    sri, _rina = an_agency(session)

    body = publish(session, sri).encode()

    (paper,) = ledger_papers.list_papers(session, PublicKind.FIGURES)
    assert paper.text == body.encode()
    assert sri.person.name not in body
    assert figures.find_custodian(session, H2) == sri.person.name


def test_it_is_on_record_and_a_row_that_was_edited_is_found(session: Session) -> None:
    sri, _rina = an_agency(session)
    fill(session)
    publish(session, sri)
    assert acts_on_record(session)[-1] == "figures published"
    assert figures.find_broken(session) == ()

    with transaction(session):
        row = session.scalars(select(PublicFigures)).one()
        row.body = row.body.replace('"ended": 40', '"ended": 45')

    assert figures.find_broken(session) == ("2026-H2",)
    with pytest.raises(BrokenError):
        figures.read(session, H2)


def test_signing_others_figures_or_dropping_them_is_found(session: Session) -> None:
    sri, _rina = an_agency(session)
    fill(session)
    publish(session, sri)
    forger = add_custodian(session, "Wulan Sari")
    with transaction(session):
        mark = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "figures published")
        ).one()
        session.execute(delete(PublicFigures))
    assert figures.find_broken(session) == ("2026-H2",)

    publish(session, forger)

    assert mark.concerns
    assert figures.find_broken(session) == ("2026-H2",)


@pytest.mark.parametrize("text", ["2026", "2026-H1", "2027-H2", "0001-H1"])
def test_a_period_is_written_in_one_way(text: str) -> None:
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "2026-H3", "2026-h1", "26-H1", "2026-H1\n", "0000", "9999", "٢٠٢٦"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(NoSuchPeriodError):
        Period.parse(text)


def test_periods_follow_each_other() -> None:
    assert [str(one.next) for one in (H2, Y2026, Period(2026, 1))] == [
        *("2027-H1", "2027", "2026-H2")
    ]
    assert (H2.first, H2.last) == (dt.date(2026, 7, 1), dt.date(2026, 12, 31))
    assert (Y2026.first, Y2026.last) == (dt.date(2026, 1, 1), H2.last)
    assert Period.of(dt.date(2026, 6, 30)) == Period(2026, 1)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", "null", json.dumps({"v": 1, "period": "2026-H2"})],
)
def test_what_is_no_figures_is_broken(body: str) -> None:
    with pytest.raises(BrokenError):
        figures.Figures.decode(body)


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "text", ["=A1", ' ="x"', "Loket;=A1", 'Loket; "=A1', "a\t+1", "\uff1dA1;-1", '"@x']
)
def test_no_cell_is_a_formula_whatever_a_program_takes_for_the_separator(
    text: str, separator: str, quoting: int
) -> None:
    """Spreadsheets in Indonesian split at semicolons, and see no quotation marks then."""
    sheet = io.StringIO()
    csv.writer(sheet).writerow(["2026-H2", "changes", "id", harmless(text)])
    read = csv.reader([sheet.getvalue()], delimiter=separator, quoting=quoting)
    last = [cell.strip(' \r\n"') for row in read for cell in row]

    signs = ("=", "+", "-", "@", "\uff1d")
    assert not [cell for cell in last if cell.startswith(signs)]
