"""What the portal knows to answer the evaluation sheet with, and no more than that.

Nothing of a case is asked for here: no row of cases, texts or steps. What is said of
reports comes from figures that were frozen, with small numbers left out of them.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import InstanceId
from portal import audit
from portal.audit import AuditAction
from portal.conflicts import VALID_DAYS
from portal.database import reading, transaction
from portal.errors import NoSuchYearError, UnreadableTrailError
from portal.evaluation_sheet import PaperWord, StatementKey, Value
from portal.evaluations import (
    ListedEvaluation,
    ListedFinding,
    closed_percent,
    list_evaluations,
    list_findings,
)
from portal.ladder import LEAFLETS
from portal.ledger_checks import verify_trail
from portal.models import AuditEntry, Installation, Person, Round
from portal.recovery import read_status
from portal.round_lines import find_broken
from portal.rounds import FEWEST_CUSTODIANS
from portal.staff import count_staff

FEWEST_REGULAR = 2
"""Evaluations that were due and held, before they are called regular."""


@dataclass(frozen=True)
class Statement:
    """One thing that the portal states, with what is filled into its sentence."""

    key: StatementKey
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Terms:
    """What was configured, as far as the sheet asks for it."""

    address: str
    has_onion: bool
    acknowledge_days: int
    verify_days: int
    answer_days: int
    feedback_days: int
    unproven_days: int
    proven_days: int
    upg_days: int
    kpk_days: int
    round_every_days: int
    match_minimum_staff: int
    has_fixed_days: bool


@dataclass(frozen=True)
class Support:
    """Which answer the records support; none: they do not tell."""

    letter: str
    needs_documents: bool = False
    """Only with the documents that the portal does not know."""

    @property
    def word(self) -> PaperWord:
        """Return how it is said."""
        is_open = self.needs_documents
        return PaperWord.WITH_DOCUMENTS if is_open else PaperWord.SUPPORTED


@dataclass(frozen=True)
class SheetFacts:
    """Everything that is stated of one year."""

    year: int
    from_day: dt.date
    to_day: dt.date
    made_on: dt.date
    statements: tuple[Statement, ...]
    supports: Mapping[str, Support]
    """By the keys of questions; of those that are not in it nothing is known."""
    evaluations: tuple[ListedEvaluation, ...]
    findings: tuple[ListedFinding, ...]

    def of(self, keys: tuple[StatementKey, ...]) -> tuple[Statement, ...]:
        """Return what is stated under these keys, in their order."""
        return tuple(one for key in keys for one in self.statements if one.key is key)


@dataclass(frozen=True)
class _Span:
    """From one day to another, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class _Register:
    """What of the register belongs to a year."""

    evaluations: tuple[ListedEvaluation, ...]
    findings: tuple[ListedFinding, ...]
    has_looked: bool
    """An evaluation was held, then or before, that could find something."""


@dataclass(frozen=True)
class _People:
    """Who is at work, and what they did beside cases."""

    officers: int
    outside: int
    custodians: int
    declared: int


def read_facts(
    session: Session,
    year: int,
    terms: Terms,
    today: dt.date,
    *,
    checks_record: bool = True,
) -> SheetFacts:
    """Return what is stated of *year*, up to today.

    *checks_record*: read the whole record of acts, which takes its time, and say
    whether it holds.

    Raises:
        NoSuchYearError: it has not begun, or was over before there was a portal.
        StoreUnavailableError: the database cannot be read.
    """
    with reading(session):
        installation = session.scalars(select(Installation)).one()
        span = _span(year, installation.made_on, today)
        people = _count_people(session, today)
        register = _read_register(session, span)
        stated = (
            *_of_system(session, people, terms),
            *_of_evaluations(register.evaluations, terms, today),
            *_of_rounds(session, span, terms.round_every_days),
            *(_of_record(session, installation, today) if checks_record else ()),
            *_of_access(session, span),
            *_of_keys(session, installation),
            *_of_findings(register.findings, today),
            *_of_neighbours(people, terms),
        )
    supports = _supports(stated, register)
    shown = (register.evaluations, register.findings)
    return SheetFacts(year, span.first, span.last, today, stated, supports, *shown)


def record_export(session: Session, year: int, today: dt.date) -> None:
    """Write down that the evidence of a year was taken out, by an operator."""
    with transaction(session):
        act, actor = AuditAction.EVIDENCE_EXPORTED, audit.OPERATOR
        audit.record(session, actor, act, today, concerns=str(year))


def _span(year: int, made_on: dt.date, today: dt.date) -> _Span:
    if not made_on.year <= year <= today.year:
        raise NoSuchYearError
    first = max(dt.date(year, 1, 1), made_on)
    return _Span(first, min(dt.date(year, 12, 31), today))


