"""Sample cases as evaluators see them; a row of cases is never asked for."""

import datetime as dt
from dataclasses import dataclass

from flask import abort, url_for
from werkzeug.wrappers import Response

from portal.courses import Course
from portal.deadlines import DeadlineKind
from portal.models import NO_DAY
from portal.runtime import runtime
from portal.sample_cases import SampleCase, SampleText, find_sample, play_samples
from portal.statuses import Author, CaseStatus
from portal.summaries import Priority
from portal.views.evaluator.blueprint import bp
from portal.views.languages import gettext as _
from portal.views.report_lines import category_title, report_lines
from portal.views.response import page
from portal.views.timeline import timeline
from portal.views.words import word


@dataclass(frozen=True)
class SampleOnPage:
    """A sample case, as a line of the list and as the head of its page."""

    href: str
    title: str
    category: str
    unit: str
    status: CaseStatus
    priority: str
    is_p1: bool
    received_on: dt.date
    due_on: dt.date | None
    due_label: str
    is_late: bool
    is_waiting: bool
    is_urgent: bool
    is_escalated: bool


@dataclass(frozen=True)
class SampleTextOnPage:
    """One made-up message or note."""

    css: str
    data_author: str
    author_label: str
    day: dt.date
    text: str


@bp.get("/", endpoint="cases")
def list_() -> Response:
    """Show the sample cases as an officer's list shows cases."""
    lines = sorted((_line(one) for one in _samples()), key=_place)
    return page("evaluator/cases.html", cases=lines)


@bp.get("/cases/<int:number>")
def case(number: int) -> Response:
    """Show one sample case as its officers would see it."""
    found = find_sample(_samples(), number)
    if found is None:
        abort(404)
    return page(
        "evaluator/case.html",
        case=_line(found),
        report=report_lines(found.report),
        entries=[_text(one) for one in found.texts],
        timeline=timeline(found.row(runtime().rules), found.steps),
    )


def _samples() -> tuple[SampleCase, ...]:
    here = runtime()
    return play_samples(here.taxonomy, here.rules, here.today())


def _line(sample: SampleCase) -> SampleOnPage:
    triage, owed = sample.summary.triage, sample.owed
    day = sample.row(runtime().rules).due_on
    due_on = None if day == NO_DAY else day
    return SampleOnPage(
        href=url_for("evaluator.case", number=sample.number),
        title=sample.summary.title,
        category=category_title(sample.summary.category),
        unit=sample.summary.unit,
        status=sample.status,
        priority=triage.priority.value,
        is_p1=triage.priority is Priority.P1,
        received_on=sample.received_on,
        due_on=due_on,
        due_label=word(owed) if owed else _("nothing due"),
        is_late=due_on is not None and due_on < runtime().today(),
        is_waiting=sample.is_waiting,
        is_urgent=owed is DeadlineKind.PROTECT,
        is_escalated=Course.of(sample.steps).escalated_on is not None,
    )


def _place(line: SampleOnPage) -> tuple[bool, bool, dt.date]:
    """Return where a line stands, as in an officer's list."""
    return not line.is_urgent, not line.is_waiting, line.due_on or dt.date.max


def _text(said: SampleText) -> SampleTextOnPage:
    label = _("Reporter") if said.author is Author.REPORTER else said.by
    if said.author is Author.CUSTODIAN:
        label = _("%(name)s, keeper", name=said.by)
    if said.is_note:
        label = _("Internal note, %(name)s", name=said.by)
    if said.status:
        label = f"{label} · {word(said.status)}"
    return SampleTextOnPage(
        css="note" if said.is_note else "message",
        data_author="note" if said.is_note else said.author.value,
        author_label=label,
        day=said.day,
        text=said.text,
    )
