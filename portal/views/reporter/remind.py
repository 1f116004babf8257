"""Remind first: a standard leaflet that an officer passes on."""

from flask import request
from werkzeug.wrappers import Response

from portal.forms import RemindForm
from portal.ladder import Rung
from portal.views.reporter.blueprint import bp
from portal.views.reporter.questions import page_before
from portal.views.reporter.remind_page import answer_request, what_is_missing
from portal.views.reporter.rungs import REMIND
from portal.views.request import refuses_itself


@bp.route("/remind", methods=["GET", "POST"])
@refuses_itself
def remind() -> Response:
    """Ask five questions, then whom; keep the request and show its code, this once."""
    form = RemindForm() if request.method == "POST" else RemindForm(formdata=None)
    missing = what_is_missing(form)
    before = page_before(Rung.REMIND, form, REMIND.action, missing)
    if before and request.method == "GET":
        before.status_code = 200
    return before or answer_request(form)
