"""What was counted is passed on to custodians who lack it, as outers are.

Who joins later, or has another key in place of one that was lost, opens nothing of
before. The round of a custodian who does seals it anew, behind the same gate: so the
figures of a half-year outlive whoever was a custodian in it. Only what opens is passed
on, and only to a key that an officer has heard the end of.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Key,
    NotYoursError,
    Recipient,
    is_tally_behind,
    open_tally,
    seal_tally,
)
from portal import tallies
from portal.cases import Duty, find_present
from portal.database import rest, transaction
from portal.models import Base, KeptTally
from portal.roster import ListedCustodian, list_custodians

LOT = 200
"""Tallies that are looked at between two looks at the clock."""

_FIRST = b""
_INTO_TALLIES = insert(Base.metadata.tables[KeptTally.__tablename__])

Row = Mapping[str, object]


@dataclass(frozen=True)
class _Mine:
    """A tally of who passes it on, as its row was when it was read."""

    id: bytes
    period: str
    sealed: bytes = field(repr=False)


def pass_on(
    session: Session, duty: Duty, others: Sequence[ListedCustodian], gate: Key
) -> Iterator[None]:
    """Seal to each of *others* what *duty* opens and they lack; each lot a transaction.

    Stopped, it goes on where something is still lacking.

    Raises:
        KeyChangedError: the session has the key of before, or the custodian has left.
        StoreUnavailableError: try again later; nothing is half done.
    """
    after = _FIRST
    while lot := _read_lot(session, duty, after) if others else []:
        theirs = _find_theirs(session, lot, others)
        rest(session)
        rows = [row for one in lot for row in _lacking(one, theirs, duty, others, gate)]
        if rows:
            _write(session, duty, lot, rows, others)
            yield
        after = lot[-1].id


def _read_lot(session: Session, duty: Duty, after: bytes) -> list[_Mine]:
    columns = KeptTally.id, KeptTally.period, KeptTally.sealed
    mine = (KeptTally.holder_id == duty.person.id) & (KeptTally.id > after)
    public = {str(period) for period in tallies.list_public(session)}
    query = select(*columns).where(mine, KeptTally.period.not_in(public))
    rows = session.execute(query.order_by(KeptTally.id).limit(LOT))
    return [_Mine(*row) for row in rows]


def _find_theirs(
    session: Session, lot: Sequence[_Mine], others: Sequence[ListedCustodian]
) -> Mapping[tuple[bytes, bytes], _Mine]:
    """Return what others hold of the same, by id and holder."""
    columns = KeptTally.holder_id, KeptTally.id, KeptTally.period, KeptTally.sealed
    query = select(*columns).where(
        KeptTally.id.in_([one.id for one in lot]),
        KeptTally.holder_id.in_([one.id for one in others]),
    )
    return {(row[1], row[0]): _Mine(*row[1:]) for row in session.execute(query)}


def _lacking(
    mine: _Mine,
    theirs: Mapping[tuple[bytes, bytes], _Mine],
    duty: Duty,
    others: Sequence[ListedCustodian],
    gate: Key,
) -> Iterator[Row]:
    lacking = [
        one
        for one in others
        if not _has(theirs.get((mine.id, one.id)), one.id, mine.period, gate)
    ]
    if not lacking:
        return
    try:
        words = _open(mine, duty, gate)
    except (NotYoursError, BrokenError):
        return  # what opens for nobody is counted as unread
    for one in lacking:
        yield {
            "id": mine.id,
            "holder_id": one.id,
            "period": mine.period,
            "sealed": seal_tally(
                *(words, Recipient(one.recipient), gate),
                tally_id=mine.id,
                period=mine.period,
                holder=one.id,
            ),
        }


def _open(mine: _Mine, duty: Duty, gate: Key) -> str:
    return open_tally(
        *(mine.sealed, duty.identity, gate),
        tally_id=mine.id,
        period=mine.period,
        holder=duty.person.id,
    )


def _has(held: _Mine | None, holder: bytes, period: str, gate: Key) -> bool:
    return held is not None and is_tally_behind(
        held.sealed, gate, tally_id=held.id, period=period, holder=holder
    )


def _write(
    session: Session,
    duty: Duty,
    lot: Sequence[_Mine],
    rows: Sequence[Row],
    others: Sequence[ListedCustodian],
) -> None:
    """Write *rows* whose source is as it was, and whose receiver has the same key.

    Where the case has ended anew since, whoever ended it knew who is here.
    """
    with transaction(session):
        find_present(session, duty)
        now = {one.id: one for one in _read_now(session, duty, lot)}
        same = {one.id for one in lot if now.get(one.id) == one}
        here = {one.id for one in list_custodians(session) if one in others}
        still = [row for row in rows if row["id"] in same and row["holder_id"] in here]
        for row in still:
            session.execute(
                delete(KeptTally).where(
                    KeptTally.id == row["id"], KeptTally.holder_id == row["holder_id"]
                )
            )
        if still:
            session.connection().execute(_INTO_TALLIES, still)


def _read_now(session: Session, duty: Duty, lot: Sequence[_Mine]) -> list[_Mine]:
    columns = KeptTally.id, KeptTally.period, KeptTally.sealed
    mine = KeptTally.holder_id == duty.person.id
    query = select(*columns).where(mine, KeptTally.id.in_([one.id for one in lot]))
    return [_Mine(*row) for row in session.execute(query)]
