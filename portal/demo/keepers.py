"""Keepers of a demo: what the clock of its past days opened, and what they do then."""

import datetime as dt

from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import acts, custodian_acts, custody, seen
from portal.cases import Duty, find_by_locator, find_for_custodian
from portal.database import transaction
from portal.demo.plots import Act
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


def act_as_keeper(
    session: Session,
    runtime: Runtime,
    code: CaseCode,
    duty: Duty,
    act: Act,
    today: dt.date,
) -> None:
    """Let a keeper open a case, and do *act*."""
    case_id = find_by_locator(session, code.locator(runtime.instance)).id
    opened = find_for_custodian(session, case_id, duty)
    custody.inform(session, opened, duty, today)
    rules = runtime.rules
    if act.deed == "take-over":
        custodian_acts.take_over(
            session, opened, duty, act.text, seen="", rules=rules, today=today
        )
    else:
        acts.answer(session, opened, duty, act.text, seen="", rules=rules, today=today)
    seen.look(session, duty, case_id)
