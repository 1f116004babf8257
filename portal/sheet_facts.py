"""What the portal knows to answer the evaluation sheet with, and no more than that.

Nothing of a case is asked for here: no row of cases, texts or steps. What is said of
reports comes from figures that were frozen, with small numbers left out of them.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditAction
from portal.conflicts import VALID_DAYS
from portal.database import reading, transaction
from portal.errors import NoSuchYearError
from portal.evaluation_sheet import PaperWord, StatementKey
from portal.evaluations import (
    ListedEvaluation,
    ListedFinding,
    closed_percent,
    list_evaluations,
    list_findings,
)
from portal.ladder import LEAFLETS
from portal.models import Installation, Person
from portal.rounds import FEWEST_CUSTODIANS
from portal.sheet_statements import (
    Span,
    Statement,
    of_access,
    of_figures,
    of_keys,
    of_record,
    of_rounds,
    say,
)
from portal.staff import count_staff

FEWEST_REGULAR = 2
"""Evaluations that were due and held, before they are called regular."""


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
            *of_rounds(session, span, terms.round_every_days),
            *(of_record(session, installation, today) if checks_record else ()),
            *of_access(session, span),
            *of_keys(session, installation),
            *_of_findings(register.findings, today),
            *of_figures(session, year),
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


def _span(year: int, made_on: dt.date, today: dt.date) -> Span:
    if not made_on.year <= year <= today.year:
        raise NoSuchYearError
    first = max(dt.date(year, 1, 1), made_on)
    return Span(first, min(dt.date(year, 12, 31), today))


def _read_register(session: Session, span: Span) -> _Register:
    everything = list_evaluations(session)
    return _Register(
        evaluations=tuple(
            one for one in everything if span.first <= one.due_on <= span.last
        ),
        findings=tuple(one for one in list_findings(session) if _is_of(one, span)),
        has_looked=any(one.done_on and one.due_on <= span.last for one in everything),
    )


def _is_of(finding: ListedFinding, span: Span) -> bool:
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


def _of_system(session: Session, people: _People, terms: Terms) -> Iterator[Statement]:
    if people.officers:
        counts = {"count": people.officers, "outside": people.outside}
        yield say(StatementKey.OFFICERS, **counts)
    else:
        yield say(StatementKey.NO_OFFICER)
    if not people.outside:
        yield say(StatementKey.NO_OUTSIDE_OFFICER)
    is_enough = people.custodians >= FEWEST_CUSTODIANS
    key = StatementKey.CUSTODIANS if is_enough else StatementKey.FEW_CUSTODIANS
    yield say(key, count=people.custodians)
    yield say(StatementKey.CHANNELS, address=terms.address)
    if terms.has_onion:
        yield say(StatementKey.ONION)
    yield say(
        StatementKey.RULES,
        acknowledge=terms.acknowledge_days,
        verify=terms.verify_days,
        answer=terms.answer_days,
        feedback=terms.feedback_days,
    )
    days = {"unproven": terms.unproven_days, "proven": terms.proven_days}
    yield say(StatementKey.RETENTION, **days)
    yield from _of_innovation(session, people, terms)


def _of_innovation(
    session: Session, people: _People, terms: Terms
) -> Iterator[Statement]:
    yield say(StatementKey.HOLD if people.custodians else StatementKey.NO_HOLD)
    listed = count_staff(session)
    if people.custodians and listed >= terms.match_minimum_staff:
        yield say(StatementKey.MATCH)
    is_offered = listed >= LEAFLETS and people.officers
    yield say(StatementKey.REMINDER if is_offered else StatementKey.NO_REMINDER)


def _of_evaluations(
    evaluations: tuple[ListedEvaluation, ...], terms: Terms, today: dt.date
) -> Iterator[Statement]:
    if not terms.has_fixed_days:
        yield say(StatementKey.NO_FIXED_DAYS)
    if not evaluations:
        yield say(StatementKey.NO_EVALUATION_DUE)
        return
    done = sum(one.done_on is not None for one in evaluations)
    yield say(StatementKey.EVALUATIONS, due=len(evaluations), done=done)
    for one in evaluations:
        if one.is_missed(today):
            yield say(StatementKey.MISSED_EVALUATION, day=one.due_on)
        elif one.done_on and not one.is_on_its_day:
            days = {"day": one.due_on, "held": one.done_on}
            yield say(StatementKey.OTHER_DAY, **days)


def _of_findings(
    findings: tuple[ListedFinding, ...], today: dt.date
) -> Iterator[Statement]:
    percent = closed_percent(findings)
    if percent is None:
        yield say(StatementKey.NO_FINDINGS)
        return
    closed = sum(one.closed_on is not None for one in findings)
    counts = {"count": len(findings), "closed": closed, "percent": percent}
    yield say(StatementKey.FINDINGS, **counts)
    for one in findings:
        if one.closed_on is None:
            is_late = one.is_late(today)
            key = StatementKey.LATE_FINDING if is_late else StatementKey.OPEN_FINDING
            yield say(key, number=one.number, owner=one.owner, day=one.due_on)


def _of_neighbours(people: _People, terms: Terms) -> Iterator[Statement]:
    yield say(StatementKey.NOT_THE_PUBLIC)
    yield say(StatementKey.NONE_IS_NO_SUCCESS)
    yield say(StatementKey.GIFT_PAGES)
    yield say(StatementKey.GIFT_DAYS, upg=terms.upg_days, kpk=terms.kpk_days)
    yield say(StatementKey.GIFT_REMINDERS_UNKNOWN)
    counts = {"count": people.declared, "officers": people.officers}
    yield say(StatementKey.DECLARATIONS, **counts)
    missing = people.officers - people.declared
    if missing:
        yield say(StatementKey.DECLARATIONS_MISSING, count=missing)
    yield say(StatementKey.EXCLUSIONS_UNKNOWN)


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
