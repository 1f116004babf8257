"""An officer's sealed entries: those that this officer can open, a page at a time.

Ten thousand may be held for each one that is open, and nothing in a row tells which:
wraps are tried once, and what they yielded is kept in the officer's own cache until a
round opens more. Of what opened nothing no envelope is read. The order is that of
random ids, which tell no time.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import Duty
from portal.desk import PAGE_SIZE, Keyring
from portal.entries import EntryKind
from portal.models import Case, Step
from portal.seen import News
from portal.statuses import CaseStatus
from portal.summaries import Summary

_BATCH = 500


@dataclass(frozen=True)
class EntryLine:
    """One line of the list."""

    case_id: bytes
    kind: EntryKind | None
    """None: its summary is damaged."""
    sealed_on: dt.date
    is_waiting: bool
    """Nobody has written to its writer since the writer did."""
    summary: Summary
    is_new: bool = False
    """There is more of it than the officer has seen."""


@dataclass(frozen=True)
class EntryPage:
    """Lines in the order of their random ids."""

    lines: tuple[EntryLine, ...]
    next: bytes | None
    """Behind which id the next page begins; None: this is the last."""


def list_entries(
    session: Session,
    duty: Duty,
    kind: EntryKind | None = None,
    *,
    after: bytes = b"",
    most: int = PAGE_SIZE,
) -> EntryPage:
    """Return the page behind *after*; keeps newly opened keys in the cache."""
    keyring, news = Keyring(session, duty), News(session, duty)
    lines: list[EntryLine] = []
    following = None
    for line in _lines(session, keyring, after):
        if kind is not None and line.kind is not kind:
            continue
        if len(lines) == most:
            following = lines[-1].case_id
            break
        lines.append(line)
    keyring.keep_if_possible(news)
    new = news.among([line.case_id for line in lines])
    marked = (replace(line, is_new=line.case_id in new) for line in lines)
    return EntryPage(tuple(marked), following)


class _EntryRow(NamedTuple):
    id: bytes
    is_answered: bool
    summary: bytes
    sealed_on: dt.date


def _lines(session: Session, keyring: Keyring, after: bytes) -> Iterator[EntryLine]:
    for batch in _batches(session, after):
        keyring.learn(batch)
        for row in _rows(session, [one for one in batch if keyring.opens(one)]):
            summary = keyring.find_summary(row.id, row.summary)
            # None: a request crossed a change of readers, or the writer's renewal.
            if summary is not None:
                kind = EntryKind(summary.entry) if summary.entry else None
                yield EntryLine(
                    row.id, kind, row.sealed_on, not row.is_answered, summary
                )


def _batches(session: Session, after: bytes) -> Iterator[Sequence[bytes]]:
    """Return the ids of all sealed entries that officers have, some at a time."""
    query = (
        select(Case.id)
        .where(Case.is_handed_over, Case.status == CaseStatus.SEALED.value)
        .order_by(Case.id)
        .limit(_BATCH)
    )
    while batch := session.scalars(query.where(Case.id > after)).all():
        yield batch
        after = batch[-1]


def _rows(session: Session, ids: Sequence[bytes]) -> list[_EntryRow]:
    if not ids:
        return []
    query = (
        select(Case.id, Case.is_answered, Case.summary, Step.taken_on)
        .join(Step, (Step.case_id == Case.id) & (Step.number == 0))
        .where(Case.id.in_(ids))
        .order_by(Case.id)
    )
    return [_EntryRow._make(row) for row in session.execute(query)]
