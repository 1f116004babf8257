"""What officers do with sealed entries that are open to them, and from which day."""

import datetime as dt

import pytest
from at_custody import AtCustody, escalate
from builders import (
    RULES,
    TODAY,
    a_move,
    acts_on_record,
    add_custodian,
    add_officer,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
    the_case,
)
from keeping import (
    A_YEAR,
    KEPT,
    an_entry,
    keep,
    open_by_round,
    opening_of,
    round_was_held,
    share_of,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import CaseCode, ReleaseRule
from portal import custody, openings, readers, threads
from portal.acts import Move
from portal.cases import Duty, read_steps
from portal.deadlines import DeadlineKind
from portal.entries import EntryKind
from portal.errors import (
    ChangedMeanwhileError,
    LastReaderError,
    NoSuchCaseError,
    NotFromHereError,
    ShutOutError,
)
from portal.models import NO_DAY, Message
from portal.moves import find_course
from portal.reports import Report
from portal.statuses import CaseStatus
from portal.threads import Chain

HOLD, QUESTION, PRAISE = EntryKind.HOLD, EntryKind.QUESTION, EntryKind.PRAISE
READABLE = tuple(kind for kind in KEPT if kind.is_readable)
ONLY_CODE = (EntryKind.NOTE, EntryKind.OWN_REMINDER)


def answer(
    session: Session, code: CaseCode, duty: Duty, *, seen: str = "", day: int = 0
) -> None:
    today = TODAY + dt.timedelta(days=day)
    opening = opening_of(session, code, duty)
    openings.answer(session, opening, duty, "Terima kasih.", seen=seen, today=today)


def take_up(session: Session, code: CaseCode, duty: Duty, day: int = 0) -> None:
    openings.take_up(
        session,
        opening_of(session, code, duty),
        duty,
        seen="",
        rules=RULES,
        gate=gate_of(session),
        today=TODAY + dt.timedelta(days=day),
    )


def thread_of(session: Session, code: CaseCode) -> list[str]:
    mine = for_reporter(session, code)
    texts = threads.read(session, mine.case.id, Chain.THREAD, mine.key)
    return [entry.text.text for entry in texts[1:]]


def an_opened_hold(
    session: Session, rule: ReleaseRule = ReleaseRule.MATCH_2, day: dt.date = A_YEAR
) -> tuple[CaseCode, Duty]:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, HOLD, rina, entry=an_entry(HOLD, rule, day))
    open_by_round(session, code, sri)
    return code, rina


@pytest.mark.parametrize("kind", READABLE)
def test_what_officers_may_read_is_answered_at_any_time(
    session: Session, kind: EntryKind
) -> None:
    rina = add_officer(session)
    code = keep(session, kind, rina)

    answer(session, code, rina, day=3)

    assert thread_of(session, code) == ["Terima kasih."]
    case = the_case(session, code)
    assert (case.status, case.due_on, case.purge_on) == ("sealed", NO_DAY, None)
    assert acts_on_record(session)[-1] == "answered"


@pytest.mark.parametrize("kind", ONLY_CODE)
def test_what_the_code_alone_opens_is_nobodys(
    session: Session, kind: EntryKind
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, kind, rina)

    with pytest.raises(NoSuchCaseError):
        opening_of(session, code, rina)
    # Not even what a round could write makes it anybody's.
    open_by_round(session, code, sri)
    with pytest.raises(NoSuchCaseError):
        opening_of(session, code, rina)


