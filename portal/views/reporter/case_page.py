"""The reporter's page of an open case; own texts only when asked for."""

import datetime as dt
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from werkzeug.wrappers import Response

from portal import cases, threads
from portal.cases import ReporterCase
from portal.courses import ANSWERED
from portal.forms import OwnMessageForm
from portal.models import NO_DAY, Case, Step
from portal.moves import WRITTEN
from portal.reports import Report
from portal.runtime import runtime
from portal.statuses import Author, CaseStatus
from portal.threads import Chain, Entry
from portal.views.check_ins import said_at
from portal.views.evidence import NO_EVIDENCE, Evidence, files_part
from portal.views.languages import gettext as _
from portal.views.report_lines import ReportLine, report_lines
from portal.views.reporter.asking_part import TroubleOnCase, asking_part
from portal.views.reporter.custody_part import (
    custody_on_page,
    next_due,
    opens_to_somebody,
)
from portal.views.reporter.own_files import FilesOfText, files_beside
from portal.views.request import db, visit
from portal.views.response import private_page, with_script
from portal.views.timeline import StepOnPage, timeline
from portal.views.trail_part import find_trail, trail_part
from portal.views.words import day, hand_over, text_in_words, word


@dataclass(frozen=True)
class MessageOnPage:
    """One message; without its text where it is the reporter's own."""

    author: str
    author_label: str
    day: dt.date
    text: str | None
    is_locked: bool
    """Whether it is there and not shown, being the reporter's own."""
    report: tuple[ReportLine, ...] = ()
    """The answers of the form, where the message is the report."""
    files: tuple[str, ...] = ()
    """What came with it: how many files, or each of them where texts are shown."""
    said: str | None = None
    """What it answers to the question of after 30 or 90 days."""


@dataclass(frozen=True)
class Station:
    """What stands on the line of a case: a step, or what somebody wrote."""

    step: StepOnPage | None = None
    message: MessageOnPage | None = None


def case_page(
    opened: ReporterCase,
    form: OwnMessageForm,
    evidence: Evidence = NO_EVIDENCE,
    *,
    http: int = 200,
) -> Response:
    """Render the case as its reporter sees it."""
    shown = private_page(
        "reporter/case.html",
        http=http,
        form=form,
        **_context(opened),
        **files_part(evidence, has_script=True),
    )
    return with_script(shown)


def _context(opened: ReporterCase) -> dict[str, object]:
    entries = threads.read(db(), opened.case.id, Chain.THREAD, opened.key)
    steps = cases.read_steps(db(), opened.case.id)
    here = CaseStatus(opened.case.status)
    report = Report.decode(entries[0].plain)
    is_asking = here is CaseStatus.MORE_INFORMATION
    return {
        "notices": [],
        "hand_over": hand_over() if _waits(opened.case) else None,
        "custody": custody_on_page(opened.case, report, steps),
        "stations": list(_stations(opened.case, steps, entries, own_files(opened))),
        "is_unanswered": not here.is_over
        and all(entry.author is Author.REPORTER for entry in entries),
        "outcome": _outcome(entries, here),
        "is_asked": is_asking and _came_with_text(steps, entries),
        "shows_own": visit().shows_own,
        "can_write": here is not CaseStatus.WITHDRAWN,
        "can_end": not here.is_over,
        "keeping": _keeping(opened.case),
        "trail": trail_part(find_trail(opened.case, opened.key)),
        "status": here,
        **_owed(opened, report, steps),
    }


def _owed(
    opened: ReporterCase, report: Report, steps: Sequence[Step]
) -> dict[str, object]:
    """Return what is owed and what was asked for; one day is named once."""
    due, asked = next_due(opened.case, report, steps), asking_part(opened, steps)
    trouble = asked["trouble"]
    if due and isinstance(trouble, TroubleOnCase) and due.day == trouble.day:
        said = replace(trouble, consequence=due.consequence)
        return {**asked, "trouble": said, "next_due": None}
    return {**asked, "next_due": due}


def own_files(opened: ReporterCase) -> dict[int, FilesOfText]:
    """Open what is known of the files that came, where own texts are shown."""
    if not visit().shows_own:
        return {}
    return threads.read_files(db(), opened.case.id, Chain.THREAD, opened.key)


def _waits(case: Case) -> bool:
    """Tell whether officers do not have something of the case yet."""
    return not case.is_handed_over or threads.count_waiting(db(), case.id) > 0


