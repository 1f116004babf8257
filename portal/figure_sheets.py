"""Figures as a sheet: CSV after RFC 4180, with fixed columns (docs/figures.md).

It begins with the mark of UTF-8, without which spreadsheet programs guess another
encoding. A cell that one of them would take for a formula begins with an apostrophe.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from portal.figures import ROWS, Figures
from portal.suppression import Shown

COLUMNS = ("period", "part", "row", "value")
HIDDEN = "hidden"
BELOW_FIVE = "<5"

_MARK = "\ufeff"
# Where a cell begins; also for programs that take another sign for the separator, as
# spreadsheets in Indonesian do, and see no quotation marks then.
_BEGINS_FORMULA = re.compile(
    r"""(?:^|(?<=[;\t]))(?=[\t\r]|[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20])"""
)


def write_sheet(figures: Figures, texts: Mapping[str, str]) -> bytes:
    """Return the sheet of *figures*; *texts*: what changed, by language."""
    sheet = io.StringIO(newline="")
    rows = csv.writer(sheet)
    rows.writerow(COLUMNS)
    period = str(figures.period)
    for cells in (*_facts(figures), *_counts(figures), *_changes(texts)):
        rows.writerow([harmless(cell) for cell in (period, *cells)])
    return (_MARK + sheet.getvalue()).encode()


def harmless(cell: str) -> str:
    """Return *cell* such that no spreadsheet program takes it for a formula."""
    return _BEGINS_FORMULA.sub("'", cell)


def _facts(figures: Figures) -> Iterator[tuple[str, str, str]]:
    facts = figures.facts
    yield "about", "published", figures.published_on.isoformat()
    yield "about", "complete", _yes_no(figures.is_whole)
    yield "facts", "rounds-held", str(facts.rounds_held)
    yield "facts", "rounds-due", str(facts.rounds_due)
    yield "facts", "deadlines-missed", _yes_no(facts.is_deadline_missed)
    yield "facts", "evaluations-done", str(facts.evaluations.done)
    yield "facts", "evaluations-due", str(facts.evaluations.due)


def _counts(figures: Figures) -> Iterator[tuple[str, str, str]]:
    for total, count in figures.totals.items():
        yield "totals", total.value, BELOW_FIVE if count is None else str(count)
    for table, cells in figures.tables.items():
        for row, cell in zip(ROWS[table], cells, strict=True):
            yield table.value, row, _cell(cell)


def _changes(texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for language, text in texts.items():
        for line in filter(None, text.splitlines()):
            yield "changes", language, line


def _cell(shown: Shown) -> str:
    return HIDDEN if shown is None else str(shown)


def _yes_no(is_so: bool) -> str:
    return "yes" if is_so else "no"
