"""A reporter's two ways out: withdrawing a report, and destroying it unopened.

Withdrawing does not stop what officers are bound to. Whether somebody demanded it is
told to the custodians alone: every withdrawal writes each of them a notice, which
holds random bytes where there is nothing to tell (docs/decisions/0059). Destroying
leaves nothing, not even an entry of the record: it is an act of the reporter's.
"""

import datetime as dt

from sqlalchemy.orm import Session

from crypto import CustodianNotice, Key, NoticeKind
from portal import calling, outers, tallies
from portal.cases import PURPOSE_NOTICE, ReporterCase, changing
from portal.deadlines import DeadlineRules
from portal.errors import NotFromHereError
from portal.moves import check_table, enter
from portal.retention import RetentionRules
from portal.shredding import Shredder
from portal.statuses import Author, CaseStatus

_CAN_BE_DESTROYED = {CaseStatus.SUBMITTED.value, CaseStatus.SEALED.value}


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
        tallies.keep(session, case, opened.key, rules, gate)
        told = calling.find_callable(session, opened) if was_demanded else ()
        notice = CustodianNotice(NoticeKind.FORCED_WITHDRAWAL, case.id, today)
        calling.tell(session, case.id, PURPOSE_NOTICE, [notice], told)


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
