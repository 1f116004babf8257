"""Promises 5, 10 and 11: before a hand-over, officers can tell nothing of what came in.

Not from list, search, counts, pages, acts or their sizes; afterwards the database
knows a day and a bit, and the job the slot that was done.
"""

import secrets
from dataclasses import dataclass, replace

import pytest
from apps import make_app
from attackers import Loot, bare, body_size, shape
from conftest import Clock
from people import Officer, Page, Reporter, code_on

from portal.settings import Settings

TEXT = "Ada pungutan di loket tiga."
LATER = "Terjadi lagi kemarin."
ACTS = {
    "message": {"text": "Terima kasih."},
    "note": {"text": "Periksa buku kas."},
    "triage": {"severity": "4", "reason": "Mendesak."},
    "status": {"to": "acknowledged"},
}
QUERIES = ("", "?waiting=yes", "?status=submitted", "?status=acknowledged")
SEARCHES = ({"q": "loket"}, {"category": "PUNGLI"}, {"severity": "3"})


@dataclass
class Office:
    """A portal with the hours of production, at half past nine, and its people."""

    settings: Settings
    clock: Clock
    officer: Officer
    code: str = ""
    path: str = ""

    def __post_init__(self) -> None:
        hours = {"hand_over_hours": ("08:00", "13:00"), "form_minimum_age_seconds": 0}
        self.app = make_app(replace(self.settings, **hours), self.clock)
        self.officer.app, self.officer.client = self.app, self.app.test_client()
        self.officer.log_in(self.clock.timestamp)

    def hand_in(self, text: str = TEXT) -> Page:
        reporter = Reporter(self.app)
        return reporter.send(reporter.preview(text), "/report", step="hand-in")

    def reporter(self) -> Reporter:
        """Return the reporter of the answered case, with the case open."""
        reporter = Reporter(self.app)
        reporter.open_case(self.code)
        return reporter

    def answer_a_case(self) -> None:
        """Let one case be handed over, acknowledged and answered: it waits for nobody."""
        self.code = code_on(self.hand_in())
        self.let_the_hour_come()
        (self.path,) = self.officer.case_paths()
        self.officer.act(self.path, "status", to="acknowledged")
        self.officer.act(self.path, "message", text="Kapan itu terjadi?")

    def let_the_hour_come(self) -> None:
        self.clock.pass_by(hours=12)
        self.officer.log_in(self.clock.timestamp)

    def seen(self) -> list[tuple[object, ...]]:
        """Return all that the officer can look at, but for what differs each time."""
        desk = self.officer.get("/office/")
        pages = [self.officer.get(f"/office/{query}") for query in QUERIES]
        pages += [self.officer.send(desk, "/office/find", **what) for what in SEARCHES]
        pages += [self.officer.get(self.path or "/office/calendar.ics")]
        return [(bare(page), shape(page), body_size(page)) for page in pages]

    def loot(self) -> Loot:
        return Loot.of(self.settings.instance)


def test_a_report_changes_no_page_of_an_officer(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)
    before = office.seen()

    office.hand_in()

    assert office.seen() == before


def test_a_message_changes_no_page_of_an_officer(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)
    office.answer_a_case()
    before = office.seen()

    sent = office.reporter().write(LATER)

    assert sent.status_code == 303
    assert office.seen() == before


@pytest.mark.parametrize("method", ["get", *ACTS])
def test_a_case_before_its_hand_over_is_one_that_does_not_exist(
    settings: Settings, clock: Clock, officer: Officer, method: str
) -> None:
    office = Office(settings, clock, officer)
    office.hand_in()
    (case_id,) = office.loot().column("cases", "id")
    path, nowhere = address(case_id), address(secrets.token_bytes(16))

    hidden, missing = (
        ask(office.officer, path, method),
        ask(office.officer, nowhere, method),
    )

    assert hidden.status_code == 404
    assert bare(hidden, path) == bare(missing, nowhere)
    assert (shape(hidden), body_size(hidden)) == (shape(missing), body_size(missing))


def test_a_message_that_waits_is_in_nobodys_way(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)
    office.answer_a_case()
    page = office.officer.get(office.path)
    office.reporter().write(LATER)

    answers = [
        office.officer.send(page, f"{office.path}/message", text="Masih terjadi?"),
        office.officer.act(office.path, "status", to="verified"),
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert LATER not in office.officer.get(office.path).text


def test_at_the_hour_all_of_it_is_there(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)
    office.answer_a_case()
    office.reporter().write(LATER)
    office.hand_in("Barang gudang hilang.")

    office.let_the_hour_come()

    waiting = office.officer.get("/office/?waiting=yes").text
    assert "Barang gudang" in waiting
    assert TEXT in waiting
    assert LATER in office.officer.get(office.path).text


def test_a_message_that_crossed_an_answer_stands_behind_it(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)
    office.answer_a_case()
    office.reporter().write(LATER)
    office.officer.act(office.path, "message", text="Kami periksa minggu depan.")
    mine = office.reporter().get("/case").text

    office.let_the_hour_come()

    page = office.officer.get(office.path).text
    assert "sebelum pesan terbaru Anda sampai kepadanya" in mine
    assert page.index("Kami periksa") < page.index(LATER)


def test_the_database_tells_reports_of_one_half_day_apart_by_nothing(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)
    for _report in range(3):
        office.hand_in()
        office.clock.pass_by(minutes=40)
    waiting = clear_columns(office.loot())

    office.let_the_hour_come()

    slots = {row["name"]: row["slot"] for row in office.loot().tables["jobs"]}
    assert len(waiting) == len(clear_columns(office.loot())) == 1
    assert slots["hand-over"] == "2026-12-07 13:00"


def test_reporters_are_told_when_officers_get_it(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)
    hours = "setiap hari pukul 08.00 dan 13.00"
    page = office.hand_in()
    office.code = code_on(page)

    waits = office.reporter().get("/case").text
    office.let_the_hour_come()
    there = office.reporter().get("/case").text

    assert hours in page.text
    assert hours in waits
    assert hours not in there


def test_officers_are_told_when_something_new_comes(
    settings: Settings, clock: Clock, officer: Officer
) -> None:
    office = Office(settings, clock, officer)

    page = office.officer.get("/office/").text

    assert "Hal baru masuk setiap hari pukul 08.00 dan 13.00." in page


def address(case_id: bytes) -> str:
    return f"/office/cases/{case_id.hex()}"


def ask(officer: Officer, path: str, method: str) -> Page:
    """Ask for a case, or send one of its forms with its own key."""
    if method == "get":
        return officer.get(path)
    key = officer.form_key(f"{path}/{method}")
    return officer.post(f"{path}/{method}", ACTS[method] | {"csrf_token": key})


def clear_columns(loot: Loot) -> set[tuple[object, ...]]:
    """Return what stands in clear of each case."""
    return {
        tuple(value for value in row.values() if not isinstance(value, bytes))
        for row in loot.tables["cases"]
    }


@pytest.mark.parametrize(("act", "field"), [("message", "text"), ("status", "message")])
def test_what_an_answer_leaves_room_for_tells_of_no_message(
    settings: Settings, clock: Clock, officer: Officer, act: str, field: str
) -> None:
    office = Office(settings, clock, officer)
    office.answer_a_case()
    too_long = {field: "\u00e9" * 2043, "to": "verified"}
    before = bare(office.officer.act(office.path, act, **too_long))

    _ = [office.reporter().write(LATER) for _ in range(3)]

    after = office.officer.act(office.path, act, **too_long)
    assert after.status_code == 422
    assert bare(after) == before
