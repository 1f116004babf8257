"""The database is locked, read-only or full: 503, the text kept, nothing half stored."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest
from builders import dump
from flask import Flask
from people import Officer, Page, Person, Reporter, code_on
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal.database import DATABASE_FILE

Fault = Callable[[Flask], AbstractContextManager[None]]

ACTS = [
    ("message", {"text": "Apakah masih terjadi?"}),
    ("note", {"text": "Hati-hati dengan unit itu."}),
    ("triage", {"severity": "4", "title": "Loket", "reason": "Banyak yang dirugikan."}),
    ("status", {"to": "acknowledged", "message": "Kami terima, terima kasih."}),
]


def engine_of(app: Flask) -> Engine:
    engine = app.extensions["lurus"].database.engine
    assert isinstance(engine, Engine)
    return engine


@contextmanager
def connections_with(app: Flask, pragma: str) -> Iterator[None]:
    """Let the worker's connections be made with a pragma, for a while."""

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    engine = engine_of(app)
    engine.dispose()
    event.listen(engine, "connect", prepare)
    yield
    event.remove(engine, "connect", prepare)
    engine.dispose()


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Let another process hold the write lock; the worker waits for a moment only."""
    path = app.extensions["lurus"].settings.instance / DATABASE_FILE
    with (
        connections_with(app, "busy_timeout = 50"),
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def read_only(app: Flask) -> AbstractContextManager[None]:
    return connections_with(app, "query_only = ON")


@contextmanager
def full(app: Flask) -> Iterator[None]:
    """Let no page stand free in the file, and none be added to it."""
    path = app.extensions["lurus"].settings.instance / DATABASE_FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("VACUUM")
    with connections_with(app, "max_page_count = 1"):
        yield


every_fault = pytest.mark.parametrize("fault", [locked, read_only, full])
every_act = pytest.mark.parametrize(("act", "fields"), ACTS)


def kept(page: Page, action: str, fields: dict[str, str]) -> bool:
    """Tell whether a page gives back all that was typed into a form."""
    form = page.form(action)
    return all(form.value(name) == text for name, text in fields.items())


def english(person: Person) -> None:
    person.get("/?lang=en")


@every_fault
def test_a_report_that_cannot_be_stored_stays_in_the_form(
    reporter: Reporter, officer: Officer, session: Session, fault: Fault
) -> None:
    english(reporter)
    page = reporter.preview("Ada pungutan di loket.", who_unit="Umum")
    before = dump(session)

    with fault(reporter.app):
        refused = reporter.send(page, "/report", step="hand-in")
        after = dump(session)

    assert refused.status_code == 503
    assert "Nothing is stored yet." in refused.text
    assert kept(
        refused, "/report", {"what": "Ada pungutan di loket.", "who_unit": "Umum"}
    )
    assert after == before


@every_fault
def test_pressing_again_hands_in_once(
    reporter: Reporter, officer: Officer, fault: Fault
) -> None:
    page = reporter.preview("Ada pungutan di loket.")
    with fault(reporter.app):
        refused = reporter.send(page, "/report", step="hand-in")

    done = reporter.send(refused, "/report", step="hand-in")

    assert reporter.open_case(code_on(done)).status_code == 200
    assert len(officer.case_paths()) == 1


@every_fault
def test_a_message_that_cannot_be_stored_comes_back_and_is_sent_again(
    reporter: Reporter, session: Session, fault: Fault
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    before = dump(session)

    with fault(reporter.app):
        refused = reporter.write("Senin kemarin juga.")
        after = dump(session)
    again = reporter.send(refused, "/case/message")

    assert refused.status_code == 503
    assert kept(refused, "/case/message", {"text": "Senin kemarin juga."})
    assert after == before
    assert again.status_code == 303


@every_fault
@every_act
def test_an_officers_act_that_cannot_be_stored_comes_back_and_is_sent_again(
    reporter: Reporter,
    officer: Officer,
    session: Session,
    fault: Fault,
    act: str,
    fields: dict[str, str],
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    # The officer's own row keeps what was looked at.
    officer.get(path)
    before = dump(session)

    with fault(officer.app):
        refused = officer.act(path, act, **fields)
        after = dump(session)
    again = officer.send(refused, f"{path}/{act}")

    assert (refused.status_code, again.status_code) == (503, 303)
    assert kept(refused, f"{path}/{act}", fields)
    assert after == before


@every_fault
def test_what_is_stored_can_still_be_read(
    reporter: Reporter, officer: Officer, fault: Fault
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    (path,) = officer.case_paths()

    with fault(officer.app):
        paths = ["/office/", path, "/guidance"]
        pages = [officer.get(address) for address in paths]
        pages += [reporter.get(address) for address in ("/case", "/report", "/")]

    assert {page.status_code for page in pages} == {200}


@every_fault
def test_a_new_case_is_listed_and_found_while_nothing_can_be_stored(
    reporter: Reporter, officer: Officer, fault: Fault
) -> None:
    reporter.hand_in("Ada pungutan.")

    with fault(officer.app):
        page = officer.get("/office/")
        found = officer.send(page, "/office/find", q="pungutan")

    assert "Ada pungutan." in page.text
    assert "Ada pungutan." in found.text


@pytest.mark.parametrize("fault", [locked, read_only])
def test_who_cannot_be_let_in_is_told_so(
    reporter: Reporter, officer: Officer, session: Session, fault: Fault
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    known = officer.credentials
    before = dump(session)

    with fault(reporter.app):
        opening = reporter.open_case(code)
        login = reporter.send(
            reporter.get("/office/login"),
            "/office/login",
            name=known.name,
            passphrase=known.passphrase,
        )
        after = dump(session)

    assert (opening.status_code, login.status_code) == (503, 503)
    assert known.passphrase not in login.html
    assert code not in opening.html
    assert after == before


def test_an_unsent_message_comes_along_when_the_case_cannot_be_opened(
    reporter: Reporter,
) -> None:
    code = reporter.hand_in("Ada pungutan.")

    with read_only(reporter.app):
        page = reporter.send(
            reporter.get("/case"), "/case/open", code=code, text="Senin kemarin."
        )

    assert page.status_code == 503
    assert kept(page, "/case/open", {"text": "Senin kemarin."})


def test_a_database_that_went_away_is_said_in_plain_words(
    reporter: Reporter, officer: Officer
) -> None:
    english(reporter)
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    page = reporter.get("/case")

    with connections_with(reporter.app, "locking_mode = NORMAL"), away(reporter.app):
        refused = reporter.send(page, "/case/message", text="Senin kemarin.")

    assert refused.status_code == 503
    assert "This cannot be stored at the moment." in refused.text
    assert not re.search(r"sqlite|OperationalError|Traceback", refused.html)


@contextmanager
def away(app: Flask) -> Iterator[None]:
    """Put the database's file out of reach."""
    path = app.extensions["lurus"].settings.instance / DATABASE_FILE
    hidden = path.with_name("hidden")
    path.rename(hidden)
    path.mkdir()
    yield
    path.rmdir()
    hidden.rename(path)
