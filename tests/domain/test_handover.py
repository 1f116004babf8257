"""Hand-over: officers get what came in at its hours, all of it, and once."""

import datetime as dt
import sqlite3
import threading
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest
from builders import (
    RULES,
    TODAY,
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
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import acts, cases, desk, own_cases, threads
from portal.cases import Duty
from portal.database import DATABASE_FILE, open_database
from portal.desk import Filters
from portal.errors import NoSuchCaseError, StoreUnavailableError
from portal.handover import LOT_SIZE, HandOverHours
from portal.models import Case
from portal.settings import Settings
from portal.statuses import Author, CaseStatus
from portal.tending import Tender
from portal.threads import Chain

HOURS = HandOverHours.parse(["08:00", "13:00"])
JAKARTA = ZoneInfo("Asia/Jakarta")
MORNING = dt.datetime(2026, 12, 7, 8, 0, tzinfo=JAKARTA)


def at(time: str, days: int = 0) -> dt.datetime:
    """Return a time of that Monday, or so many days later."""
    hour = dt.time.fromisoformat(time)
    return dt.datetime.combine(TODAY, hour, JAKARTA) + dt.timedelta(days=days)


def tend(session: Session, now: dt.datetime) -> bool:
    """Do what is due, as a worker that was just started; True: handed over."""
    return "hand-over" in Tender(HOURS).tend(session, now)


def write(session: Session, code: CaseCode, words: str = "Terjadi lagi.") -> None:
    """Write as the reporter; it waits for the next hand-over."""
    mine = for_reporter(session, code)
    windows = code.windows()
    own_cases.write(session, mine, words, windows=windows, today=TODAY, at_once=False)


def answer(session: Session, code: CaseCode, duty: Duty, seen: str = "") -> None:
    opened = for_officer(session, code, duty)
    acts.answer(session, opened, duty, "Baik.", seen=seen, rules=RULES, today=TODAY)


def on_list(session: Session, duty: Duty, **filters: bool) -> int:
    """Return how many cases the officer's list shows."""
    session.expire_all()
    return len(desk.list_cases(session, duty, Filters(**filters)).lines)


def texts(session: Session, code: CaseCode, duty: Duty) -> list[str]:
    """Return the messages of the thread that officers have."""
    opened = for_officer(session, code, duty)
    thread = threads.read_handed_over(
        session, opened.case.id, Chain.THREAD, opened.key.thread
    )
    return [entry.text.text for entry in thread[1:]]


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (at("00:00"), "2026-12-06 13:00"),
        (at("07:59:59"), "2026-12-06 13:00"),
        (at("08:00"), "2026-12-07 08:00"),
        (at("12:59:59"), "2026-12-07 08:00"),
        (at("13:00"), "2026-12-07 13:00"),
        (at("23:59:59"), "2026-12-07 13:00"),
    ],
)
def test_a_slot_lasts_from_its_hour_to_the_next(now: dt.datetime, slot: str) -> None:
    assert HOURS.slot(now) == slot


def test_hours_are_kept_in_order_however_they_are_written() -> None:
    assert HandOverHours.parse(["13:00", "08:00"]) == HOURS


@pytest.mark.parametrize(
    "words",
    [
        *([], [""], ["8:00"], ["08.00"], ["24:00"], ["08:60"], ["08:00:30"]),
        *(["08:00", "08:00"], ["08:00", "immediate"], ["Immediate"], ["08:00\n"]),
    ],
)
def test_what_is_no_hour_is_refused(words: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        HandOverHours.parse(words)


def test_a_case_is_nowhere_for_officers_before_its_hand_over(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, at_once=False)

    assert on_list(session, rina) == 0
    assert on_list(session, rina, is_waiting=True) == 0
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, rina)


def test_its_reporter_has_it_from_the_first_moment(session: Session) -> None:
    code = hand_in(session, add_officer(session), at_once=False)
    write(session, code)

    mine = for_reporter(session, code)

    assert len(threads.read(session, mine.case.id, Chain.THREAD, mine.key)) == 2


