"""What a proxy tells of who came is noted by name, and nothing of who came."""

import datetime as dt
import stat
from pathlib import Path

import pytest
from apps import make_app
from conftest import Clock
from flask import Flask

from portal import forwarding
from portal.forwarding import FORWARDED_FILE, noted
from portal.installation import make_installation
from portal.settings import Settings

ADDRESS = "203.0.113.9"


def behind_a_proxy(folder: Path, clock: Clock) -> Flask:
    """A portal with a public address of its own."""
    settings = Settings(
        instance=folder,
        address="https://portal.example",
        other_addresses=("http://abcdefgh.onion", "http://localhost"),
    )
    make_installation(settings, clock().date())
    return make_app(settings, clock)


def visit(app: Flask, host: str = "portal.example", **headers: str) -> None:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = app.test_client().get("/", headers={"Host": host, **sent})
    assert answer.status_code == 200


def test_headers_are_noted_by_name(tmp_path: Path, clock: Clock) -> None:
    app = behind_a_proxy(tmp_path, clock)

    visit(app, X_Forwarded_For=ADDRESS, Via="1.1 cache", User_Agent="Firefox")

    assert noted(tmp_path) == ("X-Forwarded-For", "Via")
    assert (tmp_path / FORWARDED_FILE).read_text() == "X-Forwarded-For\nVia\n"


def test_nothing_is_noted_where_nothing_is_told(tmp_path: Path, clock: Clock) -> None:
    visit(behind_a_proxy(tmp_path, clock), User_Agent="Firefox")

    assert not (tmp_path / FORWARDED_FILE).exists()


def test_a_header_is_noted_once_however_many_come(tmp_path: Path, clock: Clock) -> None:
    app = behind_a_proxy(tmp_path, clock)

    for _ in range(3):
        visit(app, X_Real_IP=ADDRESS)

    assert (tmp_path / FORWARDED_FILE).read_text() == "X-Real-IP\n"


@pytest.mark.parametrize("host", ["abcdefgh.onion", "localhost"])
def test_from_tor_and_this_machine_anybody_may_write_what_they_like(
    tmp_path: Path, clock: Clock, host: str
) -> None:
    visit(behind_a_proxy(tmp_path, clock), host, X_Forwarded_For=ADDRESS)

    assert noted(tmp_path) == ()


def test_the_note_knows_the_day_and_is_its_owners_alone(
    tmp_path: Path, clock: Clock
) -> None:
    visit(behind_a_proxy(tmp_path, clock), Forwarded=f"for={ADDRESS}")

    state = (tmp_path / FORWARDED_FILE).stat()
    written = dt.datetime.fromtimestamp(state.st_mtime)  # noqa: DTZ006 - as it was set
    assert written == dt.datetime.combine(clock().date(), dt.time())
    assert stat.S_IMODE(state.st_mode) == 0o600


def test_two_workers_note_side_by_side(tmp_path: Path, clock: Clock) -> None:
    first, second = (behind_a_proxy(tmp_path, clock) for _ in range(2))

    visit(first, X_Real_IP=ADDRESS)
    visit(second, X_Real_IP=ADDRESS, Via="1.1 cache")

    assert noted(tmp_path) == ("X-Real-IP", "Via")


def test_a_new_start_begins_with_an_empty_list(tmp_path: Path, clock: Clock) -> None:
    visit(behind_a_proxy(tmp_path, clock), X_Real_IP=ADDRESS)

    forwarding.forget(tmp_path)
    forwarding.forget(tmp_path)

    assert noted(tmp_path) == ()


def test_a_request_is_answered_although_it_could_not_be_noted(
    tmp_path: Path, clock: Clock
) -> None:
    app = behind_a_proxy(tmp_path, clock)
    (tmp_path / FORWARDED_FILE).mkdir()

    visit(app, X_Real_IP=ADDRESS)


def test_the_example_of_a_proxy_blanks_every_header_that_is_looked_for() -> None:
    example = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text("utf-8")
    names = (*forwarding.WITH_ADDRESS, *forwarding.OF_PROXIES)

    missing = [name for name in names if f'proxy_set_header {name} "";' not in example]

    assert missing == []
