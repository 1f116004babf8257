"""The clock is believed within limits: days that jumped are confirmed by an administrator.

Whoever sets the clock a year ahead lets cases be destroyed, days be closed and cases come to
custodians before their time; set back, days would be written twice. So the daily
work notes the day it was done on, and waits where today lies too far from it.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditAction
from portal.cases import Duty, find_present
from portal.database import transaction
from portal.models import Job

MOST_DAYS_BACK = 1
"""Another time zone may set the day back by one."""

_JOB = "clock"


@dataclass(frozen=True)
class ClockJump:
    """How far today lies from the day on which the daily work was last done."""

    last: dt.date
    today: dt.date

    @property
    def is_back(self) -> bool:
        """Tell whether the clock was set back."""
        return self.today < self.last


@dataclass(frozen=True)
class ClockGuard:
    """How far the clock may jump."""

    most_days: int
    """Forward, in calendar days."""

    def find_jump(self, session: Session, today: dt.date) -> ClockJump | None:
        """Return a jump that nobody has confirmed; None: the day is believed."""
        job = session.get(Job, _JOB, populate_existing=True)
        if job is None:
            return None
        jump = ClockJump(dt.date.fromisoformat(job.slot), today)
        passed = (today - jump.last).days
        return None if -MOST_DAYS_BACK <= passed <= self.most_days else jump


def note_day(session: Session, today: dt.date) -> None:
    """Note that daily work was done on *today*; call it inside its transaction."""
    session.merge(Job(name=_JOB, slot=today.isoformat()))


def confirm_clock(session: Session, duty: Duty, today: dt.date) -> None:
    """Believe the clock as it stands: what waits is done at the next look.

    The administrator has confirmed with a second factor.
    """
    with transaction(session):
        person = find_present(session, duty)
        note_day(session, today)
        audit.record(session, person.name, AuditAction.CLOCK_CONFIRMED, today)
