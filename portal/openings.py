"""What officers do with an entry that is open to them: answer, pass on, take up.

A question, a good word or a reminder is answered at any time. Of a held entry
nothing may show its writer that somebody else named the same person: whatever its
writer would see waits for the days on which every entry asks how things are, or for a
round on its own day, which needs no match (domain.md 4.8, 8).
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Key
from portal import audit, outers
from portal.acts import tell_reporter
from portal.audit import AuditAction
from portal.cases import Duty, OfficerCase, changing, find_for_officer
from portal.deadlines import DeadlineRules
from portal.entries import EntryKind, next_writing_day
from portal.errors import NoSuchCaseError, NotFromHereError
from portal.models import AuditEntry, Case, Step
from portal.moves import check_table, enter
from portal.note_sheets import NoteSheet
from portal.rounds import last_day
from portal.statuses import RECEIVED, Author, CaseStatus
from portal.steps import take_step
from portal.threads import Text


@dataclass(frozen=True)
class Opening:
    """A sealed entry in the hands of an officer who may read it."""

    opened: OfficerCase
    sheet: NoteSheet
    sealed_on: dt.date
    last_round: dt.date | None = None
    """Of whichever custodian; None: there was none yet."""

    @property
    def is_hold(self) -> bool:
        """Tell whether it was held, and opened by a round."""
        return self.sheet.kind is EntryKind.HOLD

    @property
    def may_be_matched(self) -> bool:
        """Tell whether it may have opened because somebody else named the same person."""
        return self.is_hold and self.sheet.rule.is_match

    def was_matched(self, today: dt.date) -> bool:
        """Tell whether nothing else can have opened it: its day has not come, or ends it."""
        is_early = today < self.sheet.day or not self.sheet.rule.opens_on_date
        return self.may_be_matched and is_early

    def writing_day(self, today: dt.date) -> dt.date | None:
        """Return from when its writer may be told anything; None: now."""
        if not self.is_hold or self._is_past():
            return None
        return next_writing_day(self.sheet.day, self.sealed_on, today)

    def _is_past(self) -> bool:
        """Tell whether a round came by that needed no match to open or to end it."""
        if self.last_round is None:
            return False
        days = 0 if self.sheet.rule.opens_on_date else 1
        return self.last_round >= self.sheet.day + dt.timedelta(days=days)


def find_opening(session: Session, case_id: bytes, duty: Duty) -> Opening:
    """Return a sealed entry that this officer can open.

    Raises:
        NoSuchCaseError: none, held, not this officer's, or a report: the same.
    """
    opened = find_for_officer(session, case_id, duty)
    if opened.case.status != CaseStatus.SEALED:
        raise NoSuchCaseError
    return _opening(session, opened, opened.case)


def answer(
    session: Session,
    opening: Opening,
    duty: Duty,
    text: str,
    *,
    seen: str,
    today: dt.date,
) -> None:
    """Write to who filed the entry.

    Raises:
        NotFromHereError: too early, see `Opening.writing_day`.
        ChangedMeanwhileError: somebody acted since the page was made.
        TooLongError: with the bytes that are too many.
    """
    with changing(session, opening.opened, seen) as case:
        _check_day(session, opening.opened, case, today)
        _tell(session, case, opening.opened, duty, text, today)
        _record(session, duty, AuditAction.ANSWERED, case, today)


def pass_on(
    session: Session,
    opening: Opening,
    duty: Duty,
    text: str,
    *,
    seen: str,
    today: dt.date,
) -> None:
    """Tell who filed a good word that it was passed on; *text*: the words for it.

    Raises:
        NotFromHereError: it is no good word, or was passed on before.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    with changing(session, opening.opened, seen) as case:
        is_praise = opening.sheet.kind is EntryKind.PRAISE
        if not is_praise or was_passed_on(session, case.id):
            raise NotFromHereError
        _tell(session, case, opening.opened, duty, text, today)
        _record(session, duty, AuditAction.PASSED_ON, case, today)


def was_passed_on(session: Session, case_id: bytes) -> bool:
    """Tell whether an officer passed the good word on; the record says so."""
    passed_on = select(AuditEntry.number).where(
        AuditEntry.case_id == case_id, AuditEntry.act == AuditAction.PASSED_ON
    )
    return session.scalars(passed_on.limit(1)).first() is not None


def take_up(
    session: Session,
    opening: Opening,
    duty: Duty,
    *,
    seen: str,
    rules: DeadlineRules,
    gate: Key,
    today: dt.date,
) -> None:
    """Make a case of an opened hold: received and acknowledged today.

    From now on officers owe what they owe of any report, and custodians open it where
    they miss it.

    Raises:
        NotFromHereError: too early, see `Opening.writing_day`; or it was not held:
            only its writer makes a report of it.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    opened = opening.opened
    with changing(session, opened, seen) as case:
        if not opening.is_hold:
            raise NotFromHereError
        check_table(case, CaseStatus.ACKNOWLEDGED, Author.OFFICER)
        _check_day(session, opened, case, today)
        thread = opened.key.thread
        take_step(session, case, RECEIVED, today, thread)
        enter(session, case, CaseStatus.ACKNOWLEDGED, rules, today, thread)
        first = outers.first_envelope(session, case.id)
        outers.make_outers(
            session, opened.key, case.id, gate=gate, first=first, is_called=True
        )
        _record(session, duty, AuditAction.MOVED, case, today)


def _opening(session: Session, opened: OfficerCase, case: Case) -> Opening:
    sheet = NoteSheet.unseal(case.note_sheet or b"", opened.key.thread, case.id)
    steps = select(Step.taken_on).where(Step.case_id == case.id, Step.number == 0)
    sealed_on = session.scalars(steps).one()
    return Opening(opened, sheet, sealed_on, last_day(session))


def _check_day(
    session: Session, opened: OfficerCase, case: Case, today: dt.date
) -> None:
    # As it is now: its writer may have changed its day since the page was made.
    if _opening(session, opened, case).writing_day(today) is not None:
        raise NotFromHereError


def _tell(
    session: Session,
    case: Case,
    opened: OfficerCase,
    duty: Duty,
    text: str,
    today: dt.date,
) -> None:
    words = Text(text, by=duty.person.id.hex())
    tell_reporter(session, case, opened, words, today)


def _record(
    session: Session, duty: Duty, action: AuditAction, case: Case, today: dt.date
) -> None:
    audit.record(session, duty.person.name, action, today, case.id)
