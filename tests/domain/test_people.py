"""Who works with the portal: listed for everybody, with what changed of late."""

import datetime as dt

import pytest
from builders import TODAY, add_officer
from sqlalchemy.orm import Session

from portal import officers
from portal.database import transaction
from portal.models import Officer
from portal.people import (
    Change,
    ChangeKind,
    PersonState,
    list_people,
    recent_changes,
)


def invite(session: Session, name: str, *, is_outside: bool = False) -> str:
    return officers.invite(
        session,
        name,
        position="Auditor",
        unit="Inspektorat",
        is_outside=is_outside,
        today=TODAY,
    )


def days_later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def leave(session: Session, officer: Officer, day: dt.date) -> None:
    with transaction(session):
        officer.retired_on = day


def test_people_stand_by_name_those_of_the_agency_first(session: Session) -> None:
    add_officer(session, "Yusuf Hidayat", is_outside=True)
    add_officer(session, "Siti Aminah")
    invite(session, "Joko Prasetyo")

    names = [person.name for person in list_people(session)]

    assert names == ["Joko Prasetyo", "Siti Aminah", "Yusuf Hidayat"]


def test_an_invitation_has_a_last_day_and_no_key(session: Session) -> None:
    invite(session, "Joko Prasetyo")

    (joko,) = list_people(session)

    assert joko.state is PersonState.INVITED
    assert (joko.invited_until, joko.fingerprint) == (days_later(3), "")


def test_a_fingerprint_is_that_of_the_key_that_is_sealed_to(session: Session) -> None:
    rina = add_officer(session)

    (person,) = list_people(session)

    assert person.state is PersonState.ENROLLED
    assert person.fingerprint == rina.identity.recipient.fingerprint()


def test_who_has_left_is_listed_with_the_day(session: Session) -> None:
    leave(session, add_officer(session).officer, days_later(5))

    (person,) = list_people(session)

    assert (person.state, person.retired_on) == (PersonState.RETIRED, days_later(5))


@pytest.mark.parametrize(("days", "count"), [(0, 1), (89, 1), (90, 0), (400, 0)])
def test_a_change_is_shown_for_ninety_days(
    session: Session, days: int, count: int
) -> None:
    add_officer(session)

    changes = recent_changes(list_people(session), days_later(days))

    assert len(changes) == count


def test_coming_and_going_are_told_the_newest_first(session: Session) -> None:
    rina = add_officer(session)
    leave(session, rina.officer, days_later(5))

    changes = recent_changes(list_people(session), days_later(6))

    assert changes == (
        Change(ChangeKind.RETIRED, "Rina Wulandari", days_later(5)),
        Change(ChangeKind.ADDED, "Rina Wulandari", TODAY),
    )


def test_an_invitation_alone_is_no_news(session: Session) -> None:
    invite(session, "Joko Prasetyo")

    assert recent_changes(list_people(session), TODAY) == ()
