"""What is measured: journeys beside the floor's, reading a case, lists, search."""

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from bench.client import (
    Browser,
    Journeys,
    Load,
    Opened,
    Openings,
    UnexpectedAnswerError,
    hand_in,
    value_of,
)
from bench.floor import Pages, make_floor
from bench.instance import (
    PASSPHRASE,
    RARE_EVERY,
    RARE_WORD,
    OfficerLogin,
    add_cases,
    make_instance,
)
from bench.processes import Memory
from bench.servers import HOME, Server, serve_floor, serve_portal
from crypto.one_time_code import STEP_SECONDS

CLIENT_COUNTS = (1, 8, 32)
CASE_COUNTS = (100, 1_000, 10_000)
PAGE_SIZE = 50
ROUNDS = 3
WARM_UP_SECONDS = 1.0
# Not /tmp: it is memory on some systems, and a commit would cost nothing there.
DISK = Path("/var/tmp")

_FOLLOW_UPS = 200
_LISTS = 8
_LIST_ROUNDS = 10
_SEARCHES = 7
_CHECKERS = 8
_KEY = "/office/account/key"

Tell = Callable[[str], None]
"""Takes one line on how far it is."""


@dataclass(frozen=True)
class JourneyFigures:
    """Journeys by so many clients: medians of the rounds, sums of what went wrong."""

    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    request_p99_ms: float
    failures: int
    lost_codes: int
    cpu_ms: float


@dataclass(frozen=True)
class Times:
    """How long one thing took."""

    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class ReporterFigures:
    """What reporters meet."""

    journeys: dict[int, JourneyFigures]
    floor: dict[int, JourneyFigures]
    ratio_to_floor: dict[int, float]
    """Journeys per second over the floor's of the same round; the median."""
    follow_up: Times
    memory: Memory


@dataclass(frozen=True)
class OfficerFigures:
    """What officers meet."""

    lists: dict[int, Times]
    """Of a list's first page, by how many cases there are, all keys cached."""
    search_cold_ms: float
    """Over all cases, by an officer who has opened none of them before."""
    search_warm_ms: float
    rotation_s: float
    """From the press that begins a change of key to the new key, over all cases."""
    door_ms: float
    """The second step of a log-in, which counts cases with too few readers."""
    memory: Memory


@dataclass
class _Rounds:
    """What one server was measured at with so many clients, round by round."""

    measured: list[Journeys] = field(default_factory=list)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for one in self.measured for code in one.codes)

    def figures(self, lost: frozenset[str] = frozenset()) -> JourneyFigures:
        return JourneyFigures(
            per_second=self._median(lambda one: one.per_second),
            p50_ms=self._median(lambda one: _quantile(one.journeys_ms, 0.5)),
            p95_ms=self._median(lambda one: _quantile(one.journeys_ms, 0.95)),
            p99_ms=self._median(lambda one: _quantile(one.journeys_ms, 0.99)),
            request_p99_ms=self._median(lambda one: _quantile(one.requests_ms, 0.99)),
            failures=sum(len(one.failures) for one in self.measured),
            lost_codes=len(lost.intersection(self.codes)),
            cpu_ms=self._median(lambda one: one.cpu_ms),
        )

    def _median(self, figure: Callable[[Journeys], float]) -> float:
        return round(statistics.median(map(figure, self.measured)), 2)


