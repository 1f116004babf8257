"""Promise 14: every route x status sends the full set of headers from the app itself.

The policy forbids everything but own styles, images and forms, and the portal's own
script where a page takes files; no inline script or style, no third-party address; secrets are ``no-store`` and uncompressed; leaving
sends Clear-Site-Data. Foreign hosts are refused; links are built from settings.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from conftest import HOME
from flask import Flask
from people import Officer, Page, Person, Reporter
from werkzeug.datastructures import Headers

from portal.settings import Settings

GUARDS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
WITH_SCRIPT = "; script-src 'self'; connect-src 'self'"
SCRIPT = "/static/upload.js"
NOT_KEPT = "no-store, no-transform"
TELLING = {
    "Server",
    "Date",
    "ETag",
    "Last-Modified",
    "Content-Encoding",
    "X-Powered-By",
}
PATHS = (
    *(
        "/",
        "/guidance",
        "/limits",
        "/keys",
        "/mend",
        "/report",
        "/case",
        "/exit",
        "/?lang=en",
    ),
    *("/office/", "/office/login", "/office/second-factor", "/office/calendar.ics"),
    *("/nowhere", "/office/nowhere", "/office", "/report/code"),
    *("/office/invite/unknown", "/office/cases/unknown", "/case/message"),
)


def conflict(reporter: Reporter, officer: Officer) -> Page:
    reporter.hand_in("Pungutan di loket tiga.")
    (path,) = officer.case_paths()
    page = officer.get(path)
    officer.act(path, "note", text="Sudah dibaca.")
    return officer.send(page, f"{path}/note", text="Juga sudah dibaca.")


STATUSES: dict[int, Callable[[Reporter, Officer], Page]] = {
    200: lambda reporter, _officer: reporter.preview("Pungutan di loket tiga."),
    303: lambda reporter, _officer: leave(reporter),
    400: lambda reporter, _officer: Person(reporter.app, "elsewhere.example").get("/"),
    403: lambda _reporter, officer: refused_login(officer),
    404: lambda _reporter, officer: officer.get("/office/cases/unknown"),
    409: conflict,
    413: lambda reporter, _officer: reporter.post("/report", {"what": "x" * 600_000}),
    422: lambda reporter, _officer: reporter.preview(""),
    500: lambda reporter, _officer: fault(reporter),
    503: lambda reporter, _officer: too_much(reporter),
}


@pytest.mark.parametrize("method", ["get", "post", "head", "options", "put"])
def test_every_route_sends_every_header(app: Flask, method: str) -> None:
    person = Person(app)

    pages = [Page(getattr(person.client, method)(path)) for path in PATHS]

    answers = [page.response.headers for page in pages]
    assert [guards_of(headers) for headers in answers] == [*map(guards_for, pages)]
    assert [TELLING & set(headers.keys()) for headers in answers] == [set()] * len(
        PATHS
    )
    assert {headers["Cache-Control"] for headers in answers} == {NOT_KEPT}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_sends_every_header(
    reporter: Reporter, officer: Officer, status: int
) -> None:
    page = STATUSES[status](reporter, officer)

    headers = page.response.headers
    assert page.status_code == status
    assert guards_of(headers) == guards_for(page)
    assert headers["Cache-Control"] == NOT_KEPT


@pytest.mark.parametrize("file", ["lurus.css", "office.css", "mark.svg", "upload.js"])
def test_styles_and_pictures_are_guarded_and_may_be_kept(app: Flask, file: str) -> None:
    with app.test_client().get(f"/static/{file}") as response:
        headers = response.headers

    assert guards_of(headers) == GUARDS
    assert headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in headers


def test_a_style_that_does_not_exist_is_a_page_that_is_not_kept(app: Flask) -> None:
    page = Person(app).get("/static/nothing")

    assert page.status_code == 404
    assert page.response.headers["Cache-Control"] == NOT_KEPT


def test_no_page_holds_script_inline_style_or_a_foreign_address(
    reporter: Reporter, officer: Officer
) -> None:
    pages = every_page(reporter, officer)

    found = [fault for page in pages for fault in Faults(page.html).found]

    assert len(pages) > 20
    assert found == []


def test_the_own_script_runs_where_files_are_taken_and_nowhere_else(
    reporter: Reporter, officer: Officer
) -> None:
    pages = every_page(reporter, officer)

    guards = [guards_of(page.response.headers) for page in pages]
    with_script = [page for page in pages if SCRIPT in page.html]
    assert guards == [guards_for(page) for page in pages]
    assert len(with_script) > 3
    assert all('type="file"' in page.html for page in with_script)


def test_the_search_for_faults_finds_them() -> None:
    html = (
        '<p style="x" onclick="y"><script></script><style></style>'
        '<a href="//cdn.example"></a><img src="https://cdn.example/x.png">'
        '<a href="javascript:x"></a><iframe></iframe>'
        f'<script src="{SCRIPT}x"></script><script src="{SCRIPT}?v=1">x</script>'
    )

    assert len(Faults(html).found) == 10


def test_secrets_are_not_compressed_for_a_browser_that_asks_for_it(
    reporter: Reporter,
) -> None:
    code = reporter.hand_in("Pungutan di loket tiga.")
    reporter.open_case(code)

    page = reporter.get("/case", headers={"Accept-Encoding": "gzip, br, deflate"})

    assert "Content-Encoding" not in page.response.headers
    assert "no-transform" in page.response.headers["Cache-Control"]


@pytest.mark.parametrize("way", ["leave", "exit"])
def test_leaving_clears_what_the_browser_kept(
    reporter: Reporter, officer: Officer, way: str
) -> None:
    ways = {"leave": lambda: leave(reporter), "exit": lambda: reporter.get("/exit")}

    page = ways[way]()

    cleared = page.response.headers["Clear-Site-Data"]
    assert cleared == '"cache", "storage", "cookies"'


def test_an_officer_who_logs_out_leaves_nothing_but_the_device_cookie(
    officer: Officer,
) -> None:
    page = officer.send(officer.get("/office/"), "/office/logout")

    assert page.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert officer.get("/office/").status_code == 303


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "localhost.elsewhere.example", "127.0.0.1", "[::1]"]
)
def test_a_foreign_host_gets_no_page_no_link_and_no_cookie(
    app: Flask, host: str
) -> None:
    page = Person(app, host).get("/")

    assert page.status_code == 400
    assert "<" not in page.html
    assert "Set-Cookie" not in page.response.headers


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Host"])
def test_no_header_of_a_client_enters_a_link(reporter: Reporter, header: str) -> None:
    value = "host=elsewhere.example" if header == "Forwarded" else "elsewhere.example"

    pages = [reporter.get(path, headers={header: value}) for path in PATHS]

    assert not any("elsewhere" in page.html for page in pages)
    assert not any("elsewhere" in str(page.response.headers) for page in pages)


def test_where_a_page_leads_on_is_a_path_or_the_neutral_address(
    app: Flask, settings: Settings
) -> None:
    person = Person(app, "abcdefgh.onion")
    paths = [*PATHS, "//elsewhere.example/office", "/report/"]

    pages = [person.get(path) for path in paths]

    addresses = {page.response.headers.get("Location", "/") for page in pages}
    foreign = {address for address in addresses if not re.match(r"/(?!/)", address)}
    assert foreign == {settings.neutral_address}


def test_an_invitation_is_built_from_the_settings(
    app: Flask, settings: Settings
) -> None:
    command = [sys.executable, "-m", "portal.cli", "people", "invite", "Joko Prasetyo"]
    environment = os.environ | {"LURUS_INSTANCE": str(settings.instance)}

    printed = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=True, cwd=HOME
    ).stdout

    assert printed.startswith("http://localhost/office/invite/")


def guards_of(headers: Headers) -> dict[str, str | None]:
    return {name: headers.get(name) for name in GUARDS}


def guards_for(page: Page) -> dict[str, str | None]:
    """Return what a page must carry; its own script is let in where it has one."""
    policy = GUARDS["Content-Security-Policy"]
    policy += WITH_SCRIPT if SCRIPT in page.html else ""
    return GUARDS | {"Content-Security-Policy": policy}


class Faults(HTMLParser):
    """What must not stand in a page: script, inline style, foreign addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_in_script = False
        self.feed(html)

    def handle_endtag(self, _tag: str) -> None:
        self._is_in_script = False

    def handle_data(self, data: str) -> None:
        if self._is_in_script and data:
            self.found.append("script inline")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_in_script = tag == "script"
        source = dict(attrs).get("src") or ""
        is_own = tag == "script" and re.fullmatch(rf"{SCRIPT}\?v=\w+", source)
        if tag in {"script", "style", "iframe", "object", "embed", "base"}:
            self.found += [] if is_own else [tag]
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}")
            addresses = {"href", "src", "action", "srcset", "formaction", "poster"}
            if name in addresses and not re.match(r"/(?!/)|[?#]", value or ""):
                self.found.append(f"{tag} {name}={value}")


