"""The roster: officers that reporters can choose among, and custodians beside them.

Every page of the form asks for it: the query is put together once, and its rows
are values that no session keeps an eye on.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Base, KeyHandOver, Person


class ListedOfficer(NamedTuple):
    """An officer as reporters see one: who it is, and whom to seal to."""

    id: bytes
    name: str
    position: str
    unit: str
    is_outside: bool
    recipient: bytes
    added_on: dt.date


class ListedCustodian(NamedTuple):
    """A custodian as reporters see one: who it is, and whom to seal to."""

    id: bytes
    name: str
    position: str
    unit: str
    recipient: bytes
    added_on: dt.date
    is_heard: bool
    """Whether an officer has heard how the key ends; until then nothing is sealed to it."""

    @property
    def is_outside(self) -> bool:
        """Custodians are never of the agency."""
        return True


class Known(NamedTuple):
    """Somebody who is at work, or was."""

    id: bytes
    name: str
    added_on: dt.date


Staff = Mapping[str, ListedOfficer | ListedCustodian]
"""People at work by their ids in hex."""

NOT_BEGUN = bytes(16)
"""How far a colleague has come who has not compared the new fingerprint."""

_KEYS = Base.metadata.tables[KeyHandOver.__tablename__].c
_ROWS = Base.metadata.tables[Person.__tablename__].c
_HAS_KEY = _ROWS.recipient.is_not(None) & _ROWS.retired_on.is_(None)
_CAN_BE_SEALED_TO = _HAS_KEY & _ROWS.is_officer
_CAN_BE_CALLED = _HAS_KEY & _ROWS.is_custodian
_LISTED = (
    select(*(_ROWS[name] for name in ListedOfficer._fields))
    .where(_CAN_BE_SEALED_TO)
    .order_by(_ROWS.is_outside, _ROWS.login_name)
)
_LISTED_IDS = select(_ROWS.id).where(_CAN_BE_SEALED_TO)
_GIVERS = Base.metadata.tables[Person.__tablename__].alias()
_UNCOMPARED = (
    select(_KEYS.receiver_id)
    .join(_GIVERS, _GIVERS.c.id == _KEYS.giver_id)
    .where(_GIVERS.c.retired_on.is_(None))
    .group_by(_KEYS.receiver_id)
    .having(func.max(_KEYS.reached) == NOT_BEGUN)
)
_CUSTODIANS = (
    select(
        *(_ROWS[name] for name in ListedCustodian._fields[:-1]),
        _ROWS.id.not_in(_UNCOMPARED).label("is_heard"),
    )
    .where(_CAN_BE_CALLED)
    .order_by(_ROWS.login_name)
)
_HOLDERS = select(_ROWS.id, _ROWS.recipient).where(_CAN_BE_SEALED_TO | _CAN_BE_CALLED)
_CUSTODIAN_IDS = select(_ROWS.id).where(_CAN_BE_CALLED)


def list_officers(session: Session) -> tuple[ListedOfficer, ...]:
    """Return the officers that can be sealed to: enrolled and not retired, by name."""
    return tuple(map(ListedOfficer._make, session.connection().execute(_LISTED)))


def listed_ids(session: Session) -> frozenset[bytes]:
    """Return who can be sealed to at this moment, by id alone."""
    return frozenset(session.connection().scalars(_LISTED_IDS))


def list_custodians(session: Session) -> tuple[ListedCustodian, ...]:
    """Return the custodians that can be sealed to: enrolled and not retired, by name."""
    return tuple(map(ListedCustodian._make, session.connection().execute(_CUSTODIANS)))


def holder_keys(session: Session) -> Mapping[bytes, bytes]:
    """Return whom and what can be sealed to at this moment: recipients by id."""
    return {row.id: row.recipient for row in session.connection().execute(_HOLDERS)}


def custodian_ids(session: Session) -> frozenset[bytes]:
    """Return which custodians can be sealed to at this moment, by id alone."""
    return frozenset(session.connection().scalars(_CUSTODIAN_IDS))


def find_uncompared(session: Session) -> frozenset[bytes]:
    """Return who has a new key of which no colleague has heard the fingerprint yet.

    Whoever held the one-time link may have made it: no case of before goes to it.
    Where no colleague of then is at work any more, nobody could compare.
    """
    return frozenset(session.connection().scalars(_UNCOMPARED))


def find_names(session: Session, ids: Iterable[str]) -> tuple[str, ...]:
    """Return how people are called, also those who left; *ids* in hex."""
    wanted = [bytes.fromhex(one) for one in ids]
    names = select(_ROWS.name).where(_ROWS.id.in_(wanted))
    return tuple(session.connection().scalars(names))


def find_people(session: Session, ids: Iterable[str]) -> tuple[Known, ...]:
    """Return who people are, also those who left; *ids* in hex."""
    wanted = [bytes.fromhex(one) for one in ids]
    people = select(*(_ROWS[name] for name in Known._fields))
    rows = session.connection().execute(people.where(_ROWS.id.in_(wanted)))
    return tuple(map(Known._make, rows))
