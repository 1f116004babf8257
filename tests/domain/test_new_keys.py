"""A new key for who lost the passphrase: by a one-time link, with nothing of the old."""

import datetime as dt

import pytest
from builders import TODAY, acts_on_record, add_officer, dump, gate_of, hand_in
from click.testing import CliRunner
from people import Officer
from sqlalchemy import select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import Cookie, NotYoursError, OneTimeSecret, RecoveryCodes, unwrap_case_key
from portal import enrolments, invitations, key_hand_overs, logins, rotation, sessions
from portal.cases import Duty
from portal.cli import main
from portal.database import transaction
from portal.enrolments import Enrolment
from portal.errors import (
    KeyChangedError,
    NoSuchInvitationError,
    NoSuchPersonError,
    NotEnrolledError,
    RefusedLoginError,
    RetiredBeforeError,
)
from portal.logins import PassphraseGate
from portal.models import Case, Device, KeyHandOver, Person, Wrap
from portal.models import Session as SessionRow
from portal.people import retire
from portal.roles import Role
from portal.sessions import Standing, Visit
from portal.settings import Settings

NOW = dt.datetime(2026, 12, 9, 10, 0, tzinfo=dt.UTC)
STEP = int(NOW.timestamp()) // 30
NEW = "perahu-kecil-biru-di-teluk"
GATE = PassphraseGate(CHEAPEST)


def offer(session: Session, duty: Duty) -> str:
    return invitations.invite_again(session, duty.person.name, today=TODAY)


def begin(session: Session, token: str, duty: Duty) -> Enrolment:
    person = invitations.find_invited(session, token, TODAY)
    return enrolments.begin_enrolment(
        session,
        person,
        NEW,
        GATE,
        duty.instance,
        name=person.name,
        position=person.position,
        unit=person.unit,
    )


def confirm(session: Session, token: str, enrolment: Enrolment, duty: Duty) -> Duty:
    code = enrolment.secret.code(STEP)
    enrolments.enrol(session, token, enrolment, code, duty.instance, NOW)
    session.rollback()
    person = session.get_one(Person, duty.person.id, populate_existing=True)
    return Duty(person, enrolment.identity, duty.instance)


def take(session: Session, duty: Duty) -> Duty:
    """Get a link and use it."""
    token = offer(session, duty)
    return confirm(session, token, begin(session, token, duty), duty)


def opened(session: Session, duty: Duty) -> list[bool]:
    """Tell of each wrap of a holder whether it is one of this identity's."""
    session.rollback()
    rows = session.execute(
        select(Wrap.wrap, Case.mask, Case.id)
        .join(Case, Case.id == Wrap.case_id)
        .where(Wrap.holder_id == duty.person.id)
    )
    return [opens(*row, duty) for row in rows]


def opens(wrap: bytes, mask: bytes, case_id: bytes, duty: Duty) -> bool:
    who = {"case_id": case_id, "holder": duty.person.id}
    try:
        unwrap_case_key(wrap, mask, duty.identity, **who, instance=duty.instance)
    except NotYoursError:
        return False
    return True


def give_all_there_is(session: Session, duty: Duty) -> None:
    """Give an officer a session, a device, codes, and a wrap for recovery."""
    codes, _shown = RecoveryCodes.generate()
    who = {"holder": duty.person.id, "instance": duty.instance}
    with transaction(session):
        person = session.get_one(Person, duty.person.id)
        person.locked_one_time = OneTimeSecret.generate().lock(duty.identity, **who)
        person.locked_recovery_codes = codes.lock(duty.identity, **who)
        person.recovery_wrap, person.recovery_fingerprint = bytes(1169), "AAAA"
        person.opened_keys = b"kept"
        session.add(Device(id=bytes(32), person_id=duty.person.id, since=TODAY))
    visit = Visit(Standing.AT_WORK, 2**33, person_id=duty.person.id)
    sessions.begin(session, visit, Cookie.generate(), duty.instance)


def test_the_person_stays_and_the_key_is_another(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, joko)
    hand_in(session, rina, others=(joko,))
    added_on = joko.person.added_on

    new = take(session, joko)

    assert new.person.recipient == bytes(new.identity.recipient)
    assert (new.person.added_on, new.person.key_since) == (added_on, NOW.date())
    assert opened(session, new) == [True, True]
    assert opened(session, joko) == [False, False]
    assert acts_on_record(session)[-2:] == ["new key offered", "new key taken"]


def test_nothing_of_the_old_key_is_left(session: Session) -> None:
    add_officer(session)
    joko = add_officer(session, "Joko Prasetyo")
    give_all_there_is(session, joko)
    rotation.begin(session, joko, NEW, GATE, TODAY)

    new = take(session, joko)

    person = new.person
    assert person.opened_keys is person.recovery_wrap is None
    assert person.recovery_fingerprint is None
    assert person.next_recipient is person.next_locked_identity is None
    assert person.next_locked_seed is None
    assert session.scalars(select(Device)).all() == []
    assert session.scalars(select(SessionRow)).all() == []
    with pytest.raises(KeyChangedError):
        rotation.finish(session, joko, TODAY, gate=gate_of(session))


