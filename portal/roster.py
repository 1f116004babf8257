"""The roster: the officers that reporters can choose among.

Every page of the form asks for it: the query is put together once, and its rows
are values that no session keeps an eye on.
"""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Base, Person


class ListedOfficer(NamedTuple):
    """An officer as reporters see one: who it is, and whom to seal to."""

    id: bytes
    name: str
    position: str
    unit: str
    is_outside: bool
    recipient: bytes


_ROWS = Base.metadata.tables[Person.__tablename__].c
_CAN_BE_SEALED_TO = (
    _ROWS.is_officer & _ROWS.recipient.is_not(None) & _ROWS.retired_on.is_(None)
)
_LISTED = (
    select(*(_ROWS[name] for name in ListedOfficer._fields))
    .where(_CAN_BE_SEALED_TO)
    .order_by(_ROWS.is_outside, _ROWS.login_name)
)
_LISTED_IDS = select(_ROWS.id).where(_CAN_BE_SEALED_TO)


def list_officers(session: Session) -> tuple[ListedOfficer, ...]:
    """Return the officers that can be sealed to: enrolled and not retired, by name."""
    return tuple(map(ListedOfficer._make, session.connection().execute(_LISTED)))


def listed_ids(session: Session) -> frozenset[bytes]:
    """Return who can be sealed to at this moment, by id alone."""
    return frozenset(session.connection().scalars(_LISTED_IDS))
