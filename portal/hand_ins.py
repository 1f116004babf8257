"""Handing in: a report becomes a case, once, and its code is shown.

What is no report (`entries.py`) is kept the same way, and its row looks like any other
that is sealed: held, or read at once by officers, or by its writer alone.

The form that a report came with is burnt in the same transaction. Who still
holds the form gets the same code again within ten minutes (a double click must
not lose it), until a group of the code was typed back; nobody else ever does.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crypto import (
    CaseCode,
    CaseKey,
    FormToken,
    InstanceId,
    Key,
    Recipient,
    Share,
    WrappedCaseKey,
    lock_for_reporter,
    random_mask,
    seal,
    wrap_case_key,
)
from portal import audit, outers, threads, uploads
from portal.audit import AuditAction
from portal.cases import PURPOSE_CASE, Duty
from portal.database import transaction
from portal.deadlines import DeadlineKind, DeadlineRules
from portal.entries import Entry, EntryKind
from portal.errors import FormUsedError, NoReaderError, ReaderLeftError
from portal.models import NO_DAY, Base, BurntForm, Case, Message, Step, Wrap
from portal.note_sheets import NoteSheet
from portal.reports import Readers, Report
from portal.roster import ListedOfficer, holder_ids
from portal.sessions import Browser, Pending
from portal.statuses import RECEIVED, Author, CaseStatus
from portal.summaries import Summary
from portal.threads import Chain
from portal.uploads import ReceivedFile

SHOWN_AGAIN_MINUTES = 10
STALE_AFTER_SECONDS = 12 * 3600
"""So old a form is asked again."""

_CASE_ID_SIZE = 16
_GROUPS = 7
_TABLES = Base.metadata.tables
_INTO_BURNT = insert(_TABLES[BurntForm.__tablename__])
_INTO_CASES = insert(_TABLES[Case.__tablename__])
_INTO_MESSAGES = insert(_TABLES[Message.__tablename__])
_INTO_STEPS = insert(_TABLES[Step.__tablename__])
_INTO_WRAPS = insert(_TABLES[Wrap.__tablename__])

_REPORT = Entry.report()

_Row = dict[str, Any]


@dataclass(frozen=True)
class HandedIn:
    """What handing in yields: shown once, stored nowhere in clear."""

    code: CaseCode = field(repr=False)
    minute: int
    """Unix time of handing in, in whole minutes."""
    group_number: int
    """Which group is asked to be typed back, from 1."""

    @classmethod
    def of(cls, code: CaseCode, minute: int) -> "HandedIn":
        """Choose the group that is asked for."""
        return cls(code, minute, 1 + secrets.randbelow(_GROUPS))

    def pending(self, form: FormToken) -> Pending:
        """Return what the browser's session keeps, to compare one group."""
        group = self.code.reveal().split("-")[self.group_number - 1]
        return Pending(form.burn_id(), self.group_number, group)

    def encode(self) -> bytes:
        """Write it as the bytes that only the form itself unlocks."""
        return self.minute.to_bytes(8, "big") + self.code.reveal().encode()

    @classmethod
    def decode(cls, answer: bytes) -> "HandedIn":
        """Read what `encode` wrote."""
        code = CaseCode.parse(answer[8:].decode())
        return cls.of(code, int.from_bytes(answer[:8], "big"))