def test_at_the_hour_officers_have_it_and_it_waits_for_them(session: Session) -> None:
    rina = add_officer(session)
    tend(session, MORNING - dt.timedelta(seconds=1))
    code = hand_in(session, rina, at_once=False)

    assert not tend(session, MORNING - dt.timedelta(seconds=1))
    assert tend(session, MORNING)
    assert on_list(session, rina, is_waiting=True) == 1
    assert for_officer(session, code, rina).summary.title


def test_days_count_from_handing_in_and_not_from_the_hand_over(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, at_once=False)
    before = the_case(session, code).due_on

    tend(session, at("08:00", days=2))

    assert the_case(session, code).due_on == before
    assert cases.find_received_on(session, the_case(session, code).id) == TODAY


def test_a_later_message_waits_too_and_moves_nothing(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.VERIFIED)
    answer(session, code, rina)
    state = cases.read_state(session, the_case(session, code))

    write(session, code)

    assert texts(session, code, rina)[-1] == "Baik."
    assert on_list(session, rina, is_waiting=True) == 0
    assert cases.read_state(session, the_case(session, code)) == state


def test_what_waits_does_not_stop_an_officer(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.VERIFIED)
    state = cases.read_state(session, the_case(session, code))
    write(session, code)

    answer(session, code, rina, seen=state)

    assert texts(session, code, rina)[-1] == "Baik."


def test_a_message_that_crossed_an_answer_waits_all_the_same(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.VERIFIED)
    write(session, code)
    answer(session, code, rina)
    assert on_list(session, rina, is_waiting=True) == 0

    tend(session, MORNING)

    assert "Terjadi lagi." in texts(session, code, rina)
    assert on_list(session, rina, is_waiting=True) == 1


def test_a_step_is_no_answer_to_what_crossed(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.VERIFIED)
    write(session, code)
    answer(session, code, rina)
    tend(session, MORNING)

    move(session, code, rina, acts.Move(CaseStatus.ASSESSED))
    still_waits = not the_case(session, code).is_answered
    answer(session, code, rina)

    assert still_waits
    assert the_case(session, code).is_answered


def test_a_closed_case_waits_again_once_a_message_is_handed_over(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.ACKNOWLEDGED)
    write(session, code)
    move(session, code, rina, "closed")
    assert the_case(session, code).is_answered

    tend(session, MORNING)

    assert not the_case(session, code).is_answered


def test_a_withdrawn_report_asks_for_nothing_when_it_is_handed_over(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, at_once=False)
    write(session, code)
    withdraw(session, code)

    tend(session, MORNING)

    assert for_officer(session, code, rina).case.is_answered


def test_the_chain_still_notices_what_is_missing_under_what_waits(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.VERIFIED)
    write(session, code)
    answer(session, code, rina)
    mine = for_reporter(session, code)

    thread = threads.read(session, mine.case.id, Chain.THREAD, mine.key)

    assert [entry.author for entry in thread[-2:]] == [Author.REPORTER, Author.OFFICER]
    assert len(texts(session, code, rina)) == len(thread) - 2


def test_several_hours_that_nobody_came_by_are_one_hand_over(
    session: Session,
) -> None:
    rina = add_officer(session)
    tend(session, MORNING)
    hand_in(session, rina, at_once=False)

    assert tend(session, at("09:00", days=3))
    assert not tend(session, at("12:59", days=3))
    assert on_list(session, rina) == 1


def test_a_clock_set_back_takes_nothing_back_and_hands_nothing_over(
    session: Session,
) -> None:
    rina = add_officer(session)
    hand_in(session, rina, at_once=False)
    tend(session, at("13:00"))
    hand_in(session, rina, at_once=False)

    assert not tend(session, at("10:00"))
    assert on_list(session, rina) == 1
    assert tend(session, at("13:00"))
    assert on_list(session, rina) == 2


