"""Lists as files of comma- or semicolon-separated values, read strictly.

This module hides encoding, separator and quotation marks, and where each column stands.
What is wrong is told with its line; its sentences are English, marked for the
catalogues where a page shows them too.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from portal.errors import Fault, ListFileError

# What a spreadsheet takes for a formula when the list is opened in one again.
_FORMULA = tuple("=+-@\t\r")
_MIB = 2**20


def _l(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


_TOO_LARGE = _l("This file has more than %(most)s MiB: that is no such list.")
_NOT_UTF_8 = _l(
    "this is not UTF-8. In the spreadsheet choose *Save as*, "
    "*CSV UTF-8 (comma delimited)*."
)
_NO_HEADER = _l("no columns are named here: write %(columns)s, or %(others)s.")
_MISSING = _l("the column %(column)s is missing.")
_TWICE = _l("the column %(column)s is there twice.")
_UNCLOSED = _l("a quotation mark is not closed, or stands where none can.")
_NOTHING = _l("Nothing stands in this list.")
_EMPTY = _l("the %(column)s is empty.")
_BEGINS = _l("the %(column)s begins like a formula, with %(sign)s.")
_UNSEEN = _l("the %(column)s holds a line break or another sign that nobody sees.")
_LONG = _l("the %(column)s has %(count)s characters; %(most)s are the most.")


@dataclass(frozen=True)
class Most:
    """How much a list may hold; more is not read."""

    content: int
    """In bytes."""
    rows: int
    sentence: str
    """Says that there are more rows than *most*; English, as catalogues have it."""


@dataclass(frozen=True)
class Row:
    """A line that is not empty, by its columns, and the number of its first line."""

    line: int
    cells: Mapping[str, str]


def read_rows(content: bytes, headings: Mapping[str, str], most: Most) -> list[Row]:
    """Return all lines but the first, which names the columns.

    *headings*: what may stand there, in small letters -> the column that is meant.
    Other columns are passed over.

    Raises:
        ListFileError: it is too large or too long, no UTF-8, empty, or lacks a column.
    """
    text = _decode(content, most.content)
    rows = _split(text)
    _, head = next(rows, (0, []))
    if not head:
        raise ListFileError([Fault(0, _NOTHING)])
    places = _places(head, headings)
    found = [
        Row(line, {column: _cell(row, place) for column, place in places.items()})
        for line, row in islice(rows, most.rows + 1)
    ]
    if not found:
        raise ListFileError([Fault(0, _NOTHING)])
    if len(found) > most.rows:
        raise ListFileError([Fault(0, most.sentence, {"most": most.rows})])
    return found


def faults_of_text(row: Row, column: str, most: int) -> Iterator[Fault]:
    """Yield what is wrong with a text of at most so many characters that must be."""
    text, value = row.cells[column], {"column": column}
    if not text:
        yield Fault(row.line, _EMPTY, value)
    elif text.startswith(_FORMULA):
        yield Fault(row.line, _BEGINS, value | {"sign": repr(text[0])})
    elif not text.isprintable():
        yield Fault(row.line, _UNSEEN, value)
    elif len(text) > most:
        yield Fault(row.line, _LONG, value | {"count": len(text), "most": most})


def _decode(content: bytes, most_bytes: int) -> str:
    if len(content) > most_bytes:
        raise ListFileError([Fault(0, _TOO_LARGE, {"most": most_bytes // _MIB})])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ListFileError([Fault(line, _NOT_UTF_8)]) from None


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty, with the number of its first line."""
    head = text.lstrip().split("\n", 1)[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, ""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise ListFileError([Fault(line, _UNCLOSED)]) from None


def _places(header: list[str], headings: Mapping[str, str]) -> Mapping[str, int]:
    """Return where each column stands."""
    columns = tuple(dict.fromkeys(headings.values()))
    named = [headings.get(cell.strip().casefold(), "") for cell in header]
    if not any(named):
        raise ListFileError([Fault(1, _NO_HEADER, _ways_to_name(headings))])
    faults = [
        Fault(1, _TWICE if count else _MISSING, {"column": column})
        for column in columns
        if (count := named.count(column)) != 1
    ]
    if faults:
        raise ListFileError(faults)
    return {column: named.index(column) for column in columns}


def _ways_to_name(headings: Mapping[str, str]) -> Mapping[str, str]:
    """Return a first line in English, and one in the other language."""
    columns = dict.fromkeys(headings.values())
    ways = [[way for way in headings if headings[way] == one] for one in columns]
    return {
        "columns": ",".join(of_one[0] for of_one in ways),
        "others": ",".join(of_one[min(1, len(of_one) - 1)] for of_one in ways),
    }


def _cell(row: list[str], place: int) -> str:
    text = row[place] if place < len(row) else ""
    return unicodedata.normalize("NFC", text.strip())
