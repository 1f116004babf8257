"""The Integrity Zone: what the agency declares, what its head signed, what it reports.

Each part is kept by an administrator and shown to everybody, with the day on which it
was recorded here: a day that was typed can lie, that one cannot. What is kept again as
it stands is no change, and moves no day.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto.public_leaf import PublicKind
from portal import audit
from portal.audit import AuditAction
from portal.database import reading, transaction
from portal.ledger_papers import publish
from portal.models import (
    NO_DAY,
    Person,
    ZoneDeclaration,
    ZonePredicate,
    ZonePromise,
    ZoneReport,
    ZoneStatement,
)
from portal.zone_texts import Area, Promise

_ONLY = 1
"""The key of a table that has one row."""


class Predicate(StrEnum):
    """What a unit was awarded, from nothing to the summit."""

    NONE = "none"
    WBK = "WBK"
    WBBM = "WBBM"


@dataclass(frozen=True)
class OwnText:
    """A text of the agency's own; *en* is empty where it has none."""

    id: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        """Tell whether something is said."""
        return bool(self.id)

    @property
    def lines(self) -> tuple[str, ...]:
        """Return it as it is published: each language behind its code."""
        return (f"id {self.id}", *((f"en {self.en}",) if self.en else ()))


@dataclass(frozen=True)
class Declaration:
    """What was declared, where, on which day."""

    text: OwnText
    place: str
    declared_on: dt.date
    recorded_on: dt.date = field(default=NO_DAY, compare=False)

    def paper(self, today: dt.date) -> bytes:
        """Return it as it is published in the trail, recorded *today*."""
        return _paper(
            "declaration",
            f"day {today.isoformat()}",
            f"declared {self.declared_on.isoformat()}",
            f"place {self.place}",
            *self.text.lines,
        )


@dataclass(frozen=True)
class Statement:
    """What the head signed, in the words that were signed."""

    name: str
    position: str
    signed_on: dt.date
    promises: Mapping[Promise, OwnText]
    """Empty where every sentence was taken off again."""
    recorded_on: dt.date = field(default=NO_DAY, compare=False)
    taken_off_on: dt.date | None = field(default=None, compare=False)

    def paper(self, today: dt.date) -> bytes:
        """Return it as it is published in the trail, recorded *today*.

        With the position, and without the name: it can never be taken back.
        """
        return _paper(
            "statement",
            f"day {today.isoformat()}",
            f"signed {self.signed_on.isoformat()}",
            f"position {self.position}",
            *(line for text in self.promises.values() for line in text.lines),
        )


@dataclass(frozen=True)
class Award:
    """The predicate that the unit holds, and of which year."""

    predicate: Predicate
    year: int
    """0 without a predicate."""
    recorded_on: dt.date | None = field(default=None, compare=False)
    """None where nothing was ever kept."""


@dataclass(frozen=True)
class AreaReport:
    """What the agency says of one area, and since when."""

    text: OwnText
    recorded_on: dt.date


@dataclass(frozen=True)
class Zone:
    """All of it, for one page."""

    declaration: Declaration | None
    statement: Statement | None
    """None: nothing was ever signed."""
    award: Award
    reports: Mapping[Area, AreaReport]


def read_zone(session: Session) -> Zone:
    """Return everything that is kept."""
    with reading(session):
        return Zone(
            _read_declaration(session),
            _read_statement(session),
            _read_award(session),
            _read_reports(session),
        )


def find_statement(session: Session) -> Statement | None:
    """Return what the head signed; None: nothing was ever signed."""
    with reading(session):
        return _read_statement(session)


def signed_day(session: Session, promise: Promise) -> dt.date | None:
    """Return the day of the statement that holds *promise*; None: it was not signed."""
    statement = find_statement(session)
    holds = statement is not None and promise in statement.promises
    return statement.signed_on if statement and holds else None


def keep_declaration(
    session: Session, declared: Declaration, today: dt.date, *, by: Person
) -> None:
    """Keep what was declared."""
    with transaction(session):
        if declared == _read_declaration(session):
            return
        session.merge(
            ZoneDeclaration(
                id=_ONLY,
                text_id=declared.text.id,
                text_en=declared.text.en,
                place=declared.place,
                declared_on=declared.declared_on,
                recorded_on=today,
            )
        )
        act = AuditAction.DECLARATION_KEPT
        publish(session, PublicKind.DECLARATION, declared.paper(today), today)
        day = declared.declared_on.isoformat()
        audit.record(session, by.name, act, today, concerns=day)


