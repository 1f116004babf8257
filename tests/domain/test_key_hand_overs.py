"""Colleagues hand cases on to a new key, and nobody gains a case thereby."""

import secrets
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from builders import (
    TODAY,
    a_report,
    acts_on_record,
    add_officer,
    dump,
    for_officer,
    hand_in,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import CaseCode, Identity, Key, seal
from portal import key_hand_overs, new_keys, taking_up
from portal.cases import Duty
from portal.database import open_database, transaction
from portal.errors import (
    KeyChangedError,
    NoHandOverError,
    NoSuchCaseError,
    OtherFingerprintError,
)
from portal.models import Case, Message, Person, Wrap
from portal.people import retire
from portal.reader_sheets import ReaderSheet
from portal.reports import Report
from portal.settings import Settings
from portal.threads import first_place


def a_new_key(session: Session, duty: Duty) -> Duty:
    """Give an officer another key, as a one-time link does."""
    identity = Identity.generate()
    ready = new_keys.prepare_dummies(session, duty.person, identity.recipient)
    with transaction(session):
        person = session.get_one(Person, duty.person.id, populate_existing=True)
        new_keys.forget_old_key(session, person)
        person.recipient = bytes(identity.recipient)
        new_keys.give_dummies(session, person, ready)
    return Duty(person, identity, duty.instance)


def end_of(duty: Duty) -> str:
    """Return what the holder of a key reads out."""
    return duty.identity.recipient.fingerprint()[-9:]


def hand_over(session: Session, giver: Duty, receiver: Duty) -> None:
    key_hand_overs.begin(session, giver, receiver.person.id, end_of(receiver), TODAY)
    while not key_hand_overs.give_lot(session, giver, receiver.person.id):
        pass


def take_up(session: Session, duty: Duty) -> None:
    after, is_last = b"", False
    while not is_last:
        lot = taking_up.take_up_lot(session, duty, TODAY, after)
        after, is_last = lot.reached, lot.is_last


def reads(session: Session, code: CaseCode, duty: Duty) -> bool:
    session.rollback()
    session.expire_all()
    try:
        for_officer(session, code, duty)
    except NoSuchCaseError:
        return False
    return True


def rows_of(session: Session, duty: Duty) -> dict[tuple[bytes, str], bytes]:
    """Return every wrap of a holder."""
    session.rollback()
    rows = session.execute(
        select(Wrap.case_id, Wrap.purpose, Wrap.wrap).where(
            Wrap.holder_id == duty.person.id
        )
    )
    return {(case_id, purpose): wrap for case_id, purpose, wrap in rows}


def seal_report_again(
    session: Session, code: CaseCode, duty: Duty, report: Report
) -> None:
    """Put another report and the sheet of a lax portal in the place of a case's."""
    opened = for_officer(session, code, duty)
    with transaction(session):
        first = session.get_one(Message, (opened.case.id, "thread", 0))
        place = first_place(opened.case.id)
        first.envelope = seal(report.encode(), opened.key.thread, place)


def make_all_readers(
    session: Session, code: CaseCode, duty: Duty, readers: Sequence[Duty]
) -> None:
    """Name everybody in a sheet, as a forger among the officers might."""
    opened = for_officer(session, code, duty)
    ids = tuple(reader.person.id.hex() for reader in readers)
    with transaction(session):
        case = session.get_one(Case, opened.case.id, populate_existing=True)
        case.reader_sheet = ReaderSheet(ids, ()).seal(opened.key, case.id)


def test_what_both_may_read_is_read_again(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    codes = [hand_in(session, rina, joko) for _ in range(3)]

    new = a_new_key(session, joko)
    lost = [reads(session, code, new) for code in codes]
    hand_over(session, rina, new)
    take_up(session, new)

    assert lost == [False] * 3
    assert [reads(session, code, new) for code in codes] == [True] * 3
    assert [reads(session, code, rina) for code in codes] == [True] * 3


def test_a_case_of_which_the_colleague_was_unticked_stays_shut(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, others=(joko,))

    new = a_new_key(session, joko)
    hand_over(session, rina, new)
    take_up(session, new)

    assert not reads(session, code, new)


@pytest.mark.parametrize("how", ["unticked", "named"])
def test_a_sheet_that_was_tampered_with_does_not_beat_the_report(
    session: Session, how: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, others=(joko,))
    report = {
        "unticked": Report("PUNGLI", "Ada.", shut_out=(joko.person.id.hex(),)),
        "named": a_report(who_name="Pak Joko"),
    }[how]
    seal_report_again(session, code, rina, report)
    make_all_readers(session, code, rina, [rina, joko])

    new = a_new_key(session, joko)
    hand_over(session, rina, new)
    take_up(session, new)

    assert not reads(session, code, new)


def test_who_cannot_read_hands_nothing_over(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    code = hand_in(session, joko, yusuf, others=(rina,))

    new = a_new_key(session, joko)
    hand_over(session, rina, new)
    take_up(session, new)

    assert not reads(session, code, new)


def test_what_one_cannot_give_does_not_replace_what_another_gave(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    of_rina = hand_in(session, rina, joko, others=(yusuf,))
    of_yusuf = hand_in(session, yusuf, joko, others=(rina,))

    new = a_new_key(session, joko)
    hand_over(session, rina, new)
    hand_over(session, yusuf, new)
    take_up(session, new)

    assert reads(session, of_rina, new)
    assert reads(session, of_yusuf, new)


def test_one_after_the_other_with_taking_up_between(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    of_rina = hand_in(session, rina, joko, others=(yusuf,))
    of_yusuf = hand_in(session, yusuf, joko, others=(rina,))

    new = a_new_key(session, joko)
    hand_over(session, rina, new)
    take_up(session, new)
    hand_over(session, yusuf, new)
    take_up(session, new)

    assert reads(session, of_rina, new)
    assert reads(session, of_yusuf, new)


def test_no_snapshot_tells_which_cases_were_handed_over(session: Session) -> None:
    """Each act adds a row for every case, or changes one: the same for all."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    hand_in(session, rina, joko)
    hand_in(session, rina, others=(joko,))
    hand_in(session, joko, yusuf, others=(rina,))
    new = a_new_key(session, joko)
    before = rows_of(session, new)

    hand_over(session, rina, new)
    given = rows_of(session, new)
    take_up(session, new)
    after = rows_of(session, new)

    assert len(given) == 2 * len(before) == 6
    assert {len(wrap) for wrap in given.values()} == {1201}
    assert {key: given[key] for key in before} == before
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(given.values())


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "the start", "the old one's"])
def test_with_another_fingerprint_nothing_is_handed_over(
    session: Session, typed: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, joko)
    new = a_new_key(session, joko)
    ways = {
        "the start": new.identity.recipient.fingerprint()[:9],
        "the old one's": end_of(joko),
    }
    before = dump(session)

    with pytest.raises(OtherFingerprintError):
        key_hand_overs.begin(
            session, rina, new.person.id, ways.get(typed, typed), TODAY
        )
    with pytest.raises(NoHandOverError):
        key_hand_overs.give_lot(session, rina, new.person.id)

    assert dump(session) == before


def test_what_was_heard_is_typed_in_any_way(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    new = a_new_key(session, joko)
    typed = f" {end_of(new).lower().replace('-', '  ')} "

    key_hand_overs.begin(session, rina, new.person.id, typed, TODAY)

    assert key_hand_overs.find_asked(session, rina, new.person.id).is_begun


def test_another_key_in_the_middle_is_compared_anew(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens a second link takes nothing of what was meant for the first key."""
    monkeypatch.setattr(key_hand_overs, "LOT", 1)
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    codes = [hand_in(session, rina, joko) for _ in range(3)]
    new = a_new_key(session, joko)
    key_hand_overs.begin(session, rina, new.person.id, end_of(new), TODAY)
    key_hand_overs.give_lot(session, rina, new.person.id)

    stolen = a_new_key(session, joko)

    with pytest.raises(NoHandOverError):
        key_hand_overs.give_lot(session, rina, new.person.id)
    take_up(session, stolen)
    assert [reads(session, code, stolen) for code in codes] == [False] * 3


def test_to_who_did_not_ask_nothing_is_handed_over(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, others=(joko,))
    before = dump(session)

    with pytest.raises(NoHandOverError):
        key_hand_overs.begin(session, rina, joko.person.id, end_of(joko), TODAY)
    with pytest.raises(NoHandOverError):
        key_hand_overs.begin(session, rina, rina.person.id, end_of(rina), TODAY)

    assert dump(session) == before


def test_who_has_retired_neither_gives_nor_gets(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    hand_in(session, rina, joko, yusuf)
    new = a_new_key(session, joko)

    retire(session, rina.person.name, TODAY)
    with pytest.raises(KeyChangedError):
        hand_over(session, rina, new)
    retire(session, joko.person.name, TODAY)
    with pytest.raises(NoHandOverError):
        hand_over(session, yusuf, new)

    assert key_hand_overs.list_asked(session, yusuf) == ()


def test_it_goes_on_where_it_was_broken_off_and_is_done_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_hand_overs, "LOT", 2)
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    codes = [hand_in(session, rina, joko) for _ in range(5)]
    new = a_new_key(session, joko)
    key_hand_overs.begin(session, rina, new.person.id, end_of(new), TODAY)
    key_hand_overs.give_lot(session, rina, new.person.id)

    half = key_hand_overs.find_asked(session, rina, new.person.id)
    hand_over(session, rina, new)
    hand_over(session, rina, new)
    take_up(session, new)

    assert (half.done, half.total, half.is_done) == (2, 5, False)
    assert key_hand_overs.find_asked(session, rina, new.person.id).is_done
    assert [reads(session, code, new) for code in codes] == [True] * 5
    assert key_hand_overs.list_asked(session, rina) == ()


def test_two_colleagues_hand_over_at_once(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_hand_overs, "LOT", 2)
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    of_rina = [hand_in(session, rina, joko, others=(yusuf,)) for _ in range(5)]
    of_yusuf = [hand_in(session, yusuf, joko, others=(rina,)) for _ in range(5)]
    new = a_new_key(session, joko)
    database, both = open_database(settings.instance), threading.Barrier(2)

    def give(duty: Duty) -> None:
        with database.sessions() as own:
            both.wait()
            hand_over(own, duty, new)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(give, (rina, yusuf)))
    database.engine.dispose()
    take_up(session, new)

    assert all(reads(session, code, new) for code in of_rina + of_yusuf)


def test_a_recusal_between_giving_and_taking_up_holds(session: Session) -> None:
    """What was given is of a mask that is gone; it opens nothing."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    new = a_new_key(session, joko)
    hand_over(session, rina, new)

    opened = for_officer(session, code, rina)
    with transaction(session):
        case = session.get_one(Case, opened.case.id, populate_existing=True)
        case.mask = Key.generate(rina.instance).reveal() * 2
    take_up(session, new)

    assert not reads(session, code, new)


def test_what_is_held_is_not_handed_over_whatever_is_released_later(
    session: Session,
) -> None:
    """The giver cannot see whom its writer shut out, so it goes to nobody."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    case_id = for_officer(session, code, rina).case.id
    kept = put_mask(session, case_id, secrets.token_bytes(64))
    new = a_new_key(session, joko)

    hand_over(session, rina, new)
    put_mask(session, case_id, kept)
    take_up(session, new)

    assert reads(session, code, rina)
    assert not reads(session, code, new)


def put_mask(session: Session, case_id: bytes, mask: bytes) -> bytes:
    """Put another mask in a case, as holding and releasing do; return the one before."""
    with transaction(session):
        case = session.get_one(Case, case_id, populate_existing=True)
        before, case.mask = case.mask, mask
    return before


def test_the_receiver_learns_how_many_colleagues_have_handed_over(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    add_officer(session, "Yusuf Hidayat", is_outside=True)
    hand_in(session, rina, joko)
    nothing = key_hand_overs.count_received(session, joko)
    new = a_new_key(session, joko)

    asked = key_hand_overs.count_received(session, new)
    hand_over(session, rina, new)
    given = key_hand_overs.count_received(session, new)
    take_up(session, new)
    taken = key_hand_overs.count_received(session, new)

    assert nothing is None
    assert asked == key_hand_overs.Received(0, 2, is_waiting=False)
    assert given == key_hand_overs.Received(1, 2, is_waiting=True)
    assert taken == key_hand_overs.Received(1, 2, is_waiting=False)


def test_the_record_says_that_cases_were_handed_over_and_never_to_whom(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, joko)
    new = a_new_key(session, joko)

    hand_over(session, rina, new)
    take_up(session, new)

    assert acts_on_record(session)[-2:] == ["cases handed over", "cases taken up"]


def test_a_last_lot_that_is_full_is_on_record_at_once(session: Session) -> None:
    rina, budi = add_officer(session), add_officer(session, "Budi Hartono")
    for _case in range(taking_up.LOT):
        hand_in(session, rina, budi)
    receiver = a_new_key(session, budi)
    hand_over(session, rina, receiver)

    lot = taking_up.take_up_lot(session, receiver, TODAY)

    assert lot.is_last
    assert acts_on_record(session)[-1] == "cases taken up"
