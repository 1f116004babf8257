"""Promise 5: what a reporter's request writes knows no time finer than a day.

No such type, no counter across cases, random keys, WITHOUT ROWID; sweeps are
counted, not timed. Nothing written with the clock frozen at T decodes to T.
"""

import datetime as dt
import io
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from apps import make_app
from attackers import Loot
from conftest import MONDAY, Clock
from flask import Flask
from forms_with_files import send_files
from people import Officer, Reporter
from PIL import Image
from sqlalchemy import Date, LargeBinary, String, inspect

from portal.database import DATABASE_FILE
from portal.models import Base
from portal.settings import Settings

REPORTER_TABLES = (
    *("cases", "wraps", "messages", "steps", "waiting_leaves"),
    *("sessions", "burnt_forms"),
)
COARSE_TYPES = (Date, String, LargeBinary)
# Of one case, of one session, or true and false: none runs across cases.
SMALL_NUMBERS = {"is_handed_over", "is_answered", "is_urgent", "number", "sweeps"}
NOON = MONDAY.replace(hour=12, minute=34, second=56, microsecond=789_012)
EVENING = MONDAY.replace(hour=21, minute=1, second=7, microsecond=135_791)


@pytest.mark.parametrize("table", REPORTER_TABLES)
def test_no_column_is_finer_than_a_day_or_counts_across_cases(table: str) -> None:
    columns = Base.metadata.tables[table].columns

    fine = {c.name for c in columns if not isinstance(c.type, COARSE_TYPES)}

    assert fine <= SMALL_NUMBERS


@pytest.mark.parametrize("table", REPORTER_TABLES)
def test_no_row_has_a_number_of_arrival(table: str, app: Flask) -> None:
    key = inspect(Base.metadata.tables[table]).primary_key.columns
    engine = app.extensions["lurus"].database.engine

    with engine.connect() as connection:
        statement = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = ?", (table,)
        ).scalar_one()

    assert statement.rstrip().endswith("WITHOUT ROWID")
    assert "AUTOINCREMENT" not in statement.upper()
    assert isinstance(next(iter(key)).type, LargeBinary)


def test_the_test_names_every_table_that_a_reporter_writes(
    reporter: Reporter, settings: Settings
) -> None:
    before = Loot.of(settings.instance)

    tell_a_story(reporter)

    after = Loot.of(settings.instance)
    changed = {name for name in after.tables if after.only(name) != before.only(name)}
    # The slot of due work is an hour that was noticed, whoever came by.
    assert changed - {"jobs"} == set(REPORTER_TABLES)


def test_keys_are_random_and_do_not_rise_with_time(
    reporter: Reporter, settings: Settings
) -> None:
    seen: list[bytes] = []
    for number in range(12):
        reporter.hand_in(f"Laporan nomor {number}.")
        seen += set(Loot.of(settings.instance).column("cases", "id")) - set(seen)

    assert len({len(key) for key in seen}) == 1
    assert seen != sorted(seen)
    assert seen != sorted(seen, reverse=True)


def test_two_reports_of_one_day_differ_in_nothing_that_stands_in_clear(
    app: Flask, officer: Officer, settings: Settings
) -> None:
    for time in (NOON, EVENING):
        Reporter(frozen_app(settings, time)).hand_in("Pungutan di loket tiga.")

    loot = Loot.of(settings.instance).only("cases", "wraps", "messages", "steps")

    clear = {
        (table, tuple(clear_values(row)))
        for table, rows in loot.tables.items()
        for row in rows
    }
    assert len(clear) == 4


@pytest.mark.parametrize("time", [NOON, EVENING])
def test_nothing_written_decodes_to_the_time_of_writing(
    app: Flask, officer: Officer, settings: Settings, time: dt.datetime
) -> None:
    tell_a_story(Reporter(frozen_app(settings, time)))

    loot = Loot.of(settings.instance).only(*REPORTER_TABLES)

    assert list(spellings_found(loot, time.replace(tzinfo=settings.zone))) == []


