"""What is done to an open case: writing, judging, moving along the ONE table.

Every act is one transaction, names the officer in the audit record, and is
refused when somebody else acted since the page was made (*seen*).
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy.orm import Session

from crypto import Key
from portal import audit, outers, tallies, threads
from portal.audit import AuditAction
from portal.cases import Duty, OfficerCase, changing
from portal.courses import ANSWERED, CUSTODIAN_WROTE, EXTENDED
from portal.deadlines import DeadlineRules
from portal.errors import IncompleteMoveError, NotFromHereError
from portal.models import Case
from portal.moves import (
    check_table,
    enter,
    find_course,
    set_custodian_due,
    set_due,
)
from portal.retention import RetentionRules
from portal.statuses import Author, CaseStatus, Outcome, is_reopening
from portal.steps import take_step
from portal.summaries import Summary, Triage
from portal.threads import Chain, Text


@dataclass(frozen=True)
class Move:
    """A change of status, and what goes with it."""

    to: CaseStatus
    reason: str = ""
    """Internal; a note that the reporter's code cannot open."""
    message: str = ""
    """To the reporter."""
    outcome: Outcome | None = None

    @classmethod
    def typed(cls, to: str, reason: str, message: str, outcome: str) -> Self:
        """Return the step that was typed: closing alone has an outcome.

        One that was chosen beside another step is none: how long the case stays would
        be drawn by it.
        """
        ends_with_one = to == CaseStatus.CLOSED and outcome
        found = Outcome(outcome) if ends_with_one else None
        return cls(CaseStatus(to), reason, message, found)


def answer(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    text: str,
    *,
    seen: str,
    rules: DeadlineRules,
    today: dt.date,
) -> None:
    """Add an officer's message to the thread, or a custodian's.

    Raises:
        ChangedMeanwhileError: somebody acted since the page was made.
        TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        words = Text(text, by=_hex(duty))
        if duty.person.is_custodian:
            tell_as_custodian(session, case, opened, words, today)
            set_custodian_due(session, case, rules, today)
        else:
            tell_reporter(session, case, opened, words, today)
        set_due(session, case, rules)
        _record(session, duty, AuditAction.ANSWERED, case, today)


def note(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    text: str,
    *,
    seen: str,
    today: dt.date,
) -> None:
    """Add an internal note; the reporter's code cannot open it.

    Raises:
        ChangedMeanwhileError: somebody acted since the page was made.
        TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        _note(session, case, opened, Text(text, by=_hex(duty)), today)
        _record(session, duty, AuditAction.NOTED, case, today)


def triage(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    judgement: Triage,
    *,
    title: str,
    reason: str,
    seen: str,
    today: dt.date,
) -> None:
    """Keep an officer's judgement of the case in its summary.

    Raises:
        IncompleteMoveError: severity is changed without a reason.
        ReasonTooLongError: with the bytes that are too many.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    with changing(session, opened, seen) as case:
        summary = Summary.unseal(case.summary, opened.key, case.id)
        if judgement.severity != summary.triage.severity and not reason:
            raise IncompleteMoveError("reason")
        case.summary = summary.judged(judgement, title or summary.title).seal(
            opened.key, case.id
        )
        if reason:
            _give_reason(session, case, opened, Text(reason, by=_hex(duty)), today)
        _record(session, duty, AuditAction.TRIAGED, case, today)


def move(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    step: Move,
    *,
    seen: str,
    rules: DeadlineRules,
    retention: RetentionRules,
    gate: Key,
    today: dt.date,
) -> None:
    """Lead the case along the ONE table; where it ends, draw its last day.

    Raises:
        NotFromHereError: the table does not lead there from here.
        IncompleteMoveError: reason, message or outcome is missing.
        ChangedMeanwhileError: somebody acted since the page was made.
        ReasonTooLongError, TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        _check(session, case, step.to)
        summary = Summary.unseal(case.summary, opened.key, case.id)
        here = CaseStatus(case.status)
        if missing := missing_fields(here, step, summary, duty):
            raise IncompleteMoveError(*missing)
        if proposes_bad_faith(step, summary, duty):
            _propose(session, case, opened, duty, step, today)
            return
        if step.reason:
            _give_reason(session, case, opened, _reason(step, duty), today)
        if step.to.is_over or is_reopening(here, step.to):
            _turn(session, case, opened, step, gate)
            case.purge_on = retention.day_at(step.to, step.outcome, today)
        enter(session, case, step.to, rules, today, opened.key.thread)
        if step.message:
            tell_reporter(session, case, opened, _message(step, duty), today)
            set_due(session, case, rules)
        tallies.keep(session, case, opened.key.thread, rules, gate)
        _record(session, duty, AuditAction.MOVED, case, today)


