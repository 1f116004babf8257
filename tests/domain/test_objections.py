"""A reporter asks the custodians to look: when, whom, what they get, and how it ends."""

import datetime as dt

import pytest
from builders import (
    RETENTION,
    RULES,
    TODAY,
    a_move,
    a_report,
    acts_on_record,
    add_custodian,
    add_officer,
    case_in,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
    shredder_of,
    the_case,
    withdraw,
)
from sqlalchemy.orm import Session

from crypto import CaseCode, open_outer, take_gate_off
from portal import (
    acts,
    audit,
    cases,
    custodian_acts,
    custody,
    objections,
    outers,
    readers,
    reviews,
    threads,
)
from portal.askings import REVIEWED, find_objected, find_objection
from portal.cases import PURPOSE_OUTER, Duty, OfficerCase
from portal.database import transaction
from portal.deadlines import DeadlineKind
from portal.errors import (
    ChangedMeanwhileError,
    CodeInTextError,
    IncompleteMoveError,
    NoReaderError,
    NoSuchCaseError,
    NotFromHereError,
)
from portal.models import Wrap
from portal.shredding import Purge
from portal.statuses import CaseStatus
from portal.threads import Chain

WHY = "Kuitansi itu tidak pernah diperiksa."
CLOSED = CaseStatus.CLOSED


def ask(
    session: Session,
    code: CaseCode,
    *custodians: Duty,
    text: str = WHY,
    today: dt.date = TODAY,
) -> None:
    objections.ask_custodians(
        *(session, for_reporter(session, code), text),
        {one.person.id for one in custodians},
        windows=code.windows(),
        rules=RULES,
        gate=gate_of(session),
        today=today,
    )


def as_asked(session: Session, code: CaseCode, duty: Duty) -> OfficerCase:
    return cases.find_for_custodian(session, the_case(session, code).id, duty)


def confirm(
    session: Session, code: CaseCode, duty: Duty, text: str = "Tetap.", seen: str = ""
) -> None:
    reviews.confirm(
        *(session, as_asked(session, code, duty), duty, text),
        seen=seen,
        retention=RETENTION,
        today=TODAY,
    )


def state(session: Session, code: CaseCode, today: dt.date = TODAY):
    case = the_case(session, code)
    return find_objection(case, cases.read_steps(session, case.id), today)


def after(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def people_in(session: Session) -> tuple[Duty, Duty]:
    """Add Sri, a custodian, and Rina, an officer."""
    return add_custodian(session), add_officer(session)


def test_the_custodian_reads_what_the_code_opens_and_nothing_of_the_office(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)

    ask(session, code, sri)

    opened = as_asked(session, code, sri)
    thread = threads.read(session, opened.case.id, Chain.THREAD, opened.key.thread)
    assert thread[-1].text.text == WHY
    assert opened.is_asked
    assert opened.key.office != for_officer(session, code, rina).key.office
    assert opened.summary.title.startswith("Ada pungutan")


def test_who_was_not_ticked_gets_nothing(session: Session) -> None:
    sri, rina = people_in(session)
    joko = add_custodian(session, "Joko Susilo")
    code = case_in(session, rina, CLOSED)

    ask(session, code, sri)

    assert custody.list_cases(session, joko) == ()
    with pytest.raises(NoSuchCaseError):
        as_asked(session, code, joko)


def test_before_it_nobody_outside_opens_the_case(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)

    with pytest.raises(NoSuchCaseError):
        as_asked(session, code, sri)


@pytest.mark.parametrize(
    ("report", "ticked"),
    [
        (a_report(), [True]),
        (a_report(who_name="Bu Sri Lestari"), [False]),
        # By objecting, a reporter chooses anew.
        (a_report(custodian="no"), [True]),
    ],
)
def test_a_custodian_whom_the_report_names_is_not_ticked(
    session: Session, report, ticked
) -> None:
    _sri, rina = people_in(session)
    code = hand_in(session, rina, report=report)

    found = objections.list_choices(session, for_reporter(session, code))

    assert [one.is_ticked for one in found] == ticked


@pytest.mark.parametrize("status", ["submitted", "withdrawn"])
def test_there_is_nothing_to_object_to_before_the_first_answer(
    session: Session, status
) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus(status))

    with pytest.raises(NotFromHereError):
        ask(session, code, sri)


