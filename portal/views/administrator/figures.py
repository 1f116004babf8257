"""What changed because of reports: the agency's own words beside the public figures."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import improvements
from portal.errors import NoSuchPeriodError
from portal.forms import ImprovementForm
from portal.improvements import LONGEST_TEXT
from portal.periods import Period
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp, refusal
from portal.views.figures_page import period_word
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import page, private_page


@dataclass(frozen=True)
class PeriodOnPage:
    """A half-year or a year, and whether something is said of it."""

    href: str
    label: str
    is_written: bool


@bp.get("/figures")
def figures() -> Response:
    """Show what can be written about."""
    periods = improvements.list_writable(db(), runtime().today())
    return page(
        "administrator/figures.html", periods=[_on_page(one) for one in periods]
    )


@bp.route("/figures/<period>", methods=["GET", "POST"])
def improvement(period: str) -> Response:
    """Show what is said of a period; say something else."""
    chosen, form = Period.parse(period), ImprovementForm()
    today = runtime().today()
    if request.method == "POST" and form.validate():
        improvements.write(db(), chosen, form.texts(), today, by=duty().person)
        return redirect(url_for("administrator.figures"), 303)
    said = improvements.find_writable(db(), chosen, today)
    if said and request.method == "GET":
        form.text_id.data, form.text_en.data = said.texts["id"], said.texts["en"]
    return private_page(
        "administrator/improvement.html",
        http=422 if form.has_errors else 200,
        form=form,
        label=period_word(chosen),
        action=url_for("administrator.improvement", period=str(chosen)),
        longest=LONGEST_TEXT,
    )


@bp.errorhandler(NoSuchPeriodError)
def no_period(_error: NoSuchPeriodError) -> Response:
    """Say that nothing can be written about it."""
    return refusal(
        404,
        _("Nothing can be written about this half-year."),
        _("Nothing was changed."),
        "administrator.figures",
        _("To the figures"),
    )


def _on_page(period: Period) -> PeriodOnPage:
    href = url_for("administrator.improvement", period=str(period))
    is_written = improvements.find(db(), period) is not None
    return PeriodOnPage(href, period_word(period), is_written)
