"""The public trail: leaves in their order, the days that closed them, and papers.

A leaf that waits for its day names no case; once it is in the tree, nothing tells it
from those that were drawn to cover it.
"""

import datetime as dt

from sqlalchemy import (
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import UNORDERED, Base


class LedgerLeaf(Base):
    """One leaf of the tree, by its number from 0."""

    __tablename__ = "ledger_leaves"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


class LedgerNode(Base):
    """The root of a complete subtree of 32 leaves or more: what proofs are made of."""

    __tablename__ = "ledger_nodes"
    __table_args__ = (UNORDERED,)

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LedgerDay(Base):
    """A day that is closed: the tree at its end, signed."""

    __tablename__ = "ledger_days"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    size: Mapped[int] = mapped_column(Integer, unique=True)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    # The roots of its complete subtrees, the largest first.
    edge: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # The checkpoint as it was signed, with the portal's own lines.
    note: Mapped[str] = mapped_column(Text)
    # The entry of the record that the checkpoint commits to, and the salt of that.
    audit_number: Mapped[int] = mapped_column(Integer)
    audit_salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class Cosignature(Base):
    """A custodian's line below a checkpoint."""

    __tablename__ = "cosignatures"

    day: Mapped[dt.date] = mapped_column(
        ForeignKey("ledger_days.day"), primary_key=True
    )
    # The public half of the key that it was signed with.
    public: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    custodian_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"))
    cosigned_on: Mapped[dt.date] = mapped_column(Date)
    line: Mapped[str] = mapped_column(String(300))


class PublicPaper(Base):
    """A text that entered the trail openly."""

    __tablename__ = "public_papers"

    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[dt.date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text, deferred=True)
