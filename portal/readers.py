"""Who reads a case: giving it to another officer, and recusal.

Either way every wrap and the mask of the case are made anew, the office key is
renewed, and what lies under it is sealed again, in one transaction: the table
shows that readers changed, and neither whom it concerned nor in which way.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    CaseKey,
    Key,
    Recipient,
    unseal,
    wrap_case_key,
)
from portal import audit, conflicts, outers, threads
from portal.audit import AuditAction
from portal.cases import (
    PURPOSE_ASKED,
    PURPOSE_CASE,
    PURPOSE_NOTICE,
    PURPOSE_OPEN,
    PURPOSE_OUTER,
    PURPOSE_TROUBLE,
    Duty,
    OfficerCase,
    changing,
)
from portal.database import shrink_journal
from portal.errors import (
    IncompleteMoveError,
    LastReaderError,
    NoReaderError,
    NoSuchPersonError,
    NotFromHereError,
    ShutOutError,
)
from portal.models import Base, Case, Person, Wrap
from portal.reader_sheets import ReaderSheet, ShutOut
from portal.reports import Report, is_same_name, may_never_read
from portal.roster import (
    ListedOfficer,
    find_names,
    find_uncompared,
    list_officers,
)
from portal.statuses import CaseStatus
from portal.summaries import Summary
from portal.threads import Chain, ReaderAct, Text

_OF_CUSTODIANS = frozenset(
    {PURPOSE_OUTER, PURPOSE_OPEN, PURPOSE_ASKED, PURPOSE_NOTICE, PURPOSE_TROUBLE}
)
_INTO_WRAPS = insert(Base.metadata.tables[Wrap.__tablename__])


def assign(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    officer_id: bytes,
    *,
    reason: str,
    seen: str,
    secret: Key,
    gate: Key,
    today: dt.date,
) -> None:
    """Give the case to an officer, who reads it from now on and has it in hand.

    *secret*: the instance's, which declarations of conflicts are locked under.

    Raises:
        NotFromHereError: a custodian has it of its reporter, and no key to give.
        NoSuchPersonError: no officer at work has that id.
        ShutOutError: unticked, named or conflicted: the same for all.
        IncompleteMoveError: who was recused is given it again without a reason.
        ReasonTooLongError: with the bytes that are too many.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    if opened.is_asked:
        raise NotFromHereError
    with changing(session, opened, seen) as case:
        officer = _find(list_officers(session), officer_id)
        report = _read_report(session, opened)
        sheet = _read_sheet(case, opened)
        if _is_shut_out(session, report, sheet, officer, secret):
            raise ShutOutError
        why = sheet.why_not(officer.id.hex())
        if why is ShutOut.RECUSED and not reason and not _is_sealed(case):
            raise IncompleteMoveError("reason")
        sheet = sheet.giving(officer.id.hex())
        renewed = rewrite(session, case, opened.key, sheet, gate=gate)
        _note(session, case, renewed, duty, ReaderAct.ASSIGNED, officer, reason, today)
        _record(session, duty, case, today)
    shrink_journal(session)


