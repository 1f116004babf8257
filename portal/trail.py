"""The trail: the audit record as people read it, narrowed down, a page at a time.

Who is an officer may not learn of cases here: of entries with a case neither the text,
nor the number, nor that something stands between two others. So a page is asked for by
the rank of its first entry among those that its reader may see, and not by a number of
the record (docs/decisions/0037).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import OF_THINGS, STORED, AuditAction, Entry, as_stored
from portal.database import reading, transaction
from portal.models import AuditEntry, Person

ENTRIES_ON_PAGE = 50


@dataclass(frozen=True)
class TrailFilters:
    """What is looked for; empty: everything."""

    person: str | None = None
    """Who acted or whom it was about; `audit.OPERATOR` for the command line."""
    act: AuditAction | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    """The last day, itself included."""


@dataclass(frozen=True)
class TrailPage:
    """A page, the newest entry first."""

    entries: tuple[Entry, ...]
    next: int | None
    """The rank, from 1 for the oldest, that the following page begins at."""


def list_trail(
    session: Session,
    filters: TrailFilters,
    *,
    sees_cases: bool,
    rank: int | None = None,
) -> TrailPage:
    """Return a page of the record, from *rank* down; from the newest without one.

    A rank stays what it is: the record only grows at its end.
    """
    where = _conditions(filters, sees_cases=sees_cases)
    with reading(session):
        count = session.scalar(select(func.count(AuditEntry.number)).where(*where))
        first = min(rank or count or 0, count or 0)
        found = STORED.where(*where).order_by(AuditEntry.number.desc())
        shown = found.offset((count or 0) - first).limit(ENTRIES_ON_PAGE)
        entries = tuple(as_stored(*row) for row in session.execute(shown))
    rest = first - len(entries)
    return TrailPage(entries, rest if entries and rest else None)


def export_trail(
    session: Session,
    filters: TrailFilters,
    by: Person,
    today: dt.date,
    *,
    sees_cases: bool,
) -> tuple[Entry, ...]:
    """Return every entry that *filters* let through, oldest first; it is written down."""
    where = _conditions(filters, sees_cases=sees_cases)
    with transaction(session):
        found = STORED.where(*where).order_by(AuditEntry.number)
        entries = tuple(as_stored(*row) for row in session.execute(found))
        audit.record(session, by.name, AuditAction.EXPORTED, today)
    return entries


def names_on_record(session: Session, *, sees_cases: bool) -> tuple[str, ...]:
    """Return everybody who acted or whom an act was about, by name."""
    where = _conditions(TrailFilters(), sees_cases=sees_cases)
    of_people = (*where, AuditEntry.act.not_in(OF_THINGS))
    columns = ((AuditEntry.actor, where), (AuditEntry.concerns, of_people))
    with reading(session):
        found = {
            name
            for column, among in columns
            for name in session.scalars(select(column).where(*among).distinct())
            if isinstance(name, str) and name
        }
    return tuple(sorted(found))


def _conditions(
    filters: TrailFilters, *, sees_cases: bool
) -> tuple[ColumnElement[bool], ...]:
    return tuple(_each_condition(filters, sees_cases=sees_cases))


def _each_condition(
    filters: TrailFilters, *, sees_cases: bool
) -> Iterator[ColumnElement[bool]]:
    if not sees_cases:
        yield AuditEntry.case_id.is_(None)
        # They name no case, and tell of one all the same.
        yield AuditEntry.act.not_in((AuditAction.REPORT_TAKEN, AuditAction.ESCALATED))
    if filters.person is not None:
        named = (AuditEntry.actor, AuditEntry.concerns)
        yield or_(*(column == filters.person for column in named))
    if filters.act:
        yield AuditEntry.act == filters.act
    if filters.since:
        yield AuditEntry.day >= filters.since
    if filters.until:
        yield AuditEntry.day <= filters.until
