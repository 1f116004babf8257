"""Who works here: listed, let go, and given or taken the administrators' role."""

import datetime as dt
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import administrators, people
from portal.errors import (
    ChangedBeforeError,
    EvaluatorAloneError,
    LastAdministratorError,
    LastOfficerError,
    NoOtherRoleError,
    OfficerError,
    RetiredBeforeError,
)
from portal.forms import ChangeForm, ConfirmedForm, evaluator_alone
from portal.people import PersonState, PublicPerson, list_people
from portal.roles import OFFICERS, Role
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp, find_person
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import page
from portal.views.words import word


@dataclass(frozen=True)
class PersonOnPage:
    """Somebody with all that is to be seen and done."""

    name: str
    facts: tuple[str, ...]
    """Position and unit, where they are known."""
    roles: tuple[str, ...]
    state: str
    day: dt.date
    """Of the state."""
    until: dt.date | None
    """The last day of an invitation that is open."""
    admitted_until: dt.date | None
    """The last day on which an evaluator is let in."""
    is_over: bool
    """Invited, and the invitation is too old."""
    fingerprint: str
    key_since: dt.date | None
    href: str
    invitation: str | None
    """Where each act leads; None: there is nothing of the kind to do."""
    retire: str | None
    new_key: str | None
    administration: str | None
    is_me: bool


@bp.get("/", endpoint="people")
def list_() -> Response:
    """Show everybody there is and was."""
    everybody = [person_on_page(person) for person in list_people(db())]
    return page(
        "administrator/people.html",
        at_work=[one for one in everybody if one.retire],
        invited=[one for one in everybody if one.invitation],
        gone=[one for one in everybody if not (one.retire or one.invitation)],
    )


@bp.get("/people/<person_id>")
def person(person_id: str) -> Response:
    """Show one person, and what can be done."""
    found = find_person(person_id)
    return page("administrator/person.html", person=person_on_page(found))


@bp.route("/people/<person_id>/retire", methods=["GET", "POST"])
def retire(person_id: str) -> Response:
    """Ask once more, then let somebody leave."""
    leaving, form = find_person(person_id), ConfirmedForm()
    if request.method == "POST" and is_confirmed(form):
        try:
            people.retire(db(), leaving.name, runtime().today(), by=duty().person)
        except (RetiredBeforeError, LastOfficerError, LastAdministratorError) as error:
            form.refuse("one_time_code", why_not(error))
        else:
            return redirect(url_for("administrator.people"), 303)
    return page(
        "administrator/retire.html",
        http=422 if form.has_errors else 200,
        form=form,
        person=person_on_page(leaving),
        is_officer=bool(leaving.roles & OFFICERS),
    )


@bp.route("/people/<person_id>/administration", methods=["GET", "POST"])
def administration(person_id: str) -> Response:
    """Ask once more, then give or take the administrators' role."""
    found, form = find_person(person_id), ChangeForm()
    if request.method == "POST" and form.validate() and is_confirmed(form):
        change = _CHANGES.get(form.act.data or "")
        try:
            if change:
                change(db(), found.id, duty().person, runtime().today())
        except _REFUSALS as error:
            form.refuse("one_time_code", why_not(error))
        else:
            return redirect(person_on_page(found).href, 303)
    return page(
        "administrator/administration.html",
        http=422 if form.has_errors else 200,
        form=form,
        person=person_on_page(found),
        is_administrator=Role.ADMINISTRATOR in found.roles,
        is_officer=bool(found.roles & OFFICERS),
    )


_REFUSALS = (
    *(ChangedBeforeError, NoOtherRoleError, LastAdministratorError),
    EvaluatorAloneError,
)
_CHANGES = {
    "give": administrators.give_administration,
    "take": administrators.take_administration,
}


def why_not(error: OfficerError) -> str:
    """Return the sentence for an act among people that was refused."""
    reasons = {
        RetiredBeforeError: _("Somebody was faster: this was done already."),
        ChangedBeforeError: _("Somebody was faster: this was done already."),
        EvaluatorAloneError: evaluator_alone(),
        NoOtherRoleError: _(
            "This person is nothing but an administrator. Let the person retire instead."
        ),
        LastOfficerError: _(
            "This is the last officer: nobody would be left to report to. "
            "Invite another one first; once that one has enrolled, try again."
        ),
        LastAdministratorError: _(
            "This is the last administrator. Invite another one first, here or with "
            "lurus people invite NAME --administrator; once that one has enrolled, "
            "try again."
        ),
    }
    return reasons[type(error)]


def person_on_page(person: PublicPerson) -> PersonOnPage:
    """Return a person as the pages show one."""
    state, today = person.state, runtime().today()
    until = person.invited_until
    is_here, is_invited = state is PersonState.ENROLLED, state is PersonState.INVITED
    return PersonOnPage(
        name=person.name,
        facts=tuple(filter(None, (person.position, person.unit))),
        roles=tuple(word(role) for role in Role if role in person.roles),
        state=word(state),
        day=person.retired_on or person.added_on,
        until=until if until and until >= today else None,
        admitted_until=person.admitted_until,
        is_over=is_invited and (until is None or until < today),
        fingerprint=person.fingerprint,
        key_since=person.key_since,
        href=_address("person", person),
        invitation=_address("invitation", person) if is_invited else None,
        retire=_address("retire", person) if is_here else None,
        new_key=_address("new_key", person) if is_here else None,
        administration=_administration(person) if is_here else None,
        is_me=person.id == duty().person.id,
    )


def _administration(person: PublicPerson) -> str | None:
    """Return where the role is given or taken; None: who evaluates is nothing else."""
    is_apart = Role.EVALUATOR in person.roles
    return None if is_apart else _address("administration", person)


def _address(view: str, person: PublicPerson) -> str:
    return url_for(f"administrator.{view}", person_id=person.id.hex())
