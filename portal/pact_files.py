"""Counts of the integrity pact as a file, or as typed lines: whole, or nothing of it."""

from collections.abc import Iterator, Sequence

from portal.csv_files import Most, Row, faults_of_text, read_rows
from portal.errors import Fault, ListFileError
from portal.pact import UnitCount

MOST_BYTES = 2**20
MOST_UNITS = 2_000
MOST_CHARACTERS = 120
"""Of a unit's name."""
MOST_STAFF = 1_000_000

COLUMNS = ("unit", "staff", "signed")

_HEADINGS = {
    "unit": "unit",
    "unit kerja": "unit",
    "staff": "staff",
    "pegawai": "staff",
    "jumlah pegawai": "staff",
    "signed": "signed",
    "menandatangani": "signed",
    "sudah menandatangani": "signed",
}


def _l(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


_EMPTY = _l("the %(column)s is empty.")
_NO_COUNT = _l("the %(column)s is not a whole number.")
_TOO_LARGE = _l("the %(column)s is more than %(most)s.")
_NOBODY = _l("nobody works in this unit; leave it out.")
_MORE_SIGNED = _l("%(signed)s have signed, and the unit has %(staff)s people.")
_TWICE = _l("the unit stands in line %(other)s too.")
_TOO_MANY = _l("There are more than %(most)s units in this list.")


def read_counts(content: bytes) -> tuple[UnitCount, ...]:
    """Return every unit in comma- or semicolon-separated values, by name.

    Raises:
        ListFileError: with all that is wrong; then nothing counts.
    """
    units: list[UnitCount] = []
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    rows = read_rows(content, _HEADINGS, Most(MOST_BYTES, MOST_UNITS, _TOO_MANY))
    for row in rows:
        wrong = list(_faults(row))
        key = " ".join(row.cells["unit"].casefold().split())
        if key and key in lines:
            wrong.append(Fault(row.line, _TWICE, {"other": lines[key]}))
        lines.setdefault(key, row.line)
        faults += wrong
        if not wrong:
            counts = (int(row.cells[column]) for column in COLUMNS[1:])
            units.append(UnitCount(row.cells["unit"], *counts))
    if faults:
        raise ListFileError(faults)
    return tuple(sorted(units, key=lambda one: one.unit))


def write_counts(units: Sequence[UnitCount], headings: Sequence[str]) -> str:
    """Return lines that `read_counts` reads again, under *headings*."""
    lines = [";".join(headings)]
    lines += (f"{_quoted(one.unit)};{one.staff};{one.signed}" for one in units)
    return "\n".join(lines)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if {'"', ";"} & set(name) else name


def _faults(row: Row) -> Iterator[Fault]:
    yield from faults_of_text(row, "unit", MOST_CHARACTERS)
    faults = [fault for name in COLUMNS[1:] for fault in _faults_of_count(row, name)]
    yield from faults
    if faults:
        return
    staff, signed = (int(row.cells[name]) for name in COLUMNS[1:])
    if staff == 0:
        yield Fault(row.line, _NOBODY)
    elif signed > staff:
        yield Fault(row.line, _MORE_SIGNED, {"signed": signed, "staff": staff})


def _faults_of_count(row: Row, column: str) -> Iterator[Fault]:
    text, value = row.cells[column], {"column": column}
    if not text:
        yield Fault(row.line, _EMPTY, value)
    elif not (text.isascii() and text.isdigit()):
        yield Fault(row.line, _NO_COUNT, value)
    elif len(text) > len(str(MOST_STAFF)) or int(text) > MOST_STAFF:
        yield Fault(row.line, _TOO_LARGE, value | {"most": MOST_STAFF})
