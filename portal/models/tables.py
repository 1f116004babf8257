"""What all rows have in common."""

import datetime as dt

from sqlalchemy.orm import DeclarativeBase

NO_DAY = dt.date(9999, 12, 31)
"""Stands where nothing is due: sorts last, on every database alike."""

UNORDERED = {"sqlite_with_rowid": False}
"""For tables that a reporter's request writes: no counter tells an order."""


class Base(DeclarativeBase):
    """All tables of the portal."""

    def __repr__(self) -> str:
        # A row holds sealed bytes and locators: no log shall show them.
        return f"<{type(self).__name__}>"
