"""Whether the steps of a case are in the public trail, and whether others are.

Who holds the key of a case's thread computes the leaves of every step that is shown, and
of every step that could stand in its place or come next: a leaf in the tree for a step
that is not shown is a hidden step; a step without a leaf after its day is a missing one.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import (
    EMPTY_DIGEST,
    BrokenError,
    Key,
    NotYoursError,
    Opening,
    StepKind,
    ledger_key,
    open_all,
    open_step,
    unlock_digest,
)
from portal.ledger import LeafPlace, find_leaves
from portal.models import LedgerDay, Step, WaitingLeaf

NUMBERS_AHEAD = 2
"""So many numbers after the last step are looked for: the clock can take two in a row."""

_KINDS = tuple(StepKind)
_NIGHT = dt.timedelta(days=1)


class LeafState(StrEnum):
    """What became of a step's leaf, from the best to the worst."""

    IN_TRAIL = "in-trail"
    BEFORE = "before"
    """The step was taken before the trail began; it has no leaf."""
    WAITS = "waits"
    """For the coming night."""
    LATE = "late"
    """It waits, and the night of its day is over."""
    MISSING = "missing"
    """It should be in the trail and is not."""

    @property
    def is_wrong(self) -> bool:
        """Tell whether somebody should hear of it."""
        return self in {LeafState.LATE, LeafState.MISSING}


@dataclass(frozen=True)
class StepInTrail:
    """A step, and where its leaf is."""

    step: Step
    opening: Opening
    digest: bytes
    """Of what the reporter wrote with it."""
    state: LeafState
    place: LeafPlace | None
    """Where it stands in the tree; None: it is not there."""

    @property
    def in_trail_since(self) -> dt.date | None:
        """The day that closed it in."""
        return self.place.day if self.place else None


@dataclass(frozen=True)
class CaseTrail:
    """A case as the public trail knows it."""

    steps: tuple[StepInTrail, ...]
    hidden: tuple[Opening, ...]
    """Steps in the trail that the case does not show."""
    closed_until: dt.date | None
    """The last day that is closed; None: none is."""


def read_case_trail(
    session: Session,
    case_id: bytes,
    steps: Sequence[Step],
    thread_key: Key,
    today: dt.date,
) -> CaseTrail:
    """Compare the steps of a case with the public trail."""
    key = ledger_key(thread_key, case_id)
    opened = [_open(key, step) for step in steps]
    shown = {opening.leaf for opening, _digest in opened}
    others = [one for one in _all_that_could_be(key, steps) if one.leaf not in shown]
    places = find_leaves(session, {*shown, *(one.leaf for one in others)})
    waiting = _find_waiting(session, shown - set(places))
    first, last = _first_and_last(session)
    found = []
    for step, (opening, digest) in zip(steps, opened, strict=True):
        place = places.get(opening.leaf)
        if place is not None:
            state = LeafState.IN_TRAIL
        elif opening.leaf in waiting:
            is_late = step.taken_on + _NIGHT < today
            state = LeafState.LATE if is_late else LeafState.WAITS
        else:
            # On the trail's first day steps were taken before it began.
            is_before = first is None or step.taken_on <= first
            state = LeafState.BEFORE if is_before else LeafState.MISSING
        found.append(StepInTrail(step, opening, digest, state, place))
    hidden = tuple(one for one in others if one.leaf in places)
    return CaseTrail(tuple(found), hidden, last)


def _open(key: Key, step: Step) -> tuple[Opening, bytes]:
    """Return what opens a step's leaf, and the digest of its text.

    A digest that was damaged opens a leaf that is in no tree: the step is missing.
    """
    digest = EMPTY_DIGEST
    if step.locked_digest is not None:
        try:
            digest = unlock_digest(key, step.number, step.locked_digest)
        except (NotYoursError, BrokenError):
            digest = EMPTY_DIGEST
    return open_step(key, step.number, StepKind.of(step.kind), digest), digest


def _all_that_could_be(key: Key, steps: Sequence[Step]) -> Iterator[Opening]:
    """Yield every step, of every kind, up to some after the last one."""
    for number in range(len(steps) + NUMBERS_AHEAD):
        yield from open_all(key, number, _KINDS)


def _find_waiting(session: Session, leaves: set[bytes]) -> set[bytes]:
    query = select(WaitingLeaf.leaf).where(WaitingLeaf.leaf.in_(sorted(leaves)))
    return set(session.scalars(query))


def _first_and_last(session: Session) -> tuple[dt.date | None, dt.date | None]:
    days = select(func.min(LedgerDay.day), func.max(LedgerDay.day))
    first, last = session.execute(days).one()
    return first, last
