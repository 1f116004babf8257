"""What is owed in a case, by when and by whom, and what happens if it is missed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.courses import Course, find_day_if_reopened
from portal.deadlines import DeadlineKind
from portal.models import NO_DAY, Case, Step
from portal.reports import Report
from portal.roster import list_custodians
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.words import day, word


@dataclass(frozen=True)
class DuePart:
    """What the page of a case says of its deadline; *day* None: nothing is owed."""

    day: dt.date | None
    label: str
    is_late: bool
    sentence: str
    """What happens if it is missed, or happened; empty: nothing to say."""
    is_escalated: bool
    is_taken_over: bool
    is_called: bool
    """A custodian may open the case."""
    extended_to: dt.date | None
    """Where the one extension leads; None: it cannot be taken."""
    reopening: str
    """What taking it up again does to the deadlines; empty: it is not over."""


def due_part(
    case: Case, report: Report, steps: Sequence[Step], *, is_left: bool = False
) -> DuePart:
    """Return the part, as officers and custodians see it.

    *is_left*: no officer can read it, so what they owe is the custodian's to see to.
    """
    here, course = runtime(), Course.of(steps)
    ahead = course.ahead(case, here.rules)
    due_on = ahead[0].day if ahead else None
    is_called = any(report.calls(one.name) for one in list_custodians(db()))
    may_extend = course.may_extend(case, here.rules, here.today())
    kind = DeadlineKind.KEEPER if is_left else ahead[0].kind if ahead else None
    return DuePart(
        due_on,
        word(kind) if kind else "",
        due_on is not None and due_on < here.today(),
        _left() if is_left and ahead else _sentence(case, course, is_called=is_called),
        course.escalated_on is not None,
        course.is_taken_over,
        is_called,
        here.rules.extended_day(course.received_on) if may_extend else None,
        _reopening(case, steps) if case.closed_on is not None else "",
    )


def _left() -> str:
    return _(
        "No officer can read it any more: you are to see to it. Hand it on to one, take it "
        "over, or close it."
    )


def _reopening(case: Case, steps: Sequence[Step]) -> str:
    here = runtime()
    next_day = find_day_if_reopened(case, steps, here.rules, here.today())
    if Course.of(steps).may_count_anew:
        return _(
            "Taken up again, its days begin anew, this once: the next deadline is then "
            "%(day)s.",
            day=day(next_day),
        )
    return _(
        "Taken up again, the days of before hold: the next deadline is %(day)s. Where it "
        "has passed, the case is overdue at once.",
        day=day(next_day),
    )


def _sentence(case: Case, course: Course, *, is_called: bool) -> str:
    opens_on = course.opening_day(case, runtime().rules, runtime().today())
    if course.is_taken_over and case.custodian_due_on is not None:
        return _(
            "A keeper has taken this case over and decides. Officers can read it and "
            "write in it."
        )
    if not is_called:
        missed = _("If it is missed, nobody outside is called.")
        return missed if case.due_on != NO_DAY else ""
    if course.open_since is not None and course.escalated_on is not None:
        since = day(course.open_since)
        return _(
            "A deadline was missed: open to the keeper since %(day)s. It stays so.",
            day=since,
        )
    if opens_on is None or course.open_since is not None:
        return ""
    return _(
        "If it is missed, the case opens to the keeper on %(day)s.", day=day(opens_on)
    )
