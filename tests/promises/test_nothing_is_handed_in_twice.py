"""Promise 12: a double click and a repeated POST make one case, two reports make two.

At any concurrency no accepted report is lost: every code that was shown opens.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from attackers import Loot
from people import Officer, Page, Reporter, code_on
from servers import Server

from portal.settings import Settings

CROWD = 24


def test_a_repeated_post_makes_one_case(reporter: Reporter, settings: Settings) -> None:
    preview = reporter.preview("Pungutan di loket tiga.")

    codes = {code_on(send(reporter, preview)) for _ in range(5)}

    assert len(codes) == 1
    assert len(Loot.of(settings.instance).tables["cases"]) == 1


def test_two_forms_of_one_browser_make_two_cases(
    reporter: Reporter, settings: Settings
) -> None:
    previews = [reporter.preview("Laporan pertama."), reporter.preview("Yang kedua.")]

    codes = {code_on(send(reporter, preview)) for preview in previews}

    assert len(codes) == 2
    assert len(Loot.of(settings.instance).tables["cases"]) == 2


@pytest.mark.slow
@pytest.mark.parametrize("clicks", [2, 8])
def test_clicks_in_the_same_instant_make_one_case_with_one_code(
    tmp_path: Path, clicks: int
) -> None:
    with manned_server(tmp_path) as server:
        reporter = Reporter(server, server.host)
        preview = reporter.preview("Pungutan di loket tiga.")

        pages = at_once([lambda: send(reporter, preview)] * clicks)

    assert len({code_on(page) for page in pages}) == 1
    assert cases_in(server.instance) == 1


@pytest.mark.slow
def test_reports_in_the_same_instant_make_a_case_each_and_every_code_opens(
    tmp_path: Path,
) -> None:
    with manned_server(tmp_path) as server:
        people = [Reporter(server, server.host) for _ in range(CROWD)]
        forms = [person.preview("Pungutan di loket tiga.") for person in people]

        pages = at_once(
            [sender(person, form) for person, form in zip(people, forms, strict=True)]
        )
        codes = {code_on(page) for page in pages}
        statuses = {opened_by(server, code) for code in codes}

    assert len(codes) == cases_in(server.instance) == CROWD
    assert statuses == {"submitted"}


@pytest.mark.slow
def test_two_forms_of_one_browser_in_the_same_instant_make_two_cases(
    tmp_path: Path,
) -> None:
    with manned_server(tmp_path) as server:
        reporter = Reporter(server, server.host)
        forms = [reporter.preview("Laporan pertama."), reporter.preview("Yang kedua.")]

        pages = at_once([sender(reporter, form) for form in forms])
        codes = {code_on(page) for page in pages}
        statuses = {opened_by(server, code) for code in codes}

    assert len(codes) == 2
    assert statuses == {"submitted"}


@pytest.mark.slow
def test_messages_in_the_same_instant_are_all_kept_in_one_chain(
    tmp_path: Path,
) -> None:
    texts = [f"Pesan nomor {number:02}." for number in range(CROWD)]
    with manned_server(tmp_path) as server:
        reporter = Reporter(server, server.host)
        reporter.open_case(reporter.hand_in("Pungutan di loket tiga."))

        pages = at_once([writer(reporter, text) for text in texts])
        reporter.send(reporter.get("/case"), "/case/mine")
        shown = reporter.get("/case")

    assert {page.status_code for page in pages} == {303}
    assert all(text in shown.text for text in texts)


def test_an_officers_form_sent_twice_acts_once(
    reporter: Reporter, officer: Officer, settings: Settings
) -> None:
    reporter.hand_in("Pungutan di loket tiga.")
    (path,) = officer.case_paths()
    page = officer.get(path)

    answers = [
        officer.send(page, f"{path}/message", text="Terima kasih.").status_code
        for _ in range(2)
    ]

    assert answers == [303, 409]
    assert len(Loot.of(settings.instance).tables["messages"]) == 2


@contextmanager
def manned_server(folder: Path) -> Iterator[Server]:
    """Start a server whose agency has one officer."""
    with Server(folder) as server:
        server.enrol("Rina Wulandari")
        yield server


def send(reporter: Reporter, preview: Page) -> Page:
    return reporter.send(preview, "/report", step="hand-in")


def sender(reporter: Reporter, preview: Page) -> Callable[[], Page]:
    return lambda: send(reporter, preview)


def writer(reporter: Reporter, text: str) -> Callable[[], Page]:
    page = reporter.get("/case")
    return lambda: reporter.send(page, "/case/message", text=text)


def at_once(acts: list[Callable[[], Page]]) -> list[Page]:
    """Do all of *acts* in the same instant, each in a thread of its own."""
    gate = threading.Barrier(len(acts))

    def wait_and(act: Callable[[], Page]) -> Page:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(wait_and, acts))


def opened_by(server: Server, code: str) -> str:
    page = Reporter(server, server.host).open_case(code)
    return page.html.partition('data-status="')[2].partition('"')[0]


def cases_in(instance: Path) -> int:
    return len(Loot.of(instance).tables["cases"])
