"""The register: evaluations of the portal, what was found in them, and what became of it.

An evaluation of a fixed day stands here before its day (docs/decisions/0128). What was
recorded stays as it is: whoever reads the register shall not have to ask since when.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.administrators import check_administrator
from portal.audit import AuditAction
from portal.database import reading, transaction
from portal.errors import (
    NoSuchEvaluationError,
    NoSuchFindingError,
    PlannedBeforeError,
    RecordedBeforeError,
)
from portal.evaluation_days import FixedDays
from portal.models import Evaluation, EvaluationFinding, Installation, Person

NOTE_CHARACTERS = 1000
FINDING_CHARACTERS = 500
OWNER_CHARACTERS = 120
PROOF_CHARACTERS = 200

RECORDED_WITHIN_DAYS = 31
"""What is older is not recorded any more: a register is not filled the night before."""


@dataclass(frozen=True)
class ListedEvaluation:
    """An evaluation as the register has it."""

    number: int
    due_on: dt.date
    is_fixed: bool
    """Of a day that is fixed for every year, and not planned for itself."""
    done_on: dt.date | None
    note: str

    def is_missed(self, today: dt.date) -> bool:
        """Tell whether its day has passed, and it was not held."""
        return self.done_on is None and self.due_on < today

    @property
    def is_on_its_day(self) -> bool:
        """Tell whether it was held, and not more than a month from its day."""
        near = dt.timedelta(days=RECORDED_WITHIN_DAYS)
        return self.done_on is not None and abs(self.done_on - self.due_on) <= near


@dataclass(frozen=True)
class ListedFinding:
    """A finding as the register has it."""

    number: int
    found_on: dt.date
    text: str
    owner: str
    due_on: dt.date
    closed_on: dt.date | None
    proof: str

    def is_late(self, today: dt.date) -> bool:
        """Tell whether its day has passed, and it was not put right."""
        return self.closed_on is None and self.due_on < today


@dataclass(frozen=True)
class DueAndDone:
    """How many evaluations were due, and how many of those were held on their day."""

    due: int
    done: int


def list_evaluations(session: Session) -> tuple[ListedEvaluation, ...]:
    """Return every evaluation, in the order of the days on which they are due."""
    with reading(session):
        found = session.scalars(select(Evaluation).order_by(Evaluation.due_on))
        return tuple(
            ListedEvaluation(
                row.number, row.due_on, row.is_fixed, row.done_on, row.note
            )
            for row in found
        )


def list_findings(session: Session) -> tuple[ListedFinding, ...]:
    """Return every finding: the open ones first, nearest due day first."""
    order = (
        EvaluationFinding.closed_on.is_not(None),
        EvaluationFinding.due_on,
        EvaluationFinding.number,
    )
    with reading(session):
        found = session.scalars(select(EvaluationFinding).order_by(*order))
        return tuple(_listed(row) for row in found)


def find_evaluation(session: Session, number: int) -> ListedEvaluation:
    """Return one evaluation.

    Raises:
        NoSuchEvaluationError: there is none of that number.
    """
    for one in list_evaluations(session):
        if one.number == number:
            return one
    raise NoSuchEvaluationError


def find_finding(session: Session, number: int) -> ListedFinding:
    """Return one finding.

    Raises:
        NoSuchFindingError: there is none of that number.
    """
    for one in list_findings(session):
        if one.number == number:
            return one
    raise NoSuchFindingError


def count_evaluations(
    session: Session, from_day: dt.date, to_day: dt.date
) -> DueAndDone:
    """Count the evaluations that were due from one day to another, both included.

    What was made up for later than a month after its day is not done: regular means held
    every time.
    """
    due = [one for one in list_evaluations(session) if from_day <= one.due_on <= to_day]
    return DueAndDone(len(due), sum(one.is_on_its_day for one in due))


def plan_fixed(session: Session, fixed: FixedDays, today: dt.date) -> None:
    """Write down every fixed day that has come, and the next; inside a transaction.

    Counted from the last one there is, or from the day of the installation: nothing is
    owed of the time before it.
    """
    last = select(func.max(Evaluation.due_on)).where(Evaluation.is_fixed)
    since = session.scalar(last) or session.scalars(select(Installation.made_on)).one()
    planned = set(session.scalars(select(Evaluation.due_on)))
    for day in fixed.until_next(since, today):
        if day not in planned:
            session.add(Evaluation(**_planned(session, day, is_fixed=True)))
            session.flush()


def plan(session: Session, due_on: dt.date, by: Person, today: dt.date) -> None:
    """Plan one more evaluation, beside those of fixed days.

    Raises:
        NotAdministratorError: *by* is none any more.
        PlannedBeforeError: one is due on that day already.
    """
    with transaction(session):
        check_administrator(session, by)
        same_day = select(Evaluation.number).where(Evaluation.due_on == due_on)
        if session.scalar(same_day) is not None:
            raise PlannedBeforeError
        session.add(Evaluation(**_planned(session, due_on, is_fixed=False)))
        name, act = by.name, AuditAction.EVALUATION_PLANNED
        audit.record(session, name, act, today, concerns=due_on.isoformat())


def record_held(
    session: Session,
    number: int,
    *,
    done_on: dt.date,
    note: str,
    by: Person,
    today: dt.date,
) -> None:
    """Record that an evaluation was held, and in a few words how.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchEvaluationError: there is none of that number.
        RecordedBeforeError: that was recorded before.
    """
    with transaction(session):
        check_administrator(session, by)
        row = session.get(Evaluation, number, populate_existing=True)
        if row is None:
            raise NoSuchEvaluationError
        if row.done_on is not None:
            raise RecordedBeforeError
        row.done_on, row.note = done_on, note
        name, act = by.name, AuditAction.EVALUATION_HELD
        audit.record(session, name, act, today, concerns=row.due_on.isoformat())


def add_finding(
    session: Session,
    *,
    text: str,
    owner: str,
    due_on: dt.date,
    by: Person,
    today: dt.date,
) -> None:
    """Write down what is to be put right: found *today*.

    Raises:
        NotAdministratorError: *by* is none any more.
    """
    with transaction(session):
        check_administrator(session, by)
        number = (session.scalar(select(func.max(EvaluationFinding.number))) or 0) + 1
        session.add(
            EvaluationFinding(
                number=number,
                found_on=today,
                text=text,
                owner=owner,
                due_on=due_on,
                proof="",
            )
        )
        name, act = by.name, AuditAction.FINDING_ADDED
        audit.record(session, name, act, today, concerns=str(number))


def close_finding(
    session: Session,
    number: int,
    *,
    closed_on: dt.date,
    proof: str,
    by: Person,
    today: dt.date,
) -> None:
    """Record that a finding was put right, and where the proof of it is.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchFindingError: there is none of that number.
        RecordedBeforeError: that was recorded before.
    """
    with transaction(session):
        check_administrator(session, by)
        row = session.get(EvaluationFinding, number, populate_existing=True)
        if row is None:
            raise NoSuchFindingError
        if row.closed_on is not None:
            raise RecordedBeforeError
        row.closed_on, row.proof = closed_on, proof
        name, act = by.name, AuditAction.FINDING_CLOSED
        audit.record(session, name, act, today, concerns=str(number))


def may_be_recorded(day: dt.date, today: dt.date) -> bool:
    """Tell whether something of *day* may be recorded today: it was, and of late."""
    return dt.timedelta() <= today - day <= dt.timedelta(days=RECORDED_WITHIN_DAYS)


def closed_percent(findings: Sequence[ListedFinding]) -> int | None:
    """Return how many of a hundred were put right, rounded down; None: there are none.

    Down, because only all of them are a hundred.
    """
    closed = sum(one.closed_on is not None for one in findings)
    return 100 * closed // len(findings) if findings else None


def _planned(session: Session, day: dt.date, *, is_fixed: bool) -> dict[str, object]:
    number = (session.scalar(select(func.max(Evaluation.number))) or 0) + 1
    return {"number": number, "due_on": day, "is_fixed": is_fixed, "note": ""}


def _listed(row: EvaluationFinding) -> ListedFinding:
    return ListedFinding(
        number=row.number,
        found_on=row.found_on,
        text=row.text,
        owner=row.owner,
        due_on=row.due_on,
        closed_on=row.closed_on,
        proof=row.proof,
    )
