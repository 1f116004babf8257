"""What a custodian decides: taking over, giving back, moving, closing."""

import datetime as dt

import pytest
from at_custody import AtCustody, escalate
from builders import (
    RULES,
    TODAY,
    add_custodian,
    add_officer,
    case_in,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
    recuse_alone,
    the_case,
)
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import acts, threads
from portal.cases import Duty
from portal.errors import (
    ChangedMeanwhileError,
    DayOutOfReachError,
    IncompleteMoveError,
    NoReaderError,
    NotFromHereError,
)
from portal.models import NO_DAY
from portal.moves import find_course
from portal.objections import ask_custodians
from portal.statuses import Author, CaseStatus, Outcome, OutcomeClass
from portal.threads import Chain

OPEN = TODAY + dt.timedelta(days=7)
"""What nobody acknowledged since Monday is open."""


def opened_case(session: Session) -> tuple[AtCustody, Duty]:
    """Return a case that nobody acknowledged, open to Sri, and its officer."""
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    escalate(session, OPEN)
    return AtCustody(session, code, sri, OPEN), rina


def last_message(session: Session, code: CaseCode) -> threads.Entry:
    opened = for_reporter(session, code)
    return threads.read(session, opened.case.id, Chain.THREAD, opened.key)[-1]


def test_who_takes_over_owes_a_word_in_thirty_days_and_officers_owe_nothing(
    session: Session,
) -> None:
    hers, _rina = opened_case(session)

    hers.take_over("Kami yang memeriksa sekarang.")

    case = the_case(session, hers.code)
    assert case.custodian_due_on == OPEN + dt.timedelta(days=30)
    assert case.due_on == NO_DAY
    assert last_message(session, hers.code).author is Author.CUSTODIAN


def test_officers_move_nothing_of_what_was_taken_over_and_can_still_write(
    session: Session,
) -> None:
    hers, rina = opened_case(session)
    hers.take_over()

    with pytest.raises(NotFromHereError):
        move(session, hers.code, rina, "acknowledged", today=OPEN)
    opened = for_officer(session, hers.code, rina)
    when = {"seen": "", "rules": RULES, "today": OPEN}
    acts.answer(session, opened, rina, "Maaf.", **when)

    assert last_message(session, hers.code).author is Author.OFFICER
    assert the_case(session, hers.code).due_on == NO_DAY


def test_a_custodian_who_took_over_leads_it_step_by_step_and_each_word_sets_the_next(
    session: Session,
) -> None:
    hers, _rina = opened_case(session)
    hers.take_over()
    later = AtCustody(session, hers.code, hers.duty, OPEN + dt.timedelta(days=5))

    for step in ("acknowledged", "verified"):
        later.move(step, None, "")

    case = the_case(session, hers.code)
    assert case.status == "verified"
    assert case.custodian_due_on == later.today + dt.timedelta(days=30)


def test_without_taking_over_there_is_only_the_end(session: Session) -> None:
    hers, _rina = opened_case(session)

    with pytest.raises(NotFromHereError):
        hers.move("acknowledged", None)


def test_a_custodian_closes_with_outcome_and_reasons_and_officers_see_them_at_once(
    session: Session,
) -> None:
    hers, rina = opened_case(session)

    hers.move("closed", Outcome.PARTLY_PROVEN, "Sebagian terbukti.")

    case, entry = the_case(session, hers.code), last_message(session, hers.code)
    assert (case.status, case.due_on, case.custodian_due_on) == ("closed", NO_DAY, None)
    assert case.purge_on is not None
    assert entry.text.outcome is OutcomeClass.PARTLY
    assert entry.text.text == "Sebagian terbukti."
    summary = for_officer(session, hers.code, rina).summary
    assert summary.outcome is Outcome.PARTLY_PROVEN
    assert hers.opened.case.status == "closed"


@pytest.mark.parametrize(
    ("to", "outcome", "message", "missing"),
    [
        ("closed", None, "Ya.", ("outcome",)),
        ("closed", Outcome.NOT_PROVEN, "", ("message",)),
        ("closed", Outcome.BAD_FAITH, "Ya.", ("outcome",)),
        ("not-actionable", None, "", ("message",)),
    ],
)
def test_an_end_has_its_outcome_and_words_and_is_never_bad_faith(
    session: Session,
    to: str,
    outcome: Outcome | None,
    message: str,
    missing: tuple[str, ...],
) -> None:
    hers, _rina = opened_case(session)

    with pytest.raises(IncompleteMoveError) as refused:
        hers.move(to, outcome, message)

    assert refused.value.fields == missing


