"""Somebody is after the reporter: whom it reaches, what is owed, and when it ends."""

import datetime as dt

import kept
import pytest
from builders import (
    RETENTION,
    RULES,
    TODAY,
    a_report,
    add_custodian,
    add_officer,
    case_in,
    dump,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    move,
    shredder_of,
    the_case,
    withdraw,
)
from keeping import keep
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import NOTICE_WRAP_SIZE, CaseCode, NoticeKind
from portal import (
    acts,
    cases,
    custodian_acts,
    custody,
    desk,
    renewals,
    threads,
    troubles,
)
from portal.cases import PURPOSE_TROUBLE, Duty
from portal.courses import Course
from portal.database import transaction
from portal.desk import Filters
from portal.entries import EntryKind
from portal.errors import CodeInTextError, NoSuchCaseError, ToldTodayError
from portal.escalation import Escalation
from portal.models import NO_DAY, Wrap
from portal.shredding import Purge
from portal.statuses import CaseStatus
from portal.steps import ESCALATED
from portal.threads import Chain
from portal.troubles import Telling

HUNT, PRESSURE = NoticeKind.HUNT, NoticeKind.PRESSURE
TOMORROW = TODAY + dt.timedelta(days=1)
NEXT_WEEK = TODAY + dt.timedelta(days=7)


def tell(
    session: Session,
    code: CaseCode,
    kind: NoticeKind = HUNT,
    *,
    text: str = "",
    opens: bool = False,
    today: dt.date = TODAY,
) -> None:
    troubles.tell(
        *(session, for_reporter(session, code), Telling(kind, text, opens=opens)),
        windows=code.windows(),
        rules=RULES,
        gate=gate_of(session),
        today=today,
    )


def answer(
    session: Session, code: CaseCode, duty: Duty, today: dt.date = TODAY
) -> None:
    acts.answer(
        *(session, for_officer(session, code, duty), duty, "Kami lindungi."),
        seen="",
        rules=RULES,
        today=today,
    )


def told(session: Session, duty: Duty) -> list[NoticeKind]:
    return [notice.kind for notice in custody.list_notices(session, duty)]


def people_in(session: Session) -> tuple[Duty, Duty]:
    """Add Sri, a custodian, and Rina, an officer."""
    return add_custodian(session), add_officer(session)


def test_officers_owe_a_word_within_one_working_day(session: Session) -> None:
    _sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)

    tell(session, code)

    case = the_case(session, code)
    assert case.is_urgent
    assert case.due_on == RULES.protect_day(TODAY) == TOMORROW


def test_the_day_of_the_outcome_stays_in_sight(session: Session) -> None:
    _sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    before = the_case(session, code).due_on

    tell(session, code)

    case = the_case(session, code)
    ahead = Course.of(cases.read_steps(session, case.id)).ahead(case, RULES)
    assert [due.day for due in ahead] == [TOMORROW, before]


def test_it_counts_from_the_first_day_since_an_officer_wrote(session: Session) -> None:
    _sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    tell(session, code)

    tell(session, code, PRESSURE, today=NEXT_WEEK)

    assert the_case(session, code).due_on == TOMORROW


def test_a_word_of_an_officer_ends_it_and_the_day_of_before_counts_again(
    session: Session,
) -> None:
    _sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.ADDRESSED)
    before = the_case(session, code).due_on
    tell(session, code)

    answer(session, code, rina)

    case = the_case(session, code)
    assert not case.is_urgent
    assert case.due_on == before
    tell(session, code, today=TOMORROW)
    assert the_case(session, code).due_on == RULES.protect_day(TOMORROW)


@pytest.mark.parametrize(
    "status", ["submitted", "closed", "not-actionable", "withdrawn"]
)
def test_it_can_be_told_at_any_time(session: Session, status) -> None:
    """Who was made to withdraw is looked for all the same."""
    _sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus(status))

    tell(session, code)

    assert the_case(session, code).is_urgent
    answer(session, code, rina)
    assert not the_case(session, code).is_urgent


def test_it_stands_on_top_of_the_list_page_by_page(session: Session) -> None:
    _sri, rina = people_in(session)
    codes = [hand_in(session, rina) for _number in range(4)]
    move(session, codes[0], rina, "acknowledged")
    answer(session, codes[0], rina)
    for code in (codes[0], codes[2]):
        tell(session, code)

    first = desk.list_cases(session, rina, Filters(), most=1)
    rest = desk.list_cases(session, rina, Filters(), after=first.next, most=1)
    last = desk.list_cases(session, rina, Filters(), after=rest.next, most=9)

    lines = [*first.lines, *rest.lines, *last.lines]
    assert [line.is_urgent for line in lines] == [True, True, False, False]
    assert len({line.case_id for line in lines}) == 4


def test_custodians_are_told_at_once_what_is_happening_and_get_no_key(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina)

    tell(session, code)

    assert told(session, sri) == [HUNT]
    with pytest.raises(NoSuchCaseError):
        cases.find_for_custodian(session, the_case(session, code).id, sri)


def test_what_was_told_before_is_not_lost(session: Session) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina)
    tell(session, code)
    tell(session, code, PRESSURE)

    tell(session, code, today=NEXT_WEEK)

    found = {one.kind: one.day for one in custody.list_notices(session, sri)}
    assert found == {HUNT: NEXT_WEEK, PRESSURE: TODAY}


