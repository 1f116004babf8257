"""Every migration, up and down, over rows as the version before kept them.

Each revision has its `revision_<number>.py` here, with four functions that get a
connection: `before_upgrade` writes rows of the schema before, `after_upgrade` checks
what became of them; `before_downgrade` and `after_downgrade` do so for the way back,
over what the way up left. A revision without them fails.
"""

import importlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.database import DATABASE_FILE, open_database
from portal.errors import UpgradeError
from portal.models import Base

REVISIONS = schema.revisions()
FOUR = ("before_upgrade", "after_upgrade", "before_downgrade", "after_downgrade")

ORPHAN = "INSERT INTO invitations VALUES (x'00', x'99', '2026-12-01')"
"""An invitation of an officer who is not there."""

REMAKING = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade():
    with op.batch_alter_table("cases", recreate="always") as table:
        table.add_column(sa.Column("later", sa.Boolean(), server_default=sa.true()))


def downgrade():
    with op.batch_alter_table("cases", recreate="always") as table:
        table.drop_column("later")
"""
"""A migration that makes the table anew that most others refer to."""

by_revision = pytest.mark.parametrize("revision", REVISIONS)


@contextmanager
def empty_database(folder: Path) -> Iterator[Engine]:
    """A database without tables, prepared like any other."""
    (folder / DATABASE_FILE).touch()
    database = open_database(folder)
    yield database.engine
    database.engine.dispose()


def data_test(revision: str) -> ModuleType:
    return importlib.import_module(f"migrations.revision_{revision}")


def before(revision: str) -> str:
    """Return the revision before, as alembic is asked for it."""
    place = REVISIONS.index(revision)
    return REVISIONS[place - 1] if place else "base"


def call(engine: Engine, revision: str, name: str) -> None:
    with engine.begin() as connection:
        getattr(data_test(revision), name)(connection)


def go_up(engine: Engine, revision: str) -> None:
    """Come to the schema before a revision, then take the step, with data."""
    if before(revision) != "base":
        schema.migrate(engine, before(revision))
    call(engine, revision, "before_upgrade")
    schema.migrate(engine, revision)
    call(engine, revision, "after_upgrade")


def ordered_tables(engine: Engine) -> set[str]:
    """Return the tables that number their rows in the order of arrival."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(query).all()
    return {name for name, sql in rows if not sql.rstrip().endswith("WITHOUT ROWID")}


@by_revision
def test_every_revision_has_its_data_test(revision: str) -> None:
    missing = [name for name in FOUR if not hasattr(data_test(revision), name)]

    assert missing == []


def test_no_data_test_is_of_a_revision_that_is_not_there() -> None:
    names = {path.stem for path in Path(__file__).parent.glob("revision_*.py")}

    assert names == {f"revision_{revision}" for revision in REVISIONS}


def test_revisions_are_one_line() -> None:
    scripts = ScriptDirectory(str(schema.MIGRATIONS))

    assert len(scripts.get_heads()) == 1
    assert sorted(REVISIONS) == REVISIONS


@by_revision
def test_a_migration_takes_what_was_kept_before(tmp_path: Path, revision: str) -> None:
    with empty_database(tmp_path) as engine:
        go_up(engine, revision)

        assert schema.current_revision(engine) == revision


@by_revision
def test_a_migration_is_taken_back_with_what_is_kept(
    tmp_path: Path, revision: str
) -> None:
    with empty_database(tmp_path) as engine:
        go_up(engine, revision)
        call(engine, revision, "before_downgrade")

        schema.take_back(engine, before(revision))

        call(engine, revision, "after_downgrade")


@by_revision
def test_what_was_taken_back_is_taken_up_again(tmp_path: Path, revision: str) -> None:
    with empty_database(tmp_path) as engine:
        go_up(engine, revision)
        schema.take_back(engine, before(revision))

        schema.migrate(engine)

        assert schema.current_revision(engine) == schema.newest_revision()


@by_revision
def test_rows_are_not_numbered_by_arrival_after_a_migration(
    tmp_path: Path, revision: str
) -> None:
    tables = Base.metadata.tables.values()
    unordered = {
        table.name
        for table in tables
        if table.dialect_options["sqlite"]["with_rowid"] is False
    }

    with empty_database(tmp_path) as engine:
        go_up(engine, revision)
        schema.migrate(engine)

        assert len(unordered) >= 6
        assert not unordered & ordered_tables(engine)


def test_a_table_that_others_refer_to_can_be_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, later)
    (later / "versions" / "9999_later.py").write_text(
        REMAKING.format(before=REVISIONS[-1]), "utf-8"
    )

    with empty_database(tmp_path) as engine:
        go_up(engine, REVISIONS[0])
        schema.migrate(engine)
        monkeypatch.setattr(schema, "MIGRATIONS", later)
        schema.migrate(engine)

        with engine.connect() as connection:
            kept = {
                table: connection.exec_driver_sql(f"SELECT 1 FROM {table}").all()
                for table in ("cases", "messages", "steps", "wraps")
            }
        assert [table for table, rows in kept.items() if len(rows) != 1] == []
        assert "cases" not in ordered_tables(engine)


def test_a_row_that_refers_to_nothing_stops_a_migration_whole(tmp_path: Path) -> None:
    with empty_database(tmp_path) as engine:
        schema.migrate(engine)
        with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as careless, careless:
            careless.execute(ORPHAN)

        with pytest.raises(UpgradeError, match="refer to rows that are not there"):
            schema.migrate(engine)


def test_foreign_keys_hold_again_after_a_migration(tmp_path: Path) -> None:
    with empty_database(tmp_path) as engine:
        schema.migrate(engine)

        with engine.begin() as row, pytest.raises(DBAPIError, match="FOREIGN KEY"):
            row.exec_driver_sql(ORPHAN)
