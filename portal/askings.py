"""What a reporter asked for, as the steps of a case tell it: an objection, protection.

It stands in no column that an officer's act could empty.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.courses import ANSWERED, RETURNED, TAKEN_OVER
from portal.models import Case, Step
from portal.statuses import CaseStatus

OBJECTION = "objection"
"""The step with which the custodians are asked to look."""
REVIEWED = "reviewed"
"""The step with which a custodian answers: the result stands, or another one."""

OBJECTION_DAYS = 30
"""After the day of closing; the day itself is counted in."""

_ANSWERS = frozenset({REVIEWED, RETURNED, TAKEN_OVER})
_ENDS = frozenset({CaseStatus.CLOSED.value, CaseStatus.NOT_ACTIONABLE.value})
_NEVER = frozenset({CaseStatus.SEALED.value, CaseStatus.WITHDRAWN.value})


@dataclass(frozen=True)
class Objection:
    """What there is of objections in a case."""

    made_on: dt.date | None
    """The day of the newest; None: there was none."""
    is_pending: bool
    """No custodian has answered it yet."""
    may_be_made: bool
    until: dt.date | None
    """The last day on which one may be made; None: no day ends it yet."""


def find_objection(case: Case, steps: Sequence[Step], today: dt.date) -> Objection:
    """Return what the steps tell of objections."""
    last = _last(steps, {OBJECTION})
    made_on = steps[last].taken_on if last is not None else None
    is_pending = (
        last is not None
        and case.status not in _NEVER
        and all(step.kind not in _ANSWERS for step in steps[last:])
    )
    until = None
    if case.closed_on is not None:
        until = case.closed_on + dt.timedelta(days=OBJECTION_DAYS)
    ended = _last(steps, _ENDS)
    was_made = last is not None and (ended is None or last > ended)
    is_answered = any(step.kind in {ANSWERED, *_ENDS} for step in steps)
    in_time = until is None or today <= until
    may_be_made = case.status not in _NEVER and is_answered and in_time and not was_made
    return Objection(made_on, is_pending, may_be_made, until)


def find_objected(session: Session, case_ids: Sequence[bytes]) -> frozenset[bytes]:
    """Return those cases in which an objection waits for an answer."""
    kinds = (OBJECTION, *_ANSWERS, *_NEVER)
    rows = (
        select(Step.case_id, Step.kind)
        .where(Step.case_id.in_(case_ids), Step.kind.in_(kinds))
        .order_by(Step.case_id, Step.number)
    )
    # The last of a case stays: what it is says whether one waits.
    last = {row.case_id: row.kind for row in session.execute(rows)}
    return frozenset(one for one, kind in last.items() if kind == OBJECTION)


def _last(steps: Sequence[Step], kinds: Collection[str]) -> int | None:
    numbers = [at for at, step in enumerate(steps) if step.kind in kinds]
    return numbers[-1] if numbers else None
