"""The public figures: frozen once for each half-year or year, and never changed.

A custodian publishes them when the half-year is over for 90 days: what was counted is
opened in memory, added up, suppressed (`suppression.py`), signed and written down; then
what was counted is gone. The oldest half-year is first. A year is published whole or in
its halves, never both: from a year and one half of it the other half would follow.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import BrokenError, Key, Signed, sign, signing_key, verify
from crypto.public_leaf import PublicKind
from portal import audit, ledger_papers, suppression, tallies
from portal.audit import AuditAction
from portal.cases import Duty, find_present
from portal.database import reading, transaction
from portal.errors import NoSuchPeriodError, NotItsTurnError, UncountedError
from portal.figure_turns import find_turn
from portal.models import AuditEntry, Case, Installation, Person, PublicFigures, Step
from portal.periods import Period
from portal.process_facts import ProcessFacts, find_facts
from portal.statuses import RECEIVED, CaseStatus
from portal.suppression import Shown
from portal.tallies import CaseGroup, Ending, OpenedTallies, Tally

_VERSION = 1
_HASH_DIGITS = 32
_OPEN = [
    one.value for one in CaseStatus if not one.is_over and one is not CaseStatus.SEALED
]


class Total(StrEnum):
    """What is counted as a whole, in the order of the page."""

    RECEIVED = "received"
    """Reports that came in, whatever became of them."""
    ENDED = "ended"
    """Reports that ended; every table divides these."""
    REMINDERS = "reminders"
    """Leaflets that were passed on."""


class Table(StrEnum):
    """By what the reports that ended are divided, in the order of the page."""

    ENDING = "ending"
    GROUP = "group"
    ACKNOWLEDGED = "acknowledged"
    FIRST_ANSWER = "first-answer"
    """In time, or in which band of days; the first answer stands in no other table."""
    END = "end"
    OBJECTION = "objection"
    RETALIATION = "retaliation"
    AFTER_REMINDER = "after-reminder"


# Of `BAND_DAYS`; who is late lies in no band that ends before a first answer is due.
_BANDS = ("under-30", "30-to-59", "60-to-89", "90-or-more")
_IN_TIME_OR_LATE = ("in-time", "late-under-60", "late-60-to-89", "late-90-or-more")
_YES_NO = ("yes", "no")
ROWS: Mapping[Table, tuple[str, ...]] = {
    Table.ENDING: tuple(Ending),
    Table.GROUP: tuple(CaseGroup),
    Table.ACKNOWLEDGED: _YES_NO,
    Table.FIRST_ANSWER: _IN_TIME_OR_LATE,
    Table.END: _BANDS,
    Table.OBJECTION: _YES_NO,
    Table.RETALIATION: _YES_NO,
    Table.AFTER_REMINDER: _YES_NO,
}
"""The rows of each table, by their words."""

OF_DAYS = (Table.FIRST_ANSWER, Table.END)
"""Tables whose rows are bands of days: they have a median."""

OF_DEADLINES = (Table.ACKNOWLEDGED, Table.FIRST_ANSWER)
"""Tables that say nothing where no deadline was missed: all were in time."""

_ROW_OF: Mapping[Table, Callable[[Tally], str]] = {
    Table.ENDING: lambda one: one.ending,
    Table.GROUP: lambda one: one.group,
    Table.ACKNOWLEDGED: lambda one: _yes_no(one.is_acknowledged_in_time),
    # Late, it is not in the row of what is in time.
    Table.FIRST_ANSWER: lambda one: _IN_TIME_OR_LATE[
        0 if one.is_answered_in_time else max(1, one.first_answer)
    ],
    Table.END: lambda one: _BANDS[one.end],
    Table.OBJECTION: lambda one: _yes_no(one.is_objected_to),
    Table.RETALIATION: lambda one: _yes_no(one.is_of_retaliation),
    Table.AFTER_REMINDER: lambda one: _yes_no(one.is_after_reminder),
}


@dataclass(frozen=True)
class Figures:
    """The figures of a half-year or a year, as everybody reads them."""

    period: Period
    published_on: dt.date
    public: bytes
    """The public half of the key that they are signed with."""
    is_whole: bool
    """False: counting began later, or some of it opened for nobody."""
    facts: ProcessFacts
    totals: Mapping[Total, Shown]
    tables: Mapping[Table, tuple[Shown, ...]]

    def find_median(self, table: Table) -> int | None:
        """Return the row of *table* in which the median lies, where that shows anyway."""
        cells = self.tables.get(table, ())
        return suppression.find_median(self.totals[Total.ENDED], cells)

    def encode(self) -> str:
        """Write them as they are signed: one line of JSON."""
        values = {
            "v": _VERSION,
            "period": str(self.period),
            "day": self.published_on.isoformat(),
            "key": self.public.hex(),
            "whole": self.is_whole,
            "facts": self.facts.values(),
            "totals": self.totals,
            "tables": self.tables,
        }
        return json.dumps(values, ensure_ascii=False, sort_keys=True)

    @classmethod
    def decode(cls, body: str) -> Self:
        """Read what `encode` wrote.

        Raises:
            BrokenError: it is something else.
        """
        try:
            values: dict[str, Any] = json.loads(body)
            found = cls(
                period=Period.parse(values["period"]),
                published_on=dt.date.fromisoformat(values["day"]),
                public=bytes.fromhex(values["key"]),
                is_whole=values["whole"],
                facts=ProcessFacts.of(values["facts"]),
                totals={one: values["totals"][one] for one in Total},
                tables={
                    one: tuple(values["tables"][one])
                    for one in Table
                    if one in values["tables"]
                },
            )
        except (ValueError, TypeError, KeyError, NoSuchPeriodError):
            raise BrokenError from None
        if found.encode() != body:
            raise BrokenError
        return found


def publish(
    session: Session,
    duty: Duty,
    period: Period,
    *,
    gate: Key,
    every_days: int,
    today: dt.date,
    leaves_out_unread: bool = False,
) -> Figures:
    """Make the figures of *period* public, for good; what was counted is gone then.

    *every_days*: how often a round is due. *leaves_out_unread*: what does not open for
    this custodian is not waited for, and the figures say so.

    Raises:
        NotItsTurnError: public already, too early, or an older one is first.
        UncountedError: another custodian could open more.
        KeyChangedError: the session has the key of before, or the custodian has left.
        StoreUnavailableError: nothing was published.
    """
    with transaction(session):
        asked = (period, gate, today, leaves_out_unread)
        opened = _open_turn(session, duty, *asked)
        figures = _compose(session, duty, period, opened, every_days, today)
        _keep(session, duty, figures, today)
        tallies.forget(session, period.halves)
    return figures


def check_turn(
    session: Session,
    duty: Duty,
    period: Period,
    *,
    gate: Key,
    today: dt.date,
    leaves_out_unread: bool = False,
) -> None:
    """Check what `publish` would refuse; nothing is published.

    Raises:
        NotItsTurnError, UncountedError, KeyChangedError: as there.
    """
    with reading(session):
        _open_turn(session, duty, period, gate, today, leaves_out_unread)


def _open_turn(
    session: Session,
    duty: Duty,
    period: Period,
    gate: Key,
    today: dt.date,
    leaves_out_unread: bool,
) -> OpenedTallies:
    person = find_present(session, duty)
    if not person.is_custodian or period not in find_turn(session, today).periods:
        raise NotItsTurnError
    opened = tallies.open_all(session, duty, gate)
    if opened.unread and not leaves_out_unread:
        raise UncountedError
    return opened


def _compose(
    session: Session,
    duty: Duty,
    period: Period,
    opened: OpenedTallies,
    every_days: int,
    today: dt.date,
) -> Figures:
    """Add up what was opened, and hide what is small."""
    ended = _ended(opened, period)
    facts = find_facts(session, period, ended, every_days)
    return Figures(
        period=period,
        published_on=today,
        public=signing_key(duty.identity, duty.instance),
        is_whole=not opened.unread and _was_whole(session, period),
        facts=facts,
        totals=_totals(session, opened, period),
        tables=_tables(ended, facts),
    )


def list_periods(session: Session) -> tuple[Period, ...]:
    """Return what is public, the newest first."""
    periods = map(Period.parse, session.scalars(select(PublicFigures.period)))
    return tuple(sorted(periods, key=lambda one: one.last, reverse=True))


def read(session: Session, period: Period) -> Figures:
    """Return what was published of *period*, as its custodian signed it.

    Raises:
        NoSuchPeriodError: nothing was.
        BrokenError: it is not as it was signed.
    """
    row = session.get(PublicFigures, str(period))
    if row is None:
        raise NoSuchPeriodError
    figures = _check(row)
    if figures.period != period:
        raise BrokenError
    return figures


def find_custodian(session: Session, period: Period) -> str:
    """Return who published the figures of *period*, by name; no trail holds it."""
    row = session.get_one(PublicFigures, str(period))
    return session.get_one(Person, row.custodian_id).name


def find_broken(session: Session) -> tuple[str, ...]:
    """Return of which periods the figures are not as they were signed and recorded.

    Raises:
        StoreUnavailableError: they cannot be read.
    """
    with reading(session):
        return tuple(sorted(set(_find_broken(session))))


def _find_broken(session: Session) -> Iterator[str]:
    published = AuditEntry.act == AuditAction.FIGURES_PUBLISHED
    marks = set(session.scalars(select(AuditEntry.concerns).where(published)))
    for row in session.scalars(select(PublicFigures)):
        mark = _mark_of(row.period, row.body)
        try:
            _check(row)
        except BrokenError:
            yield row.period
        if mark not in marks:
            yield row.period
        marks.discard(mark)
    # What the record knows and no row holds: it was taken away.
    yield from ((mark or "").partition(" ")[0] for mark in marks)


def _check(row: PublicFigures) -> Figures:
    figures = Figures.decode(row.body)
    verify(figures.public, row.body.encode(), row.signature, Signed.FIGURES)
    return figures


def _keep(session: Session, duty: Duty, figures: Figures, today: dt.date) -> None:
    body, period = figures.encode(), str(figures.period)
    signature = sign(
        duty.identity, body.encode(), Signed.FIGURES, instance=duty.instance
    )
    session.add(
        PublicFigures(
            period=period,
            body=body,
            custodian_id=duty.person.id,
            signature=signature,
        )
    )
    ledger_papers.publish(session, PublicKind.FIGURES, body.encode(), today)
    act, mark = AuditAction.FIGURES_PUBLISHED, _mark_of(period, body)
    audit.record(session, duty.person.name, act, today, concerns=mark)


def _mark_of(period: str, body: str) -> str:
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f"{period} {digest[:_HASH_DIGITS]}"


def _totals(
    session: Session, opened: OpenedTallies, period: Period
) -> dict[Total, Shown]:
    counts = {
        Total.RECEIVED: _count_received(session, opened, period),
        Total.ENDED: len(_ended(opened, period)),
        Total.REMINDERS: sum(one in period.halves for one in opened.reminders),
    }
    return {one: suppression.show_total(count) for one, count in counts.items()}


def _tables(
    ended: tuple[Tally, ...], facts: ProcessFacts
) -> dict[Table, tuple[Shown, ...]]:
    counts = {}
    for table, rows in ROWS.items():
        found = [_ROW_OF[table](one) for one in ended]
        counts[table] = [found.count(row) for row in rows]
    shown = {table: suppression.show_table(cells) for table, cells in counts.items()}
    if not facts.is_deadline_missed:
        return {one: cells for one, cells in shown.items() if one not in OF_DEADLINES}
    in_order = counts[Table.FIRST_ANSWER], counts[Table.END]
    shown[Table.FIRST_ANSWER], shown[Table.END] = suppression.show_in_order(*in_order)
    return shown


def _ended(opened: OpenedTallies, period: Period) -> tuple[Tally, ...]:
    return tuple(one for half, one in opened.cases if half in period.halves)


def _count_received(session: Session, opened: OpenedTallies, period: Period) -> int:
    """Count what came in: what has ended since, then or later, and what is still open."""
    over = sum(one.received in period.halves for _, one in opened.cases)
    still_open = (
        select(func.count())
        .select_from(Step)
        .join(Case, Case.id == Step.case_id)
        .where(
            Case.status.in_(_OPEN),
            Step.kind == RECEIVED,
            Step.taken_on.between(period.first, period.last),
        )
    )
    return over + session.scalars(still_open).one()


def _was_whole(session: Session, period: Period) -> bool:
    """Tell whether everything that could end in *period* was counted."""
    there = Person.recipient.is_not(None)
    query = select(func.min(Person.added_on)).where(there)
    first_officer = session.scalar(query.where(Person.is_officer))
    first_custodian = session.scalar(query.where(Person.is_custodian))
    began = session.scalars(select(Installation.counted_since)).one()
    since = max(began, first_custodian or dt.date.max)
    return since <= max(period.first, first_officer or period.first)


def _yes_no(is_so: bool) -> str:
    return _YES_NO[not is_so]
