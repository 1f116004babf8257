"""Double clicks, two tabs, two officers, a session that ended: nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from builders import dump, withdraw
from people import Officer, Page, Person, Reporter, code_on
from sqlalchemy.orm import Session

from crypto import CaseCode

ACTS: list[tuple[str, dict[str, str], str]] = [
    ("message", {"text": "Apakah masih terjadi?"}, "text"),
    ("note", {"text": "Hati-hati dengan unit itu."}, "text"),
    ("triage", {"severity": "4", "reason": "Banyak yang dirugikan."}, "reason"),
    ("status", {"to": "not-actionable", "reason": "Tidak cukup jelas."}, "reason"),
]
every_act = pytest.mark.parametrize(("act", "fields", "text"), ACTS)
OVERNIGHT = {"hours": 13}


def press_send_again(person: Person, page: Page, path: str) -> Page:
    """Press Send once more, as the page asks; where it asks twice, twice."""
    page = person.send(page, path)
    return page if page.status_code == 303 else person.send(page, path)


def one_case(reporter: Reporter, officer: Officer) -> str:
    """Hand in a report and acknowledge it; return the case's address."""
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    return path


# The report


def test_a_double_click_hands_in_once_and_shows_the_same_code(
    reporter: Reporter, officer: Officer
) -> None:
    page = reporter.preview("Ada pungutan.")

    first, second = (reporter.send(page, "/report", step="hand-in") for _ in "12")

    assert code_on(first) == code_on(second)
    assert len(officer.case_paths()) == 1


def test_a_repeated_form_with_another_text_stores_nothing_new(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    page = reporter.preview("SATU")
    code = code_on(reporter.send(page, "/report", step="hand-in"))
    before = dump(session, "sessions")

    again = reporter.send(page, "/report", step="hand-in", what="DUA")

    assert code_on(again) == code
    assert dump(session, "sessions") == before


@pytest.mark.parametrize("minutes", [11, 200])
def test_a_form_sent_again_late_is_received_and_shows_no_code(
    reporter: Reporter, officer: Officer, clock: Any, minutes: int
) -> None:
    page = reporter.preview("Ada pungutan.")
    code = code_on(reporter.send(page, "/report", step="hand-in"))
    clock.pass_by(minutes=minutes)

    again = reporter.send(page, "/report", step="hand-in")

    assert again.status_code == 200
    assert code[:9] not in again.html
    assert len(officer.case_paths()) == 1


def test_two_tabs_hand_in_two_reports_with_codes_of_their_own(
    reporter: Reporter, officer: Officer
) -> None:
    tabs = [reporter.preview("SATU"), reporter.preview("DUA")]

    codes = [code_on(reporter.send(page, "/report", step="hand-in")) for page in tabs]

    opened = [Reporter(reporter.app).open_case(code).status_code for code in codes]
    assert len({*codes}) == 2
    assert opened == [200, 200]
    assert len(officer.case_paths()) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda token: token[:-4],
        lambda token: token[:50] + ("A" if token[50] != "A" else "B") + token[51:],
        lambda token: token[::-1],
        lambda _: "\x00" * 96,
        lambda _: "\N{GRINNING FACE}" * 96,
        lambda token: token + token,
    ],
)
def test_a_forged_form_is_asked_again_with_all_in_it(
    reporter: Reporter, officer: Officer, spoil: Callable[[str], str]
) -> None:
    page = reporter.preview("Ada pungutan.")
    token = page.form("/report").value("form_token")

    asked = reporter.send(page, "/report", step="hand-in", form_token=spoil(token))
    nothing = officer.case_paths()
    done = reporter.send(asked, "/report", step="hand-in")

    assert (asked.status_code, done.status_code) == (422, 200)
    assert asked.form("/report").value("what") == "Ada pungutan."
    assert nothing == []


