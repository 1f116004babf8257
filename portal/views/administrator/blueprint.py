"""The administrators' blueprint, and what the pages of one person begin with."""

import re

from flask import Blueprint, Response, request, url_for

from portal.errors import NoSuchPersonError, NotAdministratorError
from portal.people import PublicPerson, find_by_id
from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.response import Link, page

bp = Blueprint("administrator", __name__, url_prefix="/admin")

_ID = re.compile("[0-9a-f]{32}")


def find_person(person_id: str) -> PublicPerson:
    """Return whom an address names.

    Raises:
        NoSuchPersonError: nobody, however the address came about.
    """
    if not _ID.fullmatch(person_id):
        raise NoSuchPersonError
    return find_by_id(db(), bytes.fromhex(person_id))


@bp.errorhandler(NoSuchPersonError)
def nobody(_error: NoSuchPersonError) -> Response:
    """Say that nobody is there."""
    return refusal(404, _("There is nobody like that."), _("Nothing was changed."))


@bp.errorhandler(NotAdministratorError)
def no_administrator(_error: NotAdministratorError) -> Response:
    """Say to who was let in as an administrator that he is none any more."""
    return refusal(
        403,
        _("You are no administrator any more."),
        _("Another administrator changed that just now. Nothing was changed by you."),
    )


def refusal(
    http: int, title: str, sentence: str, endpoint: str = "", label: str = ""
) -> Response:
    """Return a page that says why not, with a link to *endpoint*; else to the people."""
    link = Link(
        url_for(endpoint or "administrator.people"), label or _("To the list of people")
    )
    return page(
        "public/error.html",
        http=http,
        title=title,
        sentences=[sentence],
        links=[link],
        draft=[],
        carried=[],
        action=request.path,
        reopen=None,
    )
