"""A real server for tests: two workers over an installation of its own.

`Server.test_client` gives a browser with the interface of Flask's test client,
so that the people of `people.py` use a server as they use an app.
"""

import datetime as dt
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self
from urllib.parse import urlencode

from builders import hear_keys
from installations import copy_database, install
from people import Officer
from werkzeug.datastructures import Headers

from portal.database import open_database
from portal.invitations import invite
from portal.objects import OBJECTS_FOLDER
from portal.roles import Role
from portal.settings import Settings

HOME = Path(__file__).parent.parent
_PATIENCE = 60.0
_GENTLY = 3.0
# A process that ended before its file was opened, or between opening and reading.
_GONE = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True)
class Answer:
    """A response of a server, as Flask's test client would give it."""

    status_code: int
    status: str
    headers: Headers
    body: bytes = field(repr=False)

    def get_data(self, *, as_text: bool = False) -> Any:
        return self.body.decode() if as_text else self.body


class Browser:
    """A browser of the standard library alone: it keeps cookies, and no address."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._cookies: dict[str, str] = {}

    def get(self, path: str, **options: Any) -> Answer:
        return self._ask("GET", path, None, options.get("headers", {}))

    def post(self, path: str, **options: Any) -> Answer:
        is_body = isinstance(options["data"], bytes)
        body = (
            options["data"]
            if is_body
            else urlencode(options["data"], doseq=True).encode()
        )
        plain = "application/x-www-form-urlencoded"
        kind = {"Content-Type": options.get("content_type", plain)}
        return self._ask("POST", path, body, kind | options.get("headers", {}))

    def get_cookie(self, name: str, **_where: str) -> SimpleNamespace | None:
        value = self._cookies.get(name)
        return None if value is None else SimpleNamespace(value=value)

    @property
    def cookie_header(self) -> dict[str, str]:
        pairs = [f"{name}={value}" for name, value in self._cookies.items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        connection = http.client.HTTPConnection(self._host, timeout=_PATIENCE)
        try:
            connection.request(method, path, body, {**self.cookie_header, **headers})
            response = connection.getresponse()
            answer = Answer(
                response.status,
                f"{response.status} {response.reason}",
                Headers(response.getheaders()),
                response.read(),
            )
        finally:
            connection.close()
        for header in answer.headers.getlist("Set-Cookie"):
            self._cookies |= {k: v.value for k, v in SimpleCookie(header).items()}
        return answer


class Server:
    """`lurus serve` with two workers on a free port of this machine."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.instance = folder / "instance"
        self.temporary = folder / "tmp"
        self.log = folder / "server.log"
        self.temporary.mkdir(parents=True)
        self.host = f"127.0.0.1:{_free_port()}"
        self.address = f"http://{self.host}"
        large = {
            "hand_over_hours": ("immediate",),
            "form_minimum_age_seconds": 0,
            "reports_per_hour": 1_000_000,
            "messages_per_hour": 1_000_000,
            "logins_per_minute": 10_000,
            "attempts_per_hour": 10_000,
            "requests_per_second": 100_000,
        }
        self.settings = Settings(
            instance=self.instance, address=self.address, **large | settings
        )
        install(self.settings, self.today())
        self._first = folder / "first"
        self._first.mkdir()
        copy_database(self.instance, self._first)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def today(self) -> dt.date:
        return self.now().date()

    def now(self) -> dt.datetime:
        """Return the server's present; that of a demo may stand still."""
        fixed = os.environ.get("LURUS_TODAY") if self.settings.demo else None
        if fixed is None:
            return dt.datetime.now(self.settings.zone)
        return dt.datetime.fromisoformat(fixed).replace(tzinfo=self.settings.zone)

    def start(self) -> None:
        """Start, and wait until every worker answers."""
        port = self.host.partition(":")[2]
        environment = {
            **os.environ,
            "LURUS_INSTANCE": str(self.instance),
            "LURUS_HOST": "127.0.0.1",
            "LURUS_PORT": port,
            "LURUS_WORKERS": "2",
            "TMPDIR": str(self.temporary),
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "portal.cli", "serve"],
                cwd=HOME,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self.wait()

    def begin_anew(self) -> None:
        """Hold nothing but what it held at first; its workers go on."""
        copy_database(self._first, self.instance)
        for stored in (self.instance / OBJECTS_FOLDER).glob("**/*"):
            if stored.is_file():
                stored.unlink()

    def wait(self) -> None:
        """Wait until both workers are there and the server answers."""
        end = time.monotonic() + _PATIENCE
        while len(self.workers()) < 2 or not self._answers():
            assert time.monotonic() < end, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def workers(self) -> list[int]:
        """Return the workers' process ids, the oldest first."""
        return [pid for pid in _children(self._process.pid) if _listens(pid)]

    def kill_worker(self) -> int:
        """End the oldest worker with SIGKILL; return its process id.

        The oldest, because granian gives a server up of which one worker dies
        twice in a row.
        """
        pid = self.workers()[0]
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_workers(self) -> None:
        """End every worker with SIGKILL; the server makes new ones."""
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """End everything with SIGKILL, as a power cut does."""
        for pid in [self._process.pid, *self.workers()]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End the server and its workers.

        Gently first; a respawned worker of granian may not hear that.
        """
        pids = [*self.workers(), self._process.pid]
        self._process.terminate()
        try:
            self._process.wait(_GENTLY)
        except subprocess.TimeoutExpired:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()

    def test_client(self) -> Browser:
        """Return a new browser; the name is that of an app's method."""
        return Browser(self.host)

    def enrol(self, name: str, *, role: Role = Role.OFFICER) -> Officer:
        """Invite, enrol and log in an officer, over HTTP."""
        database = open_database(self.instance)
        with database.sessions() as session:
            token = invite(
                session,
                name,
                position="Auditor",
                unit="Sekretariat",
                roles=frozenset({role}),
                today=self.today(),
            )
        database.engine.dispose()
        person = Officer(self, self.host)
        person.enrol(f"{self.address}/office/invite/{token}", int(time.time()))
        person.log_in(int(time.time()))
        return person

    def hear_keys(self) -> None:
        """Let an officer have heard how every new key ends."""
        database = open_database(self.instance)
        with database.sessions() as session:
            hear_keys(session)
        database.engine.dispose()

    def _answers(self) -> bool:
        try:
            return Browser(self.host).get("/").status_code == 200
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except _GONE:
        return []
    return sorted((int(child) for child in text.split()), key=_started)


def _started(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except _GONE:
        return 0
    return int(fields[19])


def _listens(pid: int) -> bool:
    """Tell whether a process is a worker, not what tracks the server's resources."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except _GONE:
        return False
    return bool(command) and b"resource_tracker" not in command
