"""Sessions: what a browser is known for, for a while, locked under its cookie.

A row holds no time; it ages by being passed by sweeps. The true end stands in
the locked visit. Database alone or cookie alone opens nothing.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from crypto import BrokenError, Cookie, Identity, InstanceId, NotYoursError
from portal.database import transaction
from portal.models import Base, BurntForm
from portal.models import Session as SessionRow

MOST_PENDING = 4
"""Codes of one browser whose group may still be typed back."""

_REPORTER_SWEEPS = 2
_OFFICER_SWEEPS = 5
_BURNT_SWEEPS = 14  # forms are stale after twelve hours

# Asked for by almost every request: put together once, and no row is organised.
_LOCKED = select(SessionRow.locked).where(SessionRow.id == bindparam("session_id"))
_INTO = insert(Base.metadata.tables[SessionRow.__tablename__])


class Standing(StrEnum):
    """What a browser is known for."""

    VISITOR = "visitor"
    REPORTER = "reporter"
    INVITED = "invited"
    AT_SECOND_FACTOR = "at second factor"
    AT_WORK = "at work"
    SCREEN_CLOSED = "screen closed"


@dataclass(frozen=True)
class Pending:
    """A code that was shown and may be checked by one group typed back."""

    burn_id: bytes
    number: int
    """Which group, from 1."""
    group: str = field(repr=False)


@dataclass(frozen=True)
class Visit:
    """What a session holds."""

    standing: Standing = Standing.VISITOR
    ends_at: int = 0
    """Unix time in seconds; the absolute end."""
    case_id: bytes = b""
    code_key: bytes = field(default=b"", repr=False)
    windows: frozenset[bytes] = field(default=frozenset(), repr=False)
    shows_own: bool = False
    person_id: bytes = b""
    seed: bytes = field(default=b"", repr=False)
    lock_id: bytes = b""
    """Between the two steps of a login: which lock the passphrase opened."""
    enrolment: bytes = field(default=b"", repr=False)
    """What an invited person has entered so far; see `officers.Enrolment`."""
    pending: tuple[Pending, ...] = ()
    new_phone: str = field(default="", repr=False)
    """The secret of a phone that is being connected."""
    place: str = ""
    """Where a closed screen leads back to."""
    misses: int = 0
    """How many wrong codes were given in a row: to a closed screen, or to confirm."""

    has_destroyed: bool = False
    """A report was destroyed here; said once more for some minutes, and to nobody else."""
    few_readers: int = 0
    """Of an officer's open cases: how many had too few readers when the officer came."""

    def expecting(self, pending: Pending) -> "Visit":
        """Return this visit with one more code to check."""
        return replace(self, pending=(*self.pending, pending)[-MOST_PENDING:])

    def encode(self) -> bytes:
        """Write the visit as the bytes that are locked."""
        values = {
            "standing": self.standing,
            "ends_at": self.ends_at,
            "case_id": _text(self.case_id),
            "code_key": _text(self.code_key),
            "windows": [_text(tag) for tag in sorted(self.windows)],
            "shows_own": self.shows_own,
            "person_id": _text(self.person_id),
            "seed": _text(self.seed),
            "lock_id": _text(self.lock_id),
            "enrolment": _text(self.enrolment),
            "pending": [[_text(p.burn_id), p.number, p.group] for p in self.pending],
            "new_phone": self.new_phone,
            "place": self.place,
            "misses": self.misses,
            "has_destroyed": self.has_destroyed,
            "few_readers": self.few_readers,
        }
        filled = {name: value for name, value in values.items() if value}
        return json.dumps(filled, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, plain: bytes) -> "Visit":
        """Read what `encode` wrote."""
        values: dict[str, Any] = json.loads(plain)
        return cls(
            standing=Standing(values["standing"]),
            ends_at=values["ends_at"],
            case_id=b64decode(values.get("case_id", "")),
            code_key=b64decode(values.get("code_key", "")),
            windows=frozenset(b64decode(tag) for tag in values.get("windows", ())),
            shows_own=values.get("shows_own", False),
            person_id=b64decode(values.get("person_id", "")),
            seed=b64decode(values.get("seed", "")),
            lock_id=b64decode(values.get("lock_id", "")),
            enrolment=b64decode(values.get("enrolment", "")),
            pending=tuple(
                Pending(b64decode(burn_id), number, group)
                for burn_id, number, group in values.get("pending", ())
            ),
            new_phone=values.get("new_phone", ""),
            place=values.get("place", ""),
            misses=values.get("misses", 0),
            has_destroyed=values.get("has_destroyed", False),
            few_readers=values.get("few_readers", 0),
        )


@dataclass(frozen=True)
class Browser:
    """A browser's cookie and what it is known for."""

    cookie: Cookie
    visit: Visit

    def expect(self, session: Session, pending: Pending, instance: InstanceId) -> None:
        """Keep one more code to check; call it inside a transaction.

        A session that was ended meanwhile stays ended.
        """
        locked = _find_locked(session, self.cookie)
        is_visitor = self.visit.standing is Standing.VISITOR
        if locked is None and is_visitor:
            _insert(session, self.cookie, self.visit.expecting(pending), instance)
        if locked is None:
            return
        now = _open(locked, self.cookie, instance) or self.visit
        known = replace(self.visit, pending=now.pending) if is_visitor else now
        change = update(SessionRow).where(SessionRow.id == self.cookie.session_id())
        if is_visitor:
            change = change.values(owner_id=None)
        again = _lock(known.expecting(pending), self.cookie, instance)
        session.execute(change.values(locked=again))


