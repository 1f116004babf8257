"""What an officer has seen of each case, so that a list can say what is new.

It stands in the officer's own row, under the officer's own key: nobody else
learns what was looked at. What counts are the texts and steps that officers
have, which never become fewer. An own act is no news.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crypto import BrokenError, NotYoursError, SeenCounts
from portal.cases import Duty
from portal.database import transaction
from portal.errors import StoreUnavailableError
from portal.models import Case, Message, Person, Step


class News:
    """What is new to an officer, during one request."""

    def __init__(self, session: Session, duty: Duty) -> None:
        self._session, self._duty = session, duty
        self._seen = _read(session, duty)
        if self._seen is None:
            _begin(session, duty)

    def among(self, case_ids: Collection[bytes]) -> frozenset[bytes]:
        """Return those cases in which there is more than the officer has seen."""
        if self._seen is None or not case_ids:
            return frozenset()
        counts = _counts(self._session, case_ids)
        return frozenset(
            case_id
            for case_id, count in counts.items()
            if count > self._seen.find(case_id)
        )

    def lock_again(self) -> None:
        """Write what was seen anew: nobody sees that nothing was added.

        Caches of keys were dropped, perhaps because cases were destroyed: of those
        nothing stays here either.
        """
        with suppress(StoreUnavailableError), transaction(self._session):
            there = frozenset(self._session.scalars(select(Case.id)))
            seen = _read(self._session, self._duty) or SeenCounts()
            _lock(self._session, self._duty, seen.only(there))


def look(session: Session, duty: Duty, case_id: bytes) -> None:
    """Keep that the officer has the case before the eyes, as it is now."""
    if News(session, duty).among([case_id]):
        _keep(session, duty, lambda: _counts(session, [case_id]))


def mark(session: Session, duty: Duty, case_id: bytes) -> None:
    """Keep the same inside a transaction, with which it fails or holds."""
    _write(session, duty, _counts(session, [case_id]))


def was_seen(session: Session, duty: Duty, case_id: bytes) -> bool:
    """Tell whether anything of the case was ever before these eyes."""
    kept = _read(session, duty)
    return kept is not None and kept.find(case_id) > 0


@contextmanager
def own_act(session: Session, duty: Duty, case_id: bytes) -> Iterator[None]:
    """Let an act of the officer's own make no news where there was none."""
    was_new = News(session, duty).among([case_id])
    yield
    if not was_new:
        look(session, duty, case_id)


def _begin(session: Session, duty: Duty) -> None:
    """Count all there is as seen, where nothing was kept so far."""
    _keep(session, duty, lambda: _counts(session))


def _keep(
    session: Session, duty: Duty, newer: Callable[[], Mapping[bytes, int]]
) -> None:
    # What cannot be kept now is new once more: reading must go on.
    with suppress(StoreUnavailableError), transaction(session):
        _write(session, duty, newer())


def _write(session: Session, duty: Duty, newer: Mapping[bytes, int]) -> None:
    # Read again: another tab may have looked at another case meanwhile.
    seen = _read(session, duty) or SeenCounts()
    _lock(session, duty, seen.adding(newer))


def _lock(session: Session, duty: Duty, seen: SeenCounts) -> None:
    locked = seen.lock(duty.identity, holder=duty.person.id, instance=duty.instance)
    mine = update(Person).where(Person.id == duty.person.id)
    session.execute(mine.values(seen_counts=locked))


def _read(session: Session, duty: Duty) -> SeenCounts | None:
    """Return what was kept; None: nothing yet, as before there were these counts."""
    locked = session.scalar(
        select(Person.seen_counts).where(Person.id == duty.person.id)
    )
    if locked is None:
        return None
    try:
        return SeenCounts.unlock(
            locked, duty.identity, holder=duty.person.id, instance=duty.instance
        )
    except (NotYoursError, BrokenError):
        # Everything is new again, which is the safe side.
        return SeenCounts()


def _counts(
    session: Session, case_ids: Collection[bytes] | None = None
) -> Mapping[bytes, int]:
    """Return how many texts and steps officers have; of all cases if not told which."""
    texts = select(Message.case_id, func.count()).where(
        Message.is_handed_over.is_(True)
    )
    steps = select(Step.case_id, func.count())
    if case_ids is not None:
        texts = texts.where(Message.case_id.in_(case_ids))
        steps = steps.where(Step.case_id.in_(case_ids))
    counts: Counter[bytes] = Counter()
    counts.update(dict(session.execute(texts.group_by(Message.case_id)).all()))
    counts.update(dict(session.execute(steps.group_by(Step.case_id)).all()))
    return counts
