"""Due days: weekdays and calendar days, counted from the day of handing in.

Holidays and what follows from a missed day come with a later version; until
then every weekday is a working day.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_SATURDAY = 5


class DeadlineKind(StrEnum):
    """What an officer owes next, in the order in which it falls due."""

    ACKNOWLEDGE = "acknowledge"
    VERIFY = "verify"
    FIRST_ANSWER = "first-answer"
    FEEDBACK = "feedback"


@dataclass(frozen=True)
class Deadline:
    """What is owed by the end of which day."""

    kind: DeadlineKind
    day: dt.date


@dataclass(frozen=True)
class DeadlineRules:
    """How many days each deadline leaves, from the day of handing in."""

    acknowledge_weekdays: int
    verify_weekdays: int
    first_answer_days: int
    feedback_days: int

    @lru_cache(maxsize=256)  # noqa: B019 - the rules live as long as the worker
    def all_for(self, received_on: dt.date) -> tuple[Deadline, ...]:
        """Return every deadline of a report received on that day."""
        return (
            Deadline(
                DeadlineKind.ACKNOWLEDGE,
                add_weekdays(received_on, self.acknowledge_weekdays),
            ),
            Deadline(
                DeadlineKind.VERIFY, add_weekdays(received_on, self.verify_weekdays)
            ),
            Deadline(
                DeadlineKind.FIRST_ANSWER,
                received_on + dt.timedelta(days=self.first_answer_days),
            ),
            Deadline(
                DeadlineKind.FEEDBACK,
                received_on + dt.timedelta(days=self.feedback_days),
            ),
        )

    def day_of(self, kind: DeadlineKind, received_on: dt.date) -> dt.date:
        """Return the day of one deadline of a report received on that day."""
        return next(due.day for due in self.all_for(received_on) if due.kind is kind)


def kind_of(
    rules: DeadlineRules, received_on: dt.date, day: dt.date
) -> DeadlineKind | None:
    """Return which deadline falls on *day*; None: none does."""
    kinds = (due.kind for due in rules.all_for(received_on) if due.day == day)
    return next(kinds, None)


def add_weekdays(day: dt.date, count: int) -> dt.date:
    """Return the day that is *count* weekdays after *day*."""
    while count > 0:
        day += dt.timedelta(days=1)
        if day.weekday() < _SATURDAY:
            count -= 1
    return day