def _read_register(session: Session, span: _Span) -> _Register:
    everything = list_evaluations(session)
    return _Register(
        evaluations=tuple(
            one for one in everything if span.first <= one.due_on <= span.last
        ),
        findings=tuple(one for one in list_findings(session) if _is_of(one, span)),
        has_looked=any(one.done_on and one.due_on <= span.last for one in everything),
    )


def _is_of(finding: ListedFinding, span: _Span) -> bool:
    """Found by then, and not closed before: what was open is of this year too."""
    is_old = finding.closed_on is not None and finding.closed_on < span.first
    return finding.found_on <= span.last and not is_old


def _count_people(session: Session, today: dt.date) -> _People:
    at_work = Person.recipient.is_not(None) & Person.retired_on.is_(None)
    since = today - dt.timedelta(days=VALID_DAYS)
    officer = at_work & Person.is_officer
    counts = select(
        func.count().filter(officer),
        func.count().filter(officer & Person.is_outside),
        func.count().filter(at_work & Person.is_custodian),
        func.count().filter(officer & (Person.conflicts_on >= since)),
    ).select_from(Person)
    return _People(*session.execute(counts).one())


def _say(key: StatementKey, **values: Value) -> Statement:
    return Statement(key, values)


def _of_system(session: Session, people: _People, terms: Terms) -> Iterator[Statement]:
    if people.officers:
        counts = {"count": people.officers, "outside": people.outside}
        yield _say(StatementKey.OFFICERS, **counts)
    else:
        yield _say(StatementKey.NO_OFFICER)
    if not people.outside:
        yield _say(StatementKey.NO_OUTSIDE_OFFICER)
    is_enough = people.custodians >= FEWEST_CUSTODIANS
    key = StatementKey.CUSTODIANS if is_enough else StatementKey.FEW_CUSTODIANS
    yield _say(key, count=people.custodians)
    yield _say(StatementKey.CHANNELS, address=terms.address)
    if terms.has_onion:
        yield _say(StatementKey.ONION)
    yield _say(
        StatementKey.RULES,
        acknowledge=terms.acknowledge_days,
        verify=terms.verify_days,
        answer=terms.answer_days,
        feedback=terms.feedback_days,
    )
    days = {"unproven": terms.unproven_days, "proven": terms.proven_days}
    yield _say(StatementKey.RETENTION, **days)
    yield from _of_innovation(session, people, terms)


def _of_innovation(
    session: Session, people: _People, terms: Terms
) -> Iterator[Statement]:
    yield _say(StatementKey.HOLD if people.custodians else StatementKey.NO_HOLD)
    listed = count_staff(session)
    if people.custodians and listed >= terms.match_minimum_staff:
        yield _say(StatementKey.MATCH)
    is_offered = listed >= LEAFLETS and people.officers
    yield _say(StatementKey.REMINDER if is_offered else StatementKey.NO_REMINDER)


def _of_evaluations(
    evaluations: tuple[ListedEvaluation, ...], terms: Terms, today: dt.date
) -> Iterator[Statement]:
    if not terms.has_fixed_days:
        yield _say(StatementKey.NO_FIXED_DAYS)
    if not evaluations:
        yield _say(StatementKey.NO_EVALUATION_DUE)
        return
    done = sum(one.done_on is not None for one in evaluations)
    yield _say(StatementKey.EVALUATIONS, due=len(evaluations), done=done)
    for one in evaluations:
        if one.is_missed(today):
            yield _say(StatementKey.MISSED_EVALUATION, day=one.due_on)
        elif one.done_on and not one.is_on_its_day:
            days = {"day": one.due_on, "held": one.done_on}
            yield _say(StatementKey.OTHER_DAY, **days)


def _of_rounds(session: Session, span: _Span, every_days: int) -> Iterator[Statement]:
    is_within = Round.is_done & Round.day.between(span.first, span.last)
    held = session.scalars(select(func.count(Round.number)).where(is_within)).one()
    came = Person.is_custodian & Person.recipient.is_not(None)
    since = session.scalar(select(func.min(Person.added_on)).where(came))
    if since is None or since > span.last:
        return
    due = (span.last - max(since, span.first)).days // every_days
    if due and not held:
        yield _say(StatementKey.NO_ROUND)
        return
    yield _say(StatementKey.ROUNDS, held=held, due=due, every=every_days)
    if held < due:
        yield _say(StatementKey.ROUNDS_MISSED, count=due - held)


