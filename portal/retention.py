"""Retention: how long a case stays once it is over, and who holds it back.

The day is drawn once, where a case ends, and shown to both sides; reopening clears it.
The portal cannot read how a case ended: whoever ends it can, and draws the day then.
What is due is destroyed by `shredding.py`.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import BrokenError
from portal import audit
from portal.audit import AuditAction
from portal.cases import Duty, OfficerCase, changing
from portal.endings import in_line
from portal.errors import IncompleteMoveError, NotFromHereError
from portal.models import NO_DAY, Case
from portal.statuses import CaseStatus, Outcome, OutcomeClass
from portal.summaries import Summary
from portal.threads import PurgeAct, Text, note_reason

LOT_SIZE = 200
"""Cases that get their day at a time."""

WAITS_FOR_NOBODY = Case.custodian_due_on.is_(None) & ~Case.is_urgent
"""Of cases that may go: no custodian owes an answer, and nobody is after a reporter."""

_KEPT_LONG = {OutcomeClass.PROVEN, OutcomeClass.PARTLY, OutcomeClass.IMPROVED}
_LONGEST = Outcome.PROVEN_DISCIPLINE
_OVER = tuple(status.value for status in CaseStatus if status.is_over)


@dataclass(frozen=True)
class RetentionRules:
    """How many days a case stays once it is over."""

    unproven_days: int
    """Not proven, outside the remit, a duplicate, withdrawn, not actionable."""
    proven_days: int
    """Something was proven, or changed because of it."""
    fuzz_days: int
    """So many days later at most, drawn: no day of a list tells that of another."""

    def day_at(
        self, status: CaseStatus, outcome: Outcome | None, today: dt.date
    ) -> dt.date | None:
        """Return the day for a case that reaches *status* today; None: it goes on."""
        return self.draw(outcome, today) if status.is_over else None

    def draw(self, outcome: Outcome | None, since: dt.date) -> dt.date:
        """Draw the day of purging; *outcome* None: withdrawn, or not actionable."""
        is_long = outcome is not None and outcome.shown_as in _KEPT_LONG
        days = self.proven_days if is_long else self.unproven_days
        return since + dt.timedelta(days=days + secrets.randbelow(self.fuzz_days + 1))


def draw_missing(session: Session, rules: RetentionRules, today: dt.date) -> bool:
    """Draw the days of cases that ended without one; tell whether those were all.

    Call it inside a transaction. They ended before there were such days. How a closed
    one ended stands where the portal cannot read it: it stays as long as a proven one.
    It counts from today, so that nobody's case goes without having shown its day.
    """
    lacking = (
        select(Case.id, Case.status)
        .where(Case.status.in_(_OVER), Case.purge_on.is_(None))
        .order_by(Case.id)
        .limit(LOT_SIZE)
    )
    lot = session.execute(lacking).all()
    for case_id, status in lot:
        is_closed = status == CaseStatus.CLOSED
        day = rules.draw(_LONGEST if is_closed else None, today)
        session.execute(update(Case).where(Case.id == case_id).values(purge_on=day))
    return len(lot) < LOT_SIZE


def hold_back(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    *,
    reason: str,
    seen: str,
    today: dt.date,
) -> None:
    """Keep a case that is over until somebody lets it go; its reporter is told.

    Raises:
        NotFromHereError: it is not over, or held back already.
        IncompleteMoveError: there is no reason.
        ReasonTooLongError: with the bytes that are too many.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    with changing(session, opened, seen) as case:
        if not CaseStatus(case.status).is_over or case.purge_on == NO_DAY:
            raise NotFromHereError
        if not reason:
            raise IncompleteMoveError("reason")
        _note(session, case, opened, duty, PurgeAct.HELD_BACK, reason, today)
        case.purge_on = NO_DAY
        act = AuditAction.HELD_BACK
        audit.record(session, duty.person.name, act, today, case.id)


def let_go(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    rules: RetentionRules,
    *,
    reason: str,
    seen: str,
    today: dt.date,
) -> None:
    """Draw the day anew, from today, of a case that was held back.

    Raises:
        NotFromHereError: it is not held back.
        ReasonTooLongError: with the bytes that are too many.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    with changing(session, opened, seen) as case:
        if case.purge_on != NO_DAY:
            raise NotFromHereError
        _note(session, case, opened, duty, PurgeAct.LET_GO, reason, today)
        case.purge_on = rules.draw(_outcome(session, case, opened), today)
        audit.record(session, duty.person.name, AuditAction.LET_GO, today, case.id)


def _note(
    session: Session,
    case: Case,
    opened: OfficerCase,
    duty: Duty,
    act: PurgeAct,
    reason: str,
    today: dt.date,
) -> None:
    """Keep for those who read why it stays, or goes after all."""
    text = Text(reason, by=duty.person.id.hex(), purge_act=act)
    note_reason(session, case.id, text, opened.key.office, today)


def _outcome(session: Session, case: Case, opened: OfficerCase) -> Outcome | None:
    """Return how a case ended; of a damaged summary the one that is kept longest."""
    if case.status != CaseStatus.CLOSED:
        return None
    try:
        summary = Summary.unseal(case.summary, opened.key, case.id)
    except BrokenError:
        return _LONGEST
    other = in_line(session, case, summary, opened.key.thread)
    return (other or summary).outcome
