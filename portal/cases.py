"""Finding a case: by its code for the reporter, by a wrap for an officer.

Nothing here knows the web, the clock or the settings.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    CaseKey,
    Identity,
    InstanceId,
    Key,
    Locator,
    NotYoursError,
    open_outer,
    unlock_for_reporter,
    unseal,
    unwrap_case_key,
)
from portal.database import transaction
from portal.errors import ChangedMeanwhileError, KeyChangedError, NoSuchCaseError
from portal.models import Case, Message, Person, Step, Wrap
from portal.reader_sheets import ReaderSheet
from portal.reports import Report
from portal.statuses import RECEIVED
from portal.summaries import Summary
from portal.threads import Chain, first_place

PURPOSE_CASE = "case"
PURPOSE_NEXT = "next"
"""Beside the wrap of today, while an officer's key is changed."""
PURPOSE_OUTER = "outer"
PURPOSE_OPEN = "open"
PURPOSE_ASKED = "asked"
"""Where the reporter asked a custodian to look; it gives what the code opens."""
PURPOSE_NOTICE = "notice"
"""What a custodian is told of a withdrawal; it gives no key."""
PURPOSE_TROUBLE = "trouble"
"""What a custodian is told of what is done to a reporter; it gives no key."""
PURPOSE_GIVEN = "g-"
"""How it begins where a colleague handed the case over, and it was not taken up yet."""


@dataclass(frozen=True)
class ReporterCase:
    """A case in the hands of who has its code."""

    case: Case
    key: Key = field(repr=False)


@dataclass(frozen=True)
class Duty:
    """A person at work, and the identity that unlocks."""

    person: Person
    identity: Identity = field(repr=False)
    instance: InstanceId = field(repr=False)


@dataclass(frozen=True)
class OfficerCase:
    """A case in the hands of who may read it: an officer, or a custodian called in."""

    case: Case
    summary: Summary
    key: CaseKey = field(repr=False)
    is_asked: bool = False
    """A custodian has it of its reporter: no office key, so no notes, and no sheet."""


def find_present(session: Session, duty: Duty) -> Person:
    """Return who is at work as stored now; call it inside the transaction of an act.

    Raises:
        KeyChangedError: retired, or the session has the key of before.
    """
    person = session.get_one(Person, duty.person.id, populate_existing=True)
    if person.is_retired or person.recipient != bytes(duty.identity.recipient):
        raise KeyChangedError
    return person


def find_by_locator(session: Session, locator: Locator) -> Case:
    """Return the case of a locator; the one place that looks one up.

    Raises:
        NoSuchCaseError: unknown or destroyed, in the same way.
    """
    case = session.scalar(select(Case).where(Case.locator == locator))
    if case is None:
        raise NoSuchCaseError
    return case


def find_for_reporter(
    session: Session, case_id: bytes, code_key: Key, instance: InstanceId
) -> ReporterCase:
    """Return the case that a session with the code key has open.

    Raises:
        NoSuchCaseError: it is gone.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NoSuchCaseError
    try:
        key = unlock_for_reporter(
            case.reporter_lock, code_key, case_id=case_id, instance=instance
        )
    except NotYoursError:
        # Its end has come since: a round let its code open nothing any more.
        raise NoSuchCaseError from None
    return ReporterCase(case, key)


def find_for_officer(session: Session, case_id: bytes, duty: Duty) -> OfficerCase:
    """Return the case if its wrap yields keys that open it.

    Raises:
        NoSuchCaseError: none, not this officer's, or not handed over: the same.
    """
    case = session.get(Case, case_id)
    wrap = session.get(Wrap, (case_id, duty.person.id, PURPOSE_CASE))
    if case is None or wrap is None or not case.is_handed_over:
        raise NoSuchCaseError
    key = try_wrap(wrap.wrap, case.id, case.mask, case.reader_sheet, duty)
    return _opened(case, key)


def find_for_custodian(session: Session, case_id: bytes, duty: Duty) -> OfficerCase:
    """Return the case if it was put before this custodian.

    By a gate that was taken off, with all keys; or by its reporter, who could give what
    the code opens, and no more (docs/decisions/0112).

    Raises:
        NoSuchCaseError: none, the gate is on, or not this custodian's: the same.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NoSuchCaseError
    with suppress(NoSuchCaseError):
        key = _open_share(session, case_id, PURPOSE_OPEN, duty)
        with suppress(BrokenError):
            ReaderSheet.unseal(case.reader_sheet, key, case_id)
            return _opened(case, key)
    key = _open_share(session, case_id, PURPOSE_ASKED, duty)
    return OfficerCase(case, _first_summary(session, case_id, key), key, is_asked=True)


