"""What officers do about a request for a reminder: pass it on, or decline it.

Each writes a message of a fixed kind to the writer's thread, with the step that any
message takes, and the entry stays sealed: nothing in its row tells that it was a
request. What is passed on opens the door for answers, by the leaflet's reply code.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crypto import BrokenError, Key
from portal import audit, leaflets, tallies, threads
from portal.acts import tell_reporter
from portal.audit import AuditAction
from portal.cases import Duty, OfficerCase, changing, find_for_officer
from portal.entries import EntryKind
from portal.entry_desk import list_entries
from portal.errors import IncompleteMoveError, NoSuchCaseError, NotFromHereError
from portal.models import Case
from portal.reminders import Addressee, ReminderAct, ReminderRequest
from portal.reports import Report
from portal.statuses import CaseStatus
from portal.threads import Chain, Entry, Text

_MOST_REQUESTS = 1_000
"""Requests that are looked through for a repeat."""


@dataclass(frozen=True)
class Standing:
    """What became of a request."""

    act: ReminderAct
    day: dt.date
    reason: str
    """Why it was declined; empty where it was passed on."""


@dataclass(frozen=True)
class Repeat:
    """Somebody who stands in other requests of the last twelve months as well."""

    person: Addressee
    count: int
    """Of those requests, as far as the officer can open them."""


@dataclass(frozen=True)
class Waiting:
    """A request that nobody has decided on."""

    case_id: bytes
    request: ReminderRequest


def deliver(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    *,
    seen: str,
    gate: Key,
    today: dt.date,
) -> None:
    """Tell the writer that the leaflet was passed on, and let it be answered.

    *gate*: holds the gate secret, for what is counted of it.

    Raises:
        NotFromHereError: it asks for no reminder, not today, or was decided on before.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    with changing(session, opened, seen) as case:
        request = _undecided(session, opened, case)
        if not can_deliver(request, today):
            raise NotFromHereError
        done = Text("", by=_hex(duty), reminder_act=ReminderAct.DELIVERED)
        tell_reporter(session, case, opened, done, today)
        leaflets.open_door(
            session, request.reply_code, duty.instance, request.kept_until
        )
        tallies.keep_reminder(session, case.id, opened.key.thread, gate, today)
        _record(session, duty, case, today)


def decline(
    session: Session,
    opened: OfficerCase,
    duty: Duty,
    reason: str,
    *,
    seen: str,
    today: dt.date,
) -> None:
    """Tell the writer that no leaflet is passed on, and why.

    Raises:
        NotFromHereError: it asks for no reminder, or was decided on before.
        IncompleteMoveError: there is no reason.
        TooLongError: with the bytes that are too many.
        ChangedMeanwhileError: somebody acted since the page was made.
    """
    if not reason:
        raise IncompleteMoveError("text")
    with changing(session, opened, seen) as case:
        _undecided(session, opened, case)
        words = Text(reason, by=_hex(duty), reminder_act=ReminderAct.DECLINED)
        tell_reporter(session, case, opened, words, today)
        _record(session, duty, case, today)


def can_deliver(request: ReminderRequest, today: dt.date) -> bool:
    """Tell whether a leaflet passed on today is neither too early nor of no use."""
    is_of_use = request.mend_by is None or today <= request.mend_by
    return request.is_due(today) and is_of_use and today <= request.kept_until


def read_request(session: Session, opened: OfficerCase) -> ReminderRequest | None:
    """Return what an entry asks officers to pass on; None: it asks for nothing such.

    Raises:
        BrokenError: its first text is damaged.
    """
    return Report.decode(_thread(session, opened)[0].plain).reminder


def read_standing(session: Session, opened: OfficerCase) -> Standing | None:
    """Return what became of an entry that asks for a reminder; None: it waits.

    Raises:
        BrokenError: a text is damaged.
    """
    return find_standing(_thread(session, opened))


def find_standing(thread: Iterable[Entry]) -> Standing | None:
    """Return what became of a request; None: it waits."""
    for entry in thread:
        act = entry.text.reminder_act if entry.number else None
        if act:
            return Standing(act, entry.written_on, entry.text.text)
    return None


def find_repeats(
    session: Session, opened: OfficerCase, duty: Duty, today: dt.date
) -> tuple[Repeat, ...]:
    """Return who of this request stands in other ones that the officer can open.

    Of six people one may stand in two requests by chance: it is a sign, and no more.
    """
    own = read_request(session, opened)
    if own is None:
        return ()
    others = [
        request
        for case_id, request, _thread in _requests(session, duty)
        if case_id != opened.case.id and request.kept_until > today
    ]
    counts = Counter(person for other in others for person in own.shares(other))
    return tuple(Repeat(one, counts[one]) for one in own.people if counts[one])


def list_waiting(session: Session, duty: Duty) -> tuple[Waiting, ...]:
    """Return the requests that wait for the officer, the first to be delivered first."""
    waiting = [
        Waiting(case_id, request)
        for case_id, request, thread in _requests(session, duty)
        if find_standing(thread) is None
    ]
    return tuple(sorted(waiting, key=lambda one: one.request.days.first))


def _requests(
    session: Session, duty: Duty
) -> Iterator[tuple[bytes, ReminderRequest, tuple[Entry, ...]]]:
    listed = list_entries(session, duty, EntryKind.REMINDER, most=_MOST_REQUESTS)
    for line in listed.lines:
        # Gone, changed or damaged since: the list says so, and this goes on.
        with suppress(NoSuchCaseError, BrokenError):
            opened = find_for_officer(session, line.case_id, duty)
            thread = _thread(session, opened)
            request = Report.decode(thread[0].plain).reminder
            if request is not None:
                yield line.case_id, request, thread


def _undecided(session: Session, opened: OfficerCase, case: Case) -> ReminderRequest:
    thread = _thread(session, opened)
    request = Report.decode(thread[0].plain).reminder
    is_sealed = case.status == CaseStatus.SEALED
    if request is None or not is_sealed or find_standing(thread):
        raise NotFromHereError
    return request


def _thread(session: Session, opened: OfficerCase) -> tuple[Entry, ...]:
    key = opened.key.thread
    return threads.read_handed_over(session, opened.case.id, Chain.THREAD, key)


def _record(session: Session, duty: Duty, case: Case, today: dt.date) -> None:
    # As any answer: the record shall not tell of a row what its kind is.
    audit.record(session, duty.person.name, AuditAction.ANSWERED, today, case.id)


def _hex(duty: Duty) -> str:
    return duty.person.id.hex()
