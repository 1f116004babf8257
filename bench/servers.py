"""The servers under load: started on free ports of this machine, and ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.client import HOST, Browser, UnexpectedAnswerError
from bench.floor import FOLDER_VARIABLE
from bench.processes import Memory, find_family, memory

HOME = Path(__file__).resolve().parent.parent

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_LOOK_SECONDS = 0.1
_PORTAL_APP = "portal:create_app"
_FLOOR_APP = "bench.floor:create_app"


class ServerDidNotStartError(Exception):
    """A server did not answer in time."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> tuple[int, ...]:
        """All its processes: the one that was started, and its workers."""
        return find_family(self.process.pid)

    def memory(self) -> Memory:
        """Return what all its processes hold now."""
        return memory(self.pids)

    def arguments(self) -> list[str]:
        """Return the command that it runs as."""
        command = Path(f"/proc/{self.process.pid}/cmdline").read_bytes()
        return command.decode().rstrip("\0").split("\0")

    def stop(self) -> None:
        """End the server and its workers; once more does nothing."""
        workers = self.pids
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def serve_portal(instance: Path) -> Iterator[Server]:
    """Serve an installation by ``lurus serve``."""
    port = _find_port()
    command = [sys.executable, "-m", "portal.cli", "serve"]
    with _serve(command, port, LURUS_INSTANCE=str(instance)) as server:
        yield server


@contextmanager
def serve_floor(folder: Path, portal: Server) -> Iterator[Server]:
    """Serve the floor as the portal is served."""
    with _serve_as(portal, _FLOOR_APP, **{FOLDER_VARIABLE: str(folder)}) as server:
        yield server


@contextmanager
def serve_app(portal: Server, app: str, instance: Path) -> Iterator[Server]:
    """Serve another app over an installation as the portal is served."""
    with _serve_as(portal, app, LURUS_INSTANCE=str(instance)) as server:
        yield server


@contextmanager
def _serve_as(portal: Server, app: str, **variables: str) -> Iterator[Server]:
    """Serve *app* by the very command that *portal* runs as, but for app and port."""
    port = _find_port()
    others = {_PORTAL_APP: app, str(portal.port): str(port)}
    command = [others.get(word, word) for word in portal.arguments()]
    with _serve(command, port, **variables) as server:
        yield server


@contextmanager
def _serve(command: list[str], port: int, **variables: str) -> Iterator[Server]:
    ours = {"LURUS_HOST": HOST, "LURUS_PORT": str(port), "LURUS_WORKERS": "2"}
    process = subprocess.Popen(
        command,
        cwd=HOME,
        env=os.environ | ours | variables,
        stdout=subprocess.DEVNULL,
    )
    server = Server(port, process)
    try:
        _wait_for(process, port)
        yield server
    finally:
        server.stop()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with Browser(port) as browser:
                browser.get("/report")
                return
        except (OSError, UnexpectedAnswerError):
            time.sleep(_LOOK_SECONDS)
    raise ServerDidNotStartError(" ".join(map(str, process.args)))  # type: ignore[arg-type]  # a list of str


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
