"""What is counted of cases that ended, and what is made public of it."""

import datetime as dt

from sqlalchemy import Date, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import UNORDERED, Base


class KeptTally(Base):
    """What is counted of one case, for one custodian, until its half-year is public."""

    __tablename__ = "tallies"
    __table_args__ = (UNORDERED,)

    # Derived from the case key: who lacks it cannot tell whose it is.
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    holder_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"), primary_key=True)
    # Of its end; nothing here knows a finer time.
    period: Mapped[str] = mapped_column(String(7))
    sealed: Mapped[bytes] = mapped_column(LargeBinary(1282))


class PublicFigures(Base):
    """The figures of a half-year or a year, as a custodian signed them: never changed."""

    __tablename__ = "figures"

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    # Beside it: what is published for good names nobody.
    custodian_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))


class Improvement(Base):
    """What changed because of reports, in the agency's own words; public."""

    __tablename__ = "improvements"

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    text_id: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    changed_on: Mapped[dt.date] = mapped_column(Date)
