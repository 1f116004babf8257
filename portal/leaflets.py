"""Leaflets that were passed on, and what is answered to them.

Nothing here leads to a request or to its writer: a leaflet is a locator that follows
from its reply code and a last day; an answer is locked under the code. Officers find
the code in the sealed request. The rows go on their last day by themselves, also where
the request was destroyed before: the portal cannot tell which belonged to it.
"""

import datetime as dt
import secrets
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crypto import BrokenError, InstanceId, NotYoursError, ReplyCode
from portal.database import reading, transaction
from portal.errors import NoSuchLeafletError, TooManyRepliesError
from portal.models import Leaflet, Reply

MOST_REPLIES = 20
"""To one leaflet: six people, and some who write twice."""

_ID_SIZE = 16


@dataclass(frozen=True)
class Answer:
    """What somebody answered."""

    written_on: dt.date
    text: str | None
    """None: it is damaged."""


def open_door(
    session: Session, code: ReplyCode, instance: InstanceId, ends_on: dt.date
) -> None:
    """Let a leaflet be answered up to *ends_on*; call it inside a transaction."""
    session.add(Leaflet(locator=code.locator(instance), ends_on=ends_on))


def reply(
    session: Session,
    code: ReplyCode,
    text: str,
    *,
    instance: InstanceId,
    today: dt.date,
) -> None:
    """Keep an answer for the officers who have the code.

    Raises:
        NoSuchLeafletError: no such code, or its last day has passed: the same.
        TooManyRepliesError: it was answered too often.
        TooLongError: with the bytes that are too many.
        StoreUnavailableError: nothing was stored.
    """
    reply_id = secrets.token_bytes(_ID_SIZE)
    envelope = code.lock(text.encode(), instance, reply_id=reply_id)
    locator = code.locator(instance)
    with transaction(session):
        leaflet = session.get(Leaflet, locator, populate_existing=True)
        if leaflet is None or leaflet.ends_on < today:
            raise NoSuchLeafletError
        given = select(func.count()).where(Reply.locator == locator)
        if session.scalars(given).one() >= MOST_REPLIES:
            raise TooManyRepliesError
        session.add(
            Reply(id=reply_id, locator=locator, written_on=today, envelope=envelope)
        )


def read_replies(
    session: Session, code: ReplyCode, instance: InstanceId
) -> tuple[Answer, ...]:
    """Open what was answered under *code*, the oldest day first."""
    of_it = select(Reply).where(Reply.locator == code.locator(instance))
    with reading(session):
        rows = session.scalars(of_it.order_by(Reply.written_on, Reply.id)).all()
    return tuple(Answer(row.written_on, _open(row, code, instance)) for row in rows)


def _open(row: Reply, code: ReplyCode, instance: InstanceId) -> str | None:
    with suppress(NotYoursError, BrokenError, UnicodeDecodeError):
        return code.unlock(row.envelope, instance, reply_id=row.id).decode()
    return None


def purge(session: Session, now: dt.datetime) -> bool:
    """Delete leaflets whose last day has passed, with their answers; that is all."""
    over = select(Leaflet.locator).where(Leaflet.ends_on < now.date())
    session.execute(delete(Reply).where(Reply.locator.in_(over)))
    session.execute(delete(Leaflet).where(Leaflet.ends_on < now.date()))
    return True
