"""Backups: what is in one, what is refused, and that nothing is left of a failure."""

import datetime as dt
import os
import secrets
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from builders import (
    TODAY,
    add_officer,
    dump,
    for_officer,
    for_reporter,
    hand_in,
    the_case,
)
from conftest import MONDAY
from keepers_of_backups import (
    BackupKeeper,
    a_small_disk,
    attach,
    destroy,
    rows_of,
    some_bytes,
)
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import backups
from portal.audit import verify
from portal.backup_files import read_entries
from portal.backups import COPY_FILE
from portal.conflicts import Declaration, declare
from portal.database import DATABASE_FILE, transaction
from portal.destroyed import DESTROYED_FILE, note, read
from portal.doctor import examine
from portal.errors import (
    BackupError,
    NoBackupKeyError,
)
from portal.findings import Gravity
from portal.ledger_keys import LEDGER_KEY_FILE
from portal.models import Attachment, Case, Installation, Invitation, Person
from portal.objects import OBJECTS_FOLDER
from portal.runtime import GATE_FILE, SECRET_FILE
from portal.settings import Settings
from portal.settings_file import SETTINGS_FILE

WORD = b"pungutan-loket-tiga"
ENDED = "sessions", "burnt_forms", "uploads", "login_buckets"
CHANGED = "people", "jobs", "audit", "invitations", "public_papers", "waiting_leaves"


def keeper_of(session: Session, settings: Settings) -> BackupKeeper:
    return BackupKeeper(session, settings.instance)


