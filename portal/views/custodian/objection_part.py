"""What a custodian's page shows of an objection, and the form that confirms the result."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.askings import find_objection
from portal.cases import OfficerCase
from portal.forms import MessageForm
from portal.models import Step
from portal.runtime import runtime
from portal.statuses import CaseStatus


@dataclass(frozen=True)
class ObjectionOnPage:
    """An objection that waits for the custodian."""

    made_on: dt.date
    due_on: dt.date | None
    is_late: bool
    can_confirm: bool


def objection_part(
    opened: OfficerCase, steps: Sequence[Step], form: MessageForm | None
) -> dict[str, object]:
    """Return the objection, if one waits; and the form, as it was refused."""
    today, case = runtime().today(), opened.case
    state, shown = find_objection(case, steps, today), None
    if state.made_on is not None and state.is_pending:
        due_on = case.custodian_due_on
        shown = ObjectionOnPage(
            state.made_on,
            due_on,
            is_late=due_on is not None and due_on < today,
            can_confirm=CaseStatus(case.status).is_over,
        )
    return {
        "objection": shown,
        "confirm_form": form or MessageForm(formdata=None),
    }
