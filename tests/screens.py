"""People at a screen: what a clerk sees and presses in Chromium.

Every page that somebody meets is looked over on arrival: it must not scroll
sideways, and with script on axe must find nothing in it, in light and in dark.
What was found is gathered in `Screen.faults`.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from people import File
from playwright.sync_api import Browser, Error, Response, sync_playwright
from servers import Server

_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_ALL_RULES = {
    "runOnly": {"type": "tag", "values": list(_TAGS)},
    "resultTypes": ["violations"],
}
# In the dark nothing changes but colours.
_COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
_WHAT_STANDS_IN = """form => [...new FormData(form)].filter(
    ([name]) => !["csrf_token", "form_token", "presets"].includes(name))"""
# Pages of one shape are made of the same parts; they are examined once.
_SHAPE = """[...new Set([...document.querySelectorAll("body *")].map(
    each => each.tagName + each.className + (each.type || each.role || "")
))].sort().join()"""
SEND_MESSAGE = 'form[action="/case/message"] > .acts button'
_PATIENCE_MILLISECONDS = 20_000


@dataclass(frozen=True)
class Look:
    """How somebody's browser shows pages."""

    width: int = 360
    height: int = 740
    language: str = "id"
    has_script: bool = True
    zoom: int = 1
    is_examined: bool = False
    """Whether axe looks at every page; it needs script."""

    def __str__(self) -> str:
        script = "script" if self.has_script else "no-script"
        return f"{self.language}-{self.width}-{script}"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; without one the test is skipped, but never in CI."""
    path = shutil.which("chromium")
    if path is None:
        sentence = "Chromium is missing: apt-get install -y chromium"
        is_required = "true" in os.environ.get("CI", "") or os.environ.get(
            "LURUS_REQUIRE_ALL"
        )
        (pytest.fail if is_required else pytest.skip)(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


class Screen:
    """Somebody's own browser window."""

    answer: Response
    """The response that the page was made from."""

    def __init__(self, browser: Browser, server: Server, look: Look) -> None:
        self.server = server
        self.look = look
        self.faults: list[str] = []
        self.context = browser.new_context(
            base_url=server.address,
            java_script_enabled=look.has_script,
            viewport={"width": look.width, "height": look.height},
            device_scale_factor=look.zoom,
        )
        self.context.set_default_timeout(_PATIENCE_MILLISECONDS)
        self.page = self.context.new_page()
        self.requested: set[str] = set()
        self.examined: set[str] = set()
        self.context.on("request", lambda request: self.requested.add(request.url))

    def close(self) -> None:
        self.context.close()

    @property
    def text(self) -> str:
        """What stands on the page, in one line."""
        return _one_line(self.page.inner_text("main"))

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.server.address)

    def hold(self, look: Look) -> None:
        """Go on with a window of another size."""
        self.look = look
        self.page.set_viewport_size({"width": look.width, "height": look.height})

    def go(self, path: str) -> None:
        """Type an address."""
        with self.leading_on():
            self.page.goto(path)

    def go_to(self, *paths: str) -> None:
        """Type addresses, one after the other."""
        for path in paths:
            self.go(path)

    def press(self, selector: str) -> None:
        """Press what leads to another page."""
        with self.leading_on():
            self.page.click(selector)

    def send(self, selector: str) -> None:
        """Press what sends files: where a script does, the page is not left for it."""
        if not self.page.locator("#upload").count() or not self.look.has_script:
            self.press(selector)
            return
        self.page.evaluate("document.documentElement.id = 'before'")
        self.page.click(selector)
        self.page.wait_for_selector("html:not(#before) footer")
        self._look_over()

    def go_back(self) -> None:
        """Go back; where that asks whether to send a form again, agree."""
        with suppress(Error):
            self.page.go_back()
        # The browser's own question is not a page whose coming can be waited for.
        self.page.wait_for_timeout(500)
        with self.leading_on():
            self.page.reload()

    @contextmanager
    def leading_on(self) -> Iterator[None]:
        """Wait for the page that is led to, and look it over."""
        self.requested.clear()
        with self.page.expect_navigation() as arrival:
            yield
        self.answer = arrival.value
        self._look_over()

    def read_in_own_language(self) -> None:
        """Switch the language where it is not the page's already."""
        if self.page.get_attribute("html", "lang") != self.look.language:
            self.press(f".bar a[hreflang={self.look.language}]")

    def fill(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)

    def forget_cookies(self) -> None:
        """End every session of this browser."""
        self.context.clear_cookies()

    def send_again_until(self, path: str) -> None:
        """Press what a refused form offers, as often as it asks, but not for ever."""
        for _ in range(3):
            if self.path != path:
                self.press("main form button")

    @contextmanager
    def another_tab(self) -> Iterator[None]:
        """Do something in another tab of this browser, and come back."""
        here, self.page = self.page, self.context.new_page()
        yield
        self.page.close()
        self.page = here

    def typed(self, action: str) -> list[list[str]]:
        """Return what stands in a form, but for the portal's own tokens."""
        form = self.page.locator(f'form[action="{action}"]')
        return form.evaluate(_WHAT_STANDS_IN)

    def weigh_pages(self, *paths: str) -> list[dict[str, int]]:
        """Go to pages and weigh each."""
        weights = []
        for path in paths:
            self.go(path)
            weights.append(self.weigh())
        return weights

    def weigh(self) -> dict[str, int]:
        """Return the bytes of the page and of all it needs, by address."""
        links = self.page.locator("link[href], [src]").evaluate_all(
            "found => found.map(each => each.href || each.src)"
        )
        sizes = {self.page.url: len(self.answer.body())}
        for address in {*links, *self.requested} - {self.page.url}:
            sizes[address] = len(self.context.request.get(address).body())
        return sizes

    def _look_over(self) -> None:
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.look.width:
            self.faults.append(f"{self.path} is {wide} px wide")
        if self.look.is_examined and self.page.evaluate(_SHAPE) not in self.examined:
            self.examined.add(self.page.evaluate(_SHAPE))
            self.page.evaluate(Axe().axe_script)
            self._examine(_ALL_RULES, "light")
            self._examine(_COLOURS, "dark")
            self.page.emulate_media(color_scheme="light")

    def _examine(self, rules: dict[str, object], scheme: str) -> None:
        self.page.emulate_media(color_scheme=scheme)
        results = self.page.evaluate("rules => axe.run(rules)", rules)
        for found in results["violations"]:
            nodes = "; ".join(node["html"][:160] for node in found["nodes"])
            self.faults.append(f"{self.path} ({scheme}): {found['help']}: {nodes}")


