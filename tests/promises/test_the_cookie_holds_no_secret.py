"""Promise 1: session and ``lang`` are a reporter's only cookies, and hold no secret.

Officers' pages know a third, ``device``: random bytes, for /office alone, its SHA-256
beside the person. No cookie and no stored session row, decoded in any usual way to depth three, holds
the code, two of its groups, the locator, a case id or report text.
"""

import base64
import binascii
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.cookies import Morsel, SimpleCookie
from itertools import pairwise
from urllib.parse import unquote_to_bytes

import pytest
from apps import make_app
from attackers import Loot
from conftest import Clock
from flask import Flask
from people import Officer, Page, Person, Reporter

from crypto import CaseCode, InstanceId
from portal.settings import Settings

TEXT = "Pungutan liar di loket tiga setiap Senin"
PLAIN_ATTRIBUTES = {"path": "/", "httponly": True, "samesite": "Strict"}


def test_there_are_two_cookies_and_they_end_with_the_browser(
    reporter: Reporter,
) -> None:
    cookies = cookies_of(visit_everything(reporter))

    assert {cookie.key for cookie in cookies} == {"session", "lang"}
    assert all(attributes(cookie) == PLAIN_ATTRIBUTES for cookie in cookies)


def test_an_onion_address_gets_cookies_that_work_without_https(
    app: Flask, officer: Officer
) -> None:
    pages = visit_everything(Reporter(app, "abcdefgh.onion"))

    assert all(attributes(cookie) == PLAIN_ATTRIBUTES for cookie in cookies_of(pages))


def test_on_https_the_cookies_are_bound_to_host_and_https(
    app: Flask, settings: Settings
) -> None:
    safe = replace(settings, address="https://lapor.example")
    visitor = Person(make_app(safe), "lapor.example")

    cookies = cookies_of([visitor.get("/?lang=en")])

    assert {cookie.key for cookie in cookies} == {"__Host-session", "lang"}
    assert all(
        attributes(cookie) == PLAIN_ATTRIBUTES | {"secure": True} for cookie in cookies
    )


def test_who_logged_in_has_a_device_cookie_for_the_office_alone(
    officer: Officer, clock: Clock
) -> None:
    cookie = device_cookie(log_in_watched(officer, clock))

    assert attributes(cookie) == PLAIN_ATTRIBUTES | {
        "path": "/office",
        "max-age": str(180 * 24 * 60 * 60),
        "expires": cookie["expires"],
    }
    assert len(base64.urlsafe_b64decode(cookie.value + "=")) == 32


def test_on_https_the_device_cookie_is_bound_to_https(
    officer: Officer, settings: Settings, clock: Clock
) -> None:
    safe = replace(settings, address="https://lapor.example")
    known = Officer(make_app(safe, clock), "lapor.example")
    known.credentials = officer.credentials

    cookie = device_cookie(log_in_watched(known, clock))

    assert cookie.key == "__Secure-device"
    assert cookie["secure"]


def test_only_the_hash_of_a_device_cookie_is_stored(
    officer: Officer, settings: Settings, clock: Clock
) -> None:
    cookie = device_cookie(log_in_watched(officer, clock))
    secret = base64.urlsafe_b64decode(cookie.value + "=")

    loot = Loot.of(settings.instance)

    assert hashlib.sha256(secret).digest() in loot.column("devices", "id")
    assert not secrets_in(set(loot.blobs()), {secret, cookie.value.encode()})


def test_a_device_cookie_is_new_at_every_login(officer: Officer, clock: Clock) -> None:
    first = device_cookie(log_in_watched(officer, clock))

    second = device_cookie(log_in_watched(officer, clock))

    assert first.value != second.value


def test_who_fails_gets_no_device_cookie(officer: Officer, clock: Clock) -> None:
    officer.credentials.passphrase = "bukan-yang-benar-ini"

    pages = log_in_watched(officer, clock)

    assert "device" not in {cookie.key for cookie in cookies_of(pages)}


def test_the_session_cookie_is_32_random_bytes_new_at_each_change_of_standing(
    reporter: Reporter,
) -> None:
    pages = visit_everything(reporter)

    values = [c.value for c in cookies_of(pages) if c.key == "session"]

    # First visit, code opened, case left, quick exit.
    assert len(set(values)) == len(values) == 4
    assert {len(base64.urlsafe_b64decode(value + "=")) for value in values} == {32}


