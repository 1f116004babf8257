"""Where people at work can go: one list of links, by role."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for

from portal.cases import Duty
from portal.roles import OFFICERS, Role
from portal.views.languages import gettext


def _l(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is shown."""
    return text


PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("officer.cases", _l("Cases"), OFFICERS),
    ("officer.new", _l("New report"), OFFICERS),
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
    app.context_processor(lambda: {"places": _places(g.get("duty"))})


def _places(duty: Duty | None) -> list[Place]:
    roles = duty.person.roles if duty else frozenset()
    return [
        Place(url_for(endpoint), gettext(label), request.endpoint == endpoint)
        for endpoint, label, who in PLACES
        if who & roles
    ]
