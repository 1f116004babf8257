"""What is done to a case: writing, judging, moving, each a whole or nothing."""

import datetime as dt
from dataclasses import replace

import pytest
from builders import (
    RULES,
    TODAY,
    a_move,
    a_report,
    acts_on_record,
    add_officer,
    case_in,
    dump,
    for_officer,
    for_reporter,
    hand_in,
    move,
    the_case,
    withdraw,
)
from sqlalchemy.orm import Session

from crypto import BrokenError, CaseCode, Key, TooLongError
from portal import acts, own_cases, threads
from portal.acts import Move
from portal.cases import Duty, read_state, read_steps
from portal.errors import (
    ChangedMeanwhileError,
    CodeInTextError,
    IncompleteMoveError,
    NotFromHereError,
)
from portal.models import NO_DAY
from portal.statuses import MOVES, CaseStatus, Outcome, OutcomeClass
from portal.summaries import Priority, Triage
from portal.threads import Chain

IMPOSSIBLE = [
    (here, there)
    for here in CaseStatus
    for there in dict.fromkeys([here, CaseStatus.SUBMITTED, CaseStatus.WITHDRAWN])
]
"""Nowhere, back to the start, and what only the reporter may do."""

ENDABLE = [here for here, to in MOVES if to is CaseStatus.CLOSED]
WRITABLE = [status for status in CaseStatus if status is not CaseStatus.WITHDRAWN]


def write(session: Session, code: CaseCode, text: str = "Senin kemarin juga.") -> None:
    mine = for_reporter(session, code)
    own_cases.write(
        session, mine, text, windows=code.windows(), today=TODAY, at_once=True
    )


def answer(
    session: Session,
    code: CaseCode,
    duty: Duty,
    text: str = "Masih terjadi?",
    seen: str = "",
) -> None:
    opened = for_officer(session, code, duty)
    acts.answer(session, opened, duty, text, seen=seen, rules=RULES, today=TODAY)


def note(
    session: Session, code: CaseCode, duty: Duty, text: str, seen: str = ""
) -> None:
    opened = for_officer(session, code, duty)
    acts.note(session, opened, duty, text, seen=seen, today=TODAY)


def judge(
    session: Session,
    code: CaseCode,
    duty: Duty,
    judgement: Triage,
    *,
    title: str = "",
    reason: str = "",
    seen: str = "",
) -> None:
    acts.triage(
        session,
        for_officer(session, code, duty),
        duty,
        judgement,
        title=title,
        reason=reason,
        seen=seen,
        today=TODAY,
    )


def thread(session: Session, code: CaseCode) -> list[str]:
    """Return the thread's messages behind the report, as the reporter reads them."""
    mine = for_reporter(session, code)
    entries = threads.read(session, mine.case.id, Chain.THREAD, mine.key)
    return [entry.text.text for entry in entries[1:]]


def notes(session: Session, code: CaseCode, key: Key) -> list[str]:
    case_id = the_case(session, code).id
    entries = threads.read(session, case_id, Chain.NOTES, key)
    return [entry.text.text for entry in entries]


def state(session: Session, code: CaseCode) -> str:
    return read_state(session, the_case(session, code))


def steps(session: Session, code: CaseCode) -> list[str]:
    return [step.kind for step in read_steps(session, the_case(session, code).id)]


def test_reporter_and_officer_talk_in_one_thread(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)

    answer(session, code, rina, "Masih terjadi?")
    write(session, code, "Ya, Senin kemarin.")

    assert thread(session, code)[-2:] == ["Masih terjadi?", "Ya, Senin kemarin."]


@pytest.mark.parametrize("status", WRITABLE)
def test_a_reporter_writes_in_every_status_and_the_case_waits(
    session: Session, status: CaseStatus
) -> None:
    code = case_in(session, add_officer(session), status)

    write(session, code)

    assert thread(session, code)[-1] == "Senin kemarin juga."
    assert not the_case(session, code).is_answered


def test_nothing_is_written_in_a_withdrawn_case(session: Session) -> None:
    code = case_in(session, add_officer(session), CaseStatus.WITHDRAWN)

    with pytest.raises(NotFromHereError):
        write(session, code)


def test_a_message_with_the_code_in_it_is_refused(session: Session) -> None:
    code = hand_in(session, add_officer(session))
    before = dump(session)

    with pytest.raises(CodeInTextError):
        write(session, code, f"Kode saya {code.reveal().lower()}, tolong simpan.")

    assert dump(session) == before


