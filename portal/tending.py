"""Due work: done by the next request that notices it, or by `lurus tend`.

Each kind is one function that may run anywhere, any number of times: the slot
it was done for is written down first, so that two workers do it once. A slot
that lies before the one written down is only written down: the clock was set
back, and what waits is done at the next slot of the clock as it is now.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from portal import devices, evaluations, leaflets, sessions, throttle, uploads
from portal.clock_guard import ClockGuard, note_day
from portal.database import shrink_journal, transaction
from portal.escalation import Escalation
from portal.evaluation_days import FixedDays
from portal.handover import HandOverHours, hand_over
from portal.ledger_batches import DailyLedger
from portal.models import Job
from portal.notices import Courier
from portal.objects import ObjectStore
from portal.shredding import Purge

_AN_HOUR = 3600.0


@dataclass(frozen=True)
class DueWork:
    """One kind of work and the slots of time it is due in."""

    name: str
    slot: Callable[[dt.datetime], str]
    run: Callable[[Session, dt.datetime], bool]
    """Does a part of it in the transaction; tells whether that was all."""
    is_daily: bool = False
    """It goes by the day alone, and waits where the clock has jumped."""
    follow: Callable[[Session, dt.datetime], None] = lambda _session, _now: None
    """Begins what must never be done twice, when the slot is written down for good."""


def all_work(
    hours: HandOverHours,
    courier: Courier | None,
    objects: ObjectStore | None,
    purge: Purge | None,
    ledger: DailyLedger | None,
    escalation: Escalation | None,
    fixed_days: FixedDays | None = None,
) -> tuple[DueWork, ...]:
    """Return every kind of due work; a slot sorts as text behind the one before."""
    work = [
        DueWork("sweep", _hour, _sweep, follow=partial(_sweep_files, objects)),
        DueWork("hand-over", hours.slot, _hand_over),
        DueWork("leaflets", _day, leaflets.purge, is_daily=True),
    ]
    if ledger is not None:
        work.append(
            DueWork("ledger", _day, ledger.run, is_daily=True, follow=ledger.follow)
        )
    if escalation is not None:
        # Behind the hand-over: what came to the officers just now is overdue or not.
        work.append(DueWork("escalate", _day, escalation.run, is_daily=True))
    if purge is not None:
        work.append(DueWork("purge", _day, purge.run, is_daily=True))
    if fixed_days is not None:
        plan = partial(_plan_evaluations, fixed_days)
        work.append(DueWork("evaluations", _day, plan, is_daily=True))
    if courier is not None:
        work.append(
            DueWork("notice", courier.slot, _nothing_before, follow=courier.send)
        )
    return tuple(work)


class Tender:
    """Does what is due; remembers what this worker knows to be done.

    The memory saves a look at the rows; forgetting it costs nothing.
    """

    def __init__(
        self,
        hours: HandOverHours,
        courier: Courier | None = None,
        objects: ObjectStore | None = None,
        purge: Purge | None = None,
        ledger: DailyLedger | None = None,
        escalation: Escalation | None = None,
        fixed_days: FixedDays | None = None,
        guard: ClockGuard | None = None,
    ) -> None:
        self._guard = guard
        self._work = all_work(
            hours, courier, objects, purge, ledger, escalation, fixed_days
        )
        self._done: dict[str, str] = {}
        self._looked: dt.datetime | None = None

    @property
    def has_more(self) -> bool:
        """Tell whether nothing was looked at yet, or a part is left."""
        return self._looked is None

    def tend(self, session: Session, now: dt.datetime) -> tuple[str, ...]:
        """Do what is due; return the names of what was done here.

        Raises:
            StoreUnavailableError: try again later; nothing is half done.
        """
        # Slots begin with a minute: within one there is nothing new to find. Where
        # the database is busy another worker does it: this one looks again later.
        minute = now.replace(second=0, microsecond=0)
        if minute == self._looked:
            return ()
        self._looked = minute
        believed = self._believed(session, now)
        done = [work.name for work in believed if self._tend(session, work, now)]
        if any(self._done.get(work.name) != work.slot(now) for work in believed):
            self._looked = None  # a part is left for the next request
        return tuple(done)

    def _believed(self, session: Session, now: dt.datetime) -> tuple[DueWork, ...]:
        """Return what may be done: nothing daily where the clock has jumped."""
        if self._guard is None or not self._guard.find_jump(session, now.date()):
            return self._work
        return tuple(work for work in self._work if not work.is_daily)

    def _tend(self, session: Session, work: DueWork, now: dt.datetime) -> bool:
        slot = work.slot(now)
        if self._done.get(work.name) == slot:
            return False
        outcome = _do(session, work, slot, now)
        if outcome is not _Outcome.IN_PART:
            self._done[work.name] = slot
        return outcome is _Outcome.HERE


class _Outcome(StrEnum):
    """What became of due work at one look."""

    HERE = "done here"
    ELSEWHERE = "done already, or not due"
    IN_PART = "a part is left"


def _do(session: Session, work: DueWork, slot: str, now: dt.datetime) -> _Outcome:
    if _slot_done(session, work) == slot:
        return _Outcome.ELSEWHERE
    with transaction(session):
        done = _slot_done(session, work)
        if done < slot and not work.run(session, now):
            return _Outcome.IN_PART
        if done != slot:
            session.merge(Job(name=work.name, slot=slot))
        if work.is_daily:
            note_day(session, now.date())
    if done >= slot:
        return _Outcome.ELSEWHERE
    work.follow(session, now)
    return _Outcome.HERE


def _slot_done(session: Session, work: DueWork) -> str:
    """Return the slot done last; empty, before every other, if there is none."""
    job = session.get(Job, work.name, populate_existing=True)
    return job.slot if job else ""


def _hour(now: dt.datetime) -> str:
    return now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H")


def _day(now: dt.datetime) -> str:
    return now.date().isoformat()


def _sweep(session: Session, now: dt.datetime) -> bool:
    sessions.sweep(session)
    throttle.drop_full_buckets(session, int(now.timestamp()))
    devices.sweep(session, now.date())
    uploads.sweep(session)
    return True


def _sweep_files(
    objects: ObjectStore | None, session: Session, _now: dt.datetime
) -> None:
    """Delete what no row names, and what of deleted rows stands in the journal.

    What changed within the hour may be on its way. The age is the file system's: its
    clock, not the one that was handed in.
    """
    if objects is not None:
        objects.sweep(uploads.named_objects(session), time.time() - _AN_HOUR)
    shrink_journal(session, tries=1)


def _nothing_before(_session: Session, _now: dt.datetime) -> bool:
    return True


def _plan_evaluations(fixed: FixedDays, session: Session, now: dt.datetime) -> bool:
    evaluations.plan_fixed(session, fixed, now.date())
    return True


def _hand_over(session: Session, _now: dt.datetime) -> bool:
    return hand_over(session)
