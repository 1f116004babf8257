"""Forms with files, sent as a browser does; and what the portal made of them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from builders import store_of
from flask import Flask, g
from people import Page, Person
from sqlalchemy.orm import Session

from portal.files import read_file
from portal.uploads import ReceivedFile
from portal.views.receiving import Brought


def send_files(
    person: Person, path: str, *files: tuple[bytes, str], **fields: object
) -> tuple[Page, Brought]:
    """Fill in the form at *path* and choose files; return what became of them."""
    form = person.get("/case" if path.startswith("/case") else path).form(path)
    typed = [(name, text) for name, text in form.fields if name not in fields]
    for name, value in fields.items():
        values = value if isinstance(value, list) else [value]
        typed += [(name, text) for text in values]
    parts = [text_part(name, text) for name, text in typed if name != "evidence"]
    chosen = [file_part(content, name) for content, name in files]
    return send_parts(person, path, [*parts, *chosen])


def send_parts(
    person: Person,
    path: str,
    parts: list[bytes],
    *,
    cut: int = 0,
    site: str = "same-origin",
) -> tuple[Page, Brought]:
    """Send a body as it is; the last *cut* bytes of it never come."""
    body = b"".join(parts) + b"--b--\r\n"
    with brought_by(person.app) as seen:
        response = person.client.post(
            path,
            input_stream=io.BytesIO(body[: len(body) - cut]),
            content_type="multipart/form-data; boundary=b",
            headers={"Content-Length": str(len(body)), "Sec-Fetch-Site": site},
            base_url=f"http://{person.host}",
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


def text_part(name: str, text: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{text}\r\n".encode()


def file_part(content: bytes, name: str = "a.txt") -> bytes:
    head = '--b\r\nContent-Disposition: form-data; name="evidence"; '
    return f'{head}filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"


def tokens(person: Person) -> list[bytes]:
    form = person.get("/report").form("/report")
    return [text_part(name, form.value(name)) for name in ("csrf_token", "form_token")]