def test_what_is_given_back_is_due_on_the_new_day_and_opens_again_if_missed(
    session: Session,
) -> None:
    hers, rina = opened_case(session)
    hers.take_over()
    hers.give_back("Petugas bertindak paling lambat pekan depan.", days=7)
    case = the_case(session, hers.code)
    assert (case.due_on, case.custodian_due_on) == (OPEN + dt.timedelta(days=7), None)

    # A day that is past already by the rules waits for the one that was set.
    move(session, hers.code, rina, "acknowledged", today=OPEN)
    assert the_case(session, hers.code).due_on == OPEN + dt.timedelta(days=7)
    escalate(session, OPEN + dt.timedelta(days=9))
    course = find_course(session, the_case(session, hers.code))

    assert course.escalated_on == OPEN + dt.timedelta(days=9)
    assert course.open_since == OPEN


def test_a_day_that_is_set_holds_though_the_rules_would_leave_longer(
    session: Session,
) -> None:
    """Asked by the reporter long before the outcome is due; no word puts it off."""
    rina, sri = add_officer(session), add_custodian(session)
    code = case_in(session, rina, CaseStatus.ASSESSED)
    ask_custodians(
        *(session, for_reporter(session, code), "Tolong dilihat.", {sri.person.id}),
        windows=frozenset(),
        rules=RULES,
        gate=gate_of(session),
        today=TODAY,
    )
    AtCustody(session, code, sri).give_back(days=7)
    set_for = TODAY + dt.timedelta(days=7)
    assert the_case(session, code).due_on == set_for

    when = {"seen": "", "rules": RULES, "today": TODAY}
    opened = for_officer(session, code, rina)
    acts.answer(session, opened, rina, "Kami periksa.", **when)
    words = {"reason": "Sulit.", "message": "Lebih lama."}
    with pytest.raises(NotFromHereError):
        acts.extend(session, opened, rina, **words, **when)

    assert the_case(session, code).due_on == set_for
    escalate(session, set_for + dt.timedelta(days=4))
    assert find_course(session, the_case(session, code)).escalated_on is not None


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_the_new_day_is_after_today_and_not_far(session: Session, days: int) -> None:
    hers, _rina = opened_case(session)

    with pytest.raises(DayOutOfReachError):
        hers.give_back(days=days)


def test_nothing_is_given_back_without_words_for_the_reporter(session: Session) -> None:
    hers, _rina = opened_case(session)

    with pytest.raises(IncompleteMoveError):
        hers.give_back("")


def test_what_no_officer_reads_is_given_back_to_nobody(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    recuse_alone(session, code, rina, gate_of(session))

    with pytest.raises(NoReaderError):
        AtCustody(session, code, sri).give_back()


def test_who_acted_meanwhile_is_not_overridden(session: Session) -> None:
    hers, _rina = opened_case(session)

    with pytest.raises(ChangedMeanwhileError):
        hers.take_over(seen="of before")


def test_a_case_that_is_over_is_neither_taken_over_nor_given_back(
    session: Session,
) -> None:
    hers, _rina = opened_case(session)
    hers.move("closed")

    for act in (hers.take_over, hers.give_back):
        with pytest.raises(NotFromHereError):
            act()


def test_taken_up_again_its_days_begin_anew(session: Session) -> None:
    hers, rina = opened_case(session)
    hers.move("closed")
    later = OPEN + dt.timedelta(days=200)

    move(session, hers.code, rina, "addressed", today=later)
    escalate(session, later)

    case = the_case(session, hers.code)
    # The reopening brings words to the reporter: what is owed is the outcome.
    assert case.due_on == later + dt.timedelta(days=RULES.feedback_days)
    assert case.status == CaseStatus.ADDRESSED


def test_officers_extend_once_before_the_day_and_never_after_it(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    for step in ("acknowledged", "verified"):
        move(session, code, rina, step)
    late = TODAY + dt.timedelta(days=91)

    with pytest.raises(NotFromHereError):
        extend(session, code, rina, late)
    extend(session, code, rina, TODAY)
    with pytest.raises(NotFromHereError):
        extend(session, code, rina, TODAY)

    assert the_case(session, code).due_on == TODAY + dt.timedelta(days=180)
    assert last_message(session, code).text.text == "Kami menunggu ahli."


@pytest.mark.parametrize("left_out", ["reason", "message"])
def test_more_time_has_a_reason_and_words_for_the_reporter(
    session: Session, left_out: str
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    for step in ("acknowledged", "verified"):
        move(session, code, rina, step)

    with pytest.raises(IncompleteMoveError) as refused:
        extend(session, code, rina, TODAY, **{left_out: ""})

    assert refused.value.fields == (left_out,)


def test_before_the_last_deadline_nothing_is_extended(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    move(session, code, rina, "acknowledged")

    with pytest.raises(NotFromHereError):
        extend(session, code, rina, TODAY)


def extend(
    session: Session,
    code: CaseCode,
    rina: Duty,
    today: dt.date,
    *,
    reason: str = "Ahli ditunggu.",
    message: str = "Kami menunggu ahli.",
) -> None:
    opened = for_officer(session, code, rina)
    why = {"reason": reason, "message": message, "seen": "", "rules": RULES}
    acts.extend(session, opened, rina, **why, today=today)
