"""Where people at work can go: one list of links, by role."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for

from portal.cases import Duty
from portal.clock_guard import ClockJump
from portal.roles import OFFICERS, Role
from portal.runtime import runtime
from portal.views.languages import gettext
from portal.views.request import db


def _l(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is shown."""
    return text


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_EVALUATOR = frozenset({Role.EVALUATOR})

PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("officer.cases", _l("Cases"), OFFICERS),
    ("officer.entries", _l("Questions and requests"), OFFICERS),
    ("officer.new", _l("New report"), OFFICERS),
    ("custodian.cases", _l("Cases put before you"), frozenset({Role.CUSTODIAN})),
    ("custodian.round", _l("Round"), frozenset({Role.CUSTODIAN})),
    ("custodian.figures", _l("Figures"), frozenset({Role.CUSTODIAN})),
    ("officer.conflicts", _l("Conflicts"), OFFICERS),
    ("administrator.people", _l("People"), _ADMINISTRATOR),
    ("administrator.audit", _l("Record"), _ADMINISTRATOR | {Role.CUSTODIAN}),
    (
        "administrator.evaluations",
        _l("Evaluations"),
        OFFICERS | {Role.CUSTODIAN, Role.ADMINISTRATOR},
    ),
    ("administrator.staff", _l("Staff list"), _ADMINISTRATOR),
    ("administrator.slips", _l("Slips"), _ADMINISTRATOR),
    ("administrator.zone", _l("Integrity Zone"), _ADMINISTRATOR),
    ("administrator.figures", _l("What changed"), _ADMINISTRATOR),
    ("administrator.recovery", _l("Recovery"), _ADMINISTRATOR),
    ("administrator.settings", _l("Settings"), _ADMINISTRATOR),
    ("custodian.shares", _l("My key on paper"), frozenset({Role.CUSTODIAN})),
    ("evaluator.cases", _l("Sample cases"), _EVALUATOR),
    ("evaluator.process", _l("Process"), _EVALUATOR),
    ("officer.account", _l("My account"), frozenset(Role)),
)
"""Endpoint, label, and for whom; in the order of the bar."""


@dataclass(frozen=True)
class Place:
    """One link of the bar."""

    href: str
    label: str
    is_here: bool


def install(app: Flask) -> None:
    """Give every page of people at work its links."""
    app.context_processor(_for_pages)


def _for_pages() -> dict[str, object]:
    duty = g.get("duty")
    has_codes = duty is None or duty.person.locked_recovery_codes is not None
    is_there = request.endpoint == "officer.account"
    return {
        "places": _places(duty),
        "lacks_recovery_codes": not (has_codes or is_there),
        "is_evaluator": duty is not None and duty.person.is_evaluator,
        "clock_waits": _is_administrator(duty) and clock_jump() is not None,
    }


def clock_jump() -> ClockJump | None:
    """Return how far the clock has jumped; None: it is believed."""
    guard = runtime().settings.clock_guard
    return guard.find_jump(db(), runtime().today()) if guard else None


def _is_administrator(duty: Duty | None) -> bool:
    return duty is not None and Role.ADMINISTRATOR in duty.person.roles


def _places(duty: Duty | None) -> list[Place]:
    roles = duty.person.roles if duty else frozenset()
    return [
        Place(url_for(endpoint), gettext(label), request.endpoint == endpoint)
        for endpoint, label, who in PLACES
        if who & roles
    ]
