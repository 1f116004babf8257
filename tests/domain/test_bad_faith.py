"""Nobody judges bad faith alone: one officer proposes it, another confirms."""

import pytest
from builders import (
    TODAY,
    acts_on_record,
    add_officer,
    case_in,
    dump,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
    the_case,
)
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import readers, threads
from portal.acts import Move
from portal.cases import Duty, read_steps
from portal.errors import IncompleteMoveError
from portal.statuses import CaseStatus, Outcome, OutcomeClass
from portal.threads import Chain

BAD_FAITH = Move(
    CaseStatus.CLOSED, "Dua kali diakui rekaan.", "Terima kasih.", Outcome.BAD_FAITH
)
REOPENED = Move(CaseStatus.ADDRESSED, "Ada bukti baru.")


def two_officers(session: Session) -> tuple[CaseCode, Duty, Duty]:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, joko)
    move(session, code, rina, Move(CaseStatus.ACKNOWLEDGED))
    return code, rina, joko


def proposer(session: Session, code: CaseCode, duty: Duty) -> str:
    return for_officer(session, code, duty).summary.bad_faith_by


@pytest.mark.parametrize("times", [1, 2])
def test_one_officer_alone_only_proposes(session: Session, times: int) -> None:
    code, rina, _joko = two_officers(session)

    for _ in range(times):
        move(session, code, rina, BAD_FAITH)

    case = the_case(session, code)
    assert case.status == "acknowledged"
    assert [step.kind for step in read_steps(session, case.id)] == [
        "received",
        "acknowledged",
    ]
    assert proposer(session, code, rina) == rina.person.id.hex()


def test_the_reporter_sees_nothing_of_a_proposal(session: Session) -> None:
    code, rina, _joko = two_officers(session)

    move(session, code, rina, BAD_FAITH)

    mine = for_reporter(session, code)
    assert len(threads.read(session, mine.case.id, Chain.THREAD, mine.key)) == 1


def test_what_was_written_to_the_reporter_is_kept_for_the_second_officer(
    session: Session,
) -> None:
    code, rina, joko = two_officers(session)

    move(session, code, rina, BAD_FAITH)

    opened = for_officer(session, code, joko)
    notes = threads.read(session, opened.case.id, Chain.NOTES, opened.key.office)
    texts = [entry.text.text for entry in notes]
    assert texts[-2:] == [BAD_FAITH.reason, BAD_FAITH.message]


def test_a_second_officer_confirms_and_the_reporter_reads_not_proven(
    session: Session,
) -> None:
    code, rina, joko = two_officers(session)
    move(session, code, rina, BAD_FAITH)

    move(session, code, joko, BAD_FAITH)

    summary = for_officer(session, code, rina).summary
    assert the_case(session, code).status == "closed"
    assert (summary.outcome, summary.bad_faith_by) == (Outcome.BAD_FAITH, "")
    mine = for_reporter(session, code)
    last = threads.read(session, mine.case.id, Chain.THREAD, mine.key)[-1]
    assert last.text.outcome is OutcomeClass.NOT_PROVEN


def test_a_proposal_is_on_record_as_a_judgement_like_any_other(
    session: Session,
) -> None:
    code, rina, joko = two_officers(session)

    move(session, code, rina, BAD_FAITH)
    move(session, code, joko, BAD_FAITH)

    assert acts_on_record(session)[-2:] == ["triaged", "status changed"]


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        (Move(CaseStatus.CLOSED, outcome=Outcome.BAD_FAITH), ("reason",)),
        (Move(CaseStatus.CLOSED, "", "Ya.", Outcome.BAD_FAITH), ("reason",)),
    ],
)
def test_a_proposal_needs_a_reason_and_no_message(
    session: Session, step: Move, missing: tuple[str, ...]
) -> None:
    code, rina, _joko = two_officers(session)
    before = dump(session)

    with pytest.raises(IncompleteMoveError) as refused:
        move(session, code, rina, step)

    assert refused.value.fields == missing
    assert dump(session) == before


def test_the_second_officer_writes_to_the_reporter(session: Session) -> None:
    code, rina, joko = two_officers(session)
    move(session, code, rina, BAD_FAITH)

    with pytest.raises(IncompleteMoveError) as refused:
        move(session, code, joko, Move(CaseStatus.CLOSED, outcome=Outcome.BAD_FAITH))

    assert refused.value.fields == ("reason", "message")


def test_another_end_and_a_reopening_forget_the_proposal(session: Session) -> None:
    code, rina, joko = two_officers(session)
    move(session, code, rina, BAD_FAITH)
    move(session, code, joko, "closed")
    move(session, code, joko, REOPENED)

    move(session, code, joko, BAD_FAITH)

    assert the_case(session, code).status == "addressed"
    assert proposer(session, code, joko) == joko.person.id.hex()


def test_the_word_of_who_was_recused_counts_no_more(session: Session) -> None:
    code, rina, joko = two_officers(session)
    move(session, code, joko, BAD_FAITH)

    readers.recuse(
        session,
        for_officer(session, code, rina),
        rina,
        joko.person.id,
        reason="Kerabat pelapor.",
        seen="",
        gate=gate_of(session),
        today=TODAY,
    )
    move(session, code, rina, BAD_FAITH)

    assert the_case(session, code).status == "acknowledged"


def test_a_case_that_is_alone_with_one_officer_never_ends_so(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)

    move(session, code, rina, BAD_FAITH)
    move(session, code, rina, BAD_FAITH)

    assert the_case(session, code).status == "acknowledged"