def test_a_form_left_open_overnight_is_asked_again_with_all_in_it(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    page = reporter.preview("Ada pungutan.")
    clock.pass_by(**OVERNIGHT)

    asked = reporter.send(page, "/report", step="hand-in")
    done = reporter.send(asked, "/report", step="hand-in")

    assert (asked.status_code, done.status_code) == (422, 200)
    assert asked.form("/report").value("what") == "Ada pungutan."


def test_a_form_from_another_browser_is_asked_again_with_all_in_it(
    reporter: Reporter, officer: Officer
) -> None:
    page = reporter.preview("Ada pungutan.")
    other = Reporter(reporter.app)

    asked = other.send(page, "/report", step="hand-in")
    nothing = officer.case_paths()
    done = other.send(asked, "/report", step="hand-in")

    assert (asked.status_code, done.status_code) == (422, 200)
    assert asked.form("/report").value("what") == "Ada pungutan."
    assert nothing == []


def test_a_form_filled_by_a_machine_is_asked_again(
    reporter: Reporter, officer: Officer
) -> None:
    page = reporter.preview("Ada pungutan.")

    asked = reporter.send(page, "/report", step="hand-in", website="https://x.example")

    assert asked.status_code == 422
    assert asked.form("/report").value("website") == ""
    assert officer.case_paths() == []


# The reporter's case


def test_a_reporter_writes_from_two_tabs(reporter: Reporter, officer: Officer) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    tabs = [reporter.get("/case"), reporter.get("/case")]

    sent = [
        reporter.send(page, "/case/message", text=text)
        for page, text in zip(tabs, ["satu", "dua"], strict=True)
    ]

    assert [page.status_code for page in sent] == [303, 303]
    text = officer.get(officer.case_paths()[0]).text
    assert "satu" in text
    assert "dua" in text


def test_what_was_typed_while_the_session_ended_comes_back(
    reporter: Reporter, clock: Any
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    page = reporter.get("/case")
    clock.pass_by(minutes=50)

    refused = reporter.send(page, "/case/message", text="Senin kemarin juga.")

    assert refused.status_code == 403
    assert refused.form("/case/message").value("text") == "Senin kemarin juga."
    assert 'href="/case"' in refused.html


def test_after_opening_again_what_was_typed_is_sent(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    reporter.open_case(code)
    page = reporter.get("/case")
    clock.pass_by(minutes=50)
    refused = reporter.send(page, "/case/message", text="Senin kemarin juga.")

    reporter.open_case(code)
    sent = press_send_again(reporter, refused, "/case/message")

    assert sent.status_code == 303
    assert "Senin kemarin juga." in officer.get(officer.case_paths()[0]).text


def test_what_was_typed_beside_a_tab_that_left_comes_back(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    reporter.open_case(code)
    page = reporter.get("/case")
    reporter.send(reporter.get("/case"), "/case/leave")

    stale = reporter.send(page, "/case/message", text="Senin kemarin juga.")
    ended = reporter.send(stale, "/case/message")
    reporter.open_case(code)
    sent = press_send_again(reporter, ended, "/case/message")

    assert [stale.status_code, ended.status_code, sent.status_code] == [403, 403, 303]
    assert "Senin kemarin juga." in officer.get(officer.case_paths()[0]).text


def test_what_was_typed_while_the_case_was_withdrawn_comes_back(
    reporter: Reporter, session: Session
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    reporter.open_case(code)
    page = reporter.get("/case")
    withdraw(session, CaseCode.parse(code))

    refused = reporter.send(page, "/case/message", text="Senin kemarin juga.")

    assert refused.status_code == 409
    assert refused.form("/case/message").value("text") == "Senin kemarin juga."


def test_an_unsent_message_comes_along_through_the_code(reporter: Reporter) -> None:
    code = reporter.hand_in("Ada pungutan.")
    form = reporter.get("/case")

    page = reporter.send(form, "/case/open", code=code, text="Senin kemarin juga.")

    assert page.form("/case/message").value("text") == "Senin kemarin juga."


# Officers


@every_act
def test_who_acts_second_is_told_and_keeps_the_text(
    reporter: Reporter,
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    act: str,
    fields: dict[str, str],
    text: str,
) -> None:
    joko = new_officer("Joko Prasetyo")
    path = one_case(reporter, officer)
    of_joko = joko.get(path)
    officer.act(path, "message", text="Masih terjadi?")
    before = dump(session)

    told = joko.send(of_joko, f"{path}/{act}", **fields)

    assert told.status_code == 409
    assert told.form(f"{path}/{act}").value(text) == fields[text]
    assert "Masih terjadi?" in told.text
    assert dump(session) == before


@every_act
def test_who_was_told_may_send_it_again(
    reporter: Reporter,
    officer: Officer,
    new_officer: Callable[..., Officer],
    act: str,
    fields: dict[str, str],
    text: str,
) -> None:
    joko = new_officer("Joko Prasetyo")
    path = one_case(reporter, officer)
    of_joko = joko.get(path)
    officer.act(path, "message", text="Masih terjadi?")
    told = joko.send(of_joko, f"{path}/{act}", **fields)

    sent = joko.send(told, f"{path}/{act}", **fields)

    assert sent.status_code == 303


def test_an_officer_is_told_of_a_message_that_came_meanwhile(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    page = officer.get(path)
    reporter.open_case(code)
    reporter.write("Tolong jangan dulu.")

    told = officer.send(page, f"{path}/status", to="acknowledged")

    assert told.status_code == 409
    assert "Tolong jangan dulu." in told.text


def test_an_officers_double_click_answers_once(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer)
    page = officer.get(path)

    first, second = (
        officer.send(page, f"{path}/message", text="Masih terjadi?") for _ in "12"
    )

    assert (first.status_code, second.status_code) == (303, 409)
    assert officer.get(path).html.count('<p class="text">Masih terjadi?</p>') == 1


@every_act
def test_what_an_officer_typed_while_the_session_ended_is_sent_after_a_new_login(
    reporter: Reporter,
    officer: Officer,
    clock: Any,
    act: str,
    fields: dict[str, str],
    text: str,
) -> None:
    path = one_case(reporter, officer)
    page = officer.get(path)
    clock.pass_by(hours=5)

    refused = officer.send(page, f"{path}/{act}", **fields)
    officer.log_in(clock.timestamp)
    sent = press_send_again(officer, refused, f"{path}/{act}")

    assert (refused.status_code, sent.status_code) == (403, 303)
    assert refused.form(f"{path}/{act}").value(text) == fields[text]


def test_after_a_new_login_an_officer_is_still_told_of_what_came_meanwhile(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    page = officer.get(path)
    clock.pass_by(hours=5)
    refused = officer.send(page, f"{path}/note", text="Catatan lama.")
    reporter.open_case(code)
    reporter.write("Tolong jangan dulu.")

    officer.log_in(clock.timestamp)
    told = press_send_again(officer, refused, f"{path}/note")

    assert told.status_code == 409
    assert told.form(f"{path}/note").value("text") == "Catatan lama."


def test_a_search_after_the_session_ended_leads_to_the_entrance(
    officer: Officer, clock: Any
) -> None:
    page = officer.get("/office/")
    clock.pass_by(hours=5)

    refused = officer.send(page, "/office/find", q="pungutan")

    assert refused.status_code == 403
    assert 'href="/office/login"' in refused.html
