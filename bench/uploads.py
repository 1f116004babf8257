"""What receiving a form with files costs, beside reading the same bytes and no more.

Both apps run on the same server. Cleaning is left out: it happens when everything is
there, in a process of its own.
"""

import secrets
import statistics
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from flask import Flask

from bench.client import Browser, value_of
from bench.instance import make_instance
from bench.servers import Server, serve_app, serve_portal
from portal import create_app as create_portal
from portal.cleaning.cleaner import Examined
from portal.cleaning.protocol import Outcome
from portal.file_kinds import FileKind

_MIB = 1024 * 1024
_MB = 1_000_000
_ROUNDS = 5
_WARM_UPS = 6
_PIECE_SIZE = 64 * 1024
_MARK = b"--lurus-bench"
_TYPE = b"multipart/form-data; boundary=lurus-bench"

_TEXTS = ((b"category", b"PUNGLI"), (b"what", b"Lihat berkas."), (b"step", b"preview"))

_App = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


@dataclass(frozen=True)
class UploadFigures:
    """Megabytes a second (medians), and by how many MiB a server grew."""

    mb_per_second: float
    floor_mb_per_second: float
    ratio: float
    rss_growth_mib_100: float
    rss_growth_mib_500: float


class _NoCleaner:
    """Looks at nothing."""

    @contextmanager
    def clean(self, *_: object) -> Iterator[Examined]:
        """Say that nothing can be cleaned."""
        kind, outcome = FileKind.OTHER, Outcome.NOT_CLEANABLE
        yield Examined(kind, outcome, frozenset(), b"", 0, iter(()))


def create_app() -> Flask:
    """Make the portal of one worker, but for the cleaning."""
    app = create_portal()
    made = app.extensions["lurus"]
    app.extensions["lurus"] = replace(made, cleaner=_NoCleaner())
    return app


def create_floor() -> _App:
    """Make the app of one worker that reads a body and discards it."""

    def app(
        environ: dict[str, Any], start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        while environ["wsgi.input"].read(_PIECE_SIZE):
            pass
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    return app


def measure_uploads(folder: Path, tell: Callable[[str], None]) -> UploadFigures:
    """Send 100 MiB to portal and floor in turn; then 500 MiB in one form."""
    with TemporaryDirectory(prefix="lurus-bench-", dir=folder) as place:
        instance = make_instance(Path(place) / "portal").folder
        with (
            serve_portal(instance) as model,
            serve_app(model, "bench.uploads:create_app", instance) as portal,
            serve_app(model, "bench.uploads:create_floor", instance) as floor,
        ):
            for _ in range(_WARM_UPS):  # so that every worker has received something
                _send(portal, portal, 1, 1)
            before = portal.memory().rss_mib
            ours, least = [], []
            for _ in range(_ROUNDS):
                ours.append(_send(portal, portal, 1, 100))
                least.append(_send(portal, floor, 1, 100))
            after_100 = portal.memory().rss_mib
            _send(portal, portal, 5, 100)
            after_500 = portal.memory().rss_mib
    rate, most = statistics.median(ours), statistics.median(least)
    tell(f"files: {rate:.0f} MB/s, the floor {most:.0f} MB/s")
    return UploadFigures(
        *(round(rate, 1), round(most, 1), round(rate / most, 3)),
        *(round(after_100 - before, 1), round(after_500 - before, 1)),
    )


def _send(form: Server, to: Server, files: int, mib: int) -> float:
    """Send a form with so many files of so many MiB; return MB per second."""
    with Browser(form.port) as entrance:
        page = entrance.get("/report").body
        cookies = entrance.cookies
    names = (b"csrf_token", b"form_token")
    fields = [*_TEXTS, *((name, value_of(page, name)) for name in names)]
    texts = [_part(b'name="%b"' % name) + value for name, value in fields]
    block = secrets.token_bytes(_MIB)
    head = b"\r\n".join(texts)
    begin = b"\r\n" + _part(b'name="evidence"; filename="bukti.bin"')
    end = b"\r\n%b--\r\n" % _MARK
    length = len(head) + files * (len(begin) + mib * _MIB) + len(end)
    with Browser(to.port, cookies) as browser:
        start = perf_counter()
        browser.begin_post("/report", _TYPE, length)
        browser.send(head)
        for _ in range(files):
            browser.send(begin)
            for _ in range(mib):
                browser.send(block)
        browser.send(end)
        browser.end_post()
        return length / _MB / (perf_counter() - start)


def _part(disposition: bytes) -> bytes:
    return b"%b\r\nContent-Disposition: form-data; %b\r\n\r\n" % (_MARK, disposition)
