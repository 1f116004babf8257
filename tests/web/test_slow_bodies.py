"""Bodies that hardly come: given up after a while, told, and in nobody's way."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from forms_with_files import file_part, tokens
from people import Reporter
from servers import Server

from portal.errors import NotAdmittedError, TooSlowError
from portal.paces import Pace

SLOW_AFTER = 3
HASTE = 1.0
STALLED = 16


class Trickle:
    """A body that brings a piece now and then."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        self._pieces = iter(pieces)

    def read(self, _size: int, /) -> bytes:
        pause, piece = next(self._pieces, (0.0, b""))
        time.sleep(pause)
        return piece


def test_a_body_that_comes_in_time_is_read_to_its_end() -> None:
    body = Pace(0.2).read(Trickle(*[(0.05, b"x" * 100)] * 9))

    assert len(b"".join(iter(body.read, b""))) == 900
    assert body.read() == b""


def test_a_body_that_hardly_comes_is_given_up() -> None:
    body = Pace(0.2).read(Trickle((0.0, b"x"), (9.0, b"y")))

    assert body.read() == b"x"
    with pytest.raises(TooSlowError):
        body.read()


def test_a_body_is_given_up_in_the_middle_too() -> None:
    """What came fast before does not pay for a minute without a byte."""
    body = Pace(0.2).read(Trickle((0.0, b"x" * 9000), (9.0, b"y")))

    assert body.read()
    with pytest.raises(TooSlowError):
        body.read()


def test_our_own_slowness_is_not_held_against_a_body() -> None:
    body = Pace(0.2).read(Trickle(*[(0.0, b"x")] * 3))

    for _ in range(3):
        assert body.read()
        time.sleep(0.25)

    assert body.read() == b""


def test_only_so_many_readers_are_left_behind() -> None:
    pace = Pace(0.01)
    bodies = [pace.read(Trickle((1.0, b"x"))) for _ in range(64)]

    with pytest.raises(NotAdmittedError):
        pace.read(Trickle())

    for body in bodies:
        body.leave()
    time.sleep(1.5)
    assert pace.read(Trickle()).read() == b""


@pytest.mark.slow
def test_sixteen_stalled_files_keep_nobody_waiting(tmp_path: Path) -> None:
    with Server(tmp_path, slow_after_seconds=SLOW_AFTER) as server, ExitStack() as slow:
        server.enrol("Rina Wulandari")
        reporter = Reporter(server, server.host)
        parts = [*tokens(reporter), file_part(b"z" * 90_000)]
        stalled = [
            slow.enter_context(stalling(reporter, b"".join(parts)))
            for _ in range(STALLED)
        ]

        began = time.monotonic()
        assert reporter.get("/").status_code == 200
        assert Reporter(server, server.host).hand_in("Teks tetap diterima.")
        taken = time.monotonic() - began
        answers = [one.recv(400) for one in stalled]
        refused = time.monotonic() - began

        assert taken < HASTE * 4
        assert all(answer.startswith(b"HTTP/1.1 422") for answer in answers)
        assert refused < SLOW_AFTER * 4
        assert list((server.instance / "objects").iterdir()) == []


@contextmanager
def stalling(reporter: Reporter, body: bytes) -> Iterator[socket.socket]:
    """Begin to send a form, and bring nothing of the rest."""
    host, _, port = reporter.host.partition(":")
    cookie = reporter.client.cookie_header["Cookie"]
    head = (
        f"POST /report HTTP/1.1\r\nHost: {reporter.host}\r\nCookie: {cookie}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(body) + 9_000_000}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), 30) as connection:
        connection.sendall(head.encode() + body)
        yield connection
