"""The rows: columns, constraints, and why a doubtful column is there.

What stands in clear of a case is listed in docs/architecture.md, and a test
compares that list with these columns. Nothing that a reporter's request writes
knows a time finer than a day, a counter across cases, or an order of arrival:
its tables have random keys and, on SQLite, no rowid.
"""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.roles import Role

NO_DAY = dt.date(9999, 12, 31)
"""Stands where nothing is due: sorts last, on every database alike."""

_UNORDERED = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """All tables of the portal."""

    def __repr__(self) -> str:
        # A row holds sealed bytes and locators: no log shall show them.
        return f"<{type(self).__name__}>"


class Installation(Base):
    """The one row that says which installation this database is."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    instance_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    made_on: Mapped[dt.date] = mapped_column(Date)
    # Whom officers' seeds are wrapped to; its own seed is on paper alone.
    recovery_recipient: Mapped[bytes | None] = mapped_column(LargeBinary(1216))
    recovery_made_on: Mapped[dt.date | None] = mapped_column(Date)
    # Somebody came back with it: new shares are due.
    recovery_used_on: Mapped[dt.date | None] = mapped_column(Date)
    # Whom backups are sealed to; its seed is on another paper.
    backup_recipient: Mapped[bytes | None] = mapped_column(LargeBinary(1216))
    backup_made_on: Mapped[dt.date | None] = mapped_column(Date)


class Person(Base):
    """Somebody who works with the portal, in one role or in several."""

    __tablename__ = "people"
    __table_args__ = (
        # Who answers for cases is never who watches over the answering.
        CheckConstraint("NOT (is_officer AND is_custodian)", "officer_or_custodian"),
        CheckConstraint("is_officer OR NOT is_outside", "outside_is_of_officers"),
        CheckConstraint(
            "is_officer OR is_custodian OR is_administrator", "some_role_each"
        ),
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # Folded, so that one name has one person; what people type at login.
    login_name: Mapped[str] = mapped_column(String(160), unique=True)
    position: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(120))
    is_officer: Mapped[bool] = mapped_column(default=True)
    # An officer of another agency.
    is_outside: Mapped[bool] = mapped_column(default=False)
    is_custodian: Mapped[bool] = mapped_column(default=False)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    added_on: Mapped[dt.date] = mapped_column(Date)
    # Empty until the invitation is used.
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary(1216))
    # The day of the present key: the first one's, or of the change.
    key_since: Mapped[dt.date | None] = mapped_column(Date)
    locked_identity: Mapped[bytes | None] = mapped_column(LargeBinary(162))
    locked_one_time: Mapped[bytes | None] = mapped_column(LargeBinary(101))
    # What is left of the codes on paper; empty where none were made yet.
    locked_recovery_codes: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The last 30-second step accepted: an officer's time, never a reporter's.
    last_step: Mapped[int] = mapped_column(Integer, default=0)
    opened_keys: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # Empty only where it was not kept yet: before its migration.
    seen_counts: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # The seed, wrapped to the recovery identity with that fingerprint.
    recovery_wrap: Mapped[bytes | None] = mapped_column(
        LargeBinary(1169), deferred=True
    )
    recovery_fingerprint: Mapped[str | None] = mapped_column(String(40))
    # While a key is being changed: the one that follows, and its seed.
    next_recipient: Mapped[bytes | None] = mapped_column(
        LargeBinary(1216), deferred=True
    )
    next_locked_identity: Mapped[bytes | None] = mapped_column(
        LargeBinary(162), deferred=True
    )
    next_locked_seed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # Units and persons of an officer's own declaration, under the instance's secret.
    locked_conflicts: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    conflicts_on: Mapped[dt.date | None] = mapped_column(Date)
    # For the daily notice alone; by the person's own choice.
    mail_address: Mapped[str | None] = mapped_column(String(254))
    # A custodian's, Ed25519: rounds are signed with the other half of it.
    signing_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    # Empty while at work; a row stays, because audit and wraps name it.
    retired_on: Mapped[dt.date | None] = mapped_column(Date)

    @property
    def is_retired(self) -> bool:
        """Tell whether the person has left: not let in, and not sealed to."""
        return self.retired_on is not None

    @property
    def roles(self) -> frozenset[Role]:
        """Return what the person is to the portal."""
        here = self.is_officer and not self.is_outside
        held = {
            Role.OFFICER: here,
            Role.OUTSIDE_OFFICER: self.is_outside,
            Role.CUSTODIAN: self.is_custodian,
            Role.ADMINISTRATOR: self.is_administrator,
        }
        return frozenset(role for role, is_held in held.items() if is_held)


class Invitation(Base):
    """A one-time link; only its hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"), unique=True)
    expires_on: Mapped[dt.date] = mapped_column(Date)


