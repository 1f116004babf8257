"""Ask first: a question without names, which officers answer."""

from flask import request
from werkzeug.wrappers import Response

from portal.views.reporter.blueprint import bp
from portal.views.reporter.keeping import answer_form, empty_page
from portal.views.reporter.rungs import ASK
from portal.views.request import refuses_itself


@bp.route("/ask", methods=["GET", "POST"])
@refuses_itself
def ask() -> Response:
    """Keep a question for officers; show its code, this once."""
    if request.method == "GET":
        return empty_page(ASK)
    return answer_form(ASK)
