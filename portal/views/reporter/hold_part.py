"""What the form of a held report shows, besides what was typed."""

import datetime as dt

from flask import url_for

from portal.forms import EntryForm, MatchForm, QuestionsForm
from portal.holds import FIRST_DAYS, SHORT_DAYS, last_day
from portal.ladder import Rung as Step
from portal.reports import Hope, Ongoing, Reminded
from portal.roster import list_custodians
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.reporter.picker import picker_on_page
from portal.views.reporter.questions import (
    carried,
    in_other_language,
    judge_form,
    rung_on_page,
)
from portal.views.reporter.report_page import answers_row
from portal.views.request import db
from portal.views.words import day


def hold_part(form: EntryForm) -> dict[str, object]:
    """Return it."""
    questions = QuestionsForm()
    is_match = isinstance(form, MatchForm)
    step = Step.HOLD_MATCH if is_match else Step.HOLD_DATE
    ladder = judge_form(questions)
    rows = {"ongoing": Ongoing, "reminded": Reminded, "hope": Hope}
    return {
        "carried": carried(questions),
        "language_action": in_other_language(
            url_for("reporter.hold_match" if is_match else "reporter.hold")
        ),
        "judged": rung_on_page(ladder, step) if ladder else None,
        "is_match": is_match,
        "picker": picker_on_page(form) if isinstance(form, MatchForm) else None,
        "reach": reach(),
        "day_label": _("At the latest on which day?")
        if is_match
        else _("On which day?"),
        "keepers": ", ".join(one.name for one in list_custodians(db()) if one.is_heard),
        **{name: answers_row(name, row, form[name].data) for name, row in rows.items()},
    }


def is_short() -> bool:
    """Tell whether what was answered lets it be held for thirty days at most."""
    ladder = judge_form(QuestionsForm())
    return ladder is None or ladder[Step.HOLD_DATE].most_days is not None


def first_day() -> dt.date:
    """Return the day that the form proposes."""
    days = SHORT_DAYS if is_short() else FIRST_DAYS
    return runtime().today() + dt.timedelta(days=days)


def reach() -> str:
    """Say which days can be chosen."""
    today = runtime().today()
    latest = last_day(today, today, is_short=is_short())
    return _("From tomorrow until %(day)s.", day=day(latest))
