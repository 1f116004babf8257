"""What a custodian decides in a case: taking it over, giving it back, its next step."""

from werkzeug.wrappers import Response

from portal import custodian_acts
from portal.forms import CustodianStepForm, GiveBackForm, TakeOverForm
from portal.runtime import runtime
from portal.views.custodian.blueprint import bp
from portal.views.custodian.case import act_on, open_known
from portal.views.custodian.case_page import CaseForms
from portal.views.request import db, duty


@bp.post("/cases/<case_id>/take-over")
def take_over(case_id: str) -> Response:
    """Take the case over from its officers."""
    opened, form = open_known(case_id), TakeOverForm()

    def act() -> None:
        custodian_acts.take_over(
            db(),
            opened,
            duty(),
            form.message.data,
            seen=form.seen.data or "",
            rules=runtime().rules,
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(take_over=form))


@bp.post("/cases/<case_id>/give-back")
def give_back(case_id: str) -> Response:
    """Give the case back to its officers, with a new day."""
    opened, form = open_known(case_id), GiveBackForm()

    def act() -> None:
        custodian_acts.give_back(
            db(),
            opened,
            duty(),
            form.due_on(),
            form.message.data,
            seen=form.seen.data or "",
            rules=runtime().rules,
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(give_back=form))


@bp.post("/cases/<case_id>/status")
def status(case_id: str) -> Response:
    """Lead the case to its next step, or close it."""
    opened, form = open_known(case_id), CustodianStepForm()

    def act() -> None:
        custodian_acts.move(
            db(),
            opened,
            duty(),
            form.move(),
            seen=form.seen.data or "",
            rules=runtime().rules,
            retention=runtime().retention,
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(status=form))