def hand_in(
    session: Session,
    report: Report,
    readers: Readers,
    *,
    severity: int,
    form: FormToken,
    browser: Browser,
    instance: InstanceId,
    gate: Key,
    rules: DeadlineRules,
    today: dt.date,
    minute: int,
    at_once: bool,
    admit: Callable[[], None] = lambda: None,
    taken_by: Duty | None = None,  # who filled *report* in for somebody
    received: Sequence[ReceivedFile] = (),
    entry: Entry = _REPORT,
) -> HandedIn:
    """Open a case with *report* as its first text, and burn the form.

    Sealed before the database is asked to wait. *received*: the form's files.
    *entry*: how it is kept; of what is no report officers owe nothing.

    Raises:
        NoReaderError, ReaderLeftError: no officer could, or one has just retired.
        ReportTooLargeError: by so many bytes.
        FormUsedError, UploadGoneError: the form, or a file, was handed in before.
        StoreUnavailableError: nothing was stored.
    """
    handed_in = HandedIn.of(CaseCode.generate(), minute)
    report = replace(report, files=len(received))
    rows = _rows(
        report, readers, handed_in.code, severity, gate, instance, today, entry
    )
    rows.call_officers(_due_on(entry, rules, today), at_once=at_once)
    with _naming_used(), transaction(session):
        _burn(session, form, handed_in, instance)
        rows.attach(session, received)
        admit()
        rows.insert(session, received)
        _record(session, taken_by, today)
        browser.expect(session, handed_in.pending(form), instance)
    return handed_in


def was_handed_in(session: Session, form: FormToken) -> bool:
    """Tell whether the same form was handed in before."""
    return session.get(BurntForm, form.burn_id()) is not None


def find_handed_in(
    session: Session, form: FormToken, instance: InstanceId, minute: int
) -> HandedIn:
    """Return what the same form got before, for a short while.

    Raises:
        FormUsedError: too late, or a group of the code was typed back.
    """
    burnt = session.get(BurntForm, form.burn_id())
    if burnt is None or burnt.locked is None:
        raise FormUsedError
    handed_in = HandedIn.decode(form.unlock(burnt.locked, instance))
    if minute - handed_in.minute > SHOWN_AGAIN_MINUTES:
        raise FormUsedError
    return handed_in


def forget_code(session: Session, burn_id: bytes) -> None:
    """Erase the code that a form could show again: its holder has it on paper."""
    with transaction(session):
        session.execute(
            update(BurntForm).where(BurntForm.id == burn_id).values(locked=None)
        )


def _burn(
    session: Session, form: FormToken, handed_in: HandedIn, instance: InstanceId
) -> None:
    burnt = {"id": form.burn_id(), "locked": form.lock(handed_in.encode(), instance)}
    session.connection().execute(_INTO_BURNT, burnt)


def _record(session: Session, taken_by: Duty | None, today: dt.date) -> None:
    if taken_by:
        taker = taken_by.person.name
        audit.record(session, taker, AuditAction.REPORT_TAKEN, today)


@contextmanager
def _naming_used() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise FormUsedError from None


@dataclass(frozen=True)
class _Rows:
    """The rows of a new case, by column: the unit of work would only order them."""

    key: CaseKey = field(repr=False)
    case: _Row
    first: _Row
    step: _Row
    wraps: list[_Row]

    def attach(self, session: Session, received: Sequence[ReceivedFile]) -> None:
        """Take the report's files from their form; seal what is known of them.

        Raises:
            UploadGoneError: one was swept, or claimed by another form.
        """
        uploads.take(session, received)
        place = threads.first_place(self.case["id"])
        self.first["manifest"] = threads.seal_manifest(
            uploads.manifest_of(received),
            *(self.key.thread, place, self.first["envelope"]),
        )

    def call_officers(self, due_on: dt.date, *, at_once: bool) -> None:
        """Say by when officers act, and whether they see it already."""
        self.case["due_on"] = due_on
        self.case["is_handed_over"] = self.first["is_handed_over"] = at_once

    def insert(self, session: Session, received: Sequence[ReceivedFile]) -> None:
        """Insert each kind by one statement; *received* was taken from its form.

        Raises:
            ReaderLeftError: an officer or custodian has retired since the list was read.
        """
        if not {row["holder_id"] for row in self.wraps} <= holder_ids(session):
            raise ReaderLeftError
        connection = session.connection()
        connection.execute(_INTO_CASES, self.case)
        connection.execute(_INTO_MESSAGES, self.first)
        connection.execute(_INTO_STEPS, self.step)
        connection.execute(_INTO_WRAPS, self.wraps)
        uploads.attach(session, received, self.case["id"])


