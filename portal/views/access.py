"""Who may call which page: one table; what is not in it is nobody's."""

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.sessions import Standing
from portal.views.request import SessionEndedError, visit

ANYONE = frozenset(Standing)
_REPORTER = frozenset({Standing.REPORTER})
_OFFICER = frozenset({Standing.OFFICER})
_HALFWAY = frozenset({Standing.AT_SECOND_FACTOR})

ACCESS: dict[str, frozenset[Standing]] = {
    "static": ANYONE,
    "public.start": ANYONE,
    "public.guidance": ANYONE,
    "public.limits": ANYONE,
    "public.leave_quickly": ANYONE,
    "reporter.report": ANYONE,
    "reporter.check_code": ANYONE,
    "reporter.case": ANYONE,
    "reporter.open_case": ANYONE,
    "reporter.message": _REPORTER,
    "reporter.mine": _REPORTER,
    "reporter.leave": _REPORTER,
    "officer.invite": ANYONE,
    "officer.login": ANYONE,
    "officer.second_factor": _HALFWAY,
    "officer.calendar": ANYONE,
    "officer.log_out": _OFFICER,
    "officer.cases": _OFFICER,
    "officer.find": _OFFICER,
    "officer.case": _OFFICER,
    "officer.message": _OFFICER,
    "officer.note": _OFFICER,
    "officer.triage": _OFFICER,
    "officer.status": _OFFICER,
}
"""Endpoint -> who may call it."""


def install(app: Flask) -> None:
    """Check the table before every view."""
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: 404, or 405
    allowed = ACCESS.get(request.endpoint)
    if allowed is None:
        abort(404)
    if allowed is ANYONE or visit().standing in allowed:
        return None
    if request.method == "POST":
        raise SessionEndedError
    return redirect(entrance(), 303)


def entrance() -> str:
    """Return where somebody without a session begins."""
    is_office = (request.blueprint or "") == "officer"
    return url_for("officer.login" if is_office else "reporter.case")