@pytest.mark.parametrize("time", [NOON, EVENING])
def test_no_file_of_the_store_knows_more_than_its_day(
    app: Flask, officer: Officer, settings: Settings, time: dt.datetime
) -> None:
    """Received, cleaned, dropped, refused: the folder forgets the hour as well."""
    reporter = Reporter(frozen_app(settings, time))
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(picture, "JPEG")
    files = [(picture.getvalue(), "a.jpg"), (b"teks", "b.txt"), (b"", "c.txt")]

    _, brought = send_files(reporter, "/report", *files)
    kept = [one.token.reveal() for one in brought.files]
    send_files(reporter, "/report", kept=kept, drop=kept[1:])

    folder = settings.instance / "objects"
    known = {path.stat().st_mtime for path in (folder, *folder.iterdir())}
    assert brought.files[0].file.is_cleaned
    assert len(list(folder.iterdir())) == 1
    assert {seconds % 86_400 for seconds in known} == {0}
    assert not known & numbers(time.replace(tzinfo=settings.zone))
    loot = Loot.of(settings.instance).only("uploads")
    assert list(spellings_found(loot, time.replace(tzinfo=settings.zone))) == []


def test_the_search_for_times_finds_them() -> None:
    seconds = int(NOON.timestamp())
    rows = [{"a": seconds}, {"b": b"..." + seconds.to_bytes(8, "big")}, {"c": "12:34"}]

    assert len(list(spellings_found(Loot({"t": rows}), NOON))) == 3


def test_sessions_age_by_being_passed_by_sweeps(
    reporter: Reporter, clock: Clock, settings: Settings
) -> None:
    reporter.hand_in("Pungutan di loket tiga.")
    ages = []
    for _hour in range(3):
        clock.pass_by(hours=1)
        reporter.get("/")
        ages.append(sorted(Loot.of(settings.instance).column("sessions", "sweeps")))

    # The reporter's row goes with the second sweep, the officer's stays longer.
    assert ages == [[1, 1], [2], [3]]


def test_the_database_keeps_no_counters_of_its_own(
    reporter: Reporter, settings: Settings
) -> None:
    reporter.hand_in("Pungutan di loket tiga.")

    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}

    assert "sqlite_sequence" not in names
    assert not any(name.startswith("sqlite_stat") for name in names)


def frozen_app(settings: Settings, time: dt.datetime) -> Flask:
    frozen = time.replace(tzinfo=settings.zone)
    quick = replace(settings, form_minimum_age_seconds=0)
    return make_app(quick, lambda: frozen)


def tell_a_story(reporter: Reporter) -> None:
    """Do everything that writes: hand in, check the group, open, write, read, leave."""
    code = reporter.hand_in("Pungutan di loket tiga.")
    reporter.open_case(code)
    reporter.write("Terjadi lagi kemarin.")
    reporter.send(reporter.get("/case"), "/case/mine")
    Reporter(reporter.app).hand_in("Laporan dari orang lain.")


def clear_values(row: dict[str, object]) -> Iterator[object]:
    for name, value in sorted(row.items()):
        yield name, len(value) if isinstance(value, bytes) else value


def spellings_found(loot: Loot, time: dt.datetime) -> Iterator[object]:
    for value in loot.values():
        if isinstance(value, bytes):
            found = [raw for raw in raw_spellings(time) if raw in value]
        elif isinstance(value, str):
            found = [text for text in text_spellings(time) if text in value]
        else:
            found = [value] if value in numbers(time) else []
        yield from found


def numbers(time: dt.datetime) -> set[float]:
    seconds = time.timestamp()
    scales = (1, 60, 3600, 1 / 1000, 1 / 1_000_000, 1 / 1_000_000_000)
    return {seconds, time.hour * 60 + time.minute} | {
        int(seconds / scale) for scale in scales
    }


def raw_spellings(time: dt.datetime) -> set[bytes]:
    """Return the bytes, five or more: shorter ones stand in random bytes by chance."""
    whole = {int(number) for number in numbers(time)}
    eights = {n.to_bytes(8, order) for n in whole for order in ("big", "little")}
    floats = {struct.pack(order + "d", time.timestamp()) for order in "<>"}
    return eights | floats | {text.encode() for text in text_spellings(time)}


def text_spellings(time: dt.datetime) -> set[str]:
    moments = (time, time.astimezone(dt.UTC))
    written = {moment.strftime("%H:%M") for moment in moments}
    written |= {moment.strftime("%Y%m%d%H") for moment in moments}
    return written | {str(int(n)) for n in numbers(time) if n > 10_000}
