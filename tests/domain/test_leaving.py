"""Cases that only one officer can read: counted by who can open them, and handed on."""

import pytest
from builders import TODAY, add_officer, for_officer, hand_in, move
from sqlalchemy.orm import Session

from crypto import CaseCode, Key
from portal import desk, leaving, readers
from portal.cases import Duty
from portal.database import transaction
from portal.desk import Filters
from portal.errors import NoSuchCaseError, NoSuchPersonError
from portal.key_hand_overs import ask_colleagues
from portal.people import retire
from portal.reader_sheets import ReaderSheet
from portal.reports import Report


def a_key(duty: Duty) -> Key:
    return Key(bytes(32), duty.instance)


def hand_on(session: Session, giver: Duty, to: bytes, *codes: CaseCode) -> int:
    ids = [for_officer(session, code, giver).case.id for code in codes]
    key = a_key(giver)
    return leaving.hand_on(session, giver, to, ids, secret=key, gate=key, today=TODAY)


def test_a_case_with_one_reader_is_counted_and_one_with_two_is_not(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    alone = hand_in(session, rina, others=(joko,))
    hand_in(session, rina, joko)

    assert leaving.count_lonely(session, rina) == 1
    assert leaving.count_lonely(session, joko) == 0
    (case,) = leaving.list_lonely(session, rina)
    assert case.case_id == for_officer(session, alone, rina).case.id
    assert "loket tiga" in case.title


def test_who_has_retired_is_no_second_reader(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, joko)

    retire(session, joko.person.name, TODAY)

    assert leaving.count_lonely(session, rina) == 1


def test_who_has_a_new_key_that_nobody_compared_is_no_second_reader(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, joko)

    with transaction(session):
        ask_colleagues(session, joko.person)

    assert leaving.count_lonely(session, rina) == 1


def test_what_is_over_or_not_handed_over_is_not_counted(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    move(session, code, rina, "acknowledged")
    move(session, code, rina, "closed")
    hand_in(session, rina, at_once=False)

    assert leaving.count_lonely(session, rina) == 0


def test_keys_that_are_kept_give_the_same_count(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hand_in(session, rina, others=(joko,))
    hand_in(session, joko, others=(rina,))
    desk.list_cases(session, rina, Filters())

    assert leaving.count_lonely(session, rina) == 1


def test_at_the_door_only_so_many_are_looked_at(session: Session) -> None:
    rina = add_officer(session)
    hand_in(session, rina)
    hand_in(session, rina)

    assert leaving.count_lonely(session, rina, most=1) == 1
    assert len(leaving.list_lonely(session, rina)) == 2


def test_the_colleague_reads_what_is_handed_on(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    codes = [hand_in(session, rina) for _ in range(2)]

    refused = hand_on(session, rina, joko.person.id, *codes)

    assert refused == 0
    assert [for_officer(session, code, joko).key for code in codes]
    assert leaving.count_lonely(session, rina) == 0


def test_nothing_is_handed_on_against_an_untick(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    report = Report("PUNGLI", "Ada.", shut_out=(joko.person.id.hex(),))
    shut = hand_in(session, rina, others=(joko,), report=report)
    free = hand_in(session, rina)

    refused = hand_on(session, rina, joko.person.id, shut, free)

    assert refused == 1
    assert for_officer(session, free, joko).key
    with pytest.raises(NoSuchCaseError):
        for_officer(session, shut, joko)


def test_what_one_cannot_read_is_not_handed_on(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, joko, others=(rina,))
    case_id = for_officer(session, code, joko).case.id
    key = a_key(rina)

    refused = leaving.hand_on(
        session,
        rina,
        rina.person.id,
        [case_id, b""],
        secret=key,
        gate=key,
        today=TODAY,
    )

    assert refused == 2


def test_to_nobody_nothing_is_handed_on(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)

    with pytest.raises(NoSuchPersonError):
        hand_on(session, rina, b"", code)


def test_who_re_makes_a_case_gives_it_to_no_key_that_nobody_compared(
    session: Session,
) -> None:
    """Else whoever opened the link would have it at the next recusal."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    code = hand_in(session, rina, joko, others=(yusuf,))
    with transaction(session):
        ask_colleagues(session, joko.person)

    key = a_key(rina)
    readers.assign(
        session,
        for_officer(session, code, rina),
        rina,
        yusuf.person.id,
        reason="",
        seen="",
        secret=key,
        gate=key,
        today=TODAY,
    )

    opened = for_officer(session, code, rina)
    sheet = ReaderSheet.unseal(opened.case.reader_sheet, opened.key, opened.case.id)
    assert joko.person.id.hex() in sheet.readers
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)
