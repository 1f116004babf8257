"""A reporter's two ways out: withdrawing a report, and destroying it unopened.

Withdrawing does not stop what officers are bound to. Whether somebody demanded it is
told to the custodians alone: every withdrawal writes each of them a notice, which
holds random bytes where there is nothing to tell (docs/decisions/0059). Destroying
leaves nothing, not even an entry of the record: it is an act of the reporter's.
"""

import datetime as dt

from sqlalchemy import insert
from sqlalchemy.orm import Session

from crypto import (
    CustodianNotice,
    Key,
    NoticeKind,
    Recipient,
    dummy_notice,
    seal_notice,
    unseal,
)
from portal import outers
from portal.cases import PURPOSE_NOTICE, ReporterCase, changing
from portal.deadlines import DeadlineRules
from portal.errors import NotFromHereError
from portal.models import Base, Wrap
from portal.moves import check_table, enter
from portal.reports import Report
from portal.retention import RetentionRules
from portal.roster import ListedCustodian, find_names, list_custodians
from portal.shredding import Shredder
from portal.statuses import Author, CaseStatus
from portal.threads import first_place

_CAN_BE_DESTROYED = {CaseStatus.SUBMITTED.value, CaseStatus.SEALED.value}
_INTO_WRAPS = insert(Base.metadata.tables[Wrap.__tablename__])


def withdraw(
    session: Session,
    opened: ReporterCase,
    rules: DeadlineRules,
    retention: RetentionRules,
    today: dt.date,
    *,
    gate: Key,
    was_demanded: bool,
) -> None:
    """Withdraw the report; custodians' outers become dummies.

    *was_demanded*: somebody told the reporter to; the custodians learn it.

    Raises:
        NotFromHereError: the case is over.
        StoreUnavailableError: nothing was changed.
    """
    with changing(session, opened) as case:
        check_table(case, CaseStatus.WITHDRAWN, Author.REPORTER)
        enter(session, case, CaseStatus.WITHDRAWN, rules, today, opened.key)
        case.purge_on = retention.day_at(CaseStatus.WITHDRAWN, None, today)
        outers.make_dummies(session, case.id, gate=gate)
        told = find_told(session, opened)
        _notify(session, case.id, told if was_demanded else (), today)


def destroy(session: Session, opened: ReporterCase, shredder: Shredder) -> None:
    """Destroy the report, which no officer has acknowledged; or a sealed entry.

    Whether a round has opened the entry meanwhile cannot be told, and changes nothing.

    Raises:
        NotFromHereError: one has, perhaps at this very moment.
        NoSuchCaseError: it is destroyed already.
        StoreUnavailableError: nothing was destroyed.
    """
    with changing(session, opened) as case:
        if case.status not in _CAN_BE_DESTROYED:
            raise NotFromHereError
        shredder.shred(session, [case.id])


def find_told(session: Session, opened: ReporterCase) -> tuple[ListedCustodian, ...]:
    """Return the custodians who would learn of a demand: whom the report is not kept from."""
    first = outers.first_envelope(session, opened.case.id)
    plain = unseal(first, opened.key, first_place(opened.case.id))
    report = Report.decode(plain)
    names = find_names(session, report.shut_out)
    return tuple(
        one for one in list_custodians(session) if outers.calls(report, one, names)
    )


def _notify(
    session: Session,
    case_id: bytes,
    told: tuple[ListedCustodian, ...],
    today: dt.date,
) -> None:
    """Write every custodian a notice; it tells something to those of *told* alone."""
    notice = CustodianNotice(NoticeKind.FORCED_WITHDRAWAL, case_id, today)
    rows = []
    for custodian in list_custodians(session):
        recipient, holder = Recipient(custodian.recipient), custodian.id
        is_told = custodian in told
        # Both are made, so that neither takes longer than the other.
        dummy = dummy_notice(recipient, case_id=case_id, holder=holder)
        genuine = seal_notice(notice, recipient, holder=holder)
        ids = {"case_id": case_id, "holder_id": holder, "purpose": PURPOSE_NOTICE}
        rows.append(ids | {"wrap": genuine if is_told else dummy})
    if rows:
        session.connection().execute(_INTO_WRAPS, rows)
