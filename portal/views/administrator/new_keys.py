"""A new key for who lost passphrase or phone: a one-time link, shown once."""

from flask import redirect, request
from werkzeug.wrappers import Response

from portal import invitations
from portal.errors import NotEnrolledError, RetiredBeforeError
from portal.forms import ChangeForm, ConfirmedForm
from portal.people import PublicPerson
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp, find_person
from portal.views.administrator.invitations import show_link
from portal.views.administrator.people import person_on_page
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import private_page


@bp.route("/people/<person_id>/new-key", methods=["GET", "POST"])
def new_key(person_id: str) -> Response:
    """Say what a new key brings and what it does not, then offer or withdraw it."""
    found, form = find_person(person_id), ChangeForm()
    if request.method == "POST" and form.validate() and is_confirmed(form):
        try:
            return _change(form, found)
        except (RetiredBeforeError, NotEnrolledError):
            sentence = _("This person is not at work here.")
            form.refuse("one_time_code", sentence)
    return _page(form, found)


def _change(form: ChangeForm, found: PublicPerson) -> Response:
    name, today, me = found.name, runtime().today(), duty().person
    if form.act.data == "offer":
        token = invitations.invite_again(db(), name, today=today, by=me)
        return show_link(name, token)
    if form.act.data == "withdraw":
        invitations.withdraw_key(db(), name, today=today, by=me)
    return redirect(person_on_page(found).href, 303)


def _page(form: ConfirmedForm, found: PublicPerson) -> Response:
    return private_page(
        "administrator/new_key.html",
        http=422 if form.has_errors else 200,
        form=form,
        person=person_on_page(found),
    )
