"""Taking up what colleagues have handed over: one wrap of each case stays.

Of those that there are, the first that opens the case is made anew, else the own one:
every wrap changes, and the rows of colleagues go.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from crypto import BrokenError, NotYoursError, rewrap, wrap_dummy
from portal import audit
from portal.audit import AuditAction
from portal.cases import PURPOSE_CASE, PURPOSE_GIVEN, Duty, find_present, try_wrap
from portal.database import transaction
from portal.errors import NoSuchCaseError
from portal.models import Base, Case, Wrap

LOT = 100
"""Cases of one transaction: some 50 ms, for which other writers wait."""

_WRAPS = Base.metadata.tables[Wrap.__tablename__]


@dataclass(frozen=True)
class TakenUp:
    """What one transaction did."""

    reached: bytes
    is_last: bool


class _Held(NamedTuple):
    case_id: bytes
    purpose: str
    wrap: bytes
    mask: bytes
    reader_sheet: bytes


def take_up_lots(session: Session, duty: Duty, today: dt.date) -> Iterator[None]:
    """Take up lot after lot, each a transaction; over when there is nothing left.

    Raises:
        KeyChangedError: the session has the key of before.
    """
    reached, is_last = b"", False
    while not is_last:
        lot = take_up_lot(session, duty, today, reached)
        reached, is_last = lot.reached, lot.is_last
        yield


def take_up_lot(
    session: Session, duty: Duty, today: dt.date, after: bytes = b""
) -> TakenUp:
    """Take up what was handed over, of some more cases behind *after*.

    Raises:
        KeyChangedError: the session has the key of before.
    """
    with transaction(session):
        person = find_present(session, duty)
        mine = Wrap.holder_id == person.id
        is_given = Wrap.purpose.startswith(PURPOSE_GIVEN)
        ids = session.scalars(
            select(Wrap.case_id)
            .where(mine, is_given, Wrap.case_id > after)
            .distinct()
            .order_by(Wrap.case_id)
            .limit(LOT + 1)
        ).all()
        ids, is_last = ids[:LOT], len(ids) <= LOT
        for case_id, wrap in _chosen(session, duty, ids):
            session.execute(
                update(_WRAPS)
                .where(
                    _WRAPS.c.case_id == case_id,
                    _WRAPS.c.holder_id == person.id,
                    _WRAPS.c.purpose == PURPOSE_CASE,
                )
                .values(wrap=wrap)
            )
        session.execute(delete(Wrap).where(mine, is_given, Wrap.case_id.in_(ids)))
        # It says of some of these cases that they open nothing.
        person.opened_keys = None
        # Where time is up behind the last lot nobody comes again to say so.
        if is_last and ids:
            audit.record(session, person.name, AuditAction.TAKEN_UP, today)
    return TakenUp(ids[-1] if ids else after, is_last)


def _chosen(
    session: Session, duty: Duty, ids: Sequence[bytes]
) -> list[tuple[bytes, bytes]]:
    """Return for each case a wrap made anew of the first that opens it."""
    rows = session.execute(
        select(Wrap.case_id, Wrap.purpose, Wrap.wrap, Case.mask, Case.reader_sheet)
        .join(Case, Case.id == Wrap.case_id)
        .where(
            Wrap.case_id.in_(ids),
            Wrap.holder_id == duty.person.id,
            or_(Wrap.purpose == PURPOSE_CASE, Wrap.purpose.startswith(PURPOSE_GIVEN)),
        )
        # The own one first: "case" stands before "g-".
        .order_by(Wrap.case_id, Wrap.purpose)
    )
    held = [_Held(*row) for row in rows]
    return [
        (case_id, _best(list(wraps), duty))
        for case_id, wraps in groupby(held, key=lambda row: row.case_id)
    ]


def _best(wraps: Sequence[_Held], duty: Duty) -> bytes:
    case_id, recipient = wraps[0].case_id, duty.identity.recipient
    who = {"case_id": case_id, "holder": duty.person.id}
    best = next((held for held in wraps if _opens(held, duty)), wraps[0])
    try:
        return rewrap(best.wrap, duty.identity, recipient, **who)
    except (NotYoursError, BrokenError):
        return wrap_dummy(recipient, **who)


def _opens(held: _Held, duty: Duty) -> bool:
    try:
        try_wrap(held.wrap, held.case_id, held.mask, held.reader_sheet, duty)
    except NoSuchCaseError:
        return False
    return True
