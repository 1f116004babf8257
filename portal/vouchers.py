"""Paper slips that are good once: made in batches, used one by one, voided by batch.

A slip is used in a transaction of its own, before what it is used for: no row and no
page of the journal holds both. Whoever draws one from a box cannot be told by it; whoever
keeps a copy of the sheets can tell which are used, and never by whom.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from crypto import MistypedError, Slip, base32
from portal import administrators, audit
from portal.audit import OPERATOR, AuditAction
from portal.database import find_instance_id, reading, transaction
from portal.errors import NoSuchBatchError, NoSuchSlipError
from portal.models import Base, Person, Voucher

SLIPS_A_SHEET = 24
"""Three across and eight down; what is left is told by whole sheets alone."""

MOST_SLIPS = 20_000
"""So many are printed at once at most."""

_BATCH_SYMBOLS = 6
_ROWS = Base.metadata.tables[Voucher.__tablename__]


@dataclass(frozen=True)
class Printed:
    """Slips that were made together, in the order of their sheets."""

    batch: str
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class BurntSlip:
    """A slip that was used a moment ago."""

    id: bytes
    batch: str


@dataclass(frozen=True)
class Batch:
    """How it stands with the slips that were printed together."""

    name: str
    at_most: int
    """So many are left, rounded up to whole sheets: nobody sees a single one go."""


def print_slips(session: Session, count: int, today: dt.date) -> Printed:
    """Make *count* slips that are good from now on, under a new name."""
    instance = find_instance_id(session)
    slips = tuple(Slip.generate() for _ in range(count))
    with transaction(session):
        batch = _draw_name(session)
        rows = [{"id": slip.id(instance), "batch": batch} for slip in slips]
        session.execute(insert(_ROWS), rows)
        act, concerns = AuditAction.SLIPS_PRINTED, f"{batch}: {count}"
        audit.record(session, OPERATOR, act, today, concerns=concerns)
    return Printed(batch, slips)


def burn(session: Session, slip: Slip) -> BurntSlip:
    """Use *slip* up, for good; call it before what it is used for.

    Of two who use it at the same instant one is refused. Who stops between this and the
    act that follows, killed for example, has lost the slip.

    Raises:
        NoSuchSlipError: unknown, used or voided: the same.
        StoreUnavailableError: nothing was used up.
    """
    slip_id = slip.id(find_instance_id(session))
    of_it = delete(_ROWS).where(_ROWS.c.id == slip_id).returning(_ROWS.c.batch)
    with transaction(session):
        batch = session.execute(of_it).scalar_one_or_none()
    if batch is None:
        raise NoSuchSlipError
    return BurntSlip(slip_id, batch)


def put_back(session: Session, burnt: BurntSlip) -> None:
    """Let a slip be good again where the act that followed failed, and for no other end.

    What was voided stays void: of a batch that has no slip left, none comes back.
    """
    rest = select(_ROWS.c.id).where(_ROWS.c.batch == burnt.batch).limit(1)
    with transaction(session):
        if session.execute(rest).first():
            row = {"id": burnt.id, "batch": burnt.batch}
            session.execute(insert(_ROWS).values(row))


def void_batch(
    session: Session, batch: str, today: dt.date, by: Person | None = None
) -> str:
    """Let no slip of *batch*, as it is typed, be good any more; return its name.

    *by*: the administrator who does it; None: an operator at the machine.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchBatchError: no slip of that name is left.
    """
    name = _as_drawn(batch)
    with transaction(session):
        administrators.check_administrator(session, by)
        gone = session.execute(
            delete(_ROWS).where(_ROWS.c.batch == name).returning(_ROWS.c.id)
        )
        if gone.first() is None:
            raise NoSuchBatchError
        act, actor = AuditAction.SLIPS_VOIDED, by.name if by else OPERATOR
        audit.record(session, actor, act, today, concerns=name)
    return name


def list_batches(session: Session) -> tuple[Batch, ...]:
    """Return the batches of which slips are left, by their names, which are drawn."""
    counts = select(_ROWS.c.batch, func.count()).group_by(_ROWS.c.batch)
    with reading(session):
        rows = session.execute(counts.order_by(_ROWS.c.batch)).all()
    return tuple(Batch(name, _whole_sheets(count)) for name, count in rows)


def find_batch(session: Session, name: str) -> Batch:
    """Return one batch of which slips are left.

    Raises:
        NoSuchBatchError: there is none of that name.
    """
    found = [batch for batch in list_batches(session) if batch.name == name]
    if not found:
        raise NoSuchBatchError
    return found[0]


def _as_drawn(typed: str) -> str:
    """Return a batch's name in its one spelling."""
    name = base32.normalise(typed)
    try:
        base32.decode(name)
    except MistypedError:
        raise NoSuchBatchError from None
    return name


def _whole_sheets(count: int) -> int:
    return -(-count // SLIPS_A_SHEET) * SLIPS_A_SHEET


def _draw_name(session: Session) -> str:
    """Draw a name that no slip has: neither a day nor a count can be told from it."""
    while True:
        bits = _BATCH_SYMBOLS * base32.BITS
        name = base32.encode(secrets.randbits(bits), _BATCH_SYMBOLS)
        same = select(_ROWS.c.id).where(_ROWS.c.batch == name).limit(1)
        if session.execute(same).first() is None:
            return name
