"""What the reporter's page says of deadlines, and of the custodians behind them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal import missing_outers, outers
from portal.courses import Course
from portal.models import NO_DAY, Case, Step
from portal.reports import Report
from portal.roster import list_custodians
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.words import day


@dataclass(frozen=True)
class DueOnPage:
    """What is owed to the reporter, by when, and what happens if it is missed."""

    what: str
    day: dt.date
    is_late: bool
    consequence: str


@dataclass(frozen=True)
class CustodyOnPage:
    """Whom outside the case has come to, since when, and what became of it."""

    sentence: str
    names: str
    is_escalated: bool
    """A deadline was missed, whatever became of it."""
    is_out_of_reach: bool = False
    """It should have come to them, and what opens it is missing."""


def next_due(case: Case, report: Report, steps: Sequence[Step]) -> DueOnPage | None:
    """Return what is owed next; None: nothing is."""
    course, today = Course.of(steps), runtime().today()
    if course.is_taken_over and case.custodian_due_on is not None:
        due_on = case.custodian_due_on
        is_late = due_on < today
        what = _("The keeper must write by")
        late = _("The keeper should have written by")
        return DueOnPage(late if is_late else what, due_on, is_late, "")
    if case.due_on == NO_DAY:
        return None
    is_late = case.due_on < today
    what, late = _("Officers must act by"), _("Officers should have acted by")
    if course.is_left:
        what, late = _("The keeper must act by"), _("The keeper should have acted by")
    return DueOnPage(
        late if is_late else what,
        case.due_on,
        is_late,
        _consequence(case, report, course),
    )


def custody_on_page(
    case: Case, report: Report, steps: Sequence[Step]
) -> CustodyOnPage | None:
    """Return whom the case was put before; None: nobody."""
    course = Course.of(steps)
    called = outers.find_called(db(), case.id, report)
    if course.open_since is None:
        return None
    if not called:
        return _out_of_reach(case, report)
    names = ", ".join(one.name for one in called)
    sentence = _sentence(case, course, course.open_since)
    return CustodyOnPage(sentence, names, course.escalated_on is not None)


def opens_to_somebody(case: Case, report: Report) -> bool:
    """Tell whether a missed day opens the case to a custodian, and nothing is missing."""
    is_called = is_anybody_called(report)
    return is_called and not missing_outers.is_out_of_reach(db(), case.id)


def _out_of_reach(case: Case, report: Report) -> CustodyOnPage | None:
    """Say that nobody whom the report calls can open it; None: it calls nobody."""
    names = ", ".join(
        one.name for one in list_custodians(db()) if report.calls(one.name)
    )
    if not names or not missing_outers.is_out_of_reach(db(), case.id):
        return None
    sentence = _(
        "Your case should be open to the keeper outside this agency, but what opens it "
        "is missing here. Turn to the keeper yourself:"
    )
    return CustodyOnPage(sentence, names, is_escalated=False, is_out_of_reach=True)


def is_anybody_called(report: Report) -> bool:
    """Tell whether a custodian may open the report once a day is missed."""
    return any(report.calls(one.name) for one in list_custodians(db()))


def _sentence(case: Case, course: Course, since: dt.date) -> str:
    if course.is_taken_over and not CaseStatus(case.status).is_over:
        return _(
            "The keeper outside this agency has taken your case over. The officers can "
            "still read it, and no longer decide:"
        )
    if course.escalated_on is None:
        return _(
            "Your case has been put before the keeper outside this agency, who can read "
            "it and answer here:"
        )
    return _(
        "A deadline was missed. Since %(day)s the keeper outside this agency can open "
        "your case, and no officer can undo that:",
        day=day(since),
    )


def _consequence(case: Case, report: Report, course: Course) -> str:
    opens_on = course.opening_day(case, runtime().rules, runtime().today())
    if opens_on is None or course.is_escalated(case):
        return ""
    if is_anybody_called(report):
        if course.open_since is not None:
            return ""
        return _(
            "If officers stay silent, the keeper at the Inspectorate can open the case "
            "on %(day)s.",
            day=day(opens_on),
        )
    if list_custodians(db()):
        return _("If it is missed, nobody outside is called: so it was chosen.")
    return _("If it is missed, nobody outside is called: there is no keeper yet.")
