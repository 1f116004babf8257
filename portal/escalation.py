"""Escalation: what officers missed, and went on missing, opens to the custodians.

Nobody decides it: the day and its grace are shown to both sides long before. The gate
is taken off every outer of the case alike, so that the portal does not learn which of
them open; no officer puts one on again (docs/decisions/0108). Where outers are missing
the step is taken all the same, and `missing_outers.py` tells of it.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import delete, literal, select, update
from sqlalchemy.orm import Session, aliased

from crypto import BrokenError, Key, NotYoursError, StepKind, take_gate_off
from portal import audit
from portal.audit import CLOCK, AuditAction
from portal.cases import PURPOSE_ASKED, PURPOSE_OPEN, PURPOSE_OUTER
from portal.deadlines import ACKNOWLEDGED_WITHIN_DAYS, DeadlineRules
from portal.held_wraps import NEXT_OF
from portal.models import Case, Step, Wrap
from portal.roster import custodian_ids
from portal.statuses import RECEIVED, CaseStatus
from portal.steps import ESCALATED, take_clock_step

LOT_SIZE = 50
"""Cases opened at a time; other writers wait for some milliseconds."""

_SEALED, _SUBMITTED = CaseStatus.SEALED.value, CaseStatus.SUBMITTED.value
_TAKEN = aliased(Step)
_WAS_ESCALATED = (
    select(_TAKEN.number)
    .where(_TAKEN.case_id == Case.id, _TAKEN.kind == ESCALATED)
    # For this day; one that was missed before has a step of its own.
    .where(_TAKEN.taken_on > Case.due_on)
    .exists()
)
_HAS_OUTERS = (
    select(Wrap.holder_id)
    .where(
        Wrap.case_id == Case.id,
        Wrap.purpose.in_((PURPOSE_OUTER, PURPOSE_OPEN, PURPOSE_ASKED)),
    )
    .exists()
)
"""Where there is neither one nor a custodian, nothing opens, and no step says so."""


@dataclass(frozen=True)
class Escalation:
    """The daily work: opens to the custodians what is due to be."""

    rules: DeadlineRules
    gate: Key = field(repr=False)

    def run(self, session: Session, now: dt.datetime) -> bool:
        """Open a lot of what is due; tell whether that was all.

        Call it inside a transaction: what is answered in the same moment is answered
        before or after it, and is judged as it stands then.
        """
        today = now.date()
        lot = _find_due(session, self.rules, today)
        for case in lot:
            take_gates_off(session, case.id, self.gate)
            take_clock_step(session, case, StepKind.ESCALATED, today)
            # Without its number: a custodian from whom it is kept reads the record too.
            audit.record(session, CLOCK, AuditAction.ESCALATED, today)
        return len(lot) < LOT_SIZE


def take_gates_off(session: Session, case_id: bytes, gate: Key) -> None:
    """Take the gate off all outers of a case; call it inside a transaction.

    One of another gate stays: an officer's next visit makes it anew, without one.
    """
    mine = (Wrap.case_id == case_id) & (Wrap.purpose == PURPOSE_OUTER)
    for holder, outer in session.execute(select(Wrap.holder_id, Wrap.wrap).where(mine)):
        with suppress(NotYoursError, BrokenError):
            inner = take_gate_off(outer, gate, case_id=case_id, holder=holder)
            this = update(Wrap).where(mine, Wrap.holder_id == holder)
            session.execute(this.values(purpose=PURPOSE_OPEN, wrap=inner))
            # Prepared for a key that follows: the end of that change makes it anew.
            session.execute(
                delete(Wrap).where(
                    Wrap.case_id == case_id,
                    Wrap.holder_id == holder,
                    Wrap.purpose == NEXT_OF[PURPOSE_OUTER],
                )
            )


def _find_due(session: Session, rules: DeadlineRules, today: dt.date) -> Sequence[Case]:
    """Return a lot of the cases whose day and grace have passed, in no order of filing."""
    # Whoever deletes outers hides no day that was missed.
    has_custodians = literal(bool(custodian_ids(session)))
    week_ago = today - dt.timedelta(days=ACKNOWLEDGED_WITHIN_DAYS)
    is_overdue = Case.due_on < today
    has_grace = Case.due_on > rules.last_without_grace(today)
    is_young = Step.taken_on > week_ago
    # Where somebody is after the reporter, the grace of every other day holds.
    is_unacknowledged = (Case.status == _SUBMITTED) & ~Case.is_urgent
    query = (
        select(Case)
        .join(Step, (Step.case_id == Case.id) & (Step.kind == RECEIVED))
        # By the index of the officers' list.
        .where(Case.is_handed_over.in_((True, False)))
        .where(Case.is_answered.in_((True, False)))
        # Of what is over nothing lies behind the gate.
        .where(is_overdue, Case.status != _SEALED, Case.closed_on.is_(None))
        .where(~_WAS_ESCALATED, _HAS_OUTERS | has_custodians)
        .where((is_unacknowledged & ~is_young) | (~is_unacknowledged & ~has_grace))
        .order_by(Case.id)
        .limit(LOT_SIZE)
    )
    return session.scalars(query).all()
