"""The floor: what the same journey costs where nothing but the needful is done.

A bare WSGI app on the same server: it answers pages of the same size, wraps a key
to the same officers, seals a report of the same size and commits once. What the
portal takes above it is the portal's own.
"""

import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crypto import CaseKey, InstanceId, Kind, Place, Recipient, seal, wrap_case_key
from crypto.keys import RECIPIENT_SIZE
from crypto.lock import INSTANCE_ID_SIZE

FOLDER_VARIABLE = "LURUS_BENCH_FLOOR"

_DATABASE = "floor.sqlite3"
_RECIPIENTS = "recipients"
_ID_SIZE = 16
_BUSY_SECONDS = 5
_TABLES = """
    CREATE TABLE reports (id BLOB PRIMARY KEY, sealed BLOB) WITHOUT ROWID;
    CREATE TABLE wraps (report BLOB, holder BLOB, wrap BLOB,
                        PRIMARY KEY (report, holder)) WITHOUT ROWID;
"""

_App = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


@dataclass(frozen=True)
class Pages:
    """The portal's own pages, given back as they are."""

    form: bytes
    preview: bytes
    code: bytes


@dataclass(frozen=True)
class _Store:
    """One database, written under the worker's lock as the portal's is."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _local: threading.local = field(default_factory=threading.local)

    def keep(self, report: bytes, sealed: bytes, wraps: dict[bytes, bytes]) -> None:
        """Keep one report in one commit."""
        if not hasattr(self._local, "connection"):
            self._local.connection = _connect(self.path)
        connection: sqlite3.Connection = self._local.connection
        rows = [(report, holder, wrap) for holder, wrap in wraps.items()]
        with self._lock:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO reports VALUES (?, ?)", (report, sealed))
            connection.executemany("INSERT INTO wraps VALUES (?, ?, ?)", rows)
            connection.execute("COMMIT")


def make_floor(folder: Path, pages: Pages, recipients: Iterable[bytes]) -> None:
    """Write down what the floor's workers need."""
    folder.mkdir()
    (folder / _RECIPIENTS).write_bytes(b"".join(recipients))
    for name, page in vars(pages).items():
        (folder / name).write_bytes(page)
    connection = _connect(folder / _DATABASE)
    connection.executescript(_TABLES)
    connection.close()


def create_app() -> _App:
    """Make the app of one worker."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    pages = Pages(*((folder / name).read_bytes() for name in Pages.__annotations__))
    together = (folder / _RECIPIENTS).read_bytes()
    recipients = {
        at.to_bytes(_ID_SIZE, "big"): Recipient(together[at : at + RECIPIENT_SIZE])
        for at in range(0, len(together), RECIPIENT_SIZE)
    }
    store = _Store(folder / _DATABASE)

    def app(
        environ: dict[str, Any], start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        page = pages.form
        if environ["REQUEST_METHOD"] == "POST":
            form = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            page = pages.preview
            if b"step=hand-in" in form:
                _hand_in(store, form, recipients)
                page = pages.code
        length = str(len(page))
        start_response(
            "200 OK",
            [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", length)],
        )
        return [page]

    return app


def _hand_in(store: _Store, form: bytes, recipients: dict[bytes, Recipient]) -> None:
    case_id = secrets.token_bytes(_ID_SIZE)
    key = CaseKey.generate(InstanceId(bytes(INSTANCE_ID_SIZE)))
    wrapped = wrap_case_key(key, case_id=case_id, readers=recipients, others={})
    place = Place(case_id, "thread", 0, "reporter", Kind.REPORT)
    sealed = seal(form[: Kind.REPORT.longest], key.thread, place)
    store.keep(case_id, sealed, dict(wrapped.wraps))


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
