"""An officer's list: what waits first, nearest due day first, nothing of others."""

import datetime as dt
from dataclasses import replace

import pytest
from builders import (
    TODAY,
    a_report,
    add_officer,
    case_in,
    dump,
    hand_in,
    move,
    the_case,
)
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal import desk
from portal.cases import Duty
from portal.database import transaction
from portal.desk import DeskPage, Filters, Position
from portal.models import Case, Person
from portal.statuses import CaseStatus

EVERYTHING = Filters()


def list_cases(
    session: Session,
    duty: Duty,
    filters: Filters = EVERYTHING,
    after: Position | None = None,
    most: int = 50,
) -> DeskPage:
    session.expire_all()
    return desk.list_cases(session, duty, filters, after=after, most=most)


def titles(page: DeskPage) -> list[str]:
    return [line.summary.title for line in page.lines]


def pages(session: Session, duty: Duty, most: int, filters: Filters) -> list[DeskPage]:
    """Turn the pages of the list up to the last."""
    found = [list_cases(session, duty, filters, most=most)]
    while found[-1].next:
        found.append(list_cases(session, duty, filters, found[-1].next, most))
    return found


def hand_in_on(session: Session, duty: Duty, *days: int) -> None:
    """Hand in a report so many days after the first, called by that number."""
    for day in days:
        report = a_report(f"hari {day}")
        hand_in(session, duty, report=report, today=TODAY + dt.timedelta(days=day))


def test_the_nearest_due_day_stands_first(session: Session) -> None:
    rina = add_officer(session)
    hand_in_on(session, rina, 14, 0, 7)

    assert titles(list_cases(session, rina)) == ["hari 0", "hari 7", "hari 14"]


def test_what_waits_for_an_officer_stands_before_what_does_not(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, report=a_report("dijawab"))
    move(session, code, rina, "acknowledged")
    hand_in(session, rina, report=a_report("baru"), today=TODAY + dt.timedelta(days=60))

    page = list_cases(session, rina)

    assert titles(page) == ["baru", "dijawab"]
    assert [line.is_waiting for line in page.lines] == [True, False]


def test_a_case_that_is_over_stands_last_and_owes_nothing(session: Session) -> None:
    rina = add_officer(session)
    case_in(session, rina, CaseStatus.CLOSED)
    case_in(session, rina, CaseStatus.ACKNOWLEDGED)

    page = list_cases(session, rina)

    assert [line.status.value for line in page.lines] == ["acknowledged", "closed"]
    assert page.lines[-1].due_on is None


def test_a_line_says_when_the_report_came(session: Session) -> None:
    rina = add_officer(session)
    hand_in_on(session, rina, 3)

    (line,) = list_cases(session, rina).lines

    assert line.received_on == TODAY + dt.timedelta(days=3)


@pytest.mark.parametrize("filters", [EVERYTHING, Filters(words="ada")])
def test_an_officer_sees_no_case_of_others(session: Session, filters: Filters) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, others=(joko,))

    page = list_cases(session, joko, filters)

    assert page.lines == ()
    assert page.next is None


@pytest.mark.parametrize("filters", [EVERYTHING, Filters(words="hari")])
@pytest.mark.parametrize("most", [1, 2, 3, 7, 8])
def test_pages_show_each_case_once_and_in_order(
    session: Session, most: int, filters: Filters
) -> None:
    rina = add_officer(session)
    hand_in_on(session, rina, 0, 0, 0, 1, 2, 2, 9)
    whole = titles(list_cases(session, rina))

    turned = pages(session, rina, most, filters)

    assert [title for page in turned for title in titles(page)] == whole
    assert [len(page.lines) for page in turned[:-1]] == [most] * (len(turned) - 1)


