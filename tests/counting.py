"""What tests of figures begin with: half-years, and cases that end in them."""

import datetime as dt
import secrets

from builders import gate_of, hand_in, move, withdraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import CaseCode, Key
from portal import figures, tallies
from portal.acts import Move
from portal.cases import Duty
from portal.database import transaction
from portal.figures import Figures
from portal.models import Installation, KeptTally, Person
from portal.periods import Period
from portal.reports import Report
from portal.statuses import CaseStatus, Outcome
from portal.tallies import CaseGroup, Ending, OpenedTallies, Tally

H2 = Period(2026, 2)
H1 = Period(2027, 1)
TALLY_ID_SIZE = 16
IN_H2, IN_H1 = dt.date(2026, 12, 7), dt.date(2027, 2, 1)
DUE = dt.date(2027, 4, 1)
"""The first day on which the figures of H2 can be published."""
EVERY_DAYS = 7

A_TALLY = Tally(
    received=H2,
    group=CaseGroup.MONEY,
    ending=Ending.PROVEN,
    is_acknowledged_in_time=True,
    is_answered_in_time=True,
    is_ended_in_time=True,
    first_answer=0,
    end=1,
    is_objected_to=False,
    is_of_retaliation=False,
    is_after_reminder=False,
)


def count_since(session: Session, day: dt.date) -> None:
    """Let people be there, and cases be counted, from *day*."""
    with transaction(session):
        session.scalars(select(Installation)).one().counted_since = day
        for person in session.scalars(select(Person)):
            person.added_on = day


def end(
    session: Session,
    duty: Duty,
    day: dt.date = IN_H2,
    outcome: Outcome = Outcome.PROVEN_COACHING,
    report: Report | None = None,
    received: dt.date | None = None,
) -> CaseCode:
    """Hand a report in and close its case, on one day or on two."""
    code = hand_in(session, duty, report=report, today=received or day)
    move(session, code, duty, "acknowledged", today=day)
    closing = Move(CaseStatus.CLOSED, "", "Terima kasih.", outcome)
    move(session, code, duty, closing, today=day)
    return code


def take_back(session: Session, duty: Duty, day: dt.date = IN_H2) -> CaseCode:
    """Hand a report in and withdraw it."""
    code = hand_in(session, duty, today=day)
    withdraw(session, code, today=day)
    return code


def keep_made_up(
    session: Session, period: Period, *made_up: Tally, gate: Key | None = None
) -> None:
    """Keep tallies of cases that never were, sealed like those of others."""
    gate = gate or gate_of(session)
    with transaction(session):
        for tally in made_up:
            place = secrets.token_bytes(TALLY_ID_SIZE)
            tallies.put(session, place, period, str(tally), gate)


def opened(session: Session, sri: Duty) -> OpenedTallies:
    """Return what a custodian and the gate open together."""
    session.rollback()
    return tallies.open_all(session, sri, gate_of(session))


def counted(session: Session, sri: Duty) -> list[Tally]:
    """Return what was counted of cases."""
    return [tally for _period, tally in opened(session, sri).cases]


def kept(session: Session) -> list[KeptTally]:
    """Return the rows."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(KeptTally)))


def publish(
    session: Session, sri: Duty, period: Period = H2, today: dt.date = DUE, **more: bool
) -> Figures:
    """Let a custodian make the figures of a period public."""
    return figures.publish(
        *(session, sri, period),
        gate=gate_of(session),
        every_days=EVERY_DAYS,
        today=today,
        **more,
    )
