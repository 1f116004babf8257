"""What a case page shows of what its reporter asked for: an objection, protection."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from portal import calling
from portal.askings import Objection, find_objection
from portal.cases import ReporterCase
from portal.courses import Course
from portal.models import Step
from portal.objections import may_object
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _
from portal.views.public import BodyOnPage, bodies_on_page
from portal.views.reporter.trouble import guidance
from portal.views.request import db
from portal.views.words import day


@dataclass(frozen=True)
class ObjectionOnPage:
    """An objection: what became of it, and whether one can be made."""

    can_ask: bool
    mark: str = ""
    """Beside the status, while one waits."""
    notice: str = ""
    css: str = ""
    keepers: str = ""
    bodies: list[BodyOnPage] = field(default_factory=list)
    until: dt.date | None = None
    """The last day to ask; None: no day ends it yet."""


@dataclass(frozen=True)
class TroubleOnCase:
    """Trouble that waits for an officer's word."""

    owed: str
    day: dt.date
    keepers: str
    consequence: str = ""
    """Of silence; said here where nothing is owed before."""


def asking_part(opened: ReporterCase, steps: Sequence[Step]) -> dict[str, object]:
    """Return what the page shows of both."""
    state = find_objection(opened.case, steps, runtime().today())
    course = Course.of(steps)
    return {
        "objection": replace(_objection(opened, state), until=state.until),
        "trouble": _trouble(opened, course, course.told_on) if course.told_on else None,
        "guidance": guidance() if course.told_on else [],
    }


def _objection(opened: ReporterCase, state: Objection) -> ObjectionOnPage:
    may = may_object(db(), opened.case, runtime().today())
    if state.made_on is None:
        return ObjectionOnPage(may)
    made_on = day(state.made_on)
    if not state.is_pending:
        notice = _("You asked the keeper to look on %(day)s.", day=made_on)
        if opened.case.status != CaseStatus.WITHDRAWN:
            notice += " " + _("The keeper has answered: see the steps below.")
        return ObjectionOnPage(may, notice=notice)
    due_on, mark = opened.case.custodian_due_on, _("objection")
    asked = ", ".join(one.name for one in calling.find_asked(db(), opened.case.id))
    if not asked:
        notice = _(
            "You asked the keeper to look on %(day)s. Whoever you asked is no longer "
            "there: you may ask again.",
            day=made_on,
        )
        return ObjectionOnPage(may, mark, notice, "caution", "", bodies_on_page())
    if due_on is not None and due_on < runtime().today():
        notice = _(
            "You asked the keeper to look on %(day)s. An answer was owed by %(due)s, "
            "and there is none:",
            day=made_on,
            due=day(due_on),
        )
        return ObjectionOnPage(may, mark, notice, "caution", asked, bodies_on_page())
    notice = _(
        "You asked the keeper to look on %(day)s. An answer is owed by %(due)s. "
        "No officer can take that back. Asked:",
        day=made_on,
        due=day(due_on or state.made_on),
    )
    return ObjectionOnPage(may, mark, notice, "", asked)


def _trouble(opened: ReporterCase, course: Course, told_on: dt.date) -> TroubleOnCase:
    told = calling.find_callable(db(), opened)
    due_on = runtime().rules.protect_day(told_on)
    owed, late = (
        (_("The keeper must write by"), _("The keeper should have written by"))
        if course.is_taken_over or course.is_left
        else (
            _("Officers must write to you by"),
            _("Officers should have written to you by"),
        )
    )
    names = ", ".join(one.name for one in told)
    is_late = due_on < runtime().today()
    return TroubleOnCase(late if is_late else owed, due_on, names)
