"""A staff list as a file: read as a whole, and taken only where every line is right."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields

from portal.errors import StaffListError, StaffNumberError
from portal.staff import Member, canonical_number

MOST_BYTES = 16 * 2**20
MOST_PEOPLE = 100_000
MOST_CHARACTERS = 120
"""Of a name, a position, a unit."""

_MOST_PROBLEMS = 50
_HEADINGS = {
    "number": "number",
    "nomor": "number",
    "nip": "number",
    "name": "name",
    "nama": "name",
    "position": "position",
    "jabatan": "position",
    "unit": "unit",
}
_COLUMNS = tuple(column.name for column in fields(Member))
# What a spreadsheet takes for a formula when the list is opened in one again.
_FORMULA = tuple("=+-@\t\r")
_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")

_TOO_LARGE = "This file has more than 16 MiB: that is no list of staff."
_NOT_UTF_8 = (
    "Line {line}: this is not UTF-8. In the spreadsheet choose *Save as*, "
    "*CSV UTF-8 (comma delimited)*."
)
_NO_HEADER = (
    "Line 1 names no columns: write number,name,position,unit there, or "
    "nomor,nama,jabatan,unit."
)
_NOBODY = "There is nobody in this file."


def read_list(content: bytes, digits: int) -> tuple[Member, ...]:
    """Return everybody in a file of comma- or semicolon-separated values.

    *digits*: how many a staff number has.

    Raises:
        StaffListError: with all that is wrong, a line each, under its line's number.
    """
    text = _decode(content)
    if not text.strip():
        raise StaffListError(_NOBODY)
    rows = _rows(text)
    places = _places(next(rows)[1])
    members, problems = _judge(rows, places, digits)
    if problems:
        raise StaffListError("\n".join(_at_most(problems)))
    if not members:
        raise StaffListError(_NOBODY)
    return tuple(members)


def _decode(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise StaffListError(_TOO_LARGE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StaffListError(_NOT_UTF_8.format(line=line)) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
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
        sentence = (
            f"Line {line}: a quotation mark is not closed, or stands where none can."
        )
        raise StaffListError(sentence) from None


def _places(header: list[str]) -> Mapping[str, int]:
    """Return where each column stands; columns that are not ours are passed over."""
    named = [_HEADINGS.get(cell.strip().casefold(), "") for cell in header]
    if not any(named):
        raise StaffListError(_NO_HEADER)
    problems = [
        f"Line 1: the column {column} is {'missing' if not count else 'there twice'}."
        for column in _COLUMNS
        if (count := named.count(column)) != 1
    ]
    if problems:
        raise StaffListError("\n".join(problems))
    return {column: named.index(column) for column in _COLUMNS}


def _judge(
    rows: Iterator[tuple[int, list[str]]], places: Mapping[str, int], digits: int
) -> tuple[list[Member], list[str]]:
    """Return everybody, and what is wrong with whom."""
    members: list[Member] = []
    problems: list[str] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        cells = {name: _cell(row, place) for name, place in places.items()}
        wrong = list(_problems(cells, digits))
        problems += (f"Line {line}: {sentence}" for sentence in wrong)
        if any(sentence.startswith("the number") for sentence in wrong):
            continue
        number = canonical_number(cells["number"], digits)
        if number in lines:
            problems.append(
                f"Line {line}: the number {number} stands in line {lines[number]} too."
            )
        lines.setdefault(number, line)
        members.append(Member(**cells | {"number": number}))
    if len(members) > MOST_PEOPLE:
        problems.append(f"There are more than {MOST_PEOPLE} people in this file.")
    return members, problems


def _cell(row: list[str], place: int) -> str:
    text = row[place] if place < len(row) else ""
    return unicodedata.normalize("NFC", text.strip())


def _problems(cells: Mapping[str, str], digits: int) -> Iterator[str]:
    yield from _problems_of_number(cells["number"], digits)
    for column in _COLUMNS[1:]:
        text = cells[column]
        if not text:
            yield f"the {column} is empty."
        elif text.startswith(_FORMULA):
            yield f"the {column} begins like a formula, with {text[0]!r}."
        elif not text.isprintable():
            yield f"the {column} holds a line break or another sign that nobody sees."
        elif len(text) > MOST_CHARACTERS:
            yield (
                f"the {column} has {len(text)} characters; {MOST_CHARACTERS} are the most."
            )


def _problems_of_number(text: str, digits: int) -> Iterator[str]:
    if not text:
        yield "the number is empty."
        return
    try:
        canonical_number(text, digits)
    except StaffNumberError:
        if _ROUNDED.fullmatch(text):
            yield "the number was rounded by a spreadsheet: format its column as text."
        else:
            yield f"the number is not one of {digits} digits."


def _at_most(problems: list[str]) -> Iterator[str]:
    yield from problems[:_MOST_PROBLEMS]
    if len(problems) > _MOST_PROBLEMS:
        yield f"And {len(problems) - _MOST_PROBLEMS} more."
