"""Pages for everybody: start, guidance, limits, and the quick way out."""

from dataclasses import dataclass

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from portal.outside import OutsideBody
from portal.runtime import runtime
from portal.texts import Section
from portal.views.languages import language
from portal.views.request import end_visit
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


@bp.route("/")
def start() -> Response:
    """Show the ladder."""
    return page(
        "public/start.html",
        has_bodies=bool(runtime().outside_bodies),
        help_href=url_for("public.guidance") + "#outside",
    )


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


def _body_on_page(body: OutsideBody) -> BodyOnPage:
    contacts = tuple(contact for contact in (body.phone, body.web) if contact)
    return BodyOnPage(body.name[language()], body.purpose[language()], contacts)
