"""The load client: browsers without a browser's cost, in a process of their own.

``python -m bench.client`` reads one order as JSON from its standard input and
writes what it measured to its standard output. It imports nothing of the portal
and reads pages by plain search, so that it leaves the processors to the server.
"""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from bench.processes import cpu_seconds

HOST = "127.0.0.1"

_TIMEOUT_SECONDS = 30
_PAUSE_AFTER_FAILURE_SECONDS = 0.05
_RECEIVE_SIZE = 1 << 16
_REPORT = (
    "category=PUNGLI&presets=&website=&"
    + urlencode(
        {
            "what": (
                "Di loket tiga pemohon surat keterangan diminta membayar lima puluh "
                "ribu rupiah, padahal di dinding tertulis tanpa biaya. Yang tidak "
                "membayar disuruh kembali minggu depan.\nUangnya dimasukkan ke laci "
                "yang sama dengan map permohonan, tanpa tanda terima. "
            )
            * 3,
            "who_name": "Bambang Suryono",
            "who_position": "Petugas loket",
            "who_unit": "Bidang Layanan",
            "where": "Loket tiga, lantai satu",
            "when": "Setiap Senin pagi",
            "ongoing": "yes",
            "how": "Diminta dengan lisan, sesudah berkas diperiksa. " * 6,
            "shows": "Buku antrean dan rekaman kamera di ruang tunggu.",
            "others_know": "5-9",
            "reminded": "no",
            "avoid": "Jangan menelepon bidang itu dulu.",
            "hope": "stop",
        }
    )
).encode()


class UnexpectedAnswerError(Exception):
    """The server answered something else than the journey needs."""


@dataclass(frozen=True)
class Answer:
    """A response: its status, its head and its page."""

    status: int
    head: bytes
    body: bytes


