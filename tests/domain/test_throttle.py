"""Buckets: so many at once, then as fast as they fill, for everybody alike."""

import pytest
from builders import TEN_O_CLOCK, dump
from sqlalchemy.orm import Session

from crypto import Key
from portal.database import find_instance_id, transaction
from portal.errors import NotAdmittedError
from portal.throttle import (
    Rate,
    Throttle,
    Turnstile,
    admit_login,
    drop_full_buckets,
)

NOON = 43_200.0


def throttle(count: float = 2, seconds: float = 60) -> Throttle:
    return Throttle({"report": Rate(count, seconds), "login": Rate(count, seconds)})


def try_login(session: Session, name: str, *, at: int = TEN_O_CLOCK) -> None:
    """Take a token of a name that may try twice in an hour."""
    secret = Key(bytes(32), find_instance_id(session))
    admit_login(session, name, secret, 2, at)


def test_a_full_bucket_admits_a_burst_and_no_more() -> None:
    bucket = throttle(2)
    bucket.admit("report", NOON)
    bucket.admit("report", NOON)

    with pytest.raises(NotAdmittedError):
        bucket.admit("report", NOON)


def test_a_bucket_fills_again() -> None:
    bucket = throttle(2, seconds=60)
    bucket.admit("report", NOON)
    bucket.admit("report", NOON)

    bucket.admit("report", NOON + 30)
    with pytest.raises(NotAdmittedError):
        bucket.admit("report", NOON + 31)


def test_a_bucket_never_holds_more_than_its_count() -> None:
    bucket = throttle(1)
    bucket.admit("report", NOON)

    bucket.admit("report", NOON + 86_400)
    with pytest.raises(NotAdmittedError):
        bucket.admit("report", NOON + 86_400)


def test_a_clock_that_steps_back_fills_nothing() -> None:
    bucket = throttle(1)
    bucket.admit("report", NOON)

    with pytest.raises(NotAdmittedError):
        bucket.admit("report", NOON - 3600)


def test_onion_and_clear_web_do_not_empty_each_others_bucket() -> None:
    bucket = throttle(1)
    bucket.admit("report", NOON, side="web")

    bucket.admit("report", NOON, side="onion")
    with pytest.raises(NotAdmittedError):
        bucket.admit("report", NOON, side="web")


def test_buckets_of_different_names_are_apart() -> None:
    bucket = throttle(1)
    bucket.admit("report", NOON)

    bucket.admit("login", NOON)


@pytest.mark.parametrize(("workers", "share"), [(1, 10), (2, 5), (4, 2.5), (100, 1)])
def test_each_worker_has_its_share_and_at_least_one(workers: int, share: float) -> None:
    assert Rate(10, 60).share(workers) == Rate(share, 60)


def test_a_name_may_try_so_often_in_an_hour(session: Session) -> None:
    try_login(session, "rina")
    try_login(session, "rina")

    with pytest.raises(NotAdmittedError):
        try_login(session, "rina")


def test_a_refused_attempt_is_kept_too(session: Session) -> None:
    try_login(session, "rina")
    try_login(session, "rina")
    with pytest.raises(NotAdmittedError):
        try_login(session, "rina")

    try_login(session, "rina", at=TEN_O_CLOCK + 1800)
    with pytest.raises(NotAdmittedError):
        try_login(session, "rina", at=TEN_O_CLOCK + 1801)


def test_one_name_does_not_shut_out_another(session: Session) -> None:
    try_login(session, "rina")
    try_login(session, "rina")

    try_login(session, "joko")


def test_a_bucket_does_not_tell_its_name(session: Session) -> None:
    try_login(session, "rina")

    (row,) = dump(session)["login_buckets"]
    assert "rina" not in row


def test_full_buckets_are_dropped_and_others_stay(session: Session) -> None:
    try_login(session, "rina", at=TEN_O_CLOCK)
    try_login(session, "joko", at=TEN_O_CLOCK + 1800)

    with transaction(session):
        drop_full_buckets(session, TEN_O_CLOCK + 3601)

    assert len(dump(session)["login_buckets"]) == 1


def test_one_at_a_time_has_the_turn() -> None:
    turnstile = Turnstile(patience_seconds=0.01)
    assert turnstile.enter()

    assert not turnstile.enter()


def test_a_turn_that_was_given_back_is_there_for_the_next() -> None:
    turnstile = Turnstile(patience_seconds=0.01)
    turnstile.enter()

    turnstile.leave()

    assert turnstile.enter()
