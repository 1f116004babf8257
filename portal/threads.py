"""The two chains of a case: the thread with the reporter, and internal notes.

Each text is sealed to its place behind the one before it; sealing happens
inside the write transaction, after the head was read.
"""

import datetime as dt
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer
from sqlalchemy.sql.base import ExecutableOption

from crypto import (
    BrokenError,
    Key,
    Kind,
    NoticeKind,
    Place,
    TooLongError,
    seal,
    unseal,
)
from portal.errors import ReasonTooLongError
from portal.manifests import NO_FILES, AttachedFile, Manifest
from portal.models import Message
from portal.reminders import ReminderAct
from portal.statuses import Author, CaseStatus, OutcomeClass


class Chain(StrEnum):
    """Which of the two: the thread opens with the case key, notes with the office key."""

    THREAD = "thread"
    NOTES = "notes"


class ReaderAct(StrEnum):
    """How an officer changed who reads."""

    ASSIGNED = "assigned"
    RECUSED = "recused"


class Stopped(StrEnum):
    """Whether what an entry is about has stopped, as its writer says when asked."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class PurgeAct(StrEnum):
    """What an officer did about the day on which a case is destroyed."""

    HELD_BACK = "held-back"
    LET_GO = "let-go"


@dataclass(frozen=True)
class Text:
    """What one message or note says."""

    text: str
    by: str = ""
    """The officer who wrote it (id in hex); empty for the reporter."""
    status: CaseStatus | None = None
    """The change of status that it goes with."""
    outcome: OutcomeClass | None = None
    reader_act: ReaderAct | None = None
    """The change of readers that it goes with."""
    officer: str = ""
    """Whom that change concerned (id in hex)."""
    purge_act: PurgeAct | None = None
    """Why the case stays longer, or goes after all."""
    reminder_act: ReminderAct | None = None
    """What became of a request for a reminder; *text* is the reason, if any."""
    crossed: int = 0
    """How many messages before it its writer had not been handed yet."""
    files: int = 0
    """How many files came with it."""
    check_in: int = 0
    """The day after filing, counted, whose question it answers; 0: none."""
    stopped: Stopped | None = None
    """What it answers to that question; None: it was not asked, or left open."""
    trouble: NoticeKind | None = None
    """What its reporter says is done to whoever reported."""
    is_objection: bool = False
    """With it its reporter asked the custodians to look."""

    def encode(self) -> bytes:
        """Write it as the text that is sealed: JSON."""
        values = {
            "v": 1,
            "text": self.text,
            "by": self.by,
            "status": self.status,
            "outcome": self.outcome,
            "reader_act": self.reader_act,
            "officer": self.officer,
            "purge_act": self.purge_act,
            "check_in": self.check_in,
            "stopped": self.stopped,
            "reminder_act": self.reminder_act,
            "trouble": self.trouble,
            "is_objection": self.is_objection,
        }
        filled = {name: value for name, value in values.items() if value}
        # Of one width, none or many: what a text leaves room for tells nothing.
        filled["crossed"] = f"{self.crossed:04}"
        filled["files"] = f"{self.files:02}"
        return json.dumps(filled, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, text: bytes) -> "Text":
        """Read what `encode` wrote."""
        values = json.loads(text)
        return cls(
            text=values.get("text", ""),
            by=values.get("by", ""),
            status=CaseStatus(values["status"]) if "status" in values else None,
            outcome=OutcomeClass(values["outcome"]) if "outcome" in values else None,
            reader_act=(
                ReaderAct(values["reader_act"]) if "reader_act" in values else None
            ),
            officer=values.get("officer", ""),
            purge_act=PurgeAct(values["purge_act"]) if "purge_act" in values else None,
            reminder_act=(
                ReminderAct(values["reminder_act"])
                if "reminder_act" in values
                else None
            ),
            crossed=int(values.get("crossed", 0)),
            files=int(values.get("files", 0)),
            check_in=values.get("check_in", 0),
            stopped=Stopped(values["stopped"]) if "stopped" in values else None,
            trouble=NoticeKind(values["trouble"]) if "trouble" in values else None,
            is_objection=values.get("is_objection", False),
        )


@dataclass(frozen=True)
class Entry:
    """One text of a chain, opened."""

    number: int
    author: Author
    written_on: dt.date
    plain: bytes
    """The report at number 0 of the thread (`Report.decode`), else a `Text`."""

    @property
    def text(self) -> Text:
        """The text of a message or note."""
        return Text.decode(self.plain)


def first_place(case_id: bytes) -> Place:
    """Return where the report itself stands."""
    return Place(case_id, Chain.THREAD, 0, Author.REPORTER, Kind.REPORT)


def append(
    session: Session,
    case_id: bytes,
    chain: Chain,
    author: Author,
    text: Text,
    key: Key,
    today: dt.date,
    *,
    at_once: bool = True,
    manifest: Manifest = NO_FILES,
) -> None:
    """Seal *text* behind the head of its chain; call it inside the transaction.

    The head may be a message that waits for a hand-over, as this does, not *at_once*.

    Raises:
        TooLongError: with the bytes that are too many.
    """
    head = session.scalar(
        select(Message)
        .where(Message.case_id == case_id, Message.chain == chain)
        .order_by(Message.number.desc())
        .limit(1)
    )
    kind = Kind.MESSAGE if chain is Chain.THREAD else Kind.NOTE
    place = Place(case_id, chain, head.number if head else 0, author, kind)
    if head:
        place = place.after(head.envelope, author, kind)
    text = replace(text, files=len(manifest.files))
    envelope = seal(text.encode(), key, place)
    place_of = {"case_id": case_id, "chain": chain.value, "number": place.number}
    said = {"author": author.value, "written_on": today, "is_handed_over": at_once}
    sealed = seal_manifest(manifest, key, place, envelope)
    session.add(Message(**place_of | said, envelope=envelope, manifest=sealed))


def note_reason(
    session: Session, case_id: bytes, text: Text, key: Key, today: dt.date
) -> None:
    """Add an officer's reason to the notes; call it inside the transaction.

    Raises:
        ReasonTooLongError: with the bytes that are too many.
    """
    try:
        append(session, case_id, Chain.NOTES, Author.OFFICER, text, key, today)
    except TooLongError as error:
        raise ReasonTooLongError(error.excess) from None


def seal_manifest(
    manifest: Manifest, key: Key, place: Place, envelope: bytes
) -> bytes | None:
    """Seal what is known of a text's files beside it; None where none came."""
    return manifest.seal(key, place.manifest(envelope)) if manifest.files else None


