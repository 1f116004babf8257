"""Promise 21: an edited, dropped, swapped or inserted entry of the record is named.

The record is made by people at work; then its rows are changed as only somebody with
the database can, and `lurus verify-audit` looks. What the chain alone cannot show, an
end that was cut off and a record made anew, is said by the command and tested here.
"""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from click.testing import CliRunner, Result
from people import Officer, Reporter

from crypto.hash_chain import ORIGIN, link
from portal.cli import main
from portal.database import DATABASE_FILE
from portal.settings import Settings

COLUMNS = "day, actor, act, case_id, link, concerns"

# Of the nine entries that the people below make, and the entry that is named then.
DEEDS = {
    "one bit of a name is flipped": (
        5,
        "UPDATE audit SET actor = 'Sina Wulandari' WHERE number = 5",
    ),
    "a day is moved": (5, "UPDATE audit SET day = '2026-12-08' WHERE number = 5"),
    "an act is made another": (6, "UPDATE audit SET act = 'noted' WHERE number = 6"),
    "a case is made another": (
        6,
        "UPDATE audit SET case_id = zeroblob(16) WHERE number = 6",
    ),
    "whom it was about is made another": (
        4,
        "UPDATE audit SET concerns = 'Sina Wulandari' WHERE number = 4",
    ),
    "whom it was about is struck out": (
        4,
        "UPDATE audit SET concerns = NULL WHERE number = 4",
    ),
    "a link is changed": (
        4,
        "UPDATE audit SET link = zeroblob(32) WHERE number = 4",
    ),
    "the first is dropped": (2, "DELETE FROM audit WHERE number = 1"),
    "one is dropped": (6, "DELETE FROM audit WHERE number = 5"),
    "one is dropped and the rest closed up": (
        5,
        (
            "DELETE FROM audit WHERE number = 5;"
            "UPDATE audit SET number = number - 1 WHERE number > 5"
        ),
    ),
    "two are swapped": (
        4,
        (
            "UPDATE audit SET number = 99 WHERE number = 4;"
            "UPDATE audit SET number = 4 WHERE number = 5;"
            "UPDATE audit SET number = 5 WHERE number = 99"
        ),
    ),
    "one is inserted": (
        5,
        (
            "UPDATE audit SET number = number + 100 WHERE number >= 5;"
            "UPDATE audit SET number = number - 99 WHERE number >= 100;"
            f"INSERT INTO audit SELECT 5, {COLUMNS} FROM audit WHERE number = 4"
        ),
    ),
    "one is put before the first": (
        0,
        f"INSERT INTO audit SELECT 0, {COLUMNS} FROM audit WHERE number = 1",
    ),
    "one is hung on": (
        10,
        f"INSERT INTO audit SELECT 10, {COLUMNS} FROM audit WHERE number = 9",
    ),
}


def work(reporter: Reporter, officer: Officer) -> None:
    """Let nine entries come about: two people come in, and one acts on a case."""
    reporter.hand_in("Ada pungutan di loket tiga.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    officer.act(path, "message", text="Di loket yang mana?")
    officer.act(path, "note", text="Periksa buku kas.")


def tamper(settings: Settings, script: str) -> None:
    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as database:
        database.executescript(script)


def rows(settings: Settings) -> list[tuple[Any, ...]]:
    query = f"SELECT number, {COLUMNS} FROM audit ORDER BY number"
    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as database:
        return database.execute(query).fetchall()


def verify_audit(settings: Settings) -> Result:
    variables = {"LURUS_INSTANCE": str(settings.instance)}
    return CliRunner(env=variables).invoke(main, ["verify-audit"])


def make_anew(settings: Settings) -> None:
    """Change a name, and compute every link again, as who knows the program can."""
    previous = ORIGIN
    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as database:
        for number, day, _actor, act, case_id, _link, concerns in rows(settings):
            fields = (number.to_bytes(8, "big"), day.encode(), b"Siapa", act.encode())
            about = () if concerns is None else (concerns.encode(),)
            previous = link(previous, (*fields, case_id or b"", *about))
            database.execute(
                "UPDATE audit SET actor = 'Siapa', link = ? WHERE number = ?",
                (previous, number),
            )
        database.commit()


def test_a_record_that_nobody_changed_holds(
    reporter: Reporter, officer: Officer, outside_officer: Officer, settings: Settings
) -> None:
    work(reporter, officer)

    result = verify_audit(settings)

    assert result.exit_code == 0
    assert result.output.startswith("9 entries, and all hold.\nThe last: Entry 9 (")


def test_an_empty_record_holds(settings: Settings, reporter: Reporter) -> None:
    tamper(settings, "DELETE FROM audit")

    result = verify_audit(settings)

    assert (result.exit_code, result.output) == (0, "0 entries, and all hold.\n")


@pytest.mark.parametrize(("number", "script"), DEEDS.values(), ids=DEEDS)
def test_what_was_done_to_the_record_is_named(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    number: int,
    script: str,
) -> None:
    work(reporter, officer)

    tamper(settings, script)
    result = verify_audit(settings)

    found = {row[0]: row for row in rows(settings)}
    _, day, actor, act, _, _, concerns = found[number]
    said = f"{actor or 'command line'}, {act}{f' {concerns}' if concerns else ''}"
    named = f"Error: Entry {number} ({day}, {said}) does not hold: "
    assert result.exit_code == 1
    assert result.output.startswith(named)
    assert result.output.count("\n") == 1


def test_a_cut_end_holds_but_lacks_the_entry_that_was_noted(
    reporter: Reporter, officer: Officer, outside_officer: Officer, settings: Settings
) -> None:
    work(reporter, officer)
    noted = verify_audit(settings).output.splitlines()[1]

    tamper(settings, "DELETE FROM audit WHERE number > 6")
    result = verify_audit(settings)

    assert result.exit_code == 0
    assert result.output.startswith("6 entries, and all hold.\n")
    assert noted not in result.output
    assert "An end that was cut off cannot be seen from within" in result.output


def test_a_record_made_anew_holds_but_has_another_link(
    reporter: Reporter, officer: Officer, outside_officer: Officer, settings: Settings
) -> None:
    work(reporter, officer)
    noted = verify_audit(settings).output.splitlines()[1].rpartition(" ")[2]

    make_anew(settings)
    result = verify_audit(settings)

    assert result.exit_code == 0
    assert "Siapa" in result.output
    assert noted not in result.output
