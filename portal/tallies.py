"""What is counted of a case, written as it ends, and opened when its figures are due.

No case points to its tally, and it holds nothing finer than a half-year. It is sealed to
every custodian behind the gate (`crypto/tally.py`), so nobody reads one alone: neither
who takes the database, nor the portal, nor a custodian. Its id follows from the key that
reporter and readers share: a case that ends twice is counted once. What is counted is
read from the steps and from the thread, so whoever ends a case can keep its tally.
"""

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Key,
    NotYoursError,
    Recipient,
    StepKind,
    open_tally,
    rewrap_tally,
    seal_tally,
    tally_id,
)
from portal import publications, threads
from portal.cases import Duty, read_steps
from portal.categories import find_group
from portal.courses import ANSWERED
from portal.deadlines import DeadlineKind, DeadlineRules
from portal.errors import NoSuchPeriodError
from portal.models import Base, Case, KeptTally, PublicFigures, Step
from portal.periods import Period
from portal.reports import Report
from portal.roster import list_custodians
from portal.statuses import RECEIVED, CaseStatus, OutcomeClass
from portal.steps import ESCALATED
from portal.threads import Chain, Entry

BAND_DAYS = (30, 60, 90)
"""Where a band of days ends and the next begins."""

_CASE = "case"
_REMINDER = "reminder"
_RETALIATION = "BALAS"
_OVER = {status.value for status in CaseStatus if status.is_over}
_WORDS = re.compile(
    r"case (\d{4}-H[12]) (money|staff|service|other) "
    r"(proven|improved|not-proven|otherwise|withdrawn) ([yn]{3}) ([0-3]) ([0-3]) ([yn]{3})",
    re.ASCII,
)
_INTO_TALLIES = insert(Base.metadata.tables[KeptTally.__tablename__])


class CaseGroup(StrEnum):
    """What a case is about, as coarse as it is counted: groups of categories.toml."""

    MONEY = "money"
    STAFF = "staff"
    SERVICE = "service"
    OTHER = "other"


class Ending(StrEnum):
    """How a case ended, as coarse as it is counted."""

    PROVEN = "proven"
    """Wholly or partly."""
    IMPROVED = "improved"
    NOT_PROVEN = "not-proven"
    OTHERWISE = "otherwise"
    """Outside the remit, a duplicate, or not to be acted on."""
    WITHDRAWN = "withdrawn"


_ENDINGS = {
    OutcomeClass.PROVEN: Ending.PROVEN,
    OutcomeClass.PARTLY: Ending.PROVEN,
    OutcomeClass.IMPROVED: Ending.IMPROVED,
    OutcomeClass.NOT_PROVEN: Ending.NOT_PROVEN,
}


