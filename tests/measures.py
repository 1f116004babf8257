"""Measures of a page in the browser: how long its lines are, how small what is pressed."""

from screens import Screen

LONGEST_LINE = 68
SMALLEST_TARGET = 44

# A line ends where the next letter stands lower; the space that breaks it is not seen.
_LINES = """most => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, holder = text.parentElement;
    if (!holder.offsetParent || holder.closest("option, textarea, [aria-hidden]"))
      continue;
    let line = "", top = null;
    const end = () => { if (line.trim().length > most) found.push(line.trim()); };
    for (let at = 0; at < text.data.length; at++) {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getClientRects()[0];
      if (!box) continue;
      if (top !== null && Math.abs(box.top - top) > 4) { end(); line = ""; }
      [line, top] = [line + text.data[at], box.top];
    }
    end();
  }
  return found;
}"""
# A link inside a sentence may be as high as its line (WCAG 2.5.8); on a phone a row of
# a table is one target.
_TARGETS = """least => [...document.querySelectorAll(
    "a, button, summary, select, textarea, input:not([type=hidden])"
  )].filter(each => each.checkVisibility() && each.tabIndex >= 0
    && !each.matches(".skip")
    && !(each.matches("p > a") && each.parentElement.innerText !== each.innerText)
  ).filter(each => (each.closest("label") || each.matches("td a") && each.closest("tr")
    || each).getBoundingClientRect().height < least - 0.5
  ).map(each => each.outerHTML.slice(0, 120))"""


def long_lines(screen: Screen, *paths: str) -> list[str]:
    """Return the lines of pages that have more letters than are easily read."""
    return _found(screen, paths, _LINES, LONGEST_LINE)


def small_targets(screen: Screen, *paths: str) -> list[str]:
    """Return what can be pressed on pages and is too low for a thumb."""
    return _found(screen, paths, _TARGETS, SMALLEST_TARGET)


def _found(
    screen: Screen, paths: tuple[str, ...], measure: str, limit: int
) -> list[str]:
    found = []
    for path in paths:
        screen.go(f"{path}?lang={screen.look.language}")
        found += [f"{path}: {each}" for each in screen.page.evaluate(measure, limit)]
    return found
