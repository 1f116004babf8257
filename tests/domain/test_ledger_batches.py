"""The day's batch: each day once, in order, covered, shuffled and signed."""

import datetime as dt
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from builders import TODAY, add_custodian, add_officer, dump
from known_answers import rfc_9162, signed_notes
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from trails import DAY, POLICIES, daily, folder_of, leave, pass_days, tend

from crypto.checkpoint import Checkpoint, ledger_origin, recipients_digest
from crypto.public_leaf import PublicKind
from crypto.signed_note import Note
from portal.database import find_instance_id, open_database, transaction
from portal.ledger import find_leaf, list_leaves, list_sizes, newest_tree
from portal.ledger_batches import MOST_DAYS, cover
from portal.ledger_checks import verify_trail
from portal.ledger_keys import LEDGER_KEY_FILE, draw_next_key, read_ledger_keys
from portal.ledger_papers import list_papers, publish
from portal.ledger_signers import list_signers
from portal.models import LedgerLeaf, LedgerNode, WaitingLeaf

TOMORROW = TODAY + DAY


def sizes(session: Session) -> dict[dt.date, int]:
    return dict(list_sizes(session))


def count(session: Session, kind: type) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(kind)).one()


def test_a_day_is_closed_when_it_is_over(session: Session):
    leave(session)

    assert "ledger" in tend(session, TODAY)
    assert sizes(session) == {}
    assert "ledger" in tend(session, TOMORROW)
    assert list(sizes(session)) == [TODAY]
    assert count(session, WaitingLeaf) == 0


def test_a_leaf_stands_in_the_tree_since_its_own_day(session: Session):
    (first,), (second,) = leave(session), leave(session, TOMORROW)
    tend(session, TOMORROW)

    assert find_leaf(session, second) is None
    tend(session, TOMORROW + DAY)

    assert find_leaf(session, first).day == TODAY
    assert find_leaf(session, second).day == TOMORROW


def test_a_leaf_written_before_the_batch_is_made_enters_no_earlier_day(session):
    """The first request of a day may fail to close the day before it."""
    leave(session)
    (late,) = leave(session, TOMORROW)

    tend(session, TOMORROW)

    assert find_leaf(session, late) is None
    assert count(session, WaitingLeaf) == 1


def test_a_leaf_of_an_unknown_day_enters_the_day_that_begins_next(session):
    """It was left by what destroyed its case: perhaps on the day that is closed now."""
    (leaf,) = leave(session, None)

    tend(session, TOMORROW)
    assert find_leaf(session, leaf) is None
    tend(session, TOMORROW + DAY)

    assert find_leaf(session, leaf).day == TOMORROW


def test_days_on_which_nobody_looked_are_closed_one_by_one(session: Session):
    leave(session)
    (third,) = leave(session, TODAY + 2 * DAY)

    tend(session, TODAY + 4 * DAY)

    found = list_sizes(session)
    assert [day for day, _ in found] == [TODAY + n * DAY for n in range(4)]
    assert all(size % 32 == 0 for _, size in found)
    assert [size for _, size in found] == sorted({size for _, size in found})
    assert find_leaf(session, third).day == TODAY + 2 * DAY


def test_many_days_are_closed_in_parts(session: Session):
    leave(session)
    ledger, now = daily(session), dt.datetime(2027, 4, 1, 9, tzinfo=dt.UTC)

    with transaction(session):
        is_done = ledger.run(session, now)

    assert not is_done
    assert len(sizes(session)) == MOST_DAYS
    tend(session, now.date())
    assert list(sizes(session))[-1] == now.date() - DAY


def test_two_servers_close_a_day_once(session: Session):
    leave(session)
    other = open_database(folder_of(session))

    with other.sessions() as elsewhere:
        tend(elsewhere, TOMORROW)
    before = dump(session)
    again = tend(session, TOMORROW)
    other.engine.dispose()

    assert again == ()
    assert dump(session) == before


