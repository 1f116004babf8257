"""Coming back with a key on paper; and a custodian's own shares, to come back with."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import Identity
from portal import enrolments, invitations
from portal.errors import NoSuchInvitationError, OtherKeyError
from portal.forms import ConfirmedForm, PaperKeyForm
from portal.recovery import own_shares
from portal.runtime import runtime
from portal.sessions import Standing, Visit
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.request import begin_visit, db, duty
from portal.views.response import private_page

_SECONDS = 900


@dataclass(frozen=True)
class PaperOnPage:
    """One paper to be written down or printed."""

    title: str
    words: list[str]


@bp.route("/invite/<token>/paper", methods=["GET", "POST"])
def paper(token: str) -> Response:
    """Take a key on paper, and a new passphrase for it; then connect a phone."""
    person = invitations.find_invited(db(), token, runtime().today())
    if person.recipient is None:
        raise NoSuchInvitationError
    form = PaperKeyForm(obj=person)
    if request.method == "GET" or not form.validate():
        return _page(form, token)
    passphrase, gate = form.passphrase.data, runtime().gate
    try:
        begun = enrolments.begin_return(
            person, form.identity(), passphrase, gate, runtime().instance
        )
    except OtherKeyError:
        form.refuse("paper", _("These words are not the key of this account."))
        return _page(form, token)
    ends_at = runtime().timestamp() + _SECONDS
    begin_visit(Visit(Standing.INVITED, ends_at, enrolment=begun.encode()))
    return redirect(url_for("officer.invite", token=token), 303)


@bp.route("/own-shares", methods=["GET", "POST"], endpoint="own_shares")
def show_own_shares() -> Response:
    """Show a custodian new shares of the own key, this once."""
    form = ConfirmedForm()
    if request.method == "POST" and is_confirmed(form):
        return shares_page(duty().identity)
    return private_page(
        "officer/own_shares.html",
        http=422 if form.has_errors else 200,
        form=form,
        action=url_for("officer.own_shares"),
    )


def shares_page(identity: Identity) -> Response:
    """Render shares of a custodian's key; nothing of them is kept."""
    shares = own_shares(identity)
    return private_page(
        "officer/shares.html",
        papers=[
            PaperOnPage(
                _("Paper %(number)d of %(count)d", number=number, count=len(shares)),
                share.split(),
            )
            for number, share in enumerate(shares, 1)
        ],
    )


def _page(form: PaperKeyForm, token: str) -> Response:
    return private_page(
        "officer/paper.html",
        http=422 if form.has_errors else 200,
        form=form,
        action=url_for("officer.paper", token=token),
        back=url_for("officer.invite", token=token),
    )
