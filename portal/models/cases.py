"""A case and all that belongs to it: nothing knows a time finer than a day."""

import datetime as dt

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import NO_DAY, UNORDERED, Base


class Case(Base):
    """The thread that a report opens."""

    __tablename__ = "cases"
    __table_args__ = (
        # The officers' list in its order, a page at a time.
        Index("cases_in_order", "is_handed_over", "is_answered", "due_on", "id"),
        Index(
            "cases_by_status",
            *("is_handed_over", "status", "is_answered", "due_on", "id"),
        ),
        # The few on top of it.
        Index(
            "cases_on_top",
            *("is_urgent", "is_handed_over", "is_answered", "due_on", "id"),
        ),
        Index("cases_by_purge", "purge_on"),
        UNORDERED,
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    locator: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    status: Mapped[str] = mapped_column(String(20))
    # False: waits for an officer. It says what status and authors already say,
    # and stands here so that the list has an index (docs/decisions/0003).
    is_answered: Mapped[bool] = mapped_column()
    due_on: Mapped[dt.date] = mapped_column(Date, default=NO_DAY)
    closed_on: Mapped[dt.date | None] = mapped_column(Date)
    # Drawn once, where the case is over; `NO_DAY` where it is held back.
    purge_on: Mapped[dt.date | None] = mapped_column(Date)
    mask: Mapped[bytes] = mapped_column(LargeBinary(64))
    reporter_lock: Mapped[bytes] = mapped_column(LargeBinary(113))
    summary: Mapped[bytes] = mapped_column(LargeBinary(1105))
    reader_sheet: Mapped[bytes] = mapped_column(LargeBinary(1105))
    # False: officers do not see it yet; see handover.py.
    is_handed_over: Mapped[bool] = mapped_column()
    # Somebody is after the reporter, and no officer has written since.
    is_urgent: Mapped[bool] = mapped_column(default=False)
    # What its writer chose, under the case key; empty only before migration 0008.
    note_sheet: Mapped[bytes | None] = mapped_column(LargeBinary(1105), deferred=True)
    # By when a custodian owes an answer; empty where none does.
    custodian_due_on: Mapped[dt.date | None] = mapped_column(Date)
    # What a custodian set as the day for officers; no closing and no hurry empties it.
    set_due_on: Mapped[dt.date | None] = mapped_column(Date)
    # What the clock's next steps will leave in the ledger; empty only before 0009.
    clock_leaves: Mapped[bytes | None] = mapped_column(LargeBinary(192), deferred=True)


class Wrap(Base):
    """A case's key for one holder; genuine or a dummy, nothing tells.

    Purposes: *case* for officers; *next* beside it while a key is changed (*n-* and
    the purpose beside a custodian's);
    *g-* and the first half of a colleague's id: handed over, and not taken up yet;
    *outer* for custodians behind the gate; *open* where the gate was taken off; *asked*
    where the reporter gave them what the code opens; *notice* and *trouble* hold no key.
    """

    __tablename__ = "wraps"
    __table_args__ = (UNORDERED,)

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    holder_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10), primary_key=True)
    wrap: Mapped[bytes] = mapped_column(LargeBinary)


class Message(Base):
    """One sealed text of a case: the report, a message, or an internal note."""

    __tablename__ = "messages"
    __table_args__ = (
        # For the few that wait, and to count what officers have: the bit itself
        # stands behind a long text.
        Index("messages_by_hand_over", "is_handed_over", "case_id"),
        UNORDERED,
    )

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    chain: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    author: Mapped[str] = mapped_column(String(10))
    written_on: Mapped[dt.date] = mapped_column(Date)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    # Name, type, length and key of each file that came with it; empty: none did.
    manifest: Mapped[bytes | None] = mapped_column(LargeBinary(8273), deferred=True)
    # False: officers do not see it yet. What they write themselves never waits.
    is_handed_over: Mapped[bool] = mapped_column()


class Attachment(Base):
    """An object of the store that belongs to a case, and nothing else of it."""

    __tablename__ = "attachments"
    __table_args__ = (UNORDERED,)

    # By case first: all of a case are found, and forgotten, together.
    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    object_id: Mapped[bytes] = mapped_column(
        LargeBinary(16), primary_key=True, unique=True
    )


class Upload(Base):
    """A file that was received and not handed in; who holds its form can open it."""

    __tablename__ = "uploads"
    __table_args__ = (UNORDERED,)

    # SHA-256 of its token.
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    object_id: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    # Bytes that it takes in the store: a bucket of sizes, for the cap of all.
    size: Mapped[int] = mapped_column(Integer)
    sweeps: Mapped[int] = mapped_column(SmallInteger, default=0)
    locked: Mapped[bytes] = mapped_column(LargeBinary(1105))


class Step(Base):
    """One step of a case's timeline."""

    __tablename__ = "steps"
    __table_args__ = (UNORDERED,)

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    taken_on: Mapped[dt.date] = mapped_column(Date)
    # Of what the reporter wrote with it, locked; empty where nothing was.
    locked_digest: Mapped[bytes | None] = mapped_column(LargeBinary(113))


class WaitingLeaf(Base):
    """What a step left for the public ledger, until the day's batch; of no case."""

    __tablename__ = "waiting_leaves"
    __table_args__ = (UNORDERED,)

    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    # It enters the batch of this day. Empty: what destroyed its case did not know the
    # day; it enters the batch of the next day that begins.
    day: Mapped[dt.date | None] = mapped_column(Date)
