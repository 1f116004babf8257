"""Who may call which page: one table; what is not in it is nobody's."""

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.roles import OFFICERS, Role
from portal.sessions import Standing
from portal.views.request import SessionEndedError, duty, visit

ANYONE = frozenset(Standing)
_REPORTER = frozenset({Standing.REPORTER})
_AT_WORK = frozenset({Standing.AT_WORK})
_OFFICER = OFFICERS
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_ON_WATCH = frozenset({Role.ADMINISTRATOR, Role.CUSTODIAN})
_CUSTODIAN = frozenset({Role.CUSTODIAN})
_EVALUATOR = frozenset({Role.EVALUATOR})
_CLOSED = frozenset({Standing.SCREEN_CLOSED})
_HALFWAY = frozenset({Standing.AT_SECOND_FACTOR})

ACCESS: dict[str, frozenset[Standing] | frozenset[Role]] = {
    "static": ANYONE,
    "public.start": ANYONE,
    "public.guidance": ANYONE,
    "public.limits": ANYONE,
    "public.keys": ANYONE,
    "ledger.trail": ANYONE,
    "ledger.checkpoint": ANYONE,
    "ledger.leaves": ANYONE,
    "ledger.proof": ANYONE,
    "ledger.paper": ANYONE,
    "public.zone": ANYONE,
    "figures.show": ANYONE,
    "figures.sheet": ANYONE,
    "leaflet.reply": ANYONE,
    "leaflet.received": ANYONE,
    "public.mend": ANYONE,
    "public.count": ANYONE,
    "public.leave_quickly": ANYONE,
    "reporter.choose": ANYONE,
    "reporter.report": ANYONE,
    "reporter.remind": ANYONE,
    "reporter.note": ANYONE,
    "reporter.hold": ANYONE,
    "reporter.hold_match": ANYONE,
    "reporter.ask": ANYONE,
    "reporter.praise": ANYONE,
    "reporter.check_code": ANYONE,
    "reporter.show_code_again": ANYONE,
    "reporter.case": ANYONE,
    "reporter.open_case": ANYONE,
    "reporter.message": _REPORTER,
    "reporter.mine": _REPORTER,
    "reporter.keep": _REPORTER,
    "reporter.move_day": _REPORTER,
    "reporter.renew": _REPORTER,
    "reporter.give_slip": _REPORTER,
    "reporter.release": _REPORTER,
    "reporter.check_in": _REPORTER,
    "reporter.end": _REPORTER,
    "reporter.receipt": _REPORTER,
    "reporter.save_receipt": _REPORTER,
    "reporter.withdraw": _REPORTER,
    # Also for who pressed twice: it says how to find out what became of the report.
    "reporter.destroy": ANYONE,
    "reporter.objection": _REPORTER,
    "reporter.trouble": _REPORTER,
    "reporter.leave": _REPORTER,
    "officer.invite": ANYONE,
    "officer.paper": ANYONE,
    "officer.login": ANYONE,
    "officer.second_factor": _HALFWAY,
    "officer.calendar": ANYONE,
    "officer.close_screen": _AT_WORK,
    "officer.closed": _CLOSED,
    "officer.log_out": _AT_WORK | _CLOSED,
    "officer.account": _AT_WORK,
    "officer.notice": _OFFICER | {Role.CUSTODIAN},
    "officer.asked": _OFFICER | {Role.CUSTODIAN},
    "officer.change_passphrase": _AT_WORK,
    "officer.new_phone": _AT_WORK,
    "officer.phone": _AT_WORK,
    "officer.recovery_codes": _AT_WORK,
    "officer.cases": _OFFICER,
    "officer.find": _OFFICER,
    "officer.going": _OFFICER,
    "officer.reminders": _OFFICER,
    "officer.letter": _OFFICER,
    "officer.deliver": _OFFICER,
    "officer.decline": _OFFICER,
    "officer.entries": _OFFICER,
    "officer.entry": _OFFICER,
    "officer.answer_entry": _OFFICER,
    "officer.pass_on": _OFFICER,
    "officer.take_up_entry": _OFFICER,
    "officer.assign_entry": _OFFICER,
    "officer.recuse_entry": _OFFICER,
    "officer.keep": _OFFICER,
    "officer.new": _OFFICER,
    "officer.check_code": _OFFICER,
    "officer.show_code_again": _OFFICER,
    "officer.case": _OFFICER,
    "officer.message": _OFFICER,
    "officer.file": _OFFICER,
    "officer.file_preview": _OFFICER,
    "officer.file_picture": _OFFICER,
    "officer.file_download": _OFFICER,
    "officer.note": _OFFICER,
    "officer.triage": _OFFICER,
    "officer.status": _OFFICER,
    "officer.extend": _OFFICER,
    "administrator.people": _ADMINISTRATOR,
    "administrator.person": _ADMINISTRATOR,
    "administrator.invite": _ADMINISTRATOR,
    "administrator.invitation": _ADMINISTRATOR,
    "administrator.new_key": _ADMINISTRATOR,
    "administrator.retire": _ADMINISTRATOR,
    "administrator.administration": _ADMINISTRATOR,
    "administrator.first_day": _ADMINISTRATOR,
    "administrator.recovery": _ADMINISTRATOR,
    "administrator.settings": _ADMINISTRATOR,
    "administrator.staff": _ADMINISTRATOR,
    "administrator.slips": _ADMINISTRATOR,
    "administrator.clock": _ADMINISTRATOR,
    "administrator.void_slips": _ADMINISTRATOR,
    "administrator.evaluations": _OFFICER | _ON_WATCH,
    "administrator.evaluation": _ADMINISTRATOR,
    "administrator.finding": _ADMINISTRATOR,
    "administrator.plan_evaluation": _ADMINISTRATOR,
    "administrator.add_finding": _ADMINISTRATOR,
    "administrator.zone": _ADMINISTRATOR,
    "administrator.declaration": _ADMINISTRATOR,
    "administrator.statement": _ADMINISTRATOR,
    "administrator.area": _ADMINISTRATOR,
    "administrator.predicate": _ADMINISTRATOR,
    "administrator.pact": _ADMINISTRATOR,
    "administrator.figures": _ADMINISTRATOR,
    "administrator.improvement": _ADMINISTRATOR,
    "administrator.audit": _ON_WATCH,
    "administrator.export": _ON_WATCH,
    "evaluator.cases": _EVALUATOR,
    "evaluator.case": _EVALUATOR,
    "evaluator.process": _EVALUATOR,
    "custodian.cases": _CUSTODIAN,
    "custodian.case": _CUSTODIAN,
    "custodian.file": _CUSTODIAN,
    "custodian.file_preview": _CUSTODIAN,
    "custodian.file_picture": _CUSTODIAN,
    "custodian.file_download": _CUSTODIAN,
    "custodian.inform": _CUSTODIAN,
    "custodian.message": _CUSTODIAN,
    "custodian.assign": _CUSTODIAN,
    "custodian.confirm": _CUSTODIAN,
    "custodian.take_over": _CUSTODIAN,
    "custodian.give_back": _CUSTODIAN,
    "custodian.status": _CUSTODIAN,
    "custodian.shares": _CUSTODIAN,
    "custodian.figures": _CUSTODIAN,
    "custodian.round": _CUSTODIAN,
    "custodian.round_paper": _CUSTODIAN,
    "officer.assign": _OFFICER,
    "officer.recuse": _OFFICER,
    "officer.conflicts": _OFFICER,
    "officer.change_key": _OFFICER | {Role.CUSTODIAN},
    "officer.continue_key": _OFFICER | {Role.CUSTODIAN},
    "officer.drop_key": _OFFICER | {Role.CUSTODIAN},
    "officer.take_up": _OFFICER,
    "officer.hand_over": _OFFICER,
    "officer.continue_hand_over": _OFFICER,
    "officer.leave": _OFFICER,
}
"""Endpoint -> who may call it."""

