"""A case's timeline on a page: what was, what is, what is owed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.askings import OBJECTION, REVIEWED, TROUBLE
from portal.deadlines import DeadlineKind
from portal.models import Step
from portal.moves import ANSWERED, CUSTODIAN_WROTE
from portal.outers import GATE_OFF
from portal.runtime import runtime
from portal.statuses import RECEIVED, CaseStatus
from portal.views.languages import gettext as _
from portal.views.words import word


@dataclass(frozen=True)
class StepOnPage:
    """One step."""

    label: str
    day: dt.date | None
    is_now: bool = False
    is_ahead: bool = False


def timeline(
    steps: Sequence[Step], status: CaseStatus, *, taken_label: str = ""
) -> list[StepOnPage]:
    """Return the steps taken and the deadlines that are still ahead.

    *taken_label*: says of the first step who took the report for somebody.
    """
    last_change = max(step.number for step in steps if _is_change(step))
    taken = [
        StepOnPage(
            _label(step, taken_label), step.taken_on, is_now=step.number == last_change
        )
        for step in steps
    ]
    if status.is_over:
        return taken
    return [*taken, *_ahead(steps)]


def _ahead(steps: Sequence[Step]) -> list[StepOnPage]:
    kinds = {step.kind for step in steps}
    met = {
        DeadlineKind.ACKNOWLEDGE: bool(kinds & set(CaseStatus) - {"submitted"}),
        DeadlineKind.VERIFY: bool(kinds & _BEHIND_VERIFYING),
        DeadlineKind.FIRST_ANSWER: ANSWERED in kinds,
        DeadlineKind.FEEDBACK: False,
    }
    return [
        StepOnPage(_owed(due.kind), due.day, is_ahead=True)
        for due in runtime().rules.all_for(_received_on(steps))
        if not met[due.kind]
    ]


def _received_on(steps: Sequence[Step]) -> dt.date:
    return next(step.taken_on for step in steps if step.kind == RECEIVED)


def _is_change(step: Step) -> bool:
    return step.kind == RECEIVED or step.kind in set(CaseStatus)


def _label(step: Step, taken_label: str) -> str:
    others = {
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
    }[kind]


_BEHIND_VERIFYING = frozenset(
    {CaseStatus.VERIFIED, CaseStatus.ASSESSED, CaseStatus.ADDRESSED}
    | {CaseStatus.REFERRED, CaseStatus.CLOSED, CaseStatus.NOT_ACTIONABLE}
)
