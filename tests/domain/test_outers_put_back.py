"""Who writes rows puts an outer of before back: no round acts on it, and it is counted."""

import datetime as dt

import pytest
from builders import TODAY, add_custodian, add_officer, gate_of, shredder_of, the_case
from kept import a_hold, keep, office_of, own, share_in
from sqlalchemy.orm import Session

from crypto import CaseCode, ReleaseRule
from portal import renewals, rounds
from portal.cases import PURPOSE_OUTER, Duty
from portal.database import transaction
from portal.models import Wrap

SOON = TODAY + dt.timedelta(days=10)
LATER = TODAY + dt.timedelta(days=80)
BETWEEN = TODAY + dt.timedelta(days=20)


def _outer(session: Session, code: CaseCode, custodian: Duty) -> Wrap:
    where = (the_case(session, code).id, custodian.person.id, PURPOSE_OUTER)
    return session.get_one(Wrap, where, populate_existing=True)


def _extend(session: Session, code: CaseCode) -> None:
    office = office_of(session)
    renewals.extend(session, own(session, code), LATER, office=office, today=TODAY)


def _hold_round(session: Session, custodian: Duty) -> rounds.RoundReport:
    gate, shredder = gate_of(session), shredder_of(session)
    for _ in rounds.hold_lots(session, custodian, gate, shredder, BETWEEN):
        pass
    report = rounds.find_report(session, custodian, gate)
    assert report
    return report


@pytest.mark.parametrize("rule", [ReleaseRule.DATE, ReleaseRule.NEVER])
def test_an_outer_that_was_put_back_neither_opens_nor_ends_the_entry(
    session: Session, rule: ReleaseRule
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(rule, SOON), rina)
    before = bytes(_outer(session, code, sri).wrap)
    _extend(session, code)
    mask = bytes(the_case(session, code).mask)
    with transaction(session):
        _outer(session, code, sri).wrap = before

    counts = _hold_round(session, sri).counts

    assert the_case(session, code).mask == mask
    assert own(session, code).entry.day == LATER
    assert (counts.unreadable, counts.by_date, counts.ended) == (1, 0, 0)


def test_the_outer_of_a_change_is_the_entrys_own(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(ReleaseRule.DATE, SOON), rina)
    first = share_in(session, the_case(session, code), sri).first

    _extend(session, code)

    assert share_in(session, the_case(session, code), sri).first != first
    assert _hold_round(session, sri).counts.waiting == 1
