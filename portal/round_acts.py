"""A round does what it decided, some entries at a time, in the order of their ids.

What opens because of its day and what opens because others named the same are written
alike and together. Nothing is done to an entry that is not as it was read: its writer
may have withdrawn it, prolonged it, or made a report of it in the meantime.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import (
    Found,
    ReleaseRule,
    Share,
    outer_digest,
    seal_outer,
)
from portal.cases import PURPOSE_OUTER
from portal.models import Case, Message, Wrap
from portal.round_reading import Holder, Reader, find_outers, open_own
from portal.round_rules import Standing
from portal.statuses import CaseStatus
from portal.threads import Chain

ACTS = 100
"""Entries that something is done to at a time; other writers wait for milliseconds."""

_MOST_WANTED = 3
_WITNESSES = 50
_STILL_NAMING = {Standing.WAITING, Standing.DUE, Standing.MATCHED, Standing.OPEN}


@dataclass(frozen=True)
class Prepared:
    """Entries whose outers were opened again, outside of any transaction."""

    lot: Sequence[Found]
    shares: Mapping[bytes, Share] = field(repr=False)
    foreign: frozenset[bytes]
    """Those whose first text is not the one that the share was made for."""


def next_lot(decided: Iterable[Found], after: bytes) -> list[Found]:
    """Return some entries behind the case id *after* that something is to be done to."""
    due = (one for one in decided if Standing(one.standing).is_done)
    behind = [one for one in due if one.case_id > after]
    return behind[:ACTS]


def prepare(session: Session, reader: Reader, lot: Sequence[Found]) -> Prepared:
    """Open once more what is to be released; writes nothing."""
    outers = _find_unchanged(session, reader.duty.person.id, lot)
    opened = {one: open_own(outers[one], reader, one) for one in outers}
    shares = {one: it for one, it in opened.items() if isinstance(it, Share)}
    return _prepared(session, lot, shares)


def prepare_told(
    session: Session,
    holder: Holder,
    lot: Sequence[Found],
    told: Mapping[bytes, Share],
) -> Prepared:
    """Take shares that were opened elsewhere, of entries that are as they were."""
    outers = _find_unchanged(session, holder.id, lot)
    shares = {one: told[one] for one in outers if one in told}
    return _prepared(session, lot, shares)


def _find_unchanged(
    session: Session, me: bytes, lot: Sequence[Found]
) -> Mapping[bytes, bytes]:
    found = find_outers(session, [one.case_id for one in lot], [me])
    outers = {case_id: theirs[me] for case_id, theirs in found.items()}
    return {
        one.case_id: outers[one.case_id]
        for one in lot
        if one.case_id in outers and outer_digest(outers[one.case_id]) == one.outer
    }


def _prepared(
    session: Session, lot: Sequence[Found], shares: Mapping[bytes, Share]
) -> Prepared:
    # What an outer of another text says neither opens nor ends anything.
    acting = [one.case_id for one in lot if Standing(one.standing).is_done]
    foreign = frozenset(
        case_id
        for case_id in acting
        if case_id in shares and not _is_first(session, case_id, shares[case_id])
    )
    return Prepared(lot, shares, foreign)


def act(
    session: Session,
    holder: Holder,
    prepared: Prepared,
    decided: Sequence[Found],
) -> dict[bytes, Standing]:
    """Open what opens; return how each entry of the lot stands now.

    Call it inside a transaction; what ends is left to be destroyed at its end.
    """
    came_to = _judge_again(session, holder.id, prepared, decided)
    for one in prepared.lot:
        standing, share = came_to[one.case_id], prepared.shares.get(one.case_id)
        if share is None:
            continue
        if standing.opens:
            _write(session, one.case_id, mask=share.share)
        elif standing is Standing.LEFT_OPEN:
            _end_way_in(session, holder, one.case_id, share)
    return came_to


def settle(decided: Sequence[Found], came_to: Mapping[bytes, Standing]) -> list[Found]:
    """Return *decided* with what became of some of them."""
    return [
        one._replace(standing=came_to.get(one.case_id, one.standing)) for one in decided
    ]


def _judge_again(
    session: Session, me: bytes, prepared: Prepared, decided: Sequence[Found]
) -> dict[bytes, Standing]:
    alive = _find_alive(session, prepared.lot, me)
    naming = _count_naming(session, prepared.lot, decided, me)
    came_to = {}
    for one in prepared.lot:
        case_id, standing = one.case_id, Standing(one.standing)
        if case_id not in alive:
            standing = _left(session, case_id)
        elif case_id in prepared.foreign or case_id not in prepared.shares:
            standing = Standing.UNREADABLE
        elif standing is Standing.MATCHED and naming[one.subject] < one.wanted:
            standing = Standing.WAITING
        came_to[case_id] = standing
    return came_to


def _left(session: Session, case_id: bytes) -> Standing:
    """Return how an entry stands that is not as it was read."""
    status = session.scalar(select(Case.status).where(Case.id == case_id))
    return Standing.WAITING if status == CaseStatus.SEALED else Standing.GONE


def _count_naming(
    session: Session, lot: Sequence[Found], decided: Sequence[Found], me: bytes
) -> Mapping[bytes, int]:
    """Count who still names the same, as far as it matters: up to three each.

    Inside the transaction that opens entries: one that was withdrawn since counts for
    nobody any more.
    """
    same: dict[bytes, list[Found]] = {
        one.subject: [] for one in lot if one.standing == Standing.MATCHED
    }
    for one in decided:
        if one.subject in same and one.standing in _STILL_NAMING:
            same[one.subject].append(one)
    first = [one for group in same.values() for one in group[:_MOST_WANTED]]
    alive = _find_alive(session, first, me)
    return {
        subject: _count_alive(session, group, alive, me)
        for subject, group in same.items()
    }


def _count_alive(
    session: Session, group: Sequence[Found], alive: Collection[bytes], me: bytes
) -> int:
    """Count those of *group* that are there; *alive*: known of the first three."""
    counted = sum(one.case_id in alive for one in group[:_MOST_WANTED])
    for at in range(_MOST_WANTED, len(group), _WITNESSES):
        if counted >= _MOST_WANTED:
            break
        counted += len(_find_alive(session, group[at : at + _WITNESSES], me))
    return counted


def _find_alive(
    session: Session, entries: Sequence[Found], me: bytes
) -> frozenset[bytes]:
    """Return which entries are sealed, and their outers as they were read."""
    case_ids = [one.case_id for one in entries]
    still = select(Case.id).where(
        Case.id.in_(case_ids), Case.status == CaseStatus.SEALED
    )
    sealed = frozenset(session.scalars(still))
    outers = find_outers(session, case_ids, [me])
    return frozenset(
        one.case_id
        for one in entries
        if one.case_id in sealed
        and outer_digest(outers.get(one.case_id, {}).get(me, b"")) == one.outer
    )


def _is_first(session: Session, case_id: bytes, share: Share) -> bool:
    """Tell whether the entry's text is the one that the share was made for."""
    query = select(Message.envelope).where(
        Message.case_id == case_id, Message.chain == Chain.THREAD, Message.number == 0
    )
    envelope = session.scalar(query) or b""
    return hashlib.sha256(envelope).digest() == share.first


def _end_way_in(session: Session, holder: Holder, case_id: bytes, share: Share) -> None:
    """Let the code open nothing any more, as its page said; officers keep the entry.

    The own outer says from now on that the entry is open, so that this is done once.
    """
    case = session.get_one(Case, case_id, populate_existing=True)
    _write(
        session,
        case_id,
        locator=secrets.token_bytes(len(case.locator)),
        # Of the version that locks have: it looks like any other, and never opens.
        reporter_lock=case.reporter_lock[:1]
        + secrets.token_bytes(len(case.reporter_lock) - 1),
    )
    opened = replace(share, rule=ReleaseRule.DATE, subject="")
    place = {"case_id": case_id, "holder": holder.id}
    outer = seal_outer(opened, holder.recipient, holder.gate, **place)
    mine = (
        (Wrap.case_id == case_id)
        & (Wrap.holder_id == holder.id)
        & (Wrap.purpose == PURPOSE_OUTER)
    )
    session.execute(update(Wrap).where(mine).values(wrap=outer))


def _write(session: Session, case_id: bytes, **values: bytes) -> None:
    still = (Case.id == case_id) & (Case.status == CaseStatus.SEALED)
    session.execute(update(Case).where(still).values(values))
