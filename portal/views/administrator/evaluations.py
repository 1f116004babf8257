"""The register of evaluations: read by who is at work, written by administrators."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import evaluations
from portal.errors import (
    NoSuchEvaluationError,
    NoSuchFindingError,
    PlannedBeforeError,
    RecordedBeforeError,
)
from portal.evaluations import ListedEvaluation, ListedFinding
from portal.forms import ClosedForm, FindingForm, HeldForm, PlanForm
from portal.roles import Role
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp, refusal
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import page, private_page


@dataclass(frozen=True)
class EvaluationOnPage:
    """An evaluation as the register shows it."""

    due_on: dt.date
    is_fixed: bool
    done_on: dt.date | None
    is_missed: bool
    note: str
    href: str | None
    """Where it is recorded; None: it was, or the reader may not."""


@dataclass(frozen=True)
class FindingOnPage:
    """A finding as the register shows it."""

    number: int
    text: str
    owner: str
    found_on: dt.date
    due_on: dt.date
    closed_on: dt.date | None
    is_late: bool
    proof: str
    href: str | None


@bp.get("/evaluations", endpoint="evaluations")
def register() -> Response:
    """Show the register."""
    return _register()


@bp.post("/evaluations/plan")
def plan_evaluation() -> Response:
    """Plan one more evaluation."""
    today = runtime().today()
    form = PlanForm(today)
    if form.validate():
        try:
            evaluations.plan(db(), form.day, duty().person, today)
            return redirect(url_for("administrator.evaluations"), 303)
        except PlannedBeforeError:
            form.refuse("due_on", _("An evaluation is due on that day already."))
    return _register(plan=form)


@bp.post("/evaluations/findings")
def add_finding() -> Response:
    """Write down what is to be put right."""
    today = runtime().today()
    form = FindingForm(today)
    if not form.validate():
        return _register(finding=form)
    evaluations.add_finding(
        db(),
        text=form.text.data,
        owner=form.owner.data,
        due_on=form.day,
        by=duty().person,
        today=today,
    )
    return redirect(url_for("administrator.evaluations") + "#findings", 303)


@bp.route("/evaluations/<int:number>", methods=["GET", "POST"])
def evaluation(number: int) -> Response:
    """Record that an evaluation was held."""
    today = runtime().today()
    found, form = evaluations.find_evaluation(db(), number), HeldForm(today)
    if request.method == "POST" and form.validate():
        kept = {"done_on": form.day, "note": form.note.data}
        me = duty().person
        evaluations.record_held(db(), number, **kept, by=me, today=today)
        return redirect(url_for("administrator.evaluations"), 303)
    return private_page(
        "administrator/evaluation.html",
        http=422 if form.has_errors else 200,
        form=form,
        evaluation=_evaluation(found),
        action=request.path,
    )


@bp.route("/evaluations/findings/<int:number>", methods=["GET", "POST"])
def finding(number: int) -> Response:
    """Record that a finding was put right."""
    today = runtime().today()
    found, form = evaluations.find_finding(db(), number), ClosedForm(today)
    if request.method == "POST" and form.validate():
        kept = {"closed_on": form.day, "proof": form.proof.data}
        me = duty().person
        evaluations.close_finding(db(), number, **kept, by=me, today=today)
        return redirect(url_for("administrator.evaluations") + "#findings", 303)
    return private_page(
        "administrator/finding.html",
        http=422 if form.has_errors else 200,
        form=form,
        finding=_finding(found),
        action=request.path,
    )


@bp.errorhandler(NoSuchEvaluationError)
@bp.errorhandler(NoSuchFindingError)
def nothing_there(_error: Exception) -> Response:
    """Say that nothing of that number stands in the register."""
    return _refused(404, _("Nothing of that number stands in the register."))


@bp.errorhandler(RecordedBeforeError)
def recorded_before(_error: RecordedBeforeError) -> Response:
    """Say that somebody was faster."""
    return _refused(409, _("Somebody was faster: this was recorded already."))


def _refused(http: int, title: str) -> Response:
    return refusal(
        http,
        title,
        _("Nothing was changed."),
        "administrator.evaluations",
        _("To the register"),
    )


def _register(
    *, plan: PlanForm | None = None, finding: FindingForm | None = None
) -> Response:
    """Show the register; the form that was refused comes back filled."""
    is_refused = bool(plan or finding)
    today = runtime().today()
    held = evaluations.list_evaluations(db())
    found = evaluations.list_findings(db())
    shown = private_page if is_refused else page
    return shown(
        "administrator/evaluations.html",
        http=422 if is_refused else 200,
        may_write=Role.ADMINISTRATOR in duty().person.roles,
        has_fixed_days=bool(runtime().settings.evaluation_days),
        evaluations=evaluations_on_page(held),
        missed=[one.due_on for one in held if one.is_missed(today)],
        findings=findings_on_page(found),
        late_count=sum(one.is_late(today) for one in found),
        plan=plan or PlanForm(today, formdata=None),
        finding=finding or FindingForm(today, formdata=None),
    )


def evaluations_on_page(
    listed: Iterable[ListedEvaluation],
) -> list[EvaluationOnPage]:
    """Return evaluations as pages show them."""
    return [_evaluation(one) for one in listed]


def findings_on_page(listed: Iterable[ListedFinding]) -> list[FindingOnPage]:
    """Return findings as pages show them."""
    return [_finding(one) for one in listed]


def _evaluation(one: ListedEvaluation) -> EvaluationOnPage:
    return EvaluationOnPage(
        due_on=one.due_on,
        is_fixed=one.is_fixed,
        done_on=one.done_on,
        is_missed=one.is_missed(runtime().today()),
        note=one.note,
        href=None if one.done_on else _address("evaluation", one.number),
    )


def _finding(one: ListedFinding) -> FindingOnPage:
    return FindingOnPage(
        number=one.number,
        text=one.text,
        owner=one.owner,
        found_on=one.found_on,
        due_on=one.due_on,
        closed_on=one.closed_on,
        is_late=one.is_late(runtime().today()),
        proof=one.proof,
        href=None if one.closed_on else _address("finding", one.number),
    )


def _address(view: str, number: int) -> str | None:
    """Return where something is recorded; None: the reader writes nothing here."""
    if Role.ADMINISTRATOR not in duty().person.roles:
        return None
    return url_for(f"administrator.{view}", number=number)
