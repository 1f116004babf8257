"""What an administrator writes into the register of evaluations, verb by verb."""

import datetime as dt

from builders import AT_ONCE, TODAY
from sqlalchemy.orm import Session

from portal import evaluations, sheet_facts
from portal.evaluation_days import FixedDays
from portal.models import Person
from portal.tending import Tender

DUE = TODAY + dt.timedelta(days=30)
FIXED = FixedDays.parse(["12-31"])


def plan(session: Session, by: Person) -> None:
    evaluations.plan(session, DUE, by, TODAY)


def hold(session: Session, by: Person) -> None:
    kept = {"done_on": TODAY, "note": "Rapat tim."}
    evaluations.record_held(session, 1, **kept, by=by, today=TODAY)


def find(session: Session, by: Person) -> None:
    what = {"text": "Poster belum ada.", "owner": "Sekretariat", "due_on": DUE}
    evaluations.add_finding(session, **what, by=by, today=TODAY)


def close(session: Session, by: Person) -> None:
    kept = {"closed_on": TODAY, "proof": "Nota dinas 1"}
    evaluations.close_finding(session, 1, **kept, by=by, today=TODAY)


def plan_fixed(session: Session, now: dt.datetime) -> None:
    Tender(AT_ONCE, fixed_days=FIXED).tend(session, now)


def export(session: Session) -> None:
    sheet_facts.record_export(session, TODAY.year, TODAY)


def lay_out(session: Session, verb: str, by: Person, now: dt.datetime) -> None:
    """Bring the register to where *verb* goes on."""
    if verb == "evaluations.record_held":
        plan(session, by)
    if verb == "evaluations.close_finding":
        find(session, by)
    if verb == "tending._do evaluations":
        Tender(AT_ONCE).tend(session, now)
