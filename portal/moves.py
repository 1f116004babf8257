"""Moving a case along the ONE table: its status, its steps, and what is owed then.

Everything here is called inside the transaction of an act.
"""

import datetime as dt

from sqlalchemy.orm import Session

from crypto import Key
from portal import threads
from portal.askings import find_objection
from portal.cases import read_steps
from portal.courses import ANSWERED, CUSTODIAN_WROTE, Course
from portal.deadlines import DeadlineRules
from portal.errors import NotFromHereError
from portal.models import NO_DAY, Case
from portal.statuses import Author, CaseStatus, may_move
from portal.steps import take_step

WRITTEN = frozenset({ANSWERED, CUSTODIAN_WROTE})
"""Steps that have a message in the thread."""


def check_table(case: Case, to: CaseStatus, author: Author) -> None:
    """Check that the table lets *author* lead the case there from where it is.

    Raises:
        NotFromHereError: it does not.
    """
    if not may_move(CaseStatus(case.status), to, author):
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
    if status.is_over and not is_asked(session, case, today):
        case.custodian_due_on = None
    case.is_answered = status.is_over or not (
        was_asked or threads.last_author(session, case.id) is Author.REPORTER
    )
    set_due(session, case, rules)


def set_due(session: Session, case: Case, rules: DeadlineRules) -> None:
    """Set the day by which officers owe something; none where nothing is owed."""
    if case.status == CaseStatus.SEALED:
        # It is owed nothing, and has no day of becoming a report.
        case.due_on = NO_DAY
        return
    case.due_on = find_course(session, case).due_on(case, rules)


def set_custodian_due(
    session: Session, case: Case, rules: DeadlineRules, today: dt.date
) -> None:
    """Set the day by which a custodian who wrote, or moved the case, owes a next word.

    None where the case is over, or was not taken over. What an objection asks a mere
    word does not answer.
    """
    if is_asked(session, case, today):
        return
    goes_on = not CaseStatus(case.status).is_over
    is_own = goes_on and find_course(session, case).is_taken_over
    case.custodian_due_on = rules.keeper_day(today) if is_own else None


def is_asked(session: Session, case: Case, today: dt.date) -> bool:
    """Tell whether an objection waits for a custodian's answer."""
    return find_objection(case, read_steps(session, case.id), today).is_pending


def find_course(session: Session, case: Case) -> Course:
    """Return what the steps of a case that is a report tell."""
    return Course.of(read_steps(session, case.id))
