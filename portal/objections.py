"""A reporter's objection: the custodians look at what officers made of the report.

From the first answer until 30 days after closing, once per closing. No officer's leave
is needed, and nothing an officer does takes it back: what stands is read from the steps,
and only a custodian's answer ends it (docs/decisions/0113).
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crypto import Key, Kind, holds_window, text_digest
from portal import calling, tallies, threads
from portal.askings import OBJECTION, find_objection
from portal.cases import ReporterCase, changing, read_steps
from portal.deadlines import DeadlineRules
from portal.errors import (
    CodeInTextError,
    NoReaderError,
    NotAdmittedError,
    NotFromHereError,
)
from portal.models import Case
from portal.own_cases import MOST_MESSAGES_A_DAY
from portal.roster import ListedCustodian
from portal.statuses import Author
from portal.steps import take_step
from portal.threads import Chain, Text


@dataclass(frozen=True)
class Choice:
    """A custodian whom the reporter may ask."""

    custodian: ListedCustodian
    is_ticked: bool
    """Preselected: the report does not name that person."""


def list_choices(session: Session, opened: ReporterCase) -> tuple[Choice, ...]:
    """Return whom the reporter may ask; by objecting, a reporter chooses anew."""
    unnamed = calling.find_unnamed(session, opened)
    return tuple(Choice(one, one.id in unnamed) for one in calling.list_heard(session))


def may_object(session: Session, case: Case, today: dt.date) -> bool:
    """Tell whether an objection may be made: also where nobody is left who was asked."""
    state = find_objection(case, read_steps(session, case.id), today)
    is_left_alone = state.is_pending and not calling.find_asked(session, case.id)
    return state.may_be_made or is_left_alone


def ask_custodians(
    session: Session,
    opened: ReporterCase,
    text: str,
    chosen: Collection[bytes],
    *,
    windows: frozenset[bytes],
    rules: DeadlineRules,
    gate: Key,
    today: dt.date,
    admit: Callable[[], None] = lambda: None,
) -> None:
    """Put the case before the custodians of *chosen* (ids), with the reporter's reason.

    A day by which a custodian owes an answer already is not put off.

    Raises:
        CodeInTextError: it holds three groups in a row of this case's code.
        NotFromHereError: it is too late or too early, or one was made since the end.
        NoReaderError: nobody of *chosen* can be asked.
        TooLongError: with the bytes that are too many.
        NotAdmittedError: enough for one day, or by *admit*.
        StoreUnavailableError: nothing was stored.
    """
    if holds_window(text, windows):
        raise CodeInTextError
    with changing(session, opened) as case:
        if not may_object(session, case, today):
            raise NotFromHereError
        asked = [one for one in calling.list_heard(session) if one.id in chosen]
        if not asked:
            raise NoReaderError
        calling.give(session, opened.key, case.id, asked)
        _write(session, case, opened, text, today)
        days = filter(None, (case.custodian_due_on, rules.keeper_day(today)))
        case.custodian_due_on = min(days)
        tallies.keep(session, case, opened.key, rules, gate)
        admit()


def _write(
    session: Session, case: Case, opened: ReporterCase, text: str, today: dt.date
) -> None:
    """Add the reason to the thread, with its step."""
    if threads.count_on(session, case.id, today) >= MOST_MESSAGES_A_DAY:
        raise NotAdmittedError
    words = Text(text, is_objection=True)
    place = (session, case.id, Chain.THREAD, Author.REPORTER)
    # Officers see the step at once: its words wait for no hand-over either.
    threads.append(*place, words, opened.key, today)
    digest = text_digest(words.encode(), Kind.MESSAGE)
    take_step(session, case, OBJECTION, today, opened.key, digest)
