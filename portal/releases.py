"""A sealed entry becomes a report, by its writer's act alone.

What was written goes along unchanged, with its day. The keys are made anew for the
officers whom the writer ticks now; what was sealed to officers and custodians before,
and what a round may have given them, fits nothing any more.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import update
from sqlalchemy.orm import Session

from crypto import CaseKey, Kind, holds_window, text_digest
from portal import outers, threads
from portal.conflicts import find_conflicted
from portal.database import shrink_journal
from portal.deadlines import DeadlineRules
from portal.entries import Entry
from portal.errors import CodeInTextError, NoReaderError
from portal.models import Message
from portal.moves import check_table, set_due
from portal.note_sheets import NoteSheet
from portal.renewals import (
    Office,
    OwnEntry,
    changing_own,
    put_outers,
    read_report,
    wrap_anew,
)
from portal.reports import Readers, Report, choose_readers
from portal.roster import find_uncompared, list_custodians, list_officers
from portal.statuses import RECEIVED, Author, CaseStatus
from portal.steps import take_step
from portal.summaries import Summary
from portal.threads import Chain, Text


@dataclass(frozen=True)
class Choice:
    """Who may read the report from now on."""

    ticked: frozenset[str]
    """Officers, by their ids in hex."""
    only_outside: bool = False
    custodian: str = ""
    """`no`: kept from every custodian, for good."""


@dataclass(frozen=True)
class Story:
    """What happened, where the entry itself does not tell."""

    what: str
    who_name: str = ""
    windows: frozenset[bytes] = frozenset()
    """Of the case's code: it may not stand in what is written."""


def release_now(
    session: Session,
    own: OwnEntry,
    choice: Choice,
    *,
    office: Office,
    rules: DeadlineRules,
    today: dt.date,
    at_once: bool,
    story: Story | None = None,
    admit: Callable[[], None] = lambda: None,
) -> None:
    """Make a report of the entry; *story*: written into its thread as a message.

    *at_once*: officers see it now, and not from the next hand-over on.

    Raises:
        NoReaderError: no officer could read it.
        CodeInTextError: the story holds three groups in a row of the code.
        TooLongError: of the story, with the bytes that are too many.
        ReportTooLargeError: with the name it is too large, by so many bytes.
        NotFromHereError: an officer has taken it up, or it is a report already.
        NoSuchCaseError: it is destroyed.
        NotAdmittedError: by *admit*.
        StoreUnavailableError: nothing was changed.
    """
    if story and holds_window(story.what, story.windows):
        raise CodeInTextError
    with changing_own(session, own):
        report, readers = _judge(session, own, choice, story, office)
        threads.replace_first(session, own.case.id, own.key, report.encode())
        key = _seal(session, own, report, readers, story, office)
        _call_custodians(session, own, key, report, readers, office)
        _submit(session, own, report, rules, today, at_once=at_once)
        if story:
            place = (own.case.id, Chain.THREAD, Author.REPORTER)
            text = Text(story.what)
            threads.append(session, *place, text, own.key, today, at_once=at_once)
        admit()
    shrink_journal(session)


def _judge(
    session: Session,
    own: OwnEntry,
    choice: Choice,
    story: Story | None,
    office: Office,
) -> tuple[Report, Readers]:
    """Return the report as it is sealed from now on, and who reads it."""
    report = read_report(session, own)
    if story and story.who_name:
        report = replace(report, who_name=story.who_name)
    readers = choose_readers(
        list_officers(session),
        report,
        ticked=choice.ticked,
        only_outside=choice.only_outside,
        conflicted=find_conflicted(session, report, office.secret),
    )
    uncompared = find_uncompared(session)
    if all(one.id in uncompared for one in readers.readers):
        raise NoReaderError
    there = {one.id.hex() for one in (*readers.readers, *readers.others)}
    # Whom the writer shut out once and who is away stays shut out, coming back.
    away = tuple(one for one in report.shut_out if one not in there)
    report = replace(
        report, shut_out=(*readers.kept_from, *away), custodian=choice.custodian
    )
    return report, readers


def _seal(
    session: Session,
    own: OwnEntry,
    report: Report,
    readers: Readers,
    story: Story | None,
    office: Office,
) -> CaseKey:
    case = own.case
    key, case.mask = wrap_anew(session, own, readers)
    told = replace(report, what=story.what) if story else report
    severity = office.kind_of(report).severity
    case.summary = Summary.of(told, severity).seal(key, case.id)
    sheet = NoteSheet.of(Entry.report(), readers.sheet.readers, own.code_key, case.id)
    case.note_sheet = sheet.seal(own.key, case.id)
    return key


def _call_custodians(
    session: Session,
    own: OwnEntry,
    key: CaseKey,
    report: Report,
    readers: Readers,
    office: Office,
) -> None:
    rows = outers.seal_outers(
        list_custodians(session),
        report,
        key,
        own.case.id,
        gate=office.gate,
        first=outers.first_envelope(session, own.case.id),
        shut_out=readers.others,
    )
    put_outers(session, rows)


def _submit(
    session: Session,
    own: OwnEntry,
    report: Report,
    rules: DeadlineRules,
    today: dt.date,
    *,
    at_once: bool,
) -> None:
    case = own.case
    check_table(case, CaseStatus.SUBMITTED, Author.REPORTER)
    case.status, case.is_answered = CaseStatus.SUBMITTED.value, False
    digest = text_digest(report.encode(), Kind.REPORT)
    take_step(session, case, RECEIVED, today, own.key, digest)
    set_due(session, case, rules)
    # It comes to officers as every report does, also to who had it before.
    case.is_handed_over = at_once
    written = update(Message).where(
        Message.case_id == case.id, Message.author == Author.REPORTER
    )
    session.execute(written.values(is_handed_over=at_once))
