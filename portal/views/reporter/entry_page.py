"""The writer's page of a sealed entry: what it is, when it opens or ends.

Nothing here depends on what a round found: not a word, not a length, not a query.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from crypto import Key
from portal import cases, check_ins, threads
from portal.cases import ReporterCase
from portal.entries import EntryKind
from portal.forms import CheckInForm, OwnMessageForm
from portal.note_sheets import NoteSheet
from portal.renewals import OwnEntry
from portal.reports import Report
from portal.rounds import round_news
from portal.runtime import runtime
from portal.threads import Chain, Entry, Stopped
from portal.views.evidence import NO_EVIDENCE, Evidence, files_part
from portal.views.ladder import Way
from portal.views.languages import gettext as _
from portal.views.reporter.case_page import message_on_page, own_files
from portal.views.reporter.coming_back import NOT_ASKED
from portal.views.reporter.entry_lines import (
    can_move,
    can_renew,
    readers,
    subject_name,
    warning,
    what_happens,
)
from portal.views.reporter.own_entry import office
from portal.views.reporter.report_page import answers_row
from portal.views.request import db, visit
from portal.views.response import private_page, with_script
from portal.views.trail_part import find_trail, trail_part
from portal.views.words import word


def entry_page(
    opened: ReporterCase,
    form: OwnMessageForm,
    evidence: Evidence = NO_EVIDENCE,
    *,
    check_in: CheckInForm | None = None,
    http: int = 200,
) -> Response:
    """Render the entry as its writer sees it."""
    own = OwnEntry(opened, Key(visit().code_key, runtime().instance))
    shown = private_page(
        "reporter/entry.html",
        http=http,
        form=form,
        **_context(own, check_in or CheckInForm(formdata=None)),
        **files_part(evidence, has_script=True),
    )
    return with_script(shown)


def _context(own: OwnEntry, check_in: CheckInForm) -> dict[str, object]:
    case, sheet, today = own.case, own.sheet, runtime().today()
    entries = threads.read(db(), case.id, Chain.THREAD, own.key)
    report = Report.decode(entries[0].plain)
    sealed_on = cases.read_steps(db(), case.id)[0].taken_on
    files = own_files(own.opened)
    first = message_on_page(entries[0], files)
    rest = [message_on_page(entry, files) for entry in entries[1:]]
    return {
        "kind": word(sheet.kind),
        "sealed_on": sealed_on,
        "lines": list(what_happens(sheet)),
        "warning": warning(sheet, today),
        "readers": readers(sheet),
        "subject": _subject(own, report),
        "rounds": round_news(db(), today, runtime().settings.round_every_days),
        "ways": list(_ways(sheet)),
        "waits_for_others": sheet.rule.is_match,
        "check_in": check_in if check_ins.find_due(entries, sealed_on, today) else None,
        "stopped": _stopped(check_in, report, sheet.kind),
        "goes_on": _goes_on(entries),
        "messages": [replace(first, author_label=word(sheet.kind)), *rest],
        "shows_own": visit().shows_own,
        "trail": trail_part(find_trail(case, own.key)),
    }


def _ways(sheet: NoteSheet) -> Iterator[Way]:
    """Return what its writer can do, the lightest first."""
    keep = url_for("reporter.keep")
    if can_renew(sheet):
        yield Way(
            keep, _("Keep it for 12 months more"), _("Counted from today, once more.")
        )
    if can_move(sheet):
        yield Way(
            keep, _("Change its day"), _("Later or earlier, as often as you like.")
        )
    if sheet.wanted:
        yield Way(
            f"{keep}#slip",
            _("Give a slip"),
            _("From then on it counts when others name the same person."),
        )
    yield Way(
        url_for("reporter.release"),
        _("Make it a report"),
        _("What you wrote goes along unchanged, with its day."),
    )
    yield Way(
        url_for("reporter.end"),
        _("Destroy it"),
        _("Nobody can bring it back, and your code then opens nothing."),
    )


def _subject(own: OwnEntry, report: Report) -> str:
    """Name whom it is about, where its writer's texts are shown; empty: not shown."""
    if not visit().shows_own:
        return ""
    return subject_name(own.entry.subject, report)


def _stopped(form: CheckInForm, report: Report, kind: EntryKind) -> Markup | None:
    """Return the answers to *did it stop?*; None: of this nobody asks that."""
    if office().kind_of(report).is_once or kind in NOT_ASKED:
        return None
    return answers_row("stopped", Stopped, form.stopped.data)


def _goes_on(entries: Sequence[Entry]) -> bool:
    """Tell whether its writer's last answer was that it has not stopped."""
    answers = [one.text.stopped for one in entries if one.number]
    said = [one for one in answers if one]
    return bool(said) and said[-1] is Stopped.NO
