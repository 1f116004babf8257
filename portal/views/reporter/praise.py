"""A good word about a colleague, which officers pass on."""

from flask import request
from werkzeug.wrappers import Response

from portal.views.reporter.blueprint import bp
from portal.views.reporter.keeping import answer_form, empty_page
from portal.views.reporter.rungs import PRAISE
from portal.views.request import refuses_itself


@bp.route("/praise", methods=["GET", "POST"])
@refuses_itself
def praise() -> Response:
    """Keep a good word for officers; show its code, this once."""
    if request.method == "GET":
        return empty_page(PRAISE)
    return answer_form(PRAISE)
