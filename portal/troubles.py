"""Somebody is after the reporter: what a reporter tells of it, and whom it reaches.

Officers owe what protects within one working day, and the case stands on top of their
list until one of them has written. Custodians are told at once by a notice, which gives
no key; the case comes to them only if the reporter says so (docs/decisions/0114).
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crypto import (
    CustodianNotice,
    Key,
    Kind,
    NoticeKind,
    holds_window,
    text_digest,
)
from portal import calling, tallies, threads
from portal.cases import PURPOSE_TROUBLE, ReporterCase, changing
from portal.courses import TROUBLE
from portal.deadlines import DeadlineRules
from portal.errors import (
    CodeInTextError,
    NoReaderError,
    NotAdmittedError,
    ToldTodayError,
)
from portal.models import Case
from portal.moves import set_due
from portal.own_cases import MOST_MESSAGES_A_DAY
from portal.statuses import Author, CaseStatus
from portal.steps import take_step
from portal.threads import Chain, Entry, Text

TROUBLES = (NoticeKind.HUNT, NoticeKind.PRESSURE, NoticeKind.RETALIATION)
"""What can be told, in the order of the page."""


@dataclass(frozen=True)
class Telling:
    """What a reporter tells."""

    kind: NoticeKind
    text: str = ""
    opens: bool = False
    """The custodians who are told get the case as well: what the code opens."""


def tell(
    session: Session,
    opened: ReporterCase,
    telling: Telling,
    *,
    windows: frozenset[bytes],
    rules: DeadlineRules,
    gate: Key,
    today: dt.date,
    admit: Callable[[], None] = lambda: None,
) -> None:
    """Keep what is told in the thread, tell the custodians, and let officers owe.

    Of a sealed entry the custodians alone are told: nobody can read it yet, and its row
    stays as it was.

    Raises:
        CodeInTextError: it holds three groups in a row of this case's code.
        NoReaderError: it is a sealed entry, and no custodian may know of it.
        ToldTodayError: of this kind something was told today.
        TooLongError: with the bytes that are too many.
        NotAdmittedError: enough for one day, or by *admit*.
        StoreUnavailableError: nothing was stored.
    """
    if holds_window(telling.text, windows):
        raise CodeInTextError
    with changing(session, opened) as case:
        notices = _judge(session, case, opened, telling, today)
        named = calling.find_callable(session, opened)
        if case.status == CaseStatus.SEALED and not named:
            raise NoReaderError
        _write(session, case, opened, telling, today)
        calling.tell(session, case.id, PURPOSE_TROUBLE, notices, named)
        if case.status != CaseStatus.SEALED:
            _press(session, case, opened, telling, rules, today)
            tallies.keep(session, case, opened.key, rules, gate)
            if telling.opens and named:
                calling.give(session, opened.key, case.id, named)
        admit()


def find_told(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the texts of a thread that tell of trouble, in order."""
    return tuple(one for one in entries if one.number and one.text.trouble)


def find_open(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return those since which no officer has written."""
    waiting: list[Entry] = []
    for entry in entries:
        if entry.author is Author.OFFICER:
            waiting.clear()
        elif entry.number and entry.text.trouble:
            waiting.append(entry)
    return tuple(waiting)


def _judge(
    session: Session,
    case: Case,
    opened: ReporterCase,
    telling: Telling,
    today: dt.date,
) -> list[CustodianNotice]:
    """Return all that was told, of each kind the newest, if more of it may be told."""
    entries = threads.read(session, case.id, Chain.THREAD, opened.key)
    told = {notice.kind: notice for notice in _told(case.id, entries)}
    notice = CustodianNotice(telling.kind, case.id, today)
    if told.get(telling.kind) == notice:
        raise ToldTodayError
    if threads.count_on(session, case.id, today) >= MOST_MESSAGES_A_DAY:
        raise NotAdmittedError
    told[telling.kind] = notice
    return sorted(told.values(), key=lambda one: one.day)


def _told(case_id: bytes, entries: Iterable[Entry]) -> Iterable[CustodianNotice]:
    for entry in find_told(entries):
        kind = entry.text.trouble
        if kind is not None:
            yield CustodianNotice(kind, case_id, entry.written_on)


def _write(
    session: Session,
    case: Case,
    opened: ReporterCase,
    telling: Telling,
    today: dt.date,
) -> None:
    text = Text(telling.text, trouble=telling.kind)
    place = (session, case.id, Chain.THREAD, Author.REPORTER)
    # What was not handed over yet is handed over with its case.
    threads.append(*place, text, opened.key, today, at_once=case.is_handed_over)


def _press(
    session: Session,
    case: Case,
    opened: ReporterCase,
    telling: Telling,
    rules: DeadlineRules,
    today: dt.date,
) -> None:
    """Let officers owe what protects, from the first day since one has written."""
    case.is_urgent = True
    case.is_answered = False
    text = Text(telling.text, trouble=telling.kind)
    digest = text_digest(text.encode(), Kind.MESSAGE)
    take_step(session, case, TROUBLE, today, opened.key, digest)
    set_due(session, case, rules)
