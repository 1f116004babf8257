"""A day as people read it, in both languages: 9 Desember 2026."""

import datetime as dt
from typing import Final

_MONTHS: Final = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
        *("Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


def write_day(day: dt.date, language: str) -> str:
    """Write *day* with the name of its month."""
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"
