"""Error pages: calm words, nothing of the machine, and what was typed."""

import re
from pathlib import Path
from typing import Any

import pytest
from builders import dump
from flask import Flask
from people import Officer, Page, Person, Reporter
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.database import transaction
from portal.views.receiving import receives_files

TECHNICAL = re.compile(
    r"traceback|exception|error\b|werkzeug|flask|sqlite|python|jinja|\.py\b",
    re.IGNORECASE,
)


def english(person: Person) -> Person:
    person.get("/?lang=en")
    return person


def provoke(app: Flask) -> None:
    """Let a page fail as no page should."""

    def fail() -> str:
        raise ZeroDivisionError("Ada pungutan di loket tiga.")

    for name in ("public.guidance", "reporter.mine", "reporter.message"):
        app.view_functions[name] = receives_files(fail)


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere", "/office/nowhere", "/static/none", "/favicon.ico"),
        *("/.env", "/wp-login.php", "/report/code", "/case/open"),
        *(
            "/%00",
            "/\N{GRINNING FACE}",
            "/..%2f..%2fetc/passwd",
            "/static/../lurus.css",
        ),
    ],
)
def test_what_is_not_there_is_one_page_for_all(app: Flask, path: str) -> None:
    person = english(Person(app))

    page = person.get(path)

    assert page.status_code == 404
    assert "There is no such page." in page.text
    assert not TECHNICAL.search(page.text)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_method_that_no_form_uses_is_refused(app: Flask, method: str) -> None:
    answer = getattr(Person(app).client, method)("/report", base_url="http://localhost")

    assert answer.status_code in {404, 422}
    assert not TECHNICAL.search(Page(answer).text)


def test_a_fault_says_nothing_of_the_machine_or_of_what_was_typed(
    reporter: Reporter, caplog: Any
) -> None:
    provoke(reporter.app)
    english(reporter)

    page = reporter.get("/guidance")

    assert page.status_code == 500
    assert "Something went wrong on our side." in page.text
    assert not TECHNICAL.search(page.text)
    assert "loket" not in page.html + caplog.text
    assert "ZeroDivisionError in public.guidance" in caplog.text


def test_a_fault_while_sending_gives_the_text_back(reporter: Reporter) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    page = reporter.get("/case")
    provoke(reporter.app)

    failed = reporter.send(page, "/case/message", text="Senin kemarin juga.")

    assert failed.status_code == 500
    assert failed.form("/case/message").value("text") == "Senin kemarin juga."


def test_too_much_at_once_is_told_without_a_trace(
    reporter: Reporter, session: Session
) -> None:
    english(reporter)
    page, before = reporter.preview("Ada pungutan."), dump(session)

    answer = reporter.send(page, "/report", what="x" * 600_000)

    assert answer.status_code == 413
    assert "That was too much at once." in answer.text
    assert dump(session) == before


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "127.0.0.1:1", "a b"]
)
def test_a_host_that_is_not_ours_gets_a_line_and_nothing_else(
    app: Flask, host: str
) -> None:
    answer = app.test_client().get("/", headers={"Host": host})

    assert answer.status_code == 400
    assert answer.get_data(as_text=True) == "This address is not served here."
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_from_another_site_is_refused_and_gives_nothing_back(
    reporter: Reporter, session: Session, site: str
) -> None:
    form = reporter.preview("Ada pungutan.").form("/report")
    before = dump(session)
    fields = dict(form.fields) | {"step": "hand-in"}

    answer = reporter.client.post(
        "/report", data=fields, headers={"Sec-Fetch-Site": site}
    )

    assert answer.status_code == 403
    assert "Ada pungutan." not in answer.get_data(as_text=True)
    assert dump(session) == before


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_form_of_our_own_is_taken(reporter: Reporter, site: str) -> None:
    form = reporter.preview("Ada pungutan.").form("/report")
    fields = dict(form.fields) | {"step": "hand-in"}

    answer = reporter.client.post(
        "/report", data=fields, headers={"Sec-Fetch-Site": site}
    )

    assert answer.status_code == 200


def test_a_text_that_was_tampered_with_is_told_to_both(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    with transaction(session):
        session.execute(text("UPDATE messages SET envelope = zeroblob(16465)"))

    pages = [english(officer).get(path), english(reporter) and reporter.open_case(code)]

    assert [page.status_code for page in pages] == [500, 500]
    assert all(
        "cannot be opened: it is not as it was made" in page.text for page in pages
    )


def test_a_case_with_a_damaged_summary_is_listed_opened_and_answered(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    reporter.hand_in("Ada pungutan.")
    with transaction(session):
        session.execute(text("UPDATE cases SET summary = zeroblob(1105)"))

    (path,) = officer.case_paths()
    page = officer.get(path)
    answered = officer.act(path, "message", text="Masih terjadi?")

    assert page.status_code == 200
    assert "Ada pungutan." in page.text
    assert answered.status_code == 303


def test_passphrases_and_codes_are_never_given_back(reporter: Reporter) -> None:
    fields = {
        "name": "Rina Wulandari",
        "passphrase": "kapal-layar-ungu",
        "one_time_code": "123456",
        "code": "7K2M-7K2M",
        "group": "7K2M",
        "text": "Senin kemarin juga.",
    }

    page = reporter.post("/office/login", fields)

    assert page.status_code == 422
    assert "Senin kemarin juga." in page.html
    secret = [fields[name] for name in ("passphrase", "one_time_code", "code", "group")]
    assert [value for value in secret if value in page.html] == []


def test_every_way_on_from_an_error_exists(reporter: Reporter) -> None:
    page = reporter.get("/nowhere")
    links = set(re.findall(r'href="(/[^"#?]*)', page.html)) - {"/exit"}
    links = {link for link in links if not link.startswith("/static/")}

    found = {reporter.get(link).status_code for link in links}

    assert links >= {"/", "/guidance", "/limits", "/keys"}
    assert found == {200}


@pytest.mark.parametrize("worker", ["portal/views/response.py"])
def test_the_page_for_faults_logs_a_class_and_no_message(worker: str) -> None:
    source = (Path(__file__).parents[2] / worker).read_text("utf-8")

    assert "exc_info" not in source
    assert ".exception(" not in source
