"""Who works with the portal, and the list of the staff."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import Base
from portal.roles import Role


class Installation(Base):
    """The one row that says which installation this database is."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    instance_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    made_on: Mapped[dt.date] = mapped_column(Date)
    # Cases that ended before it are in no figures; that of making but after an upgrade.
    counted_since: Mapped[dt.date] = mapped_column(Date)
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
            "is_officer OR is_custodian OR is_administrator OR is_evaluator",
            "some_role_each",
        ),
        # Who looks at how the portal works reads nothing, and keeps nothing.
        CheckConstraint(
            "NOT (is_evaluator AND (is_officer OR is_custodian OR is_administrator))",
            "evaluator_alone",
        ),
        CheckConstraint(
            "is_evaluator = (admitted_until IS NOT NULL)", "evaluator_until_a_day"
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
    # Somebody of an evaluating body: sees sample cases and facts of the process.
    is_evaluator: Mapped[bool] = mapped_column(default=False)
    # The last day on which an evaluator is let in; of nobody else.
    admitted_until: Mapped[dt.date | None] = mapped_column(Date)
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

    def is_admitted(self, today: dt.date) -> bool:
        """Tell whether the person is let in: an evaluator until a day, others always."""
        until = self.admitted_until
        return not self.is_retired and (until is None or today <= until)

    @property
    def roles(self) -> frozenset[Role]:
        """Return what the person is to the portal."""
        here = self.is_officer and not self.is_outside
        held = {
            Role.OFFICER: here,
            Role.OUTSIDE_OFFICER: self.is_outside,
            Role.CUSTODIAN: self.is_custodian,
            Role.ADMINISTRATOR: self.is_administrator,
            Role.EVALUATOR: self.is_evaluator,
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


class StaffMember(Base):
    """Somebody of the agency, as its own list has them; nothing says who was named."""

    __tablename__ = "staff"

    # Random: pages never show a number, which holds a birth date.
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(120))
