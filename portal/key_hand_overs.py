"""Handing cases on to a colleague's new key, by who can read them.

Who lost the passphrase gets a new key, for which nothing was wrapped. Each colleague
then makes a row for every case there is, all alike: what the own wrap holds, where the
own key opens the case and its sheet and report let the colleague read it; else a dummy.
The receiver takes them up, and again every wrap changes: no snapshot tells who reads.
Before that a colleague types what the receiver reads out in person: whoever holds a
one-time link could have made that key.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from crypto import BrokenError, NotYoursError, Recipient, rewrap, unseal, wrap_dummy
from crypto import unwrap_case_key as unwrap
from portal import audit
from portal.audit import AuditAction
from portal.cases import (
    PURPOSE_CASE,
    PURPOSE_GIVEN,
    PURPOSE_OUTER,
    Duty,
    find_present,
)
from portal.database import transaction
from portal.errors import NoHandOverError, OtherFingerprintError
from portal.models import Base, Case, KeyHandOver, Message, Person, Wrap
from portal.reader_sheets import ReaderSheet
from portal.reports import Report, may_never_read
from portal.roster import NOT_BEGUN, find_uncompared, listed_ids
from portal.threads import Chain, first_place

LOT = 100
"""Cases of one transaction."""

# Below every case there is: the fingerprint was compared, and nothing is done yet.
_COMPARED = bytes(15) + b"\x01"
_WRAPS = Base.metadata.tables[Wrap.__tablename__]


@dataclass(frozen=True)
class Asked:
    """A colleague with a new key, who asks for the cases."""

    person: Person
    is_begun: bool
    is_done: bool
    done: int
    total: int

    def is_read_out(self, typed: str) -> bool:
        """Tell whether *typed* is how the fingerprint of the new key ends."""
        return Recipient(self.person.recipient or b"").is_read_out(typed)


@dataclass(frozen=True)
class Received:
    """How many colleagues were asked, and how many have handed over."""

    done: int
    total: int
    is_waiting: bool
    """Something was handed over that was not taken up yet."""


class _Row(NamedTuple):
    case_id: bytes
    mask: bytes
    reader_sheet: bytes
    report: bytes
    wrap: bytes


def ask_colleagues(session: Session, receiver: Person) -> None:
    """Ask every officer at work for what they can hand over; call it in a transaction."""
    # Who has lost the own key compares nobody's any more.
    ask_others(session, receiver)
    session.execute(
        delete(KeyHandOver).where(
            or_(
                KeyHandOver.receiver_id == receiver.id,
                KeyHandOver.giver_id == receiver.id,
            )
        )
    )
    givers = session.scalars(
        select(Person.id).where(
            Person.is_officer,
            Person.recipient.is_not(None),
            Person.retired_on.is_(None),
            Person.id != receiver.id,
        )
    )
    session.add_all(
        KeyHandOver(
            giver_id=giver, receiver_id=receiver.id, reached=NOT_BEGUN, is_done=False
        )
        for giver in givers
    )


def ask_others(session: Session, leaving: Person) -> None:
    """Ask also who came later, before somebody who was asked leaves; in a transaction.

    Where nobody were left to compare a new key it would be believed unheard.
    """
    for receiver_id in find_uncompared(session) - {leaving.id}:
        asked = select(KeyHandOver.giver_id).where(
            KeyHandOver.receiver_id == receiver_id
        )
        others = listed_ids(session) - {
            *session.scalars(asked),
            receiver_id,
            leaving.id,
        }
        session.add_all(
            KeyHandOver(
                giver_id=other,
                receiver_id=receiver_id,
                reached=NOT_BEGUN,
                is_done=False,
            )
            for other in others
        )


def ask_again(session: Session, receiver_id: bytes) -> None:
    """Forget what was not taken up: the key has changed; call it in a transaction."""
    given = session.scalars(
        select(Wrap.purpose)
        .where(Wrap.holder_id == receiver_id, Wrap.purpose.startswith(PURPOSE_GIVEN))
        .distinct()
    ).all()
    rows = session.scalars(
        select(KeyHandOver).where(KeyHandOver.receiver_id == receiver_id)
    )
    for row in rows:
        if not row.is_done or _purpose(row.giver_id) in given:
            row.reached, row.is_done = NOT_BEGUN, False
    session.execute(
        delete(Wrap).where(
            Wrap.holder_id == receiver_id, Wrap.purpose.startswith(PURPOSE_GIVEN)
        )
    )


def list_asked(session: Session, duty: Duty) -> tuple[Person, ...]:
    """Return the colleagues at work to whom something is still to be handed over."""
    return tuple(
        session.scalars(
            select(Person)
            .join(KeyHandOver, KeyHandOver.receiver_id == Person.id)
            .where(
                KeyHandOver.giver_id == duty.person.id,
                KeyHandOver.is_done.is_(False),
                Person.retired_on.is_(None),
            )
            .order_by(Person.login_name)
        )
    )


def find_asked(session: Session, duty: Duty, receiver_id: bytes) -> Asked:
    """Return one colleague who asked, and how far it is.

    Raises:
        NoHandOverError: nobody of that id did.
    """
    row = session.get(
        KeyHandOver, (duty.person.id, receiver_id), populate_existing=True
    )
    receiver = session.get(Person, receiver_id, populate_existing=True)
    if row is None or receiver is None or receiver.is_retired:
        raise NoHandOverError
    total = select(func.count()).select_from(Case)
    done = total.where(Case.id <= row.reached)
    return Asked(
        receiver,
        is_begun=row.reached != NOT_BEGUN,
        is_done=row.is_done,
        done=session.scalars(done).one(),
        total=session.scalars(total).one(),
    )


def count_received(session: Session, duty: Duty) -> Received | None:
    """Return how far colleagues are with the own new key; None: none was asked for."""
    rows = session.execute(
        select(KeyHandOver.is_done)
        .join(Person, Person.id == KeyHandOver.giver_id)
        .where(KeyHandOver.receiver_id == duty.person.id, Person.retired_on.is_(None))
    ).all()
    if not rows:
        return None
    given = select(Wrap.case_id).where(
        Wrap.holder_id == duty.person.id, Wrap.purpose.startswith(PURPOSE_GIVEN)
    )
    return Received(
        done=sum(row.is_done for row in rows),
        total=len(rows),
        is_waiting=session.execute(given.limit(1)).first() is not None,
    )


def begin(
    session: Session, duty: Duty, receiver_id: bytes, typed: str, today: dt.date
) -> None:
    """Begin, once *typed* is how the fingerprint ends that the receiver reads out.

    Raises:
        NoHandOverError: nobody of that id asked, or is an officer no more.
        OtherFingerprintError: another key's; nothing is handed over.
        KeyChangedError: the session has the key of before.
    """
    with transaction(session):
        giver = find_present(session, duty)
        row, receiver = _find(session, giver, receiver_id)
        if not Recipient(receiver.recipient or b"").is_read_out(typed):
            raise OtherFingerprintError
        if row.reached == NOT_BEGUN:
            row.reached = _COMPARED
            if receiver.is_custodian:
                _believe(session, receiver.id)
            audit.record(session, giver.name, AuditAction.HANDED_OVER, today)


def give_lots(session: Session, duty: Duty, receiver_id: bytes) -> Iterator[None]:
    """Give lot after lot, each a transaction; over when there is no case left.

    Raises:
        NoHandOverError: the fingerprint was not compared, or the key has changed since.
        KeyChangedError: the session has the key of before.
    """
    is_last = False
    while not is_last:
        is_last = give_lot(session, duty, receiver_id)
        yield


def give_lot(session: Session, duty: Duty, receiver_id: bytes) -> bool:
    """Make rows for some more cases; tell whether it was the last lot.

    Nobody waits while it is computed: of a case that is re-made meanwhile the row is
    worth nothing, for its mask is another.

    Raises:
        NoHandOverError: the fingerprint was not compared, or the key has changed since.
        KeyChangedError: the session has the key of before.
    """
    row, receiver = _find(session, find_present(session, duty), receiver_id)
    if not receiver.is_officer:
        raise NoHandOverError
    reached, recipient = row.reached, Recipient(receiver.recipient or b"")
    if reached == NOT_BEGUN:
        raise NoHandOverError
    lot = _next_cases(session, duty.person, reached)
    session.commit()
    wraps = {case.case_id: _given(case, duty, receiver, recipient) for case in lot}
    with transaction(session):
        row, receiver = _find(session, find_present(session, duty), receiver_id)
        if (row.reached, receiver.recipient) != (reached, bytes(recipient)):
            # Another tab has done it, or there is another key to compare.
            return row.is_done
        _insert(session, row, wraps)
        row.reached = lot[-1].case_id if lot else reached
        row.is_done = len(lot) < LOT
    return row.is_done


def _find(
    session: Session, giver: Person, receiver_id: bytes
) -> tuple[KeyHandOver, Person]:
    row = session.get(KeyHandOver, (giver.id, receiver_id), populate_existing=True)
    receiver = session.get(Person, receiver_id, populate_existing=True)
    if row is None or receiver is None or receiver.is_retired:
        raise NoHandOverError
    if not (receiver.is_officer or receiver.is_custodian):
        raise NoHandOverError
    return row, receiver


def _believe(session: Session, custodian_id: bytes) -> None:
    """Let a custodian's key be wrapped to; one officer who heard it is enough.

    What was made before are dummies: officers' next visits make the outers anew.
    """
    session.flush()
    asked = update(KeyHandOver).where(KeyHandOver.receiver_id == custodian_id)
    session.execute(asked.values(is_done=True))
    session.execute(
        delete(Wrap).where(
            Wrap.holder_id == custodian_id, Wrap.purpose == PURPOSE_OUTER
        )
    )


def _next_cases(session: Session, giver: Person, after: bytes) -> Sequence[_Row]:
    query = (
        select(Case.id, Case.mask, Case.reader_sheet, Message.envelope, Wrap.wrap)
        .join(
            Message,
            (Message.case_id == Case.id)
            & (Message.chain == Chain.THREAD.value)
            & (Message.number == 0),
        )
        .join(
            Wrap,
            (Wrap.case_id == Case.id)
            & (Wrap.holder_id == giver.id)
            & (Wrap.purpose == PURPOSE_CASE),
        )
        .where(Case.id > after)
        .order_by(Case.id)
        .limit(LOT)
    )
    return [_Row(*row) for row in session.execute(query)]


def _insert(session: Session, row: KeyHandOver, wraps: Mapping[bytes, bytes]) -> None:
    """Write the giver's rows of those cases that are still there."""
    purpose = _purpose(row.giver_id)
    ids = session.scalars(select(Case.id).where(Case.id.in_(wraps))).all()
    session.execute(
        delete(Wrap).where(
            Wrap.holder_id == row.receiver_id,
            Wrap.purpose == purpose,
            Wrap.case_id.in_(ids),
        )
    )
    this = {"holder_id": row.receiver_id, "purpose": purpose}
    new = [this | {"case_id": case_id, "wrap": wraps[case_id]} for case_id in ids]
    if new:
        session.connection().execute(_WRAPS.insert(), new)


