"""A custodian's line: on the portal or away from it, never below a rewritten history."""

from dataclasses import replace

import pytest
from away import add_traveller, export, open_away, take
from builders import TODAY, acts_on_record, gate_of, shredder_of
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from trails import DAY, daily, pass_days

from crypto import signing_key
from crypto.checkpoint import LedgerKey, ledger_origin
from crypto.signed_note import Note
from portal import rounds
from portal.cosigning import check, last_refusal, prepare
from portal.database import transaction
from portal.errors import RewrittenHistoryError
from portal.ledger import list_cosigned, list_leaves, list_trees
from portal.ledger_batches import close_day
from portal.ledger_keys import read_ledger_keys
from portal.models import Cosignature, LedgerDay, LedgerLeaf, LedgerNode, WaitingLeaf


def hold_round(session: Session, duty, today) -> None:
    for _ in rounds.hold_lots(
        session, duty, gate_of(session), shredder_of(session), today
    ):
        pass


def rewrite(session: Session) -> None:
    """Change the first leaf, and sign every day again with the portal's key."""
    trees = list_trees(session, 99)[::-1]
    starts = [0, *(tree.size for tree in trees)]
    days = [
        (tree.day, list_leaves(session, start, tree.size))
        for start, tree in zip(starts, trees, strict=False)
    ]
    lines = session.execute(select(Cosignature.__table__)).mappings().all()
    keys = read_ledger_keys(daily(session).instance)
    with transaction(session):
        for kind in (Cosignature, LedgerNode, LedgerLeaf, LedgerDay):
            session.execute(delete(kind))
        days[0][1][0] = bytes(32)
        for day, leaves in days:
            session.add_all(WaitingLeaf(leaf=leaf, day=day) for leaf in leaves)
            close_day(session, day, keys, "")
        session.add_all(Cosignature(**line) for line in lines)


def test_every_round_cosigns_the_newest_checkpoint(session: Session):
    custodian = add_traveller(session)
    day = pass_days(session, 3)
    hold_round(session, custodian, day)
    later = pass_days(session, 2, day)
    hold_round(session, custodian, later)

    assert [one.day for one in list_cosigned(session, 5)] == [later - DAY, day - DAY]
    assert acts_on_record(session).count("trail cosigned") == 2
    assert last_refusal(session) is None


def test_a_round_before_the_first_day_is_over_cosigns_nothing(session: Session):
    custodian = add_traveller(session)

    hold_round(session, custodian, TODAY)

    assert list_cosigned(session, 5) == []
    assert last_refusal(session) is None


@pytest.mark.parametrize("before", [0, 2])
def test_what_the_portals_key_did_not_sign_is_not_cosigned(session, before: int):
    """Whoever writes rows alone makes a day; its line is by a key of nobody's, or an old one."""
    custodian = add_traveller(session)
    day = pass_days(session, 3)
    if before:
        hold_round(session, custodian, day)
        day = pass_days(session, before, day)
    (newest,) = list_trees(session, 1)
    text, forger = Note.parse(newest.note.encode()).text, LedgerKey(b"f" * 32)
    line = forger.sign(text, ledger_origin(custodian.instance))
    with transaction(session):
        forged = {"note": str(Note(text, (line,)))}
        session.execute(
            update(LedgerDay).where(LedgerDay.day == newest.day).values(forged)
        )

    hold_round(session, custodian, day + DAY)

    assert last_refusal(session) == day + DAY
    assert newest.day not in {one.day for one in list_cosigned(session, 5)}


def test_a_round_over_a_rewritten_history_is_held_and_cosigns_nothing(session):
    custodian = add_traveller(session)
    day = pass_days(session, 3)
    hold_round(session, custodian, day)
    rewrite(session)

    hold_round(session, custodian, day + DAY)

    assert acts_on_record(session)[-2:] == ["trail not cosigned", "round held"]
    assert last_refusal(session) == day + DAY
    assert len(list_cosigned(session, 5)) == 1


def test_a_round_that_was_carried_away_brings_a_line_back(session: Session):
    custodian = add_traveller(session)
    day = pass_days(session, 3)
    hold_round(session, custodian, day)
    away = pass_days(session, 2, day)

    held = open_away(export(session, custodian, away), away)
    # A day that was closed meanwhile has a newer checkpoint.
    back = pass_days(session, 1, away)
    take(session, held.answer, back)

    newest = list_cosigned(session, 5)[0]
    assert (newest.day, newest.cosigned_on) == (away - DAY, away)


def test_who_carries_a_rewritten_history_away_refuses(session: Session):
    custodian = add_traveller(session)
    day = pass_days(session, 3)
    hold_round(session, custodian, day)
    content = export(session, custodian, day)
    held = open_away(content, day)
    rewrite(session)

    take(session, held.answer, day)

    assert acts_on_record(session)[-2:] == ["trail not cosigned", "round held"]
    assert last_refusal(session) == day


def test_a_tree_that_did_not_grow_from_the_one_before_is_refused(session: Session):
    """Whatever rows say: the custodian's own look needs no database."""
    custodian = add_traveller(session)
    day = pass_days(session, 3)
    hold_round(session, custodian, day)
    pass_days(session, 3, day)
    public = signing_key(custodian.identity, custodian.instance)
    honest = prepare(session, public, custodian.instance)

    forged = replace(honest, path=tuple(bytes(32) for _ in honest.path))

    assert check(honest, public, custodian.instance).day == day + 2 * DAY
    with pytest.raises(RewrittenHistoryError):
        check(forged, public, custodian.instance)
    with pytest.raises(RewrittenHistoryError):
        check(replace(honest, path=()), public, custodian.instance)
