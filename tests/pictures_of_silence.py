"""Pictures of what is not buried: a missed day, an objection, somebody who is looked for.

The demo has played all three; they are met as its clerk, an officer and a custodian.
"""

from album import Album
from at_work import OfficerAtScreen
from screens import ClerkAtScreen

from portal.demo.demo import Demo

ESCALATED = '[data-mark="escalated"]'
OBJECTED = '[data-mark="objection"]'
HUNTED = "#trouble"
LEAVE = 'form[action="/case/leave"] button'
DUTIES = 'form[action$="/duties"] button'


def picture_marked_cases(album: Album, clerk: ClerkAtScreen, demo: Demo) -> None:
    """Come back to each of the three; of the silent one, take what it offers."""
    for name, mark in {"objected": OBJECTED, "hunted": HUNTED}.items():
        open_marked(clerk, demo, mark)
        album.take(clerk, f"case-{name}")
        clerk.press(LEAVE)
    open_marked(clerk, demo, ESCALATED)
    album.take(clerk, "case-escalated")
    for name in ("receipt", "object", "trouble"):
        clerk.go(f"/case/{name}")
        album.take(clerk, f"case-{name}")
    clerk.press('form[action="/case/trouble"] button')
    album.take(clerk, "case-trouble-refused")
    clerk.go("/case")
    clerk.press(LEAVE)


def open_marked(clerk: ClerkAtScreen, demo: Demo, mark: str) -> None:
    """Open the first case of the demo whose page has *mark*."""
    for case in demo.cases:
        clerk.open_case(case.code)
        if clerk.page.locator(mark).count():
            return
        clerk.press(LEAVE)
    raise AssertionError(mark)


def picture_marked_desk(album: Album, officer: OfficerAtScreen) -> None:
    """See the same three as an officer; the one that is urgent stands first."""
    for name, row in {
        "hunted": "tr:first-child",
        "escalated": f"tr:has({ESCALATED})",
        "objected": f"tr:has({OBJECTED})",
    }.items():
        officer.go("/office/")
        officer.press(f"tbody {row} td a")
        album.take(officer, f"office-case-{name}")


def picture_called(album: Album, keeper: OfficerAtScreen) -> None:
    """Answer for them as a custodian: at first without a word to the reporter."""
    keeper.go("/custody/")
    album.take(keeper, "custody-list-called")
    rows = keeper.hrefs("tbody td a")
    for name, form in {"objected": "confirm", "escalated": "give-back"}.items():
        open_with(keeper, rows, form)
        album.take(keeper, f"custody-case-{name}")
    keeper.page.fill("#give-back-day", "besok")
    keeper.press('form[action$="/give-back"] button')
    album.take(keeper, "custody-case-refused")
    keeper.go("/custody/figures")
    album.take(keeper, "custody-figures")


def open_with(keeper: OfficerAtScreen, rows: list[str], act: str) -> None:
    """Open the first case that offers *act*; take its duties on where they are asked."""
    for row in rows:
        keeper.go(row)
        if keeper.page.locator(DUTIES).count():
            keeper.press(DUTIES)
        if keeper.page.locator(f'form[action$="/{act}"]').count():
            return
    raise AssertionError(act)
