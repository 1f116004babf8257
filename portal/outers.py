"""A custodian's outers: what opens a case once its gate is taken off, and not before.

One for each custodian and case, made whenever somebody holds the case's keys: at
handing in, at an officer's visit, when the readers change, at closing and reopening.
Whom the reporter unticked or named gets one that holds random bytes; so does who was
an officer before and, by conflict or recusal, no reader of the case; and so does a key
that no officer has heard the end of: whoever held the one-time link may have made it.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from sqlalchemy import Delete, delete, insert, select
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    CaseKey,
    Key,
    NotYoursError,
    Recipient,
    ReleaseRule,
    Share,
    dummy_outer,
    dummy_without_gate,
    random_mask,
    seal_outer,
    seal_without_gate,
    take_gate_off,
    unseal,
)
from portal.cases import PURPOSE_OPEN, PURPOSE_OUTER, Duty, find_for_officer
from portal.courses import GATE_OFF, OPENING
from portal.database import transaction
from portal.entries import EntryKind
from portal.errors import NoReaderError, NoSuchCaseError, StoreUnavailableError
from portal.held_wraps import NEXT_OF
from portal.models import Base, Case, Message, Step, Wrap
from portal.note_sheets import NoteSheet
from portal.recusals import find_shut_out
from portal.reports import Report, is_same_name
from portal.roster import (
    Known,
    ListedCustodian,
    ListedOfficer,
    custodian_ids,
    list_custodians,
)
from portal.statuses import CaseStatus
from portal.steps import ESCALATED, take_step
from portal.threads import Chain, first_place

_INTO_WRAPS = insert(Base.metadata.tables[Wrap.__tablename__])
_PURPOSES = (PURPOSE_OUTER, PURPOSE_OPEN)
# Also what stands beside while a custodian's key is changed: it holds what was then.
_WITH_NEXT = (*_PURPOSES, *(NEXT_OF[purpose] for purpose in _PURPOSES))

OuterRow = dict[str, object]


def seal_outers(
    custodians: Iterable[ListedCustodian],
    report: Report,
    key: CaseKey,
    case_id: bytes,
    *,
    gate: Key,
    first: bytes,
    shut_out: Collection[Known | ListedOfficer] = (),
) -> list[OuterRow]:
    """Seal an outer for each custodian, a dummy where the report is kept from one.

    *first*: the case's first envelope, which holds *report*. *shut_out*: officers who
    may not read, see `calls`.
    """
    share = _share(key, first)

    def seal(custodian: ListedCustodian, recipient: Recipient) -> bytes:
        place = {"case_id": case_id, "holder": custodian.id}
        if calls(report, custodian, shut_out):
            return seal_outer(share, recipient, gate, **place)
        return dummy_outer(recipient, gate, **place)

    return _rows(custodians, case_id, PURPOSE_OUTER, seal)


def seal_entry_outers(
    custodians: Iterable[ListedCustodian],
    share: Share,
    case_id: bytes,
    *,
    gate: Key,
    never: Collection[bytes] = (),
) -> list[OuterRow]:
    """Seal the outers of a sealed entry: *share* to each, a dummy to those of *never*.

    *never*: ids of custodians who are kept from it, being named.
    """

    def seal(custodian: ListedCustodian, recipient: Recipient) -> bytes:
        place = {"case_id": case_id, "holder": custodian.id}
        if custodian.is_heard and custodian.id not in never:
            return seal_outer(share, recipient, gate, **place)
        return dummy_outer(recipient, gate, **place)

    return _rows(custodians, case_id, PURPOSE_OUTER, seal)


def make_outers(
    session: Session,
    key: CaseKey,
    case_id: bytes,
    *,
    gate: Key,
    first: bytes,
    is_called: bool,
) -> None:
    """Make a case's outers anew; call it inside the transaction that changes the keys.

    *first*: the first envelope, as it is stored; what the reporter chose is read from
    it. Not *is_called* (the case is over): dummies for everybody. Where the gate is
    off it stays off, over or not: no officer shuts a custodian out again.
    """
    if session.get_one(Case, case_id).status == CaseStatus.SEALED:
        _make_entry_outers(session, key, case_id, gate, first)
        return
    report = _open_report(key, case_id, first)
    called = _find_called(session, report, key, case_id)
    others = [one for one in list_custodians(session) if one not in called]
    if _was_escalated(session, case_id):
        # All alike, as the clock left them.
        rows = _without_gate(called, key, case_id, first)
        rows += _open_dummies(others, case_id)
        others = []
    elif is_gate_off(session, case_id):
        rows = _without_gate(called, key, case_id, first)
    elif is_called:
        rows = seal_outers(called, report, key, case_id, gate=gate, first=first)
    else:
        rows = _dummies(called, case_id, gate)
    _forget(session, case_id)
    _insert(session, rows)
    _insert(session, _dummies(others, case_id, gate))


def make_dummies(session: Session, case_id: bytes, *, gate: Key) -> None:
    """Put dummies in place of all outers behind a gate: the case is over.

    It takes no key of the case, so that its reporter can do it. Call it inside a
    transaction.
    """
    opened = _holders(session, case_id, PURPOSE_OPEN)
    custodians = [one for one in list_custodians(session) if one.id not in opened]
    session.execute(_outers_of(case_id).where(Wrap.purpose != PURPOSE_OPEN))
    _insert(session, _dummies(custodians, case_id, gate))


def forget_behind_gate(session: Session, case_id: bytes) -> None:
    """Take away what lies behind the gate: the next officer's visit makes it anew."""
    mine = _outers_of(case_id).where(Wrap.purpose != PURPOSE_OPEN)
    session.execute(mine)