def _of_record(
    session: Session, installation: Installation, today: dt.date
) -> Iterator[Statement]:
    verdict = audit.verify(session)
    if verdict.broken or find_broken(session):
        yield _say(StatementKey.RECORD_BROKEN, day=today)
    else:
        yield _say(StatementKey.RECORD_HOLDS, day=today, count=verdict.count)
    try:
        trail = verify_trail(session, InstanceId(installation.instance_id))
    except UnreadableTrailError:
        yield _say(StatementKey.TRAIL_BROKEN, day=today)
        return
    if trail.damages:
        yield _say(StatementKey.TRAIL_BROKEN, day=today)
    elif trail.days:
        yield _say(StatementKey.TRAIL_HOLDS, day=today)


def _of_access(session: Session, span: _Span) -> Iterator[Statement]:
    changes = (AuditAction.KEY_CHANGED, AuditAction.NEW_KEY)
    yield _say(StatementKey.KEY_CHANGES, count=_count_acts(session, span, *changes))
    left = _count_acts(session, span, AuditAction.RETIRED)
    yield _say(StatementKey.WITHDRAWALS, count=left)


def _count_acts(session: Session, span: _Span, *acts: AuditAction) -> int:
    is_meant = AuditEntry.act.in_(acts)
    is_within = AuditEntry.day.between(span.first, span.last)
    counted = select(func.count(AuditEntry.number)).where(is_meant, is_within)
    return session.scalars(counted).one()


def _of_keys(session: Session, installation: Installation) -> Iterator[Statement]:
    status = read_status(session)
    if status.made_on and status.used_on is None:
        yield _say(StatementKey.RECOVERY_KEY, day=status.made_on)
    else:
        yield _say(StatementKey.NO_RECOVERY_KEY)
    if installation.backup_made_on:
        yield _say(StatementKey.BACKUP_KEY, day=installation.backup_made_on)
    else:
        yield _say(StatementKey.NO_BACKUP_KEY)


def _of_findings(
    findings: tuple[ListedFinding, ...], today: dt.date
) -> Iterator[Statement]:
    percent = closed_percent(findings)
    if percent is None:
        yield _say(StatementKey.NO_FINDINGS)
        return
    closed = sum(one.closed_on is not None for one in findings)
    counts = {"count": len(findings), "closed": closed, "percent": percent}
    yield _say(StatementKey.FINDINGS, **counts)
    for one in findings:
        if one.closed_on is None:
            is_late = one.is_late(today)
            key = StatementKey.LATE_FINDING if is_late else StatementKey.OPEN_FINDING
            yield _say(key, number=one.number, owner=one.owner, day=one.due_on)


def _of_neighbours(people: _People, terms: Terms) -> Iterator[Statement]:
    yield _say(StatementKey.NOT_THE_PUBLIC)
    yield _say(StatementKey.DEADLINES_UNKNOWN)
    yield _say(StatementKey.COUNTS_NONE)
    yield _say(StatementKey.NONE_IS_NO_SUCCESS)
    yield _say(StatementKey.GIFT_PAGES)
    yield _say(StatementKey.GIFT_DAYS, upg=terms.upg_days, kpk=terms.kpk_days)
    yield _say(StatementKey.GIFT_REMINDERS_UNKNOWN)
    counts = {"count": people.declared, "officers": people.officers}
    yield _say(StatementKey.DECLARATIONS, **counts)
    missing = people.officers - people.declared
    if missing:
        yield _say(StatementKey.DECLARATIONS_MISSING, count=missing)
    yield _say(StatementKey.EXCLUSIONS_UNKNOWN)


def _supports(
    stated: tuple[Statement, ...], register: _Register
) -> Mapping[str, Support]:
    """Judge the questions about the system; of their neighbours nothing is known."""
    keys = {one.key for one in stated}
    supports = {"iv.a": _support_of_use(keys)}
    if register.evaluations:
        letter = _letter_of_evaluations(register.evaluations, keys)
        supports["iv.b"] = Support(letter)
    percent = closed_percent(register.findings)
    if percent is not None and register.has_looked:
        supports["iv.c"] = Support("A" if percent == 100 else "B" if percent else "C")
    return supports


def _support_of_use(keys: set[StatementKey]) -> Support:
    if StatementKey.NO_OFFICER in keys:
        return Support("C")
    new = {StatementKey.HOLD, StatementKey.MATCH, StatementKey.REMINDER}
    return Support("A" if keys & new else "B", needs_documents=True)


def _letter_of_evaluations(
    evaluations: tuple[ListedEvaluation, ...], keys: set[StatementKey]
) -> str:
    held = sum(one.done_on is not None for one in evaluations)
    is_regular = not keys & {
        StatementKey.NO_FIXED_DAYS,
        StatementKey.MISSED_EVALUATION,
        StatementKey.OTHER_DAY,
    }
    if is_regular and held >= FEWEST_REGULAR:
        return "A"
    return "B" if held else "C"
