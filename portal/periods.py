"""Half-years and years: nothing that is counted in public knows a finer time."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from portal.errors import NoSuchPeriodError

_WRITTEN = re.compile(r"(\d{4})(?:-H([12]))?")
_FIRST_MONTH = {0: 1, 1: 1, 2: 7}
_AFTER = {0: (1, 0), 1: (0, 2), 2: (1, 1)}
"""How many years later what follows begins, and which half it is."""


@dataclass(frozen=True, order=True)
class Period:
    """A half-year, or a whole year; written ``2026-H2`` and ``2026``."""

    year: int
    half: int
    """1 or 2; 0: the whole year."""

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """Return the half-year in which *day* lies."""
        return cls(day.year, 1 if day.month < _FIRST_MONTH[2] else 2)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` writes.

        Raises:
            NoSuchPeriodError: it is neither; the message does not repeat it.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None or found[1] in {"0000", "9999"} or not text.isascii():
            raise NoSuchPeriodError
        return cls(int(found[1]), int(found[2] or 0))

    def __str__(self) -> str:
        return f"{self.year:04}-H{self.half}" if self.half else f"{self.year:04}"

    @property
    def is_year(self) -> bool:
        """Tell whether it is a whole year."""
        return not self.half

    @property
    def halves(self) -> tuple["Period", ...]:
        """The half-years that it is made of, in order."""
        return (Period(self.year, 1), Period(self.year, 2)) if self.is_year else (self,)

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, _FIRST_MONTH[self.half], 1)

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.next.first - dt.timedelta(days=1)

    @property
    def next(self) -> "Period":
        """What follows, of the same length."""
        years, half = _AFTER[self.half]
        return Period(self.year + years, half)

    @property
    def whole_year(self) -> "Period":
        """The year in which it lies."""
        return Period(self.year, 0)

    def holds(self, day: dt.date) -> bool:
        """Tell whether *day* lies in it."""
        return self.first <= day <= self.last
