"""An officer's screen: closed in one step, opened again with a one-time code.

While it is closed the session opens nothing. It ends at its own time all the
same, and after a few wrong codes: six digits can be guessed.
"""

import re
from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import logins
from portal.errors import RefusedLoginError
from portal.forms import OneTimeCodeForm, PlaceForm
from portal.logins import Verdict
from portal.runtime import runtime
from portal.sessions import Standing, Visit
from portal.views.confirmation import MOST_MISSES
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.request import begin_visit, db, end_visit, spend_visit
from portal.views.response import page

# A fixed place, or a case; what is behind it in an address was a form's.
_PLACE = re.compile(r"/(?:office|custody)/(?:cases/[0-9a-f]{32}|account|new)?")


@bp.post("/close-screen")
def close_screen() -> Response:
    """Close the screen; keep where the officer was."""
    found = _PLACE.match(PlaceForm().place.data or "")
    place = found[0] if found else url_for("officer.cases")
    # One request alone takes the session on: no second one stays behind.
    begin_visit(replace(spend_visit(), standing=Standing.SCREEN_CLOSED, place=place))
    return redirect(url_for("officer.closed"), 303)


@bp.route("/closed", methods=["GET", "POST"])
def closed() -> Response:
    """Show nothing; take a one-time code, and lead back to where the officer was."""
    form = OneTimeCodeForm()
    if request.method == "GET":
        return page("officer/closed.html", form=form)
    spent = spend_visit()
    verdict = Verdict(spent.person_id, spent.seed)
    code = form.one_time_code.data or ""
    try:
        logins.log_in(db(), verdict, code, runtime().instance, runtime().now())
    except RefusedLoginError:
        return _missed(spent, form)
    begin_visit(replace(spent, standing=Standing.AT_WORK, place="", misses=0))
    return redirect(spent.place, 303)


def _missed(spent: Visit, form: OneTimeCodeForm) -> Response:
    """Ask again; after the last miss passphrase and code are asked for anew."""
    misses = spent.misses + 1
    if misses >= MOST_MISSES:
        end_visit()
        return page("officer/refused.html", http=403, was_closed=True)
    begin_visit(replace(spent, misses=misses))
    form.refuse("one_time_code", _("That was not a code of now that is still unused."))
    return page("officer/closed.html", http=422, form=form)
