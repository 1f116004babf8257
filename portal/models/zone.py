"""The Integrity Zone: what the agency itself declares, signs and reports.

All of it is shown to everybody. No person is named but the head, who signed.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import Base


class ZoneDeclaration(Base):
    """The one row with what was declared, where, and on which day."""

    __tablename__ = "zone_declarations"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    text_id: Mapped[str] = mapped_column(String(1000))
    # The agency's own words in English; empty where there are none.
    text_en: Mapped[str] = mapped_column(String(1000))
    place: Mapped[str] = mapped_column(String(120))
    declared_on: Mapped[dt.date] = mapped_column(Date)
    # Shown beside the day that was typed: nobody can pretend it stood here earlier.
    recorded_on: Mapped[dt.date] = mapped_column(Date)


class ZoneStatement(Base):
    """The one row that says who signed the head's statement, and when."""

    __tablename__ = "zone_statements"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[str] = mapped_column(String(120))
    signed_on: Mapped[dt.date] = mapped_column(Date)
    recorded_on: Mapped[dt.date] = mapped_column(Date)
    # A sentence that stood here was taken off; empty once all are signed.
    taken_off_on: Mapped[dt.date | None] = mapped_column(Date)


class ZonePromise(Base):
    """A sentence of the statement in the words that were signed."""

    __tablename__ = "zone_promises"

    # As in portal/data/zone.toml; the words stay, whatever becomes of that file.
    promise: Mapped[str] = mapped_column(String(40), primary_key=True)
    text_id: Mapped[str] = mapped_column(String(400))
    text_en: Mapped[str] = mapped_column(String(400))


class ZoneReport(Base):
    """What the agency says of one area."""

    __tablename__ = "zone_reports"

    area: Mapped[str] = mapped_column(String(20), primary_key=True)
    text_id: Mapped[str] = mapped_column(String(500))
    text_en: Mapped[str] = mapped_column(String(500))
    recorded_on: Mapped[dt.date] = mapped_column(Date)


class ZonePredicate(Base):
    """The one row with the predicate that the unit holds."""

    __tablename__ = "zone_predicates"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    predicate: Mapped[str] = mapped_column(String(10))
    year: Mapped[int] = mapped_column(Integer)
    recorded_on: Mapped[dt.date] = mapped_column(Date)


class PactUnit(Base):
    """How many of a unit have signed the integrity pact; never who."""

    __tablename__ = "pact_units"
    __table_args__ = (
        CheckConstraint("signed >= 0 AND signed <= staff", "no_more_than_there_are"),
    )

    unit: Mapped[str] = mapped_column(String(120), primary_key=True)
    staff: Mapped[int] = mapped_column(Integer)
    signed: Mapped[int] = mapped_column(Integer)
    # Of the list as a whole, the same in every row: no unit shows when it moved.
    counted_on: Mapped[dt.date] = mapped_column(Date)
