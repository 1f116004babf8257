"""A round reads: a custodian's own outers, some at a time, and what other ones lack.

Of a case it reads id, mask and outers, never a text. A custodian who has joined since,
or whose outer is behind another gate, gets one of the same share; nobody who is named.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crypto import (
    NO_SUBJECT,
    BrokenError,
    Found,
    Key,
    NotYoursError,
    Recipient,
    ReleaseRule,
    RoundKeys,
    Share,
    dummy_outer,
    open_outer,
    outer_digest,
    seal_outer,
    take_gate_off,
)
from portal.cases import PURPOSE_OUTER, Duty
from portal.errors import NoSuchMemberError
from portal.models import Base, Case, Wrap
from portal.reports import is_same_name
from portal.roster import ListedCustodian
from portal.round_rules import Standing, judge
from portal.staff import find_by_number
from portal.statuses import CaseStatus

LOT = 1_000
"""Entries read at a time: a tenth of a second or two, and 3 MB."""

_TABLES = Base.metadata.tables
_CASES, _WRAPS = _TABLES[Case.__tablename__].c, _TABLES[Wrap.__tablename__].c
_INTO_WRAPS = insert(_TABLES[Wrap.__tablename__])
_SEALED = (
    select(_CASES.id, _CASES.mask)
    .where(_CASES.status == CaseStatus.SEALED.value)
    .order_by(_CASES.id)
)

Outers = Mapping[bytes, Mapping[bytes, bytes]]
"""By case id: outers by the id of their holder."""


@dataclass(frozen=True)
class Holder:
    """Whose outers they are, and behind which gate."""

    id: bytes
    recipient: Recipient
    gate: Key = field(repr=False)


@dataclass(frozen=True)
class Reader:
    """Who reads, behind which gate, and for which other custodians."""

    duty: Duty
    gate: Key = field(repr=False)
    keys: RoundKeys = field(repr=False)
    others: tuple[ListedCustodian, ...]
    """Those whose key an officer has heard the end of."""
    today: dt.date

    @property
    def holder(self) -> Holder:
        """Return the same without what opens them."""
        duty = self.duty
        return Holder(duty.person.id, duty.identity.recipient, self.gate)


@dataclass(frozen=True)
class MissingOuter:
    """An outer that a custodian lacks, made of the share that another holds."""

    case_id: bytes
    holder: bytes
    outer: bytes = field(repr=False)
    mine: bytes = field(repr=False)
    """The outer that the share came from, as it was then."""


@dataclass(frozen=True)
class ReadLot:
    """What was found of some entries."""

    found: list[Found]
    missing: list[MissingOuter]

    @property
    def is_last(self) -> bool:
        """Tell whether there is nothing behind it."""
        return len(self.found) < LOT


def read_lot(session: Session, reader: Reader, after: bytes) -> ReadLot:
    """Read the entries behind the case id *after*; writes nothing."""
    rows = session.connection().execute(_SEALED.where(_CASES.id > after).limit(LOT))
    masks: dict[bytes, bytes] = {row.id: row.mask for row in rows}
    me = reader.duty.person.id
    holders = (me, *(one.id for one in reader.others))
    outers = find_outers(session, masks, holders)
    found: list[Found] = []
    missing: list[MissingOuter] = []
    for case_id, mask in masks.items():
        theirs = outers.get(case_id, {})
        mine = theirs.get(me)
        share = open_own(mine, reader, case_id)
        found.append(_found(case_id, mask, mine, share, reader))
        if mine and isinstance(share, Share):
            missing += _missing(session, case_id, theirs, mine, share, reader)
    return ReadLot(found, missing)


def find_outers(
    session: Session, case_ids: Collection[bytes], holders: Collection[bytes]
) -> Outers:
    """Return the outers of *holders* in some cases."""
    query = select(_WRAPS.case_id, _WRAPS.holder_id, _WRAPS.wrap).where(
        _WRAPS.case_id.in_(case_ids),
        _WRAPS.holder_id.in_(holders),
        _WRAPS.purpose == PURPOSE_OUTER,
    )
    outers: dict[bytes, dict[bytes, bytes]] = {}
    for case_id, holder, wrap in session.connection().execute(query):
        outers.setdefault(case_id, {})[holder] = wrap
    return outers


def open_own(outer: bytes | None, reader: Reader, case_id: bytes) -> Share | Standing:
    """Return the share in a custodian's outer, or how an entry without one stands."""
    if outer is None:
        return Standing.UNREADABLE
    place = {"case_id": case_id, "holder": reader.duty.person.id}
    try:
        inner = take_gate_off(outer, reader.gate, **place)
    except (NotYoursError, BrokenError):
        return Standing.UNREADABLE
    try:
        return open_outer(inner, reader.duty.identity, **place)
    except NotYoursError:
        return Standing.UNREADABLE
    except BrokenError:
        # It was kept from this custodian, who shall not be told so: it waits for others.
        return Standing.WAITING


