"""Recovery: shares on paper give an officer's key back, and nothing else does."""

import datetime as dt
from dataclasses import replace

import pytest
from builders import (
    TODAY,
    acts_on_record,
    add_officer,
    make_shares,
    wrap_for_recovery,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import (
    Identity,
    Recipient,
    RecoveryShare,
    TooFewSharesError,
    combine,
    split,
    wrap_seed,
)
from portal.database import transaction
from portal.errors import (
    ForeignSharesError,
    NoRecoveryWrapError,
    NoSuchPersonError,
    NotRecoverableError,
    RetiredBeforeError,
)
from portal.models import Installation, Person
from portal.people import retire
from portal.recovery import (
    find_recoverable,
    note_use,
    paper_key,
    read_status,
)

LATER = TODAY + dt.timedelta(days=40)


def recipient(session: Session) -> Recipient:
    return Recipient(session.scalar(select(Installation.recovery_recipient)))


def test_two_shares_of_three_give_an_officers_key_back(session: Session) -> None:
    shares, rina = make_shares(session), add_officer(session)
    wrap_for_recovery(session, rina)

    found = find_recoverable(session, " rina  WULANDARI ").recover(shares[1:])

    assert found.reveal() == rina.identity.reveal()
    paper = RecoveryShare.parse(paper_key(found))
    assert combine([paper]).reveal() == rina.identity.reveal()


def test_one_share_gives_nothing_back(session: Session) -> None:
    shares, rina = make_shares(session), add_officer(session)
    wrap_for_recovery(session, rina)

    with pytest.raises(TooFewSharesError):
        find_recoverable(session, rina.person.name).recover([shares[2]])


def test_shares_of_another_portal_give_nothing_back(session: Session) -> None:
    make_shares(session)
    rina = add_officer(session)
    wrap_for_recovery(session, rina)
    foreign = [RecoveryShare.parse(one) for one in split(Identity.generate())]

    with pytest.raises(ForeignSharesError):
        find_recoverable(session, rina.person.name).recover(foreign[:2])


def test_a_custodians_key_is_never_wrapped(session: Session) -> None:
    make_shares(session)
    dewi = add_officer(session, "Dewi Lestari")
    with transaction(session):
        dewi.person.is_officer, dewi.person.is_custodian = False, True

    wrap_for_recovery(session, dewi)

    assert dewi.person.recovery_wrap is None
    with pytest.raises(NoRecoveryWrapError):
        find_recoverable(session, "Dewi Lestari")


def test_who_becomes_a_custodian_loses_the_wrap_and_is_given_nothing(
    session: Session,
) -> None:
    make_shares(session)
    dewi = add_officer(session, "Dewi Lestari")
    wrap_for_recovery(session, dewi)
    with transaction(session):
        dewi.person.is_officer, dewi.person.is_custodian = False, True

    with pytest.raises(NoRecoveryWrapError):
        find_recoverable(session, "Dewi Lestari")

    wrap_for_recovery(session, dewi)
    assert dewi.person.recovery_wrap is None
    assert dewi.person.recovery_fingerprint is None


def test_an_administrators_key_opens_no_case_and_is_not_wrapped(
    session: Session,
) -> None:
    make_shares(session)
    adi = add_officer(session, "Adi Nugroho")
    with transaction(session):
        adi.person.is_officer, adi.person.is_administrator = False, True

    wrap_for_recovery(session, adi)

    assert adi.person.recovery_wrap is None


def test_new_shares_take_the_place_of_the_old_with_the_next_login(
    session: Session,
) -> None:
    old, rina = make_shares(session), add_officer(session)
    wrap_for_recovery(session, rina)
    new = make_shares(session, today=LATER)

    before = find_recoverable(session, rina.person.name)
    wrap_for_recovery(session, rina)
    after = find_recoverable(session, rina.person.name)

    assert before.recover(old[:2]).reveal() == rina.identity.reveal()
    with pytest.raises(ForeignSharesError):
        before.recover(new[:2])
    assert after.recover(new[:2]).reveal() == rina.identity.reveal()
    with pytest.raises(ForeignSharesError):
        after.recover(old[:2])


def test_the_status_says_who_must_log_in_and_whether_the_shares_were_used(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    none_made = read_status(session)
    make_shares(session)
    wrap_for_recovery(session, joko)
    with transaction(session):
        note_use(session, LATER)

    status = read_status(session)

    assert (none_made.is_there, none_made.made_on) == (False, None)
    assert none_made.officers_with == ()
    assert status.fingerprint == recipient(session).fingerprint()
    assert (status.made_on, status.used_on) == (TODAY, LATER)
    assert status.officers_with == (joko.person.name,)
    assert status.officers_without == (rina.person.name,)


def test_new_shares_forget_that_the_old_were_used(session: Session) -> None:
    make_shares(session)
    with transaction(session):
        note_use(session, TODAY)

    make_shares(session, today=LATER)

    status = read_status(session)
    assert (status.made_on, status.used_on) == (LATER, None)
    assert acts_on_record(session) == ["recovery shares made"] * 2


def test_a_key_that_was_changed_meanwhile_is_not_wrapped(session: Session) -> None:
    make_shares(session)
    rina = add_officer(session)

    wrap_for_recovery(session, replace(rina, identity=Identity.generate()))

    assert rina.person.recovery_wrap is None


def test_a_wrap_of_somebody_elses_seed_is_not_taken_for_the_officers(
    session: Session,
) -> None:
    shares, rina = make_shares(session), add_officer(session)
    forged = Identity.generate()
    with transaction(session):
        kept = recipient(session)
        rina.person.recovery_wrap = wrap_seed(forged, kept, holder=rina.person.id)
        rina.person.recovery_fingerprint = kept.fingerprint()

    with pytest.raises(NotRecoverableError):
        find_recoverable(session, rina.person.name).recover(shares[:2])


def test_the_wrap_of_another_officer_is_not_taken(session: Session) -> None:
    shares, rina = make_shares(session), add_officer(session)
    joko = add_officer(session, "Joko Prasetyo")
    wrap_for_recovery(session, rina)
    wrap_for_recovery(session, joko)
    with transaction(session):
        rina.person.recovery_wrap = joko.person.recovery_wrap

    with pytest.raises(NotRecoverableError):
        find_recoverable(session, rina.person.name).recover(shares[:2])


def test_nobody_who_is_unknown_or_has_left_is_recovered(session: Session) -> None:
    make_shares(session)
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    wrap_for_recovery(session, rina)
    retire(session, rina.person.name, TODAY)

    with pytest.raises(RetiredBeforeError):
        find_recoverable(session, rina.person.name)
    with pytest.raises(NoSuchPersonError):
        find_recoverable(session, "Siapa Saja")
    with pytest.raises(NoRecoveryWrapError):
        find_recoverable(session, joko.person.name)


def test_a_wrap_shows_nothing_in_a_log(session: Session) -> None:
    make_shares(session)
    rina = add_officer(session)
    wrap_for_recovery(session, rina)

    shown = repr(find_recoverable(session, rina.person.name))

    assert "_wrap" not in shown


def test_nothing_is_wrapped_while_there_are_no_shares(session: Session) -> None:
    rina = add_officer(session)

    wrap_for_recovery(session, rina)

    found = session.scalars(select(Person)).one()
    assert (found.recovery_wrap, found.recovery_fingerprint) == (None, None)
