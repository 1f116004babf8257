"""Calling custodians: telling them of a case, and giving what its reporter can give.

A reporter's own session does it, and no officer's leave is needed. It holds the case
key alone: who is called reads what the code opens, and nothing of the office's
(docs/decisions/0112). A notice gives no key; who may not be told gets random bytes.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crypto import (
    CaseKey,
    CustodianNotice,
    Key,
    Recipient,
    ReleaseRule,
    Share,
    dummy_notice,
    seal_notices,
    seal_without_gate,
    unseal,
)
from portal import outers
from portal.cases import PURPOSE_ASKED, ReporterCase
from portal.held_wraps import NEXT_OF
from portal.models import Base, Wrap
from portal.reports import Report
from portal.roster import ListedCustodian, find_people, list_custodians
from portal.threads import first_place

_INTO_WRAPS = insert(Base.metadata.tables[Wrap.__tablename__])


def find_callable(
    session: Session, opened: ReporterCase
) -> tuple[ListedCustodian, ...]:
    """Return the custodians whom the report is not kept from: who would be told."""
    first = outers.first_envelope(session, opened.case.id)
    plain = unseal(first, opened.key, first_place(opened.case.id))
    report = Report.decode(plain)
    people = find_people(session, report.shut_out)
    return tuple(
        one for one in list_custodians(session) if outers.calls(report, one, people)
    )


def find_unnamed(session: Session, opened: ReporterCase) -> frozenset[bytes]:
    """Return the custodians that the report does not name, by id; kept from or not."""
    first = outers.first_envelope(session, opened.case.id)
    plain = unseal(first, opened.key, first_place(opened.case.id))
    report = Report.decode(plain)
    return frozenset(
        one.id for one in list_custodians(session) if not report.names(one.name)
    )


def list_heard(session: Session) -> tuple[ListedCustodian, ...]:
    """Return the custodians to whom anything is sealed at all."""
    return tuple(one for one in list_custodians(session) if one.is_heard)


def find_asked(session: Session, case_id: bytes) -> tuple[ListedCustodian, ...]:
    """Return the custodians at work who were given the case by its reporter."""
    rows = select(Wrap.holder_id).where(
        Wrap.case_id == case_id, Wrap.purpose == PURPOSE_ASKED
    )
    holders = frozenset(session.scalars(rows))
    return tuple(one for one in list_custodians(session) if one.id in holders)


def give(
    session: Session,
    key: Key,
    case_id: bytes,
    custodians: Iterable[ListedCustodian],
) -> None:
    """Give the case to *custodians*: its case key, beside an office key of no use.

    Call it inside the transaction of what they are asked.
    """
    digest = outers.digest_of(outers.first_envelope(session, case_id))
    pair = CaseKey(key, key.fresh()).reveal()
    share = Share(ReleaseRule.DEADLINE, "", "", pair, digest)
    wraps = {
        one.id: seal_without_gate(
            share, Recipient(one.recipient), case_id=case_id, holder=one.id
        )
        for one in custodians
    }
    _replace(session, case_id, PURPOSE_ASKED, wraps)


def tell(
    session: Session,
    case_id: bytes,
    purpose: str,
    notices: Sequence[CustodianNotice],
    told: Iterable[ListedCustodian],
) -> None:
    """Write every custodian *notices*; they tell something to those of *told* alone.

    What stood there of the same purpose is gone: *notices* hold it as well.
    """
    ids, wraps = {one.id for one in told}, {}
    for custodian in list_custodians(session):
        recipient, holder = Recipient(custodian.recipient), custodian.id
        # Both are made, so that neither takes longer than the other.
        dummy = dummy_notice(recipient, case_id=case_id, holder=holder)
        genuine = seal_notices(notices, recipient, holder=holder)
        wraps[holder] = genuine if holder in ids else dummy
    _replace(session, case_id, purpose, wraps)


def _replace(
    session: Session, case_id: bytes, purpose: str, wraps: dict[bytes, bytes]
) -> None:
    both = (purpose, NEXT_OF[purpose])
    mine = (Wrap.case_id == case_id) & Wrap.holder_id.in_(wraps)
    session.execute(delete(Wrap).where(mine, Wrap.purpose.in_(both)))
    this = {"case_id": case_id, "purpose": purpose}
    rows = [this | {"holder_id": one, "wrap": wrap} for one, wrap in wraps.items()]
    if rows:
        session.connection().execute(_INTO_WRAPS, rows)
