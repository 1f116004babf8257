"""The sheet for the first day: printed, ticked, signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, url_for

from portal.people import PersonState, PublicPerson, list_people
from portal.roles import Role
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp
from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.response import page
from portal.views.words import word


@dataclass(frozen=True)
class Seat:
    """Somebody in the round: who compares what this person reads aloud."""

    name: str
    roles: tuple[str, ...]
    has_enrolled: bool
    compared_by: str


@bp.get("/first-day")
def first_day() -> Response:
    """Show who sits where, who reads aloud to whom, and what to tick."""
    here = (PersonState.ENROLLED, PersonState.INVITED)
    everybody = [one for one in list_people(db()) if one.state in here]
    round_ = [person for person in everybody if person.is_recipient]
    return page(
        "administrator/first_day.html",
        seats=_seats(round_),
        others=_seats([one for one in everybody if not one.is_recipient]),
        is_alone=len(round_) == 1,
        address=runtime().settings.address + url_for("public.keys"),
        today=runtime().today(),
    )


def _seats(people: Sequence[PublicPerson]) -> list[Seat]:
    """Seat people in a round: each reads aloud, and the next one compares."""
    following = (*people[1:], *people[:1])
    return [
        Seat(
            name=person.name,
            roles=tuple(word(role) for role in Role if role in person.roles),
            has_enrolled=person.state is PersonState.ENROLLED,
            compared_by=next_one.name if next_one is not person else _("somebody else"),
        )
        for person, next_one in zip(people, following, strict=True)
    ]