@pytest.mark.parametrize("moment", ["handed in", "opened", "own texts shown"])
def test_neither_cookie_nor_stored_session_holds_a_secret(
    reporter: Reporter, settings: Settings, moment: str
) -> None:
    code = reporter.hand_in(TEXT)
    MOMENTS[moment](reporter, code)

    seen = {reporter.cookie().encode()} | set(
        Loot.of(settings.instance).only("sessions").blobs()
    )

    assert len(seen) > 3
    assert not secrets_in(seen, secrets_of(code, Loot.of(settings.instance)))


def test_the_search_for_secrets_finds_what_is_wrapped_three_times() -> None:
    hidden = base64.b64encode(zlib.compress(TEXT.encode().hex().encode()))

    assert secrets_in({hidden}, {TEXT.encode()}) == {TEXT.encode()}


MOMENTS: dict[str, Callable[[Reporter, str], object]] = {
    "handed in": lambda _reporter, _code: None,
    "opened": lambda reporter, code: reporter.open_case(code),
    "own texts shown": lambda reporter, code: reporter.send(
        reporter.open_case(code), "/case/mine"
    ),
}


def visit_everything(reporter: Reporter) -> list[Page]:
    """See every page that a reporter can see, and leave in both ways."""
    seen: list[Page] = []
    reporter.client = _Watched(reporter.client, seen)  # type: ignore[assignment]
    reporter.get("/?lang=en")
    reporter.get("/guidance")
    reporter.get("/limits")
    code = reporter.hand_in(TEXT)
    reporter.open_case("mistyped")
    reporter.open_case(CaseCode.generate().reveal())
    page = reporter.open_case(code)
    reporter.send(page, "/case/mine")
    reporter.write("Masih terjadi kemarin.")
    reporter.send(reporter.get("/case"), "/case/leave")
    reporter.get("/case")
    reporter.get("/exit")
    return seen


def log_in_watched(officer: Officer, clock: Clock) -> list[Page]:
    """Log in anew; return every answer."""
    clock.pass_by(minutes=5)
    seen: list[Page] = []
    client = officer.client
    officer.client = _Watched(client, seen)  # type: ignore[assignment]
    officer.log_in(clock.timestamp)
    officer.client = client
    return seen


def device_cookie(pages: list[Page]) -> Morsel:
    (found,) = (one for one in cookies_of(pages) if one.key.endswith("device"))
    return found


class _Watched:
    """A browser whose every response is kept."""

    def __init__(self, client, seen: list[Page]) -> None:
        self._client, self._seen = client, seen

    def get(self, *args, **options):
        return self._keep(self._client.get(*args, **options))

    def post(self, *args, **options):
        return self._keep(self._client.post(*args, **options))

    def _keep(self, response):
        self._seen.append(Page(response))
        return response


def cookies_of(pages: list[Page]) -> list[Morsel]:
    headers = [h for page in pages for h in page.response.headers.getlist("Set-Cookie")]
    return [cookie for header in headers for cookie in SimpleCookie(header).values()]


def attributes(cookie: Morsel) -> dict[str, object]:
    return {name: value for name, value in cookie.items() if value}


def secrets_of(code: str, loot: Loot) -> set[bytes]:
    symbols, groups = code.replace("-", ""), code.split("-")
    (instance,) = loot.column("installation", "instance_id")
    pairs = [mark.join(pair) for pair in pairwise(groups) for mark in ("", "-", " ")]
    spelt = {symbols, code, *pairs}
    return {
        *(text.encode() for text in spelt | {text.lower() for text in spelt}),
        CaseCode.parse(code).locator(InstanceId(instance)),
        *loot.column("cases", "id"),
        *(TEXT[at : at + 12].encode() for at in range(len(TEXT) - 12)),
    }


def secrets_in(blobs: set[bytes], wanted: set[bytes], depth: int = 3) -> set[bytes]:
    found = {secret for blob in blobs for secret in wanted if secret in blob}
    if depth == 0:
        return found
    return found | secrets_in({d for b in blobs for d in decoded(b)}, wanted, depth - 1)


def decoded(blob: bytes) -> Iterator[bytes]:
    padded = blob + b"=" * (-len(blob) % 4)
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: base64.b64decode(padded, validate=True),
        lambda: base64.urlsafe_b64decode(padded),
        lambda: base64.b32decode(blob + b"=" * (-len(blob) % 8), casefold=True),
        lambda: base64.b85decode(blob),
        lambda: bytes.fromhex(blob.decode()),
        lambda: zlib.decompress(blob),
        lambda: zlib.decompress(blob, -zlib.MAX_WBITS),
        lambda: gzip.decompress(blob),
        lambda: unquote_to_bytes(blob),
        lambda: blob[::-1],
    )
    for way in ways:
        try:
            yield way()
        except (ValueError, binascii.Error, zlib.error, OSError, EOFError):
            continue
