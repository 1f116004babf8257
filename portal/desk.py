"""An officer's desk: the cases that this officer can open, a page at a time.

The table cannot say who may read, so wraps are tried; what a wrap yielded is
kept in the officer's own cache. Category, severity and words are found by
opening summaries.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Exists, Select, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from crypto import NOTHING, BrokenError, CaseKey, NotYoursError, OpenedKeys
from portal.askings import find_objected
from portal.cases import PURPOSE_CASE, Duty, try_wrap
from portal.courses import ANSWERED
from portal.database import transaction
from portal.deadlines import DeadlineKind
from portal.errors import NoSuchCaseError, StoreUnavailableError
from portal.models import NO_DAY, Case, Person, Step, Wrap
from portal.seen import News
from portal.statuses import RECEIVED, CaseStatus, owed
from portal.steps import ESCALATED
from portal.summaries import Summary

PAGE_SIZE = 50
MOST_FOUND = 200
_BATCH = 500


@dataclass(frozen=True)
class Position:
    """Where a page begins: behind this case, in the order of the list."""

    is_answered: bool
    due_on: dt.date
    case_id: bytes
    is_urgent: bool = False
    """Among those on top, where somebody is after the reporter."""


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty: everything."""

    status: CaseStatus | None = None
    is_waiting: bool = False
    category: str = ""
    severity: int = 0
    words: str = ""
    is_new: bool = False
    overdue_on: dt.date | None = None
    """The day on which what is asked for is overdue; None: what is not, too."""
    assigned: str = ""
    """Who has it in hand (id in hex)."""

    @property
    def opens(self) -> bool:
        """Tell whether summaries, or what was seen, decide, not columns."""
        sealed = self.category or self.severity or self.words or self.assigned
        return bool(sealed or self.is_new)

    def keep(self, summary: Summary) -> bool:
        """Tell whether a summary is asked for."""
        haystack = f"{summary.title}\n{summary.unit}".casefold()
        return (
            self.category in {"", summary.category}
            and self.severity in {0, summary.triage.severity}
            and self.assigned in {"", summary.assigned}
            and all(word in haystack for word in self.words.casefold().split())
        )


@dataclass(frozen=True)
class CaseLine:
    """One line of the list."""

    case_id: bytes
    status: CaseStatus
    received_on: dt.date
    due_on: dt.date | None
    is_waiting: bool
    summary: Summary
    owes: DeadlineKind | None
    """What is due on that day."""
    is_escalated: bool
    """A deadline was missed, and the case is open to the custodians."""
    is_new: bool = False
    """There is more of it than the officer has seen."""
    is_urgent: bool = False
    """Somebody is after the reporter, and no officer has written since."""
    is_objected: bool = False
    """Its reporter asked the custodians to look, and none has answered."""


@dataclass(frozen=True)
class DeskPage:
    """Lines in order: what waits for an officer first, nearest due day first.

    On top of them those where somebody is after the reporter.
    """

    lines: tuple[CaseLine, ...]
    next: Position | None
    """Where the next page begins; None: this is the last."""


def list_cases(
    session: Session,
    duty: Duty,
    filters: Filters,
    *,
    after: Position | None = None,
    most: int = PAGE_SIZE,
) -> DeskPage:
    """Return the page behind *after*; keeps newly opened keys in the cache."""
    keyring, news = Keyring(session, duty), News(session, duty)
    batches = _batches(session, filters, after, most)
    lines: list[CaseLine] = []
    following = position = None
    for row in _opening(
        keyring, _only_new(news, batches) if filters.is_new else batches
    ):
        line = keyring.open(row)
        if line is None or not filters.keep(line.summary):
            continue
        if len(lines) == most:
            following = position
            break
        lines.append(line)
        position = Position(row.is_answered, row.due_on, row.id, row.is_urgent)
    keyring.keep_if_possible(news)
    shown = [line.case_id for line in lines]
    new, objected = news.among(shown), find_objected(session, shown)
    marked = (
        replace(line, is_new=line.case_id in new, is_objected=line.case_id in objected)
        for line in lines
    )
    return DeskPage(tuple(marked), following)


