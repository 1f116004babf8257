"""An officer's own page of declared conflicts."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import TooLongError
from portal.conflicts import declare, is_due, read_own
from portal.forms import ConflictsForm, too_long
from portal.runtime import runtime
from portal.views.officer.blueprint import bp
from portal.views.request import admit, db, duty
from portal.views.response import private_page


@bp.route("/conflicts", methods=["GET", "POST"])
def conflicts() -> Response:
    """Show the declaration, and keep a new one."""
    if request.method == "GET":
        return _page(ConflictsForm.of(read_own(duty(), runtime().secret)))
    form = ConflictsForm()
    if form.validate() and _is_kept(form):
        return redirect(url_for("officer.conflicts", kept="yes"), 303)
    return _page(form, http=422)


def _is_kept(form: ConflictsForm) -> bool:
    """Keep what was typed, or say that it does not fit."""
    admit("message", owner=duty().person.id.hex())
    secret, today = runtime().secret, runtime().today()
    try:
        declare(db(), duty(), form.declaration(), secret, today)
    except TooLongError as error:
        form.refuse("units", too_long(error.excess))
        return False
    return True


def _page(form: ConflictsForm, *, http: int = 200) -> Response:
    return private_page(
        "officer/conflicts.html",
        http=http,
        form=form,
        is_kept=http == 200 and bool(request.args.get("kept")),
        declared_on=duty().person.conflicts_on,
        is_due=is_due(duty(), runtime().secret, runtime().today()),
    )