SENSITIVE = frozenset(
    {"officer.change_passphrase", "officer.new_phone", "officer.recovery_codes"}
    | {"officer.change_key", "officer.hand_over"}
    | {"custodian.shares", "custodian.figures"}
    | {"administrator.invite", "administrator.invitation", "administrator.retire"}
    | {"administrator.administration", "administrator.export", "administrator.new_key"}
    | {"administrator.clock", "administrator.void_slips", "administrator.statement"}
)
"""Endpoints that change nothing without a fresh second factor in their form.

Each asks `confirmation.is_confirmed`; tests/promises/test_weighty_acts_are_confirmed.py
tries every one without a code, and with a wrong one.
"""

_FIRST_PAGES = {
    Role.OFFICER: "officer.cases",
    Role.OUTSIDE_OFFICER: "officer.cases",
    Role.CUSTODIAN: "custodian.cases",
    Role.ADMINISTRATOR: "administrator.people",
    Role.EVALUATOR: "evaluator.cases",
}
"""Where people at work begin; who has several roles, at the first of these."""


_AT_THE_OFFICE = frozenset({"officer", "custodian", "administrator", "evaluator"})


def install(app: Flask) -> None:
    """Check the table before every view."""
    app.before_request(_check)


def is_allowed() -> bool:
    """Tell whether who asks may call this page."""
    allowed = ACCESS.get(request.endpoint or "", frozenset())
    return allowed is ANYONE or not allowed.isdisjoint(_known_as())


def _known_as() -> frozenset[Standing | Role]:
    standing = visit().standing
    roles = duty().person.roles if standing is Standing.AT_WORK else frozenset()
    return roles | {standing}


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
    if (request.blueprint or "") not in _AT_THE_OFFICE:
        return url_for("reporter.case")
    if visit().standing is Standing.SCREEN_CLOSED:
        return url_for("officer.closed")
    known_as = _known_as()
    pages = (page for role, page in _FIRST_PAGES.items() if role in known_as)
    return url_for(next(pages, "officer.login"))
