"""Returning with a key on paper: the same key, and everything around it new."""

import datetime as dt

import pytest
from builders import (
    TODAY,
    add_officer,
    dump,
    gate_of,
    hand_in,
    make_shares,
    wrap_for_recovery,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from portal import enrolments, recovery, rotation
from portal.cases import Duty
from portal.database import transaction
from portal.enrolments import Enrolment
from portal.errors import NoSuchInvitationError, OtherKeyError, RefusedLoginError
from portal.invitations import find_invited, invite_again
from portal.logins import PassphraseGate
from portal.models import Device, Wrap

NOW = dt.datetime.combine(TODAY, dt.time(10), dt.UTC)
GATE = PassphraseGate(CHEAPEST)


def link_for(session: Session, duty: Duty) -> str:
    return invite_again(session, duty.person.name, today=TODAY)


def begin(session: Session, token: str, duty: Duty) -> Enrolment:
    """Type the own key from paper, and a new passphrase."""
    person = find_invited(session, token, TODAY)
    return enrolments.begin_return(
        person, duty.identity, "perahu-hijau-tidur-siang", GATE, duty.instance
    )


def finish(session: Session, token: str, begun: Enrolment, duty: Duty) -> None:
    code = begun.secret.code(int(NOW.timestamp()) // 30)
    enrolments.enrol(session, token, begun, code, duty.instance, NOW)


def test_what_is_begun_is_kept_in_the_locked_session(session: Session) -> None:
    rina = add_officer(session)
    begun = begin(session, link_for(session, rina), rina)

    again = Enrolment.decode(begun.encode())

    assert again.is_return
    assert again.identity.reveal() == rina.identity.reveal()


def test_cases_seen_counts_and_the_day_of_the_key_stay(session: Session) -> None:
    rina = add_officer(session)
    hand_in(session, rina)
    token, before = link_for(session, rina), dump(session, "people", "invitations")
    seen, since = rina.person.seen_counts, rina.person.key_since

    finish(session, token, begin(session, token, rina), rina)

    assert dump(session, "people", "invitations")["wraps"] == before["wraps"]
    assert (rina.person.seen_counts, rina.person.key_since) == (seen, since)


def test_devices_recovery_codes_and_a_key_that_was_to_follow_are_forgotten(
    session: Session,
) -> None:
    rina = add_officer(session)
    hand_in(session, rina)
    rotation.begin(session, rina, "kapal-layar-ungu-menari", GATE, TODAY)
    rotation.wrap_lot(session, rina, gate_of(session))
    with transaction(session):
        session.add(Device(id=bytes(32), person_id=rina.person.id, since=TODAY))
        rina.person.locked_recovery_codes = bytes(101)
    token = link_for(session, rina)

    finish(session, token, begin(session, token, rina), rina)

    assert session.scalar(select(func.count()).select_from(Device)) == 0
    purposes = set(session.scalars(select(Wrap.purpose)))
    assert purposes == {"case"}
    assert rina.person.locked_recovery_codes not in (None, bytes(101))
    assert rina.person.next_recipient is None


def test_a_key_that_was_changed_between_the_two_steps_is_not_put_back(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    token = link_for(session, rina)
    begun = begin(session, token, rina)
    with transaction(session):
        rina.person.recipient = bytes(joko.identity.recipient)
    before = dump(session)

    with pytest.raises(NoSuchInvitationError):
        finish(session, token, begun, rina)

    assert dump(session) == before


def test_a_wrong_code_uses_nothing_up(session: Session) -> None:
    make_shares(session)
    rina = add_officer(session)
    wrap_for_recovery(session, rina)
    token = link_for(session, rina)
    begun, before = begin(session, token, rina), dump(session)

    with pytest.raises(RefusedLoginError):
        enrolments.enrol(session, token, begun, "000000", rina.instance, NOW)

    assert dump(session) == before
    finish(session, token, begun, rina)
    assert recovery.read_status(session).used_on == TODAY


def test_somebody_elses_key_is_refused(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    token = link_for(session, rina)

    with pytest.raises(OtherKeyError):
        begin(session, token, joko)


def test_a_link_lets_nobody_in_twice(session: Session) -> None:
    rina = add_officer(session)
    token = link_for(session, rina)
    begun = begin(session, token, rina)
    finish(session, token, begun, rina)

    with pytest.raises(NoSuchInvitationError):
        finish(session, token, begun, rina)
