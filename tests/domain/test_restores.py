"""Restoring: the whole file is judged first, and nothing is written of a wrong one."""

import datetime as dt
import io
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import TODAY, add_officer, hand_in, the_case
from conftest import MONDAY
from keepers_of_backups import (
    GATE_OF_ANOTHER,
    BackupKeeper,
    a_small_disk,
    attach,
    rows_of,
    some_bytes,
)
from sqlalchemy import text
from sqlalchemy.orm import Session

from crypto import Identity
from crypto.public_leaf import PublicKind
from portal.backup_files import MAGIC, VERSION, BackupWriter, find_older
from portal.backups import read_status
from portal.database import find_instance_id, open_database, transaction
from portal.errors import (
    BrokenBackupError,
    NotABackupError,
    NotEmptyError,
    OtherBackupKeyError,
    OtherGateError,
    OtherVersionError,
    RestoreError,
)
from portal.installation import make_installation
from portal.ledger_papers import list_papers
from portal.restores import RESTORING_FOLDER, Papers, find_gaps, rehearsed, restore
from portal.settings import Settings

DAY = slice(13, 23)
INSTANCE = slice(23, 39)
FINGERPRINT = slice(39, 78)
BODY = 78 + 1169
ABOUT_ENTRY = (
    b"\x00\x05about" + (18).to_bytes(8, "big") + bytes(8) + b'{"schema": "0007"}'
)
REST = ["settings.toml", "destroyed.txt", "lurus.sqlite3"]


def backed_up(session: Session, settings: Settings, file: Path) -> BackupKeeper:
    """Make a backup of an installation with a case that has a file."""
    keeper, rina = BackupKeeper(session, settings.instance), add_officer(session)
    case_id = the_case(session, hand_in(session, rina)).id
    attach(session, settings.instance, case_id, some_bytes(200_000))
    keeper.back_up(file)
    return keeper


@dataclass(frozen=True)
class MadeOnce:
    """A backup for many tests to damage, and a second one of the same day."""

    content: bytes
    second: bytes
    papers: Papers

    def restore(self, folder: Path, papers: Papers | None = None) -> None:
        """Restore the damaged file `a` of a test's folder."""
        restore(folder / "a", folder / "again", papers or self.papers, MONDAY)


@cache
def made_once() -> MadeOnce:
    with TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder) / "instance")
        make_installation(settings, TODAY)
        opened = open_database(settings.instance)
        with opened.sessions() as session:
            keeper = backed_up(session, settings, Path(folder) / "a")
            keeper.back_up(Path(folder) / "b")
        opened.engine.dispose()
        files = ((Path(folder) / name).read_bytes() for name in ("a", "b"))
        return MadeOnce(*files, keeper.papers)


def nothing_was_written(folder: Path) -> bool:
    """Tell whether not even the folder was made: the file was judged before."""
    return not folder.exists()


@pytest.mark.parametrize(
    "share", [0.003, 0.05, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0]
)
def test_one_flipped_bit_of_what_is_sealed_is_refused_before_anything_is_written(
    tmp_path: Path, share: float
) -> None:
    made = made_once()
    content = bytearray(made.content)
    content[int(share * (len(content) - 1))] ^= 1
    (tmp_path / "a").write_bytes(content)

    with pytest.raises(BrokenBackupError):
        made.restore(tmp_path)

    assert nothing_was_written(tmp_path / "again")


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (0, NotABackupError),
        (12, OtherVersionError),
        (DAY.stop - 1, BrokenBackupError),
        (INSTANCE.start, BrokenBackupError),
        (FINGERPRINT.start, OtherBackupKeyError),
        (78, BrokenBackupError),
        (79, BrokenBackupError),
        (BODY - 1, BrokenBackupError),
        (BODY, BrokenBackupError),
        (BODY + 1, BrokenBackupError),
        (BODY + 8, BrokenBackupError),
    ],
)
def test_each_part_of_the_beginning_is_bound(
    tmp_path: Path, at: int, error: type[RestoreError]
) -> None:
    made = made_once()
    content = bytearray(made.content)
    content[at] ^= 1
    (tmp_path / "a").write_bytes(content)

    with pytest.raises(error):
        made.restore(tmp_path)

    assert nothing_was_written(tmp_path / "again")


