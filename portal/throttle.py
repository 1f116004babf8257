"""Buckets against floods, without addresses: nobody is known by where they are.

Routes and the whole instance: in the memory of each worker, which has its share
of the rate and forgets it at a restart. Accounts: rows, by name, known or not,
so that a stranger learns nothing from being refused; and by device, so that a
stranger's failures stop nobody who has logged in before.
"""

import hmac
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crypto import Cookie, Key
from portal.database import transaction
from portal.errors import NotAdmittedError
from portal.models import LoginBucket

LABEL_LOGIN_BUCKET = b"lurus/v1/login-bucket"
LABEL_DEVICE_BUCKET = b"lurus/v1/device-bucket"

_HOUR = 3600.0


@dataclass(frozen=True)
class Rate:
    """How many are admitted, and in how many seconds a full bucket fills again."""

    count: float
    seconds: float

    def share(self, workers: int) -> "Rate":
        """Return what one of several workers may admit; at least one."""
        return Rate(max(1.0, self.count / workers), self.seconds)

    def refill(self, tokens: float, passed: float) -> float:
        """Return the tokens after *passed* seconds; clocks that step back add none."""
        return min(self.count, tokens + max(0.0, passed) * self.count / self.seconds)


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


@dataclass
class Throttle:
    """The buckets of one worker, by name."""

    rates: dict[str, Rate]
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, name: str, now: float, *, side: str = "") -> None:
        """Take one token of bucket *name*; *side* keeps onion and clear web apart.

        *now* is in seconds.

        Raises:
            NotAdmittedError: it is empty.
        """
        with self._lock:
            self._filled(name, now, side).tokens -= 1

    def foresee(self, name: str, now: float, *, side: str = "") -> None:
        """Refuse early what `admit` would refuse; take nothing.

        Raises:
            NotAdmittedError: the bucket is empty.
        """
        with self._lock:
            self._filled(name, now, side)

    def _filled(self, name: str, now: float, side: str) -> _Bucket:
        rate = self.rates[name]
        bucket = self._buckets.setdefault(name + side, _Bucket(rate.count, now))
        bucket.tokens = rate.refill(bucket.tokens, now - bucket.filled_at)
        bucket.filled_at = now
        if bucket.tokens < 1:
            raise NotAdmittedError
        return bucket


class BodyPlaces:
    """Lets so many bodies be received at once; the rest is told to come later.

    A body that trickles in holds a thread: without this a few dozen of them
    would keep everybody from the pages.
    """

    def __init__(self, places: int = 24) -> None:
        self._places = threading.BoundedSemaphore(places)

    def take(self) -> "BodyPlace":
        """Take a place.

        Raises:
            NotAdmittedError: all places are taken.
        """
        if not self._places.acquire(blocking=False):
            raise NotAdmittedError
        return BodyPlace(self._places.release)

    @contextmanager
    def admitted(self) -> Iterator["BodyPlace"]:
        """Hold a place while a body is received.

        Raises:
            NotAdmittedError: all places are taken.
        """
        place = self.take()
        try:
            yield place
        finally:
            place.leave()


@dataclass
class BodyPlace:
    """One place; whoever goes on elsewhere leaves it before the body has ended."""

    _release: Callable[[], None]
    _is_held: bool = True

    def leave(self) -> None:
        """Give the place back, once."""
        if self._is_held:
            self._is_held = False
            self._release()


class Turnstile:
    """Lets one request of a worker compute at a time, and nobody wait for long.

    Python computes one at a time anyway. Two requests at once only take the
    processor from each other in the middle, one of them with the database locked
    (docs/decisions/0018).
    """

    def __init__(self, patience_seconds: float = 0.05) -> None:
        self._patience_seconds = patience_seconds
        self._free = threading.Lock()

    def enter(self) -> bool:
        """Wait for one's turn; False: waited long enough, and went in without one."""
        return self._free.acquire(timeout=self._patience_seconds)

    def leave(self) -> None:
        """Give the turn back; only who has it."""
        self._free.release()


def admit_login(
    session: Session, login_name: str, secret: Key, attempts_per_hour: int, now: int
) -> None:
    """Take one token of a name's own bucket, whether or not an officer has the name.

    *now* is Unix time in seconds.

    Raises:
        NotAdmittedError: too many attempts for this name.
    """
    key = secret.derive(LABEL_LOGIN_BUCKET)
    _take(session, _bucket_id(key, login_name.encode()), attempts_per_hour, now)


def admit_device(
    session: Session, cookie: Cookie, secret: Key, attempts_per_hour: int, now: int
) -> None:
    """Take one token of a known device's own bucket.

    *now* is Unix time in seconds.

    Raises:
        NotAdmittedError: too many attempts with this device.
    """
    key = secret.derive(LABEL_DEVICE_BUCKET)
    _take(session, _bucket_id(key, cookie.session_id()), attempts_per_hour, now)


def _bucket_id(key: Key, owner: bytes) -> bytes:
    return hmac.digest(key.reveal(), owner, "sha256")


def _take(session: Session, bucket_id: bytes, per_hour: int, now: int) -> None:
    rate = Rate(per_hour, _HOUR)
    with transaction(session):
        bucket = session.get(LoginBucket, bucket_id, populate_existing=True)
        if bucket is None:
            bucket = LoginBucket(id=bucket_id, tokens=rate.count, filled_at=now)
            session.add(bucket)
        bucket.tokens = rate.refill(bucket.tokens, now - bucket.filled_at)
        bucket.filled_at = now
        is_admitted = bucket.tokens >= 1
        bucket.tokens -= is_admitted
    if not is_admitted:
        raise NotAdmittedError


def drop_full_buckets(session: Session, now: int) -> None:
    """Delete buckets that were not touched for an hour: they are full again."""
    session.execute(delete(LoginBucket).where(LoginBucket.filled_at < now - _HOUR))
