"""A custodian's own key on papers, made anew when asked for."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.forms import ConfirmedForm
from portal.views.confirmation import is_confirmed
from portal.views.custodian.blueprint import bp
from portal.views.papers import papers_page
from portal.views.request import duty
from portal.views.response import private_page


@bp.route("/shares", methods=["GET", "POST"])
def shares() -> Response:
    """Show new shares of the own key, this once, for a fresh second factor."""
    form = ConfirmedForm()
    if request.method == "POST" and is_confirmed(form):
        return papers_page(duty().identity)
    return private_page(
        "custodian/shares.html",
        http=422 if form.has_errors else 200,
        form=form,
        action=url_for("custodian.shares"),
    )
