"""A report by phone, letter or visit: the same form, filled in for somebody.

The officer's session stays what it is; the code belongs to the caller alone.
"""

from flask import request
from werkzeug.wrappers import Response

from portal.forms import TakenReportForm
from portal.views.officer.blueprint import bp
from portal.views.receiving import receives_files_of_a_report
from portal.views.reporter.counter import Counter
from portal.views.reporter.form_tokens import issue_token
from portal.views.reporter.report_page import form_page
from portal.views.reporter.taking import (
    answer_again,
    answer_form,
    compare_group,
)
from portal.views.request import duty, refuses_itself

_FOR_SOMEBODY = Counter("officer", "new", TakenReportForm)


@bp.route("/new", methods=["GET", "POST"])
@receives_files_of_a_report
@refuses_itself
def new() -> Response:
    """Take a report for somebody; show its case code, this once."""
    if request.method == "GET":
        empty = TakenReportForm(formdata=None)
        return form_page(empty, issue_token(), counter=_FOR_SOMEBODY)
    return answer_form(_FOR_SOMEBODY, duty())


@bp.post("/new/code")
def check_code() -> Response:
    """Compare the group that the caller reads back with what was shown."""
    return compare_group(_FOR_SOMEBODY)


@bp.post("/new/code/again")
def show_code_again() -> Response:
    """Show the code once more to who has its form, for as long as that may be."""
    return answer_again(_FOR_SOMEBODY)