def test_processes_that_notice_at_the_same_instant_close_each_day_once(session):
    leave(session, count=40)
    daily(session)
    processes = get_context("fork")
    place = folder_of(session), processes.Barrier(3), processes.Queue()
    workers = [processes.Process(target=tend_at_once, args=place) for _ in range(3)]

    for worker in workers:
        worker.start()
    told = [place[2].get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()

    assert sorted("ledger" in one for one in told) == [False, False, True]
    session.rollback()
    verdict = verify_trail(session, find_instance_id(session))
    assert (verdict.days, verdict.damages) == (3, ())


def tend_at_once(folder: Path, together, told) -> None:
    database = open_database(folder)
    with database.sessions() as elsewhere:
        together.wait()
        told.put(tend(elsewhere, TODAY + 3 * DAY))
    database.engine.dispose()


def test_the_tree_is_that_of_the_standard(session: Session):
    leave(session, count=40)
    pass_days(session, 3)
    tree = newest_tree(session)

    leaves = list_leaves(session, 0, tree.size)

    assert len(leaves) == tree.size
    assert tree.root == rfc_9162.mth(leaves)


def test_the_checkpoint_is_signed_for_everybody(session: Session):
    officer = add_officer(session)
    custodian = add_custodian(session)
    pass_days(session, 1)
    tree = newest_tree(session)

    checkpoint = Checkpoint.parse(Note.parse(tree.note.encode()).text)

    origin = ledger_origin(find_instance_id(session))
    public = read_ledger_keys(folder_of(session)).newest.public
    recipients = [one.person.recipient for one in (officer, custodian)]
    assert signed_notes.is_signed(tree.note.encode(), origin, public)
    assert signed_notes.head(tree.note.encode()) == (origin, tree.size, tree.root)
    assert checkpoint.day == TODAY
    assert checkpoint.keys == recipients_digest(recipients)


@pytest.mark.parametrize("real", [0, 1, 31, 32])
def test_up_to_32_leaves_do_not_show_in_a_days_size(real):
    """With the same luck there are as many leaves, however many are real."""
    leaves = [bytes([number]) * 32 for number in range(real)]

    drawn = [len(cover(leaves, Random(luck))) for luck in range(400)]

    assert drawn == [len(cover([], Random(luck))) for luck in range(400)]
    assert set(drawn) == {32, 64}
    assert 60 < drawn.count(64) < 140


@pytest.mark.parametrize(("real", "least"), [(33, 64), (64, 64), (65, 96)])
def test_more_leaves_take_whole_blocks(real, least):
    leaves = [bytes([number]) * 32 for number in range(real)]

    drawn = {len(cover(leaves, Random(luck))) for luck in range(50)}

    assert drawn == {least, least + 32}


def test_nothing_tells_a_real_leaf_by_its_place(session: Session):
    leaves = [bytes([number]) * 32 for number in range(8)]

    places = {cover(leaves, Random(luck)).index(leaves[0]) for luck in range(400)}

    assert places > set(range(32))
    assert set(leaves) <= set(cover(leaves, Random(1)))


def test_no_column_tells_cover_from_what_is_real(session: Session):
    leave(session, count=5)
    pass_days(session, 1)

    assert set(LedgerLeaf.__table__.columns.keys()) == {"number", "leaf"}
    assert count(session, WaitingLeaf) == 0
    assert count(session, LedgerNode) in {1, 3}


def test_a_leaf_that_comes_back_with_an_older_database_stands_once(session):
    (leaf,) = leave(session)
    pass_days(session, 1)
    with transaction(session):
        session.add(WaitingLeaf(leaf=leaf, day=TOMORROW))

    tend(session, TOMORROW + DAY)

    assert find_leaf(session, leaf).day == TODAY
    assert count(session, WaitingLeaf) == 0


def test_what_is_no_leaf_enters_no_tree(session: Session):
    """Somebody put it among those that wait; a day is closed all the same."""
    (leaf,) = leave(session)
    with transaction(session):
        for other in ("zeroblob(33)", "zeroblob(0)", "'a text'"):
            row = f"INSERT INTO waiting_leaves (leaf, day) VALUES ({other}, '{TODAY}')"
            session.execute(text(row))

    tend(session, TOMORROW)

    leaves = list_leaves(session, 0, newest_tree(session).size)
    assert leaf in leaves
    assert {len(one) for one in leaves} == {32}
    assert count(session, WaitingLeaf) == 0


def test_keys_and_rules_are_published_when_they_change(session: Session):
    officer = add_officer(session)
    pass_days(session, 2)
    add_officer(session, "Joko Susilo")
    pass_days(session, 2, TODAY + 2 * DAY)

    papers = list_papers(session, PublicKind.KEYS)
    (rules,) = list_papers(session, PublicKind.POLICIES)

    assert [paper.day for paper in papers] == [TODAY, TODAY + 2 * DAY]
    assert officer.person.recipient.hex() in papers[0].text.decode()
    assert rules.text.decode() == f"day {TODAY}\n{POLICIES}"
    assert all(find_leaf(session, paper.leaf) for paper in (*papers, rules))


def test_a_text_is_published_once(session: Session):
    with transaction(session):
        leaf = publish(session, PublicKind.FIGURES, b"2026", TODAY)
        again = publish(session, PublicKind.FIGURES, b"2026", TOMORROW)
    pass_days(session, 2)

    assert leaf == again
    assert find_leaf(session, leaf).day == TODAY
    assert len(list_papers(session, PublicKind.FIGURES)) == 1


def test_a_text_that_crossed_midnight_is_no_damage(session: Session):
    """Begun before, and written down when another server had closed the day."""
    tend(session, TOMORROW)
    with transaction(session):
        publish(session, PublicKind.DECLARATION, b"declaration", TODAY)
    pass_days(session, 1, TOMORROW)

    verdict = verify_trail(session, find_instance_id(session))

    assert verdict.damages == ()


def test_a_key_follows_another_and_both_sign_for_a_time(session: Session):
    pass_days(session, 2)
    folder, origin = folder_of(session), ledger_origin(find_instance_id(session))
    before = read_ledger_keys(folder).newest.public
    after = draw_next_key(folder).public
    day = pass_days(session, 3, TODAY + 2 * DAY)

    note = newest_tree(session).note.encode()

    assert [one.public for one in list_signers(session)] == [before, after]
    assert list_signers(session)[1].after == before
    assert signed_notes.is_signed(note, origin, before)
    assert signed_notes.is_signed(note, origin, after)
    tend(session, day + 40 * DAY)
    note = newest_tree(session).note.encode()
    assert signed_notes.is_signed(note, origin, after)
    assert not signed_notes.is_signed(note, origin, before)
    assert read_ledger_keys(folder).before is None


def test_without_a_key_nothing_is_closed_until_there_is_one(session: Session):
    leave(session)
    ledger, path = daily(session), folder_of(session) / LEDGER_KEY_FILE
    kept = path.read_bytes()
    path.unlink()
    with transaction(session):
        assert ledger.run(session, dt.datetime(2026, 12, 8, 9, tzinfo=dt.UTC))
    assert sizes(session) == {}

    path.write_bytes(kept)
    path.chmod(0o600)
    tend(session, TODAY + 2 * DAY)

    assert list(sizes(session)) == [TODAY, TOMORROW]


def test_a_trail_begins_with_the_portal(session: Session):
    tend(session, TODAY + 3 * DAY)

    assert list(sizes(session)) == [TODAY + 2 * DAY]
