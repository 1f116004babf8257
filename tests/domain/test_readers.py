"""Giving a case to another officer, and recusal: everything is made anew."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from builders import (
    RULES,
    TODAY,
    a_report,
    acts_on_record,
    add_custodian,
    add_officer,
    dump,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
    the_case,
)
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    CaseCode,
    Identity,
    Key,
    NotYoursError,
    open_outer,
    take_gate_off,
)
from portal import (
    acts,
    conflicts,
    desk,
    key_hand_overs,
    outers,
    own_cases,
    people,
    readers,
    taking_up,
    threads,
)
from portal.cases import Duty, OfficerCase, find_for_custodian, read_state
from portal.conflicts import Declaration
from portal.database import transaction
from portal.desk import Filters
from portal.errors import (
    ChangedMeanwhileError,
    IncompleteMoveError,
    LastReaderError,
    NoSuchCaseError,
    NoSuchPersonError,
    ReasonTooLongError,
    ShutOutError,
)
from portal.models import Message, Person, Wrap
from portal.reader_sheets import ReaderSheet, ShutOut
from portal.settings import Settings
from portal.summaries import Summary
from portal.threads import Chain, ReaderAct

NOTES = ["Periksa buku kas.", "Tanya bendahara.", "Saksi ada dua."]


def secret_of(session: Session) -> Key:
    return gate_of(session)


def assign(
    session: Session,
    code: CaseCode,
    by: Duty,
    to: Duty,
    *,
    reason: str = "",
    seen: str = "",
) -> None:
    readers.assign(
        session,
        for_officer(session, code, by),
        by,
        to.person.id,
        reason=reason,
        seen=seen,
        secret=secret_of(session),
        gate=gate_of(session),
        today=TODAY,
    )


def recuse(
    session: Session,
    code: CaseCode,
    by: Duty,
    whom: Duty,
    *,
    reason: str = "Kerabat terlapor.",
) -> None:
    readers.recuse(
        session,
        for_officer(session, code, by),
        by,
        whom.person.id,
        reason=reason,
        seen="",
        gate=gate_of(session),
        today=TODAY,
    )


def note(session: Session, code: CaseCode, duty: Duty, text: str) -> None:
    opened = for_officer(session, code, duty)
    acts.note(session, opened, duty, text, seen="", today=TODAY)


def sheet_of(opened: OfficerCase) -> ReaderSheet:
    return ReaderSheet.unseal(opened.case.reader_sheet, opened.key, opened.case.id)


def notes_of(session: Session, opened: OfficerCase) -> list[str]:
    found = threads.read(session, opened.case.id, Chain.NOTES, opened.key.office)
    return [entry.text.text for entry in found]


def declare(session: Session, duty: Duty, *units: str) -> None:
    declaration = Declaration(units)
    conflicts.declare(session, duty, declaration, secret_of(session), TODAY)


CHANGES: dict[str, Callable[[Session, CaseCode, Duty, Duty], None]] = {
    "given": lambda s, code, rina, joko: assign(s, code, rina, joko, reason="Cuti."),
    "given without a word": assign,
    "recused": recuse,
    "recused oneself": lambda s, code, _, joko: recuse(s, code, joko, joko),
}
every_change = pytest.mark.parametrize("way", CHANGES)


def test_who_is_given_a_case_reads_it_and_has_it_in_hand(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    joko = add_officer(session, "Joko Prasetyo")

    assign(session, code, rina, joko)

    opened = for_officer(session, code, joko)
    assert sheet_of(opened).readers == (rina.person.id.hex(), joko.person.id.hex())
    assert sheet_of(opened).assigned == joko.person.id.hex()
    assert opened.summary.assigned == joko.person.id.hex()
    assert for_officer(session, code, rina)


def test_who_is_recused_opens_it_no_more_and_the_others_read_on(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    for text in NOTES:
        note(session, code, joko, text)

    recuse(session, code, rina, joko)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)
    opened = for_officer(session, code, rina)
    assert notes_of(session, opened) == [*NOTES, "Kerabat terlapor."]
    assert sheet_of(opened).why_not(joko.person.id.hex()) is ShutOut.RECUSED


def test_the_note_says_who_did_what_to_whom(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)

    recuse(session, code, rina, joko)

    opened = for_officer(session, code, rina)
    (entry,) = threads.read(session, opened.case.id, Chain.NOTES, opened.key.office)
    assert entry.text.by == rina.person.id.hex()
    assert entry.text.reader_act is ReaderAct.RECUSED
    assert entry.text.officer == joko.person.id.hex()


@every_change
def test_reporter_and_readers_go_on_writing(session: Session, way: str) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    mine = for_reporter(session, code)
    waiting = {"windows": code.windows(), "today": TODAY, "at_once": False}
    own_cases.write(session, mine, "Menunggu.", **waiting)

    CHANGES[way](session, code, rina, joko)

    opened = for_officer(session, code, rina)
    acts.answer(session, opened, rina, "Baik.", seen="", rules=RULES, today=TODAY)
    own_cases.write(session, for_reporter(session, code), "Ya.", **waiting)
    mine = for_reporter(session, code)
    entries = threads.read(session, mine.case.id, Chain.THREAD, mine.key)
    texts = [entry.text.text for entry in entries[1:]]
    assert texts == ["Menunggu.", "Baik.", "Ya."]


@every_change
def test_every_wrap_and_all_that_the_office_key_seals_is_made_anew(
    session: Session, way: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
    add_custodian(session)
    code = hand_in(session, rina, joko, others=(yusuf,))
    note(session, code, rina, NOTES[0])
    before, kept = sealed_of(session, code), unsealed_of(session, code)

    CHANGES[way](session, code, rina, joko)

    after = sealed_of(session, code)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] == after[name]} == set()
    assert {name: len(one) for name, one in before.items()} == {
        name: len(one) for name, one in after.items()
    }
    assert unsealed_of(session, code) == kept


@every_change
def test_the_tables_that_change_and_the_record_are_the_same(
    session: Session, way: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    desk.list_cases(session, rina, Filters())
    before = dump(session)

    CHANGES[way](session, code, rina, joko)

    after = dump(session)
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"audit", "cases", "messages", "people", "wraps"}
    assert acts_on_record(session) == ["readers changed"]
    assert {name: len(rows) - len(before[name]) for name, rows in after.items()} == {
        name: int(name in {"audit", "messages"}) for name in after
    }


@every_change
def test_no_officer_keeps_opened_keys(session: Session, way: str) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    for duty in (rina, joko):
        desk.list_cases(session, duty, Filters())

    CHANGES[way](session, code, rina, joko)

    session.expire_all()
    assert set(session.scalars(select(Person.opened_keys))) == {None}


@every_change
def test_the_journal_holds_nothing_of_before(
    session: Session, settings: Settings, way: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)

    CHANGES[way](session, code, rina, joko)

    (journal,) = settings.instance.glob("*-wal")
    assert journal.stat().st_size == 0


def test_the_journal_waits_for_who_reads_and_the_change_is_kept(
    session: Session, settings: Settings
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    with session.get_bind().connect() as reader:
        reader.execute(select(Person.id)).all()

        recuse(session, code, rina, joko)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)


def test_wraps_of_a_key_that_is_being_changed_go(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    case_id = the_case(session, code).id
    with transaction(session):
        session.add(
            Wrap(case_id=case_id, holder_id=joko.person.id, purpose="next", wrap=b"1")
        )

    recuse(session, code, rina, joko)

    assert set(session.scalars(select(Wrap.purpose))) == {"case"}


def with_a_new_key(session: Session, duty: Duty) -> Duty:
    """Let somebody come back with a new key, as after a lost passphrase."""
    identity = Identity.generate()
    with transaction(session):
        duty.person.recipient = bytes(identity.recipient)
        key_hand_overs.ask_colleagues(session, duty.person)
    return replace(duty, identity=identity)


def compare(session: Session, by: Duty, receiver: Duty) -> None:
    read_out = receiver.identity.recipient.fingerprint()[-9:]
    key_hand_overs.begin(session, by, receiver.person.id, read_out, TODAY)


@every_change
def test_a_new_key_that_nobody_compared_gets_nothing_by_a_change_of_readers(
    session: Session, way: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    stranger = with_a_new_key(session, add_officer(session, "Yusuf Hidayat"))
    code = hand_in(session, rina, joko, stranger)
    with transaction(session):
        session.execute(delete(Wrap).where(Wrap.holder_id == stranger.person.id))

    CHANGES[way](session, code, rina, joko)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, stranger)
    sheet = sheet_of(for_officer(session, code, rina))
    assert stranger.person.id.hex() in sheet.readers


def test_a_new_key_that_was_compared_goes_on_reading(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    yusuf = with_a_new_key(session, add_officer(session, "Yusuf Hidayat"))
    code = hand_in(session, rina, joko, yusuf)
    compare(session, rina, yusuf)

    recuse(session, code, rina, joko)

    assert for_officer(session, code, yusuf)


def test_who_has_a_case_in_hand_by_an_uncompared_key_is_handed_it_with_all_others(
    session: Session,
) -> None:
    rina = add_officer(session)
    joko = with_a_new_key(session, add_officer(session, "Joko Prasetyo"))
    code = hand_in(session, rina)
    assign(session, code, rina, joko)
    compare(session, rina, joko)

    key_hand_overs.give_lot(session, rina, joko.person.id)
    taking_up.take_up_lot(session, joko, TODAY)

    assert for_officer(session, code, joko)


@pytest.mark.parametrize("way", ["retires", "gets a new key"])
def test_a_new_key_is_not_believed_when_the_one_who_was_asked_leaves(
    session: Session, way: str
) -> None:
    rina, yusuf = add_officer(session), add_officer(session, "Yusuf Hidayat")
    code = hand_in(session, rina, yusuf)
    stranger = with_a_new_key(session, yusuf)
    joko = add_officer(session, "Joko Prasetyo")
    assign(session, code, rina, joko)

    if way == "retires":
        people.retire(session, rina.person.name, TODAY)
    else:
        with_a_new_key(session, rina)
    assign(session, code, joko, joko)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, stranger)


def test_who_was_recused_is_not_handed_it_by_a_colleague(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    recuse(session, code, rina, joko)
    joko = with_a_new_key(session, joko)
    compare(session, rina, joko)

    key_hand_overs.give_lot(session, rina, joko.person.id)
    taking_up.take_up_lot(session, joko, TODAY)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)


def test_an_uncompared_key_is_no_reader_to_leave_a_case_to(session: Session) -> None:
    rina = add_officer(session)
    joko = with_a_new_key(session, add_officer(session, "Joko Prasetyo"))
    code = hand_in(session, rina, joko)

    with pytest.raises(LastReaderError):
        recuse(session, code, rina, rina)


def test_the_keys_of_before_open_the_thread_and_nothing_of_the_office(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    old = for_officer(session, code, joko).key

    recuse(session, code, rina, joko)

    case = the_case(session, code)
    assert threads.read(session, case.id, Chain.THREAD, old.thread)
    with pytest.raises(BrokenError):
        threads.read(session, case.id, Chain.NOTES, old.office)
    with pytest.raises(BrokenError):
        Summary.unseal(case.summary, old, case.id)


def test_who_had_the_case_open_meanwhile_writes_nothing_with_old_keys(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    opened = {one: for_officer(session, code, one) for one in (rina, joko)}
    recuse(session, code, rina, joko)
    before = dump(session)

    for duty in (rina, joko):
        with pytest.raises(ChangedMeanwhileError):
            acts.note(session, opened[duty], duty, "Lama.", seen="", today=TODAY)

    assert dump(session) == before


def test_a_cache_that_crossed_the_change_shows_nothing_to_the_recused(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    for duty in (rina, joko):
        desk.list_cases(session, duty, Filters())
    kept = dict(session.execute(select(Person.id, Person.opened_keys)).all())
    recuse(session, code, rina, joko)
    with transaction(session):
        for person_id, blob in kept.items():
            mine = update(Person).where(Person.id == person_id)
            session.execute(mine.values(opened_keys=blob))

    (line,) = desk.list_cases(session, rina, Filters()).lines

    assert line.summary.title == "Ada pungutan di loket tiga."
    assert desk.list_cases(session, joko, Filters()).lines == ()
    assert desk.list_cases(session, joko, Filters()).lines == ()


@pytest.mark.parametrize("reason", ["", "Hanya dia yang tahu."])
@pytest.mark.parametrize("way", ["named", "unticked"])
def test_who_is_named_or_unticked_is_never_given_it(
    session: Session, way: str, reason: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    reports = {
        "named": a_report(who_name="Pak Joko"),
        "unticked": a_report(shut_out=(joko.person.id.hex(),)),
    }
    code = hand_in(session, rina, others=(joko,), report=reports[way])
    before = dump(session)

    with pytest.raises(ShutOutError):
        assign(session, code, rina, joko, reason=reason)

    assert dump(session) == before


def test_who_is_named_and_joins_later_is_never_given_it(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, report=a_report(who_name="Joko Prasetyo"))
    joko = add_officer(session, "Joko Prasetyo, S.H.")

    with pytest.raises(ShutOutError):
        assign(session, code, rina, joko)


def test_who_was_unticked_and_comes_back_anew_is_never_given_it(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    kept_from = (joko.person.id.hex(),)
    code = hand_in(session, rina, others=(joko,), report=a_report(shut_out=kept_from))
    people.retire(session, "Joko Prasetyo", TODAY)
    again = add_officer(session, "Joko Prasetyo 2, S.H.")
    other = add_officer(session, "Joko Susilo")

    with pytest.raises(ShutOutError):
        assign(session, code, rina, again)
    assign(session, code, rina, other)

    assert for_officer(session, code, other)


def test_a_namesake_whom_the_reporter_ticked_is_given_it(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    namesake = add_officer(session, "Joko")
    report = a_report(shut_out=(joko.person.id.hex(),))
    code = hand_in(session, rina, namesake, others=(joko,), report=report)

    assign(session, code, rina, namesake)

    assert for_officer(session, code, namesake).summary.assigned


def test_a_custodian_gives_no_case_to_whom_it_is_kept_from(session: Session) -> None:
    rina, custodian = add_officer(session), add_custodian(session)
    joko = add_officer(session, "Joko Prasetyo")
    report = a_report(shut_out=(joko.person.id.hex(),))
    code = hand_in(session, rina, others=(joko,), report=report)
    recuse(session, code, rina, rina)
    called = find_for_custodian(session, the_case(session, code).id, custodian)

    with pytest.raises(ShutOutError):
        readers.assign(
            session,
            called,
            custodian,
            joko.person.id,
            reason="Tidak ada pembaca lagi.",
            seen="",
            secret=secret_of(session),
            gate=gate_of(session),
            today=TODAY,
        )


def test_who_declared_a_conflict_is_not_given_it(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, report=a_report(who_unit="Dinas Pasar"))
    declare(session, joko, "dinas pasar")

    with pytest.raises(ShutOutError):
        assign(session, code, rina, joko)


def test_who_was_conflicted_at_handing_in_is_not_given_it_by_declaring_anew(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, others=(joko,), reasons=(ShutOut.CONFLICTED,))
    declare(session, joko)

    with pytest.raises(ShutOutError):
        assign(session, code, rina, joko, reason="Sudah pindah unit.")


def test_who_was_conflicted_and_comes_back_anew_is_not_given_it(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, others=(joko,), reasons=(ShutOut.CONFLICTED,))
    people.retire(session, "Joko Prasetyo", TODAY)
    again = add_officer(session, "Joko Prasetyo, S.H.")

    with pytest.raises(ShutOutError):
        assign(session, code, rina, again)


def test_who_was_recused_is_given_it_again_with_a_reason_alone(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    recuse(session, code, rina, joko)

    with pytest.raises(IncompleteMoveError) as refused:
        assign(session, code, rina, joko)
    assign(session, code, rina, joko, reason="Salah orang.")

    assert refused.value.fields == ("reason",)
    assert for_officer(session, code, joko)


def test_nobody_is_recused_without_a_reason(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)

    with pytest.raises(IncompleteMoveError):
        recuse(session, code, rina, joko, reason="")


def test_a_reason_that_is_too_long_changes_no_reader(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)

    with pytest.raises(ReasonTooLongError):
        recuse(session, code, rina, joko, reason="\N{GRINNING FACE}" * 2000)

    assert for_officer(session, code, joko)


def test_a_page_of_before_gives_nothing_away(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    seen = read_state(session, the_case(session, code))
    recuse(session, code, rina, joko)

    with pytest.raises(ChangedMeanwhileError):
        assign(session, code, rina, joko, reason="Lagi.", seen=seen)


def test_who_left_or_never_was_is_given_nothing(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    custodian = add_custodian(session)
    code = hand_in(session, rina, joko)
    people.retire(session, "Joko Prasetyo", TODAY)

    for duty in (joko, custodian):
        with pytest.raises(NoSuchPersonError):
            assign(session, code, rina, duty)


@pytest.mark.parametrize("custodian", ["none", "unticked", "named"])
def test_the_last_reader_cannot_leave_a_case_to_nobody(
    session: Session, custodian: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    report = a_report(
        custodian="no" if custodian == "unticked" else "",
        who_name="Sri Lestari" if custodian == "named" else "",
    )
    if custodian != "none":
        add_custodian(session)
    code = hand_in(session, rina, joko, report=report)
    people.retire(session, "Joko Prasetyo", TODAY)
    before = dump(session)

    with pytest.raises(LastReaderError):
        recuse(session, code, rina, rina)

    assert dump(session) == before


def test_the_last_reader_leaves_the_case_to_the_custodian(session: Session) -> None:
    rina, custodian = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    note(session, code, rina, NOTES[0])

    recuse(session, code, rina, rina)

    opened = find_for_custodian(session, the_case(session, code).id, custodian)
    assert notes_of(session, opened) == [NOTES[0], "Kerabat terlapor."]
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, rina)


def behind_the_gate(session: Session, code: CaseCode, custodian: Duty) -> bytes:
    """Return the keys that portal and custodian together would open."""
    place = {"case_id": the_case(session, code).id, "holder": custodian.person.id}
    outer = session.get_one(Wrap, (place["case_id"], place["holder"], "outer")).wrap
    inner = take_gate_off(outer, gate_of(session), **place)
    return open_outer(inner, custodian.identity, **place).share


@every_change
def test_what_waits_behind_the_gate_holds_the_new_keys(
    session: Session, way: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    custodian = add_custodian(session)
    code = hand_in(session, rina, joko)

    CHANGES[way](session, code, rina, joko)

    keys = for_officer(session, code, rina).key.reveal()
    assert behind_the_gate(session, code, custodian) == keys


@every_change
def test_of_a_case_that_is_over_nothing_waits_behind_the_gate(
    session: Session, way: str
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    custodian = add_custodian(session)
    code = hand_in(session, rina, joko)
    for step in ("acknowledged", "closed"):
        move(session, code, rina, step)

    CHANGES[way](session, code, rina, joko)

    with pytest.raises((BrokenError, NotYoursError)):
        behind_the_gate(session, code, custodian)


def test_an_unticked_officer_who_comes_back_as_custodian_is_not_called(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    report = a_report(shut_out=(joko.person.id.hex(),))
    code = hand_in(session, rina, others=(joko,), report=report)
    people.retire(session, "Joko Prasetyo", TODAY)
    again = add_custodian(session, "Joko Prasetyo, penjaga")
    outers.complete(session, rina, the_case(session, code).id, gate=gate_of(session))

    with pytest.raises(LastReaderError):
        recuse(session, code, rina, rina)

    with pytest.raises((BrokenError, NotYoursError)):
        behind_the_gate(session, code, again)


def lead_to_custodians(session: Session, code: CaseCode, duty: Duty) -> None:
    opened = for_officer(session, code, duty)
    first = outers.first_envelope(session, opened.case.id)
    with transaction(session):
        outers.open_to_custodians(
            session, opened.key, opened.case.id, first, today=TODAY
        )


def test_a_recused_officer_who_comes_back_as_custodian_is_not_called(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    add_custodian(session)
    code = hand_in(session, rina, joko)
    recuse(session, code, rina, joko)
    people.retire(session, "Joko Prasetyo", TODAY)
    again = add_custodian(session, "Joko Prasetyo, penjaga")
    recuse(session, code, rina, rina)

    with pytest.raises(NoSuchCaseError):
        find_for_custodian(session, the_case(session, code).id, again)
    with pytest.raises((BrokenError, NotYoursError)):
        behind_the_gate(session, code, again)


def test_the_gate_stays_off_when_every_custodian_who_was_called_has_left(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    joko = add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    case_id = the_case(session, code).id
    lead_to_custodians(session, code, rina)
    people.retire(session, sri.person.name, TODAY)
    recuse(session, code, rina, joko)

    dewi = add_custodian(session, "Dewi Anggraini")
    outers.complete(session, rina, case_id, gate=gate_of(session))

    assert find_for_custodian(session, case_id, dewi)


def test_a_custodian_who_was_called_reads_on_after_readers_change(
    session: Session,
) -> None:
    rina, custodian = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    recuse(session, code, rina, rina)
    case_id = the_case(session, code).id
    joko = add_officer(session, "Joko Prasetyo")

    readers.assign(
        session,
        find_for_custodian(session, case_id, custodian),
        custodian,
        joko.person.id,
        reason="Tidak ada pembaca lagi.",
        seen="",
        secret=secret_of(session),
        gate=gate_of(session),
        today=TODAY,
    )

    assert for_officer(session, code, joko)
    assert find_for_custodian(session, case_id, custodian)


def test_a_damaged_summary_stays_and_the_readers_change(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    with transaction(session):
        the_case(session, code).summary = bytes(1105)

    recuse(session, code, rina, joko)

    assert for_officer(session, code, rina).summary == Summary.damaged()


def sealed_of(session: Session, code: CaseCode) -> dict[object, bytes]:
    """Return all that is sealed to officers or under the office key, by where."""
    case = the_case(session, code)
    sealed: dict[object, bytes] = {
        name: getattr(case, name) for name in ("mask", "summary", "reader_sheet")
    }
    for wrap in session.scalars(select(Wrap).where(Wrap.case_id == case.id)):
        sealed[wrap.holder_id, wrap.purpose] = wrap.wrap
    chain = select(Message).where(Message.chain == Chain.NOTES, Message.number == 0)
    return sealed | {"note": session.scalars(chain).one().envelope}


def unsealed_of(session: Session, code: CaseCode) -> tuple[bytes, list[bytes]]:
    """Return what the case key seals: no change of readers touches it."""
    case = the_case(session, code)
    texts = select(Message.envelope).where(Message.chain == Chain.THREAD)
    return case.reporter_lock, list(session.scalars(texts))
