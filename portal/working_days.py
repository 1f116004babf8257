"""Which days are working days: no weekend, no holiday, no collective leave.

Holidays are the `holidays` library's for one country. Religious ones are estimated
until a government has fixed them, and the library says so in their name. Days that an
agency lists itself come on top; where it lists any day of a year, it has read the
decree of that year: the estimated days of the library give way to its list.
This module hides the library and its words.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import holidays
from holidays.registry import EntityLoader

HOLIDAYS_AHEAD = dt.timedelta(days=120)
"""As far as days are counted: due days, and the last day to report a gift."""

_ONE_DAY = dt.timedelta(days=1)
_LANGUAGE = "en_US"
"""Of the library's names: without it the language of the machine would decide."""
_ESTIMATED = "estimated"
"""Stands in the name of a holiday whose day is not fixed, in that language."""


@dataclass(frozen=True)
class WorkingDays:
    """The working days of one country and one agency.

    Days are counted as the rules do: the day from which one counts is not counted.
    A year that is not known counts its weekdays; nothing fails.
    """

    country: str
    """Its code in ISO 3166, of two letters."""
    collective_leave: frozenset[dt.date] = frozenset()
    """Days off by decree, beyond the holidays; and the true days of estimated ones."""

    @classmethod
    def parse(cls, country: str, collective_leave: Iterable[str]) -> "WorkingDays":
        """Read a country and days like ``2027-03-09`` as settings have them.

        Raises:
            ValueError: that country's holidays are not known, or one of the days is
                none, or stands twice.
        """
        listed = list(collective_leave)
        days = [dt.date.fromisoformat(text) for text in listed]
        # Python reads other ways to write a day, too; the file has one.
        if [day.isoformat() for day in days] != listed or len(set(days)) < len(days):
            raise ValueError(listed)
        # To ask for their parts, too, would load the calendars of all of them.
        if country not in EntityLoader.get_country_codes(include_aliases=False):
            raise ValueError(country)
        return cls(country, frozenset(days))

    def is_working(self, day: dt.date) -> bool:
        """Tell whether people are at work on *day*."""
        if day in self.collective_leave:
            return False
        year = _read_year(self.country, day.year)
        is_fixed = day not in year.estimated or not self._lists(day.year)
        return day not in (year.free if is_fixed else year.weekends)

    def add(self, day: dt.date, count: int) -> dt.date:
        """Return the working day that is *count* after *day*, or before if negative.

        Zero is *day* itself, at work or not.

        Raises:
            OverflowError: there is no such day in the calendar.
        """
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left > 0:
            day += step
            left -= self.is_working(day)
        return day

    def on_or_after(self, day: dt.date) -> dt.date:
        """Return the first working day that is not before *day*.

        Raises:
            OverflowError: the calendar ends before it.
        """
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def count_between(self, day: dt.date, until: dt.date) -> int:
        """Return how many working days come after *day*, *until* included.

        None if *until* is not later. It looks at every day of the span.
        """
        span = (until - day).days
        return sum(
            self.is_working(day + number * _ONE_DAY) for number in range(1, span + 1)
        )

    def is_known(self, year: int) -> bool:
        """Tell whether the days off of *year* are fixed, as far as we were told."""
        if self._lists(year):
            return True
        found = _read_year(self.country, year)
        return found.has_holidays and not found.estimated

    def estimated_in(self, year: int) -> tuple[dt.date, ...]:
        """Return which holidays of *year* are estimated, and so may yet move."""
        if self._lists(year):
            return ()
        return tuple(sorted(_read_year(self.country, year).estimated))

    def _lists(self, year: int) -> bool:
        return any(day.year == year for day in self.collective_leave)


@dataclass(frozen=True)
class _Year:
    """What the library knows of a year."""

    free: frozenset[dt.date]
    """Weekends and holidays, the estimated ones too."""
    weekends: frozenset[dt.date]
    estimated: frozenset[dt.date]
    has_holidays: bool


# The library's own calendar grows while it is asked; this can be asked by all at once.
@lru_cache(maxsize=64)
def _read_year(country: str, year: int) -> _Year:
    found = holidays.country_holidays(
        country, years=year, expand=False, language=_LANGUAGE
    )
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = [first + number * _ONE_DAY for number in range((last - first).days + 1)]
    return _Year(
        free=frozenset(day for day in days if not found.is_working_day(day)),
        weekends=frozenset(day for day in days if found.is_weekend(day)),
        estimated=frozenset(day for day in found if _ESTIMATED in found[day]),
        has_holidays=bool(found),
    )
