"""Officers: invited once, enrolled with two factors, and each code used once."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from builders import (
    TODAY,
    acts_on_record,
    add_officer,
    dump,
    for_officer,
    hand_in,
    the_case,
)
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import Identity, OneTimeSecret
from portal import enrolments, invitations, logins
from portal.cases import Duty
from portal.database import Database, find_instance_id, open_database, transaction
from portal.enrolments import Enrolment
from portal.errors import (
    NameTakenError,
    NoSuchCaseError,
    NoSuchInvitationError,
    NotAdmittedError,
    RefusedLoginError,
)
from portal.logins import PassphraseGate, Verdict
from portal.models import Person, Wrap
from portal.passphrases import is_guessable, is_too_short
from portal.people import fold_name
from portal.roles import Role
from portal.roster import list_officers
from portal.settings import Settings

NOW = dt.datetime(2026, 12, 7, 10, 0, tzinfo=dt.UTC)
STEP = int(NOW.timestamp()) // 30
PASSPHRASE = "kapal-layar-ungu-menari-pelan"
GATE = PassphraseGate(CHEAPEST)


def invite(session: Session, name: str = "Rina Wulandari") -> str:
    return invitations.invite(
        session,
        name,
        position="Auditor",
        unit="Sekretariat",
        roles=frozenset({Role.OFFICER}),
        today=TODAY,
    )


def begin(session: Session, token: str, name: str = "") -> Enrolment:
    """Open an invitation and choose a passphrase."""
    officer = invitations.find_invited(session, token, TODAY)
    return enrolments.begin_enrolment(
        session,
        officer,
        PASSPHRASE,
        GATE,
        find_instance_id(session),
        name=name or officer.name,
        position="Auditor",
        unit="Sekretariat",
    )


def confirm(
    session: Session,
    token: str,
    enrolment: Enrolment,
    code: str = "",
    now: dt.datetime = NOW,
) -> None:
    instance = find_instance_id(session)
    code = code or enrolment.secret.code(int(now.timestamp()) // 30)
    enrolments.enrol(session, token, enrolment, code, instance, now)


def enrolled(session: Session, name: str = "Rina Wulandari") -> OneTimeSecret:
    """Invite and enrol a person; return what the phone knows."""
    token = invite(session, name)
    enrolment = begin(session, token)
    confirm(session, token, enrolment)
    return enrolment.secret


def judge(session: Session, name: str, passphrase: str = PASSPHRASE) -> Verdict:
    instance = find_instance_id(session)
    return logins.check_passphrase(session, name, passphrase, GATE, instance)


def log_in(session: Session, verdict: Verdict, code: str, step: int) -> Person:
    now = dt.datetime.fromtimestamp(step * 30, dt.UTC)
    return logins.log_in(session, verdict, code, find_instance_id(session), now)


def test_an_invited_person_becomes_an_officer(session: Session) -> None:
    secret = enrolled(session)

    officer = log_in(
        session, judge(session, "rina  WULANDARI"), secret.code(STEP + 1), STEP + 1
    )

    assert officer.name == "Rina Wulandari"
    assert acts_on_record(session) == ["invited", "enrolled", "logged in"]
    assert [one.name for one in list_officers(session)] == ["Rina Wulandari"]


def test_an_invitation_is_used_once(session: Session) -> None:
    token = invite(session)
    enrolment = begin(session, token)
    confirm(session, token, enrolment)

    with pytest.raises(NoSuchInvitationError):
        confirm(session, token, enrolment, now=NOW + dt.timedelta(minutes=5))


@pytest.mark.parametrize("days", [0, 3])
def test_an_invitation_holds_for_three_days(session: Session, days: int) -> None:
    token = invite(session)

    found = invitations.find_invited(session, token, TODAY + dt.timedelta(days=days))

    assert found.name == "Rina Wulandari"


def test_an_older_invitation_is_over(session: Session) -> None:
    token = invite(session)

    with pytest.raises(NoSuchInvitationError):
        invitations.find_invited(session, token, TODAY + dt.timedelta(days=4))


@pytest.mark.parametrize("token", ["", "unknown", "\N{BULLET}" * 43])
def test_an_unknown_invitation_is_refused(session: Session, token: str) -> None:
    invite(session)

    with pytest.raises(NoSuchInvitationError):
        invitations.find_invited(session, token, TODAY)


def test_inviting_again_makes_a_fresh_link_and_ends_the_old(session: Session) -> None:
    old = invite(session)

    new = invite(session, "RINA wulandari")

    assert invitations.find_invited(session, new, TODAY).name == "RINA wulandari"
    with pytest.raises(NoSuchInvitationError):
        invitations.find_invited(session, old, TODAY)


def test_a_link_of_another_person_enrols_nobody(session: Session) -> None:
    mine, theirs = invite(session), invite(session, "Joko Prasetyo")
    enrolment = begin(session, mine)

    with pytest.raises(NoSuchInvitationError):
        confirm(session, theirs, enrolment)

    assert list_officers(session) == ()


def test_the_invitations_token_is_not_stored(session: Session) -> None:
    token = invite(session)

    assert token not in str(dump(session))


def test_an_enrolled_name_is_not_invited_again(session: Session) -> None:
    enrolled(session)

    with pytest.raises(NameTakenError):
        invite(session, " rina   wulandari ")


def test_nobody_enrols_under_another_officers_name(session: Session) -> None:
    enrolled(session)
    token = invite(session, "Joko Prasetyo")

    with pytest.raises(NameTakenError):
        begin(session, token, name="Rina Wulandari")


def test_a_wrong_first_code_enrols_nobody(session: Session) -> None:
    token = invite(session)
    enrolment = begin(session, token)

    with pytest.raises(RefusedLoginError):
        confirm(session, token, enrolment, code=enrolment.secret.code(STEP + 100))

    assert logins.has_nobody_enrolled(session)
    assert invitations.find_invited(session, token, TODAY)


def test_who_joins_later_gets_a_dummy_for_every_case(session: Session) -> None:
    rina = add_officer(session)
    codes = [hand_in(session, rina) for _ in range(3)]
    token = invite(session, "Joko Prasetyo")
    enrolment = begin(session, token)

    confirm(session, token, enrolment)

    ids = [the_case(session, code).id for code in codes]
    holder = enrolment.person_id
    assert all(session.get(Wrap, (case, holder, "case")) for case in ids)
    assert for_officer(session, codes[0], rina)


def test_a_dummy_opens_nothing(session: Session) -> None:
    code = hand_in(session, add_officer(session))
    token = invite(session, "Joko Prasetyo")
    enrolment = begin(session, token)
    confirm(session, token, enrolment)
    officer = session.get_one(Person, enrolment.person_id)

    joko = Duty(officer, enrolment.identity, find_instance_id(session))

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)


def test_the_enrolment_reads_as_it_was_written(session: Session) -> None:
    enrolment = begin(session, invite(session))

    same = Enrolment.decode(enrolment.encode())

    assert same.encode() == enrolment.encode()
    assert bytes(same.identity.recipient) == bytes(enrolment.identity.recipient)


@pytest.mark.parametrize("step", [STEP - 1, STEP])
def test_a_code_that_was_used_or_an_earlier_one_is_refused(
    session: Session, step: int
) -> None:
    secret = enrolled(session)
    verdict = judge(session, "Rina Wulandari")

    with pytest.raises(RefusedLoginError):
        log_in(session, verdict, secret.code(step), STEP)


def test_a_code_logs_in_once(session: Session) -> None:
    secret = enrolled(session)
    verdict = judge(session, "Rina Wulandari")
    log_in(session, verdict, secret.code(STEP + 1), STEP + 1)

    with pytest.raises(RefusedLoginError):
        log_in(session, verdict, secret.code(STEP + 1), STEP + 1)

    assert acts_on_record(session).count("logged in") == 1


def test_one_code_sent_eight_times_at_once_logs_in_once(
    session: Session, settings: Settings
) -> None:
    secret = enrolled(session)
    verdict, code = judge(session, "Rina Wulandari"), secret.code(STEP + 1)
    session.rollback()
    database = open_database(settings.instance)
    together = threading.Barrier(8)

    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit(log_in_with, database, together, verdict, code) for _ in "8" * 8
        ]
    database.engine.dispose()

    assert [one.result() for one in tries].count(True) == 1


def log_in_with(
    database: Database, together: threading.Barrier, verdict: Verdict, code: str
) -> bool:
    """Log in on a connection of one's own, at the same moment as others."""
    with database.sessions() as own:
        together.wait()
        try:
            log_in(own, verdict, code, STEP + 1)
        except RefusedLoginError:
            return False
    return True


