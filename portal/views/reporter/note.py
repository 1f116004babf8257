"""A locked note: the first rung."""

from flask import request
from werkzeug.wrappers import Response

from portal.views.reporter.blueprint import bp
from portal.views.reporter.keeping import answer_form, empty_page
from portal.views.reporter.rungs import NOTE
from portal.views.request import refuses_itself


@bp.route("/note", methods=["GET", "POST"])
@refuses_itself
def note() -> Response:
    """Keep a note that its writer alone opens; show its code, this once."""
    if request.method == "GET":
        return empty_page(NOTE)
    return answer_form(NOTE)
