"""A day as people type it, whatever stands between its parts."""

import datetime as dt
import re
from typing import Final

_ORDER: Final = re.compile(
    r"(\d{1,2})[\s./-]+(\d{1,2}|[a-z]{3,9})[\s./-]+(\d{2}|\d{4})"
)
"""Day, month, year, as in Indonesia; a month may be a word."""
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CENTURY: Final = 2000

# As they begin, in both languages; three letters tell them apart.
_MONTHS: Final = {
    beginning: month
    for month, beginnings in enumerate(
        (
            *("jan", "feb", "mar", "apr", "mei may", "jun", "jul"),
            *("agu agt ags aug", "sep", "okt oct", "nov nop", "des dec"),
        ),
        start=1,
    )
    for beginning in beginnings.split()
}


def read_day(typed: str) -> dt.date | None:
    """Read ``14/3/2027``, ``14 Maret 2027`` or ``2027-03-14``; None: it is no day.

    A year of two digits is one of this century.
    """
    text = typed.strip().lower()
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _ORDER.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return dt.date(_year(year), _month(month), int(day))
    except ValueError:
        return None


def _month(typed: str) -> int:
    # Zero is no month: the calendar refuses it.
    return int(typed) if typed.isdecimal() else _MONTHS.get(typed[:3], 0)


def _year(typed: str) -> int:
    return int(typed) + (_CENTURY if len(typed) == len("27") else 0)
