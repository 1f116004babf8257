"""What a custodian does with a case that was put before them, beside reading and answering.

Taking it over, giving it back with a new day, moving it along the ONE table, closing
it. The case may have come by a missed day, by an objection, or because no officer
could read it: whoever may open it may do all of it. Each act is one transaction, is
named in the record, and is refused when somebody acted since the page was made.
"""

import datetime as dt
from contextlib import suppress

from sqlalchemy.orm import Session

from crypto import BrokenError, Key
from portal import audit, outers, tallies
from portal.acts import Move, tell_as_custodian
from portal.audit import AuditAction
from portal.cases import Duty, OfficerCase, changing
from portal.courses import GATE_OFF, RETURNED, TAKEN_OVER, Course
from portal.custody import has_reader
from portal.deadlines import KEEPER_DAYS, DeadlineRules
from portal.errors import (
    DayOutOfReachError,
    IncompleteMoveError,
    NoReaderError,
    NotFromHereError,
)
from portal.models import Case
from portal.moves import (
    check_table,
    enter,
    find_course,
    is_asked,
    set_custodian_due,
    set_due,
)
from portal.retention import RetentionRules
from portal.reviews import settle
from portal.statuses import Author, CaseStatus, Outcome, is_reopening, moves_from
from portal.steps import take_step
from portal.summaries import Summary
from portal.threads import Text

LATEST_RETURN_DAYS = KEEPER_DAYS
"""So far ahead at most lies the day that officers get with a case given back."""

OUTCOMES = tuple(one for one in Outcome if one is not Outcome.BAD_FAITH)
"""What a custodian may close with: nobody judges bad faith alone."""


def take_over(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    message: str,
    *,
    seen: str,
    rules: DeadlineRules,
    today: dt.date,
) -> None:
    """Take the case over: officers owe nothing any more, the custodian a word in time.

    *message*: to the reporter; may be empty.

    Raises:
        NotFromHereError: it is over, or taken over already.
        ChangedMeanwhileError: somebody acted since the page was made.
        TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        if _is_over(case) or find_course(session, case).is_taken_over:
            raise NotFromHereError
        take_step(session, case, TAKEN_OVER, today, opened.key.thread)
        case.custodian_due_on = rules.keeper_day(today)
        case.is_answered = True
        if message:
            tell_as_custodian(session, case, opened, _words(message, duty), today)
        set_due(session, case, rules)
        _record(session, duty, AuditAction.TAKEN_OVER, case, today)


def give_back(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    day: dt.date,
    message: str,
    *,
    seen: str,
    rules: DeadlineRules,
    today: dt.date,
) -> None:
    """Give the case back to its officers, who owe what is next by *day*.

    Missed again, it opens again: with a step of its own, so that everybody sees it.

    Raises:
        NotFromHereError: it is over.
        DayOutOfReachError: *day* is not after today, or too late.
        IncompleteMoveError: there is no message to the reporter.
        NoReaderError: no officer at work could read it; hand it on to one first.
        ChangedMeanwhileError: somebody acted since the page was made.
        TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        if _is_over(case):
            raise NotFromHereError
        if not today < day <= today + dt.timedelta(days=LATEST_RETURN_DAYS):
            raise DayOutOfReachError
        if not message:
            raise IncompleteMoveError("message")
        if not has_reader(session, opened):
            raise NoReaderError
        take_step(session, case, RETURNED, today, opened.key.thread)
        case.custodian_due_on, case.set_due_on = None, day
        tell_as_custodian(session, case, opened, _words(message, duty), today)
        case.is_answered = False
        set_due(session, case, rules)
        _record(session, duty, AuditAction.RETURNED, case, today)


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
    """Lead the case along the ONE table; ended, with outcome and reasons in the thread.

    What nobody has acknowledged is acknowledged on the way; what was over is given back
    to the officers, and their days count anew. The gate stays off.

    Raises:
        NotFromHereError: not possible from here, see `custodian_moves`.
        IncompleteMoveError: an end lacks words, or one of `OUTCOMES`.
        ChangedMeanwhileError: somebody acted since the page was made.
        TooLongError: with the bytes that are too many.
    """
    with changing(session, opened, seen) as case:
        here = CaseStatus(case.status)
        if step.to not in custodian_moves(here, find_course(session, case)):
            raise NotFromHereError
        _check_whole(step)
        if step.to.is_over or is_reopening(here, step.to):
            case.purge_on = retention.day_at(step.to, step.outcome, today)
            _end_summary(case, opened, step)
        if opened.is_asked and is_reopening(here, step.to):
            # Of a case that was over nothing lies behind the gate: the next officer's
            # visit makes it anew.
            outers.forget_behind_gate(session, case.id)
        _enter(session, case, opened, step.to, rules, today)
        if step.message:
            tell_as_custodian(session, case, opened, _message(step, duty), today)
        tallies.keep(session, case, opened.key.thread, rules, gate)
        _record(session, duty, AuditAction.MOVED, case, today)


