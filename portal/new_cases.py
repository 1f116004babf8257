"""The rows of a new case: made and sealed before the database is asked to wait.

What is no report (`entries.py`) is made the same way, and its row looks like any other
that is sealed: held, or read at once by officers, or by its writer alone.
"""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from crypto import (
    CaseCode,
    CaseKey,
    InstanceId,
    Key,
    Kind,
    Recipient,
    Share,
    WrappedCaseKey,
    lock_for_reporter,
    random_mask,
    seal,
    text_digest,
    wrap_case_key,
)
from portal import outers, threads, uploads
from portal.cases import PURPOSE_CASE
from portal.entries import Entry, EntryKind
from portal.errors import NoReaderError, ReaderLeftError
from portal.models import Base, Case, Message, Step, Wrap
from portal.note_sheets import NoteSheet
from portal.reports import Readers, Report
from portal.roster import ListedOfficer, holder_keys
from portal.statuses import RECEIVED, Author, CaseStatus
from portal.steps import INTO_WAITING_LEAVES, Written, make_step
from portal.summaries import Summary
from portal.threads import Chain
from portal.uploads import ReceivedFile

_CASE_ID_SIZE = 16
_TABLES = Base.metadata.tables
_INTO_CASES = insert(_TABLES[Case.__tablename__])
_INTO_MESSAGES = insert(_TABLES[Message.__tablename__])
_INTO_STEPS = insert(_TABLES[Step.__tablename__])
_INTO_WRAPS = insert(_TABLES[Wrap.__tablename__])

_Row = dict[str, Any]


@dataclass(frozen=True)
class NewCase:
    """The rows of a new case, by column: the unit of work would only order them."""

    key: CaseKey = field(repr=False)
    case: _Row
    first: _Row
    step: Written
    wraps: list[_Row]
    sealed_to: Mapping[bytes, bytes] = field(repr=False)
    """Recipients by the ids of their holders, as the list had them."""

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
            ReaderLeftError: an officer or custodian has retired, or changed the key,
                since the list was read: the key of before opens nothing new.
        """
        if not self.sealed_to.items() <= holder_keys(session).items():
            raise ReaderLeftError
        connection = session.connection()
        connection.execute(_INTO_CASES, self.case)
        connection.execute(_INTO_MESSAGES, self.first)
        connection.execute(_INTO_STEPS, self.step.row)
        connection.execute(INTO_WAITING_LEAVES, self.step.waiting)
        connection.execute(_INTO_WRAPS, self.wraps)
        uploads.attach(session, received, self.case["id"])


@dataclass(frozen=True)
class Opening:
    """What a case is opened with: the text, who may read it, and how it is kept."""

    report: Report
    readers: Readers
    severity: int
    entry: Entry

    def rows(
        self, code: CaseCode, gate: Key, instance: InstanceId, today: dt.date
    ) -> NewCase:
        """Draw the keys of a case and seal all that it begins with.

        Raises:
            NoReaderError: no officer could read it.
            ReportTooLargeError: by so many bytes.
        """
        key, case_id = CaseKey.generate(instance), secrets.token_bytes(_CASE_ID_SIZE)
        readers = self.readers
        wrapped = wrap_case_key(
            key,
            case_id=case_id,
            readers=_readers(readers.readers),
            others=_recipients(readers.others),
        )
        first = seal(self.report.encode(), key.thread, threads.first_place(case_id))
        step = self._step(case_id, today, key.thread)
        called = self._outers(key, case_id, gate, wrapped.mask, first)
        return NewCase(
            key,
            self._case(code, key, case_id, wrapped.mask, instance)
            | {"clock_leaves": step.clock_leaves},
            _first(case_id, first, today),
            step,
            _wraps(case_id, wrapped) + called,
            {one.id: one.recipient for one in readers.holders},
        )

    def _case(
        self,
        code: CaseCode,
        key: CaseKey,
        case_id: bytes,
        pair: bytes,
        instance: InstanceId,
    ) -> _Row:
        """Make the row of the case; *pair*: K xor M."""
        code_key, readers = code.key(instance), self.readers.sheet.readers
        status = CaseStatus.SUBMITTED if self.entry.is_report else CaseStatus.SEALED
        chosen = NoteSheet.of(self.entry, readers, code_key, case_id)
        return {
            "id": case_id,
            "locator": code.locator(instance),
            "status": status.value,
            "is_answered": False,
            "mask": pair if self.entry.kind.is_readable else random_mask(),
            "reporter_lock": lock_for_reporter(key, code_key, case_id=case_id),
            "summary": Summary.of(self.report, self.severity).seal(key, case_id),
            "reader_sheet": self.readers.sheet.seal(key, case_id),
            "note_sheet": chosen.seal(key.thread, case_id),
        }

    def _step(self, case_id: bytes, today: dt.date, thread: Key) -> Written:
        kind = RECEIVED if self.entry.is_report else CaseStatus.SEALED.value
        digest = text_digest(self.report.encode(), Kind.REPORT)
        return make_step(case_id, 0, kind, today, thread, digest)

    def _outers(
        self, key: CaseKey, case_id: bytes, gate: Key, pair: bytes, first: bytes
    ) -> list[_Row]:
        """Seal what opens it to custodians: after a deadline, or by the entry's rule."""
        custodians, report = self.readers.custodians, self.report
        if not self.entry.is_report:
            share = share_of(self.entry, pair, first)
            named = [one.id for one in custodians if report.names(one.name)]
            return outers.seal_entry_outers(
                custodians, share, case_id, gate=gate, never=named
            )
        return outers.seal_outers(
            *(custodians, report, key, case_id),
            gate=gate,
            first=first,
            shut_out=self.readers.others,
        )


def _first(case_id: bytes, envelope: bytes, today: dt.date) -> _Row:
    return {
        "case_id": case_id,
        "number": 0,
        "chain": Chain.THREAD.value,
        "author": Author.REPORTER.value,
        "written_on": today,
        "envelope": envelope,
        "manifest": None,
    }


def _wraps(case_id: bytes, wrapped: WrappedCaseKey) -> list[_Row]:
    return [
        {"case_id": case_id, "holder_id": holder, "purpose": PURPOSE_CASE, "wrap": wrap}
        for holder, wrap in wrapped.wraps.items()
    ]


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


def _readers(officers: tuple[ListedOfficer, ...]) -> dict[bytes, Recipient]:
    if not officers:
        raise NoReaderError
    return _recipients(officers)


def _recipients(officers: tuple[ListedOfficer, ...]) -> dict[bytes, Recipient]:
    return {officer.id: Recipient(officer.recipient) for officer in officers}
