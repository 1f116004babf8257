"""An upgrade and the way back: alone, with a copy, whole or not at all."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shlex import quote

import pytest
from click.testing import CliRunner, Result
from conftest import HOME

from portal import schema
from portal.cli import main
from portal.database import DATABASE_FILE

WRITE_AND_DIE = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("UPDATE people SET name = 'Joko Prasetyo'")
connection.commit()
os._exit(1)
"""


def lurus(instance: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"LURUS_INSTANCE": str(instance)})
    return runner.invoke(main, list(arguments))


def installation(folder: Path) -> Path:
    """An installation in use: one person is invited."""
    instance = folder / "an instance"
    lurus(instance, "init")
    lurus(instance, "people", "invite", "Rina Wulandari")
    return instance


def names(instance: Path) -> list[str]:
    with closing(sqlite3.connect(instance / DATABASE_FILE)) as connection:
        rows = connection.execute("SELECT name FROM people ORDER BY name")
        return [name for (name,) in rows]


def everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def copies(instance: Path) -> list[Path]:
    return sorted(instance.glob(f"{DATABASE_FILE}.*"))


def age_schema(instance: Path) -> None:
    """Take the database to what an empty database of an older version is."""
    with closing(sqlite3.connect(instance / DATABASE_FILE)) as connection, connection:
        connection.execute("DELETE FROM alembic_version")


def test_an_upgrade_keeps_a_copy_for_the_owner_alone(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    old_mask = os.umask(0)

    result = lurus(instance, "upgrade")

    os.umask(old_mask)
    (copy,) = copies(instance)
    assert result.exit_code == 0
    assert f"Copied the database to {copy}." in result.output
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert everything(copy) == everything(instance / DATABASE_FILE)


def test_an_upgrade_ends_with_what_the_doctor_finds(tmp_path: Path) -> None:
    result = lurus(installation(tmp_path), "upgrade")

    assert result.exit_code == 0
    assert "fault: 0 officers can be reported to." in result.output


def test_the_two_commands_lead_back(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    before = everything(instance / DATABASE_FILE)
    way_back = re.findall(
        "^(?:rm|cp) .*$", lurus(instance, "upgrade").output, re.MULTILINE
    )
    # The new version runs, writes, and dies with a journal that was not written back.
    write = [sys.executable, "-c", WRITE_AND_DIE, str(instance / DATABASE_FILE)]
    subprocess.run(write, check=False)
    assert (instance / f"{DATABASE_FILE}-wal").stat().st_size > 0

    for command in way_back:
        subprocess.run(["/bin/sh", "-ec", command], check=True)

    assert len(way_back) == 2
    assert everything(instance / DATABASE_FILE) == before
    assert names(instance) == ["Rina Wulandari"]
    assert stat.S_IMODE((instance / DATABASE_FILE).stat().st_mode) == 0o600


def test_what_led_back_can_be_upgraded_again(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    way_back = re.findall(
        "^(?:rm|cp) .*$", lurus(instance, "upgrade").output, re.MULTILINE
    )
    for command in way_back:
        subprocess.run(["/bin/sh", "-ec", command], check=True)
    for copy in copies(instance):
        copy.rename(instance / "kept")

    assert lurus(instance, "upgrade").exit_code == 0
    assert names(instance) == ["Rina Wulandari"]


def test_an_upgrade_waits_for_nobody_who_has_the_database_open(tmp_path: Path) -> None:
    instance = installation(tmp_path)

    with closing(sqlite3.connect(instance / DATABASE_FILE)) as server:
        server.execute("SELECT * FROM people").fetchall()
        result = lurus(instance, "upgrade")

    assert result.exit_code == 1
    sentence = "The database is in use: stop the server and the timer first."
    assert result.output == f"Error: {sentence}\n"
    assert copies(instance) == []


def test_a_database_that_cannot_be_copied_is_left_alone(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    damage(instance / DATABASE_FILE)
    before = (instance / DATABASE_FILE).read_bytes()

    result = lurus(instance, "upgrade")

    assert result.exit_code == 1
    assert result.output.startswith("Error: The database cannot be copied: ")
    assert result.output.count("\n") == 1
    assert copies(instance) == []
    assert (instance / DATABASE_FILE).read_bytes() == before


def test_a_disk_without_room_for_a_copy_leaves_all_as_it_was(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    before = (instance / DATABASE_FILE).read_bytes()
    # No file of this process may be longer than 40 KiB: the copy ends on the way.
    command = f"ulimit -f 80; exec {quote(sys.executable)} -m portal.cli upgrade"

    result = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=HOME,
        env=os.environ | {"LURUS_INSTANCE": str(instance)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert re.fullmatch(r"Error: The database cannot be copied: .+\.\n", result.stderr)
    assert copies(instance) == []
    assert (instance / DATABASE_FILE).read_bytes() == before


def damage(path: Path) -> None:
    """Overwrite the pages behind the first ones."""
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * 4096 * 4)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    # The tables are there, so that making them again must fail.
    age_schema(instance)
    before = everything(instance / DATABASE_FILE)

    result = lurus(instance, "upgrade")

    assert result.exit_code == 1
    assert (
        "A migration failed (OperationalError); nothing was changed." in result.output
    )
    assert everything(instance / DATABASE_FILE) == before


def test_new_settings_are_asked_for_before_anything_is_changed(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    path = instance / "settings.toml"
    path.write_text(re.sub("(?m)^demo = .*$", "", path.read_text("utf-8")), "utf-8")

    result = lurus(instance, "upgrade")

    assert result.exit_code == 1
    assert "key 'demo' is missing; its default: `demo = false`." in result.output
    assert copies(instance) == []


def test_an_older_database_is_brought_to_the_newest_schema(tmp_path: Path) -> None:
    instance = installation(tmp_path)
    shutil.copy(instance / DATABASE_FILE, tmp_path / "before")
    with closing(sqlite3.connect(instance / DATABASE_FILE)) as connection, connection:
        connection.executescript(drop_all(connection))

    result = lurus(instance, "upgrade")

    assert result.exit_code == 0
    assert "fault: 0 officers" in result.output
    assert table_names(instance / DATABASE_FILE) == table_names(tmp_path / "before")


def table_names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return sorted(name for (name,) in rows)


def drop_all(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return "".join(f"DROP TABLE {name};" for (name,) in rows)


@pytest.mark.parametrize("revision", schema.revisions())
def test_every_revision_has_a_number_of_four_digits(revision: str) -> None:
    assert re.fullmatch("[0-9]{4}", revision)