def read_files(
    session: Session,
    case_id: bytes,
    chain: Chain,
    key: Key,
    *,
    is_for_officers: bool = False,
) -> dict[int, tuple[AttachedFile, ...]]:
    """Open what is known of the files of a chain, by the number of their text.

    *is_for_officers*: only of texts that they have been handed. A manifest that is
    damaged or gone is left out: the text says how many came.
    """
    found: dict[int, tuple[AttachedFile, ...]] = {}
    place: Place | None = None
    rows = _rows(session, case_id, chain, undefer(Message.manifest))
    for before, row in zip([*rows[:1], *rows], rows, strict=False):
        place = _next_place(row.case_id, chain, place, before, row.author)
        is_read = row.is_handed_over or not is_for_officers
        if is_read and row.manifest is not None:
            with suppress(BrokenError):
                sealed_at = place.manifest(row.envelope)
                found[row.number] = Manifest.unseal(row.manifest, key, sealed_at).files
    return found


def count_on(session: Session, case_id: bytes, day: dt.date) -> int:
    """Return how many messages the reporter wrote on *day*, besides the report."""
    written = select(func.count()).where(
        Message.case_id == case_id,
        Message.chain == Chain.THREAD,
        Message.number > 0,
        Message.author == Author.REPORTER,
        Message.written_on == day,
    )
    return session.scalars(written).one()


def count_waiting(session: Session, case_id: bytes) -> int:
    """Return how many messages of a case wait for the next hand-over."""
    waiting = select(func.count()).where(
        Message.case_id == case_id, ~Message.is_handed_over
    )
    return session.scalars(waiting).one()


def last_author(session: Session, case_id: bytes) -> Author:
    """Return who wrote the newest text of the thread that officers have."""
    authors = (
        select(Message.author)
        .where(
            Message.case_id == case_id,
            Message.chain == Chain.THREAD,
            Message.is_handed_over,
        )
        .order_by(Message.number.desc())
    )
    return Author(session.scalars(authors.limit(1)).one())


