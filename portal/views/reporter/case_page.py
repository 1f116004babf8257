"""The reporter's page of an open case; own texts only when asked for."""

import datetime as dt
from dataclasses import dataclass

from werkzeug.wrappers import Response

from portal import cases, threads
from portal.cases import ReporterCase
from portal.forms import MessageForm
from portal.models import NO_DAY, Case
from portal.reports import Report
from portal.runtime import runtime
from portal.statuses import Author, CaseStatus
from portal.threads import Chain, Entry
from portal.views.languages import gettext as _
from portal.views.report_lines import report_lines
from portal.views.request import db, visit
from portal.views.response import private_page
from portal.views.timeline import timeline
from portal.views.words import hand_over, word


@dataclass(frozen=True)
class MessageOnPage:
    """One message; without its text where it is the reporter's own."""

    author: str
    author_label: str
    day: dt.date
    text: str | None
    is_own: bool


@dataclass(frozen=True)
class Due:
    """What officers owe, and by when."""

    what: str
    day: dt.date


def case_page(opened: ReporterCase, form: MessageForm, *, http: int = 200) -> Response:
    """Render the case as its reporter sees it."""
    entries = threads.read(db(), opened.case.id, Chain.THREAD, opened.key)
    steps = cases.read_steps(db(), opened.case.id)
    here = CaseStatus(opened.case.status)
    return private_page(
        "reporter/case.html",
        http=http,
        form=form,
        notices=[],
        next_due=_next_due(opened.case),
        hand_over=hand_over() if _waits(opened.case) else None,
        timeline=timeline(steps, here),
        outcome=_outcome(entries, here),
        messages=[_message(entry) for entry in entries],
        shows_own=visit().shows_own,
        can_write=here is not CaseStatus.WITHDRAWN,
        status=here,
    )


def _waits(case: Case) -> bool:
    """Tell whether officers do not have something of the case yet."""
    return not case.is_handed_over or threads.count_waiting(db(), case.id) > 0


def _next_due(case: Case) -> Due | None:
    if case.due_on == NO_DAY:
        return None
    if case.due_on < runtime().today():
        return Due(_("Officers should have acted by"), case.due_on)
    return Due(_("Officers must act by"), case.due_on)


def _outcome(entries: tuple[Entry, ...], here: CaseStatus) -> str | None:
    if here is not CaseStatus.CLOSED:
        return None
    outcomes = [entry.text.outcome for entry in entries[1:] if entry.text.outcome]
    if not outcomes:
        return None
    return _("Result: %(outcome)s", outcome=word(outcomes[-1]))


def _message(entry: Entry) -> MessageOnPage:
    is_own = entry.author is Author.REPORTER
    is_shown = not is_own or visit().shows_own
    return MessageOnPage(
        author=entry.author.value,
        author_label=_("You") if is_own else _officer(entry),
        day=entry.written_on,
        text=_plain(entry) if is_shown else None,
        is_own=is_own,
    )


def _officer(entry: Entry) -> str:
    if entry.text.crossed:
        return _("Officer, before your newest message was handed over")
    return _("Officer")


def _plain(entry: Entry) -> str:
    if entry.number > 0:
        return entry.text.text
    lines = report_lines(Report.decode(entry.plain))
    return "\n\n".join(f"{line.label}\n{line.text}" for line in lines)
