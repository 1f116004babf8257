"""Slips, rounds of custodians, and leaflets with what is answered to them."""

import datetime as dt

from sqlalchemy import Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import UNORDERED, Base


class Voucher(Base):
    """A paper slip that was printed and not used; using it deletes the row."""

    __tablename__ = "vouchers"
    __table_args__ = (UNORDERED,)

    # Derived from its code; nothing says what it was used for.
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    # The sheets that were printed together: what is lost is voided together.
    batch: Mapped[str] = mapped_column(String(12))


class Round(Base):
    """A custodian's round over all sealed entries: one row each, numbered."""

    __tablename__ = "rounds"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    custodian_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"))
    # Of beginning; of its end, once it is done.
    day: Mapped[dt.date] = mapped_column(Date)
    is_done: Mapped[bool] = mapped_column()
    # The last case that was read, in the order of ids.
    reached: Mapped[bytes] = mapped_column(LargeBinary(16))
    # What was found so far, then the counts: under the gate and the custodian's seed.
    locked: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # The line that was signed, and its signature; empty until it is done.
    line: Mapped[str | None] = mapped_column(String(500))
    signature: Mapped[bytes | None] = mapped_column(LargeBinary(64))


class Leaflet(Base):
    """A reminder that officers delivered: its reply code opens the door for answers."""

    __tablename__ = "leaflets"
    __table_args__ = (UNORDERED,)

    # Derived from the reply code that stands in the sealed request and on paper.
    locator: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    ends_on: Mapped[dt.date] = mapped_column(Date)


class Reply(Base):
    """What somebody answered to a leaflet, under its reply code."""

    __tablename__ = "replies"
    __table_args__ = (UNORDERED,)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    locator: Mapped[bytes] = mapped_column(ForeignKey("leaflets.locator"), index=True)
    written_on: Mapped[dt.date] = mapped_column(Date)
    envelope: Mapped[bytes] = mapped_column(LargeBinary(4177))
