"""What goes next month, of the cases that an officer can open, a page at a time."""

import datetime as dt

from builders import (
    TODAY,
    add_officer,
    hand_in,
    the_case,
    withdraw,
)
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import going
from portal.database import transaction
from portal.models import NO_DAY, Case


def going_on(session, duty, day, *, others=()):
    """Hand in a report whose case is destroyed on *day*; return the case's id."""
    code = hand_in(session, duty, others=others)
    withdraw(session, code)
    case_id = the_case(session, code).id
    with transaction(session):
        session.execute(update(Case).where(Case.id == case_id).values(purge_on=day))
    return case_id


def in_days(number):
    return TODAY + dt.timedelta(days=number)


def ids(page):
    return [line.case_id for line in page.lines]


def test_the_nearest_day_stands_first_and_what_is_held_back_last(session: Session):
    rina = add_officer(session)
    held = going_on(session, rina, NO_DAY)
    late = going_on(session, rina, in_days(31))
    early = going_on(session, rina, in_days(1))
    going_on(session, rina, in_days(32))
    hand_in(session, rina)

    page = going.list_going(session, rina, TODAY)

    assert ids(page) == [early, late, held]
    assert [line.purge_on for line in page.lines] == [in_days(1), in_days(31), None]


def test_who_may_not_read_sees_none_of_it(session: Session):
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    going_on(session, rina, in_days(3), others=(joko,))
    shared = going_on(session, joko, in_days(4))

    page = going.list_going(session, joko, TODAY)

    assert ids(page) == [shared]


def test_pages_follow_each_other_without_a_gap(session: Session, monkeypatch):
    monkeypatch.setattr(going, "_BATCH", 2)
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    mine = {going_on(session, rina, in_days(5), others=(joko,)) for _ in range(5)}
    going_on(session, joko, in_days(5), others=(rina,))
    held = going_on(session, rina, NO_DAY)

    first = going.list_going(session, rina, TODAY, most=3)
    second = going.list_going(session, rina, TODAY, after=first.next, most=3)

    assert {*ids(first), *ids(second)} == {*mine, held}
    assert [len(first.lines), len(second.lines)] == [3, 3]
    assert second.next is None


def test_a_look_at_the_list_keeps_what_was_opened(session: Session):
    rina = add_officer(session)
    case_id = going_on(session, rina, in_days(5))

    going.list_going(session, rina, TODAY)

    session.refresh(rina.person, ["opened_keys"])
    assert rina.person.opened_keys
    assert session.get(Case, case_id)
