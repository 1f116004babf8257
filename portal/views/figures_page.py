"""Figures as their page shows them: sentences, numbers in words, bars."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from portal.figures import OF_DAYS, OF_DEADLINES, ROWS, Figures, Table, Total
from portal.improvements import ImprovementText
from portal.periods import Period
from portal.suppression import Shown
from portal.tallies import CaseGroup, Ending
from portal.views.languages import gettext as _
from portal.views.languages import language

_BAR = 100
"""How long the longest bar is; the picture is stretched to its place."""


@dataclass(frozen=True)
class FactOnPage:
    """One thing that anybody can check, and how it stands."""

    label: str
    value: str
    is_bad: bool


@dataclass(frozen=True)
class RowOnPage:
    """A number with what it counts, and the length of its bar; 0: none is drawn."""

    label: str
    shown: str
    bar: int


@dataclass(frozen=True)
class TableOnPage:
    """One table, with the sentence on its median where that is known."""

    title: str
    rows: list[RowOnPage]
    median: str


@dataclass(frozen=True)
class FiguresOnPage:
    """The figures of a half-year or a year."""

    title: str
    published_on: dt.date
    custodian: str
    is_partial: bool
    facts: list[FactOnPage]
    totals: list[RowOnPage]
    tables: list[TableOnPage]
    hidden: list[str]
    """Titles of tables of which nothing may be shown."""
    in_time: list[str]
    """Titles of tables that say nothing, because no deadline was missed."""
    sheet_href: str


def figures_on_page(figures: Figures, custodian: str) -> FiguresOnPage:
    """Return *figures*, published by *custodian*, in the page's language."""
    shown = [one for one, cells in figures.tables.items() if any(cells)]
    hidden = [one for one in figures.tables if one not in shown]
    return FiguresOnPage(
        title=period_word(figures.period),
        published_on=figures.published_on,
        custodian=custodian,
        is_partial=not figures.is_whole,
        facts=_facts(figures),
        totals=[
            _total(_total_word(one), count) for one, count in figures.totals.items()
        ],
        tables=[_table(one, figures) for one in shown],
        hidden=[_title(one) for one in hidden],
        in_time=[_title(one) for one in OF_DEADLINES if one not in figures.tables],
        sheet_href=url_for("figures.sheet", period=str(figures.period)),
    )


def texts_on_page(said: ImprovementText | None) -> list[str]:
    """Return what changed, line by line; in the other language if need be."""
    if said is None:
        return []
    text = said.texts[language()] or next(filter(None, said.texts.values()), "")
    return [line.strip() for line in text.splitlines() if line.strip()]


def period_word(period: Period) -> str:
    """Return a half-year or a year in words."""
    if period.is_year:
        return _("The year %(year)s", year=period.year)
    if period.half == 1:
        return _("First half of %(year)s", year=period.year)
    return _("Second half of %(year)s", year=period.year)


def _facts(figures: Figures) -> list[FactOnPage]:
    facts = figures.facts
    missed = facts.is_deadline_missed
    found = [
        _of(_("Rounds of the keepers"), facts.rounds_held, facts.rounds_due),
        FactOnPage(
            _("Deadlines missed"), _("some") if missed else _("none"), is_bad=missed
        ),
    ]
    counts = facts.evaluations
    return [*found, _of(_("Evaluations"), counts.done, counts.due)]


def _of(label: str, done: int, due: int) -> FactOnPage:
    value = _("%(done)s of %(due)s", done=done, due=due)
    return FactOnPage(label, value if due else _("none was due"), is_bad=done < due)


def _total(label: str, count: Shown) -> RowOnPage:
    return RowOnPage(label, _("fewer than 5") if count is None else _about(count), 0)


def _table(table: Table, figures: Figures) -> TableOnPage:
    cells = figures.tables[table]
    longest = max(cell for cell in cells if cell)
    rows = [
        RowOnPage(
            label,
            _("hidden") if cell is None else _about(cell),
            cell * _BAR // longest if cell else 0,
        )
        for label, cell in zip(_labels(table), cells, strict=True)
    ]
    return TableOnPage(_title(table), rows, _median(table, figures))


def _median(table: Table, figures: Figures) -> str:
    at = figures.find_median(table) if table in OF_DAYS else None
    if at is None:
        return ""
    return _("Half of them or more: %(band)s.", band=_labels(table)[at])


def _about(count: int) -> str:
    return _("about %(count)s", count=count)


def _total_word(total: Total) -> str:
    return {
        Total.RECEIVED: _("Reports received"),
        Total.ENDED: _("Reports that ended"),
        Total.REMINDERS: _("Courtesy reminders passed on"),
    }[total]


def _title(table: Table) -> str:
    return {
        Table.ENDING: _("How they ended"),
        Table.GROUP: _("What they were about"),
        Table.ACKNOWLEDGED: _("Acknowledged in time"),
        Table.FIRST_ANSWER: _("Days until the first answer"),
        Table.END: _("Days until the end"),
        Table.OBJECTION: _("The reporter objected to the end"),
        Table.RETALIATION: _("Somebody was made to suffer for a report, it was said"),
        Table.AFTER_REMINDER: _("A reminder had been passed on before"),
    }[table]


def _labels(table: Table) -> Sequence[str]:
    if table is Table.ENDING:
        return _in_order(ROWS[table], _endings())
    if table is Table.GROUP:
        return _in_order(ROWS[table], _groups())
    if table is Table.FIRST_ANSWER:
        return [
            _("in time"),
            _("late, under 60 days"),
            _("late, 60 to 89 days"),
            _("late, 90 days or more"),
        ]
    if table is Table.END:
        return [
            _("under 30 days"),
            _("30 to 59 days"),
            _("60 to 89 days"),
            _("90 days or more"),
        ]
    return [_("Yes"), _("No")]


def _in_order(rows: Iterable[str], words: dict[str, str]) -> list[str]:
    return [words[row] for row in rows]


def _endings() -> dict[str, str]:
    return {
        Ending.PROVEN: _("Proven, wholly or in part"),
        Ending.IMPROVED: _("Put right"),
        Ending.NOT_PROVEN: _("Could not be proven"),
        Ending.OTHERWISE: _("Not ours to decide, or cannot be acted on"),
        Ending.WITHDRAWN: _("Withdrawn"),
    }


def _groups() -> dict[str, str]:
    return {
        CaseGroup.MONEY: _("Money and bribery"),
        CaseGroup.STAFF: _("Personnel"),
        CaseGroup.SERVICE: _("Service and ethics"),
        CaseGroup.OTHER: _("Other"),
    }
