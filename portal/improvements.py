"""What changed because of reports: short texts of the agency for a half-year or a year.

They are public as they stand, in both languages, and say nothing of any report.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import administrators, audit
from portal.audit import AuditAction
from portal.database import transaction
from portal.errors import NoSuchPeriodError
from portal.models import Improvement, Installation, Person
from portal.periods import Period

LONGEST_TEXT = 1_500
"""In characters, of each language."""

PERIODS_BACK = 4
"""So many half-years before this one can be written about, and their years."""


@dataclass(frozen=True)
class ImprovementText:
    """What an agency says of a period, by language; a line for each change."""

    texts: Mapping[str, str]
    changed_on: dt.date


def list_writable(session: Session, today: dt.date) -> tuple[Period, ...]:
    """Return the periods that can be written about, the newest first.

    Those of the last half-years, and whichever has a text already. None whose first half
    was over before anything was counted: figures will never stand beside it.
    """
    since = session.scalars(select(Installation.counted_since)).one()
    half, found = Period.of(today), set[Period]()
    for _ in range(PERIODS_BACK + 1):
        found |= {half, half.whole_year}
        half = Period.of(half.first - dt.timedelta(days=1))
    found = {one for one in found if one.halves[0].last >= since}
    found |= {Period.parse(one) for one in session.scalars(select(Improvement.period))}
    return tuple(sorted(found, key=lambda one: (one.last, one.is_year), reverse=True))


def find(session: Session, period: Period) -> ImprovementText | None:
    """Return what is said of *period*; None: nothing is."""
    row = session.get(Improvement, str(period))
    if row is None:
        return None
    return ImprovementText({"id": row.text_id, "en": row.text_en}, row.changed_on)


def find_writable(
    session: Session, period: Period, today: dt.date
) -> ImprovementText | None:
    """Return what is said of a period that can be written about; None: nothing is.

    Raises:
        NoSuchPeriodError: it cannot be.
    """
    if period not in list_writable(session, today):
        raise NoSuchPeriodError
    return find(session, period)


def write(
    session: Session,
    period: Period,
    texts: Mapping[str, str],
    today: dt.date,
    *,
    by: Person,
) -> None:
    """Say *texts* of *period*, by language, in the place of what was said; or nothing.

    Raises:
        NoSuchPeriodError: it cannot be written about.
        NotAdministratorError: *by* is none any more.
    """
    with transaction(session):
        administrators.check_administrator(session, by)
        find_writable(session, period, today)
        row = session.get(Improvement, str(period))
        if row is not None:
            session.delete(row)
            session.flush()
        if any(texts.values()):
            session.add(
                Improvement(
                    period=str(period),
                    text_id=texts["id"],
                    text_en=texts["en"],
                    changed_on=today,
                )
            )
        act = AuditAction.IMPROVEMENTS_CHANGED
        audit.record(session, by.name, act, today, concerns=str(period))