def extend(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    *,
    reason: str,
    message: str,
    seen: str,
    rules: DeadlineRules,
    today: dt.date,
) -> None:
    """Take the one extension of the day for the outcome, before that day has passed.

    *reason* is internal; *message* tells the reporter why it takes longer.

    Raises:
        NotFromHereError: something else is owed, it was extended before, or it is late.
        IncompleteMoveError: reason or message is missing.
        ChangedMeanwhileError: somebody acted since the page was made.
        ReasonTooLongError, TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        if not find_course(session, case).may_extend(case, rules, today):
            raise NotFromHereError
        words = {"reason": reason, "message": message}
        if missing := [name for name, text in words.items() if not text]:
            raise IncompleteMoveError(*missing)
        _give_reason(session, case, opened, Text(reason, by=_hex(duty)), today)
        take_step(session, case, EXTENDED, today, opened.key.thread)
        tell_reporter(session, case, opened, Text(message, by=_hex(duty)), today)
        set_due(session, case, rules)
        _record(session, duty, AuditAction.EXTENDED, case, today)


def _check(session: Session, case: Case, to: CaseStatus) -> None:
    check_table(case, to, Author.OFFICER)
    if case.status == CaseStatus.SEALED:
        # Of what is sealed a held entry alone is taken up, on its days: `openings.py`.
        raise NotFromHereError
    if find_course(session, case).is_taken_over:
        # Nobody undoes what a custodian does.
        raise NotFromHereError


def _turn(
    session: Session, case: Case, opened: OfficerCase, step: Move, gate: Key
) -> None:
    """End summary and outers with their case, or make them anew as it goes on."""
    summary = Summary.unseal(case.summary, opened.key, case.id)
    case.summary = summary.ended(step.outcome).seal(opened.key, case.id)
    _make_outers(session, case, opened, gate, is_called=not step.to.is_over)


def proposes_bad_faith(step: Move, summary: Summary, duty: Duty) -> bool:
    """Tell whether *step* waits for a second officer: nobody judges bad faith alone."""
    is_first = summary.bad_faith_by in {"", _hex(duty)}
    return step.outcome is Outcome.BAD_FAITH and is_first


def missing_fields(
    here: CaseStatus, step: Move, summary: Summary, duty: Duty
) -> tuple[str, ...]:
    """Return the fields that *step* still needs, by their names in the form.

    Who confirms bad faith writes to the reporter; who proposes it need not.

    Going on from *verified*, straight or by way of a question, with a reporter
    who is easily guessed asks for a reason: one line, the source protection plan.
    """
    is_onward = here is CaseStatus.VERIFIED or (
        here is CaseStatus.MORE_INFORMATION
        and step.to in {CaseStatus.ASSESSED, CaseStatus.ADDRESSED}
    )
    is_proposal = proposes_bad_faith(step, summary, duty)
    needs_plan = is_onward and summary.is_easily_guessed
    needs_reason = (
        needs_plan
        or step.to is CaseStatus.NOT_ACTIONABLE
        or step.outcome is Outcome.BAD_FAITH
        or is_reopening(here, step.to)
    )
    wanted = {
        "reason": needs_reason and not step.reason,
        "message": step.to.needs_message and not step.message and not is_proposal,
        "outcome": step.to is CaseStatus.CLOSED and step.outcome is None,
    }
    return tuple(name for name, is_missing in wanted.items() if is_missing)


def _propose(
    session: Session,
    case: Case,
    opened: OfficerCase,
    duty: Duty,
    step: Move,
    today: dt.date,
) -> None:
    """Keep that the officer takes it for bad faith; in the record like any judgement."""
    summary = Summary.unseal(case.summary, opened.key, case.id)
    case.summary = summary.proposed(_hex(duty)).seal(opened.key, case.id)
    for text in filter(None, (step.reason, step.message)):
        _give_reason(session, case, opened, Text(text, by=_hex(duty)), today)
    _record(session, duty, AuditAction.TRIAGED, case, today)


def tell_reporter(
    session: Session, case: Case, opened: OfficerCase, text: Text, today: dt.date
) -> None:
    """Add an officer's message to the thread, with its step; inside a transaction."""
    text = replace(text, crossed=threads.count_waiting(session, case.id))
    threads.append(
        session, case.id, Chain.THREAD, Author.OFFICER, text, opened.key.thread, today
    )
    take_step(session, case, ANSWERED, today, opened.key.thread)
    case.is_answered = case.status != CaseStatus.SUBMITTED
    # What was told of trouble is answered: the day of before counts again.
    case.is_urgent = False


def tell_as_custodian(
    session: Session, case: Case, opened: OfficerCase, text: Text, today: dt.date
) -> None:
    """Add a custodian's message to the thread, with its step; inside a transaction.

    It answers nothing that officers owe: the case goes on waiting for them. Where it is
    not theirs any more, it is a word to whoever asked for protection.
    """
    text = replace(text, crossed=threads.count_waiting(session, case.id))
    place = (case.id, Chain.THREAD, Author.CUSTODIAN)
    threads.append(session, *place, text, opened.key.thread, today)
    take_step(session, case, CUSTODIAN_WROTE, today, opened.key.thread)
    course = find_course(session, case)
    case.is_urgent = case.is_urgent and not (course.is_taken_over or course.is_left)


def _make_outers(
    session: Session, case: Case, opened: OfficerCase, gate: Key, *, is_called: bool
) -> None:
    first = outers.first_envelope(session, case.id)
    outers.make_outers(
        session, opened.key, case.id, gate=gate, first=first, is_called=is_called
    )


def _note(
    session: Session, case: Case, opened: OfficerCase, text: Text, today: dt.date
) -> None:
    threads.append(
        session, case.id, Chain.NOTES, Author.OFFICER, text, opened.key.office, today
    )


def _give_reason(
    session: Session, case: Case, opened: OfficerCase, text: Text, today: dt.date
) -> None:
    threads.note_reason(session, case.id, text, opened.key.office, today)


def _reason(step: Move, duty: Duty) -> Text:
    return Text(step.reason, by=_hex(duty), status=step.to)


def _message(step: Move, duty: Duty) -> Text:
    outcome = step.outcome.shown_as if step.outcome else None
    return Text(step.message, by=_hex(duty), status=step.to, outcome=outcome)


def _record(
    session: Session, duty: Duty, action: AuditAction, case: Case, today: dt.date
) -> None:
    audit.record(session, duty.person.name, action, today, case.id)


def _hex(duty: Duty) -> str:
    return duty.person.id.hex()
