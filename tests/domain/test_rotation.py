"""A key is changed: every case reads under the new one, and none under the old."""

import datetime as dt
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from builders import (
    TODAY,
    acts_on_record,
    add_officer,
    dump,
    for_officer,
    gate_of,
    hand_in,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import (
    CaseCode,
    Identity,
    LockedIdentity,
    NotYoursError,
    OneTimeSecret,
    RecoveryCodes,
    unlock_next,
    unwrap_case_key,
    wrap_case_key,
)
from portal import cases, desk, key_hand_overs, rotation, seen, sessions
from portal.cases import Duty
from portal.database import transaction
from portal.desk import Filters
from portal.errors import (
    KeyChangedError,
    NoRotationError,
    NoSuchCaseError,
    NotAdmittedError,
    RotationBegunError,
)
from portal.logins import PassphraseGate
from portal.models import Case, KeyHandOver, Person, Wrap
from portal.models import Session as SessionRow
from portal.people import retire
from portal.sessions import Cookie, Standing, Visit

GATE = PassphraseGate(CHEAPEST)
NEW = "perahu-kecil-biru-di-teluk"
LATER = TODAY + dt.timedelta(days=3)


def begin(session: Session, duty: Duty) -> None:
    rotation.begin(session, duty, NEW, GATE, TODAY)


def rotate(session: Session, duty: Duty) -> Duty:
    """Change an officer's key from beginning to end."""
    begin(session, duty)
    rotation.wrap_lot(session, duty, gate_of(session))
    return finished(session, duty)


def finished(session: Session, duty: Duty) -> Duty:
    identity = rotation.finish(session, duty, LATER, gate=gate_of(session))
    return Duty(the_person(session, duty), identity, duty.instance)


def the_person(session: Session, duty: Duty) -> Person:
    session.rollback()
    return session.get_one(Person, duty.person.id, populate_existing=True)


def wraps(session: Session, duty: Duty, purpose: str) -> int:
    session.rollback()
    found = select(func.count()).where(
        Wrap.holder_id == duty.person.id, Wrap.purpose == purpose
    )
    return session.scalars(found).one()


def opens_any(session: Session, duty: Duty) -> bool:
    """Tell whether an identity opens a single wrap of its holder."""
    session.rollback()
    rows = session.execute(
        select(Wrap.wrap, Case.mask, Case.id)
        .join(Case, Case.id == Wrap.case_id)
        .where(Wrap.holder_id == duty.person.id)
    ).all()
    assert rows
    return any(opens(wrap, mask, case_id, duty) for wrap, mask, case_id in rows)


def opens(wrap: bytes, mask: bytes, case_id: bytes, duty: Duty) -> bool:
    who = {"case_id": case_id, "holder": duty.person.id}
    try:
        unwrap_case_key(wrap, mask, duty.identity, **who, instance=duty.instance)
    except NotYoursError:
        return False
    return True


def give_secrets(session: Session, duty: Duty) -> OneTimeSecret:
    """Give an officer a phone, recovery codes, and what was recovered once."""
    secret, (codes, _shown) = OneTimeSecret.generate(), RecoveryCodes.generate()
    who = {"holder": duty.person.id, "instance": duty.instance}
    with transaction(session):
        person = session.get_one(Person, duty.person.id)
        person.locked_one_time = secret.lock(duty.identity, **who)
        person.locked_recovery_codes = codes.lock(duty.identity, **who)
        person.recovery_wrap, person.recovery_fingerprint = bytes(1169), "AAAA"
    return secret


def test_every_case_reads_under_the_new_key_and_none_under_the_old(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    codes = [hand_in(session, rina, others=(joko,)) for _ in range(3)]

    new = rotate(session, rina)

    assert [for_officer(session, code, new).key for code in codes]
    assert not opens_any(session, rina)
    assert wraps(session, new, "case") == 3
    assert wraps(session, new, "next") == 0


def test_a_dummy_becomes_a_dummy(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, others=(joko,))

    new = rotate(session, joko)

    assert opens_any(session, new)
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, new)


def test_what_is_the_officers_own_goes_along(session: Session) -> None:
    rina = add_officer(session)
    secret = give_secrets(session, rina)
    code = hand_in(session, rina)
    seen.look(session, rina, for_officer(session, code, rina).case.id)
    desk.list_cases(session, rina, Filters())

    new = rotate(session, rina)

    who = {"holder": new.person.id, "instance": new.instance}
    locked = new.person.locked_one_time or b""
    codes = RecoveryCodes.unlock(
        new.person.locked_recovery_codes or b"", new.identity, **who
    )
    assert OneTimeSecret.unlock(locked, new.identity, **who).reveal() == secret.reveal()
    assert codes.left == 10
    (line,) = desk.list_cases(session, new, Filters()).lines
    assert not line.is_new
    assert (new.person.recovery_wrap, new.person.recovery_fingerprint) == (None, None)
    assert new.person.key_since == LATER


def test_the_new_passphrase_opens_the_new_key_and_the_old_record_is_gone(
    session: Session,
) -> None:
    rina = add_officer(session)

    new = rotate(session, rina)

    locked = LockedIdentity(new.person.locked_identity or b"")
    who = {"holder": new.person.id, "instance": new.instance, "cost": CHEAPEST}
    assert locked.unlock(NEW, **who).reveal() == new.identity.reveal()
    assert new.person.recipient == bytes(new.identity.recipient)
    assert new.person.next_locked_seed is None


def test_every_session_of_before_ends(session: Session) -> None:
    rina = add_officer(session)
    visit = Visit(Standing.AT_WORK, 2**33, person_id=rina.person.id)
    sessions.begin(session, visit, Cookie.generate(), rina.instance)

    rotate(session, rina)

    assert session.scalars(select(SessionRow)).all() == []


def test_until_it_is_finished_the_old_key_opens_everything(session: Session) -> None:
    rina = add_officer(session)
    codes = [hand_in(session, rina) for _ in range(3)]

    begin(session, rina)
    rotation.wrap_lot(session, rina, gate_of(session))

    assert [for_officer(session, code, rina).key for code in codes]
    assert rotation.find_progress(session, rina) == rotation.Progress(3, 3)
    assert rina.person.recipient == bytes(rina.identity.recipient)


def test_it_goes_on_where_it_was_broken_off(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "LOT", 2)
    rina = add_officer(session)
    codes = [hand_in(session, rina) for _ in range(5)]
    begin(session, rina)

    first = rotation.wrap_lot(session, rina, gate_of(session))
    again = rotation.wrap_lot(session, rina, gate_of(session))

    assert (first.is_last, again.is_last) == (False, False)
    assert rotation.find_progress(session, rina) == rotation.Progress(4, 5)
    assert not rotation.Progress(4, 5).is_whole
    assert rotation.wrap_lot(session, rina, gate_of(session), again.reached).is_last
    new = finished(session, rina)
    assert [for_officer(session, code, new).key for code in codes]


def test_a_report_that_came_in_meanwhile_is_caught_up(session: Session) -> None:
    rina = add_officer(session)
    hand_in(session, rina)
    begin(session, rina)
    rotation.wrap_lot(session, rina, gate_of(session))

    code = hand_in(session, rina)
    new = finished(session, rina)

    assert for_officer(session, code, new).key


def test_a_case_whose_wraps_were_re_made_meanwhile_reads(session: Session) -> None:
    """Whoever re-makes a wrap need not know of a rotation: its row no longer fits."""
    rina = add_officer(session)
    code = hand_in(session, rina)
    begin(session, rina)
    rotation.wrap_lot(session, rina, gate_of(session))

    re_make(session, code, rina)
    new = finished(session, rina)

    assert for_officer(session, code, new).key


def re_make(session: Session, code: CaseCode, duty: Duty) -> None:
    """Wrap the key of a case anew, under another mask, as a recusal does."""
    opened = for_officer(session, code, duty)
    kept = wrap_case_key(
        opened.key,
        case_id=opened.case.id,
        readers={duty.person.id: duty.identity.recipient},
        others={},
    )
    with transaction(session):
        case = session.get_one(Case, opened.case.id, populate_existing=True)
        case.mask = kept.mask
        wrap = session.get_one(Wrap, (case.id, duty.person.id, "case"))
        wrap.wrap = kept.wraps[duty.person.id]


def test_a_damaged_wrap_holds_up_nothing(session: Session) -> None:
    rina = add_officer(session)
    code, damaged = hand_in(session, rina), hand_in(session, rina)
    case_id = for_officer(session, damaged, rina).case.id
    with transaction(session):
        session.get_one(Wrap, (case_id, rina.person.id, "case")).wrap = bytes(1201)

    new = rotate(session, rina)

    assert for_officer(session, code, new).key
    with pytest.raises(NoSuchCaseError):
        for_officer(session, damaged, new)


def test_a_flood_of_strangers_does_not_keep_an_officer_from_it(
    session: Session,
) -> None:
    rina, gate = add_officer(session), PassphraseGate(CHEAPEST)
    is_over, turned_away = threading.Event(), threading.Event()

    def wait_in_line() -> None:
        try:
            with gate.admitted():
                is_over.wait(10)
        except NotAdmittedError:
            # The line is full: the officer may come.
            turned_away.set()

    with ThreadPoolExecutor(6) as pool:
        for _stranger in range(6):
            pool.submit(wait_in_line)
        turned_away.wait(10)
        threading.Timer(0.1, is_over.set).start()
        rotation.begin(session, rina, NEW, gate, TODAY)

    assert the_person(session, rina).next_recipient


def test_it_is_begun_once(session: Session) -> None:
    rina = add_officer(session)
    begin(session, rina)
    before = the_person(session, rina).next_recipient

    with pytest.raises(RotationBegunError):
        begin(session, rina)

    assert the_person(session, rina).next_recipient == before


def test_broken_off_it_leaves_nothing_and_can_be_begun_again(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    begin(session, rina)
    rotation.wrap_lot(session, rina, gate_of(session))

    rotation.abandon(session, rina, TODAY)

    assert wraps(session, rina, "next") == 0
    assert rotation.find_progress(session, rina) is None
    with pytest.raises(NoRotationError):
        rotation.finish(session, rina, TODAY, gate=gate_of(session))
    new = rotate(session, rina)
    assert for_officer(session, code, new).key


def test_a_session_with_the_key_of_before_changes_nothing(session: Session) -> None:
    rina = add_officer(session)
    hand_in(session, rina)
    new = rotate(session, rina)
    before = dump(session)

    for act in (
        lambda: begin(session, rina),
        lambda: rotation.wrap_lot(session, rina, gate_of(session)),
        lambda: rotation.finish(session, rina, TODAY, gate=gate_of(session)),
        lambda: rotation.abandon(session, rina, TODAY),
    ):
        with pytest.raises(KeyChangedError):
            act()

    assert dump(session) == before
    assert new.person.next_recipient is None


def test_who_retired_in_the_middle_changes_nothing_any_more(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    begin(session, rina)

    retire(session, rina.person.name, TODAY)

    with pytest.raises(KeyChangedError):
        rotation.finish(session, rina, TODAY, gate=gate_of(session))
    assert for_officer(session, code, joko).key


def test_the_record_says_that_the_key_changed(session: Session) -> None:
    rina = add_officer(session)

    rotate(session, rina)

    assert acts_on_record(session)[-2:] == ["key change begun", "key changed"]


def test_who_has_no_case_yet_changes_the_key_too(session: Session) -> None:
    rina = add_officer(session)

    new = rotate(session, rina)
    code = hand_in(session, new)

    assert for_officer(session, code, new).key


def test_what_waits_to_be_taken_up_is_asked_for_again(session: Session) -> None:
    """It was wrapped to the key of before, which opens nothing any more."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, joko)
    with transaction(session):
        key_hand_overs.ask_colleagues(session, joko.person)
    end = joko.identity.recipient.fingerprint()[-9:]
    key_hand_overs.begin(session, rina, joko.person.id, end, TODAY)
    key_hand_overs.give_lot(session, rina, joko.person.id)

    new = rotate(session, joko)

    asked = key_hand_overs.find_asked(session, rina, joko.person.id)
    assert not asked.is_begun
    assert not asked.is_done
    assert [*session.scalars(select(KeyHandOver.is_done))] == [False]
    assert (
        session.scalars(select(Wrap).where(Wrap.purpose.startswith("g-"))).all() == []
    )
    assert cases.find_present(session, new)


def test_a_next_row_alone_opens_nothing_without_the_present_seed(
    session: Session,
) -> None:
    rina = add_officer(session)
    hand_in(session, rina)
    begin(session, rina)
    rotation.wrap_lot(session, rina, gate_of(session))
    person = the_person(session, rina)

    stranger = Identity(secrets.token_bytes(32))

    with pytest.raises(NotYoursError):
        unlock_next(
            person.next_locked_seed or b"",
            stranger,
            holder=person.id,
            instance=rina.instance,
        )


def test_a_recipient_put_into_the_row_gets_nothing(session: Session) -> None:
    rina, thief = add_officer(session), Identity.generate()
    code = hand_in(session, rina)
    begin(session, rina)
    with transaction(session):
        person = session.get_one(Person, rina.person.id)
        person.next_recipient = bytes(thief.recipient)

    rotation.wrap_lot(session, rina, gate_of(session))
    new = finished(session, rina)

    stolen = Duty(new.person, thief, rina.instance)
    assert not opens_any(session, stolen)
    assert new.person.recipient == bytes(new.identity.recipient)
    assert for_officer(session, code, new).key