class ClerkAtScreen(Screen):
    """An employee who reports, on a phone or at a desk."""

    code = ""

    def begin(self) -> None:
        """Open the start page and go on to the form."""
        self.go("/")
        self.read_in_own_language()
        self.press('main a[href="/report"]')

    def report_in_short(self, what: str, *, kept_from: Sequence[str] = ()) -> None:
        """Hand in a report with nothing but what is required."""
        self.begin()
        for name in kept_from:
            self.untick_officer(name)
        self.tick("category", "PUNGLI")
        self.fill("[name=what]", what)
        self.look_it_over()
        self.hand_in()

    def tick(self, name: str, value: str) -> None:
        self.page.check(f'[name={name}][value="{value}"]')

    def untick_officer(self, name: str) -> None:
        self.page.get_by_label(name).uncheck()

    def choose_files(self, files: Sequence[File]) -> None:
        """Choose files in the form; they come with the next press."""
        chosen = [
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            for name, content in files
        ]
        self.page.set_input_files("#evidence", chosen)

    @property
    def files(self) -> list[str]:
        """What the form says of the files that were received, one line each."""
        rows = self.page.locator("#as_sent > li").all_text_contents()
        return [_one_line(row) for row in rows]

    def send_all_as_it_is(self) -> None:
        """Decide that what could not be cleaned goes as it is."""
        for box in self.page.locator("[name=as_sent]").all():
            box.check()

    def look_it_over(self) -> list[str]:
        """Ask for the preview; return the hints it shows."""
        self.press("button[name=step][value=preview]")
        return [
            _one_line(hint)
            for hint in self.page.locator("#hints li").all_text_contents()
        ]

    def hand_in(self) -> None:
        """Hand in, and write the code down."""
        self.press("button[name=step][value=hand-in]")
        self.code = self.code_on_page

    @property
    def code_on_page(self) -> str:
        """The code that the page shows; nothing if it shows none."""
        return "".join(
            "".join(self.page.locator("#case-code").all_text_contents()).split()
        )

    @property
    def asked_group(self) -> str:
        """The group of the noted code that the page asks for."""
        number = re.search(r"\d", self.page.inner_text("label[for=group]"))
        assert number is not None
        return self.code[4 * int(number[0]) - 4 : 4 * int(number[0])]

    def type_back(self, group: str) -> None:
        self.fill("[name=group]", group)
        self.press("form.check button")

    def open_case(self, code: str) -> None:
        if self.path != "/case":
            self.go("/case")
        self.fill("[name=code]", code)
        self.press('form[action="/case/open"] button')

    def write(self, text: str, files: Sequence[File] = ()) -> None:
        self.fill('form[action="/case/message"] [name=text]', text)
        if files:
            self.choose_files(files)
            self.send(SEND_MESSAGE)
        else:
            self.press(SEND_MESSAGE)

    @property
    def status(self) -> str:
        return self.page.get_attribute("#status", "data-status") or ""


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
