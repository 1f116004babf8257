"""Files that come with a form: taken, refused with a reason, kept for its next try."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from builders import dump, receive_file, store_of
from flask import Flask, g
from people import Officer, Page, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.file_kinds import Finding
from portal.files import read_file
from portal.models import Upload
from portal.receptions import WhyNot
from portal.uploads import ReceivedFile
from portal.views.receiving import Brought

WORD = b"lumbung-gandum-merah "


def send_files(
    person: Reporter | Officer, path: str, *files: tuple[bytes, str], **fields: object
) -> tuple[Page, Brought]:
    """Fill in the form at *path* and choose files; return what became of them."""
    form = person.get("/case" if path.startswith("/case") else path).form(path)
    typed: dict[str, object] = {}
    for name, text in form.fields:
        typed.setdefault(name, []).append(text)  # type: ignore[attr-defined]
    typed |= fields
    typed["evidence"] = [(io.BytesIO(content), name) for content, name in files]
    with brought_by(person.app) as seen:
        response = person.client.post(
            path, data=typed, base_url=f"http://{person.host}"
        )
    return Page(response), seen[0] if seen else Brought()


@contextmanager
def brought_by(app: Flask) -> Iterator[list[Brought]]:
    seen: list[Brought] = []

    def look(response: object) -> object:
        seen.append(g.get("brought", Brought()))
        return response

    app.after_request_funcs.setdefault(None, []).append(look)  # type: ignore[arg-type]
    try:
        yield seen
    finally:
        app.after_request_funcs[None].pop()


def content_of(session: Session, one: ReceivedFile) -> bytes:
    return b"".join(read_file(store_of(session), one.file))


def test_files_of_a_report_are_received(reporter: Reporter, session: Session) -> None:
    _, brought = send_files(
        reporter, "/report", (WORD * 9000, "foto.jpg"), (b"x", "b.txt"), step="preview"
    )

    assert [one.file.name for one in brought.files] == ["foto.jpg", "b.txt"]
    assert content_of(session, brought.files[0]) == WORD * 9000
    assert brought.refusals == ()
    assert len(session.scalars(select(Upload)).all()) == 2


def test_files_of_a_message_are_received(reporter: Reporter, session: Session) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))

    _, brought = send_files(reporter, "/case/message", (WORD, "a.txt"), text="Lihat.")

    assert content_of(session, brought.files[0]) == WORD


def test_files_of_a_report_taken_for_somebody_are_received(
    officer: Officer, session: Session
) -> None:
    _, brought = send_files(officer, "/office/new", (WORD, "a.txt"))

    assert content_of(session, brought.files[0]) == WORD


@pytest.mark.parametrize("token", ["csrf_token", "form_token"])
def test_nothing_is_received_for_a_form_without_its_tokens(
    reporter: Reporter, session: Session, token: str
) -> None:
    _, brought = send_files(reporter, "/report", (WORD, "a.txt"), **{token: ""})

    assert brought.files == ()
    assert [one.why for one in brought.refusals] == [WhyNot.STALE]
    assert session.scalars(select(Upload)).all() == []
    assert store_of(session).names() == frozenset()


def keep_busy_file(session: Session) -> ReceivedFile:
    return receive_file(session, WORD, findings=frozenset({Finding.BUSY}))


def test_a_stale_form_has_nothing_cleaned(reporter: Reporter, session: Session) -> None:
    token = keep_busy_file(session).token.reveal()
    before = dump(session)

    send_files(reporter, "/report", kept=token, csrf_token="")

    assert dump(session) == before


def test_what_is_cleaned_again_takes_a_place_of_files(
    reporter: Reporter, session: Session
) -> None:
    token = keep_busy_file(session).token.reveal()
    places = reporter.app.extensions["lurus"].uploads
    taken = list(iter(places.take, None))

    _, crowded = send_files(reporter, "/report", kept=token, step="preview")
    taken.pop().leave()
    _, free = send_files(reporter, "/report", kept=token, step="preview")
    is_free_again = places.take()
    for place in taken:
        place.leave()

    assert [one.file.findings for one in crowded.files] == [{Finding.BUSY}]
    assert [Finding.BUSY in one.file.findings for one in free.files] == [False]
    assert is_free_again


@pytest.mark.parametrize("name", ["other", "evidence"])
def test_what_no_form_has_is_not_read_to_its_end(reporter: Reporter, name: str) -> None:
    form = reporter.get("/report").form("/report")
    part = (
        f'--sep\r\nContent-Disposition: form-data; name="{name}"; filename="{{}}"\r\n'
    )
    nothing = f"X-Filling: {'x' * 100_000}\r\n\r\n\r\n" * (name == "evidence")
    filling = "\r\n" + "x" * 600_000 + "\r\n"
    parts = [part.format("") + nothing] * 8 if nothing else [part.format("a") + filling]

    answer = reporter.client.post(
        form.action,
        data="".join((*parts, "--sep--\r\n")),
        content_type="multipart/form-data; boundary=sep",
        base_url=f"http://{reporter.host}",
    )

    assert answer.status_code == 413
