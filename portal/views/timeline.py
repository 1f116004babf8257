"""A case's timeline on a page: what was, what is, what is owed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.askings import OBJECTION, REVIEWED
from portal.courses import (
    ANSWERED,
    CUSTODIAN_WROTE,
    EXTENDED,
    GATE_OFF,
    RETURNED,
    TAKEN_OVER,
    TROUBLE,
    Course,
)
from portal.deadlines import Deadline, DeadlineKind
from portal.models import Case, Step
from portal.runtime import runtime
from portal.statuses import RECEIVED, CaseStatus
from portal.steps import ESCALATED
from portal.views.languages import gettext as _
from portal.views.words import word


@dataclass(frozen=True)
class StepOnPage:
    """One step."""

    label: str
    day: dt.date | None
    is_now: bool = False
    is_ahead: bool = False
    is_late: bool = False
    """It was owed by a day that has passed."""


def timeline(
    case: Case,
    steps: Sequence[Step],
    *,
    is_called: bool = True,
    taken_label: str = "",
) -> list[StepOnPage]:
    """Return the steps taken and the deadlines that are still ahead.

    *is_called*: a custodian may open the case once a day is missed. *taken_label*: says
    of the first step who took the report for somebody.
    """
    last_change = max(step.number for step in steps if _is_change(step))
    taken = [
        StepOnPage(
            _label(step, is_called, taken_label),
            step.taken_on,
            is_now=step.number == last_change,
        )
        for step in steps
    ]
    ahead = Course.of(steps).ahead(case, runtime().rules)
    return [*taken, *(_ahead(due, runtime().today()) for due in ahead)]


def _ahead(due: Deadline, today: dt.date) -> StepOnPage:
    is_late = due.day < today
    late = f"{_missed(due.kind)}, {_('overdue since')}"
    return StepOnPage(
        late if is_late else _owed(due.kind), due.day, False, True, is_late
    )


def _is_change(step: Step) -> bool:
    return step.kind == RECEIVED or step.kind in set(CaseStatus)


def _label(step: Step, is_called: bool, taken_label: str) -> str:
    missed = _("Deadline missed; it opens to nobody outside")
    others = {
        ESCALATED: _("Deadline missed: open to the keeper") if is_called else missed,
        EXTENDED: _("Deadline extended, once"),
        TAKEN_OVER: _("Taken over by the keeper"),
        RETURNED: _("Given back to the officers"),
        ANSWERED: _("An officer wrote"),
        CUSTODIAN_WROTE: _("A keeper wrote"),
        GATE_OFF: _("Put before the keeper"),
        OBJECTION: _("The keeper was asked to look"),
        REVIEWED: _("The keeper answered the objection"),
        TROUBLE: _("Protection asked for"),
    }
    if step.kind in others:
        return others[step.kind]
    if step.kind == RECEIVED:
        return " · ".join(filter(None, (word(CaseStatus.SUBMITTED), taken_label)))
    return word(CaseStatus(step.kind))


def _owed(kind: DeadlineKind) -> str:
    return {
        DeadlineKind.ACKNOWLEDGE: _("Acknowledged, at the latest"),
        DeadlineKind.VERIFY: _("Verified, at the latest"),
        DeadlineKind.FIRST_ANSWER: _("First answer, at the latest"),
        DeadlineKind.FEEDBACK: _("Outcome, at the latest"),
        DeadlineKind.PROTECT: _("A word to the reporter, at the latest"),
        DeadlineKind.KEEPER: _("The keeper's next word, at the latest"),
    }[kind]


def _missed(kind: DeadlineKind) -> str:
    steps = {
        DeadlineKind.ACKNOWLEDGE: word(CaseStatus.ACKNOWLEDGED),
        DeadlineKind.VERIFY: word(CaseStatus.VERIFIED),
        DeadlineKind.PROTECT: _("A word to the reporter"),
    }
    return steps.get(kind) or word(kind).capitalize()
