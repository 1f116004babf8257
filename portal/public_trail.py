"""Whether the steps of a case are in the public trail, and whether others are.

Who holds the key of a case's thread computes the leaves of every step that is shown, and
of every step that could stand in its place or come next: a leaf in the tree for a step
that is not shown is a hidden step; a step without a leaf after its day is a missing one.
A step that was taken out with its text leaves a gap, or the clock's next leaves behind.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import LargeBinary, cast, func, select
from sqlalchemy.orm import Session

from crypto import (
    EMPTY_DIGEST,
    BrokenError,
    Key,
    Kind,
    NotYoursError,
    Opening,
    StepKind,
    body_of,
    ledger_key,
    open_all,
    open_step,
    text_digest,
    unlock_digest,
    written_key,
)
from portal import threads
from portal.ledger import LeafPlace, find_leaves
from portal.models import Case, LedgerDay, Step, WaitingLeaf
from portal.steps import CLOCK_KINDS, clock_leaves_after
from portal.threads import Chain

NUMBERS_AHEAD = 8
"""So many numbers after the last step are looked for.

The clock can take two in a row; of several that were taken out the first may be ones
with a text, which cannot be looked for once that is gone.
"""

_KINDS = tuple(StepKind)
_NIGHT = dt.timedelta(days=1)
_FIRST_TEXT = (StepKind.SEALED, StepKind.RECEIVED)
"""Steps with which the first text of a thread came."""

_WrittenStep = tuple[StepKind, bytes]
"""A kind of step, and the digest of what was written with it."""


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

    @property
    def is_of_another_day(self) -> bool:
        """Tell whether the trail has another day for it; a night's difference is none."""
        if self.place is None:
            return False
        passed = self.place.day - self.step.taken_on
        return not dt.timedelta() <= passed <= _NIGHT


@dataclass(frozen=True)
class CaseTrail:
    """A case as the public trail knows it."""

    steps: tuple[StepInTrail, ...]
    hidden: tuple[Opening, ...]
    """Steps in the trail that the case does not show."""
    lost: tuple[int, ...]
    """Numbers of others that were taken and are gone; what they were nothing tells."""
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
    written = _unshown(_find_written(session, case_id, thread_key), opened)
    numbers = {step.number for step in steps}
    end = max(numbers, default=-1) + 1
    could_be = _all_that_could_be(key, end + NUMBERS_AHEAD, written)
    others = {one.leaf: one for one in could_be}
    for leaf in shown:
        others.pop(leaf, None)
    places = find_leaves(session, {*shown, *others})
    waiting = _find_waiting(session, shown - set(places))
    first, last = _first_and_last(session)
    found: list[StepInTrail] = []
    for step, (opening, digest) in zip(steps, opened, strict=True):
        place = places.get(opening.leaf)
        if place is not None:
            state = LeafState.IN_TRAIL
        elif opening.leaf in waiting:
            is_late = today - step.taken_on > _NIGHT
            state = LeafState.LATE if is_late else LeafState.WAITS
        else:
            state = _state_without(opening.kind, step, found, first)
        found.append(StepInTrail(step, opening, digest, state, place))
    hidden = tuple(one for leaf, one in others.items() if leaf in places)
    lost = set(range(end)) - numbers
    if not _fits_clock(session, case_id, key, found):
        lost.add(end)
    lost -= {one.number for one in hidden}
    return CaseTrail(tuple(found), hidden, tuple(sorted(lost)), last)


def _fits_clock(
    session: Session, case_id: bytes, key: Key, steps: Iterable[StepInTrail]
) -> bool:
    """Tell whether the clock's leaves follow the last step that somebody took.

    They were made with it, by its key: without an older copy of the row nobody can put
    the leaves of before back. One query, since a step may be taken meanwhile.
    """
    taken = select(func.max(Step.number)).where(
        Step.case_id == case_id, Step.kind.not_in([one.word for one in CLOCK_KINDS])
    )
    # As bytes, whatever is stored.
    leaves = cast(Case.clock_leaves, LargeBinary)
    row = session.execute(
        select(leaves, taken.scalar_subquery()).where(Case.id == case_id)
    ).first()
    if row is None:
        return True  # destroyed meanwhile
    kept, number = row
    if kept is None:
        # It is from before the trail, unless a step of somebody's has a leaf.
        left = {one.state for one in steps if one.opening.kind not in CLOCK_KINDS}
        return left <= {LeafState.BEFORE, LeafState.MISSING}
    return number is not None and kept == clock_leaves_after(key, number)


def _state_without(
    kind: StepKind, step: Step, before: Sequence[StepInTrail], first: dt.date | None
) -> LeafState:
    """Return the state of a step without a leaf; *before*: the steps before it.

    On the trail's first day steps were taken before it began, and for a case of that
    time the clock has no leaf. Behind a step that left one nothing is from before.
    """
    is_old = first is None or step.taken_on <= first or kind in CLOCK_KINDS
    is_first_part = all(one.state is LeafState.BEFORE for one in before)
    return LeafState.BEFORE if is_old and is_first_part else LeafState.MISSING


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


def _all_that_could_be(
    key: Key, count: int, written: Sequence[_WrittenStep]
) -> Iterator[Opening]:
    """Yield every step, of every kind, of the first *count* numbers."""
    for number in range(count):
        empty = open_all(key, number, _KINDS)
        yield from empty
        blind = written_key(key, number)
        for kind, digest in written:
            yield replace(empty[0], kind=kind, body=body_of(blind, digest))


def _find_written(
    session: Session, case_id: bytes, thread_key: Key
) -> tuple[_WrittenStep, ...]:
    """Return what left a step with its text, as far as the thread holds it still."""
    with suppress(BrokenError):
        # Whoever shows a thread that was damaged says so.
        entries = threads.read(session, case_id, Chain.THREAD, thread_key)
        return tuple(_steps_of(entries))
    return ()


def _unshown(
    written: Iterable[_WrittenStep], opened: Iterable[tuple[Opening, bytes]]
) -> tuple[_WrittenStep, ...]:
    """Return what was written more often than steps show it.

    What stands behind a step that is shown hides no other: so a reporter who tells of
    trouble day by day makes no page slower than it has to be.
    """
    shown = Counter((opening.kind, digest) for opening, digest in opened)
    return tuple(Counter(written) - shown)


def _steps_of(entries: Iterable[threads.Entry]) -> Iterator[_WrittenStep]:
    for entry in entries:
        if entry.number == 0:
            digest = text_digest(entry.plain, Kind.REPORT)
            yield from ((kind, digest) for kind in _FIRST_TEXT)
        elif entry.text.is_objection:
            yield StepKind.OBJECTION, text_digest(entry.plain, Kind.MESSAGE)
        elif entry.text.trouble is not None:
            yield StepKind.TROUBLE, text_digest(entry.plain, Kind.MESSAGE)


def _find_waiting(session: Session, leaves: set[bytes]) -> set[bytes]:
    query = select(WaitingLeaf.leaf).where(WaitingLeaf.leaf.in_(sorted(leaves)))
    return set(session.scalars(query))


def _first_and_last(session: Session) -> tuple[dt.date | None, dt.date | None]:
    days = select(func.min(LedgerDay.day), func.max(LedgerDay.day))
    first, last = session.execute(days).one()
    return first, last