def every_page(reporter: Reporter, officer: Officer) -> list[Page]:
    """See every page there is, refused ones too, in both languages."""
    stays = [path for path in PATHS if path != "/exit"]
    pages = [person.get(path) for person in (reporter, officer) for path in stays]
    code = reporter.hand_in("Pungutan di loket tiga. https://elsewhere.example")
    pages += [reporter.preview(""), reporter.open_case("x"), reporter.open_case(code)]
    pages += [reporter.write(""), reporter.send(reporter.get("/case"), "/case/mine")]
    (path,) = officer.case_paths()
    pages += [reporter.get("/case"), reporter.get("/case?lang=en")]
    pages += [officer.get(path), officer.get(f"{path}?lang=en")]
    pages += [officer.act(path, "message", text=""), officer.act(path, "note", text="")]
    return [page for page in pages if page.html.startswith("<!doctype")]


def leave(reporter: Reporter) -> Page:
    page = reporter.open_case(reporter.hand_in("Pungutan di loket tiga."))
    return reporter.send(page, "/case/leave")


def refused_login(officer: Officer) -> Page:
    person = Person(officer.app)
    fields = {"name": "Siapa Saja", "passphrase": "kata-kata-apa-saja"}
    person.send(person.get("/office/login"), "/office/login", **fields)
    page = person.get("/office/second-factor")
    return person.send(page, "/office/second-factor", one_time_code="123456")


def fault(reporter: Reporter) -> Page:
    def fail() -> str:
        raise ZeroDivisionError

    reporter.app.view_functions["public.start"] = fail
    return reporter.get("/")


def too_much(reporter: Reporter) -> Page:
    throttle = reporter.app.extensions["lurus"].throttle
    throttle.rates["request"] = throttle.rates["request"].share(10**9)
    pages = [reporter.get("/guidance") for _ in range(3)]
    throttle._buckets.clear()
    pages += [reporter.get("/guidance") for _ in range(3)]
    return pages[-1]
