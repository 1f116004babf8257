"""One browser and one server for all; each test begins with an empty portal."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from screens import chromium
from servers import Server
from town import Town


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server, started once: two workers take four seconds of computing to start."""
    with Server(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def town(browser: Browser, server: Server) -> Iterator[Town]:
    """An installation that is new and served, and the screens around it."""
    server.begin_anew()
    town = Town(browser, server)
    yield town
    town.close()