@dataclass(frozen=True)
class Tally:
    """What is counted of one case."""

    received: Period
    group: CaseGroup
    ending: Ending
    is_acknowledged_in_time: bool
    is_answered_in_time: bool
    is_ended_in_time: bool
    first_answer: int
    """The band of days until then, or until the end where there was none."""
    end: int
    """The band of days until then."""
    is_objected_to: bool
    is_of_retaliation: bool
    is_after_reminder: bool

    def __str__(self) -> str:
        in_time = _marks(
            self.is_acknowledged_in_time,
            self.is_answered_in_time,
            self.is_ended_in_time,
        )
        marks = _marks(
            self.is_objected_to, self.is_of_retaliation, self.is_after_reminder
        )
        return (
            f"{_CASE} {self.received} {self.group} {self.ending} "
            f"{in_time} {self.first_answer} {self.end} {marks}"
        )

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read what `str` wrote.

        Raises:
            BrokenError: it is no such line.
        """
        found = _WORDS.fullmatch(words)
        if found is None:
            raise BrokenError
        received, group, ending, in_time, first_answer, end, marks = found.groups()
        try:
            period = Period.parse(received)
        except NoSuchPeriodError:
            raise BrokenError from None
        acknowledged, answered, ended = (mark == "y" for mark in in_time)
        objected_to, of_retaliation, after_reminder = (mark == "y" for mark in marks)
        return cls(
            received=period,
            group=CaseGroup(group),
            ending=Ending(ending),
            is_acknowledged_in_time=acknowledged,
            is_answered_in_time=answered,
            is_ended_in_time=ended,
            first_answer=int(first_answer),
            end=int(end),
            is_objected_to=objected_to,
            is_of_retaliation=of_retaliation,
            is_after_reminder=after_reminder,
        )

    @property
    def is_in_time(self) -> bool:
        """Tell whether no deadline was missed."""
        return (
            self.is_acknowledged_in_time
            and self.is_answered_in_time
            and self.is_ended_in_time
        )


@dataclass(frozen=True)
class OpenedTallies:
    """What a custodian and the gate open together, in memory alone."""

    cases: tuple[tuple[Period, Tally], ...]
    """Each with the half-year of its end."""
    reminders: tuple[Period, ...]
    """The half-years in which leaflets were passed on."""
    unread: int
    """What is sealed to others alone, or does not open."""


def keep(
    session: Session, case: Case, thread: Key, rules: DeadlineRules, gate: Key
) -> None:
    """Count a case that is over; of one that goes on nothing is counted any more.

    Call it inside the transaction that ends a case, takes it up again, or puts an
    objection on it, once its steps and texts are written. *thread*: the key that
    reporter and readers share. What has once been in public figures is not counted
    again. A text that is damaged hinders nothing: it is counted as something else.
    """
    place = tally_id(thread, case.id, _CASE)
    session.execute(delete(KeptTally).where(KeptTally.id == place))
    if case.status not in _OVER:
        return
    steps = read_steps(session, case.id)
    if publications.hold(session, steps):
        return
    ends = [Period.of(step.taken_on) for step in steps if step.kind in _OVER]
    tally = _count(case, steps, _read_thread(session, case.id, thread), rules)
    put(session, place, ends[-1], str(tally), gate)


def keep_reminder(
    session: Session, case_id: bytes, thread: Key, gate: Key, today: dt.date
) -> None:
    """Count a leaflet that is passed on today; call it inside the transaction."""
    place = tally_id(thread, case_id, _REMINDER)
    session.execute(delete(KeptTally).where(KeptTally.id == place))
    put(session, place, Period.of(today), _REMINDER, gate)


def put(session: Session, place: bytes, period: Period, words: str, gate: Key) -> None:
    """Seal *words* to every custodian whose key was compared; inside a transaction."""
    rows = [
        {
            "id": place,
            "holder_id": one.id,
            "period": str(period),
            "sealed": seal_tally(
                words,
                Recipient(one.recipient),
                gate,
                tally_id=place,
                period=str(period),
                holder=one.id,
            ),
        }
        for one in list_custodians(session)
        if one.is_heard
    ]
    if rows:
        session.connection().execute(_INTO_TALLIES, rows)


def open_all(session: Session, duty: Duty, gate: Key) -> OpenedTallies:
    """Open whatever waits for its figures; nothing of it is kept opened."""
    counted: list[tuple[Period, Tally]] = []
    reminders: list[Period] = []
    unread = 0
    for place, rows in _by_id(session).items():
        try:
            period, words = _open(rows, place, duty, gate)
            if words == _REMINDER:
                reminders.append(period)
            else:
                counted.append((period, Tally.parse(words)))
        except (NotYoursError, BrokenError, NoSuchPeriodError):
            unread += 1
    return OpenedTallies(tuple(counted), tuple(reminders), unread)


def forget(session: Session, periods: Iterable[Period]) -> None:
    """Drop what was counted of half-years that are public; call it in a transaction."""
    written = [str(period) for period in periods]
    session.execute(delete(KeptTally).where(KeptTally.period.in_(written)))


def rewrap_all(session: Session, duty: Duty, recipient: Recipient, gate: Key) -> None:
    """Wrap what is sealed to *duty* to the key that follows; call it in a transaction.

    What opens for nobody is left as it is: it is counted as unread.
    """
    mine = select(KeptTally).where(KeptTally.holder_id == duty.person.id)
    for row in session.scalars(mine):
        try:
            row.sealed = rewrap_tally(
                *(row.sealed, duty.identity, recipient, gate),
                tally_id=row.id,
                period=row.period,
                holder=row.holder_id,
            )
        except (NotYoursError, BrokenError):
            continue


def blind(session: Session, holder: bytes) -> None:
    """Put random bytes in what is sealed to a key that is gone; in a transaction.

    So nobody counts less than there is, and another custodian can pass it on.
    """
    for row in session.scalars(select(KeptTally).where(KeptTally.holder_id == holder)):
        row.sealed = secrets.token_bytes(len(row.sealed))


def list_public(session: Session) -> frozenset[Period]:
    """Return the half-years whose figures are public, alone or in their year."""
    periods = session.scalars(select(PublicFigures.period))
    return frozenset(half for one in periods for half in Period.parse(one).halves)


def band_of(days: int) -> int:
    """Return the number of the band of days in which *days* lies."""
    return sum(days >= end for end in BAND_DAYS)


def _count(
    case: Case, steps: tuple[Step, ...], thread: tuple[Entry, ...], rules: DeadlineRules
) -> Tally:
    start = next(at for at, step in enumerate(steps) if step.kind == RECEIVED)
    # What was said of it as it lay sealed answers no report.
    steps = steps[start:]
    kinds, received = {step.kind for step in steps}, steps[0].taken_on
    end = [step.taken_on for step in steps if step.kind in _OVER][-1]
    acknowledged = _first(steps, CaseStatus.ACKNOWLEDGED.value) or end
    answered = _first(steps, ANSWERED) or end
    is_extended = StepKind.EXTENDED.word in kinds
    last_day = rules.extended_day(received)
    if not is_extended:
        last_day = rules.day_of(DeadlineKind.FEEDBACK, received)
    report = Report.decode(thread[0].plain) if thread else Report("", "")
    return Tally(
        received=Period.of(received),
        group=_group_of(report.category),
        ending=_ending_of(case, thread),
        is_acknowledged_in_time=acknowledged
        <= rules.day_of(DeadlineKind.ACKNOWLEDGE, received),
        is_answered_in_time=answered
        <= rules.day_of(DeadlineKind.FIRST_ANSWER, received),
        is_ended_in_time=end <= last_day and ESCALATED not in kinds,
        first_answer=band_of((answered - received).days),
        end=band_of((end - received).days),
        is_objected_to=StepKind.OBJECTION.word in kinds,
        is_of_retaliation=report.category == _RETALIATION
        or StepKind.TROUBLE.word in kinds,
        is_after_reminder=report.reminder is not None,
    )


def _first(steps: Iterable[Step], kind: str) -> dt.date | None:
    return next((step.taken_on for step in steps if step.kind == kind), None)


def _group_of(category: str) -> CaseGroup:
    name = find_group(category)
    return CaseGroup(name) if name in set(CaseGroup) else CaseGroup.OTHER


def _ending_of(case: Case, thread: Iterable[Entry]) -> Ending:
    if case.status == CaseStatus.WITHDRAWN:
        return Ending.WITHDRAWN
    if case.status == CaseStatus.NOT_ACTIONABLE:
        return Ending.OTHERWISE
    texts = [entry.text for entry in thread if entry.number]
    outcomes = [text.outcome for text in texts if text.outcome is not None]
    return (
        _ENDINGS.get(outcomes[-1], Ending.OTHERWISE) if outcomes else Ending.OTHERWISE
    )


def _read_thread(session: Session, case_id: bytes, thread: Key) -> tuple[Entry, ...]:
    try:
        return threads.read(session, case_id, Chain.THREAD, thread)
    except BrokenError:
        return ()


def _by_id(session: Session) -> Mapping[bytes, list[KeptTally]]:
    """Return what waits, by id: a row for each custodian it was sealed to."""
    public = {str(period) for period in list_public(session)}
    found: dict[bytes, list[KeptTally]] = {}
    for row in session.scalars(select(KeptTally)):
        # What was put back after its figures are public counts nowhere.
        if row.period not in public:
            found.setdefault(row.id, []).append(row)
    return found


def _open(
    rows: list[KeptTally], place: bytes, duty: Duty, gate: Key
) -> tuple[Period, str]:
    for row in _mine(rows, duty):
        period = Period.parse(row.period)
        words = open_tally(
            row.sealed,
            duty.identity,
            gate,
            tally_id=place,
            period=row.period,
            holder=duty.person.id,
        )
        return period, words
    raise NotYoursError


def _mine(rows: list[KeptTally], duty: Duty) -> Iterator[KeptTally]:
    return (row for row in rows if row.holder_id == duty.person.id)


def _marks(*flags: bool) -> str:
    return "".join("y" if flag else "n" for flag in flags)