@pytest.mark.parametrize("size", [13, 40, 78, 100, BODY, BODY + 8, BODY + 9, 66_000])
def test_a_backup_that_was_cut_short_is_refused(tmp_path: Path, size: int) -> None:
    made = made_once()
    (tmp_path / "a").write_bytes(made.content[:size])

    with pytest.raises(BrokenBackupError):
        made.restore(tmp_path)

    assert nothing_was_written(tmp_path / "again")


@pytest.mark.parametrize("less", [1, 16, 17, 65_552, 2 * 65_552])
def test_a_backup_that_lost_its_end_is_refused(tmp_path: Path, less: int) -> None:
    made = made_once()
    (tmp_path / "a").write_bytes(made.content[:-less])

    with pytest.raises(BrokenBackupError):
        made.restore(tmp_path)


@pytest.mark.parametrize("more", [1, 16, 17, 65_552])
def test_a_backup_that_was_added_to_is_refused(tmp_path: Path, more: int) -> None:
    made = made_once()
    (tmp_path / "a").write_bytes(made.content + bytes(more))

    with pytest.raises(BrokenBackupError):
        made.restore(tmp_path)


@pytest.mark.parametrize("at", [700, BODY, BODY + 70_000])
def test_the_parts_of_two_backups_do_not_go_together(tmp_path: Path, at: int) -> None:
    made = made_once()
    first, second = made.content, made.second
    (tmp_path / "a").write_bytes(first[:at] + second[at:])

    with pytest.raises(BrokenBackupError):
        made.restore(tmp_path)


def test_an_older_backup_does_not_pass_for_one_of_today(tmp_path: Path) -> None:
    made = made_once()
    content = made.content
    (tmp_path / "a").write_bytes(
        content[: DAY.start] + b"2027-01-01" + content[DAY.stop :]
    )

    with pytest.raises(BrokenBackupError):
        made.restore(tmp_path)


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    made = made_once()
    (tmp_path / "a").write_bytes(made.content)
    other = Identity.generate()

    with pytest.raises(OtherBackupKeyError):
        made.restore(tmp_path, Papers(other, None))

    assert nothing_was_written(tmp_path / "again")


def test_another_key_opens_nothing_under_a_forged_fingerprint(tmp_path: Path) -> None:
    made = made_once()
    other, content = Identity.generate(), bytearray(made.content)
    content[FINGERPRINT] = other.recipient.fingerprint().encode()
    (tmp_path / "a").write_bytes(content)

    with pytest.raises(BrokenBackupError):
        made.restore(tmp_path, Papers(other, None))


