"""Bodies that hardly come: given up after a while, told, and in nobody's way."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from forms_with_files import file_part, tokens
from people import Reporter
from servers import Server

from portal.errors import TooSlowError
from portal.paces import PacedBody

HASTE = 5.0
STALLED = 16


class Trickle:
    """A body that brings a piece now and then."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        self._pieces = iter(pieces)
        self.sizes: list[int] = []

    def read(self, size: int, /) -> bytes:
        self.sizes.append(size)
        pause, piece = next(self._pieces, (0.0, b""))
        time.sleep(pause)
        return piece


def test_a_body_that_comes_in_time_is_read_to_its_end() -> None:
    body = PacedBody(Trickle(*[(0.05, b"x" * 100)] * 9), 0.2)

    assert len(b"".join(iter(body.read, b""))) == 900


@pytest.mark.parametrize("first", [b"x", b"x" * 9000])
def test_a_body_that_trickles_is_given_up(first: bytes) -> None:
    """What came fast before does not pay for what hardly comes now."""
    body = PacedBody(Trickle((0.0, first), *[(0.15, b"y")] * 100), 0.2)

    with pytest.raises(TooSlowError):
        list(iter(body.read, b""))


def test_our_own_slowness_is_not_held_against_a_body() -> None:
    body = PacedBody(Trickle(*[(0.0, b"x")] * 3), 0.2)

    for _ in range(3):
        assert body.read()
        time.sleep(0.25)

    assert body.read() == b""


def test_little_is_asked_for_while_little_comes() -> None:
    """A read that waits for much could not be given up."""
    body = Trickle((0.0, b"x"), (0.0, b"x"), (0.15, b"x"), (0.0, b"x"))
    paced = PacedBody(body, 60)

    while paced.read():
        pass

    assert body.sizes == [1024, 2048, 4096, 1024, 2048]


@pytest.mark.slow
def test_sixteen_files_that_stand_still_keep_nobody_waiting(tmp_path: Path) -> None:
    with Server(tmp_path) as server, ExitStack() as slow:
        server.enrol("Rina Wulandari")
        reporter = Reporter(server, server.host)
        parts = [*tokens(reporter), file_part(b"z" * 90_000)]
        for _ in range(STALLED):
            slow.enter_context(stalling(reporter, b"".join(parts)))

        began = time.monotonic()
        pages = [reporter.get("/").status_code for _ in range(20)]
        codes = [
            Reporter(server, server.host).hand_in("Teks tetap diterima.")
            for _ in range(3)
        ]
        taken = time.monotonic() - began

        assert (set(pages), len(codes)) == ({200}, 3)
        assert taken < HASTE
        slow.close()
        patience = time.monotonic() + 10
        while list((server.instance / "objects").iterdir()):
            assert time.monotonic() < patience
            time.sleep(0.05)


@pytest.mark.slow
def test_a_file_that_trickles_is_ended_and_told(tmp_path: Path) -> None:
    with Server(tmp_path, slow_after_seconds=1) as server:
        server.enrol("Rina Wulandari")
        reporter = Reporter(server, server.host)
        parts = [*tokens(reporter), file_part(b"z" * 90)]
        with stalling(reporter, b"".join(parts)) as connection:
            connection.settimeout(0.1)
            answer = b""
            for _ in range(100):
                connection.sendall(b"z" * 60)
                with suppress(TimeoutError):
                    answer = connection.recv(400)
                    break

    assert answer.startswith(b"HTTP/1.1 422")


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
