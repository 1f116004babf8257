"""One browser for all, and a server for each test."""

from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture
def town(browser: Browser, tmp_path: Path) -> Iterator[Town]:
    """An installation that is served, and the screens around it."""
    with Server(tmp_path) as server:
        town = Town(browser, server)
        yield town
        town.close()
