"""Handing in: a report becomes a case, once, and its code is shown.

The form that a report came with is burnt in the same transaction. Who still
holds the form gets the same code again within ten minutes (a double click must
not lose it), until a group of the code was typed back; nobody else ever does.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crypto import CaseCode, FormToken, InstanceId, Key
from portal import audit
from portal.audit import AuditAction
from portal.cases import Duty
from portal.database import transaction
from portal.deadlines import DeadlineKind, DeadlineRules
from portal.entries import Entry
from portal.errors import FormUsedError
from portal.models import NO_DAY, Base, BurntForm
from portal.new_cases import Opening
from portal.reports import Readers, Report
from portal.sessions import Browser, Pending
from portal.uploads import ReceivedFile

SHOWN_AGAIN_MINUTES = 10
STALE_AFTER_SECONDS = 12 * 3600
"""So old a form is asked again."""

_GROUPS = 7
_INTO_BURNT = insert(Base.metadata.tables[BurntForm.__tablename__])
_REPORT = Entry.report()


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
    received: Sequence[ReceivedFile] = (),  # the form's files
    entry: Entry = _REPORT,  # how it is kept, where it is no report
) -> HandedIn:
    """Open a case with *report* as its first text, and burn the form.

    Raises:
        NoReaderError, ReaderLeftError: no officer could, or one has just retired.
        ReportTooLargeError: by so many bytes.
        FormUsedError, UploadGoneError: the form, or a file, was handed in before.
        StoreUnavailableError: nothing was stored.
    """
    handed_in = HandedIn.of(CaseCode.generate(), minute)
    opening = Opening(replace(report, files=len(received)), readers, severity, entry)
    rows = opening.rows(handed_in.code, gate, instance, today)
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


def _due_on(entry: Entry, rules: DeadlineRules, today: dt.date) -> dt.date:
    if not entry.is_report:
        return NO_DAY
    return rules.day_of(DeadlineKind.ACKNOWLEDGE, today)