@pytest.mark.parametrize("act", [answer, note])
def test_a_text_that_is_too_long_says_by_how_much(
    session: Session, act: object
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    before = dump(session)

    with pytest.raises(TooLongError) as refused:
        act(session, code, rina, "\N{GRINNING FACE}" * 1100)  # type: ignore[operator]

    assert refused.value.excess > 300
    assert dump(session) == before


def test_an_answer_before_acknowledging_leaves_the_case_waiting(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)

    answer(session, code, rina)

    assert not the_case(session, code).is_answered
    assert the_case(session, code).status == CaseStatus.SUBMITTED


def test_an_answer_is_a_step_and_moves_the_due_day(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)
    move(session, code, rina, Move(CaseStatus.VERIFIED))

    answer(session, code, rina)

    assert steps(session, code)[-1] == "answered"
    assert the_case(session, code).due_on == TODAY + dt.timedelta(days=90)
    assert the_case(session, code).is_answered


def test_a_note_is_for_officers_alone(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)

    note(session, code, rina, "Hati-hati dengan unit itu.")

    opened, mine = for_officer(session, code, rina), for_reporter(session, code)
    assert notes(session, code, opened.key.office) == ["Hati-hati dengan unit itu."]
    assert thread(session, code) == []
    with pytest.raises(BrokenError):
        notes(session, code, mine.key)


def test_a_judgement_is_kept_in_the_summary(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)

    judge(
        session,
        code,
        rina,
        Triage(3, 3, ongoing=True, evidence_at_risk=True, victim_at_risk=True),
        title="Pungutan di loket",
    )

    summary = for_officer(session, code, rina).summary
    assert summary.title == "Pungutan di loket"
    assert summary.triage.score == 16
    assert summary.triage.priority is Priority.P1


def test_another_severity_needs_a_reason_which_becomes_a_note(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)

    with pytest.raises(IncompleteMoveError) as refused:
        judge(session, code, rina, Triage(4))
    judge(session, code, rina, Triage(4), reason="Menyangkut banyak orang.")

    opened = for_officer(session, code, rina)
    assert refused.value.fields == ("reason",)
    assert opened.summary.triage.severity == 4
    assert notes(session, code, opened.key.office) == ["Menyangkut banyak orang."]


def test_the_title_stays_where_none_is_given(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, report=a_report("Ada pungutan."))

    judge(session, code, rina, Triage(3, 1))

    assert for_officer(session, code, rina).summary.title == "Ada pungutan."


@pytest.mark.parametrize(
    ("triage", "score", "priority"),
    [
        (Triage(1, 1), 1, Priority.P3),
        (Triage(2, 2), 4, Priority.P3),
        (Triage(2, 2, ongoing=True), 6, Priority.P2),
        (Triage(1, 1, evidence_at_risk=True), 3, Priority.P3),
        (Triage(1, 2, victim_at_risk=True), 5, Priority.P2),
        (Triage(3, 3), 9, Priority.P2),
        (Triage(3, 3, ongoing=True), 11, Priority.P1),
        (Triage(4, 1), 4, Priority.P1),
    ],
)
def test_the_score_is_the_contracts(
    triage: Triage, score: int, priority: Priority
) -> None:
    assert (triage.score, triage.priority) == (score, priority)


@pytest.mark.parametrize(("here", "there"), IMPOSSIBLE)
def test_no_act_leaves_the_one_table(
    session: Session, here: CaseStatus, there: CaseStatus
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, here)
    before = dump(session)

    with pytest.raises(NotFromHereError):
        move(session, code, rina, a_move(there))

    assert dump(session) == before


@pytest.mark.parametrize("here", ENDABLE)
def test_closing_keeps_the_outcome_and_tells_its_class(
    session: Session, here: CaseStatus
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, here)

    move(session, code, rina, a_move("closed"), today=TODAY + dt.timedelta(days=1))

    case, mine = the_case(session, code), for_reporter(session, code)
    last = threads.read(session, case.id, Chain.THREAD, mine.key)[-1].text
    assert (case.status, case.is_answered) == ("closed", True)
    assert (case.due_on, case.closed_on) == (NO_DAY, TODAY + dt.timedelta(days=1))
    assert last.outcome is OutcomeClass.PROVEN
    assert for_officer(session, code, rina).summary.outcome is Outcome.PROVEN_COACHING


@pytest.mark.parametrize(
    ("here", "step", "missing"),
    [
        ("acknowledged", Move(CaseStatus.CLOSED, message="Selesai."), "outcome"),
        (
            "acknowledged",
            Move(CaseStatus.CLOSED, outcome=Outcome.DUPLICATE),
            "message",
        ),
        ("acknowledged", Move(CaseStatus.NOT_ACTIONABLE), "reason"),
        ("assessed", Move(CaseStatus.REFERRED), "message"),
        ("closed", Move(CaseStatus.ADDRESSED), "reason"),
        ("not-actionable", Move(CaseStatus.ADDRESSED), "reason"),
    ],
)
def test_a_step_that_lacks_something_says_what(
    session: Session, here: str, step: Move, missing: str
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus(here))
    before = dump(session)

    with pytest.raises(IncompleteMoveError) as refused:
        move(session, code, rina, step)

    assert refused.value.fields == (missing,)
    assert dump(session) == before


def test_an_outcome_belongs_to_closing_alone() -> None:
    """Beside another step it was left over; a case would stay for years by it."""
    chosen = "proven-discipline"

    assert Move.typed("closed", "", "Selesai.", chosen).outcome is Outcome(chosen)
    assert Move.typed("not-actionable", "Cukup.", "", chosen).outcome is None
    assert Move.typed("assessed", "", "", "bad-faith").outcome is None


@pytest.mark.parametrize("answers", [{"others_know": "1-2"}, {"avoid": "Unit itu."}])
@pytest.mark.parametrize("there", ["assessed", "more-information", "closed"])
def test_leaving_verified_needs_a_plan_to_protect_the_source(
    session: Session, answers: dict[str, str], there: str
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, report=a_report(**answers))
    move(session, code, rina, Move(CaseStatus.ACKNOWLEDGED))
    move(session, code, rina, Move(CaseStatus.VERIFIED))

    with pytest.raises(IncompleteMoveError) as refused:
        move(session, code, rina, replace(a_move(there), reason=""))
    move(session, code, rina, a_move(there))

    assert refused.value.fields == ("reason",)
    assert the_case(session, code).status == there


def test_a_reason_is_internal_and_a_message_is_not(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)
    step = Move(CaseStatus.VERIFIED, reason="Sudah dicek.", message="Kami periksa.")

    move(session, code, rina, step)

    office = for_officer(session, code, rina).key.office
    assert notes(session, code, office)[-1] == "Sudah dicek."
    assert thread(session, code)[-1] == "Kami periksa."


@pytest.mark.parametrize("ended", [CaseStatus.CLOSED, CaseStatus.NOT_ACTIONABLE])
def test_reopening_takes_the_outcome_back(session: Session, ended: CaseStatus) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, ended)

    move(session, code, rina, Move(CaseStatus.ADDRESSED, reason="Bukti baru."))

    case = the_case(session, code)
    assert (case.status, case.closed_on) == ("addressed", None)
    assert case.due_on != NO_DAY
    assert for_officer(session, code, rina).summary.outcome is None


