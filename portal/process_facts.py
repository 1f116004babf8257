"""Facts that count no people: rounds held, deadlines missed or none, evaluations done.

They come first among the public figures, and stand there as they are.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.evaluations import DueAndDone, count_evaluations
from portal.models import Case, Person, Round, Step
from portal.periods import Period
from portal.statuses import CaseStatus
from portal.steps import ESCALATED
from portal.tallies import Tally

_OPEN = [
    one.value for one in CaseStatus if not one.is_over and one is not CaseStatus.SEALED
]


_NO_EVALUATIONS = DueAndDone(0, 0)


@dataclass(frozen=True)
class ProcessFacts:
    """What people who run the system did in a half-year or a year."""

    rounds_held: int
    rounds_due: int
    is_deadline_missed: bool
    """Of a report that ended in it, or that was open at its end: by somebody, once."""
    evaluations: DueAndDone = _NO_EVALUATIONS
    """Of the system, as the register has them."""

    def values(self) -> dict[str, object]:
        """Write them as values of JSON."""
        return {
            "rounds": [self.rounds_held, self.rounds_due],
            "missed": self.is_deadline_missed,
            "evaluations": [self.evaluations.done, self.evaluations.due],
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Read what `values` wrote."""
        held, due = values["rounds"]
        done, planned = values["evaluations"]
        return cls(held, due, values["missed"], DueAndDone(planned, done))


def find_facts(
    session: Session, period: Period, ended: Sequence[Tally], every_days: int
) -> ProcessFacts:
    """Return the facts of *period*; *ended*: the reports that ended in it."""
    held, due = count_rounds(session, period.first, period.last, every_days)
    is_missed = not all(one.is_in_time for one in ended)
    return ProcessFacts(
        held,
        due,
        is_missed or _is_one_overdue(session, period),
        count_evaluations(session, period.first, period.last),
    )


def count_rounds(
    session: Session, begin: dt.date, end: dt.date, every_days: int
) -> tuple[int, int]:
    """Return in how many stretches of *every_days* a round took place, and of how many.

    They begin on the day *begin*, or as the first custodian came.
    """
    there = Person.is_custodian & Person.recipient.is_not(None)
    first = session.scalar(select(func.min(Person.added_on)).where(there))
    if first is None or first > end:
        return 0, 0
    since = max(first, begin)
    due = ((end - since).days + 1) // every_days
    days = session.scalars(
        select(Round.day).where(Round.is_done, Round.day.between(since, end))
    )
    held = {(day - since) // dt.timedelta(days=every_days) for day in days}
    return len({stretch for stretch in held if stretch < due}), due


def _is_one_overdue(session: Session, period: Period) -> bool:
    overdue = exists().where(Case.status.in_(_OPEN), Case.due_on <= period.last)
    escalated = exists().where(
        Step.kind == ESCALATED, Step.taken_on.between(period.first, period.last)
    )
    return bool(session.scalar(select(overdue | escalated)))