class _CaseRow(NamedTuple):
    id: bytes
    status: str
    is_answered: bool
    due_on: dt.date
    summary: bytes
    is_urgent: bool
    custodian_due_on: dt.date | None
    taken_on: dt.date
    is_replied_to: bool
    is_escalated: bool

    @property
    def owes(self) -> DeadlineKind | None:
        """What is owed next, by whomever."""
        if self.is_urgent and self.due_on != NO_DAY:
            return DeadlineKind.PROTECT
        kind = owed(CaseStatus(self.status), is_answered=self.is_replied_to)
        is_custodians = self.due_on == NO_DAY and self.custodian_due_on is not None
        return DeadlineKind.KEEPER if is_custodians else kind

    @property
    def owed_on(self) -> dt.date | None:
        """By when it is owed."""
        return self.custodian_due_on if self.due_on == NO_DAY else self.due_on


class Keyring:
    """The officer's opened keys during one request."""

    def __init__(self, session: Session, duty: Duty) -> None:
        self._session = session
        self._duty = duty
        self._kept = self._read_cache()
        self._new: dict[bytes, bytes] = {}

    def open(self, row: _CaseRow) -> CaseLine | None:
        """Return the line of a case, or None if this officer cannot read it."""
        summary = self.find_summary(row.id, row.summary)
        if summary is None:
            return None
        return CaseLine(
            row.id,
            CaseStatus(row.status),
            row.taken_on,
            row.owed_on,
            not row.is_answered,
            summary,
            row.owes,
            row.is_escalated,
            is_urgent=row.is_urgent,
        )

    def opens(self, case_id: bytes) -> bool:
        """Tell whether a case that was tried is one that this officer can read."""
        pair = self._new.get(case_id) or self._kept.find(case_id)
        return pair is not None and pair != NOTHING

    def find_summary(self, case_id: bytes, sealed: bytes) -> Summary | None:
        """Return a case's summary, or None if this officer cannot read it."""
        is_kept = case_id not in self._new
        pair = self._kept.find(case_id) if is_kept else self._new[case_id]
        if pair is None or pair == NOTHING:
            return None
        key = CaseKey.parse(pair, self._duty.instance)
        try:
            return Summary.unseal(sealed, key, case_id)
        except BrokenError:
            if is_kept:
                # Kept by a request that crossed a change of readers: the wrap tells.
                self._try_wraps([case_id])
                return self.find_summary(case_id, sealed)
            # Damaged, not hidden: a case must not vanish from the list.
            return Summary.damaged()

    def keep_if_possible(self, news: News) -> None:
        """Keep what was opened; if not now, it is unwrapped again next time."""
        with suppress(StoreUnavailableError):
            if self.keep():
                # Else the one who may not read would be known by the blob that stays.
                news.lock_again()

    def keep(self) -> bool:
        """Write newly opened keys to the officer's own row, if there are any."""
        if not self._new:
            return False
        locked = self._kept.adding(self._new).lock(
            self._duty.identity,
            holder=self._duty.person.id,
            instance=self._duty.instance,
        )
        with transaction(self._session):
            self._session.execute(
                update(Person)
                .where(Person.id == self._duty.person.id)
                .values(opened_keys=locked)
            )
        return True

    def learn(self, case_ids: Sequence[bytes]) -> None:
        """Try the wraps of cases that were not tried before."""
        unknown = [key for key in case_ids if self._kept.find(key) is None]
        if unknown:
            self._try_wraps(unknown)

    def _try_wraps(self, case_ids: Sequence[bytes]) -> None:
        self._new |= dict.fromkeys(case_ids, NOTHING)
        wraps = self._session.execute(
            select(Wrap.wrap, Case.id, Case.mask, Case.reader_sheet)
            .join(Case, Case.id == Wrap.case_id)
            .where(
                Wrap.case_id.in_(case_ids),
                Wrap.holder_id == self._duty.person.id,
                Wrap.purpose == PURPOSE_CASE,
            )
        )
        for wrap, case_id, mask, reader_sheet in wraps:
            with suppress(NoSuchCaseError):
                key = try_wrap(wrap, case_id, mask, reader_sheet, self._duty)
                self._new[case_id] = key.reveal()

    def _read_cache(self) -> OpenedKeys:
        locked = self._session.scalar(
            select(Person.opened_keys).where(Person.id == self._duty.person.id)
        )
        if locked is None:
            return OpenedKeys()
        try:
            return OpenedKeys.unlock(
                locked,
                self._duty.identity,
                holder=self._duty.person.id,
                instance=self._duty.instance,
            )
        except (NotYoursError, BrokenError):
            # It holds nothing that cannot be unwrapped again.
            return OpenedKeys()