def test_a_case_reopened_after_the_reporter_wrote_waits(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.CLOSED)
    write(session, code)

    move(session, code, rina, Move(CaseStatus.ADDRESSED, reason="Bukti baru."))

    assert not the_case(session, code).is_answered


@pytest.mark.parametrize("act", [answer, note])
def test_who_acts_second_is_told_and_nothing_is_lost(
    session: Session, act: object
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    seen = state(session, code)
    move(session, code, rina, "acknowledged")
    before = dump(session)

    with pytest.raises(ChangedMeanwhileError):
        act(session, code, joko, "Terlambat.", seen)  # type: ignore[operator]

    assert dump(session) == before


def test_a_judgement_of_an_old_page_is_refused(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    seen = state(session, code)
    judge(session, code, rina, Triage(3, 3), seen=seen)

    with pytest.raises(ChangedMeanwhileError):
        judge(session, code, rina, Triage(3, 1), seen=seen)

    assert for_officer(session, code, rina).summary.triage.likelihood == 3


def test_a_step_of_an_old_page_is_refused_after_a_reporters_message(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)
    seen = state(session, code)
    write(session, code)

    with pytest.raises(ChangedMeanwhileError):
        move(session, code, rina, "verified", seen=seen)


@pytest.mark.parametrize(
    "status", [here for here, to in MOVES if to is CaseStatus.WITHDRAWN]
)
def test_a_reporter_withdraws_an_open_case(
    session: Session, status: CaseStatus
) -> None:
    code = case_in(session, add_officer(session), status)

    withdraw(session, code)

    case = the_case(session, code)
    assert (case.status, case.closed_on) == ("withdrawn", TODAY)
    assert steps(session, code)[-1] == "withdrawn"


def test_what_a_reporter_does_is_never_on_record(session: Session) -> None:
    code = case_in(session, add_officer(session), CaseStatus.ACKNOWLEDGED)
    before = acts_on_record(session)

    write(session, code)
    withdraw(session, code)

    assert acts_on_record(session) == before
