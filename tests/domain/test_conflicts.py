"""Declared conflicts: what touches a report, and what is kept of it."""

import datetime as dt

import pytest
from builders import TODAY, a_report, add_officer, gate_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import LOCKED_CONFLICTS_SIZE, Key, TooLongError
from portal import conflicts, people
from portal.conflicts import Declaration
from portal.database import find_instance_id, transaction
from portal.models import Person
from portal.reader_sheets import ShutOut
from portal.reports import choose_readers
from portal.roster import list_officers

MARKET = Declaration(units=("Dinas Pasar",), persons=("Budi Santoso, S.E.",))


@pytest.mark.parametrize(
    "unit",
    [
        "Dinas Pasar",
        "DINAS  PASAR",
        "dinas pasar, bidang retribusi",
        "UPT Dinas Pasar Kota",
        "Pasar",
    ],
)
def test_a_unit_touches_what_holds_it_and_what_it_holds(unit: str) -> None:
    assert MARKET.touches(a_report(who_unit=unit))


@pytest.mark.parametrize(
    "unit", ["", "-", "Dinas Pasaran", "Pasar Dinas", "Bina Marga"]
)
def test_other_units_are_not_touched(unit: str) -> None:
    assert not MARKET.touches(a_report(who_unit=unit))


@pytest.mark.parametrize("name", ["Budi Santoso", "Pak Budi", "Joko dan Budi"])
def test_a_person_is_known_as_an_officer_would_be(name: str) -> None:
    assert MARKET.touches(a_report(who_name=name))


def test_who_declared_nothing_is_kept_from_nothing() -> None:
    report = a_report(who_name="Budi", who_unit="Dinas Pasar")

    assert not Declaration().touches(report)
    assert not Declaration(("-",), ("Bu",)).touches(report)


def test_a_declaration_comes_back_to_its_officer_and_to_no_other_secret(
    session: Session,
) -> None:
    rina, secret = add_officer(session), gate_of(session)
    other = Key(bytes(32), find_instance_id(session))

    conflicts.declare(session, rina, MARKET, secret, TODAY)

    assert conflicts.read_own(rina, secret) == MARKET
    assert conflicts.read_own(rina, other) == Declaration()


@pytest.mark.parametrize("declaration", [Declaration(), MARKET])
def test_all_declarations_have_one_size(
    session: Session, declaration: Declaration
) -> None:
    rina = add_officer(session)

    conflicts.declare(session, rina, declaration, gate_of(session), TODAY)

    locked = session.scalars(select(Person.locked_conflicts)).one()
    assert len(locked or b"") == LOCKED_CONFLICTS_SIZE


def test_more_than_fits_changes_nothing(session: Session) -> None:
    rina, secret = add_officer(session), gate_of(session)
    conflicts.declare(session, rina, MARKET, secret, TODAY)

    with pytest.raises(TooLongError):
        conflicts.declare(session, rina, Declaration(("x" * 4096,)), secret, TODAY)

    assert conflicts.read_own(rina, secret) == MARKET


def test_a_conflicted_officer_is_shut_out_without_a_word_in_the_report(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    secret, report = gate_of(session), a_report(who_unit="Dinas Pasar")
    conflicts.declare(session, joko, MARKET, secret, TODAY)
    officers = list_officers(session)

    chosen = choose_readers(
        officers,
        report,
        ticked=frozenset(officer.id.hex() for officer in officers),
        only_outside=False,
        conflicted=conflicts.find_conflicted(session, report, secret),
    )

    assert [officer.id for officer in chosen.readers] == [rina.person.id]
    assert chosen.reasons == (ShutOut.CONFLICTED,)
    assert chosen.kept_from == ()


def test_the_declaration_of_who_left_shuts_nobody_out(session: Session) -> None:
    add_officer(session)
    joko, secret = add_officer(session, "Joko Prasetyo"), gate_of(session)
    conflicts.declare(session, joko, MARKET, secret, TODAY)

    people.retire(session, "Joko Prasetyo", TODAY)

    report = a_report(who_unit="Dinas Pasar")
    assert conflicts.find_conflicted(session, report, secret) == frozenset()


def test_a_damaged_declaration_lets_reports_in(session: Session) -> None:
    rina, secret = add_officer(session), gate_of(session)
    with transaction(session):
        rina.person.locked_conflicts = bytes(LOCKED_CONFLICTS_SIZE)
        rina.person.conflicts_on = TODAY

    assert conflicts.find_conflicted(session, a_report(), secret) == frozenset()
    assert conflicts.read_own(rina, secret) == Declaration()
    assert conflicts.is_due(rina, secret, TODAY)


@pytest.mark.parametrize(
    ("days", "is_due"), [(None, True), (0, False), (365, False), (366, True)]
)
def test_it_is_asked_for_once_a_year(
    session: Session, days: int | None, is_due: bool
) -> None:
    rina = add_officer(session)
    if days is not None:
        day = TODAY - dt.timedelta(days=days)
        conflicts.declare(session, rina, MARKET, gate_of(session), day)

    assert conflicts.is_due(rina, gate_of(session), TODAY) is is_due