def find_visit(
    session: Session, cookie: Cookie, instance: InstanceId, now: int
) -> Visit:
    """Return what the browser with *cookie* is known for; a mere visitor if nothing.

    An ended session is a visitor's; its row goes with the next sweeps.
    """
    locked = _find_locked(session, cookie)
    visit = _open(locked, cookie, instance) if locked else None
    return visit if visit and now < visit.ends_at else Visit()


def begin(session: Session, visit: Visit, old: Cookie, instance: InstanceId) -> Cookie:
    """Begin a session under a new cookie: the browser's standing changes."""
    cookie = Cookie.generate()
    with transaction(session):
        session.execute(delete(SessionRow).where(SessionRow.id == old.session_id()))
        _insert(session, cookie, visit, instance)
    return cookie


def keep(session: Session, visit: Visit, cookie: Cookie, instance: InstanceId) -> None:
    """Keep *visit* under the cookie that the browser has.

    A session that was ended meanwhile stays ended: its row is not made again.
    """
    with transaction(session):
        change = update(SessionRow).where(SessionRow.id == cookie.session_id())
        session.execute(change.values(locked=_lock(visit, cookie, instance)))


def take_try(session: Session, cookie: Cookie, instance: InstanceId) -> int:
    """Count a try before it is judged; return how many there are, 0 in an ended session.

    Counted afterwards, any number of guesses at once would pass for the first.
    """
    with transaction(session):
        locked = _find_locked(session, cookie)
        visit = _open(locked, cookie, instance) if locked else None
        if visit is None:
            return 0
        tried = replace(visit, misses=visit.misses + 1)
        change = update(SessionRow).where(SessionRow.id == cookie.session_id())
        session.execute(change.values(locked=_lock(tried, cookie, instance)))
    return tried.misses


def end(session: Session, cookie: Cookie) -> None:
    """End a session; a copy of its cookie opens nothing from now on."""
    with transaction(session):
        session.execute(delete(SessionRow).where(SessionRow.id == cookie.session_id()))


def end_everywhere(session: Session, person_id: bytes) -> None:
    """End every session of somebody who logs out."""
    with transaction(session):
        end_all(session, person_id)


def end_all(session: Session, person_id: bytes) -> None:
    """End every session of somebody at work; call it inside a transaction."""
    session.execute(delete(SessionRow).where(SessionRow.owner_id == person_id))


def expect_group(
    session: Session, browser: Browser, pending: Pending, instance: InstanceId
) -> None:
    """Keep one more code to check, where no report is handed in with it."""
    with transaction(session):
        browser.expect(session, pending, instance)


def take(session: Session, cookie: Cookie) -> bool:
    """End a session for good; True for the one request that ended it."""
    mine = delete(SessionRow).where(SessionRow.id == cookie.session_id())
    with transaction(session):
        return session.execute(mine).rowcount == 1  # type: ignore[attr-defined]


def sweep(session: Session) -> None:
    """Count one sweep, and delete what has seen enough of them.

    Call it inside a transaction, at most once per clock hour.
    """
    session.execute(update(SessionRow).values(sweeps=SessionRow.sweeps + 1))
    session.execute(update(BurntForm).values(sweeps=BurntForm.sweeps + 1))
    is_reporters = SessionRow.owner_id.is_(None)
    session.execute(
        delete(SessionRow).where(
            or_(
                is_reporters & (SessionRow.sweeps >= _REPORTER_SWEEPS),
                SessionRow.sweeps >= _OFFICER_SWEEPS,
            )
        )
    )
    session.execute(delete(BurntForm).where(BurntForm.sweeps >= _BURNT_SWEEPS))


def _find_locked(session: Session, cookie: Cookie) -> bytes | None:
    found: bytes | None = session.connection().scalar(
        _LOCKED, {"session_id": cookie.session_id()}
    )
    return found


def _open(locked: bytes, cookie: Cookie, instance: InstanceId) -> Visit | None:
    try:
        return Visit.decode(cookie.unlock_session(locked, instance))
    except (NotYoursError, BrokenError):
        return None


def _lock(visit: Visit, cookie: Cookie, instance: InstanceId) -> bytes:
    return cookie.lock_session(visit.encode(), instance)


def _insert(
    session: Session, cookie: Cookie, visit: Visit, instance: InstanceId
) -> None:
    is_at_work = visit.standing in {Standing.AT_WORK, Standing.SCREEN_CLOSED}
    row = {
        "id": cookie.session_id(),
        "owner_id": visit.person_id if is_at_work else None,
        "sweeps": 0,
        "locked": _lock(visit, cookie, instance),
    }
    session.connection().execute(_INTO, row)


def _text(value: bytes) -> str:
    return b64encode(value).decode()


def identity_of(visit: Visit) -> Identity:
    """Return the identity that a session at work unlocks with."""
    return Identity(visit.seed)