def test_another_gate_is_told_and_so_is_a_backup_that_somebody_else_made(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    """Who knows the public half alone can seal; the proof needs the gate's secret."""
    keeper = backed_up(session, settings, tmp_path / "a")
    keeper.gate = GATE_OF_ANOTHER
    keeper.back_up(tmp_path / "forged")

    with pytest.raises(OtherGateError):
        keeper.restore(tmp_path / "a", tmp_path / "again")
    keeper.gate = BackupKeeper(session, settings.instance).gate
    with pytest.raises(OtherGateError):
        keeper.restore(tmp_path / "forged", tmp_path / "again")

    assert nothing_was_written(tmp_path / "again")


def test_without_the_paper_of_the_gate_a_new_secret_is_drawn(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = backed_up(session, settings, tmp_path / "a")

    restore(tmp_path / "a", tmp_path / "again", Papers(keeper.key, None), MONDAY)

    drawn = (tmp_path / "again" / "gate.key").read_bytes()
    assert len(drawn) == 32
    assert drawn != bytes(keeper.gate)


def test_what_is_no_backup_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"%PDF-1.7")

    with pytest.raises(NotABackupError):
        restore(
            tmp_path / "a", tmp_path / "i", Papers(Identity(bytes(32)), None), MONDAY
        )


def test_a_backup_of_a_schema_that_is_not_known_is_refused(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = BackupKeeper(session, settings.instance)
    with transaction(session):
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    keeper.back_up(tmp_path / "a")

    with pytest.raises(OtherVersionError):
        keeper.restore(tmp_path / "a", tmp_path / "again")

    assert nothing_was_written(tmp_path / "again")


@pytest.mark.parametrize(
    "names",
    [
        ["about", "../evil", *REST],
        ["about", "/etc/evil", *REST],
        ["about", "objects/../../evil", *REST],
        ["about", f"objects/{'A' * 32}", *REST],
        ["about", "gate.key", *REST],
        ["about", "settings.toml", *REST],
        REST,
        ["settings.toml", "about", *REST[1:]],
        ["about", *REST[:-1]],
        [],
    ],
)
def test_a_backup_with_other_names_in_it_is_refused(
    session: Session, settings: Settings, tmp_path: Path, names: list[str]
) -> None:
    """Made by somebody who has all that a backup is made with."""
    keeper = BackupKeeper(session, settings.instance)
    forge(tmp_path / "a", keeper, names)

    with pytest.raises(BrokenBackupError):
        keeper.restore(tmp_path / "a", tmp_path / "again")

    assert nothing_was_written(tmp_path / "again")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    "entry",
    [
        b"\x00\x05about" + (2**40).to_bytes(8, "big") + bytes(8),
        b"\x00\x05about" + (2**63).to_bytes(8, "big") + bytes(8) + b"{}",
        ABOUT_ENTRY
        + b"\x00\x28objects/"
        + b"0" * 32
        + (2**40).to_bytes(8, "big")
        + bytes(8),
        b"\xff\xff" + b"a" * 200,
        b"\x00\x05about" + (2).to_bytes(8, "big") + bytes(8) + b"[]",
        b"\x00\x05about" + (2).to_bytes(8, "big") + bytes(8) + b"{]",
        b"\x00\x02\xff\xfe" + bytes(16),
    ],
)
def test_a_backup_whose_entries_are_not_what_they_say_is_refused(
    session: Session, settings: Settings, tmp_path: Path, entry: bytes
) -> None:
    keeper = BackupKeeper(session, settings.instance)
    forge(tmp_path / "a", keeper, [], entry)

    with pytest.raises(BrokenBackupError):
        keeper.restore(tmp_path / "a", tmp_path / "again")

    assert nothing_was_written(tmp_path / "again")


def test_an_installation_is_never_written_over(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = backed_up(session, settings, tmp_path / "a")
    keeper.restore(tmp_path / "a", tmp_path / "again")
    before = sorted(
        (file, file.stat().st_mtime_ns) for file in (tmp_path / "again").rglob("*")
    )

    with pytest.raises(NotEmptyError):
        keeper.restore(tmp_path / "a", tmp_path / "again")

    after = sorted(
        (file, file.stat().st_mtime_ns) for file in (tmp_path / "again").rglob("*")
    )
    assert after == before


def test_what_a_clone_brings_along_is_in_nobodys_way(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = backed_up(session, settings, tmp_path / "a")
    (tmp_path / "again").mkdir(mode=0o755)
    (tmp_path / "again" / "README.md").touch()

    keeper.restore(tmp_path / "a", tmp_path / "again")

    assert (tmp_path / "again" / "README.md").exists()
    assert (tmp_path / "again").stat().st_mode & 0o777 == 0o700


def test_what_a_killed_restore_left_is_in_nobodys_way(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = backed_up(session, settings, tmp_path / "a")
    left = tmp_path / "again" / RESTORING_FOLDER / "new"
    shutil.copytree(settings.instance, left)

    keeper.restore(tmp_path / "a", tmp_path / "again")

    assert not left.parent.exists()


@pytest.mark.parametrize("size", [1_000, 150_000, 199_000])
def test_a_full_disk_restores_nothing(
    session: Session, settings: Settings, tmp_path: Path, size: int
) -> None:
    keeper = backed_up(session, settings, tmp_path / "a")

    with a_small_disk(size), pytest.raises(RestoreError, match="Nothing was restored"):
        keeper.restore(tmp_path / "a", tmp_path / "again")

    assert list((tmp_path / "again").iterdir()) == []


def test_a_rehearsal_leaves_nothing(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = backed_up(session, settings, tmp_path / "a")
    before = sorted(settings.instance.rglob("*"))

    with rehearsed(tmp_path / "a", settings.instance, keeper.papers, MONDAY) as (
        folder,
        restored,
    ):
        assert (folder / "lurus.sqlite3").exists()

    assert restored.gaps == ()
    assert sorted(settings.instance.rglob("*")) == before


@pytest.mark.parametrize(
    ("damage", "gap"),
    [
        ("DELETE FROM messages WHERE number = 1", "Texts are missing"),
        ("DELETE FROM steps WHERE number = 2", "Steps are missing"),
        ("DELETE FROM cases", "The database is damaged"),
    ],
)
def test_what_is_not_whole_is_named(
    session: Session, settings: Settings, tmp_path: Path, damage: str, gap: str
) -> None:
    keeper, rina = BackupKeeper(session, settings.instance), add_officer(session)
    case_id = the_case(session, hand_in(session, rina)).id
    fill(session, case_id)
    assert find_gaps(session, settings.instance) == ()
    database = open_database(settings.instance)
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(damage)
        connection.commit()
    database.engine.dispose()

    keeper.back_up(tmp_path / "a")
    restored = keeper.restore(tmp_path / "a", tmp_path / "again")

    assert [one for one in restored.gaps if one.startswith(gap)]


def test_backups_beyond_their_days_are_named(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = backed_up(session, settings, tmp_path / "old")
    (tmp_path / "other").write_bytes(b"mine")
    (tmp_path / "cut").write_bytes(MAGIC + VERSION)
    today = read_status(session).made_on
    assert today

    on_the_last_day = find_older(tmp_path, today.replace(month=12, day=7), 0)
    made = keeper.back_up(tmp_path / "new", today.replace(year=2027, month=1, day=7))

    assert on_the_last_day == ()
    assert made.older == (tmp_path / "old",)


def test_a_second_installation_is_another(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = backed_up(session, settings, tmp_path / "a")
    other = Settings(instance=tmp_path / "other")
    make_installation(other, MONDAY.date())
    instance_id = (tmp_path / "a").read_bytes()[INSTANCE]
    opened = open_database(other.instance)
    with opened.sessions() as rows:
        theirs = BackupKeeper(rows, other.instance, keeper.key)
        theirs.back_up(tmp_path / "b")
    opened.engine.dispose()

    content = bytearray((tmp_path / "b").read_bytes())
    assert content[INSTANCE] != instance_id
    content[INSTANCE] = instance_id
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(BrokenBackupError):
        theirs.restore(tmp_path / "b", tmp_path / "again")


def forge(
    file: Path, keeper: BackupKeeper, names: list[str], entry: bytes = b""
) -> None:
    """Write a backup of entries of any names, and of one of any bytes."""
    instance = find_instance_id(keeper.session)
    with file.open("wb") as opened:
        to = keeper.key.recipient
        writer = BackupWriter(opened, to, keeper.gate, instance, TODAY)
        about = b'{"schema": "0007"}'
        for name in names:
            writer.add(name, io.BytesIO(about), len(about))
        writer._put(entry)
        writer.finish()


def fill(session: Session, case_id: bytes) -> None:
    """Give a case three texts and steps more, as they stand in the rows."""
    with transaction(session):
        for number in (1, 2, 3):
            session.execute(
                text(
                    "INSERT INTO messages SELECT case_id, chain, :n, author, written_on,"
                    " envelope, is_handed_over, manifest FROM messages"
                    " WHERE number = 0 AND case_id = :id"
                ),
                {"n": number, "id": case_id},
            )
            session.execute(
                text(
                    "INSERT OR IGNORE INTO steps SELECT case_id, :n, kind, taken_on,"
                    " locked_digest FROM steps WHERE case_id = :id LIMIT 1"
                ),
                {"n": number, "id": case_id},
            )


@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2026, 12, 8, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=7))),
        dt.datetime(2024, 1, 1, 12, 0, tzinfo=dt.UTC),
    ],
    ids=["before dawn", "by a clock that is behind"],
)
def test_a_restore_is_told_on_no_day_that_the_trail_has_closed(
    session: Session, settings: Settings, tmp_path: Path, now: dt.datetime
) -> None:
    keeper, day = BackupKeeper(session, settings.instance), dt.date(2026, 12, 8)
    keeper.back_up(tmp_path / "a", day)

    restore(tmp_path / "a", tmp_path / "again", keeper.papers, now.astimezone(dt.UTC))

    with rows_of(tmp_path / "again") as rows:
        (paper,) = list_papers(rows, PublicKind.RESTORED)
    assert paper.day == day
