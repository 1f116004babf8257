"""People of the tests: what a reporter and an officer do and see, over HTTP.

They fill in the forms of the pages they were given, as a browser would: every
hidden field is sent along, every POST carries its own form's key.
"""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from crypto import Cookie, OneTimeSecret

File = tuple[str, bytes]
"""A file that is chosen in a form: its name, and what it holds."""

PASSPHRASE = "kapal-layar-ungu-menari-pelan"


@dataclass
class Form:
    """A form of a page: where it goes and what it already holds."""

    action: str
    takes_files: bool = False
    fields: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        return next((text for key, text in self.fields if key == name), "")

    def values(self, name: str) -> list[str]:
        return [text for key, text in self.fields if key == name]


class Page(HTMLParser):
    """A response as a person meets it: its forms and its words."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.response = response
        self.status_code = response.status_code
        is_text = response.headers.get("Content-Type", "").startswith("text/")
        self.html = response.get_data(as_text=True) if is_text else ""
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self.feed(self.html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def form(self, action: str) -> Form:
        wanted = [form for form in self.forms if form.action.split("?")[0] == action]
        assert wanted, f"no form for {action} among {[f.action for f in self.forms]}"
        return wanted[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            is_multipart = values.get("enctype") == "multipart/form-data"
            self.forms.append(Form(values.get("action", ""), is_multipart))
        elif tag == "textarea":
            self._area = values.get("name", "")
            self.forms[-1].fields.append((self._area, ""))
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and self._select and "selected" in values:
            self.forms[-1].fields.append((self._select, values.get("value", "")))
        elif tag == "input" and self.forms:
            self._take_input(values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            name, text = self.forms[-1].fields[-1]
            # The first line break after the tag is markup, not text.
            text = text + data if text else data.removeprefix("\n")
            self.forms[-1].fields[-1] = (name, text)
        self.words.append(data)

    def _take_input(self, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind == "file":
            return
        if kind in {"radio", "checkbox"} and "checked" not in values:
            return
        pair = (values.get("name", ""), values.get("value", ""))
        self.forms[-1].fields.append(pair)


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, app: Flask, host: str = "localhost") -> None:
        self.client = app.test_client()
        self.app = app
        self.host = host

    def get(self, path: str, **options: Any) -> Page:
        return Page(self.client.get(path, base_url=f"http://{self.host}", **options))

    def post(self, path: str, fields: list[tuple[str, str]] | dict[str, Any]) -> Page:
        if isinstance(fields, list):
            gathered: dict[str, list[str]] = {}
            for name, text in fields:
                gathered.setdefault(name, []).append(text)
            fields = gathered
        return Page(self.client.post(path, data=fields, base_url=f"http://{self.host}"))

    def post_files(
        self, path: str, fields: list[tuple[str, str]], files: Sequence[File]
    ) -> Page:
        """Send a form as browsers send one that takes files: those come last."""
        body, kind = multipart(fields, files)
        where = f"http://{self.host}"
        answer = self.client.post(path, data=body, content_type=kind, base_url=where)
        return Page(answer)

    def send(
        self, page: Page, action: str, files: Sequence[File] = (), **changes: Any
    ) -> Page:
        """Fill in a form of *page* and send it; a list value stands for many fields."""
        form = page.form(action)
        fields = [(name, text) for name, text in form.fields if name not in changes]
        for name, value in changes.items():
            values = value if isinstance(value, list) else [value]
            fields += [(name, text) for text in values]
        if form.takes_files:
            return self.post_files(form.action, fields, files)
        return self.post(form.action, fields)

    def cookie(self) -> str:
        found = self.client.get_cookie("session", domain=self.host)
        assert found is not None
        return found.value

    def form_key(self, path: str) -> str:
        """Return the key that a form sent to *path* carries."""
        instance = self.app.extensions["lurus"].instance
        return Cookie.parse(self.cookie()).form_key(path, instance)


class Reporter(Person):
    """An employee who reports, and comes back with the code."""

    def preview(self, what: str, files: Sequence[File] = (), **answers: Any) -> Page:
        page = self.get("/report")
        answers = {"category": "PUNGLI", "what": what, "step": "preview"} | answers
        return self.send(page, "/report", files, **answers)

    def hand_in(self, what: str, files: Sequence[File] = (), **answers: Any) -> str:
        """Hand in a report through the preview; return its code.

        What cannot be cleaned of *files* goes as it is.
        """
        preview = self.preview(what, files, **answers)
        as_sent = undecided(preview, "/report")
        return code_on(self.send(preview, "/report", step="hand-in", as_sent=as_sent))

    def keep(self, path: str, **answers: Any) -> str:
        """Keep something that is no report, through the preview; return its code."""
        preview = self.send(self.get(path), path, **(answers | {"step": "preview"}))
        return code_on(self.send(preview, path, step="hand-in"))

    def open_case(self, code: str) -> Page:
        page = self.send(self.get("/case"), "/case/open", code=code)
        if page.status_code != 303:
            return page
        return self.get("/case")

    def write(self, text: str, files: Sequence[File] = ()) -> Page:
        """Write a message; what cannot be cleaned of *files* goes as it is."""
        page = self.send(self.get("/case"), "/case/message", files, text=text)
        if not files or page.status_code != 422 or not kept_in(page, "/case/message"):
            return page
        as_sent = undecided(page, "/case/message")
        return self.send(page, "/case/message", as_sent=as_sent)


@dataclass
class Credentials:
    """What an officer knows and has."""

    name: str
    passphrase: str
    secret: OneTimeSecret
    step: int = 0
    recovery_codes: tuple[str, ...] = ()


class Officer(Person):
    """An integrity officer, with a passphrase and a phone."""

    credentials: Credentials

    def enrol(self, link: str, now: int, **who: str) -> None:
        """Open a one-time link, choose a passphrase and connect the phone."""
        page = self.enrol_to_the_end(link, now, **who)
        assert page.status_code < 400, page.text

    def enrol_to_the_end(self, link: str, now: int, **who: str) -> Page:
        """Do the same; return the page that it ends with."""
        path = link.removeprefix(f"http://{self.host}")
        page = self.get(path)
        name = who.get("name") or page.form(path).value("name")
        page = self.send(
            page, path, passphrase=PASSPHRASE, passphrase_again=PASSPHRASE, **who
        )
        assert page.status_code == 303, page.text
        page = self.get(path)
        found = re.search(r'id="totp-secret">(.*?)</p>', page.html, re.DOTALL)
        assert found is not None
        secret = OneTimeSecret.parse(re.sub(r"<[^>]+>|\s", "", found[1]))
        codes = recovery_codes_on(page)
        # Pages take seconds to be read: the phone shows the code of then.
        step = self.present(now) // 30
        self.credentials = Credentials(name, PASSPHRASE, secret, step, codes)
        return self.send(page, path, one_time_code=secret.code(step))

    def present(self, now: int) -> int:
        """Return the portal's own time, in seconds; of a server the world's."""
        is_here = isinstance(self.app, Flask)
        portal = self.app.extensions["lurus"].timestamp() if is_here else time.time()
        return max(now, int(portal))

    def return_with(self, paper: str, link: str, now: int, passphrase: str) -> Page:
        """Open a one-time link and type the own key from paper; connect a new phone."""
        path = link.removeprefix(f"http://{self.host}")
        page = self.send(
            self.get(f"{path}/paper"),
            f"{path}/paper",
            paper=paper,
            passphrase=passphrase,
            passphrase_again=passphrase,
        )
        if page.status_code != 303:
            return page
        page = self.get(path)
        found = re.search(r'id="totp-secret">(.*?)</p>', page.html, re.DOTALL)
        assert found is not None
        secret = OneTimeSecret.parse(re.sub(r"<[^>]+>|\s", "", found[1]))
        step = self.present(now) // 30
        name, codes = self.credentials.name, recovery_codes_on(page)
        self.credentials = Credentials(name, passphrase, secret, step, codes)
        return self.send(page, path, one_time_code=secret.code(step))

    def log_in(self, now: int) -> Page:
        """Log in with the next code that was not used yet.

        It is that of the step to come: on the way the clock of the tests goes on.
        """
        known = self.credentials
        known.step = max(known.step + 1, now // 30 + 1)
        page = self.get("/office/login")
        page = self.send(
            page, "/office/login", name=known.name, passphrase=known.passphrase
        )
        assert page.status_code == 303, page.text
        page = self.send(
            self.get("/office/second-factor"),
            "/office/second-factor",
            one_time_code=known.secret.code(known.step),
        )
        if page.status_code != 303:
            return page
        return self.get("/office/")

    def fresh_code(self, clock: Any) -> str:
        """Wait for a code that was not used yet, and return it: the clock goes on."""
        known = self.credentials
        # One that has just begun: it shall not run out while pages are read.
        known.step = max(known.step, clock.timestamp // 30) + 1
        clock.pass_by(seconds=known.step * 30 - clock.timestamp)
        return known.secret.code(known.step)

    def case_paths(self) -> list[str]:
        """Return the addresses of the cases on the first page of the list."""
        page = self.get("/office/")
        return re.findall(r'href="(/office/cases/[0-9a-f]{32})"', page.html)

    def act(self, path: str, act: str, **fields: Any) -> Page:
        """Fill in one of the forms on a case's page."""
        return self.send(self.get(path), f"{path}/{act}", **fields)


