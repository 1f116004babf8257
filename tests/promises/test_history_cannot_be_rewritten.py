"""Promise 23: whatever is done to the public trail afterwards is named.

A trail of ten days, cosigned on the sixth and kept elsewhere on the eighth, is rewritten as
only somebody with the database can, and in the end by somebody who has the signing
key, too. `lurus verify-ledger` looks, alone or against the checkpoint that was kept.
"""

import datetime as dt
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from builders import TODAY, add_custodian
from click.testing import CliRunner, Result
from sqlalchemy import delete
from sqlalchemy.orm import Session
from trails import DAY, DAYS, POLICIES, a_trail, folder_of, leave, pass_days

from crypto.checkpoint import Checkpoint, LedgerKey
from crypto.signed_note import Note
from portal.cli import main
from portal.cosigning import cosign_newest
from portal.database import DATABASE_FILE, find_instance_id, transaction
from portal.ledger import list_leaves, list_trees
from portal.ledger_batches import close_day, cover
from portal.ledger_checks import compare
from portal.ledger_damage import Harm
from portal.ledger_keys import LedgerKeys, draw_next_key, read_ledger_keys
from portal.models import (
    Cosignature,
    LedgerDay,
    LedgerLeaf,
    LedgerNode,
    WaitingLeaf,
)

THIRD = TODAY + 2 * DAY
KEPT_ON = TODAY + 7 * DAY


def verify(session: Session, *arguments: object) -> Result:
    variables = {"LURUS_INSTANCE": str(folder_of(session))}
    command = ["verify-ledger", *map(str, arguments)]
    return CliRunner().invoke(main, command, env=variables)


def execute(session: Session, *statements: str) -> None:
    """Change rows as somebody does who has the file."""
    session.rollback()
    session.expire_all()
    with closing(sqlite3.connect(folder_of(session) / DATABASE_FILE)) as thief:
        for statement in statements:
            thief.execute(statement)
        thief.commit()


def keep_checkpoint(session: Session, folder: Path) -> Path:
    """Keep the checkpoint of the eighth day, as somebody outside does."""
    (tree,) = [one for one in list_trees(session, DAYS) if one.day == KEPT_ON]
    path = folder / "checkpoint"
    path.write_text(tree.note, "utf-8")
    return path


def write_anew(
    session: Session,
    change: Callable[[dt.date, list[bytes]], list[bytes]],
    key: LedgerKey | None = None,
) -> None:
    """Write and sign all days again, with the portal's key, each as *change* leaves it."""
    days = [
        (tree.day, list_leaves(session, before, tree.size))
        for before, tree in zip(sizes_before(session), trees(session), strict=True)
    ]
    keys = LedgerKeys(key, None) if key else read_ledger_keys(folder_of(session))
    with transaction(session):
        for kind in (LedgerNode, LedgerLeaf, LedgerDay):
            session.execute(delete(kind))
    for day, leaves in days:
        if kept := change(day, leaves):
            with transaction(session):
                session.add_all(WaitingLeaf(leaf=leaf, day=day) for leaf in kept)
                close_day(session, day, keys, POLICIES, NoExtra())


class NoExtra(Random):
    """No block more than is needed: whoever forges knows how many there are."""

    def randrange(self, *_: object) -> int:
        return 1


def trees(session: Session):
    return list_trees(session, DAYS)[::-1]


def sizes_before(session: Session) -> list[int]:
    return [0, *(tree.size for tree in trees(session)[:-1])]


