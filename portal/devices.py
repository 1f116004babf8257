"""Browsers that somebody has logged in with: failures of strangers do not stop them.

A device is no factor: it opens nothing. Its holder has a bucket and a place in line
for the one name it belongs to, and is a stranger for every other.
"""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import Cookie
from portal.database import transaction
from portal.models import Device, Person

DEVICE_DAYS = 180
MOST_DEVICES = 5
"""Of one person; the newest stay."""


def is_known(session: Session, cookie: Cookie, login_name: str, today: dt.date) -> bool:
    """Tell whether the person of that folded name logged in with this browser."""
    found = (
        select(Device.id)
        .join(Person, Person.id == Device.person_id)
        .where(
            Device.id == cookie.session_id(),
            Device.since > _last_forgotten(today),
            Person.login_name == login_name,
            Person.retired_on.is_(None),
        )
    )
    return session.scalar(found) is not None


def remember(session: Session, person: Person, old: Cookie, today: dt.date) -> Cookie:
    """Know the browser with *old* under a new cookie; a copy of the old is worth nothing."""
    cookie = Cookie.generate()
    mine = Device.person_id == person.id
    too_many = (
        select(Device.id)
        .where(mine)
        .order_by(Device.since.desc(), Device.id)
        .offset(MOST_DEVICES - 1)
    )
    with transaction(session):
        session.execute(delete(Device).where(mine, Device.id == old.session_id()))
        ids = session.scalars(too_many).all()
        session.execute(delete(Device).where(Device.id.in_(ids)))
        session.add(Device(id=cookie.session_id(), person_id=person.id, since=today))
    return cookie


def forget_all(session: Session, person_id: bytes) -> None:
    """Know no browser of a person any more; call it inside a transaction."""
    session.execute(delete(Device).where(Device.person_id == person_id))


def sweep(session: Session, today: dt.date) -> None:
    """Delete what was not used for so long; call it inside a transaction."""
    session.execute(delete(Device).where(Device.since <= _last_forgotten(today)))


def _last_forgotten(today: dt.date) -> dt.date:
    return today - dt.timedelta(days=DEVICE_DAYS)
