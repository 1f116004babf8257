"""Due days: working days and calendar days, and when a missed one opens a case.

A day that passed is overdue at once. What is still missed some days later opens to
the custodians: that grace is no setting, so that nobody can lengthen it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from portal.working_days import WorkingDays

EXTENDED_FEEDBACK_DAYS = 180
"""From the day of handing in, where officers took the one extension."""
PROTECT_WORKING_DAYS = 1
"""From the day on which a reporter says that somebody is after the reporter."""
KEEPER_DAYS = 30
"""A custodian's: from an objection, or from taking a case over, to the next word."""
GRACE_WORKING_DAYS = 2
"""From a missed day to the one on which the case opens to the custodians."""
ACKNOWLEDGED_WITHIN_DAYS = 7
"""Likewise where nobody has acknowledged it: from the day of handing in."""

_ONE_DAY = dt.timedelta(days=1)


class DeadlineKind(StrEnum):
    """What is owed next, in the order in which it falls due; officers' first."""

    ACKNOWLEDGE = "acknowledge"
    VERIFY = "verify"
    FIRST_ANSWER = "first-answer"
    FEEDBACK = "feedback"
    PROTECT = "protect"
    """Somebody is after the reporter: officers owe what protects."""
    KEEPER = "keeper"
    """A custodian took the case over, or was asked to look: owes a word."""


@dataclass(frozen=True)
class Deadline:
    """What is owed by the end of which day."""

    kind: DeadlineKind
    day: dt.date


@dataclass(frozen=True)
class DeadlineRules:
    """How many days each deadline leaves, from the day of handing in.

    Where an ended case was taken up again: from that day, if it counts; see `courses`.
    """

    acknowledge_working_days: int
    verify_working_days: int
    first_answer_days: int
    feedback_days: int
    calendar: WorkingDays

    @lru_cache(maxsize=256)  # noqa: B019 - the rules live as long as the worker
    def all_for(self, received_on: dt.date) -> tuple[Deadline, ...]:
        """Return every deadline of officers for a report received on that day."""
        working, calendar = self._after_working, self._after
        return (
            working(
                DeadlineKind.ACKNOWLEDGE, received_on, self.acknowledge_working_days
            ),
            working(DeadlineKind.VERIFY, received_on, self.verify_working_days),
            calendar(DeadlineKind.FIRST_ANSWER, received_on, self.first_answer_days),
            calendar(DeadlineKind.FEEDBACK, received_on, self.feedback_days),
        )

    def day_of(self, kind: DeadlineKind, received_on: dt.date) -> dt.date:
        """Return the day of one deadline of a report received on that day."""
        return next(due.day for due in self.all_for(received_on) if due.kind is kind)

    def extended_day(self, received_on: dt.date) -> dt.date:
        """Return the last day for the outcome once it is extended."""
        return received_on + dt.timedelta(days=EXTENDED_FEEDBACK_DAYS)

    def protect_day(self, said_on: dt.date) -> dt.date:
        """Return by when officers act where somebody is after the reporter."""
        return self.calendar.add(said_on, PROTECT_WORKING_DAYS)

    def keeper_day(self, since: dt.date) -> dt.date:
        """Return by when a custodian owes a word: asked, or took over, on *since*."""
        return since + dt.timedelta(days=KEEPER_DAYS)

    def opening_day(
        self, kind: DeadlineKind, received_on: dt.date, due_on: dt.date
    ) -> dt.date:
        """Return when a case opens to the custodians, if *due_on* is missed till then.

        Never before the day after it, whatever holidays do to the other limits.
        """
        if kind is DeadlineKind.ACKNOWLEDGE:
            within = received_on + dt.timedelta(days=ACKNOWLEDGED_WITHIN_DAYS)
            return max(within, due_on + _ONE_DAY)
        return self.calendar.add(due_on, GRACE_WORKING_DAYS)

    def last_without_grace(self, today: dt.date) -> dt.date:
        """Return the last due day whose case is open today if it was missed.

        Of acknowledging there is another rule, see `opening_day`.
        """
        day = today
        while self.calendar.add(day, GRACE_WORKING_DAYS) > today:
            day -= _ONE_DAY
        return day

    def _after_working(
        self, kind: DeadlineKind, received_on: dt.date, days: int
    ) -> Deadline:
        return Deadline(kind, self.calendar.add(received_on, days))

    @staticmethod
    def _after(kind: DeadlineKind, received_on: dt.date, days: int) -> Deadline:
        return Deadline(kind, received_on + dt.timedelta(days=days))


def kind_of(
    rules: DeadlineRules, received_on: dt.date, day: dt.date
) -> DeadlineKind | None:
    """Return which deadline falls on *day*; None: none does."""
    kinds = (due.kind for due in rules.all_for(received_on) if due.day == day)
    return next(kinds, None)