def test_a_case_is_there_again_for_its_reporter_and_its_officer(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    rina, keeper = add_officer(session), keeper_of(session, settings)
    code = hand_in(session, rina)
    content = some_bytes(300_000)
    named = attach(session, settings.instance, the_case(session, code).id, content)

    keeper.back_up(tmp_path / "a")
    restored = keeper.restore(tmp_path / "a", tmp_path / "again")

    with rows_of(tmp_path / "again") as again:
        assert for_reporter(again, code)
        assert for_officer(again, code, rina)
        assert verify(again).broken is None
    assert restored.gaps == ()
    back = tmp_path / "again" / OBJECTS_FOLDER / named.hex()
    assert back.read_bytes() == content
    assert (
        back.stat().st_mtime
        == (settings.instance / OBJECTS_FOLDER / back.name).stat().st_mtime
    )


def test_every_row_comes_back_but_what_ends_within_hours(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper, rina = keeper_of(session, settings), add_officer(session)
    hand_in(session, rina)

    keeper.back_up(tmp_path / "a")
    keeper.restore(tmp_path / "a", tmp_path / "again")

    with rows_of(tmp_path / "again") as again:
        assert dump(again, *ENDED, *CHANGED) == dump(session, *ENDED, *CHANGED)
        assert [dump(again)[table] for table in ENDED] == [[]] * 4
    assert dump(session)["burnt_forms"]


def test_what_is_restored_is_for_its_owner_alone_and_the_doctor_finds_nothing_of_it(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = keeper_of(session, settings)
    old_mask = os.umask(0)

    keeper.back_up(tmp_path / "a")
    keeper.restore(tmp_path / "a", tmp_path / "again")

    os.umask(old_mask)
    files = {file.name: file for file in (tmp_path / "again").iterdir()}
    assert set(files) == {
        *(SETTINGS_FILE, SECRET_FILE, GATE_FILE, DATABASE_FILE),
        *(DESTROYED_FILE, OBJECTS_FOLDER, LEDGER_KEY_FILE),
    }
    modes = {stat.S_IMODE(file.stat().st_mode) for file in files.values()}
    assert modes == {0o600, 0o700}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    found = examine(tmp_path / "again", MONDAY)
    assert [one.what for one in found if one.gravity is Gravity.FAULT] == [
        "0 officers can be reported to."
    ]


def test_a_backup_holds_neither_secret_nor_word(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = keeper_of(session, settings)
    add_officer(session, WORD.decode())

    keeper.back_up(tmp_path / "a")

    content = (tmp_path / "a").read_bytes()
    names = entry_names(tmp_path / "a", keeper)
    assert not {SECRET_FILE, GATE_FILE, LEDGER_KEY_FILE} & set(names)
    for secret in (SECRET_FILE, GATE_FILE, LEDGER_KEY_FILE):
        assert (settings.instance / secret).read_bytes() not in inside(
            tmp_path / "a", keeper
        )
    assert WORD in inside(tmp_path / "a", keeper)
    assert WORD not in content
    assert not [word for word in (b"SQLite", b"portal_name") if word in content]


def test_a_backup_holds_nothing_that_was_deleted_before(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    """Free pages and the journal keep what a connection without care deleted."""
    keeper = keeper_of(session, settings)
    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("CREATE TABLE notes (word TEXT)")
        careless.execute("INSERT INTO notes VALUES (?)", (WORD.decode() * 500,))
        careless.commit()
        careless.execute("DROP TABLE notes")
        careless.commit()

    keeper.back_up(tmp_path / "a")

    assert WORD not in inside(tmp_path / "a", keeper)


def test_a_form_that_still_shows_its_code_is_in_no_backup(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = keeper_of(session, settings)
    hand_in(session, add_officer(session))
    query = "SELECT locked FROM burnt_forms WHERE locked IS NOT NULL"
    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as rows:
        ((locked,),) = rows.execute(query)

    keeper.back_up(tmp_path / "a")

    assert locked not in inside(tmp_path / "a", keeper)


def test_without_a_key_nothing_is_backed_up(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = keeper_of(session, settings)
    with transaction(session):
        session.execute(update(Installation).values(backup_recipient=None))

    with pytest.raises(NoBackupKeyError):
        keeper.back_up(tmp_path / "a")

    assert not (tmp_path / "a").exists()


def test_a_file_that_is_there_is_not_replaced(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"mine")

    with pytest.raises(BackupError, match="is there already"):
        keeper_of(session, settings).back_up(tmp_path / "a")

    assert (tmp_path / "a").read_bytes() == b"mine"


@pytest.mark.parametrize("size", [1_000, 100_000, 700_000])
def test_a_full_disk_is_said_and_nothing_is_left(
    session: Session, settings: Settings, tmp_path: Path, size: int
) -> None:
    keeper, rina = keeper_of(session, settings), add_officer(session)
    attach(
        session,
        settings.instance,
        the_case(session, hand_in(session, rina)).id,
        some_bytes(900_000),
    )
    before = sorted(settings.instance.rglob("*"))

    with a_small_disk(size), pytest.raises(BackupError, match="No backup was made"):
        keeper.back_up(tmp_path / "a")

    assert [path.name for path in tmp_path.iterdir() if path.name[0] == "a"] == []
    assert sorted(settings.instance.rglob("*")) == before


def test_what_a_kill_left_is_gone_after_the_next_backup(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = keeper_of(session, settings)
    (settings.instance / COPY_FILE).write_bytes(WORD)
    (settings.instance / f"{COPY_FILE}-journal").write_bytes(WORD)
    keeper.back_up(tmp_path / "first")
    (tmp_path / "a.part").write_bytes((tmp_path / "first").read_bytes() * 3)

    keeper.back_up(tmp_path / "a")

    assert list(settings.instance.glob(f"{COPY_FILE}*")) == []
    assert not (tmp_path / "a.part").exists()
    assert keeper.restore(tmp_path / "a", tmp_path / "again").gaps == ()


def test_a_file_of_somebody_in_the_way_stays(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a.part").write_bytes(b"mine")

    with pytest.raises(BackupError, match="in the way"):
        keeper_of(session, settings).back_up(tmp_path / "a")

    assert (tmp_path / "a.part").read_bytes() == b"mine"


def test_two_backups_at_once_do_not_meet(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = keeper_of(session, settings)
    descriptor = backups.claim(settings.instance / COPY_FILE, "taken")

    with pytest.raises(BackupError, match="being made already"):
        keeper.back_up(tmp_path / "a")

    os.close(descriptor)
    assert keeper.back_up(tmp_path / "a").missing_count == 0


def test_a_missing_object_is_told_and_the_rest_is_backed_up(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper, rina = keeper_of(session, settings), add_officer(session)
    case_id = the_case(session, hand_in(session, rina)).id
    lost = attach(session, settings.instance, case_id, some_bytes(1000))
    kept = attach(session, settings.instance, case_id, some_bytes(1000))
    (settings.instance / OBJECTS_FOLDER / lost.hex()).unlink()

    made = keeper.back_up(tmp_path / "a")
    restored = keeper.restore(tmp_path / "a", tmp_path / "again")

    assert made.missing_count == 1
    assert restored.gaps == ("Files are missing that rows name.",)
    assert objects_of(tmp_path / "again") == [kept.hex()]


def test_a_case_destroyed_while_the_backup_is_made_is_not_in_it(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper, rina = keeper_of(session, settings), add_officer(session)
    codes = [hand_in(session, rina), hand_in(session, rina)]
    gone, stays = (the_case(session, code).id for code in codes)
    objects = [
        attach(session, settings.instance, case_id, some_bytes(1000))
        for case_id in (gone, stays)
    ]
    backups.back_up(
        session,
        settings.instance,
        tmp_path / "a",
        keeper.gate,
        keep_days=30,
        today=TODAY,
        progress=once(lambda: destroy(settings.instance, gone)),
    )

    restored = keeper.restore(tmp_path / "a", tmp_path / "again")

    assert restored.gaps == ()
    with rows_of(tmp_path / "again") as again:
        assert again.scalars(select(Case.id)).all() == [stays]
    assert objects_of(tmp_path / "again") == [objects[1].hex()]
    assert gone not in database_inside(tmp_path / "a", keeper)


def test_a_case_destroyed_since_is_destroyed_again(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper, rina = keeper_of(session, settings), add_officer(session)
    codes = [hand_in(session, rina), hand_in(session, rina)]
    gone, stays = (the_case(session, code).id for code in codes)
    for case_id in (gone, stays):
        attach(session, settings.instance, case_id, some_bytes(1000))
    keeper.back_up(tmp_path / "a")
    note(settings.instance, [gone])

    keeper.restore(
        tmp_path / "a", tmp_path / "again", read(settings.instance / DESTROYED_FILE)
    )

    with rows_of(tmp_path / "again") as again:
        assert again.scalars(select(Case.id)).all() == [stays]
        assert again.scalars(select(Attachment.case_id)).all() == [stays]
    assert len(objects_of(tmp_path / "again")) == 1
    assert gone not in (tmp_path / "again" / DATABASE_FILE).read_bytes()
    assert read(tmp_path / "again" / DESTROYED_FILE) == {gone}


def test_a_backup_carries_the_list_of_its_day_and_lays_it_beside_itself(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper, gone = keeper_of(session, settings), secrets.token_bytes(16)
    note(settings.instance, [gone])

    keeper.back_up(tmp_path / "a")
    keeper.restore(tmp_path / "a", tmp_path / "again")

    assert read(tmp_path / DESTROYED_FILE) == {gone}
    assert read(tmp_path / "again" / DESTROYED_FILE) == {gone}


def test_declared_conflicts_are_asked_for_anew(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper, rina = keeper_of(session, settings), add_officer(session)
    secret = rina.identity.key(rina.instance)
    declare(session, rina, Declaration(units=("Loket",)), secret, TODAY)
    keeper.back_up(tmp_path / "a")

    restored = keeper.restore(tmp_path / "a", tmp_path / "again")

    assert restored.had_conflicts
    with rows_of(tmp_path / "again") as again:
        person = again.scalars(select(Person)).one()
        assert (person.locked_conflicts, person.conflicts_on) == (None, None)


def test_a_link_that_was_open_then_opens_nothing_now(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = keeper_of(session, settings)
    person = add_officer(session).person
    with transaction(session):
        session.add(
            Invitation(
                id=bytes(32), person_id=person.id, expires_on=TODAY + dt.timedelta(3)
            )
        )

    keeper.back_up(tmp_path / "a")
    keeper.restore(tmp_path / "a", tmp_path / "again")

    with rows_of(tmp_path / "again") as again:
        assert again.scalars(select(Invitation.expires_on)).one() < TODAY


def inside(file: Path, keeper: BackupKeeper) -> bytes:
    """Everything that is sealed in a backup."""
    with file.open("rb") as opened:
        return b"".join(
            piece
            for entry in read_entries(opened, keeper.key, keeper.gate)
            for piece in entry.pieces
        )


def database_inside(file: Path, keeper: BackupKeeper) -> bytes:
    with file.open("rb") as opened:
        return b"".join(
            piece
            for entry in read_entries(opened, keeper.key, keeper.gate)
            for piece in entry.pieces
            if entry.name == DATABASE_FILE
        )


def entry_names(file: Path, keeper: BackupKeeper) -> list[str]:
    with file.open("rb") as opened:
        return [one.name for one in read_entries(opened, keeper.key, keeper.gate)]


def objects_of(instance: Path) -> list[str]:
    return [file.name for file in (instance / OBJECTS_FOLDER).iterdir()]


def once(act: Callable[[], None]) -> Callable[[int], None]:
    """Return a progress that does *act* when it first hears of any."""
    left = [act]
    return lambda _done: left.pop()() if left else None
