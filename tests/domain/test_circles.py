"""Six people by chance, of whom nothing says which was meant."""

import pytest
from asking import MEANT, NAMES, add_staff, compose_for, member
from builders import TODAY, add_custodian, add_officer, gate_of
from sqlalchemy.orm import Session

from portal import conflicts
from portal.circles import draw_people
from portal.conflicts import Declaration
from portal.errors import NoReaderError, SubjectAtWorkError, TooFewPeopleError
from portal.reminders import ReminderWay
from portal.roster import list_officers


def draw(session: Session, name: str = MEANT) -> tuple[str, ...]:
    people = draw_people(session, member(session, name), ReminderWay.CIRCLE)
    return tuple(one.name for one in people)


def test_five_others_are_drawn_from_the_whole_list(session: Session) -> None:
    add_officer(session)
    add_staff(session)
    drawn = [draw(session) for _ in range(60)]

    assert all(len(set(names)) == 6 and MEANT in names for names in drawn)
    assert {name for names in drawn for name in names} == set(NAMES)


def test_the_place_of_who_is_meant_says_nothing(session: Session) -> None:
    add_staff(session)
    places = [draw(session).index(MEANT) for _ in range(120)]

    counts = [places.count(place) for place in range(6)]
    assert min(counts) > 4


def test_a_small_list_has_nobody_to_mix_a_name_among(session: Session) -> None:
    add_staff(session, *NAMES[:5])

    with pytest.raises(TooFewPeopleError):
        draw(session)


def test_six_are_enough(session: Session) -> None:
    add_staff(session, *NAMES[:6])

    assert set(draw(session)) == set(NAMES[:6])


def test_nobody_who_works_with_the_portal_is_drawn(session: Session) -> None:
    add_officer(session, "Citra Dewanti, S.H.")
    add_custodian(session, "Eko Nugroho, M.Si.")
    add_staff(session)
    drawn = {name for _ in range(60) for name in draw(session)}

    assert drawn == set(NAMES) - {"Citra Dewanti", "Eko Nugroho"}


@pytest.mark.parametrize("add", [add_officer, add_custodian])
@pytest.mark.parametrize("way", ReminderWay)
def test_an_officer_is_not_reminded_through_officers(
    session: Session, add, way: ReminderWay
) -> None:
    add(session, "Bagus Setiawan, S.E.")
    add_staff(session)

    with pytest.raises(SubjectAtWorkError):
        draw_people(session, member(session), way)


def test_a_personal_reminder_is_for_one(session: Session) -> None:
    add_staff(session)
    (only,) = draw_people(session, member(session), ReminderWay.PERSONAL)

    assert (only.name, only.unit) == (MEANT, "Mutasi")


def declared(session: Session, name: str, declaration: Declaration):
    duty = add_officer(session, name)
    conflicts.declare(session, duty, declaration, gate_of(session), TODAY)
    return duty


def test_an_officer_with_a_conflict_does_not_read_it(session: Session) -> None:
    rina = add_officer(session)
    joko = declared(session, "Joko Prasetyo", Declaration(persons=(MEANT,)))
    add_staff(session)

    readers = compose_for(session).readers

    assert [one.id for one in readers.readers] == [rina.person.id]
    assert [one.id for one in readers.others] == [joko.person.id]


def test_a_conflict_with_the_unit_counts_too(session: Session) -> None:
    add_officer(session)
    joko = declared(session, "Joko Prasetyo", Declaration(units=("Bidang Mutasi",)))
    add_staff(session)

    readers = compose_for(session).readers

    assert [one.id for one in readers.others] == [joko.person.id]


def test_who_was_drawn_shuts_out_as_who_is_meant_does(session: Session) -> None:
    """Else an officer who is shut out would point at the one with the conflict."""
    add_officer(session)
    declared(session, "Joko Prasetyo", Declaration(persons=("Citra Dewanti",)))
    add_staff(session)

    composed = [compose_for(session) for _ in range(60)]

    for one in composed:
        is_among = any(p.name == "Citra Dewanti" for p in one.report.addressees)
        assert len(one.readers.others) == is_among


def test_people_are_drawn_anew_where_nobody_could_read_it(session: Session) -> None:
    declared(session, "Joko Prasetyo", Declaration(persons=("Citra Dewanti",)))
    add_staff(session, *NAMES[:8])

    composed = [compose_for(session) for _ in range(10)]

    assert all(len(one.readers.readers) == 1 for one in composed)


def test_without_a_free_officer_there_is_no_reminder(session: Session) -> None:
    declared(session, "Joko Prasetyo", Declaration(persons=(MEANT,)))
    add_staff(session)

    with pytest.raises(NoReaderError):
        compose_for(session)


def test_an_officer_who_is_not_ticked_does_not_read_it(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    add_staff(session)

    composed = compose_for(session, without=(joko,))

    assert [one.id for one in composed.readers.readers] == [rina.person.id]
    assert composed.readers.kept_from == (joko.person.id.hex(),)
    assert len(list_officers(session)) == 2
