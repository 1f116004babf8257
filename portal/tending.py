"""Due work: done by the next request that notices it, or by `lurus tend`.

Each kind is one function that may run anywhere, any number of times: the slot
it was done for is written down first, so that two workers do it once.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import sessions, throttle
from portal.database import transaction
from portal.models import Job


@dataclass(frozen=True)
class DueWork:
    """One kind of work and the slots of time it is due in."""

    name: str
    slot: Callable[[dt.datetime], str]
    run: Callable[[Session, dt.datetime], None]


def tend(session: Session, now: dt.datetime) -> tuple[str, ...]:
    """Do what is due; return the names of what was done.

    Raises:
        StoreUnavailableError: try again later; nothing is half done.
    """
    return tuple(work.name for work in ALL_WORK if _tend_one(session, work, now))


def is_due(session: Session, now: dt.datetime) -> bool:
    """Tell whether there is work to do, by reading alone."""
    return any(_is_due(session, work, now) for work in ALL_WORK)


def _tend_one(session: Session, work: DueWork, now: dt.datetime) -> bool:
    if not _is_due(session, work, now):
        return False
    with transaction(session):
        job = session.get(Job, work.name, populate_existing=True)
        if job and job.slot == work.slot(now):
            return False
        session.merge(Job(name=work.name, slot=work.slot(now)))
        work.run(session, now)
    return True


def _is_due(session: Session, work: DueWork, now: dt.datetime) -> bool:
    job = session.get(Job, work.name)
    return job is None or job.slot != work.slot(now)


def _hour(now: dt.datetime) -> str:
    return now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H")


def _sweep(session: Session, now: dt.datetime) -> None:
    sessions.sweep(session)
    throttle.drop_full_buckets(session, int(now.timestamp()))


ALL_WORK = (DueWork("sweep", _hour, _sweep),)
