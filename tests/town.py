"""A server, and the screens around it."""

from at_work import OfficerAtScreen
from playwright.sync_api import Browser
from screens import ClerkAtScreen, Look, Screen
from servers import Server

from portal.roles import Role


class Town:
    """A server and the screens around it."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser = browser
        self.server = server
        self.look = Look()
        self.screens: list[Screen] = []
        self._examined: set[str] = set()

    @property
    def faults(self) -> list[str]:
        """What was found on the pages that anybody met."""
        return [fault for screen in self.screens for fault in screen.faults]

    def clerk(self) -> ClerkAtScreen:
        clerk = ClerkAtScreen(self.browser, self.server, self.look)
        self._add(clerk)
        return clerk

    def officer(self, name: str, *, role: Role = Role.OFFICER) -> OfficerAtScreen:
        """Return an officer who is enrolled, and at the login page."""
        officer = OfficerAtScreen(self.browser, self.server, self.look)
        self._add(officer)
        officer.enrol(name, role=role)
        return officer

    def close(self) -> None:
        """Close every browser window."""
        for screen in self.screens:
            screen.close()

    def _add(self, screen: Screen) -> None:
        screen.examined = self._examined
        self.screens.append(screen)