def test_a_trail_that_nobody_touched_holds(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        kept = keep_checkpoint(trail, tmp_path)

        alone, against = verify(trail), verify(trail, "--from", kept)

        assert (alone.exit_code, against.exit_code) == (0, 0), alone.output
        assert f"on {DAYS} days, and all hold" in alone.output
        assert trees(trail)[-1].note in alone.output
        assert f"last cosigned that of {TODAY + 5 * DAY}" in alone.output


DEEDS = {
    "one bit of a leaf is turned": (
        [Harm.EDITED, THIRD],
        "UPDATE ledger_leaves SET leaf = zeroblob(32) WHERE number = {third}",
    ),
    "a leaf is taken out": (
        [Harm.REMOVED, THIRD],
        "DELETE FROM ledger_leaves WHERE number = {third}",
    ),
    "a leaf is taken out, and the rest moved up": (
        [Harm.REMOVED, THIRD],
        "DELETE FROM ledger_leaves WHERE number = {third}",
        "UPDATE ledger_leaves SET number = -number WHERE number > {third}",
        "UPDATE ledger_leaves SET number = -number - 1 WHERE number < 0",
    ),
    "a leaf is put into a day that is closed": (
        [Harm.ADDED, THIRD],
        "UPDATE ledger_leaves SET number = -number WHERE number >= {third}",
        "UPDATE ledger_leaves SET number = -number + 1 WHERE number < 0",
        "INSERT INTO ledger_leaves VALUES ({third}, zeroblob(32))",
    ),
    "a leaf is put behind all others": (
        [Harm.ADDED, TODAY + 9 * DAY],
        "INSERT INTO ledger_leaves SELECT max(size), zeroblob(32) FROM ledger_days",
    ),
    "two leaves change places": (
        [Harm.EDITED, THIRD],
        "UPDATE ledger_leaves SET number = -1 WHERE number = {third}",
        "UPDATE ledger_leaves SET number = {third} WHERE number = {third} + 1",
        "UPDATE ledger_leaves SET number = {third} + 1 WHERE number = -1",
    ),
    "a day is taken out": (
        [Harm.SKIPPED, THIRD],
        "DELETE FROM ledger_days WHERE day = '{day}'",
    ),
    "a day is made another": (
        [Harm.DAY_CHANGED, THIRD],
        "UPDATE ledger_days SET size = size + 1 WHERE day = '{day}'",
    ),
    "a root is made another": (
        [Harm.EDITED, THIRD],
        "UPDATE ledger_days SET root = zeroblob(32) WHERE day = '{day}'",
    ),
    "a checkpoint is made another": (
        [Harm.UNSIGNED, THIRD],
        "UPDATE ledger_days SET note = replace(note, '{day}', '2026-12-31')",
    ),
    "a hash that proofs are made of is changed": (
        [Harm.NODES, TODAY],
        "UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 5 AND place = 0",
    ),
    "hashes that proofs are made of are taken away": (
        [Harm.NODES, TODAY],
        "DELETE FROM ledger_nodes",
    ),
    "the last of them is taken away": (
        [Harm.NODES, TODAY + 9 * DAY],
        (
            "DELETE FROM ledger_nodes WHERE place = "
            "(SELECT max(place) FROM ledger_nodes WHERE level = 5)"
        ),
    ),
    "one is put behind them, where the next day's will stand": (
        [Harm.NODES, TODAY + 9 * DAY],
        (
            "INSERT INTO ledger_nodes SELECT 5, max(place) + 1, zeroblob(32) "
            "FROM ledger_nodes WHERE level = 5"
        ),
    ),
    "the first days are taken out": (
        [Harm.SKIPPED, TODAY],
        "DELETE FROM ledger_days WHERE day <= '{day}'",
    ),
    "all days are taken out": (
        [Harm.SKIPPED, TODAY],
        "DELETE FROM cosignatures",
        "DELETE FROM ledger_days",
    ),
    "an edge is changed": (
        [Harm.NODES, THIRD],
        "UPDATE ledger_days SET edge = zeroblob(length(edge)) WHERE day = '{day}'",
    ),
    "a custodian's line is moved to another day": (
        [Harm.COSIGNATURE, TODAY + 6 * DAY],
        "UPDATE cosignatures SET day = date(day, '+1 day')",
    ),
    "a custodian's line is taken away, and the day it stood on": (
        [Harm.RESIGNED, TODAY + 6 * DAY],
        "DELETE FROM cosignatures",
        "UPDATE ledger_days SET root = zeroblob(32) WHERE day = '2026-12-12'",
    ),
    "a custodian's line is taken away": (
        [Harm.UNCOSIGNED, TODAY + 5 * DAY],
        "DELETE FROM cosignatures",
    ),
    "a public text is made another": (
        [Harm.PAPER, TODAY],
        "UPDATE public_papers SET text = 'acknowledge_weekdays = 9' WHERE kind = 3",
    ),
    "a public text is put there": (
        [Harm.PAPER, THIRD],
        "INSERT INTO public_papers VALUES (zeroblob(32), 3, '{day}', 'x')",
    ),
    "a public text is taken away, and its leaf left": (
        [Harm.KEY, TODAY],
        "UPDATE public_papers SET text = x'00' WHERE kind = 5",
    ),
    "a public text is taken away": (
        [Harm.PAPER, TODAY],
        "DELETE FROM public_papers WHERE kind = 3",
    ),
    "the keys that were published are others": (
        [Harm.KEYS, TODAY],
        "DELETE FROM public_papers WHERE kind = 4",
    ),
    "the record of acts was made anew": (
        [Harm.RECORD, TODAY + 9 * DAY],
        "UPDATE audit SET link = zeroblob(32)",
    ),
    "a leaf waits for a day that is closed": (
        [Harm.LATE, THIRD],
        "INSERT INTO waiting_leaves (leaf, day) VALUES (zeroblob(32), '{day}')",
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_done_without_the_key_is_named(tmp_path: Path, deed: str):
    with a_trail(tmp_path) as trail:
        (harm, day), *statements = DEEDS[deed]
        third = sizes_before(trail)[2]

        execute(trail, *(one.format(third=third, day=THIRD) for one in statements))
        result = verify(trail)

        assert result.exit_code == 1
        assert f"{day}: {harm}." in result.output


def test_a_day_of_another_age_is_told_at_once(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        last = f"(SELECT max(day) FROM ledger_days WHERE day > '{THIRD}')"
        execute(trail, f"UPDATE ledger_days SET day = '9999-12-31' WHERE day = {last}")

        result = verify(trail)

        assert result.exit_code == 1
        assert not isinstance(result.exception, OverflowError)
        assert len(result.output) < 10_000


def removed(day: dt.date, leaves: list[bytes]) -> list[bytes]:
    """Take one out, and draw another in its place: each day has as many as before."""
    return [*leaves[1:], secrets.token_bytes(32)] if day == THIRD else leaves


def edited(day: dt.date, leaves: list[bytes]) -> list[bytes]:
    return [bytes(32), *leaves[1:]] if day == THIRD else leaves


def added(day: dt.date, leaves: list[bytes]) -> list[bytes]:
    late = [secrets.token_bytes(32) for _ in range(32)]
    return leaves + late if day == THIRD else leaves


def cut(day: dt.date, leaves: list[bytes]) -> list[bytes]:
    return leaves if day < KEPT_ON else []


def skipped(day: dt.date, leaves: list[bytes]) -> list[bytes]:
    return [] if day == KEPT_ON else leaves


def untouched(_day: dt.date, leaves: list[bytes]) -> list[bytes]:
    return leaves


FORGERIES = {
    "a leaf is taken out": (removed, Harm.EDITED),
    "a leaf is changed": (edited, Harm.EDITED),
    "leaves are added late": (added, Harm.ADDED),
    "the end is cut off": (cut, Harm.REMOVED),
    "a day is taken out": (skipped, Harm.SKIPPED),
    "nothing but the order": (untouched, Harm.RESIGNED),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_signed_anew_is_named_by_who_kept_a_checkpoint(
    tmp_path: Path, forgery: str
):
    """The administrator has the database and the key, and leaves no line of a custodian."""
    with a_trail(tmp_path) as trail:
        change, harm = FORGERIES[forgery]
        kept = keep_checkpoint(trail, tmp_path)
        with transaction(trail):
            trail.execute(delete(Cosignature))

        write_anew(trail, change)
        result = verify(trail, "--from", kept)

        assert result.exit_code == 1
        assert f"Against {kept}: {KEPT_ON}: {harm}." in result.output


def test_what_is_signed_anew_contradicts_the_custodians_line(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        with transaction(trail):
            lines = [
                (one.day, one.public, one.custodian_id, one.cosigned_on, one.line)
                for one in trail.query(Cosignature)
            ]
            trail.execute(delete(Cosignature))
        write_anew(trail, edited)
        names = "day", "public", "custodian_id", "cosigned_on", "line"
        with transaction(trail):
            trail.add_all(
                Cosignature(**dict(zip(names, one, strict=True))) for one in lines
            )

        result = verify(trail)

        assert result.exit_code == 1
        assert f"{TODAY + 5 * DAY}: {Harm.COSIGNATURE}." in result.output


def test_what_is_signed_anew_contradicts_the_record(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        with transaction(trail):
            trail.execute(delete(Cosignature))
        write_anew(trail, edited)

        result = verify(trail)

        assert result.exit_code == 1
        assert f"{TODAY + 6 * DAY}: {Harm.RESIGNED}." in result.output


def test_a_custodian_does_not_cosign_what_was_rewritten(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        custodian = add_custodian(trail, "Made Wirawan")
        day = TODAY + DAYS * DAY
        with transaction(trail):
            assert cosign_newest(trail, custodian, day)
            trail.execute(delete(Cosignature))
        write_anew(trail, edited)

        with transaction(trail):
            assert not cosign_newest(trail, custodian, day + DAY)
        assert trail.query(Cosignature).count() == 0


def test_a_key_that_follows_none_is_named(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        with transaction(trail):
            trail.execute(delete(Cosignature))
            close_day(
                trail, TODAY + DAYS * DAY, LedgerKeys(LedgerKey.generate(), None), ""
            )

        result = verify(trail)

        assert f"{TODAY + DAYS * DAY}: {Harm.KEY}." in result.output


def test_a_checkpoint_of_a_key_whose_time_is_over_is_named(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        folder, day = folder_of(trail), TODAY + DAYS * DAY
        old = read_ledger_keys(folder).newest
        draw_next_key(folder)
        pass_days(trail, 32, day)
        assert verify(trail).exit_code == 0
        late = trees_of(trail, 40)[0]

        note = Note(
            late.text, (old.sign(late.text, Checkpoint.parse(late.text).origin),)
        )
        with transaction(trail):
            row = trail.get(LedgerDay, day + 31 * DAY)
            row.note = str(note)
        result = verify(trail)

        assert result.exit_code == 1
        assert f"{day + 31 * DAY}: {Harm.OLD_KEY}." in result.output


def trees_of(session: Session, count: int) -> list[Note]:
    return [Note.parse(one.note.encode()) for one in list_trees(session, count)]


def test_each_checkpoint_that_was_kept_is_the_beginning_of_the_newest(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        notes, instance = trees_of(trail, DAYS), find_instance_id(trail)

        assert len(notes) == DAYS
        assert [compare(trail, instance, note) for note in notes] == [()] * DAYS


def test_a_kept_checkpoint_of_a_key_whose_time_was_over_accuses_nobody(tmp_path: Path):
    """Who has the old key signs a checkpoint of today: it says so, and what differs."""
    with a_trail(tmp_path) as trail:
        folder, day = folder_of(trail), TODAY + DAYS * DAY
        old = read_ledger_keys(folder).newest
        draw_next_key(folder)
        pass_days(trail, 32, day)
        head = Checkpoint.parse(trees_of(trail, 1)[0].text)
        path = tmp_path / "kept"
        path.write_text(str(Note(str(head), (old.sign(str(head), head.origin),))))

        result = verify(trail, "--from", path)

        assert result.exit_code == 1
        assert f"Against {path}: {day + 31 * DAY}: {Harm.OLD_KEY}." in result.output


KEPT = {
    "of another root at the same size": (
        {"root": bytes(32)},
        {Harm.EDITED, Harm.RESIGNED},
    ),
    "of a smaller tree": ({"size": 32 * 2}, {Harm.ADDED, Harm.RESIGNED}),
    "of a tree smaller than the first": ({"size": 1}, {Harm.ADDED, Harm.RESIGNED}),
    "of a larger tree": ({"size": 10**15}, {Harm.REMOVED, Harm.RESIGNED}),
    "of a day before the first": (
        {"day": TODAY - DAY, "size": 0},
        {Harm.SKIPPED, Harm.OLD_KEY},
    ),
    "of a day that is to come": ({"day": dt.date.max}, {Harm.REMOVED}),
    "of another record": ({"audit": bytes(32)}, {Harm.RESIGNED}),
    "of another portal": ({"origin": f"lurus/{'0' * 32}"}, {Harm.FOREIGN}),
}


@pytest.mark.parametrize("kept", KEPT)
def test_what_differs_from_a_kept_checkpoint_is_named_with_its_day(
    tmp_path: Path, kept: str
):
    """It bears the portal's own signature: whoever has the key signed two histories."""
    with a_trail(tmp_path) as trail:
        changes, harms = KEPT[kept]
        note = Note.parse(keep_checkpoint(trail, tmp_path).read_bytes())
        head = replace(Checkpoint.parse(note.text), **changes)
        key = read_ledger_keys(folder_of(trail)).newest
        other = Note(str(head), (key.sign(str(head), head.origin),))

        damages = compare(trail, find_instance_id(trail), other)

        assert {one.harm for one in damages} == harms
        assert {one.day for one in damages} == {head.day}


def test_a_step_that_crossed_midnight_is_not_late(tmp_path: Path):
    """Begun before, and written down when another server had closed the day."""
    with a_trail(tmp_path) as trail:
        last = TODAY + (DAYS - 1) * DAY
        leave(trail, last)
        assert verify(trail).exit_code == 0

        leave(trail, last - DAY)

        assert f"{last - DAY}: {Harm.LATE}." in verify(trail).output


def test_another_portals_checkpoint_is_told_from_this_ones(tmp_path: Path):
    with a_trail(tmp_path) as trail:
        foreign = tmp_path / "checkpoint"
        signer = LedgerKey.generate()
        checkpoint = Checkpoint(
            "lurus/elsewhere", 32, bytes(32), TODAY, bytes(32), bytes(32)
        )
        text = str(checkpoint)
        foreign.write_text(str(Note(text, (signer.sign(text, checkpoint.origin),))))

        result = verify(trail, "--from", foreign)

        assert result.exit_code == 1
        assert f"{TODAY}: {Harm.FOREIGN}." in result.output


@pytest.mark.parametrize(
    "content", [b"", b"nothing\n", b"\xff" * 10, b"x" * 10_000_000]
)
def test_what_is_no_checkpoint_is_refused_with_one_sentence(
    tmp_path: Path, content: bytes
):
    with a_trail(tmp_path) as trail:
        path = tmp_path / "checkpoint"
        path.write_bytes(content)

        result = verify(trail, "--from", path)

        assert result.exit_code == 1
        assert "holds no checkpoint of a public trail" in result.output
        assert verify(trail, "--from", tmp_path / "nowhere").exit_code == 2


def test_the_public_count_does_not_depend_on_what_is_real():
    """As many leaves with none as with 32, at the same luck."""
    few, many = [], [secrets.token_bytes(32) for _ in range(32)]

    counts = [
        (len(cover(few, Random(luck))), len(cover(many, Random(luck))))
        for luck in range(300)
    ]

    assert all(one == other for one, other in counts)


@pytest.mark.parametrize(
    "nonsense",
    [
        "UPDATE ledger_days SET day = 'never' WHERE day = '2026-12-10'",
        "UPDATE ledger_days SET size = 'many' WHERE day = '2026-12-10'",
        "UPDATE ledger_days SET note = x'ff' WHERE size > 99",
        "UPDATE cosignatures SET line = 7, public = 'x'",
        "UPDATE ledger_leaves SET leaf = 'a text' WHERE number = 40",
    ],
)
def test_what_no_program_wrote_stops_the_check_with_one_sentence(
    tmp_path: Path, nonsense: str
):
    with a_trail(tmp_path) as trail:
        execute(trail, nonsense)

        result = verify(trail)

    assert result.exit_code == 1
    assert result.output.startswith(("Error: ", "2026-12-"))
