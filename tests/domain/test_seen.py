"""What is new to an officer: more texts or steps than that officer has seen."""

import pytest
from builders import (
    TODAY,
    add_officer,
    dump,
    for_officer,
    for_reporter,
    hand_in,
    move,
    the_case,
    withdraw,
)
from sqlalchemy import text
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import acts, desk, own_cases, seen
from portal.cases import Duty
from portal.database import transaction
from portal.desk import Filters
from portal.errors import NotFromHereError
from portal.handover import hand_over
from portal.models import Person


def news(session: Session, duty: Duty) -> list[bool]:
    """Return of each line of the list whether it is new."""
    session.expire_all()
    lines = desk.list_cases(session, duty, Filters()).lines
    return [line.is_new for line in lines]


def look(session: Session, code: CaseCode, duty: Duty) -> None:
    """Open the case's page."""
    seen.look(session, duty, for_officer(session, code, duty).case.id)


def write(session: Session, code: CaseCode, *, at_once: bool = True) -> None:
    mine = for_reporter(session, code)
    windows = code.windows()
    own_cases.write(
        session, mine, "Lagi.", windows=windows, today=TODAY, at_once=at_once
    )


def note(session: Session, code: CaseCode, duty: Duty) -> None:
    opened = for_officer(session, code, duty)
    acts.note(session, opened, duty, "Catatan.", seen="", today=TODAY)


def two_officers(session: Session) -> tuple[Duty, Duty, CaseCode]:
    """Return two officers who have looked at the one case there is."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    look(session, code, rina)
    look(session, code, joko)
    return rina, joko, code


def test_a_case_is_new_until_its_page_was_opened(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    before = news(session, rina)

    look(session, code, rina)

    assert (before, news(session, rina)) == ([True], [False])


def test_what_one_officer_has_seen_is_new_to_another(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)

    look(session, code, rina)

    assert (news(session, rina), news(session, joko)) == ([False], [True])


def test_a_reporters_message_is_news(session: Session) -> None:
    rina, joko, code = two_officers(session)

    write(session, code)

    assert (news(session, rina), news(session, joko)) == ([True], [True])


def test_a_message_is_no_news_before_its_hand_over(session: Session) -> None:
    rina, _joko, code = two_officers(session)
    write(session, code, at_once=False)
    before = news(session, rina)

    with transaction(session):
        hand_over(session)

    assert (before, news(session, rina)) == ([False], [True])


def test_a_colleagues_step_is_news_and_ones_own_is_not(session: Session) -> None:
    rina, joko, code = two_officers(session)

    with seen.own_act(session, rina, the_case(session, code).id):
        move(session, code, rina, "acknowledged")

    assert (news(session, rina), news(session, joko)) == ([False], [True])


def test_a_colleagues_note_is_news(session: Session) -> None:
    rina, joko, code = two_officers(session)

    note(session, code, joko)

    assert news(session, rina) == [True]


def test_an_own_act_does_not_hide_what_was_not_seen(session: Session) -> None:
    rina, _joko, code = two_officers(session)
    write(session, code)

    with seen.own_act(session, rina, the_case(session, code).id):
        move(session, code, rina, "acknowledged")

    assert news(session, rina) == [True]


def test_an_act_that_is_refused_changes_nothing_of_it(session: Session) -> None:
    rina, _joko, code = two_officers(session)
    case_id = the_case(session, code).id

    with pytest.raises(NotFromHereError), seen.own_act(session, rina, case_id):
        move(session, code, rina, "closed")

    assert news(session, rina) == [False]


def test_what_is_new_can_be_asked_for_alone(session: Session) -> None:
    rina = add_officer(session)
    codes = [hand_in(session, rina) for _report in range(3)]
    look(session, codes[1], rina)

    lines = desk.list_cases(session, rina, Filters(is_new=True)).lines

    new = {the_case(session, codes[number]).id for number in (0, 2)}
    assert {line.case_id for line in lines} == new


def test_looking_again_writes_nothing(session: Session) -> None:
    rina, _joko, code = two_officers(session)
    before = dump(session)

    look(session, code, rina)

    assert dump(session) == before


def test_before_anything_was_kept_all_there_is_counts_as_seen(
    session: Session,
) -> None:
    rina, _joko, code = two_officers(session)
    forget(session, rina, None)

    assert news(session, rina) == [False]
    write(session, code)
    assert news(session, rina) == [True]


def test_where_it_is_damaged_everything_is_new_once_more(session: Session) -> None:
    rina, _joko, code = two_officers(session)
    forget(session, rina, b"damaged")

    before = news(session, rina)
    look(session, code, rina)

    assert (before, news(session, rina)) == ([True], [False])


def test_another_officers_counts_do_not_open(session: Session) -> None:
    rina, joko, _code = two_officers(session)
    session.expire_all()
    stolen = session.get_one(Person, joko.person.id).seen_counts

    forget(session, rina, stolen)

    assert news(session, rina) == [True]


def test_a_withdrawn_report_is_news(session: Session) -> None:
    rina, _joko, code = two_officers(session)

    withdraw(session, code)

    assert news(session, rina) == [True]


def forget(session: Session, duty: Duty, kept: bytes | None) -> None:
    """Put something else where the counts stand."""
    with transaction(session):
        session.get_one(Person, duty.person.id).seen_counts = kept


def test_a_case_is_shown_even_where_looking_cannot_be_kept(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    with transaction(session):
        session.execute(
            text(
                "CREATE TRIGGER fail BEFORE UPDATE ON people "
                "BEGIN SELECT no_such_function(); END"
            )
        )

    look(session, code, rina)

    assert news(session, rina) == [True]
