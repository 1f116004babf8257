"""The steps of a case's timeline, and what each leaves for the public ledger.

Every step leaves one leaf, which waits for the day's batch in a row that names no case.
Who takes a step holds the case's key, but for the clock: what it may do next has its
leaves made in advance, by whoever took the step before (sealing.md 9).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from crypto import (
    EMPTY_DIGEST,
    LEAF_SIZE,
    Key,
    Opening,
    StepKind,
    ledger_key,
    lock_digest,
    open_all,
    open_step,
    unlock_digest,
)
from portal.models import Base, Case, Step, WaitingLeaf

ESCALATED = "escalated"
"""The step at which the clock opens a case to custodians: a day was missed."""
EXPIRED = "expired"
"""The step that a sealed entry ends with, unread, on its day."""
DESTROYED = "destroyed"
"""The step that everything else ends with."""

CLOCK_KINDS = (StepKind.ESCALATED, StepKind.EXPIRED, StepKind.DESTROYED)
CLOCK_STEPS = 2
"""How many steps in a row the clock can take before somebody takes one."""

_CLOCK_WORDS = frozenset(kind.word for kind in CLOCK_KINDS)
_TABLES = Base.metadata.tables
INTO_WAITING_LEAVES = insert(_TABLES[WaitingLeaf.__tablename__])


@dataclass(frozen=True)
class Written:
    """A step as it is written: its row, its leaf, and the clock's next leaves."""

    row: dict[str, Any]
    leaf: bytes
    clock_leaves: bytes

    @property
    def waiting(self) -> dict[str, Any]:
        """The row of the leaf that waits for the day's batch."""
        return {"leaf": self.leaf, "day": self.row["taken_on"]}


def make_step(
    case_id: bytes,
    number: int,
    kind: str,
    today: dt.date,
    thread_key: Key,
    digest: bytes = EMPTY_DIGEST,
) -> Written:
    """Make a step and its leaves; *digest*: of what the reporter wrote with it."""
    key = ledger_key(thread_key, case_id)
    opening = open_step(key, number, StepKind.of(kind), digest)
    locked = None if digest == EMPTY_DIGEST else lock_digest(key, number, digest)
    row = {
        "case_id": case_id,
        "number": number,
        "kind": kind,
        "taken_on": today,
        "locked_digest": locked,
    }
    return Written(row, opening.leaf, clock_leaves_after(key, number))


def take_step(
    session: Session,
    case: Case,
    kind: str,
    today: dt.date,
    thread_key: Key,
    digest: bytes = EMPTY_DIGEST,
) -> None:
    """Add a step to the case's timeline, and its leaf to those that wait.

    *digest*: of what the reporter wrote with it (`crypto.text_digest`). Call it inside
    the transaction that does what the step tells.
    """
    number = _next_number(session, case.id)
    made = make_step(case.id, number, kind, today, thread_key, digest)
    case.clock_leaves = made.clock_leaves
    session.add_all((Step(**made.row), WaitingLeaf(leaf=made.leaf, day=today)))
    session.flush()


def take_clock_step(
    session: Session, case: Case, kind: StepKind, today: dt.date
) -> None:
    """Add a step that nobody took: the leaf was made in advance.

    A case from before the ledger has none; its step is shown as such.
    """
    number = _next_number(session, case.id)
    leave_for_clock(session, case, kind, today)
    session.add(Step(case_id=case.id, number=number, kind=kind.word, taken_on=today))
    session.flush()


def leave_for_clock(
    session: Session, case: Case, kind: StepKind, today: dt.date | None = None
) -> None:
    """Let the leaf of the clock's next step wait; the step itself may leave no row.

    Call it before the step is added, or where the case is destroyed with it. Without
    *today* it enters the batch of the day that begins next.
    """
    leaf = _clock_leaf(session, case, kind)
    if leaf is not None:
        # Merged: a case that came back with an older database leaves it again.
        session.merge(WaitingLeaf(leaf=leaf, day=today))


def open_steps(key: Key, steps: Iterable[Step]) -> Iterator[Opening]:
    """Return what shows the leaf of each step; *key*: the ledger key of their case.

    Raises:
        NotYoursError, BrokenError: what stands for a text is not what was kept.
    """
    for step in steps:
        digest = EMPTY_DIGEST
        if step.locked_digest is not None:
            digest = unlock_digest(key, step.number, step.locked_digest)
        yield open_step(key, step.number, StepKind.of(step.kind), digest)


def clock_leaves_after(key: Key, number: int) -> bytes:
    """Return the leaves that the clock may need after step *number*, which somebody took."""
    ahead = range(number + 1, number + 1 + CLOCK_STEPS)
    return b"".join(
        opening.leaf for one in ahead for opening in open_all(key, one, CLOCK_KINDS)
    )


def _next_number(session: Session, case_id: bytes) -> int:
    # After the highest: where somebody took a step out, the next one finds room.
    highest = select(func.max(Step.number)).where(Step.case_id == case_id)
    last = session.scalars(highest).one()
    return 0 if last is None else last + 1


def _clock_leaf(session: Session, case: Case, kind: StepKind) -> bytes | None:
    """Return the leaf made in advance for the next step, if there is one."""
    kinds = session.scalars(
        select(Step.kind).where(Step.case_id == case.id).order_by(Step.number.desc())
    )
    behind = 0
    for word in kinds:
        if word not in _CLOCK_WORDS:
            break
        behind += 1
    start = (behind * len(CLOCK_KINDS) + CLOCK_KINDS.index(kind)) * LEAF_SIZE
    leaf = (case.clock_leaves or b"")[start : start + LEAF_SIZE]
    return leaf or None
