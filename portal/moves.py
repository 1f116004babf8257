"""Moving a case along the ONE table: its status, its steps, and what is owed then.

Everything here is called inside the transaction of an act.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Key
from portal import threads
from portal.cases import find_received_on
from portal.deadlines import DeadlineRules
from portal.errors import NotFromHereError
from portal.models import NO_DAY, Case, Step
from portal.statuses import MOVES, Author, CaseStatus, owed
from portal.steps import take_step

ANSWERED = "answered"
"""The step of an officer's message to the reporter."""

CUSTODIAN_WROTE = "custodian-wrote"
"""The step of a custodian's; no answer that officers owe."""

WRITTEN = frozenset({ANSWERED, CUSTODIAN_WROTE})
"""Steps that have a message in the thread."""


def check_table(case: Case, to: CaseStatus, author: Author) -> None:
    """Check that the table lets *author* lead the case there from where it is.

    Raises:
        NotFromHereError: it does not.
    """
    if MOVES.get((CaseStatus(case.status), to)) is not author:
        raise NotFromHereError


def enter(
    session: Session,
    case: Case,
    status: CaseStatus,
    rules: DeadlineRules,
    today: dt.date,
    thread_key: Key,
) -> None:
    """Lead the case to *status*, with a step and the day that is due next."""
    # A message that crossed an answer stands before it, and waits all the same.
    was_asked = case.status != CaseStatus.SUBMITTED and not case.is_answered
    case.status = status.value
    case.closed_on = today if status.is_over else None
    take_step(session, case, status.value, today, thread_key)
    case.is_answered = status.is_over or not (
        was_asked or threads.last_author(session, case.id) is Author.REPORTER
    )
    set_due(session, case, rules)


def set_due(session: Session, case: Case, rules: DeadlineRules) -> None:
    """Set the day by which officers owe something; none where nothing is owed."""
    answers = select(Step.number).where(Step.case_id == case.id, Step.kind == ANSWERED)
    is_answered = session.scalar(answers.limit(1)) is not None
    kind = owed(CaseStatus(case.status), is_answered=is_answered)
    if kind is None:
        # A sealed entry is owed nothing, and has no day of becoming a report.
        case.due_on = NO_DAY
        return
    case.due_on = rules.day_of(kind, find_received_on(session, case.id))
