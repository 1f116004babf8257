"""What a custodian can decide in a case as it stands: the forms of its page."""

from dataclasses import dataclass

from portal.courses import Course
from portal.custodian_acts import LATEST_RETURN_DAYS, OUTCOMES, custodian_moves
from portal.forms import CustodianStepForm, GiveBackForm, TakeOverForm
from portal.models import Case
from portal.statuses import CaseStatus
from portal.views.officer.desk import Selectable
from portal.views.words import word


@dataclass(frozen=True)
class StepOnPage:
    """One step that is possible from here."""

    value: str
    label: str
    is_checked: bool
    needs_outcome: bool
    needs_message: bool


@dataclass(frozen=True)
class ActsPart:
    """The forms, each with what it offers."""

    can_take_over: bool
    can_give_back: bool
    latest_days: int
    can_move: bool
    is_over: bool
    steps: list[StepOnPage]
    asks_outcome: bool
    """One of the steps needs it; or it was chosen before that became impossible."""
    outcomes: list[Selectable]
    take_over: TakeOverForm
    give_back: GiveBackForm
    status: CustodianStepForm


def acts_part(
    case: Case,
    course: Course,
    take_over: TakeOverForm | None,
    give_back: GiveBackForm | None,
    status: CustodianStepForm | None,
    *,
    has_reader: bool,
) -> ActsPart:
    """Return the part; a form that was refused comes back filled.

    *has_reader*: an officer could go on with it. A form stays where somebody has made its act impossible meanwhile: nothing typed is lost.
    """
    here = CaseStatus(case.status)
    step = status or CustodianStepForm(formdata=None)
    steps = [_step(to, step.to.data or "") for to in custodian_moves(here, course)]
    return ActsPart(
        (not here.is_over and not course.is_taken_over) or take_over is not None,
        (not here.is_over and has_reader) or give_back is not None,
        LATEST_RETURN_DAYS,
        bool(steps) or status is not None,
        here.is_over,
        steps,
        any(one.needs_outcome for one in steps) or bool(step.outcome.data),
        [
            Selectable(one.value, word(one), one.value == step.outcome.data)
            for one in OUTCOMES
        ],
        take_over or TakeOverForm(formdata=None),
        give_back or GiveBackForm(formdata=None),
        step,
    )


def _step(to: CaseStatus, chosen: str) -> StepOnPage:
    return StepOnPage(
        to.value,
        word(to),
        to.value == chosen,
        to is CaseStatus.CLOSED,
        to.is_over or to.needs_message,
    )
