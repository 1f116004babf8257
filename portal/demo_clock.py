"""The clock of a demo's past days: what was missed then opened then."""

import datetime as dt

from sqlalchemy.orm import Session

from portal.database import transaction
from portal.escalation import Escalation
from portal.runtime import Runtime

_ONE_DAY = dt.timedelta(days=1)


class DemoClock:
    """Goes forward day by day, and lets happen what the days bring."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        self._session = session
        self._work = Escalation(runtime.rules, runtime.gate_secret)
        self._now: dt.datetime | None = None

    def come_to(self, when: dt.datetime) -> None:
        """Let every day pass up to *when*; one that is past already brings nothing."""
        day = when if self._now is None else self._now + _ONE_DAY
        while day <= when:
            self._begin(day)
            day += _ONE_DAY

    def _begin(self, day: dt.datetime) -> None:
        self._now, is_all = day, False
        while not is_all:
            with transaction(self._session):
                is_all = self._work.run(self._session, day)