def test_it_erases_no_word_of_a_forced_withdrawal(session: Session) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina)
    withdraw(session, code, was_demanded=True)

    tell(session, code)

    assert set(told(session, sri)) == {NoticeKind.FORCED_WITHDRAWAL, HUNT}


@pytest.mark.parametrize(
    "report", [a_report(custodian="no"), a_report(who_name="Sri Lestari")]
)
def test_whom_the_report_is_kept_from_is_told_nothing(session: Session, report) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina, report=report)

    tell(session, code, opens=True)

    (row,) = wraps(session)
    assert told(session, sri) == []
    assert len(row.wrap) == NOTICE_WRAP_SIZE
    with pytest.raises(NoSuchCaseError):
        cases.find_for_custodian(session, the_case(session, code).id, sri)


def test_the_case_comes_to_them_only_if_the_reporter_says_so(session: Session) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina)

    tell(session, code, opens=True)

    assert cases.find_for_custodian(session, the_case(session, code).id, sri).is_asked
    (line,) = custody.list_cases(session, sri)
    assert line.is_urgent


def test_officers_read_what_it_is_at_once(session: Session) -> None:
    _sri, rina = people_in(session)
    code = hand_in(session, rina)

    tell(session, code, PRESSURE, text="Semua ditanya satu per satu.")

    key = for_officer(session, code, rina).key.thread
    case_id = the_case(session, code).id
    thread = threads.read_handed_over(session, case_id, Chain.THREAD, key)
    (entry,) = troubles.find_open(thread)
    assert entry.text.trouble is PRESSURE
    assert entry.text.text == "Semua ditanya satu per satu."


def test_what_was_not_handed_over_yet_waits_with_its_case(session: Session) -> None:
    _sri, rina = people_in(session)
    code = hand_in(session, rina, at_once=False)

    tell(session, code)

    assert threads.count_waiting(session, the_case(session, code).id) == 2


def test_the_same_is_told_once_a_day(session: Session) -> None:
    _sri, rina = people_in(session)
    code = hand_in(session, rina)
    tell(session, code)
    tell(session, code, PRESSURE)
    before = dump(session)

    with pytest.raises(ToldTodayError):
        tell(session, code)

    assert dump(session) == before
    tell(session, code, today=TOMORROW)


def test_no_telling_carries_the_code(session: Session) -> None:
    _sri, rina = people_in(session)
    code = hand_in(session, rina)

    with pytest.raises(CodeInTextError):
        tell(session, code, text=f"Kode saya {code.reveal()}")


def test_a_case_stays_until_an_officer_has_written(session: Session) -> None:
    _sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.CLOSED)
    tell(session, code)
    purge = Purge(shredder_of(session), RETENTION)
    long_after = dt.datetime(2030, 1, 1, 3, tzinfo=dt.UTC)

    with transaction(session):
        purge.run(session, long_after)

    answer(session, code, rina)
    with transaction(session):
        purge.run(session, long_after)
    with pytest.raises(NoSuchCaseError):
        the_case(session, code)


def test_of_a_sealed_entry_the_custodian_alone_is_told(session: Session) -> None:
    """No step, no mark, no day: its row stays as that of every other entry."""
    sri, rina = people_in(session)
    code = keep(session, EntryKind.NOTE, rina)
    before = dump(session, "messages", "wraps")

    tell(session, code)

    case = the_case(session, code)
    assert told(session, sri) == [HUNT]
    assert (case.is_urgent, case.due_on) == (False, NO_DAY)
    assert dump(session, "messages", "wraps") == before
    later = TODAY + dt.timedelta(days=30)
    office = kept.office_of(session)
    renewals.renew(session, kept.own(session, code), office=office, today=later)
    assert told(session, sri) == [HUNT]


def test_missed_it_opens_the_case_like_every_day_that_is_missed(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina)
    tell(session, code)
    work, days = Escalation(RULES, gate_of(session)), (2, 5)
    found = []

    for later in days:
        day = dt.datetime.combine(TODAY + dt.timedelta(later), dt.time(9), dt.UTC)
        with transaction(session):
            work.run(session, day)
        found.append(len(custody.list_cases(session, sri)))

    assert found == [0, 1]


def test_of_what_is_over_nothing_opens_however_late_the_word_is(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = case_in(session, rina, CaseStatus.CLOSED)
    tell(session, code)

    with transaction(session):
        late = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
        Escalation(RULES, gate_of(session)).run(session, late)

    case = the_case(session, code)
    assert custody.list_cases(session, sri) == ()
    assert case.is_urgent
    steps = cases.read_steps(session, case.id)
    assert ESCALATED not in [step.kind for step in steps]


def test_once_a_custodian_has_taken_over_the_custodians_word_ends_it(
    session: Session,
) -> None:
    sri, rina = people_in(session)
    code = hand_in(session, rina)
    tell(session, code, opens=True)
    opened = cases.find_for_custodian(session, the_case(session, code).id, sri)
    when = {"seen": "", "rules": RULES, "today": TODAY}

    acts.answer(session, opened, sri, "Saya dengar.", **when)
    before = the_case(session, code).is_urgent
    custodian_acts.take_over(session, opened, sri, "Saya ambil alih.", **when)

    assert (before, the_case(session, code).is_urgent) == (True, False)


def wraps(session: Session) -> list[Wrap]:
    session.rollback()
    rows = select(Wrap).where(Wrap.purpose == PURPOSE_TROUBLE)
    return list(session.scalars(rows))
