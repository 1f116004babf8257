"""A code counts for the first of those who read the row before it was used up."""

import datetime as dt

import pytest
from builders import TODAY, add_officer
from sqlalchemy.orm import Session

from portal import accounts, second_factors
from portal.cases import Duty
from portal.database import transaction
from portal.errors import RefusedLoginError
from portal.models import Person
from portal.second_factors import Factor

NOW = dt.datetime(2026, 12, 7, 10, 0, tzinfo=dt.UTC)


def judge(session: Session, rina: Duty, typed: str) -> Factor:
    row = session.get_one(Person, rina.person.id, populate_existing=True)
    return second_factors.judge(row, rina.identity, typed, rina.instance, NOW)


def test_of_two_who_judged_one_recovery_code_the_first_has_it(session: Session) -> None:
    rina = add_officer(session)
    codes = accounts.renew_recovery_codes(session, rina, TODAY)
    kept = session.get_one(Person, rina.person.id).locked_recovery_codes
    factor = judge(session, rina, codes[0])
    session.expunge_all()
    late = Factor(Person(id=rina.person.id, locked_recovery_codes=kept), None, b"late")

    with transaction(session):
        second_factors.spend(session, factor, TODAY)

    with pytest.raises(RefusedLoginError), transaction(session):
        second_factors.spend(session, late, TODAY)
    with pytest.raises(RefusedLoginError):
        judge(session, rina, codes[0])
    assert judge(session, rina, codes[1]).step is None
