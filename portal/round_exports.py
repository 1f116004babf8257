"""A round is carried away: all that one custodian's machine needs, in one file.

The gates are taken off in it, not in the database. Of an entry it holds what its
custodian opens and what shows that the entry is as it was; no text, and no wrap of an
officer. A round that this custodian had begun before is given up.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    ExportedEntry,
    Identity,
    InstanceId,
    Key,
    LockedIdentity,
    NotYoursError,
    RoundExport,
    export_digest,
    lock_export,
    outer_digest,
    take_gate_off,
    unlock_export,
)
from portal import audit
from portal.audit import OPERATOR, AuditAction
from portal.cases import PURPOSE_OUTER
from portal.cosigning import export_trail
from portal.database import rest, transaction
from portal.errors import NoSuchPersonError
from portal.models import Base, Case, Message, Person, Round, Wrap
from portal.outers import digest_of
from portal.people import fold_name
from portal.roster import list_custodians
from portal.round_errors import (
    BackdatedRoundError,
    NoSigningKeyError,
    NotHeardError,
)
from portal.rounds import count_sealed, last_day
from portal.statuses import CaseStatus
from portal.threads import Chain

LOT = 1_000
"""Entries read at a time."""

_NOT_BEGUN = bytes(16)
_TABLES = Base.metadata.tables
_CASES, _WRAPS = _TABLES[Case.__tablename__].c, _TABLES[Wrap.__tablename__].c
_TEXTS = _TABLES[Message.__tablename__].c


def export_round(
    session: Session, name: str, gate: Key, instance: InstanceId, today: dt.date
) -> bytes:
    """Begin a round of the custodian called *name*; return the file that it is held with.

    Raises:
        NoSuchPersonError: no custodian at work has that name.
        NotHeardError: no officer has heard how the custodian's key ends.
        NoSigningKeyError: the custodian has not logged in since signatures are checked.
        BackdatedRoundError: the clock stands before the last round.
    """
    person = _find_custodian(session, name)
    newest = last_day(session)
    if newest is not None and newest > today:
        raise BackdatedRoundError
    entries = _shuffled(_entries(session, person.id, gate))
    lacking = max(0, count_sealed(session) - len(entries))
    recipient, locked = person.recipient, person.locked_identity or b""
    answer_to = Identity.generate()
    rest(session)
    with transaction(session):
        person = session.get_one(Person, person.id, populate_existing=True)
        if (person.recipient, person.is_retired) != (recipient, False):
            raise NoSuchPersonError
        number = (session.scalar(select(func.max(Round.number))) or 0) + 1
        export = RoundExport(
            instance,
            number,
            today,
            person.id,
            person.name,
            LockedIdentity(locked),
            answer_to.recipient,
            lacking,
            export_trail(session, person, instance, today),
            tuple(entries),
        ).encode()
        _begin(session, person, number, export, answer_to, gate, today)
    return export


def list_who_can(session: Session) -> tuple[str, ...]:
    """Return the names of custodians whose round can be carried away."""
    return tuple(one.name for one in list_custodians(session) if one.is_heard)


def find_carried(session: Session, person_id: bytes, gate: Key) -> dt.date | None:
    """Return since when a custodian's round is on its way; None: none is."""
    mine = (Round.custodian_id == person_id) & Round.is_done.is_(False)
    for row in session.scalars(select(Round).where(mine)):
        with suppress(NotYoursError, BrokenError):
            unlock_export(row.locked or b"", gate, number=row.number, holder=person_id)
            return row.day
    return None


def _find_custodian(session: Session, name: str) -> Person:
    wanted = fold_name(name)
    found = [one for one in list_custodians(session) if fold_name(one.name) == wanted]
    if not found:
        raise NoSuchPersonError
    if not found[0].is_heard:
        raise NotHeardError
    person = session.get_one(Person, found[0].id, populate_existing=True)
    if person.signing_key is None:
        raise NoSigningKeyError
    return person


def _begin(
    session: Session,
    person: Person,
    number: int,
    export: bytes,
    answer_to: Identity,
    gate: Key,
    today: dt.date,
) -> None:
    """Write the row of the round; one that was begun before is given up."""
    mine = (Round.custodian_id == person.id) & Round.is_done.is_(False)
    session.execute(delete(Round).where(mine))
    locked = lock_export(
        answer_to, export_digest(export), gate, number=number, holder=person.id
    )
    session.add(
        Round(
            number=number,
            custodian_id=person.id,
            day=today,
            is_done=False,
            reached=_NOT_BEGUN,
            locked=locked,
        )
    )
    act = AuditAction.ROUND_EXPORTED
    audit.record(session, OPERATOR, act, today, concerns=person.name)


def _shuffled(entries: Iterable[ExportedEntry]) -> list[ExportedEntry]:
    """Return them in an order that tells nothing of when each came."""
    drawn = list(entries)
    secrets.SystemRandom().shuffle(drawn)
    return drawn


def _entries(session: Session, holder: bytes, gate: Key) -> Iterator[ExportedEntry]:
    """Return every sealed entry that holds something for this custodian."""
    query = (
        select(_CASES.id, _CASES.mask, _TEXTS.envelope, _WRAPS.wrap)
        .join(
            Message,
            (_TEXTS.case_id == _CASES.id)
            & (_TEXTS.chain == Chain.THREAD.value)
            & (_TEXTS.number == 0),
        )
        .join(
            Wrap,
            (_WRAPS.case_id == _CASES.id)
            & (_WRAPS.holder_id == holder)
            & (_WRAPS.purpose == PURPOSE_OUTER),
        )
        .where(_CASES.status == CaseStatus.SEALED.value)
        .order_by(_CASES.id)
        .limit(LOT)
    )
    after = b""
    while rows := session.execute(query.where(_CASES.id > after)).all():
        for row in rows:
            yield from _entry(*row, holder, gate)
        after = rows[-1].id


def _entry(
    case_id: bytes,
    mask: bytes,
    first: bytes,
    outer: bytes,
    holder: bytes,
    gate: Key,
) -> Iterator[ExportedEntry]:
    try:
        inner = take_gate_off(outer, gate, case_id=case_id, holder=holder)
    except (NotYoursError, BrokenError):
        return  # of another gate, or damaged: counted as lacking
    digests = outer_digest(outer), digest_of(mask), digest_of(first)
    yield ExportedEntry(case_id, *digests, inner)
