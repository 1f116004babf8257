"""A custodian at work: the cases that were put before them, and nothing else.

Before a case is opened for the first time the custodian is told of the duties that
come with knowing it; that is kept in the custodian's own row, and in the record.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import BrokenError, CustodianNotice, NotYoursError, open_notices
from portal import audit, seen
from portal.askings import OBJECTION
from portal.audit import AuditAction
from portal.cases import (
    PURPOSE_ASKED,
    PURPOSE_NOTICE,
    PURPOSE_OPEN,
    PURPOSE_TROUBLE,
    Duty,
    OfficerCase,
    find_for_custodian,
    read_steps,
)
from portal.courses import TROUBLE, Course
from portal.database import transaction
from portal.deadlines import DeadlineKind
from portal.errors import NoSuchCaseError
from portal.models import NO_DAY, Wrap
from portal.reader_sheets import ReaderSheet
from portal.roster import listed_ids
from portal.statuses import CaseStatus

_PUT_BEFORE = (PURPOSE_OPEN, PURPOSE_ASKED)
_NOTICES = (PURPOSE_NOTICE, PURPOSE_TROUBLE)


@dataclass(frozen=True)
class CustodyLine:
    """One case that was put before a custodian."""

    case_id: bytes
    status: CaseStatus
    since: dt.date
    """The day on which the gate was taken off."""
    is_escalated: bool
    """A day was missed; else no officer could read it any more."""
    title: str
    """Empty until the custodian has opened it."""
    is_asked: bool
    """Its reporter asked; officers did not leave it."""
    is_urgent: bool
    """Somebody is after the reporter, and no officer has written since."""
    has_reader: bool
    """An officer at work can read it; else what officers owe is the custodian's."""
    owes: DeadlineKind | None
    """What is owed next, by officers or the custodian; None: nothing is."""
    due_on: dt.date | None


def list_cases(session: Session, duty: Duty) -> tuple[CustodyLine, ...]:
    """Return the cases that open to this custodian, the nearest due day first.

    What a custodian owes comes before what officers owe, and before what is over.
    """
    case_ids = session.scalars(
        select(Wrap.case_id)
        .where(Wrap.holder_id == duty.person.id, Wrap.purpose.in_(_PUT_BEFORE))
        .distinct()
    ).all()
    lines = [line for one in case_ids for line in _line(session, one, duty)]
    return tuple(sorted(lines, key=_in_order))


def list_notices(session: Session, duty: Duty) -> tuple[CustodianNotice, ...]:
    """Return what this custodian alone was told of cases, the newest first.

    Most that is tried tells nothing: it was written so that nobody sees which does.
    """
    rows = session.execute(
        select(Wrap.case_id, Wrap.wrap).where(
            Wrap.holder_id == duty.person.id, Wrap.purpose.in_(_NOTICES)
        )
    )
    found = [notice for one, wrap in rows for notice in _told(one, wrap, duty)]
    return tuple(sorted(found, key=lambda notice: notice.day, reverse=True))


def is_informed(session: Session, duty: Duty, case_id: bytes) -> bool:
    """Tell whether the custodian was told of the duties, and has opened the case."""
    return seen.was_seen(session, duty, case_id)


def find_known(session: Session, case_id: bytes, duty: Duty) -> OfficerCase:
    """Return the case if the custodian may open it, and was told of the duties.

    Raises:
        NoSuchCaseError: one of the two is not so.
    """
    opened = find_for_custodian(session, case_id, duty)
    if not is_informed(session, duty, case_id):
        raise NoSuchCaseError
    return opened


def has_reader(session: Session, opened: OfficerCase) -> bool:
    """Tell whether an officer at work can read the case, as far as can be known.

    Who reads stands in a sheet that a reporter could not give.
    """
    if opened.is_asked:
        return True
    case = opened.case
    sheet = ReaderSheet.unseal(case.reader_sheet, opened.key, case.id)
    return any(bytes.fromhex(one) in listed_ids(session) for one in sheet.readers)


def inform(session: Session, opened: OfficerCase, duty: Duty, today: dt.date) -> None:
    """Keep that the custodian knows of the case from now on, and of the duties.

    Said twice, it is kept once.
    """
    case_id = opened.case.id
    if is_informed(session, duty, case_id):
        return
    with transaction(session):
        audit.record(session, duty.person.name, AuditAction.INFORMED, today, case_id)
        seen.mark(session, duty, case_id)


def _told(case_id: bytes, wrap: bytes, duty: Duty) -> Iterator[CustodianNotice]:
    with suppress(NotYoursError, BrokenError):
        yield from open_notices(
            wrap, duty.identity, case_id=case_id, holder=duty.person.id
        )


def _line(session: Session, case_id: bytes, duty: Duty) -> Iterator[CustodyLine]:
    try:
        opened = find_for_custodian(session, case_id, duty)
    except NoSuchCaseError:
        return
    case, known = opened.case, is_informed(session, duty, case_id)
    steps = read_steps(session, case_id)
    course = Course.of(steps)
    is_own, is_read = case.custodian_due_on is not None, has_reader(session, opened)
    owed = course.owed(CaseStatus(case.status))
    officers_due = None if case.due_on == NO_DAY else case.due_on
    asked_on = [step.taken_on for step in steps if step.kind in {OBJECTION, TROUBLE}]
    yield CustodyLine(
        case_id,
        CaseStatus(case.status),
        asked_on[-1] if opened.is_asked else course.open_since or course.received_on,
        course.escalated_on is not None,
        opened.summary.title if known else "",
        opened.is_asked,
        case.is_urgent,
        is_read,
        DeadlineKind.KEEPER if is_own or (owed and not is_read) else owed,
        case.custodian_due_on if is_own else officers_due,
    )


def _in_order(line: CustodyLine) -> tuple[bool, bool, bool, dt.date, dt.date]:
    # On top where somebody is after the reporter.
    is_calm, is_others = not line.is_urgent, line.owes is not DeadlineKind.KEEPER
    return is_calm, line.due_on is None, is_others, line.due_on or NO_DAY, line.since
