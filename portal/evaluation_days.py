"""The fixed days of every year on which an evaluation of the portal is due."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WRITTEN = re.compile(r"\d\d-\d\d")
_A_COMMON_YEAR = 2027
"""Without a 29 February: a fixed day is one of every year."""


@dataclass(frozen=True)
class FixedDays:
    """Days of every year, as month and day, in the order of the year."""

    days: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, written: Iterable[str]) -> "FixedDays":
        """Read days like ``03-31``.

        Raises:
            ValueError: one is no day of every year, or stands twice.
        """
        days = [_parse(text) for text in written]
        if len(set(days)) < len(days):
            raise ValueError(days)
        return cls(tuple(sorted(days)))

    def until_next(self, after: dt.date, today: dt.date) -> Iterator[dt.date]:
        """Yield the fixed days behind *after*, up to the first that is still ahead.

        None, where *after* itself is still ahead.
        """
        if not self.days or after > today:
            return
        for year in range(after.year, today.year + 2):
            for month, day in self.days:
                fixed = dt.date(year, month, day)
                if fixed <= after:
                    continue
                yield fixed
                if fixed > today:
                    return


def _parse(text: str) -> tuple[int, int]:
    if not _WRITTEN.fullmatch(text):
        raise ValueError(f"{text!r} is no month and day")
    found = dt.date.fromisoformat(f"{_A_COMMON_YEAR}-{text}")
    return found.month, found.day