def read(session: Session, case_id: bytes, chain: Chain, key: Key) -> tuple[Entry, ...]:
    """Open a whole chain, in order.

    Raises:
        BrokenError: a text was changed, moved, swapped or left out.
    """
    return _open(_rows(session, case_id, chain), chain, key)


def read_handed_over(
    session: Session, case_id: bytes, chain: Chain, key: Key
) -> tuple[Entry, ...]:
    """Open what officers have of a chain, in the order in which they got it.

    The rest is a link in the chain, and stays shut.

    Raises:
        BrokenError: a text was changed, moved, swapped or left out.
    """
    rows = _rows(session, case_id, chain)
    return _as_got(_open(rows, chain, key, is_for_officers=True))


def reseal(
    session: Session, case_id: bytes, chain: Chain, key: Key, renewed: Key
) -> None:
    """Seal a whole chain anew, in order; call it inside the transaction.

    Raises:
        BrokenError: a text was changed, moved, swapped or left out.
    """
    rows = _rows(session, case_id, chain)
    entries = _open(rows, chain, key)
    place: Place | None = None
    # The one before is sealed anew already when the next one names it.
    for before, row, entry in zip([*rows[:1], *rows], rows, entries, strict=False):
        place = _next_place(case_id, chain, place, before, row.author)
        row.envelope = seal(entry.plain, renewed, place)


def replace_first(session: Session, case_id: bytes, key: Key, plain: bytes) -> None:
    """Put another first text in the place of the thread's, and seal the rest behind it.

    Texts, days, authors and files stay as they are. Call it inside the transaction.

    Raises:
        BrokenError: a text was changed, moved, swapped or left out.
    """
    files = read_files(session, case_id, Chain.THREAD, key)
    rows = _rows(session, case_id, Chain.THREAD, undefer(Message.manifest))
    entries = _open(rows, Chain.THREAD, key)
    place: Place | None = None
    for before, row, entry in zip([*rows[:1], *rows], rows, entries, strict=False):
        place = _next_place(case_id, Chain.THREAD, place, before, row.author)
        row.envelope = seal(entry.plain if entry.number else plain, key, place)
        if row.number in files:
            manifest = Manifest(files[row.number])
            row.manifest = seal_manifest(manifest, key, place, row.envelope)


def forget(session: Session, case_id: bytes, chain: Chain) -> None:
    """Forget a whole chain; call it inside the transaction."""
    these = delete(Message).where(Message.case_id == case_id, Message.chain == chain)
    session.execute(these)


def _rows(
    session: Session, case_id: bytes, chain: Chain, *options: ExecutableOption
) -> list[Message]:
    rows = select(Message).where(Message.case_id == case_id, Message.chain == chain)
    return list(session.scalars(rows.order_by(Message.number).options(*options)))


def _open(
    rows: list[Message], chain: Chain, key: Key, *, is_for_officers: bool = False
) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    place: Place | None = None
    for before, row in zip([*rows[:1], *rows], rows, strict=False):
        place = _next_place(row.case_id, chain, place, before, row.author)
        if row.is_handed_over or not is_for_officers:
            plain = unseal(row.envelope, key, place)
            entries.append(Entry(row.number, Author(row.author), row.written_on, plain))
    return tuple(entries)


def _as_got(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Put an answer before the messages that it crossed."""
    got: list[Entry] = []
    for entry in entries:
        reporters = [
            at for at, other in enumerate(got) if other.author is Author.REPORTER
        ]
        # A number left out below: what it crossed waits still, all of it.
        waits_still = len(got) < entry.number
        is_answer = entry.author is not Author.REPORTER
        crossed = entry.text.crossed if is_answer and not waits_still else 0
        got.insert(reporters[-crossed] if crossed else len(got), entry)
    return tuple(got)


def _next_place(
    case_id: bytes, chain: Chain, place: Place | None, before: Message, author: str
) -> Place:
    kind = Kind.MESSAGE if chain is Chain.THREAD else Kind.NOTE
    if place is not None:
        return place.after(before.envelope, author, kind)
    if chain is Chain.THREAD:
        return first_place(case_id)
    return Place(case_id, chain, 0, author, kind)
