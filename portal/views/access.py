"""Who may call which page: one table; what is not in it is nobody's."""

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.sessions import Standing
from portal.views.request import SessionEndedError, visit

ANYONE = frozenset(Standing)
_REPORTER = frozenset({Standing.REPORTER})
_OFFICER = frozenset({Standing.OFFICER})
_CLOSED = frozenset({Standing.SCREEN_CLOSED})
_HALFWAY = frozenset({Standing.AT_SECOND_FACTOR})

ACCESS: dict[str, frozenset[Standing]] = {
    "static": ANYONE,
    "public.start": ANYONE,
    "public.guidance": ANYONE,
    "public.limits": ANYONE,
    "public.keys": ANYONE,
    "public.leave_quickly": ANYONE,
    "reporter.report": ANYONE,
    "reporter.check_code": ANYONE,
    "reporter.show_code_again": ANYONE,
    "reporter.case": ANYONE,
    "reporter.open_case": ANYONE,
    "reporter.message": _REPORTER,
    "reporter.mine": _REPORTER,
    "reporter.leave": _REPORTER,
    "officer.invite": ANYONE,
    "officer.login": ANYONE,
    "officer.second_factor": _HALFWAY,
    "officer.calendar": ANYONE,
    "officer.close_screen": _OFFICER,
    "officer.closed": _CLOSED,
    "officer.log_out": _OFFICER | _CLOSED,
    "officer.cases": _OFFICER,
    "officer.find": _OFFICER,
    "officer.case": _OFFICER,
    "officer.message": _OFFICER,
    "officer.note": _OFFICER,
    "officer.triage": _OFFICER,
    "officer.status": _OFFICER,
}
"""Endpoint -> who may call it."""

_ENTRANCES = {
    Standing.OFFICER: "officer.cases",
    Standing.SCREEN_CLOSED: "officer.closed",
}
"""Of the office; everybody else logs in."""


def install(app: Flask) -> None:
    """Check the table before every view."""
    app.before_request(_check)


def is_allowed() -> bool:
    """Tell whether who asks may call this page."""
    allowed = ACCESS.get(request.endpoint or "", frozenset())
    return allowed is ANYONE or visit().standing in allowed


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: 404, or 405
    if request.endpoint not in ACCESS:
        abort(404)
    if is_allowed():
        return None
    if request.method == "POST":
        raise SessionEndedError
    return redirect(entrance(), 303)


def entrance() -> str:
    """Return where somebody begins who may not be here."""
    if (request.blueprint or "") != "officer":
        return url_for("reporter.case")
    return url_for(_ENTRANCES.get(visit().standing, "officer.login"))
