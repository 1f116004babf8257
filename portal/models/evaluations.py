"""Evaluations of the portal, and what was found in them; nothing of a reporter's."""

import datetime as dt

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.tables import Base


class Evaluation(Base):
    """An evaluation that is due on a day, and held or not."""

    __tablename__ = "evaluations"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    # One each day; a row stands before its day, and a later setting leaves it there.
    due_on: Mapped[dt.date] = mapped_column(Date, unique=True)
    # One of the fixed days of every year.
    is_fixed: Mapped[bool] = mapped_column()
    # Empty until it was held.
    done_on: Mapped[dt.date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(1000))


class EvaluationFinding(Base):
    """What is to be put right, by which office, until when."""

    __tablename__ = "evaluation_findings"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    found_on: Mapped[dt.date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(String(500))
    # A role or an office: never a reporter, and nobody reported.
    owner: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[dt.date] = mapped_column(Date)
    # Empty until it was put right.
    closed_on: Mapped[dt.date | None] = mapped_column(Date)
    # Where the paper is that shows it: a reference, no file.
    proof: Mapped[str] = mapped_column(String(200))
