"""Declared conflicts: units and persons whose reports an officer does not read.

An officer declares them once a year. At handing in, and when a case is given away,
they shut the officer out without a word; a later declaration changes no case.
Kept locked under the instance's secret, at one size: it is no secret of the
portal's, and none that a copy of the database shows.
"""

import datetime as dt
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import BrokenError, Key, NotYoursError, lock_conflicts, unlock_conflicts
from portal import audit
from portal.audit import AuditAction
from portal.cases import Duty
from portal.database import transaction
from portal.models import Base, Person
from portal.reader_sheets import MOST_OFFICERS
from portal.reports import Report

VALID_DAYS = 365
"""After so many a declaration is asked for anew; the old one holds meanwhile."""

MOST_LINES = 20
"""Of units, and of persons."""

_WORD = re.compile(r"\w+")
_ROWS = Base.metadata.tables[Person.__tablename__].c
_DECLARED = select(_ROWS.id, _ROWS.locked_conflicts).where(
    _ROWS.locked_conflicts.is_not(None), _ROWS.retired_on.is_(None)
)


@dataclass(frozen=True)
class Declaration:
    """What one officer declares; both may be empty."""

    units: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()

    def touches(self, report: Report) -> bool:
        """Tell whether *report* is about one of the units or names one of the persons."""
        about = (report.who_unit, *(one.unit for one in report.addressees))
        return any(report.names(person) for person in self.persons) or any(
            _is_within(unit, other) or _is_within(other, unit)
            for unit in self.units
            for other in about
        )

    def encode(self) -> bytes:
        """Write it as the bytes that are locked."""
        values = {"v": 1, "units": self.units, "persons": self.persons}
        return json.dumps(values, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, plain: bytes) -> "Declaration":
        """Read what `encode` wrote."""
        values = json.loads(plain)
        return cls(tuple(values["units"]), tuple(values["persons"]))


def declare(
    session: Session, duty: Duty, declaration: Declaration, secret: Key, today: dt.date
) -> None:
    """Keep an officer's declaration in place of the one before.

    Raises:
        TooLongError: with the bytes that are too many.
    """
    locked = lock_conflicts(declaration.encode(), secret, holder=duty.person.id)
    with transaction(session):
        person = session.get_one(Person, duty.person.id)
        person.locked_conflicts, person.conflicts_on = locked, today
        audit.record(session, person.name, AuditAction.DECLARED, today)


def read_own(duty: Duty, secret: Key) -> Declaration:
    """Return what the officer declared; nothing, where that is missing or damaged."""
    return _find(duty.person.locked_conflicts, duty.person.id, secret) or Declaration()


def is_due(duty: Duty, secret: Key, today: dt.date) -> bool:
    """Tell whether the officer's yearly declaration is missing, damaged or too old."""
    person = duty.person
    if person.conflicts_on is None or (today - person.conflicts_on).days > VALID_DAYS:
        return True
    return _find(person.locked_conflicts, person.id, secret) is None


def find_conflicted(session: Session, report: Report, secret: Key) -> frozenset[bytes]:
    """Return the ids of the officers whom an own declaration keeps from *report*."""
    if not (report.who_name or report.who_unit or report.addressees):
        return frozenset()
    rows = session.connection().execute(_DECLARED).all()
    declared = ((holder, _find(locked, holder, secret)) for holder, locked in rows)
    return frozenset(
        holder for holder, found in declared if found and found.touches(report)
    )


# Each report asks for all of them; what was opened once is the same until it is replaced.
@lru_cache(maxsize=MOST_OFFICERS)
def _find(locked: bytes | None, holder: bytes, secret: Key) -> Declaration | None:
    """Return a declaration; None: missing, or damaged, by which no report shall fail."""
    try:
        return Declaration.decode(
            unlock_conflicts(locked or b"", secret, holder=holder)
        )
    except (NotYoursError, BrokenError):
        return None


def _is_within(part: str, whole: str) -> bool:
    """Tell whether the words of *part* stand in *whole*, in their order."""
    wanted = _fold(part)
    return bool(wanted) and f" {wanted} " in f" {_fold(whole)} "


def _fold(unit: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", unit).casefold()))
