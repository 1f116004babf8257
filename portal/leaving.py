"""Cases that too few can read, and handing them on: before an officer leaves, or at once.

Who reads a case stands in its sealed sheet: only who can open it can count. A case
with one reader left is lost with that reader's passphrase.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import (
    NOTHING,
    BrokenError,
    CaseKey,
    Key,
    NotYoursError,
    OpenedKeys,
    unwrap_case_key,
)
from portal.cases import PURPOSE_CASE, Duty, find_for_officer
from portal.errors import IncompleteMoveError, NoSuchCaseError, ShutOutError
from portal.models import Case, Person, Wrap
from portal.reader_sheets import ReaderSheet
from portal.readers import assign
from portal.roster import find_uncompared, listed_ids
from portal.statuses import CaseStatus
from portal.summaries import Summary

FEWEST = 2
"""Readers at work that a case should have."""

MOST_LISTED = 50
MOST_COUNTED = 1_000
"""Open cases that are looked at when somebody logs in: a quarter of a second."""

_PAGE = 500
_SEALED = (CaseStatus.SEALED.value,)
_OPEN = tuple(
    status.value
    for status in CaseStatus
    if not status.is_over and status is not CaseStatus.SEALED
)


@dataclass(frozen=True)
class LonelyCase:
    """An open case with fewer readers at work than it should have."""

    case_id: bytes
    title: str


class _Row(NamedTuple):
    case_id: bytes
    mask: bytes
    reader_sheet: bytes
    summary: bytes
    wrap: bytes


def count_lonely(session: Session, duty: Duty, most: int = MOST_COUNTED) -> int:
    """Return how many of the officer's open cases have too few readers at work.

    Of the first *most* open cases there are: nobody waits long at the door.
    """
    return sum(1 for _ in _lonely(session, duty, most))


def list_lonely(session: Session, duty: Duty) -> tuple[LonelyCase, ...]:
    """Return the first of those cases, at most `MOST_LISTED` and one.

    Behind them sealed entries that the officer can open; what is held is nobody's yet.
    """
    found: list[LonelyCase] = []
    cases, entries = _lonely(session, duty), _lonely(session, duty, among=_SEALED)
    for row, key in chain(cases, entries):
        found.append(LonelyCase(row.case_id, _title(row, key)))
        if len(found) > MOST_LISTED:
            break
    return tuple(found)


def hand_on(
    session: Session,
    duty: Duty,
    officer_id: bytes,
    case_ids: Collection[bytes],
    *,
    secret: Key,
    gate: Key,
    today: dt.date,
) -> int:
    """Give cases to a colleague, each a transaction; return how many could not be.

    Those are kept from the colleague by their reporter, or otherwise: the same for all.

    Raises:
        NoSuchPersonError: no officer at work has that id.
    """
    refused = 0
    for case_id in case_ids:
        try:
            assign(
                session,
                find_for_officer(session, case_id, duty),
                duty,
                officer_id,
                reason="",
                seen="",
                secret=secret,
                gate=gate,
                today=today,
            )
        except (NoSuchCaseError, ShutOutError, IncompleteMoveError):
            refused += 1
    return refused


def _lonely(
    session: Session,
    duty: Duty,
    most: int | None = None,
    *,
    among: Sequence[str] = _OPEN,
) -> Iterator[tuple[_Row, CaseKey]]:
    # Whose new key nobody has compared yet stands in sheets, and can open nothing.
    can_read = listed_ids(session) - find_uncompared(session)
    at_work = {officer.hex() for officer in can_read}
    kept = _read_cache(session, duty)
    for row in _rows(session, duty, most, among, kept):
        try:
            key = _key(row, kept, duty)
            sheet = ReaderSheet.unseal(row.reader_sheet, key, row.case_id)
        except (NotYoursError, BrokenError):
            continue
        if len(at_work.intersection(sheet.readers)) < FEWEST:
            yield row, key


def _key(row: _Row, kept: OpenedKeys, duty: Duty) -> CaseKey:
    pair = kept.find(row.case_id)
    if pair is not None:
        return CaseKey.parse(pair, duty.instance)
    return unwrap_case_key(
        row.wrap,
        row.mask,
        duty.identity,
        case_id=row.case_id,
        holder=duty.person.id,
        instance=duty.instance,
    )


def _rows(
    session: Session,
    duty: Duty,
    most: int | None,
    among: Sequence[str],
    kept: OpenedKeys,
) -> Iterator[_Row]:
    """Return cases of these statuses that officers have, in the list's order.

    Those that open nothing are left out where *kept* says so: they may be thousands.
    """
    is_open = Case.is_handed_over & Case.status.in_(among)
    in_order = (Case.is_answered, Case.due_on, Case.id)
    # The index alone answers this; sheets and wraps are large.
    ids = session.scalars(
        select(Case.id).where(is_open).order_by(*in_order).limit(most)
    ).all()
    ids = [case_id for case_id in ids if kept.find(case_id) != NOTHING]
    mine = (Wrap.holder_id == duty.person.id) & (Wrap.purpose == PURPOSE_CASE)
    query = select(Case.id, Case.mask, Case.reader_sheet, Case.summary, Wrap.wrap).join(
        Wrap, (Wrap.case_id == Case.id) & mine
    )
    for start in range(0, len(ids), _PAGE):
        page = query.where(Case.id.in_(ids[start : start + _PAGE]))
        yield from (_Row(*row) for row in session.execute(page).all())


def _read_cache(session: Session, duty: Duty) -> OpenedKeys:
    locked = session.scalar(
        select(Person.opened_keys).where(Person.id == duty.person.id)
    )
    if locked is None:
        return OpenedKeys()
    try:
        return OpenedKeys.unlock(
            locked, duty.identity, holder=duty.person.id, instance=duty.instance
        )
    except (NotYoursError, BrokenError):
        # It holds nothing that cannot be unwrapped again.
        return OpenedKeys()


def _title(row: _Row, key: CaseKey) -> str:
    try:
        return Summary.unseal(row.summary, key, row.case_id).title
    except BrokenError:
        return ""
