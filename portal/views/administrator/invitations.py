"""Inviting: a one-time link, shown once to who hands it over."""

import datetime as dt
from dataclasses import dataclass

import segno
from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import invitations
from portal.errors import (
    InvitedBeforeError,
    NameTakenError,
    NoSuchPersonError,
    OfficerAndCustodianError,
    TooManyOfficersError,
)
from portal.forms import ChangeForm, InviteForm, officer_and_custodian
from portal.invitations import INVITATION_DAYS
from portal.roles import Role
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp, find_person
from portal.views.administrator.people import person_on_page
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.request import db, duty, form_is_stale, refuses_itself
from portal.views.response import private_page
from portal.views.words import word


@dataclass(frozen=True)
class RoleOnPage:
    """A role that can be ticked, and what it means."""

    value: str
    label: str
    about: str
    is_ticked: bool


@bp.route("/invite", methods=["GET", "POST"])
@refuses_itself
def invite() -> Response:
    """Ask whom to invite; show the link once."""
    form = InviteForm(runtime().today())
    is_sent = request.method == "POST"
    if is_sent and form.validate() and not form_is_stale() and is_confirmed(form):
        token = _token_for(form)
        if token:
            return show_link(form.person_name.data or "", token)
    return private_page(
        "administrator/invite.html",
        http=422 if is_sent else 200,
        form=form,
        roles=_roles(form),
        is_stale=form_is_stale(),
    )


@bp.route("/people/<person_id>/invitation", methods=["GET", "POST"])
def invitation(person_id: str) -> Response:
    """Renew an invitation, or withdraw it."""
    found, form = find_person(person_id), ChangeForm()
    me, today = duty().person, runtime().today()
    if request.method == "POST" and form.validate() and is_confirmed(form):
        try:
            if form.act.data == "renew":
                token = invitations.renew(db(), found.id, today, by=me)
                return show_link(found.name, token)
            if form.act.data == "withdraw":
                invitations.withdraw(db(), found.id, today, by=me)
            return redirect(url_for("administrator.people"), 303)
        except NoSuchPersonError:
            form.refuse("one_time_code", _too_late())
    return private_page(
        "administrator/invitation.html",
        http=422 if form.has_errors else 200,
        form=form,
        person=person_on_page(found),
    )


def show_link(name: str, token: str) -> Response:
    """Show a link; it is kept nowhere, so this is the only page that has it."""
    path = url_for("officer.invite", token=token)
    last_day = runtime().today() + dt.timedelta(days=INVITATION_DAYS)
    link = runtime().settings.address + path
    return private_page(
        "administrator/invited.html",
        name=name,
        link=link,
        qr=_qr(link),
        last_day=last_day,
        days=INVITATION_DAYS,
    )


def _token_for(form: InviteForm) -> str | None:
    """Invite who stands in the form; None: refused, and the form says why."""
    name = form.person_name.data or ""
    try:
        return invitations.invite(
            db(),
            name,
            position=form.person_position.data or "",
            unit=form.person_unit.data or "",
            roles=form.chosen,
            today=runtime().today(),
            by=duty().person,
            until=form.until,
        )
    except InvitedBeforeError:
        form.refuse("person_name", _too_late())
    except NameTakenError:
        sentence = _("An officer of this name exists. Add something to it.")
        form.refuse("person_name", sentence)
    except OfficerAndCustodianError:
        form.refuse("roles", officer_and_custodian())
    except TooManyOfficersError:
        sentence = _("There are as many officers as can be. Let one retire first.")
        form.refuse("roles", sentence)
    return None


def _too_late() -> str:
    return _(
        "This name was invited before, or the invitation is over. "
        "Look at the list of people, and renew it there."
    )


def _qr(link: str) -> Markup:
    """Draw the link, so that it comes to the person's own device without a message."""
    drawn = segno.make(link, error="m").svg_inline(scale=4, border=2)
    # Drawn from a setting and a token: nothing typed stands in it.
    return Markup(drawn)  # noqa: S704  # nosec B704


def _roles(form: InviteForm) -> list[RoleOnPage]:
    about = {
        Role.OFFICER: _("Reads and answers what reporters leave ticked."),
        Role.OUTSIDE_OFFICER: _("Likewise, and works in another agency."),
        Role.CUSTODIAN: _(
            "From outside; called when a day is missed or a reporter asks."
        ),
        Role.ADMINISTRATOR: _("Keeps people, settings and record; opens no case."),
        Role.EVALUATOR: _("Sees sample cases and facts of the process, until a day."),
    }
    return [
        RoleOnPage(role.value, word(role), about[role], role in form.chosen)
        for role in Role
    ]