def test_a_clock_that_was_years_ahead_holds_nothing_up(session: Session) -> None:
    rina = add_officer(session)
    tend(session, at("13:00", days=2000))
    hand_in(session, rina, at_once=False)

    tend(session, at("10:00"))

    assert tend(session, at("13:00"))
    assert on_list(session, rina) == 1


def test_who_goes_over_to_immediate_gets_what_still_waits(session: Session) -> None:
    rina = add_officer(session)
    tend(session, MORNING)
    hand_in(session, rina, at_once=False)
    at_once = HandOverHours.parse(["immediate"])

    assert "hand-over" in Tender(at_once).tend(session, at("09:00"))
    assert on_list(session, rina) == 1
    assert not tend(session, at("09:30"))


def test_a_bit_is_stored_and_the_slot_that_was_done(session: Session) -> None:
    code = hand_in(session, add_officer(session), at_once=False)
    write(session, code)
    before = dump(session)

    tend(session, at("08:07:21"))

    after = dump(session, "sessions", "burnt_forms")
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"cases", "messages", "jobs"}
    assert "('hand-over', '2026-12-07 08:00')" in after["jobs"]


def test_after_a_flood_it_is_handed_over_in_lots_by_random_ids(
    session: Session,
) -> None:
    rina = add_officer(session)
    _ = [hand_in(session, rina, at_once=False) for _ in range(LOT_SIZE + 3)]
    worker = Tender(HOURS)

    first = worker.tend(session, at("08:00"))
    lot = handed_over(session)
    second = worker.tend(session, at("08:00"))

    everything = sorted(session.scalars(select(Case.id)))
    assert "hand-over" not in first
    assert lot == everything[:LOT_SIZE]
    assert "hand-over" in second
    assert not worker.has_more
    assert handed_over(session) == everything


def test_a_lot_that_meets_a_busy_database_waits_for_the_next_minute(
    session: Session, settings: Settings
) -> None:
    hand_in(session, add_officer(session), at_once=False)
    session.commit()
    worker = Tender(HOURS)

    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError):
            worker.tend(session, at("08:00"))
        # Not five seconds of every request: the next look is a minute later.
        at_once = worker.tend(session, at("08:00:30"))

    assert at_once == ()
    assert "hand-over" in worker.tend(session, at("08:01"))


def handed_over(session: Session) -> list[bytes]:
    session.commit()
    return sorted(session.scalars(select(Case.id).where(Case.is_handed_over)))


def test_workers_at_once_do_it_once(session: Session, settings: Settings) -> None:
    hand_in(session, add_officer(session), at_once=False)
    session.commit()
    start, done = threading.Barrier(4), []

    def work() -> None:
        # A database of its own: as another process, not behind this one's lock.
        database = open_database(settings.instance)
        with database.sessions() as own:
            start.wait()
            done.append(Tender(HOURS).tend(own, MORNING))
        database.engine.dispose()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(names.count("hand-over") for names in done) == [0, 0, 0, 1]
    assert the_only_case(session).is_handed_over


def the_only_case(session: Session) -> Case:
    session.rollback()
    session.expire_all()
    return session.query(Case).one()


LIST = "SELECT id FROM cases WHERE is_handed_over = 1"
IN_ORDER = "ORDER BY is_answered, due_on, id"


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            "SELECT case_id FROM messages WHERE is_handed_over = 0",
            "messages_by_hand_over",
        ),
        (f"{LIST} {IN_ORDER}", "cases_in_order (is_handed_over=?)"),
        (
            f"{LIST} AND status = 'closed' {IN_ORDER}",
            "cases_by_status (is_handed_over=? AND status=?)",
        ),
    ],
)
def test_neither_list_nor_hand_over_looks_through_everything(
    session: Session, query: str, index: str
) -> None:
    plan = session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()

    assert len(plan) == 1
    assert index in plan[0].detail