class Browser:
    """One browser: a connection that is kept alive, and the cookies it was given."""

    def __init__(self, port: int, cookies: dict[bytes, bytes] | None = None) -> None:
        self.cookies = dict(cookies or {})
        self.times_ms: list[float] = []
        """How long each request took, from the first byte out to the last one in."""
        self._socket = socket.create_connection((HOST, port), _TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"Host: {HOST}:{port}\r\n".encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, path: str, *, expected: int = 200) -> Answer:
        """Fetch a page.

        Raises:
            UnexpectedAnswerError: its status is not *expected*.
        """
        return self._request(b"GET", path, b"", expected)

    def post(self, path: str, form: bytes, *, expected: int = 200) -> Answer:
        """Send a form that is already encoded.

        Raises:
            UnexpectedAnswerError: the answer's status is not *expected*.
        """
        return self._request(b"POST", path, form, expected)

    def begin_post(self, path: str, kind: bytes, length: int) -> None:
        """Send the head of a form of that type and length; its body is `send`'s."""
        pairs = b"; ".join(b"%b=%b" % pair for pair in self.cookies.items())
        self.send(
            b"POST %b HTTP/1.1\r\n%bCookie: %b\r\nSec-Fetch-Site: same-origin\r\n"
            b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n"
            % (path.encode(), self._host, pairs, kind, length)
        )

    def send(self, piece: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(piece)

    def end_post(self, *, expected: int = 200) -> Answer:
        """Receive the answer to what was sent.

        Raises:
            UnexpectedAnswerError: its status is not *expected*.
        """
        answer = self._receive()
        if answer.status != expected:
            raise UnexpectedAnswerError(f"{answer.status}")
        return answer

    def _request(self, verb: bytes, path: str, form: bytes, expected: int) -> Answer:
        head = b"%b %b HTTP/1.1\r\n%b" % (verb, path.encode(), self._host)
        if self.cookies:
            pairs = (b"%b=%b" % pair for pair in self.cookies.items())
            head += b"Cookie: %b\r\n" % b"; ".join(pairs)
        if verb == b"POST":
            head += b"Sec-Fetch-Site: same-origin\r\n"
            head += b"Content-Type: application/x-www-form-urlencoded\r\n"
            head += b"Content-Length: %d\r\n" % len(form)
        start = time.perf_counter()
        self._socket.sendall(head + b"\r\n" + form)
        answer = self._receive()
        self.times_ms.append((time.perf_counter() - start) * 1000)
        if answer.status != expected:
            raise UnexpectedAnswerError(f"{path}: {answer.status}")
        self._keep_cookies(answer.head)
        return answer

    def _receive(self) -> Answer:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._receive_some()
        head = received[:end].lower()
        at = head.find(b"\r\ncontent-length:")
        if at < 0:
            raise UnexpectedAnswerError("an answer without a length")
        length = int(head[at + 17 :].partition(b"\r\n")[0])
        parts, missing = [received[end + 4 :]], end + 4 + length - len(received)
        while missing > 0:
            parts.append(self._receive_some())
            missing -= len(parts[-1])
        return Answer(int(head[9:12]), received[:end], b"".join(parts))

    def _receive_some(self) -> bytes:
        received = self._socket.recv(_RECEIVE_SIZE)
        if not received:
            raise UnexpectedAnswerError("the connection was closed")
        return received

    def _keep_cookies(self, head: bytes) -> None:
        for line in head.split(b"\r\n"):
            if line[:11].lower() == b"set-cookie:":
                name, _, value = line[11:].strip().partition(b";")[0].partition(b"=")
                self.cookies[name] = value


def value_of(page: bytes, name: bytes) -> bytes:
    """Return the value of the first hidden field of that name.

    Raises:
        UnexpectedAnswerError: the page has none.
    """
    return next(values_of(page, name), None) or _missing(name)


def values_of(page: bytes, name: bytes) -> Iterator[bytes]:
    """Return the values of all fields of that name, in the order of the page."""
    mark = b'name="%b" value="' % name
    at = page.find(mark)
    while at >= 0:
        start = at + len(mark)
        end = page.find(b'"', start)
        yield page[start:end]
        at = page.find(mark, end)


def hand_in(browser: Browser) -> str:
    """Make the journey: form, preview, hand-in; return the code that is shown.

    Raises:
        UnexpectedAnswerError: it did not end with a code.
    """
    page = browser.get("/report").body
    page = browser.post("/report", _fill(page, b"preview")).body
    page = browser.post("/report", _fill(page, b"hand-in")).body
    start = page.find(b">", page.find(b'<output id="case-code"')) + 1
    groups = page[start : page.find(b"</output>", start)].split(b"</span>")[:-1]
    code = b"-".join(group.rpartition(b">")[2] for group in groups).decode("ascii")
    return code or _missing(b"case-code").decode()


def open_case(browser: Browser, form_key: bytes, code: str) -> None:
    """Open a case with its code, and read it.

    Raises:
        UnexpectedAnswerError: the case is not shown.
    """
    form = b"csrf_token=%b&code=%b" % (form_key, code.encode())
    browser.post("/case/open", form, expected=303)
    page = browser.get("/case").body
    for mark in (b'<output id="status"', b'data-author="reporter"'):
        if mark not in page:
            _missing(mark)


@dataclass(frozen=True)
class Load:
    """An order: journeys, one after the other, by so many clients at once."""

    port: int
    clients: int
    seconds: float
    warm_up_seconds: float
    pids: tuple[int, ...]
    """The server's processes, whose CPU is read at both ends of the time."""


@dataclass
class Journeys:
    """What a load measured; times of what began after the warm-up, in ms."""

    per_second: float = 0.0
    cpu_ms: float = 0.0
    """CPU of the server for one journey."""
    journeys_ms: list[float] = field(default_factory=list)
    requests_ms: list[float] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    """Every code that was shown, in the warm-up too."""
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Openings:
    """An order: open each case with its code, and read it."""

    port: int
    clients: int
    codes: tuple[str, ...]


@dataclass
class Opened:
    """What opening measured: POST of the code and GET of the case, in ms."""

    times_ms: list[float] = field(default_factory=list)
    lost_codes: list[str] = field(default_factory=list)


def drive(load: Load) -> Journeys:
    """Let clients make journeys for a while."""
    measured = Journeys()
    begin = time.perf_counter() + load.warm_up_seconds
    end = begin + load.seconds
    ended_at: list[float] = []

    def make_journeys() -> None:
        while (start := time.perf_counter()) < end:
            try:
                with Browser(load.port) as browser:  # a new browser each time
                    measured.codes.append(hand_in(browser))
            except (OSError, UnexpectedAnswerError) as error:
                measured.failures.append(f"{type(error).__name__}: {error}")
                time.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            ended_at.append(time.perf_counter())
            if start >= begin:
                measured.journeys_ms.append((ended_at[-1] - start) * 1000)
                measured.requests_ms.extend(browser.times_ms)

    threads = _start(make_journeys, load.clients)
    time.sleep(max(0.0, begin - time.perf_counter()))
    used = cpu_seconds(load.pids)
    time.sleep(max(0.0, end - time.perf_counter()))
    used = cpu_seconds(load.pids) - used
    _join(threads)
    count = sum(begin <= moment < end for moment in ended_at)
    measured.per_second = count / load.seconds
    measured.cpu_ms = used * 1000 / count if count else 0.0
    return measured


def open_all(order: Openings) -> Opened:
    """Open every case; a code that does not open its case is lost."""
    opened = Opened()
    waiting = list(reversed(order.codes))

    def open_some() -> None:
        with Browser(order.port) as entrance:
            form_key = value_of(entrance.get("/case").body, b"csrf_token")
        while waiting:
            try:
                code = waiting.pop()
            except IndexError:  # another client took the last one
                return
            try:
                # The form key follows from the cookie: one entrance serves for all.
                with Browser(order.port, entrance.cookies) as browser:
                    open_case(browser, form_key, code)
            except (OSError, UnexpectedAnswerError):
                opened.lost_codes.append(code)
                continue
            opened.times_ms.append(sum(browser.times_ms))

    _join(_start(open_some, order.clients))
    # A client that could not even enter leaves its codes to nobody.
    opened.lost_codes += waiting
    return opened


def main() -> None:
    """Carry out the order on the standard input."""
    order: dict[str, Any] = json.load(sys.stdin)
    is_opening = "codes" in order
    measured = open_all(Openings(**order)) if is_opening else drive(Load(**order))
    json.dump(asdict(measured), sys.stdout)


def _fill(page: bytes, step: bytes) -> bytes:
    parts = [_REPORT, b"step=" + step]
    parts += (
        b"%b=%b" % (name, value_of(page, name))
        for name in (b"csrf_token", b"form_token")
    )
    parts += (b"readers=" + reader for reader in values_of(page, b"readers"))
    return b"&".join(parts)


def _missing(mark: bytes) -> bytes:
    raise UnexpectedAnswerError(f"no {mark.decode()} on the page")


def _start(work: Callable[[], None], count: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def _join(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
