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
from portal.askings import OBJECTION, TROUBLE
from portal.audit import AuditAction
from portal.cases import (
    PURPOSE_ASKED,
    PURPOSE_NOTICE,
    PURPOSE_OPEN,
    PURPOSE_TROUBLE,
    Duty,
    OfficerCase,
    find_for_custodian,
)
from portal.database import transaction
from portal.errors import NoSuchCaseError
from portal.models import Step, Wrap
from portal.outers import GATE_OFF
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
    title: str
    """Empty until the custodian has opened it."""
    is_asked: bool = False
    """Its reporter asked; officers did not leave it."""
    is_urgent: bool = False
    """Somebody is after the reporter, and no officer has written since."""
    due_on: dt.date | None = None
    """By when a custodian owes an answer; None: nothing is asked."""


def list_cases(session: Session, duty: Duty) -> tuple[CustodyLine, ...]:
    """Return the cases that open to this custodian, the newest first."""
    case_ids = session.scalars(
        select(Wrap.case_id)
        .where(Wrap.holder_id == duty.person.id, Wrap.purpose.in_(_PUT_BEFORE))
        .distinct()
    ).all()
    lines = [line for one in case_ids for line in _line(session, one, duty)]
    newest = sorted(lines, key=lambda line: line.since, reverse=True)
    # On top where somebody is after the reporter; then by what is owed first.
    last = dt.date.max
    return tuple(
        sorted(newest, key=lambda line: (not line.is_urgent, line.due_on or last))
    )


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
    asked = (OBJECTION, TROUBLE) if opened.is_asked else (GATE_OFF,)
    put = select(Step.taken_on).where(Step.case_id == case_id, Step.kind.in_(asked))
    known = is_informed(session, duty, case_id)
    yield CustodyLine(
        case_id,
        CaseStatus(opened.case.status),
        session.scalars(put.order_by(Step.number.desc()).limit(1)).one(),
        opened.summary.title if known else "",
        is_asked=opened.is_asked,
        is_urgent=opened.case.is_urgent,
        due_on=opened.case.custodian_due_on,
    )
