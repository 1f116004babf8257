"""The schema: what migrations make is what the models say; old ones are refused."""

import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from builders import add_officer, dump, for_officer, hand_in, the_case
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from portal import schema, threads
from portal.database import DATABASE_FILE, open_database, transaction
from portal.errors import NewerSchemaError, OlderSchemaError, StoreUnavailableError
from portal.models import Base
from portal.runtime import build_runtime
from portal.settings import Settings


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def columns(engine: Engine, table: str) -> set[str]:
    return {column["name"] for column in inspect(engine).get_columns(table)}


def engine_of(session: Session) -> Engine:
    session.rollback()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    return engine


def test_models_and_migrations_agree(session: Session) -> None:
    with engine_of(session).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_migrations_lead_down_and_up_again_over_rows(session: Session) -> None:
    hand_in(session, add_officer(session))
    engine = engine_of(session)

    schema.take_back(engine)
    none_left = tables(engine)
    schema.migrate(engine)

    assert none_left == set()
    assert tables(engine) == set(Base.metadata.tables)
    assert not any(dump(session).values())


def test_what_was_there_before_hand_overs_counts_as_handed_over(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, at_once=False)
    rows = [len(table) for table in dump(session, "waiting_leaves").values()]
    engine = engine_of(session)

    schema.take_back(engine, "0001")
    older = columns(engine, "cases") | columns(engine, "messages")
    schema.migrate(engine)

    assert "is_handed_over" not in older
    assert for_officer(session, code, rina).summary.title
    assert threads.count_waiting(session, the_case(session, code).id) == 0
    kept = dump(session, "waiting_leaves").values()
    assert [len(table) for table in kept] == rows


def test_a_row_that_does_not_say_so_is_not_handed_over(session: Session) -> None:
    defaults = session.execute(
        text(
            "SELECT dflt_value FROM pragma_table_info('cases') "
            "WHERE name = 'is_handed_over' UNION ALL "
            "SELECT dflt_value FROM pragma_table_info('messages') "
            "WHERE name = 'is_handed_over'"
        )
    )

    assert list(defaults.scalars()) == ["0", "0"]


def test_migrating_twice_changes_nothing(session: Session) -> None:
    hand_in(session, add_officer(session))
    before = dump(session)

    schema.migrate(engine_of(session))

    assert dump(session) == before


def test_the_newest_schema_is_taken(session: Session) -> None:
    schema.check_schema(engine_of(session))

    assert schema.current_revision(engine_of(session)) == schema.newest_revision()


def test_an_older_schema_is_refused_with_one_sentence(session: Session) -> None:
    schema.take_back(engine_of(session))

    with pytest.raises(OlderSchemaError, match="run `lurus upgrade`"):
        schema.check_schema(engine_of(session))


def test_a_newer_schema_is_refused_with_one_sentence(session: Session) -> None:
    with transaction(session):
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NewerSchemaError, match="newer version again, or go back"):
        schema.check_schema(engine_of(session))


def test_a_missing_database_is_not_made_silently(settings: Settings) -> None:
    settings.instance.mkdir()

    with pytest.raises(OlderSchemaError, match="run `lurus init`"):
        open_database(settings.instance)

    assert not (settings.instance / DATABASE_FILE).exists()


def test_an_empty_database_starts_no_worker(settings: Settings) -> None:
    settings.instance.mkdir()
    sqlite3.connect(settings.instance / DATABASE_FILE).close()
    (settings.instance / DATABASE_FILE).touch()

    with pytest.raises(OlderSchemaError, match="run `lurus init`"):
        build_runtime(settings, None, CHEAPEST)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        *(("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)),
        *(("foreign_keys", 1), ("temp_store", 2)),
    ],
)
def test_every_connection_is_prepared(
    session: Session, settings: Settings, pragma: str, value: object
) -> None:
    # The session of the tests does not wait for the disk; the portal does.
    engine = open_database(settings.instance).engine
    with engine.connect() as first, engine.connect() as second:
        found = [
            connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for connection in (first, second)
        ]

    engine.dispose()
    assert found == [value, value]


def test_a_write_holds_the_lock_from_its_first_moment(
    session: Session, settings: Settings
) -> None:
    path = settings.instance / DATABASE_FILE

    with (
        transaction(session),
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_a_file_that_is_no_database_is_said_to_be_away(settings: Settings) -> None:
    settings.instance.mkdir()
    (settings.instance / DATABASE_FILE).write_bytes(b"no database at all" * 100)
    database = open_database(settings.instance)

    with (
        pytest.raises(StoreUnavailableError),
        database.sessions() as session,
        transaction(session),
    ):
        session.execute(text("SELECT 1"))
