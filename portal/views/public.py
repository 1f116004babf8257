"""Pages for everybody: start, guidance, limits, keys, and the quick way out."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from portal.outside import OutsideBody
from portal.people import (
    CHANGES_SHOWN_DAYS,
    PersonState,
    PublicPerson,
    list_people,
    recent_changes,
)
from portal.runtime import runtime
from portal.texts import Section
from portal.views.languages import language
from portal.views.request import db, end_visit
from portal.views.response import leaving, page

bp = Blueprint("public", __name__)


@dataclass(frozen=True)
class SectionOnPage:
    """A section in the page's language."""

    key: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class BodyOnPage:
    """An outside body in the page's language; its contacts are never links."""

    name: str
    purpose: str
    contacts: tuple[str, ...]


@dataclass(frozen=True)
class OfficerOnPage:
    """An officer with the fingerprint of the key, in groups of four signs."""

    name: str
    facts: tuple[str, ...]
    """Position and unit, where they are known."""
    is_outside: bool
    added_on: dt.date
    groups: tuple[str, ...]


@bp.route("/")
def start() -> Response:
    """Show the ladder."""
    return page("public/start.html", help_href=_help_href())


@bp.route("/guidance")
def guidance() -> Response:
    """Show how to stay safe, and who else can help."""
    return page(
        "public/guidance.html",
        sections=sections_on_page(runtime().guidance),
        bodies=bodies_on_page(),
    )


@bp.route("/limits")
def limits() -> Response:
    """Show what the portal cannot promise."""
    return page("public/limits.html", sections=sections_on_page(runtime().limits))


@bp.route("/keys")
def keys() -> Response:
    """Show who the officers are, and the fingerprints of their keys."""
    people, today = list_people(db()), runtime().today()
    return page(
        "public/keys.html",
        officers=[
            _officer_on_page(person)
            for person in people
            if person.state is PersonState.ENROLLED
        ],
        changes=recent_changes(people, today),
        days=CHANGES_SHOWN_DAYS,
        today=today,
        address=runtime().settings.address + url_for("public.keys"),
        help_href=_help_href(),
    )


@bp.route("/exit")
def leave_quickly() -> Response:
    """End the session and lead to a neutral address.

    A link, not a form: the policy for forms would block the way out. The only
    page but for due work where a GET changes something.
    """
    end_visit()
    return leaving(redirect(runtime().settings.neutral_address, 303))  # type: ignore[arg-type]


def sections_on_page(sections: tuple[Section, ...]) -> list[SectionOnPage]:
    """Return *sections* in the page's language."""
    return [
        SectionOnPage(
            section.key, section.title[language()], section.paragraphs[language()]
        )
        for section in sections
    ]


def bodies_on_page() -> list[BodyOnPage]:
    """Return the outside bodies in the page's language."""
    return [_body_on_page(body) for body in runtime().outside_bodies]


def _help_href() -> str:
    """Return where help outside the agency stands; empty where none is known."""
    has_bodies = bool(runtime().outside_bodies)
    return url_for("public.guidance") + "#outside" if has_bodies else ""


def _officer_on_page(person: PublicPerson) -> OfficerOnPage:
    return OfficerOnPage(
        name=person.name,
        facts=tuple(filter(None, (person.position, person.unit))),
        is_outside=person.is_outside,
        added_on=person.added_on,
        groups=tuple(person.fingerprint.split("-")),
    )


def _body_on_page(body: OutsideBody) -> BodyOnPage:
    contacts = tuple(contact for contact in (body.phone, body.web) if contact)
    return BodyOnPage(body.name[language()], body.purpose[language()], contacts)
