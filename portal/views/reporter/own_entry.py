"""The sealed entry that a browser has open, for its writer's acts."""

from collections.abc import Callable
from functools import wraps

from flask import redirect, url_for
from werkzeug.wrappers import Response

from crypto import Key
from portal.errors import NotFromHereError
from portal.renewals import Office, OwnEntry
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.reporter.opened import opened_case
from portal.views.request import db, visit


def own_entry() -> OwnEntry:
    """Return the entry.

    Raises:
        SessionEndedError: none is open, or it is gone.
        NotFromHereError: it is a report, or an officer took it up.
    """
    opened = opened_case()
    if opened.case.status != CaseStatus.SEALED:
        raise NotFromHereError
    return OwnEntry(opened, Key(visit().code_key, runtime().instance))


def office() -> Office:
    """Return what the portal holds for every entry."""
    here = runtime()
    return Office(here.gate_secret, here.secret, here.taxonomy)


def only_sealed(view: Callable[[], Response]) -> Callable[[], Response]:
    """Lead back to the own page where what is open is no sealed entry any more.

    An officer has taken it up, or its writer made a report of it in another tab.
    """

    @wraps(view)
    def answer() -> Response:
        try:
            return view()
        except NotFromHereError:
            db().expire_all()
            return back()

    return answer


def back() -> Response:
    """Lead back to the own page."""
    return redirect(url_for("reporter.case"), 303)
