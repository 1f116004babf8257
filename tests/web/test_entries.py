"""Sealed entries at the officers' desk: what is listed, answered, passed on, taken up."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from builders import acts_on_record, duty_of
from conftest import Clock
from flask import Flask
from keeping import an_entry, keep, open_by_round, round_was_held
from people import Officer, Page, Person, Reporter
from sqlalchemy.orm import Session

from crypto import CaseCode, Cookie, ReleaseRule
from portal.entries import EntryKind
from portal.models import Case, Message

ASKED = "Bolehkah menerima parsel?"


def entry_paths(page: Page) -> list[str]:
    return re.findall(r'href="(/office/entries/[0-9a-f]{32})"', page.html)


def in_english(*people: Person) -> None:
    for person in people:
        person.get("/?lang=en")


def ask(reporter: Reporter, what: str = ASKED) -> str:
    return reporter.keep("/ask", what=what)


def the_only(officer: Officer) -> str:
    (path,) = entry_paths(officer.get("/office/entries"))
    return path


def hold(
    session: Session,
    today: dt.date,
    *,
    rule: ReleaseRule = ReleaseRule.MATCH_2,
    days: int = 365,
) -> CaseCode:
    rina, sri = duty_of(session, "Rina Wulandari"), duty_of(session, "Sri Lestari")
    entry = an_entry(EntryKind.HOLD, rule, today + dt.timedelta(days=days))
    code = keep(session, EntryKind.HOLD, rina, entry=entry, today=today)
    open_by_round(session, code, sri)
    return code


def test_a_question_is_answered_and_its_writer_reads_the_answer(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    in_english(officer)
    code = ask(reporter)
    path = the_only(officer)
    page = officer.get(path)
    assert ASKED in page.html
    assert "A question is not a report" in page.text

    answered = officer.act(path, "message", text="Tidak, kembalikan kepada pemberi.")

    assert answered.status_code == 303
    assert "Tidak, kembalikan" in reporter.open_case(code).html
    assert session.query(Case).one().status == "sealed"
    assert officer.case_paths() == []


def test_an_unticked_officer_sees_nothing_of_a_question(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    joko = new_officer("Joko Prasetyo")
    only = [ticked_of(reporter.get("/ask"), "Rina Wulandari")]
    reporter.keep("/ask", what=ASKED, readers=only)

    path = the_only(officer)

    assert entry_paths(joko.get("/office/entries")) == []
    nothing = f"/office/entries/{'0' * 32}"
    assert joko.get(path).status_code == joko.get(nothing).status_code == 404
    assert joko.get(path).text == joko.get(nothing).text


def ticked_of(page: Page, name: str) -> str:
    found = re.search(rf'value="([0-9a-f]{{32}})"[^>]*><span><b>{name}<', page.html)
    assert found is not None
    return found[1]


def test_a_good_word_is_passed_on(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    in_english(officer)
    code = reporter.keep("/praise", what="Sabar di loket.", who_name="Dewi Anggraini")
    path = the_only(officer)
    # Nobody is accused: no kind of misconduct, and no person reported.
    labels = re.findall(r"<dt>([^<]+)</dt>", officer.get(path).html)
    assert labels == ["A good word", "Whom is it about?"]

    officer.act(path, "passed-on")

    assert "has been passed on" in reporter.open_case(code).text
    assert "good word passed on" in acts_on_record(session)
    assert f"{path}/passed-on" not in officer.get(path).html


def test_the_list_says_what_is_new_and_filters_by_kind(
    reporter: Reporter, officer: Officer
) -> None:
    in_english(officer)
    ask(reporter)
    reporter.keep("/praise", what="Sabar di loket.", who_name="Dewi Anggraini")

    page = officer.get("/office/entries")
    only = officer.get("/office/entries?kind=praise")

    assert len(entry_paths(page)) == 2
    assert page.html.count('class="badge">new') == 2
    (path,) = entry_paths(only)
    officer.get(path)
    assert 'class="badge">new' not in officer.get("/office/entries?kind=praise").html
    assert entry_paths(officer.get("/office/entries?kind=hold")) == []


def test_an_opened_hold_says_that_a_match_is_no_proof_and_when_to_write(
    officer: Officer, keeper: Officer, session: Session, clock: Clock
) -> None:
    in_english(officer, keeper)
    hold(session, clock().date())
    path = the_only(officer)

    page = officer.get(path)

    assert "A match is not proof" in page.text
    assert "You can write to its writer from" in page.text
    assert f'action="{path}/message"' not in page.html
    assert f'action="{path}/take-up"' not in page.html


def test_a_match_stays_no_proof_when_its_day_has_come(
    officer: Officer, keeper: Officer, session: Session, clock: Clock
) -> None:
    in_english(officer, keeper)
    hold(session, clock().date(), days=0)

    page = officer.get(the_only(officer))

    assert "A match is not proof" in page.text
    assert "which of the two does not show" in page.text


def test_the_case_that_it_becomes_says_so_too(
    officer: Officer, keeper: Officer, session: Session, clock: Clock
) -> None:
    in_english(officer, keeper)
    hold(session, clock().date(), days=0)
    round_was_held(session, clock().date())
    path = the_only(officer)
    officer.act(path, "take-up")

    page = officer.get(path.replace("entries", "cases"))

    assert page.status_code == 200
    assert "A match is not proof" in page.text


def test_what_opened_on_its_day_says_so_and_is_taken_up(
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    session: Session,
    clock: Clock,
) -> None:
    in_english(officer, keeper)
    code = hold(session, clock().date(), rule=ReleaseRule.DATE, days=0)
    round_was_held(session, clock().date())
    path = the_only(officer)
    assert "the day came" in officer.get(path).text

    taken = officer.act(path, "take-up")

    assert taken.status_code == 303
    assert officer.case_paths() == [path.replace("entries", "cases")]
    case = officer.get(path.replace("entries", "cases"))
    assert case.status_code == 200
    assert "A match is not proof" not in case.text
    assert officer.get(path).status_code == 404
    assert 'data-status="acknowledged"' in reporter.open_case(code.reveal()).html


def test_a_word_that_comes_too_late_for_a_check_in_is_refused(
    officer: Officer, keeper: Officer, session: Session, clock: Clock
) -> None:
    in_english(officer, keeper)
    hold(session, clock().date() - dt.timedelta(days=36))
    path = the_only(officer)
    page = officer.get(path)
    assert f"{path}/message" in page.html
    # It is past midnight when the officer presses the button.
    clock.pass_by(hours=24 - clock().hour)
    officer.log_in(clock.timestamp)
    page.form(f"{path}/message").fields[0] = officer_key(officer, f"{path}/message")

    late = officer.send(page, f"{path}/message", text="Apakah Anda melihatnya?")

    assert late.status_code == 409
    assert "You can write to its writer from" in late.text
    assert "Apakah Anda melihatnya?" in late.html
    assert session.query(Message).count() == 1


def officer_key(officer: Officer, path: str) -> tuple[str, str]:
    """Return the form key that the session of now gives for a path."""
    instance = officer.app.extensions["lurus"].instance
    cookie = officer.client.get_cookie("session", domain="localhost")
    assert cookie is not None
    return "csrf_token", Cookie.parse(cookie.value).form_key(path, instance)


def test_an_entry_is_no_case_and_takes_none_of_its_forms(
    reporter: Reporter, officer: Officer
) -> None:
    ask(reporter)
    path = the_only(officer)
    as_case = path.replace("entries", "cases")

    assert officer.get(as_case).response.headers["Location"].endswith(path)
    page = officer.get(path)
    assert f'action="{path}/take-up"' not in page.html
    for act in ("message", "note", "triage", "status", "assign", "keep"):
        assert f"{as_case}/{act}" not in page.html


@pytest.mark.parametrize("path", ["/ask", "/praise"])
def test_a_form_comes_back_with_all_that_was_typed(
    reporter: Reporter, path: str
) -> None:
    in_english(reporter)
    typed = {"what": "", "who_name": "Joko", "step": "preview"}

    page = reporter.send(reporter.get(path), path, **typed)

    assert page.status_code == 422
    assert "Not stored yet" in page.text
    assert path == "/ask" or 'value="Joko"' in page.html


@pytest.mark.parametrize("path", ["/ask", "/praise"])
def test_a_form_that_nobody_may_read_is_refused(
    reporter: Reporter, session: Session, path: str
) -> None:
    typed = {"what": "Kata-kata yang baik.", "who_name": "Dewi", "readers": []}
    preview = reporter.send(reporter.get(path), path, step="preview", **typed)

    page = reporter.send(preview, path, step="hand-in")

    assert page.status_code == 422
    assert "Kata-kata yang baik." in page.html
    assert session.query(Case).count() == 0


def test_of_a_question_nothing_can_be_changed(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.open_case(ask(reporter))

    page = reporter.get("/case/keep")

    assert page.status_code == 303
    assert page.response.location == "/case"


@pytest.mark.parametrize("path", ["/ask", "/praise"])
def test_without_an_officer_there_is_no_form(app: Flask, path: str) -> None:
    page = Reporter(app).get(f"{path}?lang=en")

    assert "This portal has no officers yet" in page.text
    assert f'action="{path}"' not in page.html


def test_who_is_praised_does_not_read_it(
    reporter: Reporter, new_officer: Callable[..., Officer], officer: Officer
) -> None:
    joko = new_officer("Joko Prasetyo")
    reporter.keep("/praise", what="Sabar di loket.", who_name="Joko Prasetyo")

    assert entry_paths(joko.get("/office/entries")) == []
    assert len(entry_paths(officer.get("/office/entries"))) == 1


def test_a_code_in_a_question_is_refused(reporter: Reporter) -> None:
    in_english(reporter)
    code = ask(reporter)
    assert CaseCode.parse(code)

    page = reporter.send(
        reporter.get("/ask"), "/ask", what=f"Ini {code} ya?", step="preview"
    )

    assert page.status_code == 422
    assert "A case code stands here" in page.text
