"""Browsers, forms and buckets; due work; the record of acts."""

import datetime as dt

from sqlalchemy import (
    Date,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import UNORDERED, Base


class Session(Base):
    """A browser that is known for a while: everything in it is locked."""

    __tablename__ = "sessions"
    __table_args__ = (UNORDERED,)

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    # Empty for reporters; for people at work, so that leaving can end their sessions.
    owner_id: Mapped[bytes | None] = mapped_column(ForeignKey("people.id"))
    # How often it was passed by a sweep: rows age by counting, not by time.
    sweeps: Mapped[int] = mapped_column(SmallInteger, default=0)
    locked: Mapped[bytes] = mapped_column(LargeBinary(2129))


class BurntForm(Base):
    """A form that was handed in; who holds the form can open what it got."""

    __tablename__ = "burnt_forms"
    __table_args__ = (UNORDERED,)

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
