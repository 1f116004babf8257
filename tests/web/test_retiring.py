"""An officer leaves: shut out at the next request, and sealed to no more."""

from collections.abc import Callable

import pytest
from apps import make_app
from builders import TODAY
from conftest import Clock
from people import Officer, Page, Reporter
from sqlalchemy.orm import Session

from portal.people import retire
from portal.reports import Readers
from portal.settings import Settings
from portal.views.reporter import taking

CHANGED = "The list of officers has changed."


def send_again(reporter: Reporter, page: Page, step: str) -> Page:
    reporter.get("/?lang=en")
    return reporter.send(page, "/report", step=step)


def test_a_session_ends_with_the_next_request_in_every_worker(
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    other_worker = make_app(settings, clock)

    retire(session, "Yusuf Hidayat", TODAY)
    here = outside_officer.get("/office/")
    cookie = outside_officer.client.get_cookie("session")
    there = other_worker.test_client()
    there.set_cookie("session", cookie.value if cookie else "")

    assert here.response.headers["Location"] == "/office/login"
    assert there.get("/office/").headers["Location"] == "/office/login"
    assert officer.get("/office/").status_code == 200


def test_a_closed_screen_does_not_open_again(
    officer: Officer, outside_officer: Officer, session: Session, clock: Clock
) -> None:
    outside_officer.send(outside_officer.get("/office/"), "/office/close-screen")

    retire(session, "Yusuf Hidayat", TODAY)

    page = outside_officer.get("/office/closed")
    assert page.response.headers["Location"] == "/office/login"


def test_an_act_that_was_begun_is_not_done(
    reporter: Reporter, officer: Officer, outside_officer: Officer, session: Session
) -> None:
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    (path,) = outside_officer.case_paths()
    page = outside_officer.get(path)

    retire(session, "Yusuf Hidayat", TODAY)
    done = outside_officer.send(page, f"{path}/message", text="Kami memeriksanya.")

    assert done.status_code == 403
    assert "Kami memeriksanya." not in reporter.open_case(code).text


def test_a_new_form_offers_those_who_stayed(
    reporter: Reporter, outside_officer: Officer, session: Session
) -> None:
    before = reporter.get("/report")

    retire(session, "Yusuf Hidayat", TODAY)
    after = reporter.get("/report")

    assert "Yusuf Hidayat" in before.text
    assert "Yusuf Hidayat" not in after.text


@pytest.mark.parametrize("step", ["preview", "hand-in"])
def test_a_form_that_was_open_before_says_that_the_list_has_changed(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    step: str,
) -> None:
    form = reporter.preview("Ada pungutan di loket tiga.")

    retire(session, "Yusuf Hidayat", TODAY)
    page = send_again(reporter, form, step)

    assert page.status_code == 422
    assert CHANGED in page.text
    assert page.form("/report").value("what") == "Ada pungutan di loket tiga."
    assert officer.case_paths() == []


def test_once_seen_the_shorter_list_is_handed_in(
    reporter: Reporter, officer: Officer, outside_officer: Officer, session: Session
) -> None:
    form = reporter.preview("Ada pungutan di loket tiga.")
    retire(session, "Yusuf Hidayat", TODAY)

    page = send_again(reporter, form, "hand-in")
    page = send_again(reporter, page, "preview")
    done = send_again(reporter, page, "hand-in")

    assert 'id="case-code"' in done.html
    assert len(officer.case_paths()) == 1


def test_who_retires_in_the_instant_of_handing_in_gets_nothing(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The world moves between the list that was read and what is stored."""
    form = reporter.preview("Ada pungutan di loket tiga.")
    choose: Callable[..., Readers] = taking.choose_readers

    def choose_and_wait(*args: object, **chosen: object) -> Readers:
        retire(session, "Yusuf Hidayat", TODAY)
        return choose(*args, **chosen)

    monkeypatch.setattr(taking, "choose_readers", choose_and_wait)
    page = send_again(reporter, form, "hand-in")

    assert page.status_code == 422
    assert CHANGED in page.text
    assert officer.case_paths() == []


def test_a_case_of_before_is_still_read_by_those_who_stayed(
    reporter: Reporter, officer: Officer, outside_officer: Officer, session: Session
) -> None:
    code = reporter.hand_in("Ada pungutan di loket tiga.")

    retire(session, "Yusuf Hidayat", TODAY)
    (path,) = officer.case_paths()
    officer.act(path, "message", text="Kami memeriksanya.")

    assert "Kami memeriksanya." in reporter.open_case(code).text