def open_to_custodians(
    session: Session, key: CaseKey, case_id: bytes, first: bytes, *, today: dt.date
) -> None:
    """Put the case before the custodians: outers without a gate, and a step.

    Call it inside a transaction that leaves the case without a reader.

    Raises:
        NoReaderError: the report is kept from every custodian, or there is none.
    """
    report = _open_report(key, case_id, first)
    called = _find_called(session, report, key, case_id)
    if not called:
        raise NoReaderError
    mine = _outers_of(case_id)
    session.execute(mine.where(Wrap.holder_id.in_([one.id for one in called])))
    _insert(session, _without_gate(called, key, case_id, first))
    case = session.get_one(Case, case_id)
    take_step(session, case, GATE_OFF, today, key.thread)


def complete(session: Session, duty: Duty, case_id: bytes, *, gate: Key) -> None:
    """Write the outers that a case lacks, as an officer opens it.

    A custodian has joined, or outers are behind a gate whose secret was lost. Nothing
    is said where the database is busy: the next visit does it.
    """
    sealed = session.get_one(Case, case_id).status == CaseStatus.SEALED
    # What a sealed entry lacks the next round gives it: its writer chose its rule.
    if sealed or not _lacks(session, case_id, gate):
        return
    with suppress(StoreUnavailableError, NoSuchCaseError), transaction(session):
        session.expire_all()
        # Opened again inside: the readers may have changed since the page was begun.
        opened = find_for_officer(session, case_id, duty)
        if _lacks(session, case_id, gate):
            make_outers(
                session,
                opened.key,
                case_id,
                gate=gate,
                first=first_envelope(session, case_id),
                is_called=not CaseStatus(opened.case.status).is_over,
            )


def first_envelope(session: Session, case_id: bytes) -> bytes:
    """Return the envelope of the report itself."""
    first = select(Message.envelope).where(
        Message.case_id == case_id, Message.chain == Chain.THREAD, Message.number == 0
    )
    return session.scalars(first).one()


def is_gate_off(session: Session, case_id: bytes) -> bool:
    """Tell whether the case was put before the custodians.

    A step says so: those who were called may all have left, or have a new key.
    """
    return _was_taken(session, case_id, *OPENING)


def find_called(
    session: Session, case_id: bytes, report: Report
) -> tuple[ListedCustodian, ...]:
    """Return the custodians whom the case was put before, as its reporter chose."""
    holders = _holders(session, case_id, PURPOSE_OPEN)
    if not holders:
        return ()
    return tuple(
        one
        for one in list_custodians(session)
        if one.id in holders and report.calls(one.name)
    )


def calls(
    report: Report,
    custodian: ListedCustodian,
    shut_out: Collection[Known | ListedOfficer],
) -> bool:
    """Tell whether a custodian may learn of a report; *shut_out*: officers who may not.

    Who has the name of one of them is not called by another role. Who has it, and was
    there before that officer came, is somebody else: the reporter alone shuts both out.
    """
    if not custodian.is_heard or not report.calls(custodian.name):
        return False
    return not any(
        is_same_name(one.name, custodian.name)
        for one in shut_out
        if one.id.hex() in report.shut_out or one.added_on <= custodian.added_on
    )


def digest_of(first: bytes) -> bytes:
    """Return what a share names the case by: SHA-256 of its first envelope."""
    return hashlib.sha256(first).digest()


def _find_called(
    session: Session, report: Report, key: CaseKey, case_id: bytes
) -> list[ListedCustodian]:
    """Return whom the report may come to: not an officer of before who was shut out."""
    people = find_shut_out(session, case_id, key, report)
    return [one for one in list_custodians(session) if calls(report, one, people)]