@pytest.mark.parametrize("code", ["", "000000x", "\N{ARABIC-INDIC DIGIT ONE}" * 6, "1"])
def test_what_is_no_code_logs_nobody_in(session: Session, code: str) -> None:
    enrolled(session)
    before = dump(session)

    with pytest.raises(RefusedLoginError):
        log_in(session, judge(session, "Rina Wulandari"), code, STEP + 1)

    assert dump(session) == before


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("Nobody Known", PASSPHRASE),
        ("Rina Wulandari", "another-passphrase-altogether"),
        ("", ""),
        ("Rina Wulandari", "\x00" * 20),
        ("Rina Wulandari", "kata sandi " * 500),
    ],
)
def test_a_wrong_name_or_passphrase_says_nothing_until_the_second_factor(
    session: Session, name: str, passphrase: str
) -> None:
    secret = enrolled(session)

    verdict = judge(session, name, passphrase)

    assert verdict == Verdict()
    with pytest.raises(RefusedLoginError):
        log_in(session, verdict, secret.code(STEP + 1), STEP + 1)


def test_a_retired_officer_does_not_come_in(session: Session) -> None:
    secret = enrolled(session)
    verdict = judge(session, "Rina Wulandari")
    with transaction(session):
        session.get_one(Person, verdict.person_id).retired_on = TODAY

    with pytest.raises(RefusedLoginError):
        log_in(session, verdict, secret.code(STEP + 1), STEP + 1)

    assert judge(session, "Rina Wulandari") == Verdict()
    assert list_officers(session) == ()


