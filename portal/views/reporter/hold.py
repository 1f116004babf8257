"""A report that is held: until a day, or until somebody else names the same person."""

from dataclasses import dataclass
from functools import partial

from flask import request
from werkzeug.wrappers import Response

from crypto import FormToken
from portal.entries import EntryKind
from portal.errors import DayOutOfReachError, NoSuchSlipError
from portal.forms import HoldForm, MatchForm, QuestionsForm
from portal.hand_ins import was_handed_in
from portal.holds import check_day
from portal.ladder import Rung as Step
from portal.reports import Readers
from portal.roster import list_custodians, list_officers
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.reporter.blueprint import bp
from portal.views.reporter.form_tokens import judge_token
from portal.views.reporter.hold_part import first_day, is_short, reach
from portal.views.reporter.keeping import again, form_page, is_valid, keep, no_such_slip
from portal.views.reporter.picker import find_meant
from portal.views.reporter.questions import judge_form, page_before
from portal.views.reporter.rungs import HOLD, HOLD_MATCH, Rung
from portal.views.reporter.ticking import readers_of
from portal.views.request import db, refuses_itself

_WRITING = {"search", "preview", "hand-in"}


@dataclass(frozen=True)
class Holding:
    """A rung that holds a report: the step of the ladder, its form and pages."""

    step: Step
    rung: Rung


@bp.route("/hold", methods=["GET", "POST"])
@refuses_itself
def hold() -> Response:
    """Hold a report until a day; show its code, this once."""
    return _answer(Holding(Step.HOLD_DATE, HOLD))


@bp.route("/hold/match", methods=["GET", "POST"])
@refuses_itself
def hold_match() -> Response:
    """Hold a report until others name the same person; show its code, this once."""
    return _answer(Holding(Step.HOLD_MATCH, HOLD_MATCH))


def _answer(holding: Holding) -> Response:
    """Ask what decides; then the form, looked over or refused; then the code."""
    rung = holding.rung
    form = rung.form()
    token, notices = judge_token(form)
    if request.method == "GET" or form.step.data not in _WRITING:
        return _begin(holding, token, notices)
    show = partial(form_page, rung, form, token)
    if form.step.data == "search":
        return show(notices=notices)
    if not _is_valid(holding, form):
        return show(notices=notices, http=422)
    if notices or form.step.data != "hand-in":
        return show(notices=notices, is_preview=True, http=422 if notices else 200)
    readers = readers_of(form)
    if form.has_errors:
        return show(is_preview=True, http=422)
    return _keep(rung, form, token, readers)


def _begin(holding: Holding, token: FormToken, notices: list[str]) -> Response:
    """Ask the questions; where they leave the step open, show its empty form."""
    rung = holding.rung
    is_asked = request.method == "POST"
    questions = QuestionsForm() if is_asked else QuestionsForm(formdata=None)
    said = notices if is_asked else ()
    before = page_before(holding.step, questions, rung.action, said)
    return before or _first(rung, token)


def _keep(rung: Rung, form: HoldForm, token: FormToken, readers: Readers) -> Response:
    """Keep it; a slip that is not good is told, unless it went with this very form."""
    try:
        return keep(rung, form, token, readers)
    except NoSuchSlipError:
        if was_handed_in(db(), token):
            return again(token, EntryKind.HOLD)
    form.refuse("slip", no_such_slip())
    return form_page(rung, form, token, is_preview=True, http=422)


def _first(rung: Rung, token: FormToken) -> Response:
    """Render the form for the first time: all officers are ticked."""
    form = rung.form()
    form.readers.data = [officer.id.hex() for officer in list_officers(db())]
    form.day.data = first_day().isoformat()
    return form_page(rung, form, token)


def _is_valid(holding: Holding, form: HoldForm) -> bool:
    """Judge the form, and what only the portal knows: rungs, people, days, keepers."""
    is_valid(form)
    ladder = judge_form(QuestionsForm())
    if ladder is None or ladder[holding.step].is_closed:
        form.refuse("category", _("With these answers this step is not open."))
    if isinstance(form, MatchForm):
        form.meant = find_meant(form)
    form.is_short = is_short()
    if not form.day.errors:
        _judge_day(form)
    if not form.has_errors and not _has_keeper(form):
        form.refuse(
            "what", _("Who is named here is the only keeper: nobody could open it.")
        )
    return not form.has_errors


def _judge_day(form: HoldForm) -> None:
    today = runtime().today()
    try:
        check_day(form.chosen_day(), today, today, is_short=form.is_short)
    except DayOutOfReachError:
        form.refuse("day", reach())


def _has_keeper(form: HoldForm) -> bool:
    """Tell whether a keeper is left who could open it."""
    report = form.report()
    return any(
        one.is_heard and not report.names(one.name) for one in list_custodians(db())
    )
