"""A custodian's signing key is registered with the key, and put right at every login."""

import pytest
from builders import duty_of
from conftest import Clock
from people import Officer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import signing_key
from portal.models import Person

SRI = "Sri Lestari"


def test_who_becomes_keeper_registers_a_signing_key(
    session: Session, keeper: Officer
) -> None:
    assert registered(session, SRI) == own_key(session)


def test_nobody_else_has_one(session: Session, officer: Officer) -> None:
    assert registered(session, "Rina Wulandari") is None


@pytest.mark.parametrize("before", [None, bytes(32)], ids=["none", "another"])
def test_a_login_registers_it_where_there_is_none_or_another(
    session: Session, keeper: Officer, clock: Clock, before: bytes | None
) -> None:
    session.execute(update(Person).where(Person.name == SRI).values(signing_key=before))
    session.commit()

    keeper.log_in(clock.timestamp)

    assert registered(session, SRI) == own_key(session)


def own_key(session: Session) -> bytes:
    duty = duty_of(session, SRI)
    return signing_key(duty.identity, duty.instance)


def registered(session: Session, name: str) -> bytes | None:
    session.rollback()
    return session.scalars(select(Person.signing_key).where(Person.name == name)).one()
