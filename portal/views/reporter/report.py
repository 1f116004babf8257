"""Report now: the reporter's own form, and the code that answers it."""

from flask import request
from werkzeug.wrappers import Response

from portal.views.receiving import receives_files_of_a_report
from portal.views.reporter.blueprint import bp
from portal.views.reporter.counter import OWN
from portal.views.reporter.form_tokens import issue_token
from portal.views.reporter.report_page import empty_form_page
from portal.views.reporter.taking import (
    answer_again,
    answer_form,
    compare_group,
)
from portal.views.request import refuses_itself


@bp.route("/report", methods=["GET", "POST"])
@receives_files_of_a_report
@refuses_itself
def report() -> Response:
    """Take a report; show its case code, this once."""
    if request.method == "GET":
        return empty_form_page(issue_token())
    return answer_form(OWN)


@bp.post("/report/code")
def check_code() -> Response:
    """Compare one group of the code with what was shown."""
    return compare_group(OWN)


@bp.post("/report/code/again")
def show_code_again() -> Response:
    """Show the code once more to who has its form, for as long as that may be."""
    return answer_again(OWN)
