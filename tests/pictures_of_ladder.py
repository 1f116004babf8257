"""Pictures of the ladder, and of silence: what is kept, what was missed, who meets it.

A demo of its own for each language: its people have kept what they kept, and its
custodians have held their rounds.
"""

import datetime as dt
from contextlib import closing
from pathlib import Path

import ladder_story as story
from album import Album
from at_work import OfficerAtScreen
from pictures_of_silence import (
    picture_called,
    picture_marked_cases,
    picture_marked_desk,
)
from playwright.sync_api import Browser
from screens import ClerkAtScreen, Look
from servers import Server

from crypto import OneTimeSecret
from portal.demo.demo import Demo, Login, make_demo
from portal.roles import Role

ROUND = 'form[action="/custody/round"] button'

_STEP_SECONDS = 30


def walk_through_ladder(
    album: Album, browser: Browser, folder: Path, language: str
) -> None:
    """Meet every page of the ladder, as a clerk, an officer and a custodian."""
    server = Server(folder, demo=True)
    demo = make_demo(server.settings)
    desk = Look(1280, 800, language, has_script=False)
    with server:
        look = Look(language=language, has_script=False)
        with closing(ClerkAtScreen(browser, server, look)) as clerk:
            clerk.go(f"/?lang={language}")
            picture_notes(album, clerk)
            picture_holds(album, clerk, demo)
            picture_what_is_read(album, clerk)
            picture_reply(album, clerk)
            picture_marked_cases(album, clerk, demo)
        with closing(OfficerAtScreen(browser, server, desk)) as officer:
            log_in(officer, find_login(demo, Role.OFFICER))
            picture_entries(album, officer)
            picture_reminders(album, officer)
            picture_marked_desk(album, officer)
        with closing(OfficerAtScreen(browser, server, desk)) as keeper:
            log_in(keeper, find_login(demo, Role.CUSTODIAN))
            picture_round(album, keeper)
            picture_called(album, keeper)


def find_login(demo: Demo, role: Role) -> Login:
    """Return the first person of the demo who has *role*."""
    return next(person for person in demo.people if person.role == role)


def log_in(person: OfficerAtScreen, login: Login) -> None:
    """Log in as somebody of the demo, whose clock stands."""
    code = OneTimeSecret.parse(login.totp_secret).code(
        int(person.server.now().astimezone(dt.UTC).timestamp()) // _STEP_SECONDS
    )
    person.go(f"/office/login?lang={person.look.language}")
    person.fill("[name=name]", login.name)
    person.fill("[name=passphrase]", login.passphrase)
    person.press("main button")
    person.fill("[name=one_time_code]", code)
    person.press("main button")


def picture_notes(album: Album, clerk: ClerkAtScreen) -> None:
    """Keep a note, come back to it, and see what can become of it."""
    clerk.go("/note")
    album.take(clerk, "note")
    clerk.fill("[name=what]", story.SEEN)
    clerk.look_it_over()
    clerk.hand_in()
    album.take(clerk, "note-code")
    clerk.type_back(clerk.asked_group)
    album.take(clerk, "note-code-right")
    clerk.open_case(clerk.code)
    album.take(clerk, "entry-note")
    for page in ("keep", "report", "end"):
        clerk.go("/case")
        clerk.press(f'main a[href="/case/{page}"]')
        album.take(clerk, f"entry-note-{page}")
    clerk.go("/case")
    clerk.press(story.LEAVE)


def picture_holds(album: Album, clerk: ClerkAtScreen, demo: Demo) -> None:
    """Hold a report until a day, and one until others name the same person."""
    clerk.go("/hold")
    album.take(clerk, "hold-questions")
    story.answer_questions(clerk, "PRESENSI")
    clerk.press(story.GO_ON)
    album.take(clerk, "hold")
    clerk.go("/hold/match")
    story.answer_questions(clerk, "PRESENSI")
    clerk.press(story.GO_ON)
    story.choose_person(clerk, story.MEANT)
    clerk.fill("[name=what]", story.LATER)
    clerk.fill("[name=slip]", demo.slips[0])
    album.take(clerk, "hold-match")
    clerk.look_it_over()
    album.take(clerk, "hold-match-preview")
    clerk.hand_in()
    album.take(clerk, "hold-match-code")
    clerk.open_case(clerk.code)
    album.take(clerk, "entry-hold")
    clerk.press('main a[href="/case/keep"]')
    album.take(clerk, "entry-hold-keep")
    clerk.go("/case")
    clerk.press(story.LEAVE)


def picture_what_is_read(album: Album, clerk: ClerkAtScreen) -> None:
    """Ask for a reminder, ask a question, and say a good word."""
    clerk.go("/remind")
    story.answer_questions(clerk, "DISIP")
    clerk.press(story.GO_ON)
    story.choose_person(clerk, story.MEANT)
    clerk.look_it_over()
    album.take(clerk, "remind")
    clerk.hand_in()
    clerk.open_case(clerk.code)
    album.take(clerk, "entry-reminder")
    clerk.press(story.LEAVE)
    clerk.go("/ask")
    album.take(clerk, "ask")
    clerk.go("/praise")
    album.take(clerk, "praise")


def picture_reply(album: Album, clerk: ClerkAtScreen) -> None:
    """Answer a leaflet; at first without its code."""
    clerk.go("/reply")
    album.take(clerk, "reply")
    clerk.fill("[name=text]", story.REPLY)
    clerk.press('form[action="/reply"] button')
    album.take(clerk, "reply-refused")


def picture_entries(album: Album, officer: OfficerAtScreen) -> None:
    """Look through what is no report, at a question, a good word and a match."""
    officer.go("/office/entries")
    album.take(officer, "office-entries")
    for kind in ("question", "praise", "hold"):
        officer.go(f"/office/entries?kind={kind}")
        officer.press(story.LINKS)
        album.take(officer, f"office-entry-{kind}")


def picture_reminders(album: Album, officer: OfficerAtScreen) -> None:
    """See what is to be passed on, and the leaflet as it is printed."""
    officer.go("/office/reminders")
    album.take(officer, "office-reminders")
    officer.press(story.LINKS)
    album.take(officer, "office-entry-reminder")
    officer.press('#reminder a[href$="/letter"]')
    album.take(officer, "office-letter")


def picture_round(album: Album, keeper: OfficerAtScreen) -> None:
    """Hold a round, and see what it came to."""
    keeper.go("/custody/round")
    album.take(keeper, "custody-round")
    keeper.press(ROUND)
    while keeper.page.locator("progress").count():
        keeper.press(ROUND)
    album.take(keeper, "custody-round-held")
