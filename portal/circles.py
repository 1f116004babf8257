"""Whom a reminder goes to: the one who is meant, and five more by chance.

All six are drawn from the whole staff list, and not from the unit of who is meant: a
choice that depended on that person would tell of that person. Nobody who works with the
portal is among them: an officer shall not carry a sheet to a colleague who may not read
the request, and could not be shut out of it without a sign.
"""

import secrets
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import reading
from portal.errors import SubjectAtWorkError, TooFewPeopleError
from portal.ladder import LEAFLETS
from portal.models import Base, StaffMember
from portal.reminders import Addressee, ReminderWay
from portal.reports import is_same_name
from portal.roster import list_custodians, list_officers
from portal.staff import Member

_ROWS = Base.metadata.tables[StaffMember.__tablename__].c
_CHANCE: Final = secrets.SystemRandom()


def draw_people(
    session: Session, subject: Member, way: ReminderWay
) -> tuple[Addressee, ...]:
    """Return who gets the leaflet, in an order that says nothing.

    Raises:
        SubjectAtWorkError: an officer or custodian is called like *subject*.
        TooFewPeopleError: the list has not enough others to draw from.
    """
    with reading(session):
        at_work = [one.name for one in list_officers(session)]
        at_work += [one.name for one in list_custodians(session)]
        meant = Addressee(subject.name, subject.position, subject.unit)
        if _is_any(meant.name, at_work):
            raise SubjectAtWorkError
        if way is ReminderWay.PERSONAL:
            return (meant,)
        others = select(_ROWS.name, _ROWS.position, _ROWS.unit)
        rows = session.connection().execute(
            others.where(_ROWS.number != subject.number)
        )
        people = [meant, *_draw_others([Addressee(*row) for row in rows], at_work)]
    _CHANCE.shuffle(people)
    return tuple(people)


def _draw_others(listed: list[Addressee], at_work: list[str]) -> list[Addressee]:
    """Draw five; judged one by one, for a list may be long."""
    _CHANCE.shuffle(listed)
    free = (one for one in listed if not _is_any(one.name, at_work))
    drawn = [one for one, _ in zip(free, range(LEAFLETS - 1), strict=False)]
    if len(drawn) < LEAFLETS - 1:
        raise TooFewPeopleError
    return drawn


def _is_any(name: str, others: Iterable[str]) -> bool:
    return any(is_same_name(name, other) for other in others)
