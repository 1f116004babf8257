"""A reporter withdraws or destroys a report; custodians learn who was made to."""

import dataclasses

import pytest
from builders import (
    TODAY,
    a_report,
    acts_on_record,
    add_custodian,
    add_officer,
    case_in,
    for_reporter,
    gate_of,
    hand_in,
    move,
    recuse_alone,
    shredder_of,
    the_case,
    withdraw,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import NOTICE_WRAP_SIZE, Identity
from portal import calling, custody, withdrawals
from portal.cases import PURPOSE_NOTICE
from portal.database import transaction
from portal.errors import NoSuchCaseError, NotFromHereError
from portal.models import KeyHandOver, Wrap
from portal.statuses import CaseStatus


def notices(session, duty):
    return custody.list_notices(session, duty)


def wraps(session):
    session.rollback()
    rows = select(Wrap).where(Wrap.purpose == PURPOSE_NOTICE)
    return session.scalars(rows).all()


def test_a_custodian_learns_that_a_withdrawal_was_demanded(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    code = hand_in(session, rina)

    withdraw(session, code, was_demanded=True)

    (notice,) = notices(session, sri)
    assert (notice.case_id, notice.day) == (the_case(session, code).id, TODAY)


def test_a_withdrawal_of_ones_own_will_tells_nothing(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    code = hand_in(session, rina)

    withdraw(session, code)

    assert notices(session, sri) == ()


def test_nothing_but_the_custodians_key_tells_one_from_the_other(session: Session):
    add_custodian(session)
    rina = add_officer(session)
    for was_demanded in (True, False):
        withdraw(session, hand_in(session, rina), was_demanded=was_demanded)

    first, second = wraps(session)

    assert len(first.wrap) == len(second.wrap) == NOTICE_WRAP_SIZE
    assert first.holder_id == second.holder_id


@pytest.mark.parametrize(
    "report",
    [
        a_report(custodian="no"),
        a_report(who_name="Sri Lestari"),
    ],
    ids=["kept from keepers", "named"],
)
def test_who_may_not_open_the_report_is_not_told_either(session: Session, report):
    sri, rina = add_custodian(session), add_officer(session)
    code = hand_in(session, rina, report=report)

    withdraw(session, code, was_demanded=True)

    assert notices(session, sri) == ()
    assert len(wraps(session)) == 1


def test_an_officer_unticked_and_called_again_as_keeper_is_not_told(session: Session):
    rina, budi = add_officer(session), add_officer(session, "Budi Hartono")
    again = add_custodian(session, "Budi Hartono, S.H.")
    report = dataclasses.replace(a_report(), shut_out=(budi.person.id.hex(),))
    code = hand_in(session, rina, others=(budi,), report=report)

    withdraw(session, code, was_demanded=True)

    assert notices(session, again) == ()


def test_a_key_that_nobody_heard_is_told_nothing(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    code = hand_in(session, rina)
    with transaction(session):
        ids = {"giver_id": rina.person.id, "receiver_id": sri.person.id}
        session.add(KeyHandOver(**ids, reached=bytes(16), is_done=False))

    withdraw(session, code, was_demanded=True)

    assert notices(session, sri) == ()


def test_a_custodian_with_another_key_reads_nothing_of_before(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    withdraw(session, hand_in(session, rina), was_demanded=True)

    later = dataclasses.replace(sri, identity=Identity.generate())

    assert notices(session, later) == ()


def test_a_custodian_who_joins_later_is_not_told_of_before(session: Session):
    rina = add_officer(session)
    withdraw(session, hand_in(session, rina), was_demanded=True)

    assert notices(session, add_custodian(session)) == ()


def test_a_notice_gives_no_key(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    withdraw(session, hand_in(session, rina), was_demanded=True)

    assert custody.list_cases(session, sri) == ()


def test_a_notice_stays_where_the_readers_change(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    code = hand_in(session, rina)
    withdraw(session, code, was_demanded=True)

    recuse_alone(session, code, rina, gate_of(session))

    assert len(notices(session, sri)) == 1


def test_what_is_over_is_not_withdrawn(session: Session):
    code = case_in(session, add_officer(session), CaseStatus.CLOSED)

    with pytest.raises(NotFromHereError):
        withdraw(session, code, was_demanded=True)
    assert wraps(session) == []


def test_who_would_be_told_is_shown_to_the_reporter(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    mine = for_reporter(session, hand_in(session, rina))
    kept = for_reporter(
        session, hand_in(session, rina, report=a_report(custodian="no"))
    )

    assert [one.id for one in calling.find_callable(session, mine)] == [sri.person.id]
    assert calling.find_callable(session, kept) == ()


def test_an_unopened_report_can_be_destroyed(session: Session):
    rina = add_officer(session)
    code = hand_in(session, rina)
    before = acts_on_record(session)

    withdrawals.destroy(session, for_reporter(session, code), shredder_of(session))

    with pytest.raises(NoSuchCaseError):
        the_case(session, code)
    assert acts_on_record(session) == before


@pytest.mark.parametrize(
    "status",
    [s for s in CaseStatus if s not in {CaseStatus.SUBMITTED, CaseStatus.SEALED}],
)
def test_what_an_officer_has_acknowledged_is_not_destroyed(session: Session, status):
    code = case_in(session, add_officer(session), status)
    before = the_case(session, code).status

    with pytest.raises(NotFromHereError):
        withdrawals.destroy(session, for_reporter(session, code), shredder_of(session))
    assert the_case(session, code).status == before


def test_an_officer_who_acknowledges_first_keeps_the_case(session: Session):
    rina = add_officer(session)
    code = hand_in(session, rina)
    mine = for_reporter(session, code)
    move(session, code, rina, "acknowledged")

    with pytest.raises(NotFromHereError):
        withdrawals.destroy(session, mine, shredder_of(session))


def test_a_second_click_destroys_nothing_more(session: Session):
    rina = add_officer(session)
    code, other = hand_in(session, rina), hand_in(session, rina)
    mine = for_reporter(session, code)
    withdrawals.destroy(session, mine, shredder_of(session))

    with pytest.raises(NoSuchCaseError):
        withdrawals.destroy(session, mine, shredder_of(session))
    assert the_case(session, other)
