"""Promise 2: unknown and destroyed codes get the same answer for the same work.

The same bytes (tokens aside), headers, SQL statements and crypto calls; medians of
200 interleaved tries within 5 %. A mistyped code is told so, from the code alone.
A closed case still opens.
"""

import random
import sqlite3
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from types import FrameType

import pytest
from attackers import bare, body_size, shape
from flask import Flask
from people import Officer, Page, Reporter
from sqlalchemy import event

from crypto import CaseCode
from portal.database import DATABASE_FILE
from portal.settings import Settings

TRIES = 200


def test_unknown_and_destroyed_codes_get_the_same_bytes_and_headers(
    reporter: Reporter, settings: Settings
) -> None:
    gone, unknown = destroyed_code(reporter), unknown_code()

    first, second = try_code(reporter, gone), try_code(reporter, unknown)

    assert bare(first, gone) == bare(second, unknown)
    assert body_size(first) == body_size(second)
    assert shape(first) == shape(second)
    assert first.status_code == 422


def test_unknown_and_destroyed_codes_cost_the_same_statements_and_crypto(
    reporter: Reporter, app: Flask, settings: Settings
) -> None:
    gone, unknown = destroyed_code(reporter), unknown_code()
    reporter.open_case(unknown_code())

    with watching(app) as for_gone:
        try_code(reporter, gone)
    with watching(app) as for_unknown:
        try_code(reporter, unknown)

    assert for_gone.statements == for_unknown.statements
    assert for_gone.crypto_calls == for_unknown.crypto_calls
    assert for_gone.crypto_calls["CaseCode.locator"] == 1


def test_a_mistyped_code_is_told_so_without_a_look_at_the_cases(
    reporter: Reporter, app: Flask
) -> None:
    code = reporter.hand_in("Pungutan di loket tiga.")
    slip = ("1" if code[0] == "0" else "0") + code[1:]
    reporter.open_case(slip)

    with watching(app) as seen:
        page = try_code(reporter, slip)

    assert page.status_code == 422
    assert "salah ketik" in page.text
    assert not any("cases" in statement for statement in seen.statements)


def test_an_unknown_code_says_only_that(reporter: Reporter) -> None:
    page = reporter.open_case(unknown_code())

    assert page.status_code == 422
    assert "tidak membuka apa pun" in page.text
    assert "salah ketik" not in page.text


def test_a_code_that_opens_nothing_leaves_no_row(
    reporter: Reporter, settings: Settings
) -> None:
    def count() -> int:
        with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as database:
            return database.execute("SELECT count(*) FROM sessions").fetchone()[0]

    before = count()
    reporter.open_case(unknown_code())

    assert count() == before


def test_a_closed_case_still_opens(reporter: Reporter, officer: Officer) -> None:
    code = reporter.hand_in("Pungutan di loket tiga.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    officer.act(
        path, "status", to="closed", outcome="not-proven", message="Terima kasih."
    )

    page = reporter.open_case(code)

    assert 'data-status="closed"' in page.html


@pytest.mark.slow
def test_unknown_and_destroyed_codes_take_the_same_time(
    reporter: Reporter, settings: Settings
) -> None:
    gone = destroyed_code(reporter)

    differences = [median_difference(reporter, gone) for _ in range(3)]

    assert min(differences) < 0.05, differences


def unknown_code() -> str:
    return CaseCode.generate().reveal()


def destroyed_code(reporter: Reporter) -> str:
    """Hand in, open, and destroy the report with its code, on another browser."""
    code = reporter.hand_in("Laporan yang kemudian dihapus.")
    other = Reporter(reporter.app)
    other.open_case(code)
    gone = other.send(other.get("/case/end"), "/case/destroy", sure="yes")
    assert gone.status_code == 303
    return code


def try_code(reporter: Reporter, code: str) -> Page:
    return reporter.send(reporter.get("/case"), "/case/open", code=code)


@dataclass
class Watch:
    """What one request cost."""

    statements: list[str] = field(default_factory=list)
    crypto_calls: Counter[str] = field(default_factory=Counter)


@contextmanager
def watching(app: Flask) -> Iterator[Watch]:
    """Count SQL statements and calls into crypto/; nothing is replaced."""
    watch = Watch()
    engine = app.extensions["lurus"].database.engine

    def execute(_connection, _cursor, statement: str, *_rest: object) -> None:
        # What is due is looked for once a minute, whoever asks and for whatever.
        if "FROM jobs" not in statement:
            watch.statements.append(statement)

    def call(frame: FrameType, what: str, _argument: object) -> None:
        if what == "call" and "/crypto/" in frame.f_code.co_filename:
            watch.crypto_calls[frame.f_code.co_qualname] += 1

    event.listen(engine, "before_cursor_execute", execute)
    sys.setprofile(call)
    try:
        yield watch
    finally:
        sys.setprofile(None)
        event.remove(engine, "before_cursor_execute", execute)


def median_difference(reporter: Reporter, gone: str) -> float:
    """Return by how much the medians of both differ, as a part of the smaller.

    Of the time that this process computes: what else runs here is nobody's code.
    """
    form = reporter.get("/case").form("/case/open")
    key = form.value("csrf_token")
    times: dict[bool, list[float]] = {True: [], False: []}
    # In pairs, in an order that falls in step with nothing that comes round.
    pairs = [random.sample((True, False), 2) for _ in range(TRIES)]
    for is_gone in chain.from_iterable(pairs):
        code = gone if is_gone else unknown_code()
        begun = time.process_time()
        reporter.client.post("/case/open", data={"csrf_token": key, "code": code})
        times[is_gone].append(time.process_time() - begun)
    one, other = (statistics.median(taken) for taken in times.values())
    return abs(one - other) / min(one, other)
