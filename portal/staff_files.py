"""A staff list as a file: read as a whole, and taken only where every line is right."""

import re
from collections.abc import Iterator
from dataclasses import fields

from portal.csv_files import Most, Row, faults_of_text, read_rows
from portal.errors import Fault, ListFileError, StaffListError, StaffNumberError
from portal.staff import Member, canonical_number

MOST_BYTES = 16 * 2**20
MOST_PEOPLE = 100_000
MOST_CHARACTERS = 120
"""Of a name, a position, a unit."""

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
_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")

_TWICE = "the number %(number)s stands in line %(other)s too."
_TOO_MANY = "There are more than %(most)s people in this file."
_NO_NUMBER = "the number is empty."
_NOT_A_NUMBER = "the number is not one of %(digits)s digits."
_WAS_ROUNDED = "the number was rounded by a spreadsheet: format its column as text."


def read_list(content: bytes, digits: int) -> tuple[Member, ...]:
    """Return everybody in a file of comma- or semicolon-separated values.

    *digits*: how many a staff number has.

    Raises:
        StaffListError: with all that is wrong, a line each, under its line's number.
    """
    try:
        rows = read_rows(content, _HEADINGS, Most(MOST_BYTES, MOST_PEOPLE, _TOO_MANY))
    except ListFileError as error:
        raise StaffListError(str(error)) from None
    members, faults = _judge(rows, digits)
    if faults:
        raise StaffListError(str(ListFileError(faults)))
    return tuple(members)


def _judge(rows: list[Row], digits: int) -> tuple[list[Member], list[Fault]]:
    """Return everybody, and what is wrong with whom."""
    members: list[Member] = []
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    for row in rows:
        wrong = list(_faults_of_number(row, digits))
        faults += wrong
        for column in _COLUMNS[1:]:
            faults += faults_of_text(row, column, MOST_CHARACTERS)
        if wrong:
            continue
        number = canonical_number(row.cells["number"], digits)
        if number in lines:
            twice = {"number": number, "other": lines[number]}
            faults.append(Fault(row.line, _TWICE, twice))
        lines.setdefault(number, row.line)
        members.append(Member(**{**row.cells, "number": number}))
    return members, faults


def _faults_of_number(row: Row, digits: int) -> Iterator[Fault]:
    text = row.cells["number"]
    if not text:
        yield Fault(row.line, _NO_NUMBER)
        return
    try:
        canonical_number(text, digits)
    except StaffNumberError:
        if _ROUNDED.fullmatch(text):
            yield Fault(row.line, _WAS_ROUNDED)
        else:
            yield Fault(row.line, _NOT_A_NUMBER, {"digits": digits})