def _only_new(
    news: News, batches: Iterable[list[_CaseRow]]
) -> Iterator[list[_CaseRow]]:
    for batch in batches:
        new = news.among([row.id for row in batch])
        yield [row for row in batch if row.id in new]


def _opening(keyring: Keyring, batches: Iterable[list[_CaseRow]]) -> Iterator[_CaseRow]:
    for batch in batches:
        keyring.learn([row.id for row in batch])
        yield from batch


def _batches(
    session: Session, filters: Filters, after: Position | None, most: int
) -> Iterator[list[_CaseRow]]:
    """Return the cases in the order of the list, some at a time: urgent ones first."""
    if after is None or after.is_urgent:
        yield from _batches_of(session, filters, after, most, is_urgent=True)
        after = None
    yield from _batches_of(session, filters, after, most, is_urgent=False)


def _batches_of(
    session: Session,
    filters: Filters,
    after: Position | None,
    most: int,
    *,
    is_urgent: bool,
) -> Iterator[list[_CaseRow]]:
    size = _BATCH if filters.opens else most + 1
    order = (Case.is_answered, Case.due_on, Case.id)
    query = _in_order(filters).where(Case.is_urgent.is_(is_urgent)).limit(size)
    while True:
        page = query
        if after:
            behind = (after.is_answered, after.due_on, after.case_id)
            page = query.where(tuple_(*order) > behind)
        batch = [_CaseRow._make(row) for row in session.execute(page)]
        yield batch
        if len(batch) < size:
            return
        last = batch[-1]
        after = Position(last.is_answered, last.due_on, last.id)


def _in_order(
    filters: Filters,
) -> Select[
    bytes, str, bool, dt.date, bytes, bool, dt.date | None, dt.date, bool, bool
]:
    query = (
        select(
            Case.id,
            Case.status,
            Case.is_answered,
            Case.due_on,
            Case.summary,
            Case.is_urgent,
            Case.custodian_due_on,
            Step.taken_on,
            _has_step(ANSWERED),
            _has_step(ESCALATED),
        )
        .join(Step, (Step.case_id == Case.id) & (Step.kind == RECEIVED))
        # What is sealed has a list of its own: `entry_desk.py`.
        .where(Case.is_handed_over, Case.status != CaseStatus.SEALED.value)
        .order_by(Case.is_answered, Case.due_on, Case.id)
    )
    if filters.status:
        query = query.where(Case.status == filters.status.value)
    if filters.is_waiting:
        query = query.where(Case.is_answered.is_(False))
    if filters.overdue_on:
        query = query.where(Case.due_on < filters.overdue_on)
    return query


def _has_step(kind: str) -> Exists:
    """Tell whether such a step was taken since it is a report."""
    taken = aliased(Step)
    this = (taken.case_id == Case.id) & (taken.kind == kind)
    this &= taken.number > Step.number
    return select(taken.number).where(this).exists()
