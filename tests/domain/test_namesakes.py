"""An officer who is called like a custodian: what is kept from whom.

An officer of before who comes back as a custodian is not called to what was kept from
that officer. Nobody else is: names are shared, and can be borrowed.
"""

import datetime as dt

import pytest
from at_custody import escalate
from builders import (
    TODAY,
    a_report,
    add_custodian,
    add_officer,
    for_officer,
    gate_of,
    hand_in,
    move,
    the_case,
)
from sqlalchemy.orm import Session

from crypto import CaseCode, Key
from portal import readers
from portal.cases import Duty, OfficerCase, find_for_custodian
from portal.database import find_instance_id, transaction
from portal.errors import NoSuchCaseError
from portal.reader_sheets import ShutOut

TOMORROW = TODAY + dt.timedelta(days=1)
OPENS = TODAY + dt.timedelta(days=7)
"""A report that nobody has acknowledged opens."""


def add_namesake(session: Session, came_on: dt.date = TOMORROW) -> Duty:
    """Add an officer who is called like the custodian Sri Lestari."""
    officer = add_officer(session, "Sri Lestari Utami")
    with transaction(session):
        officer.person.added_on = came_on
    return officer


def recuse(
    session: Session, code: CaseCode, by: Duty, whom: Duty, today: dt.date = TODAY
) -> None:
    opened = for_officer(session, code, by)
    words = {"reason": "Terkait.", "seen": "", "gate": gate_of(session)}
    readers.recuse(session, opened, by, whom.person.id, **words, today=today)


def give(
    session: Session, opened: OfficerCase, by: Duty, whom: Duty, today: dt.date = TODAY
) -> None:
    words = {"reason": "Kini bebas.", "seen": "", "gate": gate_of(session)}
    secret = Key(bytes(32), find_instance_id(session))
    here = (session, opened, by, whom.person.id)
    readers.assign(*here, **words, secret=secret, today=today)


def opens(session: Session, code: CaseCode, sri: Duty) -> bool:
    try:
        return bool(find_for_custodian(session, the_case(session, code).id, sri))
    except NoSuchCaseError:
        return False


def test_a_name_that_came_later_keeps_no_custodian_from_a_missed_day(
    session: Session,
) -> None:
    """Else whoever wants silence has somebody of that name invited, and recuses him."""
    rina, sri = add_officer(session), add_custodian(session)
    namesake = add_namesake(session)
    code = hand_in(session, rina, namesake)

    recuse(session, code, rina, namesake)
    escalate(session, OPENS)

    assert opens(session, code, sri)


def test_a_conflict_of_a_name_that_came_later_keeps_no_custodian_out(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    namesake, reasons = add_namesake(session), (ShutOut.CONFLICTED,)
    code = hand_in(session, rina, others=(namesake,), reasons=reasons)

    escalate(session, OPENS)

    assert opens(session, code, sri)


def test_whom_the_reporter_unticked_takes_that_name_along_whenever_it_came(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    namesake = add_namesake(session)
    report = a_report(shut_out=(namesake.person.id.hex(),))
    code = hand_in(session, rina, others=(namesake,), report=report)

    escalate(session, OPENS)

    assert not opens(session, code, sri)


@pytest.mark.parametrize("came_on", [TODAY - dt.timedelta(days=99), TODAY, TOMORROW])
def test_no_officer_takes_an_opened_case_back_by_recusing_a_name(
    session: Session, came_on: dt.date
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    namesake = add_namesake(session, came_on)
    code = hand_in(session, rina, namesake)
    escalate(session, OPENS)

    recuse(session, code, rina, namesake, OPENS)
    for step in ("acknowledged", "closed", "addressed"):
        move(session, code, rina, step, today=OPENS)

    assert opens(session, code, sri)


def test_who_was_recused_before_the_case_opened_is_not_called_under_another_role(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    before, budi = add_namesake(session, TODAY), add_officer(session, "Budi Hartono")
    code = hand_in(session, rina, before, budi)
    recuse(session, code, rina, before)
    escalate(session, OPENS)
    assert not opens(session, code, sri)

    recuse(session, code, rina, budi, OPENS)

    assert not opens(session, code, sri)


def test_who_was_recused_and_given_it_again_before_it_opened_is_called(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    before = add_namesake(session, TODAY)
    code = hand_in(session, rina, before)
    recuse(session, code, rina, before)
    give(session, for_officer(session, code, rina), rina, before)
    escalate(session, OPENS)
    assert opens(session, code, sri)

    recuse(session, code, rina, before, OPENS)

    assert opens(session, code, sri)


def test_what_its_last_reader_left_stays_with_the_custodian(session: Session) -> None:
    """Whom the custodian gives it to recuses no name out of it."""
    rina, sri = add_officer(session), add_custodian(session)
    namesake, budi = add_namesake(session, TODAY), add_officer(session, "Budi Hartono")
    code = hand_in(session, rina, others=(namesake, budi), reasons=(ShutOut.LATER,) * 2)
    recuse(session, code, rina, rina)
    opened = find_for_custodian(session, the_case(session, code).id, sri)
    give(session, opened, sri, budi, TOMORROW)

    recuse(session, code, budi, namesake, TOMORROW)

    assert opens(session, code, sri)