def _given(case: _Row, duty: Duty, receiver: Person, recipient: Recipient) -> bytes:
    """Return what the receiver gets: the case's key if it is his to read, else a dummy."""
    if not _may_read(case, duty, receiver):
        return wrap_dummy(recipient, case_id=case.case_id, holder=receiver.id)
    return rewrap(
        case.wrap,
        duty.identity,
        recipient,
        case_id=case.case_id,
        holder=duty.person.id,
        to_holder=receiver.id,
    )


def _may_read(case: _Row, duty: Duty, receiver: Person) -> bool:
    """Tell whether the case is the receiver's by its sheet, and no untick forbids it.

    What the giver cannot open says neither: it may be held, and be nobody's yet.
    """
    try:
        key = unwrap(
            case.wrap,
            case.mask,
            duty.identity,
            case_id=case.case_id,
            holder=duty.person.id,
            instance=duty.instance,
        )
        sheet = ReaderSheet.unseal(case.reader_sheet, key, case.case_id)
        plain = unseal(case.report, key.thread, first_place(case.case_id))
    except (NotYoursError, BrokenError):
        return False
    report = Report.decode(plain)
    is_reader = receiver.id.hex() in sheet.readers
    return is_reader and not may_never_read(report, receiver)


def _purpose(giver_id: bytes) -> str:
    # Of its own for each colleague: who can open less never replaces what is more.
    return f"{PURPOSE_GIVEN}{giver_id.hex()[:8]}"
