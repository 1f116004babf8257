"""Promise 6: all stored texts of one kind have one length.

No column holds a true length, a file name, a type, a category or a severity.
"""

import re
from collections import Counter

import pytest
from attackers import Loot, Row
from forms_with_files import send_files
from people import Officer, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.categories import read_taxonomy
from portal.models import Upload
from portal.settings import Settings
from portal.statuses import Author, CaseStatus, Outcome

SHORT, LONG = "Ya", "Panjang sekali. " * 245
REPORTER_TABLES = ("cases", "wraps", "messages", "steps", "sessions", "burnt_forms")
CLOSED_WORDS = {
    *CaseStatus,
    *Author,
    *("case", "thread", "notes", "received", "answered"),
}
TELLING = re.compile(r"length|size|name|type|kind|categor|sever|title|outcome|unit")


def test_every_blob_of_one_column_has_one_length(
    reporter: Reporter, officer: Officer, settings: Settings
) -> None:
    live_two_lives(reporter, officer)

    lengths = blob_lengths(Loot.of(settings.instance).only(*REPORTER_TABLES))

    assert {where: found for where, found in lengths.items() if len(found) > 1} == {}
    assert len(lengths) > 15


@pytest.mark.parametrize(
    ("column", "size"),
    [
        ("messages.envelope thread 0", 16384 + 81),
        ("messages.envelope thread 1", 4096 + 81),
        ("messages.envelope notes 0", 4096 + 81),
        ("cases.summary", 1024 + 81),
        ("cases.reader_sheet", 1024 + 81),
    ],
)
def test_the_lengths_are_those_of_the_format(
    reporter: Reporter, officer: Officer, settings: Settings, column: str, size: int
) -> None:
    live_two_lives(reporter, officer)

    assert blob_lengths(Loot.of(settings.instance))[column] == {size}


def test_sizes_of_files_fall_into_few_buckets(
    reporter: Reporter, session: Session, settings: Settings
) -> None:
    """Up to 64 KiB there is one; above, neighbours differ by a 32nd part at most."""
    for length in (1, 900, 60_000, 300_000, 300_001, 301_000, 1_000_000):
        send_files(reporter, "/report", (bytes(length), "a.txt"))

    files = (settings.instance / "objects").iterdir()
    sizes = Counter(file.stat().st_size for file in files)

    assert sorted(sizes.values()) == [1, 3, 3]
    assert sizes.keys() == set(session.scalars(select(Upload.size)))
    assert len({len(one) for one in session.scalars(select(Upload.locked))}) == 1


def test_an_officers_cache_grows_in_steps_of_64_kib(
    reporter: Reporter, officer: Officer, settings: Settings
) -> None:
    reporter.hand_in(SHORT)
    officer.case_paths()
    (one,) = Loot.of(settings.instance).column("people", "opened_keys")
    live_two_lives(reporter, officer)

    (several,) = Loot.of(settings.instance).column("people", "opened_keys")

    assert one != several
    assert len(one) == len(several) == 64 * 1024 + 81


def test_what_an_officer_has_seen_grows_in_steps_of_16_kib(
    reporter: Reporter, officer: Officer, settings: Settings
) -> None:
    (nothing,) = Loot.of(settings.instance).column("people", "seen_counts")
    live_two_lives(reporter, officer)

    (something,) = Loot.of(settings.instance).column("people", "seen_counts")

    assert nothing != something
    assert len(nothing) == len(something) == 16 * 1024 + 81


def test_every_word_in_clear_is_of_a_closed_vocabulary(
    reporter: Reporter, officer: Officer, settings: Settings
) -> None:
    live_two_lives(reporter, officer)

    loot = Loot.of(settings.instance).only(*REPORTER_TABLES)

    words = {value for value in loot.values() if isinstance(value, str)}
    assert {word for word in words if not is_day(word)} <= CLOSED_WORDS
    assert words & {*read_taxonomy().codes, *Outcome} <= set(CaseStatus)


def test_no_column_is_named_for_what_must_not_be_known(
    settings: Settings, reporter: Reporter
) -> None:
    reporter.hand_in(SHORT)
    loot = Loot.of(settings.instance).only(*REPORTER_TABLES)

    columns = {f"{t}.{name}" for t, rows in loot.tables.items() for name in rows[0]}

    assert {c for c in columns if TELLING.search(c)} == {"steps.kind"}


def live_two_lives(reporter: Reporter, officer: Officer) -> None:
    """Live one case in short words with few answers, another in long ones."""
    codes = [
        reporter.hand_in(SHORT, category="UNSURE"),
        reporter.hand_in(LONG, category="PUNGLI", how=LONG, shows=LONG[:1990]),
    ]
    for code, text in zip(codes, (SHORT, LONG), strict=True):
        person = Reporter(reporter.app)
        person.open_case(code)
        person.write(text)
    for path, text in zip(officer.case_paths()[:2], (SHORT, LONG), strict=True):
        officer.act(path, "message", text=text)
        officer.act(path, "note", text=text)
        officer.act(path, "triage", severity="4", title=text[:70], reason=text[:1900])


def blob_lengths(loot: Loot) -> dict[str, set[int]]:
    lengths: dict[str, set[int]] = {}
    for table, rows in loot.tables.items():
        for row in rows:
            for name, value in row.items():
                if isinstance(value, bytes):
                    where = f"{table}.{name}{place(row)}"
                    lengths.setdefault(where, set()).add(len(value))
    return lengths


def place(row: Row) -> str:
    """Tell the report from messages: the first text of a thread."""
    return f" {row['chain']} {min(row['number'], 1)}" if "chain" in row else ""


def is_day(word: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", word))
