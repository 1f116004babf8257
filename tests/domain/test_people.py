"""Who works with the portal: listed for everybody, with what changed of late."""

import datetime as dt
from collections.abc import Callable

import pytest
from builders import (
    TODAY,
    acts_on_record,
    add_officer,
    dump,
    hand_in,
    make_shares,
    wrap_for_recovery,
)
from sqlalchemy.orm import Session

from portal import invitations
from portal.cases import Duty
from portal.database import transaction
from portal.errors import (
    LastOfficerError,
    NoSuchInvitationError,
    NoSuchPersonError,
    ReaderLeftError,
    RetiredBeforeError,
)
from portal.models import Person
from portal.people import (
    Change,
    ChangeKind,
    PersonState,
    find_person,
    list_people,
    recent_changes,
    retire,
)
from portal.roles import Role
from portal.roster import list_officers


def invite(session: Session, name: str, *, role: Role = Role.OFFICER) -> str:
    return invitations.invite(
        session,
        name,
        position="Auditor",
        unit="Inspektorat",
        roles=frozenset({role}),
        today=TODAY,
    )


def days_later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def leave(session: Session, officer: Person, day: dt.date) -> None:
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
    leave(session, add_officer(session).person, days_later(5))

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
    leave(session, rina.person, days_later(5))

    changes = recent_changes(list_people(session), days_later(6))

    assert changes == (
        Change(ChangeKind.RETIRED, "Rina Wulandari", days_later(5)),
        Change(ChangeKind.ADDED, "Rina Wulandari", TODAY),
    )


def test_an_invitation_alone_is_no_news(session: Session) -> None:
    invite(session, "Joko Prasetyo")

    assert recent_changes(list_people(session), TODAY) == ()


def test_a_person_is_found_however_the_name_is_written(session: Session) -> None:
    add_officer(session)

    assert find_person(session, " RINA  wulandari").name == "Rina Wulandari"


def test_who_retires_is_no_longer_sealed_to_and_keeps_the_row(
    session: Session,
) -> None:
    add_officer(session), add_officer(session, "Joko Prasetyo")

    retire(session, "rina wulandari", TODAY)

    assert [one.name for one in list_officers(session)] == ["Joko Prasetyo"]
    assert find_person(session, "Rina Wulandari").state is PersonState.RETIRED
    assert acts_on_record(session) == ["retired"]


def test_cases_and_wraps_stay_when_an_officer_retires(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, joko)
    before = dump(session, "people", "audit")

    retire(session, "Rina Wulandari", TODAY)

    assert dump(session, "people", "audit") == before


def test_the_last_officer_stays_whoever_else_is_invited(session: Session) -> None:
    add_officer(session)
    invite(session, "Joko Prasetyo")

    with pytest.raises(LastOfficerError):
        retire(session, "Rina Wulandari", TODAY)

    assert len(list_officers(session)) == 1


def test_an_invitation_is_withdrawn_and_can_be_made_anew(session: Session) -> None:
    first = invite(session, "Joko Prasetyo")

    retire(session, "Joko Prasetyo", TODAY)
    with pytest.raises(NoSuchInvitationError):
        invitations.find_invited(session, first, TODAY)
    again = invite(session, "Joko Prasetyo")

    assert invitations.find_invited(session, again, TODAY).name == "Joko Prasetyo"
    assert find_person(session, "Joko Prasetyo").state is PersonState.INVITED


def test_nobody_retires_twice(session: Session) -> None:
    add_officer(session), add_officer(session, "Joko Prasetyo")
    retire(session, "Rina Wulandari", TODAY)

    with pytest.raises(RetiredBeforeError):
        retire(session, "Rina Wulandari", days_later(1))

    assert find_person(session, "Rina Wulandari").retired_on == TODAY


def test_who_was_never_invited_cannot_retire(session: Session) -> None:
    with pytest.raises(NoSuchPersonError):
        retire(session, "Siapa Saja", TODAY)


@pytest.mark.parametrize(
    ("readers", "others"),
    [(lambda one: (one,), lambda _: ()), (lambda _: (), lambda one: (one,))],
    ids=["genuinely", "as a dummy"],
)
def test_nothing_is_sealed_to_who_retired_since_the_list_was_read(
    session: Session,
    readers: Callable[[Duty], tuple[Duty, ...]],
    others: Callable[[Duty], tuple[Duty, ...]],
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    retire(session, "Rina Wulandari", TODAY)
    before = dump(session)

    with pytest.raises(ReaderLeftError):
        hand_in(session, joko, *readers(rina), others=others(rina))

    assert dump(session) == before


def test_of_who_has_left_no_key_is_kept_that_could_come_back(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    make_shares(session)
    wrap_for_recovery(session, joko)

    retire(session, "Joko Prasetyo", TODAY)

    person = session.get_one(Person, joko.person.id, populate_existing=True)
    assert person.recovery_wrap is None
    assert person.recovery_fingerprint is None
    assert rina.person.recovery_wrap is None