def _rows(
    report: Report,
    readers: Readers,
    code: CaseCode,
    severity: int,
    gate: Key,
    instance: InstanceId,
    today: dt.date,
    entry: Entry,
) -> _Rows:
    key = CaseKey.generate(instance)
    code_key = code.key(instance)
    case_id = secrets.token_bytes(_CASE_ID_SIZE)
    wrapped = wrap_case_key(
        key,
        case_id=case_id,
        readers=_readers(readers.readers),
        others=_recipients(readers.others),
    )
    status = CaseStatus.SUBMITTED if entry.is_report else CaseStatus.SEALED
    chosen = NoteSheet.of(entry, readers.sheet.readers, code_key, case_id)
    case = {
        "id": case_id,
        "locator": code.locator(instance),
        "status": status.value,
        "is_answered": False,
        "mask": wrapped.mask if entry.kind.is_readable else random_mask(),
        "reporter_lock": lock_for_reporter(key, code_key, case_id=case_id),
        "summary": Summary.of(report, severity).seal(key, case_id),
        "reader_sheet": readers.sheet.seal(key, case_id),
        "note_sheet": chosen.seal(key.thread, case_id),
    }
    envelope = seal(report.encode(), key.thread, threads.first_place(case_id))
    this = {"case_id": case_id, "number": 0}
    first = this | {
        "chain": Chain.THREAD.value,
        "author": Author.REPORTER.value,
        "written_on": today,
        "envelope": envelope,
        "manifest": None,
    }
    kind = RECEIVED if entry.is_report else CaseStatus.SEALED.value
    step = this | {"kind": kind, "taken_on": today}
    if entry.is_report:
        called = _outers(report, readers, key, case_id, gate, envelope)
    else:
        share = share_of(entry, wrapped.mask, envelope)
        called = _entry_outers(readers, share, case_id, gate, report)
    return _Rows(key, case, first, step, _wraps(case_id, wrapped) + called)


def _wraps(case_id: bytes, wrapped: WrappedCaseKey) -> list[_Row]:
    return [
        {"case_id": case_id, "holder_id": holder, "purpose": PURPOSE_CASE, "wrap": wrap}
        for holder, wrap in wrapped.wraps.items()
    ]


def _outers(
    report: Report,
    readers: Readers,
    key: CaseKey,
    case_id: bytes,
    gate: Key,
    first: bytes,
) -> list[_Row]:
    names = [officer.name for officer in readers.others]
    return outers.seal_outers(
        readers.custodians,
        report,
        key,
        case_id,
        gate=gate,
        first=first,
        shut_out=names,
    )


def share_of(entry: Entry, pair: bytes, first: bytes) -> Share:
    """Return what the outers of a sealed entry hold; *pair*: K xor M.

    What is not held gets a share that fits nothing: no round could open it.
    """
    is_held = entry.kind is EntryKind.HOLD
    return Share(
        entry.rule,
        entry.day.isoformat(),
        entry.subject if entry.rule.is_match else "",
        pair if is_held else random_mask(),
        outers.digest_of(first),
    )


def _entry_outers(
    readers: Readers, share: Share, case_id: bytes, gate: Key, report: Report
) -> list[_Row]:
    named = [one.id for one in readers.custodians if report.names(one.name)]
    return outers.seal_entry_outers(
        readers.custodians, share, case_id, gate=gate, never=named
    )


def _due_on(entry: Entry, rules: DeadlineRules, today: dt.date) -> dt.date:
    if not entry.is_report:
        return NO_DAY
    return rules.day_of(DeadlineKind.ACKNOWLEDGE, today)


def _readers(officers: tuple[ListedOfficer, ...]) -> dict[bytes, Recipient]:
    if not officers:
        raise NoReaderError
    return _recipients(officers)


def _recipients(officers: tuple[ListedOfficer, ...]) -> dict[bytes, Recipient]:
    return {officer.id: Recipient(officer.recipient) for officer in officers}
