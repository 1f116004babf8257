"""Whom a case is kept from, for good or by a recusal that came in time.

Where a case stands before the custodians, no officer takes it from one of them again by
recusing somebody of that name (docs/decisions/0150).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import BrokenError, CaseKey
from portal import threads
from portal.courses import GATE_OFF, OPENING
from portal.models import Case, Step
from portal.reader_sheets import ReaderSheet, ShutOut
from portal.reports import Report
from portal.roster import Known, find_people
from portal.threads import Chain, Entry, ReaderAct


def find_shut_out(
    session: Session, case_id: bytes, key: CaseKey, report: Report
) -> tuple[Known, ...]:
    """Return the officers, also of before, whom *report* is kept from, as it counts.

    Unticked, by conflict, or recused before the case came to the custodians.
    """
    sealed = session.get_one(Case, case_id).reader_sheet
    sheet = ReaderSheet.unseal(sealed, key, case_id)
    conflicted = sheet.shut_out_by(ShutOut.CONFLICTED)
    recused = _find_recused(session, case_id, key, sheet)
    return find_people(session, {*report.shut_out, *conflicted, *recused})


def _find_recused(
    session: Session, case_id: bytes, key: CaseKey, sheet: ReaderSheet
) -> frozenset[str]:
    """Return who was recused in time; all who were, where the notes are damaged."""
    recused = frozenset(sheet.shut_out_by(ShutOut.RECUSED))
    opening = _find_opening(session, case_id)
    if opening is None or not recused:
        return recused
    try:
        notes = threads.read(session, case_id, Chain.NOTES, key.office)
    except BrokenError:
        return recused
    before: set[str] = set()
    for note in notes:
        if _is_before(note, opening):
            _take(note, before)
    return recused & before


def _find_opening(session: Session, case_id: bytes) -> Step | None:
    steps = select(Step).where(Step.case_id == case_id, Step.kind.in_(OPENING))
    return session.scalars(steps.order_by(Step.number).limit(1)).first()


def _is_before(note: Entry, opening: Step) -> bool:
    # The clock opens a case before anybody acts on that day; what officers leave to
    # the custodians they leave by a recusal of the same day.
    is_same_day = note.written_on == opening.taken_on and opening.kind == GATE_OFF
    return is_same_day or note.written_on < opening.taken_on


def _take(note: Entry, recused: set[str]) -> None:
    if note.text.reader_act is ReaderAct.RECUSED:
        recused.add(note.text.officer)
    elif note.text.reader_act is ReaderAct.ASSIGNED:
        recused.discard(note.text.officer)