def measure_reporters(seconds: float, tell: Tell) -> ReporterFigures:
    """Measure journeys of *seconds* each, portal and floor in turn, and reading."""
    with TemporaryDirectory(prefix="lurus-bench-", dir=DISK) as place:
        instance = make_instance(Path(place) / "portal")
        with serve_portal(instance.folder) as portal:
            pages = _read_pages(portal)
            make_floor(Path(place) / "floor", pages, instance.recipients)
            with serve_floor(Path(place) / "floor", portal) as floor:
                ours, least = _drive_in_turn((portal, floor), seconds, tell)
            # The floor has ended: it would share libraries, and lower the PSS.
            held = portal.memory()
            codes = [code for rounds in ours.values() for code in rounds.codes]
            tell(f"opening the {len(codes)} cases whose codes were shown")
            lost = frozenset(_open(portal, codes, _CHECKERS).lost_codes)
            read = _open(portal, codes[:: max(1, len(codes) // _FOLLOW_UPS)], 1)
    return ReporterFigures(
        journeys={count: ours[count].figures(lost) for count in CLIENT_COUNTS},
        floor={count: least[count].figures() for count in CLIENT_COUNTS},
        ratio_to_floor={
            count: _ratio(ours[count], least[count]) for count in CLIENT_COUNTS
        },
        follow_up=_times(read.times_ms),
        memory=held,
    )


def measure_officers(tell: Tell) -> OfficerFigures:
    """Measure an officer's list over few, more and many cases, and search over many."""
    with (
        TemporaryDirectory(prefix="lurus-bench-", dir=DISK) as place,
        ExitStack() as up,
    ):
        instance = make_instance(Path(place) / "0")
        folders = _make_archives(instance.folder, tell)
        rina, joko, yusuf = instance.officers
        servers = {
            count: up.enter_context(serve_portal(folder))
            for count, folder in folders.items()
        }
        tell("fetching lists")
        lists = _fetch_in_turn(servers, rina)
        for count in CASE_COUNTS[:-1]:
            servers[count].stop()
        largest = servers[CASE_COUNTS[-1]]
        tell(f"searching {CASE_COUNTS[-1]} cases")
        cold_ms, warm_ms = _search_twice(largest, joko, CASE_COUNTS[-1])
        tell(f"changing a key over {CASE_COUNTS[-1]} cases")
        door_ms, rotation_s = _change_key(largest, yusuf)
        return OfficerFigures(
            lists,
            round(cold_ms, 1),
            round(warm_ms, 1),
            round(rotation_s, 1),
            round(door_ms, 1),
            largest.memory(),
        )


def _drive_in_turn(
    servers: tuple[Server, Server], seconds: float, tell: Tell
) -> tuple[dict[int, _Rounds], dict[int, _Rounds]]:
    """Let whatever the machine does besides meet both servers alike."""
    ours = {count: _Rounds() for count in CLIENT_COUNTS}
    least = {count: _Rounds() for count in CLIENT_COUNTS}
    for number in range(1, ROUNDS + 1):
        for count in CLIENT_COUNTS:
            both = (("portal", ours[count]), ("floor", least[count]))
            for server, (name, rounds) in zip(servers, both, strict=True):
                found = _drive(server, count, seconds)
                rounds.measured.append(found)
                tell(f"round {number}, {count} clients, {name}: {_in_short(found)}")
    return ours, least


def _make_archives(folder: Path, tell: Tell) -> dict[int, Path]:
    """Make copies of an installation, each with more cases than the one before."""
    folders: dict[int, Path] = {}
    made = 0
    for count in CASE_COUNTS:
        tell(f"making cases, {made} to {count}")
        folders[count] = folder.with_name(str(count))
        shutil.copytree(folders.get(made, folder), folders[count])
        add_cases(folders[count], made, count - made)
        made = count
    return folders


def _fetch_in_turn(servers: dict[int, Server], who: OfficerLogin) -> dict[int, Times]:
    """Fetch the first page of each list again and again, in turn."""
    cookies = {count: log_in(server, who) for count, server in servers.items()}
    times: dict[int, list[float]] = {count: [] for count in servers}
    for count, server in servers.items():
        with Browser(server.port, cookies[count]) as browser:
            # A search opens every case, as an officer's first look does.
            _search(browser, count)
    for _round in range(_LIST_ROUNDS):
        for count, server in servers.items():
            with Browser(server.port, cookies[count]) as browser:
                times[count] += [_list(browser) for _ in range(_LISTS)]
    return {count: _times(taken) for count, taken in times.items()}


def _search_twice(server: Server, who: OfficerLogin, count: int) -> tuple[float, float]:
    """Search all cases, none of them opened before and all; in ms."""
    with Browser(server.port, log_in(server, who)) as browser:
        cold_ms = _search(browser, count)
        return cold_ms, statistics.median(
            _search(browser, count) for _ in range(_SEARCHES)
        )


def _read_pages(portal: Server) -> Pages:
    """Make one journey, and keep its pages for the floor."""
    with _KeepingBrowser(portal.port) as browser:
        hand_in(browser)
        return Pages(*browser.pages)


class _KeepingBrowser(Browser):
    """A browser that keeps the pages it was given."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.pages: list[bytes] = []

    def _receive(self) -> Any:
        answer = super()._receive()
        self.pages.append(answer.body)
        return answer


def _drive(server: Server, clients: int, seconds: float) -> Journeys:
    load = Load(server.port, clients, seconds, WARM_UP_SECONDS, server.pids)
    return Journeys(**_order(load))


def _open(portal: Server, codes: Sequence[str], clients: int) -> Opened:
    return Opened(**_order(Openings(portal.port, clients, tuple(codes))))


def _order(order: Load | Openings) -> dict[str, Any]:
    """Let a client in its own process carry out an order."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        cwd=HOME,
        input=json.dumps(asdict(order)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def log_in(portal: Server, officer: OfficerLogin) -> dict[bytes, bytes]:
    """Log in with both factors; return the session's cookies."""
    return _log_in_timed(portal, officer)[0]


def _log_in_timed(
    portal: Server, officer: OfficerLogin
) -> tuple[dict[bytes, bytes], float]:
    """Log in with both factors; return the cookies, and the second step's ms."""
    with Browser(portal.port) as browser:
        key = _form_key(browser, "/office/login")
        who = f"name={quote(officer.name)}&passphrase={quote(PASSPHRASE)}".encode()
        form = b"csrf_token=%b&%b" % (key, who)
        browser.post("/office/login", form, expected=303)
        key = _form_key(browser, "/office/second-factor")
        code = officer.secret.code(int(time.time()) // STEP_SECONDS).encode()
        form = b"csrf_token=%b&one_time_code=%b" % (key, code)
        browser.post("/office/second-factor", form, expected=303)
        return browser.cookies, browser.times_ms[-1]


def _change_key(server: Server, who: OfficerLogin) -> tuple[float, float]:
    """Log in, and press until the key is another; return ms at the door, and seconds."""
    cookies, door_ms = _log_in_timed(server, who)
    with Browser(server.port, cookies) as browser:
        code = who.secret.code(int(time.time()) // STEP_SECONDS + 1)
        typed = f"passphrase={PASSPHRASE}&passphrase_again={PASSPHRASE}"
        form = f"csrf_token=%b&{typed}&one_time_code={code}".encode()
        begun = time.monotonic()
        key = _form_key(browser, _KEY)
        browser.post(_KEY, form % key, expected=303)
        while b'action="%b/continue"' % _KEY.encode() in browser.get(_KEY).body:
            key = _form_key(browser, _KEY, f"{_KEY}/continue")
            browser.post(f"{_KEY}/continue", b"csrf_token=%b" % key, expected=303)
        taken_s = time.monotonic() - begun
        _list(browser)
    return door_ms, taken_s


def _list(browser: Browser) -> float:
    """Fetch the list; return how long that took, in ms."""
    page = browser.get("/office/").body
    _expect_lines(page, PAGE_SIZE)
    return browser.times_ms[-1]


def _search(browser: Browser, count: int) -> float:
    """Search all cases for the rare word; return how long that took, in ms."""
    form_key = _form_key(browser, "/office/", "/office/find")
    form = b"csrf_token=%b&category=&severity=&q=%b" % (form_key, RARE_WORD.encode())
    page = browser.post("/office/find", form).body
    _expect_lines(page, count // RARE_EVERY)
    return browser.times_ms[-1]


def _form_key(browser: Browser, path: str, action: str = "") -> bytes:
    page = browser.get(path).body
    form = page.find(b'action="%b"' % (action or path).encode())
    return value_of(page[form:], b"csrf_token")


def _expect_lines(page: bytes, count: int) -> None:
    found = page.count(b'href="/office/cases/')
    if found != count:
        raise UnexpectedAnswerError(f"{found} cases in place of {count}")


def _ratio(ours: _Rounds, least: _Rounds) -> float:
    pairs = zip(ours.measured, least.measured, strict=True)
    ratios: Iterator[float] = (
        one.per_second / (floor.per_second or 1.0) for one, floor in pairs
    )
    return round(statistics.median(ratios), 3)


def _in_short(found: Journeys) -> str:
    failures = f", {len(found.failures)} failures" if found.failures else ""
    return f"{found.per_second:.0f}/s, {found.cpu_ms:.1f} ms CPU{failures}"


def _times(times_ms: Sequence[float]) -> Times:
    return Times(
        round(_quantile(times_ms, 0.5), 2), round(_quantile(times_ms, 0.99), 2)
    )


def _quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that *share* of all do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