def _make_entry_outers(
    session: Session, key: CaseKey, case_id: bytes, gate: Key, first: bytes
) -> None:
    """Make the outers of an entry that its readers read anew, with its own end.

    Whom it is about is not known here, and not needed any more: it is open. A share
    that fits the mask tells the next round so; what nobody held has none that fits.
    """
    case = session.get_one(Case, case_id)
    sheet = NoteSheet.unseal(case.note_sheet or b"", key.thread, case_id)
    rule = ReleaseRule.DATE if sheet.rule.opens_on_date else ReleaseRule.NEVER
    pair = case.mask if sheet.kind is EntryKind.HOLD else random_mask()
    share = Share(rule, sheet.day.isoformat(), "", pair, digest_of(first))
    custodians, report = list_custodians(session), _open_report(key, case_id, first)
    named = [one.id for one in custodians if report.names(one.name)]
    rows = seal_entry_outers(custodians, share, case_id, gate=gate, never=named)
    _forget(session, case_id)
    _insert(session, rows)


def _share(key: CaseKey, first: bytes) -> Share:
    return Share(ReleaseRule.DEADLINE, "", "", key.reveal(), digest_of(first))


def _open_report(key: CaseKey, case_id: bytes, first: bytes) -> Report:
    return Report.decode(unseal(first, key.thread, first_place(case_id)))


def _was_escalated(session: Session, case_id: bytes) -> bool:
    return _was_taken(session, case_id, ESCALATED)


def _was_taken(session: Session, case_id: bytes, *kinds: str) -> bool:
    step = select(Step.number).where(Step.case_id == case_id, Step.kind.in_(kinds))
    return session.scalars(step.limit(1)).first() is not None


def _without_gate(
    custodians: Iterable[ListedCustodian], key: CaseKey, case_id: bytes, first: bytes
) -> list[OuterRow]:
    share = _share(key, first)

    def seal(custodian: ListedCustodian, recipient: Recipient) -> bytes:
        return seal_without_gate(share, recipient, case_id=case_id, holder=custodian.id)

    return _rows(custodians, case_id, PURPOSE_OPEN, seal)


def _dummies(
    custodians: Iterable[ListedCustodian], case_id: bytes, gate: Key
) -> list[OuterRow]:
    def seal(custodian: ListedCustodian, recipient: Recipient) -> bytes:
        return dummy_outer(recipient, gate, case_id=case_id, holder=custodian.id)

    return _rows(custodians, case_id, PURPOSE_OUTER, seal)


def _open_dummies(
    custodians: Iterable[ListedCustodian], case_id: bytes
) -> list[OuterRow]:
    def seal(custodian: ListedCustodian, recipient: Recipient) -> bytes:
        place = {"case_id": case_id, "holder": custodian.id}
        return dummy_without_gate(recipient, **place)

    return _rows(custodians, case_id, PURPOSE_OPEN, seal)


def _rows(
    custodians: Iterable[ListedCustodian],
    case_id: bytes,
    purpose: str,
    seal: Callable[[ListedCustodian, Recipient], bytes],
) -> list[OuterRow]:
    return [
        {
            "case_id": case_id,
            "holder_id": custodian.id,
            "purpose": purpose,
            "wrap": seal(custodian, Recipient(custodian.recipient)),
        }
        for custodian in custodians
    ]


def _insert(session: Session, rows: list[OuterRow]) -> None:
    if rows:
        session.connection().execute(_INTO_WRAPS, rows)


def _outers_of(case_id: bytes) -> Delete:
    return delete(Wrap).where(Wrap.case_id == case_id, Wrap.purpose.in_(_WITH_NEXT))


def _forget(session: Session, case_id: bytes) -> None:
    session.execute(_outers_of(case_id))


def _holders(session: Session, case_id: bytes, purpose: str) -> frozenset[bytes]:
    holders = select(Wrap.holder_id).where(
        Wrap.case_id == case_id, Wrap.purpose == purpose
    )
    return frozenset(session.scalars(holders))


def _lacks(session: Session, case_id: bytes, gate: Key) -> bool:
    """Tell whether a custodian has no outer here, or one of another gate."""
    rows = select(Wrap.holder_id, Wrap.purpose, Wrap.wrap).where(
        Wrap.case_id == case_id, Wrap.purpose.in_(_PURPOSES)
    )
    found = session.execute(rows).all()
    sound = {
        holder
        for holder, purpose, wrap in found
        if purpose == PURPOSE_OPEN or _is_behind(wrap, gate, case_id, holder)
    }
    return not custodian_ids(session) <= sound


def _is_behind(outer: bytes, gate: Key, case_id: bytes, holder: bytes) -> bool:
    try:
        take_gate_off(outer, gate, case_id=case_id, holder=holder)
    except (NotYoursError, BrokenError):
        return False
    return True
