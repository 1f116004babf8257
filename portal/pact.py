"""The integrity pact: how many of each unit have signed, and what of it is shown.

Nobody who has not signed can be named by what is shown. Small units go among "other
units"; where fewer than five of a unit have signed, or fewer than five have not, the
line gives bounds and no count. The total is the sum of the lines as they are shown, so
that it tells nothing which they do not (docs/decisions/0125).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditAction
from portal.database import reading, transaction
from portal.models import PactUnit

OTHERS = ""
"""Stands for the name of the line into which small units go."""


@dataclass(frozen=True)
class PactRules:
    """What is shown of counts."""

    fewest_staff: int
    """A unit of fewer people has no line of its own."""
    fewest_people: int
    """Fewer people, signed or not, are not counted out."""
    most_units: int
    """Lines at most, the one of other units aside."""


@dataclass(frozen=True)
class UnitCount:
    """A unit as the agency counts it."""

    unit: str
    staff: int
    signed: int


@dataclass(frozen=True)
class Counts:
    """The whole list, in the order of names."""

    units: tuple[UnitCount, ...]
    counted_on: dt.date | None
    """None: nothing was counted yet."""


@dataclass(frozen=True)
class Shown:
    """A line as everybody sees it: between *least* and *most* of *staff* have signed."""

    unit: str
    staff: int
    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        """The count itself is shown."""
        return self.least == self.most


@dataclass(frozen=True)
class Progress:
    """What is shown of a list."""

    lines: tuple[Shown, ...]
    """Empty where too few people are counted to show anything but that."""
    total: Shown | None


def show(units: Sequence[UnitCount], rules: PactRules) -> Progress:
    """Return what everybody may see of *units*: named ones first, in their order."""
    named, others = _part(units, rules)
    if others and not named and sum(one.staff for one in others) < rules.fewest_staff:
        return Progress((), None)
    lines = [_shown(one.unit, [one], rules) for one in named]
    if others:
        lines.append(_shown(OTHERS, others, rules))
    return Progress(tuple(lines), _sum(lines) if lines else None)


def _part(
    units: Sequence[UnitCount], rules: PactRules
) -> tuple[list[UnitCount], list[UnitCount]]:
    """Return the units that have a line of their own, and those that share one.

    One small unit alone, or few people together, would be as plain as if they had a
    line: the next larger units go with them.
    """
    by_size = sorted(units, key=lambda one: (one.staff, one.unit))
    small = sum(one.staff < rules.fewest_staff for one in units)
    count = max(small, len(units) - rules.most_units)
    while 0 < count < len(by_size) and _is_plain(by_size[:count], rules):
        count += 1
    others = by_size[:count]
    return [one for one in units if one not in others], others


def _is_plain(others: Sequence[UnitCount], rules: PactRules) -> bool:
    return len(others) == 1 or sum(one.staff for one in others) < rules.fewest_staff


def _shown(name: str, units: Sequence[UnitCount], rules: PactRules) -> Shown:
    staff, signed = sum(one.staff for one in units), sum(one.signed for one in units)
    few = rules.fewest_people
    if 0 < staff - signed < few:
        # As if any number of those few were still to come; never that all have.
        return Shown(name, staff, staff - few + 1, staff - 1)
    if signed < few and signed < staff:
        return Shown(name, staff, 0, few - 1)
    return Shown(name, staff, signed, signed)


def _sum(lines: Sequence[Shown]) -> Shown:
    return Shown(
        OTHERS,
        sum(line.staff for line in lines),
        sum(line.least for line in lines),
        sum(line.most for line in lines),
    )


def list_counts(session: Session) -> Counts:
    """Return the list as it was kept."""
    with reading(session):
        kept = select(PactUnit).order_by(PactUnit.unit)
        fresh = kept.execution_options(populate_existing=True)
        rows = session.scalars(fresh).all()
    units = tuple(UnitCount(row.unit, row.staff, row.signed) for row in rows)
    return Counts(units, rows[0].counted_on if rows else None)


def keep_counts(
    session: Session, units: Sequence[UnitCount], today: dt.date, *, by: str
) -> None:
    """Take *units* for the list, whole: what stood there before is gone.

    *by*: the name of the administrator, or `audit.OPERATOR`.
    """
    with transaction(session):
        session.execute(delete(PactUnit))
        session.add_all(
            PactUnit(
                unit=one.unit, staff=one.staff, signed=one.signed, counted_on=today
            )
            for one in units
        )
        audit.record(session, by, AuditAction.PACT_COUNTED, today)