def test_an_invited_person_who_has_not_enrolled_cannot_log_in(session: Session) -> None:
    invite(session)

    assert judge(session, "Rina Wulandari") == Verdict()
    assert logins.has_nobody_enrolled(session)


def test_officers_are_listed_inside_first_by_name(session: Session) -> None:
    add_officer(session, "Yusuf", is_outside=True)
    add_officer(session, "Rina")
    add_officer(session, "Agus", is_outside=True)
    add_officer(session, "Joko")

    names = [officer.name for officer in list_officers(session)]

    assert names == ["Joko", "Rina", "Agus", "Yusuf"]


def test_one_spelling_of_a_name_is_compared() -> None:
    assert fold_name("  Rina\tWULANDARI ") == fold_name("rina wulandari")


def test_who_comes_to_a_full_line_is_sent_away() -> None:
    gate = PassphraseGate(CHEAPEST)
    done = threading.Event()
    waiting = [
        threading.Thread(target=wait_inside, args=(gate, done)) for _ in range(5)
    ]
    _ = [thread.start() for thread in waiting]  # type: ignore[func-returns-value]

    with pytest.raises(NotAdmittedError):
        wait_inside(gate, done)

    done.set()
    _ = [thread.join() for thread in waiting]  # type: ignore[func-returns-value]
    wait_inside(gate, done)


def wait_inside(gate: PassphraseGate, done: threading.Event) -> None:
    with gate.admitted():
        done.wait(10)


@pytest.mark.parametrize("passphrase", ["", "a" * 13, "kapal layar"])
def test_a_short_passphrase_is_refused(passphrase: str) -> None:
    assert is_too_short(passphrase)


@pytest.mark.parametrize(
    "passphrase",
    [
        *("passwordpassword", "12345678901234", "rahasiarahasia"),
        *("a" * 40, "WulandariWulandari", "qwertyuiopasdf"),
    ],
)
def test_a_passphrase_that_is_tried_first_is_refused(passphrase: str) -> None:
    assert is_guessable(passphrase, "Rina Wulandari", "Auditor")


def test_several_unrelated_words_are_a_passphrase() -> None:
    assert not is_too_short(PASSPHRASE)
    assert not is_guessable(PASSPHRASE, "Rina Wulandari")


def test_logging_out_is_on_record(session: Session) -> None:
    rina = add_officer(session)

    logins.log_out(session, rina.person, TODAY)

    assert acts_on_record(session) == ["logged out"]


def test_an_identity_of_another_person_is_not_taken_for_the_passphrases(
    session: Session,
) -> None:
    enrolled(session)

    verdict = judge(session, "Rina Wulandari")

    officer = session.get_one(Person, verdict.person_id)
    assert bytes(Identity(verdict.seed).recipient) == officer.recipient