def _open_share(session: Session, case_id: bytes, purpose: str, duty: Duty) -> CaseKey:
    wrap = session.get(Wrap, (case_id, duty.person.id, purpose))
    if wrap is None:
        raise NoSuchCaseError
    place = {"case_id": case_id, "holder": duty.person.id}
    try:
        share = open_outer(wrap.wrap, duty.identity, **place)
        return CaseKey.parse(share.share, duty.instance)
    except (NotYoursError, BrokenError):
        raise NoSuchCaseError from None


def _first_summary(session: Session, case_id: bytes, key: CaseKey) -> Summary:
    """Return the summary of the report as it came in, which the case key opens.

    Raises:
        NoSuchCaseError: not under this key.
    """
    first = select(Message.envelope).where(
        Message.case_id == case_id, Message.chain == Chain.THREAD, Message.number == 0
    )
    envelope = session.scalars(first).one()
    try:
        plain = unseal(envelope, key.thread, first_place(case_id))
    except BrokenError:
        raise NoSuchCaseError from None
    return Summary.of(Report.decode(plain), severity=1)


def _opened(case: Case, key: CaseKey) -> OfficerCase:
    try:
        summary = Summary.unseal(case.summary, key, case.id)
    except BrokenError:
        # Damaged, not hidden: the thread can still be read and answered.
        summary = Summary.damaged()
    return OfficerCase(case, summary, key)


def try_wrap(
    wrap: bytes, case_id: bytes, mask: bytes, reader_sheet: bytes, duty: Duty
) -> CaseKey:
    """Return the keys of a wrap that opens the case; it is tried, never flagged.

    Raises:
        NoSuchCaseError: the wrap is a dummy, or damaged.
    """
    try:
        key = unwrap_case_key(
            wrap,
            mask,
            duty.identity,
            case_id=case_id,
            holder=duty.person.id,
            instance=duty.instance,
        )
        ReaderSheet.unseal(reader_sheet, key, case_id)
    except (NotYoursError, BrokenError):
        raise NoSuchCaseError from None
    return key


@contextmanager
def changing(
    session: Session, opened: ReporterCase | OfficerCase, seen: str = ""
) -> Iterator[Case]:
    """Change a case in one transaction, as it is now; *seen*: as a page showed it.

    Raises:
        NoSuchCaseError: it is gone.
        ChangedMeanwhileError: somebody acted since then, or who opened it may not
            read it any more.
        StoreUnavailableError: nothing was stored.
    """
    with transaction(session):
        case = session.get(
            Case, opened.case.id, populate_existing=True, with_for_update=True
        )
        if case is None:
            raise NoSuchCaseError
        if seen and seen != read_state(session, case):
            raise ChangedMeanwhileError
        if isinstance(opened, OfficerCase) and not _opens(opened, case):
            # What is sealed with a key of before would be read by nobody.
            raise ChangedMeanwhileError
        yield case


def _opens(opened: OfficerCase, case: Case) -> bool:
    if opened.is_asked:
        # The case key stays when the readers change, and with it what was given.
        return True
    try:
        ReaderSheet.unseal(case.reader_sheet, opened.key, case.id)
    except BrokenError:
        return False
    return True


def read_steps(session: Session, case_id: bytes) -> tuple[Step, ...]:
    """Return the timeline, in order."""
    steps = select(Step).where(Step.case_id == case_id).order_by(Step.number)
    return tuple(session.scalars(steps))


def find_received_on(session: Session, case_id: bytes) -> dt.date:
    """Return the day of handing in; what was sealed first: of becoming a report."""
    first = select(Step.taken_on).where(Step.case_id == case_id, Step.kind == RECEIVED)
    return session.scalars(first).one()


def read_state(session: Session, case: Case) -> str:
    """Return a mark that changes with everything that officers see of the case."""
    messages = select(func.count()).where(
        Message.case_id == case.id, Message.is_handed_over
    )
    counts = session.execute(
        select(
            select(func.count()).where(Step.case_id == case.id).scalar_subquery(),
            messages.scalar_subquery(),
        )
    ).one()
    mark = hashlib.sha256(case.status.encode() + repr(tuple(counts)).encode())
    mark.update(case.summary)
    return mark.hexdigest()[:16]
