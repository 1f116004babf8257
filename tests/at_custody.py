"""A custodian's acts in one case, as tests have them done."""

import datetime as dt
from dataclasses import dataclass

from builders import RETENTION, RULES, TODAY, gate_of, the_case
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import custodian_acts
from portal.acts import Move
from portal.cases import Duty, OfficerCase, find_for_custodian
from portal.escalation import Escalation
from portal.statuses import CaseStatus, Outcome


@dataclass(frozen=True)
class AtCustody:
    """Who opens which case, on which day."""

    session: Session
    code: CaseCode
    duty: Duty
    today: dt.date = TODAY

    @property
    def opened(self) -> OfficerCase:
        return find_for_custodian(
            self.session, the_case(self.session, self.code).id, self.duty
        )

    def take_over(self, message: str = "", *, seen: str = "") -> None:
        here = (self.session, self.opened, self.duty)
        when = {"seen": seen, "rules": RULES, "today": self.today}
        custodian_acts.take_over(*here, message, **when)

    def give_back(self, message: str = "Silakan.", *, days: int = 7) -> None:
        here = (self.session, self.opened, self.duty)
        when = {"seen": "", "rules": RULES, "today": self.today}
        day = self.today + dt.timedelta(days=days)
        custodian_acts.give_back(*here, day, message, **when)

    def move(
        self,
        to: str,
        outcome: Outcome | None = Outcome.NOT_PROVEN,
        message: str = "Tidak ditemukan bukti.",
    ) -> None:
        step = Move(CaseStatus(to), "", message, outcome)
        when = {"rules": RULES, "retention": RETENTION, "today": self.today}
        when |= {"gate": gate_of(self.session)}
        here = (self.session, self.opened, self.duty)
        custodian_acts.move(*here, step, seen="", **when)


def escalate(session: Session, today: dt.date) -> None:
    """Let the clock do its work of that day."""
    work = Escalation(RULES, gate_of(session))
    now = dt.datetime.combine(today, dt.time(9), dt.UTC)
    session.rollback()
    with session.begin():
        while not work.run(session, now):
            pass
