"""An officer's page of a case: everything on it, ready to be shown."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal import cases, threads
from portal.acts import Move, missing_fields
from portal.attachments import read_attachments
from portal.cases import OfficerCase
from portal.forms import (
    ExtendForm,
    KeepForm,
    MessageForm,
    PortalForm,
    ReaderForm,
    StatusForm,
    TriageForm,
)
from portal.reports import Report
from portal.roster import Staff, list_custodians, list_officers
from portal.runtime import runtime
from portal.statuses import Author, CaseStatus, Outcome, moves_from
from portal.summaries import MOST_LIKELY, MOST_SEVERE, Priority
from portal.threads import Chain, Entry, PurgeAct, Text
from portal.views.check_ins import text_on_page
from portal.views.file_lines import NO_FILES_ON_PAGE, FilesOnPage, files_on_page
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.officer.asking_part import asking_part, said_of_asking
from portal.views.officer.case_readers import readers_part, said_of_readers
from portal.views.officer.cautions import cautions_of
from portal.views.officer.desk import Selectable
from portal.views.officer.due_part import DuePart, due_part
from portal.views.officer.keeping_part import KeepingOnPage, keeping_of
from portal.views.report_lines import category_title, report_lines
from portal.views.request import db, duty
from portal.views.response import Link, private_page
from portal.views.timeline import timeline
from portal.views.trail_part import find_trail, trail_part
from portal.views.words import word


@dataclass(frozen=True)
class CaseForms:
    """The forms of the page; the one that was refused comes back filled."""

    message: MessageForm | None = None
    note: MessageForm | None = None
    triage: TriageForm | None = None
    status: StatusForm | None = None
    assign: ReaderForm | None = None
    recuse: ReaderForm | None = None
    keep: KeepForm | None = None
    extend: ExtendForm | None = None


@dataclass(frozen=True)
class CaseOnPage:
    """The head of the page."""

    title: str
    status: CaseStatus
    received_on: dt.date
    category: str
    unit: str
    taken: str
    """Who took the report for somebody; empty: nobody did."""
    keeping: KeepingOnPage | None


@dataclass(frozen=True)
class EntryOnPage:
    """One message or note."""

    css: str
    data_author: str
    author_label: str
    day: dt.date
    text: str
    files: FilesOnPage


@dataclass(frozen=True)
class MoveOnPage:
    """One step that is possible from here."""

    value: str
    label: str
    needs_outcome: bool
    needs_message: bool
    needs_reason: bool
    is_checked: bool


@dataclass(frozen=True)
class TriageOnPage:
    """The judgement as it stands."""

    severity: str
    likelihood: str
    priority: str
    score: str
    is_p1: bool


def fresh_forms(answer_key: str) -> CaseForms:
    """Return fresh forms; the message begins with a sample answer if one is named."""
    texts = {answer.key: answer.text[language()] for answer in runtime().answers}
    begun = MultiDict({"text": texts.get(answer_key, "")})
    return CaseForms(message=MessageForm(formdata=begun))


def case_page(
    opened: OfficerCase,
    forms: CaseForms,
    *,
    http: int = 200,
    is_conflict: bool = False,
) -> Response:
    """Render the case as its officers see it."""
    case = opened.case
    names = staff()
    officers = {officer.id.hex(): officer for officer in list_officers(db())}
    thread = _thread(opened)
    steps = cases.read_steps(db(), case.id)
    report = Report.decode(thread[0].plain)
    due = due_part(case, report, steps)
    taken = taken_label(report, names)
    return private_page(
        "officer/case.html",
        http=http,
        case_id=case.id.hex(),
        case=_head(opened, cases.find_received_on(db(), case.id), taken),
        cautions=cautions_of(report, opened) + _bad_faith(opened, names),
        conflict=is_conflict,
        timeline=timeline(case, steps, is_called=due.is_called, taken_label=taken),
        due=due,
        readers=readers_part(opened, report, officers, forms.assign, forms.recuse),
        answers=_answers(case.id),
        seen=cases.read_state(db(), case),
        trail=trail_part(find_trail(case, opened.key.thread)),
        **_triage_part(opened, forms.triage or _triage_form(opened)),
        **_status_part(opened, forms.status or StatusForm(formdata=None), due),
        **texts_part(opened, thread, names),
        **asking_part(case, steps, thread),
        **_others(forms),
    )


def taken_label(report: Report, names: Staff) -> str:
    """Say who took the report for somebody; empty: the reporter wrote it."""
    if not report.came_by:
        return ""
    taker = names.get(report.taken_by)
    name = taker.name if taker else _("a former officer")
    return _("taken by %(name)s for somebody", name=name)


def staff() -> Staff:
    """Return officers and custodians at work."""
    custodians = {one.id.hex(): one for one in list_custodians(db())}
    return {**custodians, **{one.id.hex(): one for one in list_officers(db())}}


def _others(forms: CaseForms) -> dict[str, PortalForm]:
    """Return the forms that begin empty."""
    return {
        "message_form": forms.message or MessageForm(formdata=None),
        "note_form": forms.note or MessageForm(formdata=None),
        "assign_form": forms.assign or ReaderForm(formdata=None),
        "recuse_form": forms.recuse or ReaderForm(formdata=None),
        "keep_form": forms.keep or KeepForm(formdata=None),
        "extend_form": forms.extend or ExtendForm(formdata=None),
    }


def _thread(opened: OfficerCase) -> tuple[Entry, ...]:
    return threads.read_handed_over(
        db(), opened.case.id, Chain.THREAD, opened.key.thread
    )


def _head(opened: OfficerCase, received_on: dt.date, taken: str) -> CaseOnPage:
    return CaseOnPage(
        title=opened.summary.title,
        status=CaseStatus(opened.case.status),
        received_on=received_on,
        category=category_title(opened.summary.category),
        unit=opened.summary.unit,
        taken=taken,
        keeping=keeping_of(opened.case),
    )


def _bad_faith(opened: OfficerCase, names: Staff) -> list[str]:
    by = opened.summary.bad_faith_by
    if not by:
        return []
    if by == duty().person.id.hex():
        return [
            _(
                "You proposed to close this as a report in bad faith. Only another "
                "officer can confirm it."
            )
        ]
    return [
        _(
            "%(name)s proposes to close this as a report in bad faith. Close it with "
            "the same outcome only if you have come to the same result yourself.",
            name=names[by].name if by in names else _("Officer"),
        )
    ]


def texts_part(
    opened: OfficerCase, thread: tuple[Entry, ...], names: Staff
) -> dict[str, object]:
    """Return what a page shows of the report, of messages, notes, and their files."""
    notes: tuple[Entry, ...] = ()
    if not opened.is_asked:
        notes = threads.read(db(), opened.case.id, Chain.NOTES, opened.key.office)
    came = read_attachments(db(), runtime().objects, opened, thread)
    files = {number: files_on_page(each) for number, each in came.items()}
    return {
        "report": report_lines(Report.decode(thread[0].plain)),
        "report_files": files[0],
        "entries": _entries(thread[1:], notes, names, files),
    }


def _entries(
    thread: tuple[Entry, ...],
    notes: tuple[Entry, ...],
    names: Staff,
    files: Mapping[int, FilesOnPage],
) -> list[EntryOnPage]:
    """Return messages and notes in one order: their own, and of days among them."""
    last = dt.date.min
    dated: list[tuple[dt.date, EntryOnPage]] = []
    for entry in thread:
        # What crossed an answer may be of the day before it, and stands behind it.
        last = max(last, entry.written_on)
        dated.append((last, _entry(entry, "message", names, files[entry.number])))
    dated += [(entry.written_on, _entry(entry, "note", names)) for entry in notes]
    return [shown for _day, shown in sorted(dated, key=lambda pair: pair[0])]


def _entry(
    entry: Entry, css: str, names: Staff, files: FilesOnPage = NO_FILES_ON_PAGE
) -> EntryOnPage:
    text = entry.text
    writer = names[text.by].name if text.by in names else _("Officer")
    label = _("Reporter") if entry.author is Author.REPORTER else writer
    if entry.author is Author.CUSTODIAN:
        label = _("%(name)s, keeper", name=writer)
    if css == "note":
        label = _("Internal note, %(name)s", name=writer)
    if text.status:
        label = f"{label} · {word(text.status)}"
    others = said_of_readers(text, names), _said_of_purge(text), said_of_asking(text)
    for said in filter(None, others):
        label = f"{label} · {said}"
    is_note = css == "note"
    return EntryOnPage(
        css=css,
        data_author="note" if is_note else entry.author.value,
        author_label=label,
        day=entry.written_on,
        text=text_on_page(text, entry.written_on),
        files=files,
    )


def _said_of_purge(text: Text) -> str:
    if text.purge_act is PurgeAct.HELD_BACK:
        return _("held back from being destroyed")
    return _("let go") if text.purge_act is PurgeAct.LET_GO else ""


def _triage_part(opened: OfficerCase, form: TriageForm) -> dict[str, object]:
    return {
        "triage": _triage(opened),
        "severities": _severities(form.severity.data),
        "likelihoods": _likelihoods(form.likelihood.data),
        "triage_form": form,
    }


def _status_part(
    opened: OfficerCase, form: StatusForm, due: DuePart
) -> dict[str, object]:
    # Nothing undoes what a custodian decides.
    moves = [] if due.is_taken_over else _moves(opened, form.to.data or "")
    return {
        "moves": moves,
        "asks_outcome": any(one.needs_outcome for one in moves)
        or bool(form.outcome.data),
        "outcomes": _outcomes(form.outcome.data or ""),
        "status_form": form,
    }


def _triage(opened: OfficerCase) -> TriageOnPage:
    judged = opened.summary.triage
    return TriageOnPage(
        severity=_("%(number)d of %(most)d", number=judged.severity, most=MOST_SEVERE),
        likelihood=_(
            "%(number)d of %(most)d", number=judged.likelihood, most=MOST_LIKELY
        ),
        priority=judged.priority.value,
        score=_("score %(score)d", score=judged.score),
        is_p1=judged.priority is Priority.P1,
    )


def _triage_form(opened: OfficerCase) -> TriageForm:
    judged = opened.summary.triage
    return TriageForm(
        formdata=None,
        severity=str(judged.severity),
        likelihood=str(judged.likelihood),
        ongoing=judged.ongoing,
        evidence_at_risk=judged.evidence_at_risk,
        victim_at_risk=judged.victim_at_risk,
        title=opened.summary.title,
    )


def _severities(chosen: str) -> list[Selectable]:
    words = (_("slight"), _("moderate"), _("serious"), _("very serious"))
    return _numbers(words, MOST_SEVERE, chosen)


def _likelihoods(chosen: str) -> list[Selectable]:
    words = (_("unlikely"), _("possible"), _("almost certain"))
    return _numbers(words, MOST_LIKELY, chosen)


def _numbers(words: Sequence[str], most: int, chosen: str) -> list[Selectable]:
    """Return the numbers up to *most* to choose from, a word beside each."""
    return [
        Selectable(str(number), f"{number} {said}", str(number) == chosen)
        for number, said in zip(range(1, most + 1), words, strict=True)
    ]


def _moves(opened: OfficerCase, chosen: str) -> list[MoveOnPage]:
    here = CaseStatus(opened.case.status)
    return [_move(here, to, opened, chosen) for to in moves_from(here, Author.OFFICER)]


def _move(
    here: CaseStatus, to: CaseStatus, opened: OfficerCase, chosen: str
) -> MoveOnPage:
    missing = missing_fields(here, Move(to), opened.summary, duty())
    return MoveOnPage(
        value=to.value,
        label=word(to),
        needs_outcome="outcome" in missing,
        needs_message="message" in missing,
        needs_reason="reason" in missing,
        is_checked=to.value == chosen,
    )


def _outcomes(chosen: str) -> list[Selectable]:
    return [
        Selectable(outcome.value, word(outcome), outcome.value == chosen)
        for outcome in Outcome
    ]


def _answers(case_id: bytes) -> list[Link]:
    return [
        Link(
            url_for("officer.case", case_id=case_id.hex(), answer=answer.key)
            + "#message-text",
            answer.title[language()],
        )
        for answer in runtime().answers
    ]