def test_cases_of_others_leave_no_gap_in_the_pages(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in_on(session, joko, 0, 1, 2)
    hand_in_on(session, rina, 1, 2, 3)

    turned = pages(session, rina, 2, EVERYTHING)

    assert [titles(page) for page in turned] == [["hari 1", "hari 2"], ["hari 3"]]


def test_a_case_that_comes_in_meanwhile_shifts_no_page(session: Session) -> None:
    rina = add_officer(session)
    hand_in_on(session, rina, 1, 2, 3, 4)
    first = list_cases(session, rina, most=2)

    hand_in_on(session, rina, 0)

    second = list_cases(session, rina, after=first.next, most=2)
    assert titles(second) == ["hari 3", "hari 4"]


def seven_cases(session: Session) -> Duty:
    rina = add_officer(session)
    for status in (CaseStatus.SUBMITTED, CaseStatus.VERIFIED, CaseStatus.CLOSED):
        case_in(session, rina, status)
    hand_in(session, rina, report=a_report("Pungutan di Loket Tiga", who_unit="Umum"))
    hand_in(session, rina, report=a_report("loket dua", category="SUAP"), severity=4)
    hand_in(
        session, rina, report=a_report("Kendaraan dinas", category="ASET"), severity=1
    )
    hand_in(session, rina, report=a_report("Absen", who_unit="Bidang Mutasi"))
    return rina


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(), 7),
        (Filters(status=CaseStatus.SUBMITTED), 5),
        (Filters(status=CaseStatus.VERIFIED), 1),
        (Filters(status=CaseStatus.WITHDRAWN), 0),
        (Filters(is_waiting=True), 5),
        (Filters(category="SUAP"), 1),
        (Filters(severity=1), 1),
        (Filters(words="LOKET"), 5),
        (Filters(words="loket tiga"), 4),
        (Filters(words="tiga umum"), 1),
        (Filters(words="mutasi"), 1),
        (Filters(words="  "), 7),
        (Filters(words="%"), 0),
        (Filters(words="loket", category="SUAP", severity=4), 1),
        (Filters(words="loket", status=CaseStatus.CLOSED), 1),
    ],
)
def test_filters_keep_what_is_asked_for(
    session: Session, filters: Filters, count: int
) -> None:
    duty = seven_cases(session)

    assert len(list_cases(session, duty, filters).lines) == count


def test_a_damaged_summary_stands_in_the_list(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    with transaction(session):
        session.get_one(Case, the_case(session, code).id).summary = bytes(1105)

    (line,) = list_cases(session, rina).lines

    assert line.summary.title == ""
    assert line.case_id == the_case(session, code).id


def test_opened_keys_are_kept_and_looking_again_writes_nothing(
    session: Session,
) -> None:
    rina = add_officer(session)
    hand_in_on(session, rina, 0, 1)
    first = titles(list_cases(session, rina))
    before = dump(session)

    again = titles(list_cases(session, rina))

    assert again == first
    assert dump(session) == before


def test_a_damaged_cache_costs_time_and_nothing_else(session: Session) -> None:
    rina = add_officer(session)
    hand_in_on(session, rina, 0, 1)
    list_cases(session, rina)
    with transaction(session):
        session.get_one(Person, rina.person.id).opened_keys = b"damaged"

    assert titles(list_cases(session, rina)) == ["hari 0", "hari 1"]


def test_a_list_is_shown_while_nothing_can_be_stored(session: Session) -> None:
    rina = add_officer(session)
    hand_in_on(session, rina, 0, 1)
    session.execute(text("PRAGMA query_only = ON"))

    found = titles(list_cases(session, rina))

    session.execute(text("PRAGMA query_only = OFF"))
    assert found == ["hari 0", "hari 1"]
    assert session.get_one(Person, rina.person.id).opened_keys is None


def test_the_cache_opens_for_its_officer_alone(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, others=(joko,))
    list_cases(session, rina)
    with transaction(session):
        stolen = session.get_one(Person, rina.person.id).opened_keys
        session.get_one(Person, joko.person.id).opened_keys = stolen

    assert list_cases(session, joko).lines == ()
    assert list_cases(session, replace(rina, person=joko.person)).lines == ()