class Device(Base):
    """A browser that somebody has logged in with: it has a bucket of its own."""

    __tablename__ = "devices"

    # SHA-256 of its cookie.
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"))
    since: Mapped[dt.date] = mapped_column(Date)


class KeyHandOver(Base):
    """How far a colleague has come in handing cases to somebody's new key."""

    __tablename__ = "key_hand_overs"

    giver_id: Mapped[bytes] = mapped_column(ForeignKey("people.id"), primary_key=True)
    receiver_id: Mapped[bytes] = mapped_column(
        ForeignKey("people.id"), primary_key=True
    )
    # The last case that was done, in the order of ids.
    reached: Mapped[bytes] = mapped_column(LargeBinary(16))
    is_done: Mapped[bool] = mapped_column()


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
        Index("cases_by_purge", "purge_on"),
        _UNORDERED,
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
    # What its writer chose, under the case key; empty only before migration 0008.
    note_sheet: Mapped[bytes | None] = mapped_column(LargeBinary(1105), deferred=True)


class Wrap(Base):
    """A case's key for one holder; genuine or a dummy, nothing tells.

    Purposes: *case* for officers; *next* beside it while a key is changed (*n-* and
    the purpose beside a custodian's);
    *g-* and the first half of a colleague's id: handed over, and not taken up yet;
    *outer* for custodians behind the gate; *open* where the gate was taken off.
    """

    __tablename__ = "wraps"
    __table_args__ = (_UNORDERED,)

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
        _UNORDERED,
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
    __table_args__ = (_UNORDERED,)

    # By case first: all of a case are found, and forgotten, together.
    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    object_id: Mapped[bytes] = mapped_column(
        LargeBinary(16), primary_key=True, unique=True
    )


class Upload(Base):
    """A file that was received and not handed in; who holds its form can open it."""

    __tablename__ = "uploads"
    __table_args__ = (_UNORDERED,)

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
    __table_args__ = (_UNORDERED,)

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    taken_on: Mapped[dt.date] = mapped_column(Date)


class StaffMember(Base):
    """Somebody of the agency, as its own list has them; nothing says who was named."""

    __tablename__ = "staff"

    # Random: pages never show a number, which holds a birth date.
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(120))


class Voucher(Base):
    """A paper slip that was printed and not used; using it deletes the row."""

    __tablename__ = "vouchers"
    __table_args__ = (_UNORDERED,)

    # SHA-256 of what its code yields; nothing says what it was used for.
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
    __table_args__ = (_UNORDERED,)

    # Derived from the reply code that stands in the sealed request and on paper.
    locator: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    ends_on: Mapped[dt.date] = mapped_column(Date)


class Reply(Base):
    """What somebody answered to a leaflet, under its reply code."""

    __tablename__ = "replies"
    __table_args__ = (_UNORDERED,)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    locator: Mapped[bytes] = mapped_column(ForeignKey("leaflets.locator"), index=True)
    written_on: Mapped[dt.date] = mapped_column(Date)
    envelope: Mapped[bytes] = mapped_column(LargeBinary(4177))


class Session(Base):
    """A browser that is known for a while: everything in it is locked."""

    __tablename__ = "sessions"
    __table_args__ = (_UNORDERED,)

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    # Empty for reporters; for people at work, so that leaving can end their sessions.
    owner_id: Mapped[bytes | None] = mapped_column(ForeignKey("people.id"))
    # How often it was passed by a sweep: rows age by counting, not by time.
    sweeps: Mapped[int] = mapped_column(SmallInteger, default=0)
    locked: Mapped[bytes] = mapped_column(LargeBinary(2129))


class BurntForm(Base):
    """A form that was handed in; who holds the form can open what it got."""

    __tablename__ = "burnt_forms"
    __table_args__ = (_UNORDERED,)

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sweeps: Mapped[int] = mapped_column(SmallInteger, default=0)
    # Erased once a group of the code was typed back rightly.
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)


class LoginBucket(Base):
    """How often a name, known or not, or a known device may still try to log in."""

    __tablename__ = "login_buckets"

    # HMAC of the folded name, or of the device's id, under the instance secret.
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tokens: Mapped[float] = mapped_column(Float)
    filled_at: Mapped[int] = mapped_column(Integer)


class Job(Base):
    """Due work: the slot that was done last, so that it is done once."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    slot: Mapped[str] = mapped_column(String(20))


class AuditEntry(Base):
    """An act of somebody at work; never text, never a reporter's visit."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date)
    actor: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(30))
    # Whom an act of an administrator was about; never anybody of a case.
    concerns: Mapped[str | None] = mapped_column(String(80))
    case_id: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    link: Mapped[bytes] = mapped_column(LargeBinary(32))