def test_until_the_link_is_used_everything_stays_as_it_is(session: Session) -> None:
    joko = add_officer(session, "Joko Prasetyo")
    give_all_there_is(session, joko)
    before = dump(session, "invitations", "audit")

    token = offer(session, joko)
    begin(session, token, joko)

    assert dump(session, "invitations", "audit") == before


def test_the_link_is_used_once_and_a_later_one_replaces_it(session: Session) -> None:
    joko = add_officer(session, "Joko Prasetyo")
    first, second = offer(session, joko), offer(session, joko)
    with pytest.raises(NoSuchInvitationError):
        begin(session, first, joko)
    enrolment = begin(session, second, joko)
    confirm(session, second, enrolment, joko)

    with pytest.raises(NoSuchInvitationError):
        confirm(session, second, enrolment, joko)


@pytest.mark.parametrize("fault", ["altered", "expired"])
def test_a_link_that_is_altered_or_too_old_opens_nothing(
    session: Session, fault: str
) -> None:
    joko = add_officer(session, "Joko Prasetyo")
    token = offer(session, joko)
    typed = {"altered": f"{token[:-1]}-", "expired": token}[fault]
    day = {"altered": TODAY, "expired": TODAY + dt.timedelta(days=4)}[fault]

    with pytest.raises(NoSuchInvitationError):
        invitations.find_invited(session, typed, day)


def test_a_wrong_code_from_the_phone_changes_nothing(session: Session) -> None:
    joko = add_officer(session, "Joko Prasetyo")
    token = offer(session, joko)
    enrolment = begin(session, token, joko)
    before = dump(session)

    with pytest.raises(RefusedLoginError):
        enrolments.enrol(session, token, enrolment, "000000", joko.instance, NOW)

    assert dump(session) == before


def test_only_who_has_a_key_and_is_at_work_is_offered_another(
    session: Session,
) -> None:
    add_officer(session)
    joko = add_officer(session, "Joko Prasetyo")
    post = {"position": "", "unit": "", "roles": frozenset({Role.OFFICER})}
    invitations.invite(session, "Yusuf Hidayat", **post, today=TODAY)
    retire(session, joko.person.name, TODAY)

    with pytest.raises(NotEnrolledError):
        invitations.invite_again(session, "Yusuf Hidayat", today=TODAY)
    with pytest.raises(RetiredBeforeError):
        offer(session, joko)
    with pytest.raises(NoSuchPersonError):
        invitations.invite_again(session, "Siapa", today=TODAY)


def test_retiring_withdraws_the_link(session: Session) -> None:
    add_officer(session)
    joko = add_officer(session, "Joko Prasetyo")
    token = offer(session, joko)

    retire(session, joko.person.name, TODAY)

    with pytest.raises(NoSuchInvitationError):
        begin(session, token, joko)


def test_the_new_passphrase_logs_in(session: Session) -> None:
    joko = add_officer(session, "Joko Prasetyo")
    new = take(session, joko)

    verdict = logins.check_passphrase(session, "Joko Prasetyo", NEW, GATE, new.instance)

    assert verdict.seed == new.identity.reveal()


def test_every_colleague_is_asked_and_who_comes_later_is_not(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)

    new = take(session, joko)
    siti = add_officer(session, "Siti Aminah")

    asked = [key_hand_overs.list_asked(session, duty) for duty in (rina, yusuf, siti)]
    assert [[one.name for one in people] for people in asked] == [
        ["Joko Prasetyo"],
        ["Joko Prasetyo"],
        [],
    ]
    assert key_hand_overs.list_asked(session, new) == ()


def test_who_gets_a_new_key_owes_nobody_anything(session: Session) -> None:
    """What was to be handed over is not readable any more."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    take(session, joko)

    take(session, rina)

    givers = session.scalars(select(KeyHandOver.giver_id)).all()
    assert givers == [joko.person.id]


def test_a_case_that_comes_in_while_dummies_are_made_gets_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    monkeypatch.setattr(enrolments, "prepare_dummies", lambda *_: {})
    hand_in(session, rina, joko)

    new = take(session, joko)

    assert opened(session, new) == [True]


def test_the_command_prints_a_link_and_refuses_in_one_sentence(
    settings: Settings, officer: Officer
) -> None:
    here = CliRunner(env={"LURUS_INSTANCE": str(settings.instance)})

    done = here.invoke(main, ["people", "new-key", "rina wulandari"])
    unknown = here.invoke(main, ["people", "new-key", "Siapa"])

    assert done.exit_code == 0
    assert done.stdout.startswith("http://localhost/office/invite/")
    assert "Hand it over in person" in done.stderr
    assert officer.get("/office/").status_code == 200
    assert unknown.exit_code == 1
    assert len(unknown.stderr.strip().splitlines()) == 1
