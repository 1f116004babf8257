"""Answering a leaflet: by the code on the sheet, without a name and without a session."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import MistypedError, ReplyCode, TooLongError
from portal import leaflets
from portal.errors import (
    NoSuchLeafletError,
    NotAdmittedError,
    StoreUnavailableError,
    TooManyRepliesError,
)
from portal.forms import ReplyForm, too_long
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.request import admit, db, form_is_stale, refuses_itself
from portal.views.response import page, private_page

bp = Blueprint("leaflet", __name__)


@bp.route("/reply", methods=["GET", "POST"])
@refuses_itself
def reply() -> Response:
    """Keep an answer to a leaflet for the officers who passed it on."""
    if request.method == "GET":
        return page(
            "leaflet/reply.html", form=ReplyForm(formdata=None), action=_action()
        )
    form = ReplyForm()
    http = _keep(form)
    if http == 303:
        return redirect(url_for("leaflet.received"), 303)
    return private_page("leaflet/reply.html", http=http, form=form, action=_action())


@bp.route("/reply/received")
def received() -> Response:
    """Say that an answer was kept."""
    return page("leaflet/received.html")


def _keep(form: ReplyForm) -> int:
    """Keep what the form holds; return how the page answers."""
    code = _code(form)
    if code is None:
        return 422
    try:
        admit("reply")
        leaflets.reply(
            *(db(), code, form.text.data),
            instance=runtime().instance,
            today=runtime().today(),
        )
    except (NotAdmittedError, StoreUnavailableError):
        sentence = _("It cannot be stored at the moment. Wait a minute, press again.")
        form.refuse("text", sentence)
        return 503
    except (NoSuchLeafletError, TooManyRepliesError, TooLongError) as error:
        _refuse(form, error)
        return 422
    return 303


def _code(form: ReplyForm) -> ReplyCode | None:
    """Return the code; None: the form says at a field what is wrong."""
    is_valid = form.validate()
    if form_is_stale():
        form.refuse("text", _("This page was open too long. Please press once more."))
        return None
    try:
        code = ReplyCode.parse(form.code.data)
    except MistypedError:
        if not form.code.errors:
            form.refuse("code", _mistyped())
        return None
    return code if is_valid else None


def _refuse(form: ReplyForm, error: Exception) -> None:
    if isinstance(error, TooLongError):
        form.refuse("text", too_long(error.excess))
    elif isinstance(error, TooManyRepliesError):
        form.refuse("code", _("This sheet was answered as often as it can be."))
    else:
        form.refuse(
            "code",
            _("This code opens nothing. Perhaps the last day on the sheet has passed."),
        )


def _mistyped() -> str:
    return _(
        "Something is mistyped: no such code can exist. Check group by group; O counts "
        "as 0, I and L as 1."
    )


def _action() -> str:
    return url_for("leaflet.reply")