def keep_statement(
    session: Session, signed: Statement, today: dt.date, *, by: Person
) -> None:
    """Keep what the head signed; a sentence that is left out is taken off.

    That it was is shown until all sentences are signed. Where nothing was kept before,
    nothing signed is nothing to keep: no page may say that a sentence was taken off.
    """
    with transaction(session):
        before = _read_statement(session)
        if signed == before or not (before or signed.promises):
            return
        session.merge(
            ZoneStatement(
                id=_ONLY,
                name=signed.name,
                position=signed.position,
                signed_on=signed.signed_on,
                recorded_on=today,
                taken_off_on=_taken_off_on(before, signed, today),
            )
        )
        session.execute(delete(ZonePromise))
        session.add_all(
            ZonePromise(promise=promise, text_id=text.id, text_en=text.en)
            for promise, text in signed.promises.items()
        )
        publish(session, PublicKind.DECLARATION, signed.paper(today), today)
        # The day that was typed and how many sentences: an entry of today that tells
        # of a day long ago stands out.
        told = f"{signed.signed_on.isoformat()}, {len(signed.promises)}/{len(Promise)}"
        act = AuditAction.STATEMENT_KEPT
        audit.record(session, by.name, act, today, concerns=told)


def keep_report(
    session: Session, area: Area, text: OwnText, today: dt.date, *, by: Person
) -> None:
    """Keep what the agency says of *area*; an empty text takes it off."""
    with transaction(session):
        kept = _read_reports(session).get(area)
        if text == (kept.text if kept else OwnText()):
            return
        if text:
            row = ZoneReport(
                area=area, text_id=text.id, text_en=text.en, recorded_on=today
            )
            session.merge(row)
        else:
            session.execute(delete(ZoneReport).where(ZoneReport.area == area))
        act = AuditAction.AREA_REPORTED
        audit.record(session, by.name, act, today, concerns=area.value)


def keep_award(session: Session, award: Award, today: dt.date, *, by: Person) -> None:
    """Keep which predicate the unit holds."""
    with transaction(session):
        if award == _read_award(session):
            return
        held = ZonePredicate(
            id=_ONLY,
            predicate=award.predicate.value,
            year=award.year,
            recorded_on=today,
        )
        session.merge(held)
        told = f"{award.predicate.value} {award.year or ''}".strip()
        act = AuditAction.PREDICATE_KEPT
        audit.record(session, by.name, act, today, concerns=told)


def _paper(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _taken_off_on(
    before: Statement | None, signed: Statement, today: dt.date
) -> dt.date | None:
    if before is None or len(signed.promises) == len(Promise):
        return None
    is_less = bool(before.promises.keys() - signed.promises.keys())
    return today if is_less else before.taken_off_on


def _read_declaration(session: Session) -> Declaration | None:
    row = session.get(ZoneDeclaration, _ONLY, populate_existing=True)
    if row is None:
        return None
    text = OwnText(row.text_id, row.text_en)
    return Declaration(text, row.place, row.declared_on, row.recorded_on)


def _read_statement(session: Session) -> Statement | None:
    row = session.get(ZoneStatement, _ONLY, populate_existing=True)
    if row is None:
        return None
    signed = select(ZonePromise).execution_options(populate_existing=True)
    words = {one.promise: one for one in session.scalars(signed)}
    return Statement(
        row.name,
        row.position,
        row.signed_on,
        {
            promise: OwnText(words[promise].text_id, words[promise].text_en)
            for promise in Promise
            if promise in words
        },
        row.recorded_on,
        row.taken_off_on,
    )


def _read_award(session: Session) -> Award:
    row = session.get(ZonePredicate, _ONLY, populate_existing=True)
    if row is None:
        return _NO_AWARD
    return Award(Predicate(row.predicate), row.year, row.recorded_on)


_NO_AWARD = Award(Predicate.NONE, 0)


def _read_reports(session: Session) -> Mapping[Area, AreaReport]:
    kept = select(ZoneReport).execution_options(populate_existing=True)
    rows: Sequence[ZoneReport] = session.scalars(kept).all()
    return {
        Area(row.area): AreaReport(OwnText(row.text_id, row.text_en), row.recorded_on)
        for row in rows
    }
