"""What is destroyed next, of the cases that an officer can open; and what is held back.

As on the desk, the table cannot say who may read: wraps are tried, and what they
yielded is kept in the officer's own cache.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from portal.cases import Duty
from portal.desk import PAGE_SIZE, Keyring
from portal.models import NO_DAY, Case
from portal.retention import WAITS_FOR_NOBODY
from portal.seen import News
from portal.statuses import CaseStatus
from portal.summaries import Summary

AHEAD_DAYS = 31
"""How far the list looks ahead."""

_BATCH = 200


@dataclass(frozen=True)
class GoingPlace:
    """Where a page begins: behind this case, in the order of the list."""

    purge_on: dt.date
    case_id: bytes


@dataclass(frozen=True)
class GoingLine:
    """One case that goes soon, or stays because somebody holds it back."""

    case_id: bytes
    status: CaseStatus
    summary: Summary
    purge_on: dt.date | None
    """None: held back."""


@dataclass(frozen=True)
class GoingPage:
    """Lines in order: the nearest day first, what is held back last."""

    lines: tuple[GoingLine, ...]
    next: GoingPlace | None
    """Where the next page begins; None: this is the last."""


def list_going(
    session: Session,
    duty: Duty,
    today: dt.date,
    *,
    after: GoingPlace | None = None,
    most: int = PAGE_SIZE,
) -> GoingPage:
    """Return the page behind *after*; keeps newly opened keys in the cache."""
    keyring, news = Keyring(session, duty), News(session, duty)
    lines: list[GoingLine] = []
    following = None
    for row in _rows(session, keyring, today, after):
        summary = keyring.find_summary(row.id, row.summary)
        if summary is None:
            continue
        if len(lines) == most:
            last = lines[-1]
            following = GoingPlace(last.purge_on or NO_DAY, last.case_id)
            break
        day = None if row.purge_on == NO_DAY else row.purge_on
        lines.append(GoingLine(row.id, CaseStatus(row.status), summary, day))
    keyring.keep_if_possible(news)
    return GoingPage(tuple(lines), following)


class _GoingRow(NamedTuple):
    id: bytes
    status: str
    summary: bytes
    purge_on: dt.date


def _rows(
    session: Session, keyring: Keyring, today: dt.date, after: GoingPlace | None
) -> Iterator[_GoingRow]:
    """Return the cases in the order of the list, with their wraps tried."""
    until = today + dt.timedelta(days=AHEAD_DAYS)
    order = (Case.purge_on, Case.id)
    query = (
        select(Case.id, Case.status, Case.summary, Case.purge_on)
        .where(
            Case.is_handed_over, or_(Case.purge_on <= until, Case.purge_on == NO_DAY)
        )
        .where(WAITS_FOR_NOBODY)
        .order_by(*order)
        .limit(_BATCH)
    )
    while True:
        page = query
        if after:
            page = query.where(tuple_(*order) > (after.purge_on, after.case_id))
        batch = [
            _GoingRow(case_id, status, summary, purge_on or NO_DAY)
            for case_id, status, summary, purge_on in session.execute(page)
        ]
        keyring.learn([row.id for row in batch])
        yield from batch
        if len(batch) < _BATCH:
            return
        after = GoingPlace(batch[-1].purge_on, batch[-1].id)
