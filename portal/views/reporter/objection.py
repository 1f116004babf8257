"""Asking the custodians to look at what officers made of a report."""

from dataclasses import dataclass
from functools import partial

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import TooLongError
from portal import objections
from portal.askings import Objection, find_objection
from portal.cases import ReporterCase, read_steps
from portal.errors import CodeInTextError, NoReaderError, NotFromHereError
from portal.forms import ObjectionForm, too_long
from portal.roster import ListedCustodian
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.public import bodies_on_page
from portal.views.reporter.blueprint import bp
from portal.views.reporter.opened import opened_case
from portal.views.request import admit, db, foresee, visit
from portal.views.response import private_page


@dataclass(frozen=True)
class ChoiceOnPage:
    """A custodian who can be asked, with a box."""

    id: str
    name: str
    facts: str
    is_checked: bool
    is_named: bool


@bp.route("/case/object", methods=["GET", "POST"])
def objection() -> Response:
    """Say what asking the custodians means; put the case before them."""
    opened = opened_case()
    if request.method == "GET":
        if not _may(opened):
            return redirect(url_for("reporter.case"), 303)
        return _page(opened, ObjectionForm(formdata=None))
    form = ObjectionForm()
    try:
        if form.validate():
            _ask(opened, form)
    except NotFromHereError:
        db().expire_all()
        return _page(opened_case(), form, http=409)
    if form.has_errors:
        return _page(opened, form, http=422)
    return redirect(url_for("reporter.case"), 303)


def _ask(opened: ReporterCase, form: ObjectionForm) -> None:
    """Ask, or say in the form why not."""
    foresee("message")
    try:
        objections.ask_custodians(
            db(),
            opened,
            form.text.data,
            _chosen(opened, form),
            windows=visit().windows,
            rules=runtime().rules,
            gate=runtime().gate_secret,
            today=runtime().today(),
            admit=partial(admit, "message"),
        )
    except NoReaderError:
        form.refuse("custodians", _("Please tick at least one keeper."))
    except CodeInTextError:
        sentence = _("Part of your case code stands here. Please take it out.")
        form.refuse("text", sentence)
    except TooLongError as error:
        form.refuse("text", too_long(error.excess))


def _chosen(opened: ReporterCase, form: ObjectionForm) -> frozenset[bytes]:
    ticked = form.custodian_ids()
    if ticked is not None:
        return ticked
    choices = objections.list_choices(db(), opened)
    return frozenset(one.custodian.id for one in choices if one.is_ticked)


def _may(opened: ReporterCase) -> bool:
    return objections.may_object(db(), opened.case, runtime().today())


def _state(opened: ReporterCase) -> Objection:
    steps = read_steps(db(), opened.case.id)
    return find_objection(opened.case, steps, runtime().today())


def _page(opened: ReporterCase, form: ObjectionForm, *, http: int = 200) -> Response:
    may, ticked = _may(opened), form.custodian_ids()
    choices = [
        ChoiceOnPage(
            one.custodian.id.hex(),
            one.custodian.name,
            _facts(one.custodian),
            one.is_ticked if ticked is None else one.custodian.id in ticked,
            is_named=not one.is_ticked,
        )
        for one in objections.list_choices(db(), opened)
    ]
    return private_page(
        "reporter/objection.html",
        http=http,
        form=form,
        keepers=choices,
        can_ask=may and bool(choices),
        is_over=not may,
        until=_state(opened).until,
        answer_by=runtime().rules.keeper_day(runtime().today()),
        bodies=[] if choices else bodies_on_page(),
    )


def _facts(custodian: ListedCustodian) -> str:
    return " · ".join(filter(None, (custodian.position, custodian.unit)))