def write_missing(session: Session, missing: list[MissingOuter], me: bytes) -> None:
    """Insert outers for who lacks them; call it inside a transaction.

    Where the entry was made anew since, or is gone, whoever did so knew who is here.
    """
    if not missing:
        return
    case_ids = {one.case_id for one in missing}
    still = select(_CASES.id).where(
        _CASES.id.in_(case_ids), _CASES.status == CaseStatus.SEALED.value
    )
    sealed = frozenset(session.connection().scalars(still))
    now = find_outers(session, case_ids, [me])
    rows = [
        {
            "case_id": one.case_id,
            "holder_id": one.holder,
            "purpose": PURPOSE_OUTER,
            "wrap": one.outer,
        }
        for one in missing
        if one.case_id in sealed and now.get(one.case_id, {}).get(me) == one.mine
    ]
    for row in rows:
        session.connection().execute(
            delete(Wrap).where(
                Wrap.case_id == row["case_id"],
                Wrap.holder_id == row["holder_id"],
                Wrap.purpose == PURPOSE_OUTER,
            )
        )
    if rows:
        session.connection().execute(_INTO_WRAPS, rows)


def _found(
    case_id: bytes,
    mask: bytes,
    mine: bytes | None,
    share: Share | Standing,
    reader: Reader,
) -> Found:
    digest = outer_digest(mine or b"")
    if isinstance(share, Standing):
        return Found(case_id, digest, NO_SUBJECT, 0, share)
    wanted = ReleaseRule(share.rule).wanted
    tag = reader.keys.tag(share.subject) if wanted else NO_SUBJECT
    return Found(case_id, digest, tag, wanted, judge(share, mask, reader.today))


def _missing(
    session: Session,
    case_id: bytes,
    theirs: Mapping[bytes, bytes],
    mine: bytes,
    share: Share,
    reader: Reader,
) -> Iterator[MissingOuter]:
    for other in reader.others:
        place = {"case_id": case_id, "holder": other.id}
        if _is_behind(theirs.get(other.id), reader.gate, place):
            continue
        recipient = Recipient(other.recipient)
        if _is_about(session, share, other):
            outer = dummy_outer(recipient, reader.gate, **place)
        else:
            outer = seal_outer(share, recipient, reader.gate, **place)
        yield MissingOuter(case_id, other.id, outer, mine)


def _is_behind(outer: bytes | None, gate: Key, place: Mapping[str, bytes]) -> bool:
    if outer is None:
        return False
    try:
        take_gate_off(outer, gate, **place)
    except (NotYoursError, BrokenError):
        return False
    return True


def _is_about(session: Session, share: Share, custodian: ListedCustodian) -> bool:
    """Tell whether the entry names the custodian, as far as the staff list knows."""
    if not share.subject:
        return False
    try:
        named = find_by_number(session, share.subject)
    except NoSuchMemberError:
        return False
    return is_same_name(named.name, custodian.name)
