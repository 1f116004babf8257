"""A device is known for one person, for a while, and a few of each."""

import datetime as dt

import pytest
from builders import TODAY, add_officer
from sqlalchemy.orm import Session

from crypto import Cookie
from portal import devices
from portal.cases import Duty
from portal.database import transaction
from portal.devices import DEVICE_DAYS, MOST_DEVICES
from portal.models import Device

NAME = "rina wulandari"


def remember(
    session: Session,
    duty: Duty,
    old: Cookie | None = None,
    today: dt.date = TODAY,
) -> Cookie:
    return devices.remember(session, duty.person, old or Cookie.generate(), today)


def is_known(
    session: Session, cookie: Cookie, name: str = NAME, today: dt.date = TODAY
) -> bool:
    return devices.is_known(session, cookie, name, today)


def test_a_device_is_known_for_its_person_alone(session: Session) -> None:
    rina, _joko = add_officer(session), add_officer(session, "Joko Prasetyo")

    cookie = remember(session, rina)

    assert is_known(session, cookie)
    assert not is_known(session, cookie, "joko prasetyo")
    assert not is_known(session, cookie, "siapa saja")
    assert not is_known(session, Cookie.generate())


def test_at_the_next_login_the_cookie_from_before_is_void(session: Session) -> None:
    rina = add_officer(session)
    first = remember(session, rina)

    second = remember(session, rina, first)

    assert (is_known(session, first), is_known(session, second)) == (False, True)
    assert session.query(Device).count() == 1


def test_another_persons_device_is_not_forgotten_by_who_brings_it(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hers = remember(session, rina)

    remember(session, joko, hers)

    assert is_known(session, hers)


def test_of_many_devices_the_newest_stay(session: Session) -> None:
    rina = add_officer(session)
    days = [TODAY + dt.timedelta(days=day) for day in range(MOST_DEVICES + 2)]

    cookies = [remember(session, rina, today=day) for day in days]

    known = [is_known(session, cookie, today=days[-1]) for cookie in cookies]
    assert known == [False, False] + [True] * MOST_DEVICES


@pytest.mark.parametrize(("days", "known"), [(0, True), (179, True), (180, False)])
def test_a_device_is_known_for_180_days(
    session: Session, days: int, known: bool
) -> None:
    cookie, later = remember(session, add_officer(session)), TODAY + dt.timedelta(days)

    with_row = is_known(session, cookie, today=later)
    with transaction(session):
        devices.sweep(session, later)

    assert with_row is known
    assert session.query(Device).count() == known
    assert DEVICE_DAYS == 180


def test_all_devices_of_a_person_are_forgotten_together(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hers, his = remember(session, rina), remember(session, joko)

    with transaction(session):
        devices.forget_all(session, rina.person.id)

    assert not is_known(session, hers)
    assert is_known(session, his, "joko prasetyo")
