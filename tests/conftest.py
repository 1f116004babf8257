"""Fixtures: an installation, its app, and the people who use it."""

import datetime as dt
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apps import make_app
from builders import hear_keys
from enrolled import enrol_once
from flask import Flask
from installations import install_first, let_hurry
from people import Administrator, Officer, Reporter
from sqlalchemy.orm import Session

from portal.database import open_database, rest
from portal.invitations import invite
from portal.roles import Role
from portal.settings import Settings

HOME = Path(__file__).parent.parent
SLOW = {"slow", "browser"}
MONDAY = dt.datetime(2026, 12, 7, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    time: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.time

    @property
    def timestamp(self) -> int:
        return int(self.time.timestamp())

    def pass_by(self, **time: float) -> None:
        self.time += dt.timedelta(**time)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the Indonesian catalogue as it is now: once, before workers read it."""
    if hasattr(config, "workerinput"):
        return
    subprocess.run(
        [
            *(sys.executable, "-m", "babel.messages.frontend", "--quiet", "compile"),
            *("-d", str(HOME / "portal" / "translations")),
        ],
        check=True,
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with slow files, then large ones: at the end one core would wait for them."""
    sizes = Counter(item.path for item in items)
    slow = {item.path for item in items if SLOW & {m.name for m in item.iter_markers()}}
    items.sort(key=lambda item: (item.path not in slow, -sizes[item.path]))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Production settings, but for hosts, hand-over, the form's age, and buckets."""
    return Settings(
        instance=tmp_path / "instance",
        address="http://localhost",
        other_addresses=("http://abcdefgh.onion",),
        head_name="Sutrisno Hadi",
        hand_over_hours=("immediate",),
        form_minimum_age_seconds=1,
        reports_per_hour=100_000,
        messages_per_hour=100_000,
        logins_per_minute=10_000,
        attempts_per_hour=10_000,
    )


@pytest.fixture
def clock(settings: Settings) -> Clock:
    """A Monday morning."""
    return Clock(MONDAY.astimezone(settings.zone))


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Flask:
    """The portal over a fresh installation, with cheap passphrases."""
    install_first(settings, clock().date())
    return make_app(settings, _ticking(clock))


@pytest.fixture
def session(settings: Settings, clock: Clock) -> Iterator[Session]:
    """The database, as the domain, a thief or a test sees it."""
    install_first(settings, clock().date())
    database = open_database(settings.instance)
    let_hurry(database)
    with database.sessions() as session:
        yield session
    database.engine.dispose()


@pytest.fixture
def reporter(app: Flask, officer: Officer) -> Reporter:
    """An employee, in an agency with one officer."""
    return Reporter(app)


@pytest.fixture
def officer(new_officer: Callable[..., Officer]) -> Officer:
    """Rina, an officer of the agency."""
    return new_officer("Rina Wulandari")


@pytest.fixture
def outside_officer(new_officer: Callable[..., Officer]) -> Officer:
    """Yusuf, of the Inspectorate."""
    return new_officer("Yusuf Hidayat", role=Role.OUTSIDE_OFFICER)


@pytest.fixture
def keeper(officer: Officer, new_officer: Callable[..., Officer]) -> Officer:
    """Sri, a custodian, in an agency with one officer."""
    assert officer
    return new_officer("Sri Lestari", role=Role.CUSTODIAN)


@pytest.fixture
def new_officer(
    app: Flask, session: Session, settings: Settings, clock: Clock
) -> Callable[..., Officer]:
    """Invite, enrol and log in somebody, an officer unless another role is given."""

    def enrol(name: str, *more: Role, role: Role = Role.OFFICER) -> Officer:
        roles = frozenset({role, *more})
        person = (Administrator if Role.ADMINISTRATOR in roles else Officer)(app)

        def come_in() -> None:
            token = invite(
                session,
                name,
                position="Auditor",
                unit="Sekretariat" if role is Role.OFFICER else "Inspektorat",
                roles=roles,
                today=clock().date(),
                until=last_day(role, clock().date()),
            )
            # A code shall not run out while it is typed: time passes with every page.
            clock.pass_by(seconds=-clock.timestamp % 30)
            person.enrol(f"{settings.address}/office/invite/{token}", clock.timestamp)
            person.log_in(clock.timestamp)
            if role is Role.CUSTODIAN:
                hear_keys(session)

        rest(session)
        enrol_once(person, (name, role, roles), clock, settings, come_in)
        return person

    return enrol


def last_day(role: Role, today: dt.date) -> dt.date | None:
    """Return until when somebody of that role is let in: evaluators for thirty days."""
    return today + dt.timedelta(days=30) if role is Role.EVALUATOR else None


def _ticking(clock: Clock) -> Callable[[], dt.datetime]:
    """Let two seconds pass whenever the portal looks: people need time for a form."""

    def look() -> dt.datetime:
        clock.pass_by(seconds=2)
        return clock.time

    return look