def _keeping(case: Case) -> str | None:
    """Say until when the case is there; None: it goes on."""
    if case.purge_on is None:
        return None
    if case.custodian_due_on or case.is_urgent:
        return _("This case and its code stay until you have an answer.")
    if case.purge_on == NO_DAY:
        return _(
            "Officers keep this case longer, and wrote down why. Your code opens it "
            "until they let it go; then a day stands here again."
        )
    return _(
        "This case and its code are destroyed on %(day)s. Copies in backups live at "
        "most %(count)d days more.",
        day=day(case.purge_on),
        count=runtime().settings.backup_keep_days,
    )


def _outcome(entries: tuple[Entry, ...], here: CaseStatus) -> str | None:
    if here is not CaseStatus.CLOSED:
        return None
    outcomes = [entry.text.outcome for entry in entries[1:] if entry.text.outcome]
    if not outcomes:
        return None
    return _("Result: %(outcome)s", outcome=word(outcomes[-1]))


def _came_with_text(steps: Sequence[Step], entries: Sequence[Entry]) -> bool:
    """Tell whether the newest question has words; an officer may ask without any."""
    kinds = [step.kind for step in steps]
    asked_last = len(kinds) - kinds[::-1].index(CaseStatus.MORE_INFORMATION)
    # An officer's message has one step each: as many are newer than the question.
    newer = kinds[asked_last:].count(ANSWERED)
    by_officers = [entry for entry in entries if entry.author is Author.OFFICER]
    return any(
        entry.text.status is CaseStatus.MORE_INFORMATION
        for entry in by_officers[len(by_officers) - newer :]
    )


def message_on_page(entry: Entry, files: Mapping[int, FilesOfText]) -> MessageOnPage:
    """Return a text of the thread; *files*: what came with each, by number."""
    is_shown = entry.author is not Author.REPORTER or visit().shows_own
    is_report = entry.number == 0
    return MessageOnPage(
        author=entry.author.value,
        author_label=_author(entry),
        day=entry.written_on,
        text=(
            text_in_words(entry.text, entry.written_on)
            if is_shown and not is_report
            else None
        ),
        is_locked=not is_shown,
        report=_answers(entry) if is_shown and is_report else (),
        files=files_beside(entry, files),
        said=said_at(entry.text) if is_shown and not is_report else None,
    )


def _author(entry: Entry) -> str:
    if entry.number == 0:
        return " · ".join(filter(None, (_("Your report"), _taken(entry))))
    if entry.author is Author.REPORTER:
        return " · ".join(filter(None, (_("You"), _told(entry))))
    if entry.author is Author.CUSTODIAN:
        return _("Keeper, outside this agency")
    if entry.text.crossed:
        return _("Officer, before your newest message was handed over")
    return _("Officer")


def _told(entry: Entry) -> str:
    """Say what was told with it, where own texts are shown; else nothing."""
    trouble = entry.text.trouble
    return word(trouble) if trouble and visit().shows_own else ""


def _taken(first: Entry) -> str:
    """Say that an officer filled the form in; empty: the reporter did."""
    is_taken = bool(Report.decode(first.plain).came_by)
    return _("taken by an officer for you") if is_taken else ""


def _stations(
    case: Case,
    steps: Sequence[Step],
    entries: Sequence[Entry],
    files: Mapping[int, FilesOfText],
) -> Iterator[Station]:
    """Put steps and messages on one line, in the order in which they came about."""
    shown = timeline(
        case,
        steps,
        is_called=opens_to_somebody(case, Report.decode(entries[0].plain)),
        taken_label=_taken(entries[0]),
    )
    waiting, message = deque(entries), partial(message_on_page, files=files)
    for step, on_page in zip(steps, shown, strict=False):
        while waiting and _came_before(waiting[0], step):
            yield Station(message=message(waiting.popleft()))
        if step.kind not in WRITTEN:
            yield Station(step=on_page)
        elif waiting:
            # This step is a message of an officer or custodian: next in the thread.
            yield Station(message=message(waiting.popleft()))
    yield from (Station(message=message(entry)) for entry in waiting)
    yield from (Station(step=on_page) for on_page in shown[len(steps) :])


def _came_before(entry: Entry, step: Step) -> bool:
    """Tell whether a reporter's message belongs before a step; officers' have one."""
    if entry.author is not Author.REPORTER or step.number == 0:
        return False
    is_report = entry.number == 0
    return is_report or step.kind in WRITTEN or entry.written_on < step.taken_on


def _answers(entry: Entry) -> tuple[ReportLine, ...]:
    return tuple(report_lines(Report.decode(entry.plain)))
