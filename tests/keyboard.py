"""Hands that touch no mouse: Tab, Space, arrows, Enter and letters.

Wherever the focus stops it must be seen: with an outline, and not under the bar.
"""

from screens import Screen

_MOST_STOPS = 120
_WHERE = """wanted => {
  const here = document.activeElement, style = getComputedStyle(here);
  const bar = document.querySelector(".bar");
  const covers = bar && getComputedStyle(bar).position === "sticky"
    && !bar.contains(here) && !here.matches(".skip");
  const line = covers ? bar.getBoundingClientRect().bottom - 1 : 0;
  const box = here.getBoundingClientRect();
  return {
    name: here.outerHTML.slice(0, 120),
    isWanted: here.matches(wanted),
    isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isInSight: box.left >= 0 && box.bottom > line && box.top >= line - box.height / 2
      && box.top < innerHeight,
  };
}"""


class Keyboard:
    """The keyboard before a screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.faults: list[str] = []

    def reach(self, selector: str) -> None:
        """Press Tab until the focus is on what is wanted."""
        self._walk("Tab", selector)

    def go_through_and_back(self, *paths: str) -> None:
        """Go down whole pages with Tab, and up again with Shift and Tab."""
        for path in paths:
            self.screen.go(path)
            self._walk("Tab", "footer .aside a")
            self._walk("Shift+Tab", ".skip")

    def skip_to_the_content(self, *paths: str) -> None:
        """Take the skip link, the first stop of every page."""
        for path in paths:
            self.screen.go(path)
            self.screen.page.keyboard.press("Tab")
            if not self._stop(".skip"):
                self.faults.append(f"{path} has no skip link")
            self.screen.page.keyboard.press("Enter")
            if not self.screen.page.locator("main:focus").count():
                self.faults.append(f"{path}: the skip link leads nowhere")

    def type(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.screen.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several answers, with the arrows."""
        self.reach(f"[name={name}]")
        for _ in range(_MOST_STOPS):
            self.screen.page.keyboard.press("ArrowDown")
            if self._stop(f'[value="{value}"]:checked'):
                return
        raise AssertionError(f"{value} cannot be chosen")

    def press(self, selector: str) -> None:
        """Press Enter on what leads to another page."""
        self.reach(selector)
        with self.screen.leading_on():
            self.screen.page.keyboard.press("Enter")

    def jump(self, target: str, text: str) -> None:
        """Follow a link to a field of the same page, and type there."""
        self.reach(f'a[href="{target}"]')
        self.screen.page.keyboard.press("Enter")
        if not self._stop(target):
            self.faults.append(f"{target} does not get the focus")
        self.screen.page.keyboard.type(text)

    def open(self, selector: str) -> None:
        """Press Space on what opens where it stands."""
        self.reach(selector)
        self.screen.page.keyboard.press("Space")

    def _walk(self, key: str, selector: str) -> None:
        for _ in range(_MOST_STOPS):
            self.screen.page.keyboard.press(key)
            if self._stop(selector):
                return
        raise AssertionError(f"{selector} cannot be reached by {key}")

    def _stop(self, selector: str) -> bool:
        where = self.screen.page.evaluate(_WHERE, selector)
        if not where["isOutlined"]:
            self.faults.append(f"no outline: {where['name']}")
        if not where["isInSight"]:
            self.faults.append(f"out of sight: {where['name']}")
        return bool(where["isWanted"])