def test_a_held_entry_is_nobodys_until_a_round_opens_it(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    sri = add_custodian(session)
    code = keep(session, HOLD, rina, others=(joko,))
    for duty in (rina, joko):
        with pytest.raises(NoSuchCaseError):
            opening_of(session, code, duty)

    open_by_round(session, code, sri)

    assert opening_of(session, code, rina).is_hold
    with pytest.raises(NoSuchCaseError):
        opening_of(session, code, joko)


def test_a_report_is_no_opening(session: Session) -> None:
    rina = add_officer(session)

    with pytest.raises(NoSuchCaseError):
        opening_of(session, hand_in(session, rina), rina)


@pytest.mark.parametrize("day", [0, 29, 37, 89, 97, 364])
def test_between_check_ins_nothing_reaches_who_filed_an_opened_hold(
    session: Session, day: int
) -> None:
    code, rina = an_opened_hold(session)

    with pytest.raises(NotFromHereError):
        answer(session, code, rina, day=day)
    with pytest.raises(NotFromHereError):
        take_up(session, code, rina, day=day)

    assert thread_of(session, code) == []
    assert the_case(session, code).status == "sealed"


@pytest.mark.parametrize("day", [30, 36, 90, 96])
def test_at_a_check_in_it_can_be_answered(session: Session, day: int) -> None:
    code, rina = an_opened_hold(session)

    answer(session, code, rina, day=day)

    assert thread_of(session, code) == ["Terima kasih."]


@pytest.mark.parametrize(
    ("rule", "held_on"),
    [
        (ReleaseRule.MATCH_2, None),
        (ReleaseRule.MATCH_2, 364),
        # On its last day it may still be matched, and a round has not ended it.
        (ReleaseRule.MATCH_2_ONLY, 365),
    ],
)
def test_its_day_alone_does_not_let_a_word_tell_of_a_match(
    session: Session, rule: ReleaseRule, held_on: int | None
) -> None:
    code, rina = an_opened_hold(session, rule)
    if held_on:
        round_was_held(session, TODAY + dt.timedelta(days=held_on))

    for day in (365, 366, 400):
        with pytest.raises(NotFromHereError):
            answer(session, code, rina, day=day)
        with pytest.raises(NotFromHereError):
            take_up(session, code, rina, day=day)

    assert thread_of(session, code) == []
    assert the_case(session, code).status == "sealed"


@pytest.mark.parametrize(
    ("rule", "held_on"),
    [
        (ReleaseRule.DATE, 365),
        (ReleaseRule.MATCH_2, 365),
        (ReleaseRule.MATCH_2_ONLY, 366),
    ],
)
def test_once_a_round_came_by_on_its_day_it_can_be_answered(
    session: Session, rule: ReleaseRule, held_on: int
) -> None:
    code, rina = an_opened_hold(session, rule)
    round_was_held(session, TODAY + dt.timedelta(days=held_on))

    answer(session, code, rina, day=held_on)
    take_up(session, code, rina, day=held_on)

    assert the_case(session, code).status == "acknowledged"


def test_an_opening_knows_from_which_day_on(session: Session) -> None:
    code, rina = an_opened_hold(session)
    opening = opening_of(session, code, rina)

    assert opening.writing_day(TODAY) == TODAY + dt.timedelta(days=30)
    later = TODAY + dt.timedelta(days=40)
    assert opening.writing_day(later) == TODAY + dt.timedelta(days=90)
    tomorrow = A_YEAR + dt.timedelta(days=1)
    assert opening.writing_day(A_YEAR) == tomorrow
    round_was_held(session, A_YEAR)
    assert opening_of(session, code, rina).writing_day(A_YEAR) is None


@pytest.mark.parametrize(
    ("rule", "days", "is_match"),
    [
        (ReleaseRule.MATCH_2, 364, True),
        (ReleaseRule.MATCH_2, 365, False),
        (ReleaseRule.MATCH_3_ONLY, 365, True),
        (ReleaseRule.DATE, 365, False),
    ],
)
def test_why_it_opened_follows_from_rule_and_day(
    session: Session, rule: ReleaseRule, days: int, is_match: bool
) -> None:
    code, rina = an_opened_hold(session, rule)

    day = TODAY + dt.timedelta(days=days)

    assert opening_of(session, code, rina).was_matched(day) is is_match


def test_a_hold_that_is_taken_up_is_a_case_received_that_day(session: Session) -> None:
    code, rina = an_opened_hold(session, ReleaseRule.DATE, TODAY)
    round_was_held(session, TODAY)

    take_up(session, code, rina, day=10)

    case, day = the_case(session, code), TODAY + dt.timedelta(days=10)
    steps = read_steps(session, case.id)
    assert [step.kind for step in steps] == ["sealed", "received", "acknowledged"]
    assert {step.taken_on for step in steps[1:]} == {day}
    assert case.status == CaseStatus.ACKNOWLEDGED
    assert case.due_on > day
    assert acts_on_record(session)[-1] == "status changed"
    move(session, code, rina, a_move("verified"), today=day)


def test_a_word_to_a_sealed_entry_is_no_first_answer_of_the_report(
    session: Session,
) -> None:
    code, rina = an_opened_hold(session, ReleaseRule.DATE, TODAY)
    round_was_held(session, TODAY)
    answer(session, code, rina, day=30)
    take_up(session, code, rina, day=30)
    day = TODAY + dt.timedelta(days=30)

    move(session, code, rina, Move(CaseStatus.VERIFIED), today=day)

    case = the_case(session, code)
    course = find_course(session, case)
    assert course.owed(CaseStatus.VERIFIED) is DeadlineKind.FIRST_ANSWER
    assert case.due_on == RULES.day_of(DeadlineKind.FIRST_ANSWER, day)


def test_once_it_is_taken_up_the_outers_wait_for_a_missed_deadline(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, HOLD, rina)
    open_by_round(session, code, sri)

    take_up(session, code, rina, day=30)

    assert share_of(session, code, sri).rule is ReleaseRule.DEADLINE
    key = for_officer(session, code, rina).key
    assert share_of(session, code, sri).share == key.reveal()


@pytest.mark.parametrize("kind", READABLE)
def test_only_its_writer_makes_a_report_of_anything_else(
    session: Session, kind: EntryKind
) -> None:
    rina = add_officer(session)
    code = keep(session, kind, rina)

    with pytest.raises(NotFromHereError):
        take_up(session, code, rina)
    with pytest.raises(NotFromHereError):
        move(session, code, rina, a_move("acknowledged"))

    assert the_case(session, code).status == "sealed"


def test_a_good_word_is_passed_on_once_and_nothing_else_is(session: Session) -> None:
    rina = add_officer(session)
    praise, question = keep(session, PRAISE, rina), keep(session, QUESTION, rina)
    words = {"text": "Sudah disampaikan.", "seen": "", "today": TODAY}
    answer(session, praise, rina)

    openings.pass_on(session, opening_of(session, praise, rina), rina, **words)

    assert thread_of(session, praise) == ["Terima kasih.", "Sudah disampaikan."]
    assert acts_on_record(session)[-1] == "good word passed on"
    for code in (praise, question):
        with pytest.raises(NotFromHereError):
            openings.pass_on(session, opening_of(session, code, rina), rina, **words)


def test_what_changed_meanwhile_is_looked_at_first(session: Session) -> None:
    rina = add_officer(session)
    code = keep(session, QUESTION, rina)
    answer(session, code, rina)

    with pytest.raises(ChangedMeanwhileError):
        answer(session, code, rina, seen="0123456789abcdef")


def assign(session: Session, code: CaseCode, duty: Duty, to: Duty) -> None:
    readers.assign(
        session,
        opening_of(session, code, duty).opened,
        duty,
        to.person.id,
        reason="",
        seen="",
        secret=gate_of(session),
        gate=gate_of(session),
        today=TODAY,
    )


def recuse(session: Session, code: CaseCode, duty: Duty, whom: Duty) -> None:
    readers.recuse(
        session,
        opening_of(session, code, duty).opened,
        duty,
        whom.person.id,
        reason="",
        seen="",
        gate=gate_of(session),
        today=TODAY,
    )


@pytest.mark.parametrize("kind", [HOLD, *READABLE])
def test_who_joined_later_is_given_an_entry_and_recused_again(
    session: Session, kind: EntryKind
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, kind, rina)
    if kind is HOLD:
        open_by_round(session, code, sri)
    joko = add_officer(session, "Joko Prasetyo")

    assign(session, code, rina, joko)
    assert opening_of(session, code, joko).sheet.kind is kind
    recuse(session, code, joko, rina)

    assert acts_on_record(session)[-2:] == ["readers changed", "readers changed"]
    with pytest.raises(NoSuchCaseError):
        opening_of(session, code, rina)
    case = the_case(session, code)
    assert (case.status, case.due_on) == ("sealed", NO_DAY)
    chains = session.scalars(select(Message.chain).where(Message.case_id == case.id))
    assert set(chains) == {"thread"}


def test_after_a_change_of_readers_the_next_round_still_finds_a_hold_open(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, HOLD, rina)
    open_by_round(session, code, sri)
    joko = add_officer(session, "Joko Prasetyo")

    assign(session, code, rina, joko)
    mask = the_case(session, code).mask
    open_by_round(session, code, sri)

    assert the_case(session, code).mask == mask
    assert opening_of(session, code, joko).is_hold


def test_whom_the_writer_unticked_is_never_given_it(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    shut_out = (joko.person.id.hex(),)
    report = Report("UNSURE", "Apakah ini boleh?", shut_out=shut_out)
    code = keep(session, QUESTION, rina, others=(joko,), report=report)

    with pytest.raises(ShutOutError):
        assign(session, code, rina, joko)


def test_the_last_reader_of_an_entry_stays(session: Session) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    code = keep(session, QUESTION, rina)

    with pytest.raises(LastReaderError):
        recuse(session, code, rina, rina)

    assert opening_of(session, code, rina)


def test_what_was_taken_up_and_then_let_lie_opens_to_the_custodians(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, HOLD, rina, entry=an_entry(HOLD, ReleaseRule.DATE, TODAY))
    open_by_round(session, code, sri)
    round_was_held(session, TODAY)
    take_up(session, code, rina)

    # Acknowledged as it was taken up; to be verified by the 21st, and two working days.
    escalate(session, TODAY + dt.timedelta(days=15))
    before = custody.list_cases(session, sri)
    escalate(session, TODAY + dt.timedelta(days=16))

    assert before == ()
    assert AtCustody(session, code, sri).opened.case.status == CaseStatus.ACKNOWLEDGED
