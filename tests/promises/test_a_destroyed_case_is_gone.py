"""Promise 9: a purged or destroyed case leaves no wrap, row or object, nor its bytes.

Neither in the database nor in its journal, which is emptied although others read in
it at first. Its code then behaves as unknown (test_unknown_codes_look_alike.py). The
record keeps the random id of what the clock destroyed; what a reporter destroyed
leaves nothing but that id in the list which a restored backup is compared with.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from attackers import Loot
from builders import (
    RETENTION,
    TODAY,
    acts_on_record,
    add_custodian,
    add_officer,
    case_in,
    for_officer,
    for_reporter,
    hand_in,
    move,
    receive_file,
    shredder_of,
    the_case,
    withdraw,
)
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crypto import CaseCode, SeenCounts
from portal import (
    acts,
    desk,
    destroyed,
    own_cases,
    retention,
    seen,
    shredding,
    withdrawals,
)
from portal.cases import Duty
from portal.database import DATABASE_FILE, transaction
from portal.desk import Filters
from portal.destroyed import DESTROYED_FILE
from portal.errors import NoSuchCaseError, StoreUnavailableError
from portal.handover import HandOverHours
from portal.models import AuditEntry, Person
from portal.objects import OBJECTS_FOLDER
from portal.settings import Settings
from portal.shredding import Purge
from portal.statuses import CaseStatus
from portal.tending import Tender

AT_ONCE = HandOverHours(())
NOON = dt.datetime(2026, 12, 7, 12, 0, tzinfo=dt.UTC)
A_YEAR_LATER = NOON.replace(year=2027)
THREE_YEARS_LATER = NOON.replace(year=2029)
TABLES = ("cases", "wraps", "messages", "steps", "attachments")


def add_file(session: Session, code: CaseCode) -> None:
    """Let the reporter send a file with a message."""
    received = receive_file(session, b"Kwitansi yang tidak resmi. " * 9000)
    own_cases.write(
        *(session, for_reporter(session, code), "Ini kwitansinya."),
        windows=code.windows(),
        today=TODAY,
        at_once=True,
        received=[received],
    )


def a_case(session: Session, rina: Duty, status: CaseStatus) -> CaseCode:
    """Return a case with everything that a case can have."""
    code = hand_in(session, rina)
    add_file(session, code)
    if status is CaseStatus.SUBMITTED:
        return code
    move(session, code, rina, "acknowledged")
    opened = for_officer(session, code, rina)
    acts.note(session, opened, rina, "Periksa.", seen="", today=TODAY)
    withdraw(session, code, was_demanded=True)
    return code


def sealed_bytes(settings: Settings, case_id: bytes) -> list[bytes]:
    """Return pieces of everything sealed, random or derived that stands of a case."""
    loot, found = Loot.of(settings.instance), []
    for table in TABLES:
        key = "id" if table == "cases" else "case_id"
        for row in loot.tables[table]:
            if row[key] == case_id:
                of_case = {name: row[name] for name in row.keys() - {"holder_id", key}}
                found += [one for one in of_case.values() if isinstance(one, bytes)]
    objects = [row["object_id"] for row in loot.tables["attachments"]]
    for object_id in objects:
        found.append(
            (settings.instance / OBJECTS_FOLDER / object_id.hex()).read_bytes()
        )
    return [
        piece
        for blob in found
        for at in range(0, len(blob), 1024)
        if len(piece := blob[at : at + 16]) == 16
    ]


def left_of(settings: Settings, pieces: list[bytes]) -> list[str]:
    """Return where pieces are still found, in the raw bytes of every file there is."""
    return [
        f"{path.name}: {piece.hex()}"
        for path in sorted(settings.instance.rglob("*"))
        if path.is_file()
        for content in [path.read_bytes()]
        for piece in pieces
        if piece in content
    ]


def purge(session: Session, now: dt.datetime = A_YEAR_LATER) -> tuple[str, ...]:
    """Do what is due, as the next request would."""
    shredder = shredder_of(session)
    work = Purge(shredder, RETENTION)
    return Tender(AT_ONCE, objects=shredder.store, purge=work).tend(session, now)


def destroy(session: Session, code: CaseCode) -> None:
    mine = for_reporter(session, code)
    withdrawals.destroy(session, mine, shredder_of(session))


@contextmanager
def somebody_reads(settings: Settings) -> Iterator[None]:
    """Hold a reading transaction open in another connection, as a backup does."""
    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM cases").fetchone()
        yield


def counts_of(session: Session, duty: Duty) -> SeenCounts:
    locked = session.scalar(select(Person.seen_counts))
    return SeenCounts.unlock(
        locked, duty.identity, holder=duty.person.id, instance=duty.instance
    )


def is_there(session: Session, code: CaseCode) -> bool:
    try:
        return bool(the_case(session, code))
    except NoSuchCaseError:
        return False


@pytest.mark.parametrize("way", ["by the clock", "by its reporter"])
def test_no_byte_of_it_is_left(session: Session, settings: Settings, way: str) -> None:
    add_custodian(session)
    rina = add_officer(session)
    is_clock = way == "by the clock"
    status = CaseStatus.WITHDRAWN if is_clock else CaseStatus.SUBMITTED
    code = a_case(session, rina, status)
    pieces = sealed_bytes(settings, the_case(session, code).id)
    assert len(set(pieces)) > 100
    assert set(pieces) == {
        bytes.fromhex(one[-32:]) for one in left_of(settings, pieces)
    }

    if is_clock:
        purge(session)
    else:
        destroy(session, code)

    assert not is_there(session, code)
    assert left_of(settings, pieces) == []


def test_no_row_and_no_object_is_left(session: Session, settings: Settings) -> None:
    add_custodian(session)
    code = a_case(session, add_officer(session), CaseStatus.WITHDRAWN)
    assert the_case(session, code)

    purge(session)

    loot = Loot.of(settings.instance)
    assert {name: loot.tables[name] for name in TABLES} == {name: [] for name in TABLES}
    assert list((settings.instance / OBJECTS_FOLDER).iterdir()) == []


def test_the_journal_is_emptied_once_nobody_reads_in_it_any_more(
    session: Session, settings: Settings
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    pieces = sealed_bytes(settings, the_case(session, code).id)

    with somebody_reads(settings):
        destroy(session, code)
        while_read = left_of(settings, pieces)
    purge(session, NOON + dt.timedelta(hours=1))

    assert while_read
    assert left_of(settings, pieces) == []


def test_the_journal_is_emptied_at_once_if_a_reader_is_soon_done(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    pieces = sealed_bytes(settings, the_case(session, code).id)
    reader = sqlite3.connect(settings.instance / DATABASE_FILE)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM cases").fetchone()
    monkeypatch.setattr("time.sleep", lambda pause: pause and reader.close())

    destroy(session, code)

    assert left_of(settings, pieces) == []


def test_the_record_keeps_the_id_of_what_the_clock_destroyed(
    session: Session,
) -> None:
    code = case_in(session, add_officer(session), CaseStatus.CLOSED)
    case_id = the_case(session, code).id

    purge(session, THREE_YEARS_LATER)

    last = session.scalars(
        select(AuditEntry).order_by(AuditEntry.number.desc())
    ).first()
    assert (last.actor, last.act, last.case_id) == ("clock", "purged", case_id)
    assert last.day == THREE_YEARS_LATER.date()


def test_the_record_says_nothing_of_what_a_reporter_destroyed(
    session: Session, settings: Settings
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    case_id, before = the_case(session, code).id, acts_on_record(session)

    destroy(session, code)

    assert acts_on_record(session) == before
    assert case_id not in Loot.of(settings.instance).blobs()


def test_no_time_tells_when_a_reporter_destroyed_it(
    session: Session, settings: Settings
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    midnight = (settings.instance / OBJECTS_FOLDER).stat().st_mtime

    destroy(session, code)

    assert (settings.instance / OBJECTS_FOLDER).stat().st_mtime == midnight
    assert midnight % 86_400 == 0
    assert (settings.instance / DESTROYED_FILE).stat().st_mtime == 0


def test_every_destroyed_id_stands_in_the_list_for_backups(
    session: Session, settings: Settings
) -> None:
    rina = add_officer(session)
    codes = [case_in(session, rina, CaseStatus.WITHDRAWN), hand_in(session, rina)]
    ids = {the_case(session, code).id for code in codes}

    purge(session)
    destroy(session, codes[1])

    assert destroyed.read(settings.instance / DESTROYED_FILE) == ids


def test_officers_keep_no_key_and_no_count_of_it(session: Session) -> None:
    rina = add_officer(session)
    code, other = hand_in(session, rina), hand_in(session, rina)
    desk.list_cases(session, rina, Filters())
    for one in (code, other):
        seen.look(session, rina, the_case(session, one).id)
    assert session.get(Person, rina.person.id).opened_keys
    assert len(counts_of(session, rina)) == 2

    destroy(session, code)
    without = session.get(Person, rina.person.id, populate_existing=True).opened_keys
    lines = desk.list_cases(session, rina, Filters()).lines

    assert without is None
    assert len(counts_of(session, rina)) == 1
    assert [line.case_id for line in lines] == [the_case(session, other).id]


def test_what_is_not_due_and_what_is_held_back_stays(session: Session) -> None:
    rina = add_officer(session)
    going = case_in(session, rina, CaseStatus.WITHDRAWN)
    staying = [case_in(session, rina, CaseStatus.CLOSED), hand_in(session, rina)]
    held = case_in(session, rina, CaseStatus.WITHDRAWN)
    opened = for_officer(session, held, rina)
    why = {"reason": "Sidang.", "seen": "", "today": TODAY}
    retention.hold_back(session, opened, rina, **why)

    purge(session)

    assert not is_there(session, going)
    assert all(is_there(session, code) for code in (*staying, held))


def test_a_case_is_there_until_its_day_and_not_on_it(session: Session) -> None:
    code = case_in(session, add_officer(session), CaseStatus.WITHDRAWN)
    day = dt.datetime.combine(the_case(session, code).purge_on, dt.time(), dt.UTC)

    purge(session, day - dt.timedelta(minutes=1))
    before = is_there(session, code)
    purge(session, day)

    assert before
    assert not is_there(session, code)


def test_a_case_that_was_over_before_this_version_is_not_destroyed_unannounced(
    session: Session,
) -> None:
    code = case_in(session, add_officer(session), CaseStatus.WITHDRAWN)
    with transaction(session):
        session.execute(text("UPDATE cases SET purge_on = NULL"))

    purge(session)

    assert (the_case(session, code).purge_on - A_YEAR_LATER.date()).days >= 60


def test_lots_go_on_where_the_last_one_ended(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shredding, "LOT_SIZE", 2)
    rina = add_officer(session)
    codes = [case_in(session, rina, CaseStatus.WITHDRAWN) for _ in range(5)]
    tender = Tender(AT_ONCE, purge=Purge(shredder_of(session), RETENTION))

    left = []
    while tender.has_more:
        tender.tend(session, A_YEAR_LATER)
        left.append(sum(is_there(session, code) for code in codes))

    assert left == [3, 1, 0]
    assert acts_on_record(session).count("purged") == 5


def test_a_worker_killed_before_the_rows_went_is_finished_the_next_day(
    session: Session, settings: Settings
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    destroyed.note(settings.instance, [the_case(session, code).id])
    before = acts_on_record(session)

    purge(session, NOON)

    assert not is_there(session, code)
    assert acts_on_record(session) == before


def test_a_database_put_back_by_hand_is_destroyed_again(
    session: Session, settings: Settings
) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.WITHDRAWN)
    purge(session)
    again = case_in(session, rina, CaseStatus.ADDRESSED)
    destroyed.note(settings.instance, [the_case(session, again).id])

    purge(session, A_YEAR_LATER + dt.timedelta(days=1))

    assert not is_there(session, code)
    assert not is_there(session, again)


def test_a_destruction_that_fails_leaves_the_case_whole_and_off_the_list(
    session: Session, settings: Settings
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    with transaction(session):
        session.execute(text(BREAKS))

    with pytest.raises(StoreUnavailableError):
        destroy(session, code)

    opened = for_reporter(session, code)
    store = shredder_of(session).store
    assert destroyed.read(settings.instance / DESTROYED_FILE) == frozenset()
    assert len(store.names()) == 1
    assert opened.case.status == CaseStatus.SUBMITTED


BREAKS = (
    "CREATE TRIGGER breaks AFTER UPDATE ON people BEGIN SELECT no_such_function(); END"
)


def test_ids_are_taken_back_if_the_transaction_fails_at_its_very_end(
    session: Session, settings: Settings
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    case_id, store = the_case(session, code).id, shredder_of(session).store

    with pytest.raises(StoreUnavailableError):
        shred_and_fail(session, case_id)

    assert destroyed.read(settings.instance / DESTROYED_FILE) == frozenset()
    assert is_there(session, code)
    assert len(store.names()) == 1


def shred_and_fail(session: Session, case_id: bytes) -> None:
    with transaction(session):
        shredder_of(session).shred(session, [case_id])
        session.execute(text("SELECT no_such_function()"))


def test_a_list_that_cannot_be_written_stops_the_destruction(
    session: Session, settings: Settings
) -> None:
    code = a_case(session, add_officer(session), CaseStatus.SUBMITTED)
    (settings.instance / DESTROYED_FILE).mkdir()

    with pytest.raises(StoreUnavailableError):
        destroy(session, code)

    assert is_there(session, code)