@pytest.mark.parametrize(("days", "may"), [(0, True), (30, True), (31, False)])
def test_thirty_days_after_closing_it_is_too_late(session: Session, days, may) -> None:
    _sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)

    assert state(session, code, after(days)).may_be_made is may


def test_whoever_objects_on_the_thirty_first_day_changes_nothing(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)

    with pytest.raises(NotFromHereError):
        ask(session, code, sri, today=after(31))

    assert custody.list_cases(session, sri) == ()


def test_a_second_tab_objects_in_vain(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)

    with pytest.raises(NotFromHereError):
        ask(session, code, sri, text="Sekali lagi.")

    assert [one.kind for one in steps(session, code)].count("objection") == 1


def test_where_whoever_was_asked_is_gone_another_can_be_asked(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    joko = add_custodian(session, "Joko Susilo")
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)
    with transaction(session):
        sri.person.retired_on = TODAY

    ask(session, code, joko, today=after(40))

    assert as_asked(session, code, joko).is_asked
    assert the_case(session, code).custodian_due_on == after(30)


def test_each_closing_gives_one_objection_more(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)
    for step in ("addressed", "closed"):
        move(session, code, rina, step, today=after(3))

    ask(session, code, sri, today=after(4))

    # A day that was owed is not put off by asking again.
    assert the_case(session, code).custodian_due_on == after(30)


def test_a_closing_without_a_word_can_be_objected_to_however_it_goes_on(
    session: Session,
) -> None:
    """Officers who close without a message, and reopen, block nothing."""
    _sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)
    silent = a_move("not-actionable")
    for step in (type(silent)(silent.to, reason="Tidak jelas."), "addressed"):
        move(session, code, rina, step)

    assert state(session, code, after(300)).may_be_made


def test_officers_who_close_meanwhile_are_told_and_block_nothing(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    seen = cases.read_state(session, the_case(session, code))
    ask(session, code, sri)

    with pytest.raises(ChangedMeanwhileError):
        move(session, code, rina, "closed", seen=seen)
    move(session, code, rina, "closed")

    assert state(session, code).is_pending
    assert the_case(session, code).custodian_due_on == after(30)


def test_a_recusal_takes_nothing_back(session: Session) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina, add_officer(session, "Joko Prasetyo"))
    for step in ("acknowledged", "closed"):
        move(session, code, rina, step)
    ask(session, code, sri)

    readers.recuse(
        *(session, for_officer(session, code, rina), rina, rina.person.id),
        reason="Saya terkait.",
        seen="",
        gate=gate_of(session),
        today=TODAY,
    )

    assert as_asked(session, code, sri).is_asked


def test_a_custodian_confirms_the_result_and_the_reporter_has_time_to_read_it(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)
    with transaction(session):
        the_case(session, code).purge_on = after(1)

    confirm(session, code, sri, "Buktinya memang tidak ada.")

    case = the_case(session, code)
    assert not state(session, code).is_pending
    assert case.custodian_due_on is None
    assert case.purge_on >= after(RETENTION.unproven_days)
    assert acts_on_record(session)[-1] == audit.AuditAction.CONFIRMED
    with pytest.raises(NotFromHereError):
        confirm(session, code, sri)