def recuse(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    officer_id: bytes,
    *,
    reason: str,
    seen: str,
    gate: Key,
    today: dt.date,
) -> None:
    """Shut an officer out of the case, oneself or another.

    Where no officer is left the case goes to the custodians, if its reporter let it;
    what is sealed never does.

    Raises:
        NoSuchPersonError: no officer at work has that id.
        IncompleteMoveError: there is no reason.
        LastReaderError: nobody would be left to read it, not even a custodian.
        ReasonTooLongError: with the bytes that are too many.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    with changing(session, opened, seen) as case:
        if not reason and not _is_sealed(case):
            raise IncompleteMoveError("reason")
        officers = list_officers(session)
        officer = _find(officers, officer_id)
        sheet = _read_sheet(case, opened).recusing(officer.id.hex())
        renewed = rewrite(session, case, opened.key, sheet, gate=gate)
        if not _find_able(session, sheet) & {one.id for one in officers}:
            _call_custodians(session, renewed, case, today)
        _note(session, case, renewed, duty, ReaderAct.RECUSED, officer, reason, today)
        _record(session, duty, case, today)
    shrink_journal(session)


def rewrite(
    session: Session, case: Case, key: CaseKey, sheet: ReaderSheet, *, gate: Key
) -> CaseKey:
    """Make a case's keys anew for the readers of *sheet*; return them.

    Call it inside the transaction. Every officer of today gets a wrap, genuine or a
    dummy. The office key is renewed whatever changes, so that giving a case and
    taking it away leave the same trace; the case key stays, for the reporter is away.

    Raises:
        BrokenError: a note was changed, moved, swapped or left out.
    """
    officers = list_officers(session)
    sheet = sheet.of(officer.id.hex() for officer in officers)
    renewed = key.with_new_office()
    _wrap(session, case, renewed, officers, sheet)
    case.reader_sheet = sheet.seal(renewed, case.id)
    try:
        summary = Summary.unseal(case.summary, key, case.id)
    except BrokenError:
        # Damaged before: it stays what it is, and is shown as such.
        pass
    else:
        case.summary = _summary(summary, sheet).seal(renewed, case.id)
    threads.reseal(session, case.id, Chain.NOTES, key.office, renewed.office)
    outers.make_outers(
        session,
        renewed,
        case.id,
        gate=gate,
        first=outers.first_envelope(session, case.id),
        is_called=not CaseStatus(case.status).is_over,
    )
    # Of whom the wrap yields nothing any more, no cache shall keep what it yielded;
    # everybody's goes, so that nobody is seen by it.
    session.execute(update(Person).values(opened_keys=None))
    return renewed


def _call_custodians(
    session: Session, key: CaseKey, case: Case, today: dt.date
) -> None:
    if _is_sealed(case):
        raise LastReaderError
    first = outers.first_envelope(session, case.id)
    try:
        outers.open_to_custodians(session, key, case.id, first, today=today)
    except NoReaderError:
        raise LastReaderError from None


def _wrap(
    session: Session,
    case: Case,
    key: CaseKey,
    officers: Sequence[ListedOfficer],
    sheet: ReaderSheet,
) -> None:
    recipients = {officer.id: Recipient(officer.recipient) for officer in officers}
    readers = _find_able(session, sheet)
    wrapped = wrap_case_key(
        key,
        case_id=case.id,
        readers={one: recipients[one] for one in recipients if one in readers},
        others={one: recipients[one] for one in recipients if one not in readers},
    )
    case.mask = wrapped.mask
    # Also what stands beside while a key changes or is handed on: it fits no mask now.
    of_officers = Wrap.purpose.not_in(_OF_CUSTODIANS)
    session.execute(delete(Wrap).where(Wrap.case_id == case.id, of_officers))
    this = {"case_id": case.id, "purpose": PURPOSE_CASE}
    rows = [
        this | {"holder_id": holder, "wrap": wrap}
        for holder, wrap in wrapped.wraps.items()
    ]
    session.connection().execute(_INTO_WRAPS, rows)


def _find_able(session: Session, sheet: ReaderSheet) -> frozenset[bytes]:
    """Return the readers whose keys are theirs beyond doubt; the others stay readers.

    They get the case with all others of theirs, once a colleague compared the key.
    """
    readers = map(bytes.fromhex, sheet.readers)
    return frozenset(readers) - find_uncompared(session)


def _summary(summary: Summary, sheet: ReaderSheet) -> Summary:
    # Who may not read any more has no part in how it ends.
    summary = summary.given(sheet.assigned)
    is_gone = sheet.why_not(summary.bad_faith_by) is not None
    return summary.proposed("") if is_gone else summary


def _is_shut_out(
    session: Session,
    report: Report,
    sheet: ReaderSheet,
    officer: ListedOfficer,
    secret: Key,
) -> bool:
    """Tell whether *officer* is never given the case: by the reporter, or a conflict."""
    if may_never_read(report, officer):
        return True
    why = sheet.why_not(officer.id.hex())
    if why is ShutOut.CONFLICTED:
        return True
    was_there = why is ShutOut.RECUSED or officer.id.hex() in sheet.readers
    if not was_there and _was_shut_out_before(session, report, sheet, officer):
        return True
    return officer.id in conflicts.find_conflicted(session, report, secret)


def _was_shut_out_before(
    session: Session, report: Report, sheet: ReaderSheet, officer: ListedOfficer
) -> bool:
    """Tell whether *officer* is somebody shut out for good who came back anew.

    Unticked, or conflicted at handing in. Who returns has another id, and the same
    name with something added.
    """
    conflicted = sheet.shut_out_by(ShutOut.CONFLICTED)
    names = find_names(session, {*report.shut_out, *conflicted})
    return any(is_same_name(name, officer.name) for name in names)


def _find(officers: Sequence[ListedOfficer], officer_id: bytes) -> ListedOfficer:
    for officer in officers:
        if officer.id == officer_id:
            return officer
    raise NoSuchPersonError


def _read_report(session: Session, opened: OfficerCase) -> Report:
    case_id = opened.case.id
    envelope = outers.first_envelope(session, case_id)
    plain = unseal(envelope, opened.key.thread, threads.first_place(case_id))
    return Report.decode(plain)


def _is_sealed(case: Case) -> bool:
    return case.status == CaseStatus.SEALED


def _read_sheet(case: Case, opened: OfficerCase) -> ReaderSheet:
    return ReaderSheet.unseal(case.reader_sheet, opened.key, case.id)


def _note(
    session: Session,
    case: Case,
    key: CaseKey,
    duty: Duty,
    act: ReaderAct,
    officer: ListedOfficer,
    reason: str,
    today: dt.date,
) -> None:
    """Keep for those who read what was changed, by whom, and why.

    Of what is sealed nothing: its writer may renew it with the code alone, which
    opens no note and could not seal one again.
    """
    if _is_sealed(case):
        return
    text = Text(
        reason, by=duty.person.id.hex(), reader_act=act, officer=officer.id.hex()
    )
    threads.note_reason(session, case.id, text, key.office, today)


def _record(session: Session, duty: Duty, case: Case, today: dt.date) -> None:
    audit.record(session, duty.person.name, AuditAction.READERS_CHANGED, today, case.id)
