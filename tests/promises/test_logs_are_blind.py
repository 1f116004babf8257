"""Promise 16: logs at DEBUG, error pages and tracebacks tell nothing of people.

No address, user agent, code, text, name, passphrase, one-time code or secret, also
when each view is made to raise. There is no access log.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from attackers import bare, files_holding
from conftest import Clock
from flask import Flask
from people import Officer, Page, Person, Reporter
from servers import Server

from crypto import Cookie
from portal.errors import StoreUnavailableError

ADDRESS, AGENT = "203.0.113.77", "Peramban-Rahasia/7.7"
TEXT, NAME, NOTE = "lumbung-gandum-merah", "Hartanto Wicaksana", "periksa-brankas"
WRONG_PHRASE, ONE_TIME_CODE = "salah-salah-salah-semua", "739184"
STANDS_FOR_A_CASE = "0" * 32
# Every logger that could tell something, at its most talkative.
TALKERS = (
    *("", "portal", "werkzeug", "sqlalchemy", "sqlalchemy.pool"),
    *("sqlalchemy.engine", "sqlalchemy.engine.Engine"),
)


def test_a_whole_story_leaves_nothing_in_the_logs(
    app: Flask, officer: Officer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    [caplog.set_level(logging.DEBUG, name) for name in TALKERS]
    reporter = watched(Reporter(app))

    code = tell_a_story(reporter, watched(officer), clock)

    secrets = [*code.split("-"), reporter.cookie(), officer.cookie()]
    secrets += [officer.credentials.passphrase, officer.credentials.name]
    assert holding(caplog, secrets) == []


@pytest.mark.parametrize("error", [ZeroDivisionError, StoreUnavailableError, KeyError])
def test_a_view_that_raises_tells_its_error_and_nothing_else(
    app: Flask,
    officer: Officer,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
) -> None:
    [caplog.set_level(logging.DEBUG, name) for name in TALKERS]
    people = [watched(Reporter(app)), watched(officer)]
    raising(app, error)

    pages = [page for person in people for page in call_every_view(person)]

    assert {page.status_code for page in pages} & {500, 503}
    assert holding(caplog, [person.cookie() for person in people]) == []


@pytest.mark.parametrize("error", [ZeroDivisionError, StoreUnavailableError])
def test_an_error_page_holds_no_address_no_secret_and_no_traceback(
    app: Flask, officer: Officer, error: type[Exception]
) -> None:
    raising(app, error)

    pages = call_every_view(watched(officer))

    telling = [ADDRESS, AGENT, WRONG_PHRASE, NAME, "Traceback"]
    telling += [error.__name__, "portal/", ".py", officer.cookie()]
    assert [word for page in pages for word in telling if word in page.html] == []
    # Six digits come about by chance in the filler: hex digits, drawn for each page.
    assert [page for page in pages if ONE_TIME_CODE in bare(page)] == []


def test_what_was_typed_comes_back_on_the_page_but_not_in_the_log(
    app: Flask, officer: Officer, caplog: pytest.LogCaptureFixture
) -> None:
    reporter = Reporter(app)
    raising(app, ZeroDivisionError)

    page = signed_post(reporter, "/report", {"what": TEXT})

    assert page.status_code == 500
    assert TEXT in page.html
    assert "ZeroDivisionError in reporter.report" in caplog.text
    assert holding(caplog, []) == []


def test_an_error_under_the_view_is_named_by_its_class_alone(
    app: Flask, officer: Officer, caplog: pytest.LogCaptureFixture
) -> None:
    reporter = Reporter(app)
    case = reporter.open_case(reporter.hand_in(TEXT))
    with app.extensions["lurus"].database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE messages")

    page = reporter.send(case, "/case/message", text=NOTE)

    assert page.status_code in {500, 503}
    assert "SELECT" not in caplog.text
    assert holding(caplog, []) == []


@pytest.mark.slow
def test_a_server_writes_no_access_log(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        officer = server.enrol(NAME)
        reporter = Reporter(server, server.host)
        code = reporter.hand_in(TEXT)
        reporter.get("/nowhere", headers={"User-Agent": AGENT})
        log = server.log.read_text()

    words = [TEXT, NAME, AGENT, code, code[:9], officer.credentials.passphrase]
    assert files_holding(words, server.temporary) == []
    assert [word for word in words if word in log] == []
    assert not any(path in log for path in ("/report", "/nowhere", "GET", "POST"))


def watched(person: Person) -> Person:
    """Give a person an address and a browser that tell who they are."""
    person.client.environ_base |= {
        "REMOTE_ADDR": ADDRESS,
        "HTTP_USER_AGENT": AGENT,
        "HTTP_X_FORWARDED_FOR": ADDRESS,
    }
    return person


def holding(caplog: pytest.LogCaptureFixture, secrets: list[str]) -> list[str]:
    """Return what stands in the log, in a message, an argument or a traceback."""
    known = [ADDRESS, AGENT, TEXT, NAME, NOTE, WRONG_PHRASE, ONE_TIME_CODE]
    lines = [caplog.text, *(repr(record.__dict__) for record in caplog.records)]
    text = "\n".join(lines)
    return [word for word in [*known, *secrets] if word in text]


def tell_a_story(reporter: Reporter, officer: Officer, clock: Clock) -> str:
    """Type everything that must not be known; log in wrongly and rightly."""
    code = reporter.hand_in(TEXT, who_name=NAME)
    reporter.open_case(code)
    reporter.write(TEXT)
    (path,) = officer.case_paths()
    officer.act(path, "message", text=TEXT)
    officer.act(path, "note", text=NOTE)
    officer.send(officer.get("/office/"), "/office/find", q=TEXT)
    stranger = watched(Person(officer.app))
    fields = {"name": NAME, "passphrase": WRONG_PHRASE}
    stranger.send(stranger.get("/office/login"), "/office/login", **fields)
    page = stranger.get("/office/second-factor")
    stranger.send(page, "/office/second-factor", one_time_code=ONE_TIME_CODE)
    clock.pass_by(minutes=2)
    officer.send(officer.get("/office/"), "/office/logout")
    officer.log_in(clock.timestamp)
    return code


def raising(app: Flask, error: type[Exception]) -> None:
    """Make every view raise an error whose text tells everything."""

    def fail(**_arguments: str) -> Callable[[], str]:
        raise error(f"{TEXT} {NAME} {NOTE} {WRONG_PHRASE} {ONE_TIME_CODE}")

    for endpoint in app.view_functions:
        app.view_functions[endpoint] = fail


def call_every_view(person: Person) -> list[Page]:
    fields = {"text": TEXT, "passphrase": WRONG_PHRASE, "one_time_code": ONE_TIME_CODE}
    pages = []
    for rule in person.app.url_map.iter_rules():
        path = rule.rule.replace("<case_id>", STANDS_FOR_A_CASE)
        path = path.replace("<token>", "token").replace("<path:filename>", "lurus.css")
        if "GET" in rule.methods:
            pages.append(person.get(path))
        if "POST" in rule.methods:
            pages.append(signed_post(person, path, fields))
    return pages


def signed_post(person: Person, path: str, fields: dict[str, str]) -> Page:
    if person.client.get_cookie("session", domain="localhost") is None:
        person.get("/")
    instance = person.app.extensions["lurus"].instance
    key = Cookie.parse(person.cookie()).form_key(path, instance)
    return person.post(path, {"csrf_token": key} | fields)
