"""People at work before a screen: what an officer or a custodian sees and presses."""

import re
import time

from conftest import last_day
from people import PASSPHRASE
from playwright.sync_api import Locator
from screens import Screen

from crypto import OneTimeSecret
from portal.database import open_database
from portal.invitations import invite, invite_again
from portal.roles import Role


class OfficerAtScreen(Screen):
    """An integrity officer, with a passphrase and a phone."""

    name = ""
    recovery_codes: list[str]
    """Those that were shown when the phone was connected, and are unused."""
    _secret: OneTimeSecret
    _step = 0

    def enrol(self, name: str, *, role: Role = Role.OFFICER) -> None:
        """Open the invitation, choose a passphrase, connect the phone."""
        self.open_invitation(name, role=role)
        self.choose_passphrase()
        self.connect_phone()
        if role is Role.CUSTODIAN:
            self.server.hear_keys()

    def lose_the_passphrase(self) -> None:
        """Be given a one-time link to a new key, and set up anew."""
        self.open_new_link()
        self.choose_passphrase()
        self.connect_phone()

    def open_new_link(self) -> None:
        """Open the link to a new key, in a browser that knows nobody."""
        database = open_database(self.server.instance)
        with database.sessions() as session:
            token = invite_again(session, self.name, today=self.server.today())
        database.engine.dispose()
        self.forget_cookies()
        self._step = 0
        self.go(f"/office/invite/{token}")
        self.read_in_own_language()

    def choose_passphrase(self) -> None:
        self.fill("[name=passphrase]", PASSPHRASE)
        self.fill("[name=passphrase_again]", PASSPHRASE)
        self.press("main button")

    def open_invitation(self, name: str, *, role: Role = Role.OFFICER) -> None:
        self.name = name
        self.go(self._invitation(name, role=role))
        self.read_in_own_language()

    def connect_phone(self) -> None:
        """Take the key into the app, keep the codes, and type the first code."""
        self.keep_recovery_codes()
        words = self.page.inner_text("#totp-secret")
        self._secret = OneTimeSecret.parse(re.sub(r"\s", "", words))
        self.fill("[name=one_time_code]", self.next_code())
        self.press("main button")

    def keep_recovery_codes(self) -> None:
        """Write down the codes that the page shows, this once."""
        self.recovery_codes = self.page.locator("#recovery-codes li").all_inner_texts()

    def log_in(self, *, without_phone: bool = False) -> None:
        """Log in with both factors; without the phone, with a recovery code."""
        if self.path != "/office/login":
            self.go("/office/login")
        self._try(self.recovery_codes.pop() if without_phone else self.next_code())

    def log_in_wrongly(self) -> None:
        """Log in with a code that no phone shows."""
        self.go("/office/login")
        self._try("------")

    def search(self, words: str) -> None:
        self.fill("[name=q]", words)
        self.press("form.filters button")

    def next_code(self) -> str:
        """Return a code that was not used yet.

        The first is one step late, so that three are accepted without a wait; near
        the end of a step it is not, for the page may need a few seconds.
        """
        now = self.server.now().timestamp()
        self._step = max(self._step + 1, int(now + 15) // 30 - 1)
        # A step that is two ahead is not accepted yet.
        time.sleep(max(0.0, (self._step - 1) * 30 - now))
        return self._secret.code(self._step)

    def confirm(self, form: str) -> None:
        """Spend a recovery code on a form: no wait for the phone's next code."""
        self.fill(f"{form} [name=one_time_code]", self.recovery_codes.pop())
        self.press(f"{form} button")

    @property
    def cases(self) -> Locator:
        """The cases on the desk."""
        return self.page.locator("tbody td a")

    def hrefs(self, selector: str) -> list[str]:
        """Return where links lead."""
        links = self.page.locator(selector)
        return [link.get_attribute("href") or "" for link in links.all()]

    def act(self, act: str, **fields: str) -> None:
        """Fill in one of the forms on a case's page, and send it."""
        form = f'form[action$="/{act}"]'
        for name, text in fields.items():
            self._answer(self.page.locator(f"{form} [name={name}]"), text)
        self.press(f"{form} button")

    def _try(self, one_time_code: str) -> None:
        self.fill("[name=name]", self.name)
        self.fill("[name=passphrase]", PASSPHRASE)
        self.press("main button")
        self.fill("[name=one_time_code]", one_time_code)
        self.press("main button")

    def _answer(self, field: Locator, text: str) -> None:
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            field.and_(self.page.locator(f'[value="{text}"]')).check()
        elif kind.startswith("select"):
            field.select_option(text)
        else:
            field.fill(text)

    def _invitation(self, name: str, *, role: Role) -> str:
        database = open_database(self.server.instance)
        with database.sessions() as session:
            token = invite(
                session,
                name,
                position="Auditor",
                unit="Inspektorat" if role is Role.OUTSIDE_OFFICER else "Sekretariat",
                roles=frozenset({role}),
                today=self.server.today(),
                until=last_day(role, self.server.today()),
            )
        database.engine.dispose()
        return f"/office/invite/{token}"
