"""The clock has jumped: an administrator says, with a second factor, that it is right."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.clock_guard import confirm_clock
from portal.forms import ConfirmedForm
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp
from portal.views.confirmation import is_confirmed
from portal.views.places import clock_jump
from portal.views.request import db, duty
from portal.views.response import page


@bp.route("/clock", methods=["GET", "POST"])
def clock() -> Response:
    """Show what the clock says; believe it once it was confirmed."""
    form, jump = ConfirmedForm(), clock_jump()
    if request.method == "POST" and jump and is_confirmed(form):
        confirm_clock(db(), duty(), runtime().today())
        return redirect(url_for("administrator.clock"), 303)
    return page(
        "administrator/clock.html",
        http=422 if form.has_errors else 200,
        form=form,
        jump=jump,
        today=runtime().today(),
        action=url_for("administrator.clock"),
    )
