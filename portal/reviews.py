"""A custodian's answer to an objection that changes nothing: the result stands.

Everything else that a custodian may do answers it as well: `custodian_acts.py`. Outcome
and reason stand in a message to the reporter.
"""

import datetime as dt

from sqlalchemy.orm import Session

from portal import audit
from portal.acts import tell_as_custodian
from portal.askings import REVIEWED
from portal.audit import AuditAction
from portal.cases import Duty, OfficerCase, changing
from portal.errors import IncompleteMoveError, NotFromHereError
from portal.models import NO_DAY, Case
from portal.moves import is_asked
from portal.retention import RetentionRules
from portal.statuses import CaseStatus
from portal.steps import take_step
from portal.threads import Text


def confirm(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    message: str,
    *,
    seen: str,
    retention: RetentionRules,
    today: dt.date,
) -> None:
    """Answer that the result stands; the reporter has time to read why.

    Raises:
        NotFromHereError: there is no objection to answer, or the case goes on.
        IncompleteMoveError: there is no message to the reporter.
        ChangedMeanwhileError: somebody acted since the page was made.
        TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        here = CaseStatus(case.status)
        if not (here.is_over and is_asked(session, case, today)):
            raise NotFromHereError
        if not message:
            raise IncompleteMoveError("message")
        words = Text(message, by=duty.person.id.hex(), status=here)
        tell_as_custodian(session, case, opened, words, today)
        settle(session, case, opened, today)
        if case.purge_on is not None and case.purge_on != NO_DAY:
            case.purge_on = max(case.purge_on, retention.draw(None, today))
        name = duty.person.name
        audit.record(session, name, AuditAction.CONFIRMED, today, case.id)


def settle(session: Session, case: Case, opened: OfficerCase, today: dt.date) -> None:
    """Keep that the objection is answered; call it inside the transaction."""
    take_step(session, case, REVIEWED, today, opened.key.thread)
    case.custodian_due_on = None