def test_a_confirmation_needs_words_and_a_case_that_is_over(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    ask(session, code, sri)
    with pytest.raises(NotFromHereError):
        confirm(session, code, sri)
    move(session, code, rina, "closed")

    with pytest.raises(IncompleteMoveError):
        confirm(session, code, sri, "")


def test_a_case_stays_until_it_is_answered(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)
    purge = Purge(shredder_of(session), RETENTION)
    long_after = dt.datetime(2030, 1, 1, 3, tzinfo=dt.UTC)

    with transaction(session):
        purge.run(session, long_after)

    assert the_case(session, code).status == CLOSED
    confirm(session, code, sri)
    with transaction(session):
        purge.run(session, long_after)
    with pytest.raises(NoSuchCaseError):
        the_case(session, code)


def test_whoever_withdraws_asks_no_more(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    ask(session, code, sri)

    withdraw(session, code)

    assert not state(session, code).is_pending
    assert the_case(session, code).custodian_due_on is None


def test_an_officers_message_answers_no_objection(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    ask(session, code, sri)

    acts.answer(
        *(session, for_officer(session, code, rina), rina, "Kami periksa."),
        seen="",
        rules=RULES,
        today=TODAY,
    )

    case_id = the_case(session, code).id
    assert state(session, code).is_pending
    assert find_objected(session, [case_id]) == {case_id}


def test_nobody_asked_is_nobody_told(session: Session) -> None:
    _sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)

    with pytest.raises(NoReaderError):
        ask(session, code)
    with pytest.raises(NoReaderError):
        ask(session, code, rina)


def test_no_objection_carries_the_code(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)

    with pytest.raises(CodeInTextError):
        ask(session, code, sri, text=f"Kode saya {code.reveal()}")


def test_a_custodian_who_was_asked_hands_nothing_on(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)

    with pytest.raises(NotFromHereError):
        readers.assign(
            *(session, as_asked(session, code, sri), sri, rina.person.id),
            reason="",
            seen="",
            secret=gate_of(session),
            gate=gate_of(session),
            today=TODAY,
        )


def steps(session: Session, code: CaseCode):
    return cases.read_steps(session, the_case(session, code).id)


def test_a_mere_word_of_the_custodian_answers_no_objection(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)

    acts.answer(
        *(session, as_asked(session, code, sri), sri, "Kuitansi yang mana?"),
        seen="",
        rules=RULES,
        today=TODAY,
    )

    assert state(session, code).is_pending
    assert the_case(session, code).custodian_due_on == after(30)


def lead(session: Session, code: CaseCode, duty: Duty, to: str) -> None:
    """Let a custodian lead the case on."""
    custodian_acts.move(
        *(session, as_asked(session, code, duty), duty, a_move(to)),
        seen="",
        rules=RULES,
        retention=RETENTION,
        gate=gate_of(session),
        today=TODAY,
    )


def test_a_custodian_takes_up_again_what_officers_closed(session: Session) -> None:
    """Without the office key; officers owe anew, and their visit mends what they keep."""
    sri, rina = people_in(session)
    code = case_in(session, rina, CLOSED)
    ask(session, code, sri)

    lead(session, code, sri, "addressed")

    case = the_case(session, code)
    assert not state(session, code).is_pending
    assert (case.custodian_due_on, case.purge_on) == (None, None)
    assert case.due_on == RULES.day_of(DeadlineKind.FEEDBACK, TODAY)
    outers.complete(session, rina, case.id, gate=gate_of(session))
    row = session.get_one(Wrap, (case.id, sri.person.id, PURPOSE_OUTER))
    place = {"case_id": case.id, "holder": sri.person.id}
    inner = take_gate_off(row.wrap, gate_of(session), **place)
    assert open_outer(inner, sri.identity, **place).share


def test_a_custodian_who_was_asked_takes_over_and_ends_the_case(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    ask(session, code, sri)

    custodian_acts.take_over(
        *(session, as_asked(session, code, sri), sri, "Saya ambil alih."),
        seen="",
        rules=RULES,
        today=TODAY,
    )

    assert not state(session, code).is_pending
    with pytest.raises(NotFromHereError):
        move(session, code, rina, "closed")
    lead(session, code, sri, "closed")
    assert the_case(session, code).status == CLOSED


def test_a_custodian_ends_the_case_in_answer(session: Session) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    ask(session, code, sri)

    lead(session, code, sri, "closed")

    assert REVIEWED in [one.kind for one in steps(session, code)]
    assert not state(session, code).is_pending
    assert the_case(session, code).custodian_due_on is None