class Administrator(Officer):
    """Who keeps accounts; confirms what is weighty with the phone."""

    def confirm(self, path: str, now: int, **fields: Any) -> Page:
        """Fill in the form of that page, with a code that was not used yet."""
        action = path.split("?", maxsplit=1)[0]
        return self.send(self.get(path), action, one_time_code=self.code(now), **fields)

    def code(self, now: int) -> str:
        """Return a code of the phone that was not used yet."""
        known = self.credentials
        known.step = max(known.step + 1, now // 30)
        return known.secret.code(known.step)

    def invite(self, name: str, now: int, *roles: str, **fields: Any) -> Page:
        """Invite somebody; the page has the link, or says why not."""
        return self.confirm(
            "/admin/invite", now, person_name=name, roles=list(roles), **fields
        )

    def confirm_export(self, now: int, **fields: Any) -> Page:
        """Take the record out as a table."""
        return self.send(
            self.get("/admin/audit"),
            "/admin/audit/export",
            one_time_code=self.code(now),
            **fields,
        )

    def path_of(self, name: str) -> str:
        """Return the address of somebody's page in the list of people."""
        found = re.search(rf'href="([^"]+)">{name}<', self.get("/admin/").html)
        assert found is not None
        return found[1]


def kept_in(page: Page, action: str) -> list[str]:
    """Return the tokens of the files that stand in a form of the page."""
    return page.form(action).values("kept")


def undecided(page: Page, action: str) -> list[str]:
    """Return the tokens that a form asks a decision for."""
    asked = re.findall(r'name="as_sent" value="([^"]+)"', page.html)
    return [token for token in kept_in(page, action) if token in asked]


def multipart(
    fields: Sequence[tuple[str, str]], files: Sequence[File], name: str = "evidence"
) -> tuple[bytes, str]:
    """Return a form's body and its type; without a file an empty one is sent."""
    edge = secrets.token_hex(16)
    said = 'Content-Disposition: form-data; name="'
    parts = [f'{said}{key}"\r\n\r\n{text}'.encode() for key, text in fields]
    for file_name, content in files or [("", b"")]:
        head = f'{said}{name}"; filename="{file_name}"\r\n'
        kind = "Content-Type: application/octet-stream\r\n\r\n"
        parts.append(f"{head}{kind}".encode() + content)
    between = f"\r\n--{edge}\r\n".encode()
    body = f"--{edge}\r\n".encode() + between.join(parts)
    return (
        body + f"\r\n--{edge}--\r\n".encode(),
        f"multipart/form-data; boundary={edge}",
    )


def link_on(page: Page) -> str:
    """Return the invitation that a page shows."""
    found = re.search(r'<output id="invitation-link"[^>]*>(.*?)</output>', page.html)
    assert found is not None, f"{page.status_code}: {page.text[:600]}"
    return found[1]


def recovery_codes_on(page: Page) -> tuple[str, ...]:
    """Return the recovery codes that a page shows."""
    found = re.search(r'id="recovery-codes">(.*?)</ol>', page.html, re.DOTALL)
    assert found is not None, f"{page.status_code}: {page.text[:600]}"
    return tuple(re.findall(r"<li>([0-9A-Z-]+)</li>", found[1]))


def code_on(page: Page) -> str:
    """Return the case code that a page shows."""
    found = re.search(
        r'<output id="case-code"[^>]*>(.*?)</output>', page.html, re.DOTALL
    )
    assert found is not None, f"{page.status_code}: {page.text[:600]}"
    symbols = re.sub(r"<[^>]+>|\s", "", found[1])
    return "-".join(symbols[at : at + 4] for at in range(0, 28, 4))