def _enter(
    session: Session,
    case: Case,
    opened: OfficerCase,
    to: CaseStatus,
    rules: DeadlineRules,
    today: dt.date,
) -> None:
    key, was_asked = opened.key.thread, is_asked(session, case, today)
    if case.status == CaseStatus.SUBMITTED and to.is_over:
        enter(session, case, CaseStatus.ACKNOWLEDGED, rules, today, key)
    check_table(case, to, Author.CUSTODIAN)
    is_again = is_reopening(CaseStatus(case.status), to)
    if is_again:
        # It is the officers' again, with all their days; see `courses`.
        take_step(session, case, RETURNED, today, key)
        case.set_due_on = None
    enter(session, case, to, rules, today, key)
    if is_again and not has_reader(session, opened):
        take_step(session, case, GATE_OFF, today, key)
    if was_asked:
        settle(session, case, opened, today)
    set_custodian_due(session, case, rules, today)


def custodian_moves(here: CaseStatus, course: Course) -> tuple[CaseStatus, ...]:
    """Return where a custodian may lead a case from *here*.

    To its end at any time; step by step once it is taken over.
    """
    reached = set(moves_from(here, Author.CUSTODIAN))
    if here is CaseStatus.SUBMITTED:
        reached |= set(moves_from(CaseStatus.ACKNOWLEDGED, Author.CUSTODIAN))
        reached = {to for to in reached if to.is_over or to is CaseStatus.ACKNOWLEDGED}
    is_free = course.is_taken_over or here.is_over
    return tuple(to for to in CaseStatus if to in reached and (is_free or to.is_over))


def _check_whole(step: Move) -> None:
    wanted = {
        "outcome": step.to is CaseStatus.CLOSED and step.outcome not in OUTCOMES,
        "message": (step.to.is_over or step.to.needs_message) and not step.message,
    }
    missing = [name for name, is_missing in wanted.items() if is_missing]
    if missing:
        raise IncompleteMoveError(*missing)


def _end_summary(case: Case, opened: OfficerCase, step: Move) -> None:
    # As of what the clock opened, the custodian holds the office key, and officers'
    # summary follows at once. Without it, or damaged, it stays as it is.
    with suppress(BrokenError):
        summary = Summary.unseal(case.summary, opened.key, case.id)
        case.summary = summary.ended(step.outcome).seal(opened.key, case.id)


def _is_over(case: Case) -> bool:
    return CaseStatus(case.status).is_over


def _words(text: str, duty: Duty) -> Text:
    return Text(text, by=duty.person.id.hex())


def _message(step: Move, duty: Duty) -> Text:
    outcome = step.outcome.shown_as if step.outcome else None
    by = duty.person.id.hex()
    return Text(step.message, by=by, status=step.to, outcome=outcome)


def _record(
    session: Session, duty: Duty, action: AuditAction, case: Case, today: dt.date
) -> None:
    audit.record(session, duty.person.name, action, today, case.id)
