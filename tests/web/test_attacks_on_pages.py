"""What a hostile reading found: pages that echo, floods, and what is typed to harm."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

import pytest
from builders import TODAY, for_reporter
from conftest import Clock
from flask import Flask
from people import Officer, Page, Person, Reporter, code_on
from sqlalchemy import update
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import own_cases
from portal.database import transaction
from portal.errors import NotAdmittedError
from portal.models import Person as PersonRow
from portal.runtime import Runtime
from portal.throttle import Rate

FAR = {"Sec-Fetch-Site": "cross-site"}
PROSE = (
    "Pada 12 Mei 2026 pukul 0930 di loket 3 saya membayar 2500 ribu, lalu 14 Mei "
    "2026 pukul 1015 lagi 1750 ribu. Nomor loket 0003, lama 0045 menit, sisa 9000."
)


def runtime_of(app: Flask) -> Runtime:
    """Return what the app works with."""
    found: Runtime = app.extensions["lurus"]
    return found


def set_rate(app: Flask, bucket: str, count: float) -> None:
    """Let a bucket hold so many, full again in ten seconds."""
    runtime_of(app).throttle.rates[bucket] = Rate(count, 10.0)


def press_send_again(person: Person, page: Page, path: str) -> Page:
    """Press Send once more, as the page asks; where it asks twice, twice."""
    page = person.send(page, path)
    return page if page.status_code == 303 else person.send(page, path)


def write_often(session: Session, code: str, count: int) -> None:
    """Write so many messages today."""
    opened = for_reporter(session, CaseCode.parse(code))
    _ = [
        own_cases.write(
            session, opened, "satu", windows=frozenset(), today=TODAY, at_once=True
        )
        for _ in range(count)
    ]


@contextmanager
def taken(app: Flask, count: int) -> Iterator[None]:
    """Receive so many bodies that do not end."""
    with ExitStack() as held:
        places = runtime_of(app).bodies
        _ = [held.enter_context(places.admitted()) for _ in range(count)]
        yield


def fill_and_refuse(app: Flask, held: ExitStack) -> None:
    """Let a message be received, then all places be taken, then it be refused."""

    @wraps(app.view_functions["reporter.message"])
    def fill() -> None:
        held.enter_context(taken(app, 24))
        raise NotAdmittedError

    app.view_functions["reporter.message"] = fill


# Error pages


def test_a_report_that_met_a_flood_comes_back_and_is_handed_in_once(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    page = reporter.preview("Ada pungutan.")
    token = page.form("/report").value("form_token")
    set_rate(reporter.app, "request", 0)
    refused = reporter.send(page, "/report", step="hand-in")
    set_rate(reporter.app, "request", 1000)
    clock.pass_by(seconds=10)

    done = [reporter.send(refused, "/report") for _ in "12"]

    assert refused.status_code == 503
    assert refused.form("/report").value("form_token") == token
    assert code_on(done[0]) == code_on(done[1])
    assert len(officer.case_paths()) == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/office/login", "/office/login"),
        ("/case", "/case/open"),
        ("/report", "/report"),
    ],
)
def test_an_error_page_never_gives_back_what_opens_or_is_unknown(
    reporter: Reporter, path: str, form: str
) -> None:
    page = reporter.get(path)
    fields = {name: f"{name}-SECRET" for name in ("passphrase", "passphrase_again")}
    fields |= {name: f"{name}-SECRET" for name in ("code", "group", "one_time_code")}
    set_rate(reporter.app, "request", 0)

    refused = reporter.send(page, form, what="Ada.", x="x-SECRET", **fields)

    assert "SECRET" not in refused.html


def test_a_code_and_unknown_fields_do_not_come_back_with_a_stale_form(
    reporter: Reporter,
) -> None:
    secret = {"code": "A-SECRET", "group": "B-SECRET", "passphrase": "C-SECRET"}

    page = reporter.post("/case/message", {"text": "Senin.", "x": "SECRET", **secret})

    assert page.status_code in {403, 422}
    assert page.form("/case/message").value("text") == "Senin."
    assert "SECRET" not in page.html


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("post", "/nowhere"), ("post", "/guidance"), ("post", "/office/nowhere")),
        *(("put", "/report"), ("delete", "/case/open"), ("post", "/exit")),
    ],
)
def test_what_no_form_sends_is_no_page_and_echoes_nothing(
    app: Flask, method: str, path: str
) -> None:
    send = getattr(Person(app).client, method)

    typed = {"text": "ECHO", "what": "ECHO", "form_token": "ECHO"}
    page = Page(send(f"{path}?q=ECHO", data=typed, base_url="http://localhost"))

    assert page.status_code == 404
    assert "ECHO" not in page.html


def test_a_fault_inside_an_error_page_logs_its_class_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise ZeroDivisionError("Ada pungutan di loket tiga.")

    monkeypatch.setattr("portal.views.response.render", fail)

    with pytest.raises(ZeroDivisionError):
        Person(app).get("/nowhere/SECRET")

    assert "ZeroDivisionError in no endpoint" in caplog.messages
    assert "pungutan" not in caplog.text
    assert "SECRET" not in caplog.text
    assert "Traceback" not in caplog.text


# Presets


@pytest.mark.parametrize(
    "edited", [{"category": "SUAP"}, {"who_name": "Rina Wulandari"}]
)
def test_what_is_edited_on_the_preview_is_shown_again_with_its_preset(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    edited: dict[str, str],
) -> None:
    page = reporter.preview("Ada pungutan.")

    again = reporter.send(page, "/report", step="hand-in", **edited)
    nothing = outside_officer.case_paths()
    done = reporter.send(again, "/report", step="hand-in")

    assert (again.status_code, done.status_code, nothing) == (422, 200, [])
    assert again.form("/report").value("only_outside") == "yes"
    assert (officer.case_paths(), len(outside_officer.case_paths())) == ([], 1)


def test_what_is_handed_in_without_a_preview_is_taken_as_sent(
    reporter: Reporter, officer: Officer, outside_officer: Officer
) -> None:
    page = reporter.get("/report")

    typed = {"category": "SUAP", "what": "Ada suap."}
    done = reporter.send(page, "/report", step="hand-in", **typed)

    assert done.status_code == 200
    assert len(officer.case_paths()) == 1


# Floods


def test_a_flood_of_messages_with_one_code_does_not_stop_officers(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    (path,) = officer.case_paths()
    runtime_of(reporter.app).throttle.rates["message"] = Rate(2, 3600.0)

    flood = [reporter.write("lagi").status_code for _ in "1234"]
    answered = officer.act(path, "message", text="Masih terjadi?")

    assert flood == [303, 303, 503, 503]
    assert answered.status_code == 303


def test_the_fifty_first_message_of_a_day_is_refused_and_its_text_kept(
    reporter: Reporter, session: Session
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    write_often(session, code, 49)
    reporter.open_case(code)

    last, refused = reporter.write("lima puluh"), reporter.write("Senin juga.")

    assert (last.status_code, refused.status_code) == (303, 503)
    assert refused.form("/case/message").value("text") == "Senin juga."


def test_what_was_refused_on_a_full_day_is_taken_on_the_next(
    reporter: Reporter, officer: Officer, session: Session, clock: Clock
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    write_often(session, code, 50)
    reporter.open_case(code)
    refused = reporter.write("Senin juga.")
    clock.pass_by(days=1)

    reporter.open_case(code)
    sent = press_send_again(reporter, refused, "/case/message")

    assert (refused.status_code, sent.status_code) == (503, 303)


def test_beside_twenty_three_bodies_one_more_is_received(
    app: Flask, reporter: Reporter
) -> None:
    page = reporter.preview("Ada pungutan.")

    with taken(app, 23):
        done = reporter.send(page, "/report", step="hand-in")

    assert done.status_code == 200


def test_a_twenty_fifth_body_is_told_to_come_later_and_pages_go_on(
    app: Flask, reporter: Reporter
) -> None:
    with taken(app, 24):
        page = reporter.get("/report")
        refused = reporter.send(page, "/report", what="Ada pungutan.")
    later = reporter.send(page, "/report", category="PUNGLI", what="Ada pungutan.")

    assert (page.status_code, refused.status_code) == (200, 503)
    assert "pungutan" not in refused.html
    assert later.status_code == 200


def test_what_was_received_comes_back_though_all_places_are_taken_since(
    app: Flask, reporter: Reporter
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    page, held = reporter.get("/case"), ExitStack()
    fill_and_refuse(app, held)

    refused = reporter.send(page, "/case/message", text="Senin juga.")
    held.close()

    assert refused.status_code == 503
    assert refused.form("/case/message").value("text") == "Senin juga."


# What is typed to harm


def test_a_run_of_controls_is_shown_once_with_its_count(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.hand_in("Ada" + "\N{ZERO WIDTH SPACE}" * 3000 + "pungutan.")

    page = officer.get(officer.case_paths()[0])

    assert "U+200B ×3000" in page.html
    assert len(page.response.get_data()) <= 2 * 32 * 1024


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\N{TAG LATIN SMALL LETTER A}", "U+E0061"),
        ("\N{HANGUL FILLER}", "U+3164"),
        ("\N{LINE SEPARATOR}", "U+2028"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}", "U+202E"),
    ],
)
def test_what_cannot_be_seen_is_shown_in_texts_and_cautions(
    reporter: Reporter, officer: Officer, hidden: str, shown: str
) -> None:
    what, avoid = f"Ada{hidden}pungutan.", f"Unit{hidden}saya."
    reporter.hand_in(what, avoid=avoid)

    page = officer.get(officer.case_paths()[0])

    assert page.html.count(f">{shown}</span>") >= 3
    assert hidden not in page.html.partition("<main")[2].partition("<form")[0]


def test_an_author_is_shown_with_what_cannot_be_seen(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    # No name is taken so any more; one of before may be.
    with transaction(session):
        named = update(PersonRow).values(name="Joko\N{RIGHT-TO-LEFT OVERRIDE}Prasetyo")
        session.execute(named)

    officer.act(path, "note", text="Hati-hati.")

    header = officer.get(path).html.partition('data-author="note"')[2][:300]
    assert 'Joko<span class="control">U+202E</span>Prasetyo' in header


@pytest.mark.parametrize("gap", [" ", "  ", " - ", "\n"])
def test_a_code_spelt_out_is_not_handed_in(
    reporter: Reporter, officer: Officer, gap: str
) -> None:
    code = reporter.hand_in("SATU")
    spelt = gap.join(code.replace("-", ""))

    refused = reporter.preview(f"Kode saya {spelt} ya.", step="hand-in")

    assert refused.status_code == 422
    assert len(officer.case_paths()) == 1


@pytest.mark.parametrize("gap", ["      ", "  -   ", " . . ", "\n\n\n"])
def test_a_code_with_wide_gaps_is_not_handed_in(
    reporter: Reporter, officer: Officer, gap: str
) -> None:
    code = reporter.hand_in("SATU")

    refused = reporter.preview(f"Kode {code.replace('-', gap)}", step="hand-in")

    assert refused.status_code == 422
    assert len(officer.case_paths()) == 1


@pytest.mark.parametrize("text", [PROSE, "1 2 3 4 5 6 7 8 9 " * 9, "Rp 1000 " * 20])
def test_ordinary_prose_with_numbers_is_handed_in(
    reporter: Reporter, text: str
) -> None:
    done = reporter.preview(text, step="hand-in")

    assert code_on(done)


# Other sites


@pytest.mark.parametrize("path", ["/", "/report", "/case", "/guidance?x=%22%3Cb%3E"])
def test_who_comes_from_another_site_takes_one_step_inside(
    app: Flask, path: str
) -> None:
    person = Person(app)

    step = person.get(path, headers=FAR)
    inside = person.get(path, headers={"Sec-Fetch-Site": "same-origin"})

    assert step.response.headers["Refresh"] == "0"
    assert "Set-Cookie" not in step.response.headers
    assert "<form" not in step.html
    assert "Refresh" not in inside.response.headers
    assert "Set-Cookie" in inside.response.headers


def test_who_comes_from_another_site_with_a_cookie_gets_the_page(
    officer: Officer,
) -> None:
    page = officer.get("/office/", headers=FAR)

    assert page.status_code == 200
    assert "Refresh" not in page.response.headers
    assert "Set-Cookie" not in page.response.headers
