"""How a case ended, where officers' summary could not be told.

Whom a reporter asked holds no office key (docs/decisions/0112): what such a custodian
decides stands in the status and in a message, and the summary follows as the next
officer opens the case. The message holds what its reporter sees, a class of outcomes;
so does the summary then.
"""

from contextlib import suppress

from sqlalchemy.orm import Session

from crypto import BrokenError, Key
from portal import threads
from portal.cases import Duty, OfficerCase, find_for_officer, read_steps
from portal.courses import CUSTODIAN_WROTE
from portal.database import transaction
from portal.errors import NoSuchCaseError, StoreUnavailableError
from portal.models import Case
from portal.statuses import Author, CaseStatus, Outcome, OutcomeClass
from portal.summaries import Summary
from portal.threads import Chain


def follow(session: Session, duty: Duty, opened: OfficerCase) -> OfficerCase:
    """Bring the summary in line with how the case stands; return the case as it is then.

    Where it is in line nothing is written. Nothing is said where the database is busy:
    the next visit does it.
    """
    if in_line(session, opened.case, opened.summary, opened.key.thread) is None:
        return opened
    with suppress(StoreUnavailableError, NoSuchCaseError), transaction(session):
        session.expire_all()
        # Opened again inside: somebody may have acted since the page was begun.
        now = find_for_officer(session, opened.case.id, duty)
        with suppress(BrokenError):
            summary = Summary.unseal(now.case.summary, now.key, now.case.id)
            other = in_line(session, now.case, summary, now.key.thread)
            if other is not None:
                now.case.summary = other.seal(now.key, now.case.id)
    return find_for_officer(session, opened.case.id, duty)


def in_line(
    session: Session, case: Case, summary: Summary, thread: Key
) -> Summary | None:
    """Return the summary as status and thread have it; None: it is so already."""
    status = CaseStatus(case.status)
    if status is not CaseStatus.CLOSED:
        is_stale = summary.outcome is not None or _is_proposed(status, summary)
        return summary.ended(None) if is_stale else None
    said = _find_said(session, case, thread)
    if said is None or _says(summary, said):
        return None
    return summary.ended(Outcome.shown(said))


def _find_said(session: Session, case: Case, thread: Key) -> OutcomeClass | None:
    """Return the outcome that a custodian ended the case with; None: an officer did."""
    wrote = (step.kind == CUSTODIAN_WROTE for step in read_steps(session, case.id))
    if not any(wrote):
        return None
    try:
        entries = threads.read(session, case.id, Chain.THREAD, thread)
    except BrokenError:
        return None
    ends = [entry for entry in entries[1:] if entry.text.outcome is not None]
    is_custodians = bool(ends) and ends[-1].author is Author.CUSTODIAN
    return ends[-1].text.outcome if is_custodians else None


def _says(summary: Summary, said: OutcomeClass) -> bool:
    # No custodian judges bad faith, which shows as one of the classes.
    if summary.outcome is None or summary.outcome is Outcome.BAD_FAITH:
        return False
    return summary.outcome.shown_as is said


def _is_proposed(status: CaseStatus, summary: Summary) -> bool:
    """Tell whether an end has overtaken what an officer proposed."""
    return status.is_over and bool(summary.bad_faith_by)
