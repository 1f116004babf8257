"""`make screens`: picture every page, in both languages, as people meet it.

    make screens PAGES="start case"

Makes a demo of its own and a portal on its first day, walks through both as a clerk
and an officer would, and writes docs/screens/. With names, only pages whose names
begin so are pictured. Days are the same each time; codes are drawn anew.
"""

import datetime as dt
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from album import Album
from at_work import OfficerAtScreen
from people import PASSPHRASE
from photos import photo, scan
from pictures_of_administration import walk_through_administration
from pictures_of_ladder import walk_through_ladder
from pictures_of_work import walk_through_comings
from playwright.sync_api import Browser
from screens import ClerkAtScreen, Look, chromium
from servers import HOME, Server
from story import WHAT

from crypto import CaseCode, OneTimeSecret
from portal.database import DATABASE_FILE
from portal.demo.demo import Demo, Login, make_demo

FOLDER = HOME / "docs" / "screens"
TODAY = "2027-03-09T09:30"
LANGUAGES = ("id", "en")

MESSAGE = "Ya, terakhir Jumat lalu. Tiga orang, seperti biasa."
NO_CODE = "000000"
LEAVE = 'form[action="/case/leave"] button'
LIST = b"No;Nama;Potongan"
SHOW_OWN = 'form[action="/case/mine"] button'

_STEP_SECONDS = 30
_SMALL_BUCKETS = {
    "reports_per_hour": 2,
    "messages_per_hour": 2,
    "logins_per_minute": 6,
}
"""For both workers together."""
_MOST_TRIES = 12


def main(wanted: list[str]) -> None:
    """Picture all pages, or those that are wanted."""
    os.environ["LURUS_TODAY"] = TODAY
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        album = Album(FOLDER, browser, wanted)
        walk_through_demo(album, browser, Path(folder) / "demo")
        for language in LANGUAGES:
            place = Path(folder) / language
            walk_through_first_day(album, browser, place, language)
            place = Path(folder) / f"ladder-{language}"
            walk_through_ladder(album, browser, place, language)
            place = Path(folder) / f"work-{language}"
            walk_through_comings(album, browser, place, language)
            place = Path(folder) / f"administration-{language}"
            walk_through_administration(album, browser, place, language)
    sys.stdout.write(f"{album.count} pictures in {FOLDER.relative_to(HOME)}/\n")


def walk_through_demo(album: Album, browser: Browser, folder: Path) -> None:
    """Meet a portal that is in use, in every language."""
    server = Server(folder, demo=True, head_name="Sutrisno Hadi")
    demo = make_demo(server.settings)
    now = dt.datetime.fromisoformat(TODAY).replace(tzinfo=server.settings.zone)
    step = int(now.timestamp()) // _STEP_SECONDS
    with server:
        for number, language in enumerate(LANGUAGES):
            look = Look(language=language, has_script=False)
            with closing(ClerkAtScreen(browser, server, look)) as clerk:
                picture_public_pages(album, clerk)
                picture_report(album, clerk)
                picture_cases(album, clerk, demo)
                picture_refusals(album, clerk, demo)
            look = Look(1280, 800, language, has_script=False)
            with closing(OfficerAtScreen(browser, server, look)) as officer:
                # The clock stands, and a step is taken once: each log-in has its own.
                picture_entrance(album, officer, demo.people[0], step - 1 + number)
                picture_desk(album, officer)


def picture_public_pages(album: Album, clerk: ClerkAtScreen) -> None:
    """Read what everybody may read."""
    clerk.go(f"/?lang={clerk.look.language}")
    album.take(clerk, "start")
    clerk.go("/choose")
    album.take(clerk, "choose")
    clerk.tick("money", "yes")
    clerk.tick("others_know", "3-4")
    clerk.page.select_option("[name=category]", "GRAT")
    clerk.press('form[action="/choose"] .acts button:first-child')
    album.take(clerk, "choose-judged")
    for name, path in {
        "guidance": "/guidance",
        "limits": "/limits",
        "keys": "/keys",
        "ledger": "/ledger",
        "figures": "/figures",
        "zone": "/zone",
        "mend": "/mend",
        "error-no-page": "/no-such-page",
        "error-invitation": "/office/invite/used",
    }.items():
        clerk.go(path)
        album.take(clerk, name)
    clerk.page.goto((HOME / "deploy" / "maintenance.html").as_uri())
    album.take(clerk, "error-maintenance")


def picture_report(album: Album, clerk: ClerkAtScreen) -> None:
    """Report, with what is missing and with what gives away, to the code."""
    clerk.go("/report")
    album.take(clerk, "report")
    clerk.look_it_over()
    album.take(clerk, "report-refused")
    clerk.tick("category", "GELAP")
    clerk.fill("[name=what]", WHAT)
    clerk.fill("[name=who_position]", "Bendahara")
    clerk.fill("[name=when]", "Setiap bulan")
    clerk.tick("others_know", "3-4")
    clerk.look_it_over()
    album.take(clerk, "report-preview")
    picture_files(album, clerk)
    clerk.hand_in()
    album.take(clerk, "report-code")
    clerk.type_back("0000")
    album.take(clerk, "report-code-wrong")
    clerk.type_back(clerk.asked_group)
    album.take(clerk, "report-code-right")


def picture_files(album: Album, clerk: ClerkAtScreen) -> None:
    """Bring files: some that can be cleaned, one that cannot, one that is empty."""
    clerk.choose_files([("IMG Sari 1.jpg", photo()), ("scan laptop Sari.pdf", scan())])
    clerk.look_it_over()
    album.take(clerk, "report-files")
    clerk.choose_files([("daftar potongan.csv", LIST), ("kosong.jpg", b"")])
    clerk.look_it_over()
    album.take(clerk, "report-files-refused")
    clerk.hand_in()
    album.take(clerk, "report-files-undecided")
    clerk.send_all_as_it_is()


def picture_cases(album: Album, clerk: ClerkAtScreen, demo: Demo) -> None:
    """Come back with a code: mistyped, unknown, and to cases of every kind."""
    clerk.go("/case")
    album.take(clerk, "case-entry")
    clerk.open_case(clerk.code[:-1] + "?")
    album.take(clerk, "case-entry-mistyped")
    clerk.open_case(CaseCode.generate().reveal())
    album.take(clerk, "case-entry-unknown")
    codes = {case.status: case.code for case in reversed(demo.cases)}
    for name, code in {
        "case-fresh": clerk.code,
        "case-closed": codes["closed"],
        "case-withdrawn": codes["withdrawn"],
        "case-with-thread": codes["referred"],
    }.items():
        clerk.open_case(code)
        album.take(clerk, name)
        clerk.press(LEAVE)
    for name, code in (
        ("case-with-own-words", codes["referred"]),
        ("case-with-files", clerk.code),
    ):
        clerk.open_case(code)
        clerk.press(SHOW_OWN)
        album.take(clerk, name)
        clerk.press(LEAVE)
    picture_end(album, clerk)


def picture_end(album: Album, clerk: ClerkAtScreen) -> None:
    """See both ways out of a case, and go the one that leaves nothing."""
    clerk.open_case(clerk.code)
    clerk.press('a[href$="/case/end"]')
    album.take(clerk, "case-end")
    clerk.press('form[action="/case/destroy"] button')
    album.take(clerk, "case-end-refused")
    clerk.page.locator("#destroy-sure input").check()
    clerk.press('form[action="/case/destroy"] button')
    album.take(clerk, "case-destroyed")


def picture_refusals(album: Album, clerk: ClerkAtScreen, demo: Demo) -> None:
    """Meet what can go wrong with a message, and what is kept then."""
    clerk.open_case(demo.cases[0].code)
    clerk.write("")
    album.take(clerk, "case-refused")
    clerk.go("/case")
    database = sqlite3.connect(clerk.server.instance / DATABASE_FILE)
    with closing(database):
        # Somebody else writes, and does not come to an end.
        database.execute("BEGIN IMMEDIATE")
        clerk.write(MESSAGE)
    album.take(clerk, "error-not-stored")
    clerk.go("/case")
    clerk.forget_cookies()
    clerk.context.add_cookies(
        [{"name": "lang", "value": clerk.look.language, "url": clerk.server.address}]
    )
    clerk.write(MESSAGE)
    album.take(clerk, "error-stale-form")
    clerk.press("main form button")
    album.take(clerk, "error-session-ended")


def picture_entrance(
    album: Album, officer: OfficerAtScreen, login: Login, step: int
) -> None:
    """Log in, wrongly first."""
    code = OneTimeSecret.parse(login.totp_secret).code(step)
    for one_time_code, name in ((NO_CODE, "office-refused"), (code, "office-list")):
        officer.go(f"/office/login?lang={officer.look.language}")
        album.take(officer, "office-login")
        officer.fill("[name=name]", login.name)
        officer.fill("[name=passphrase]", login.passphrase)
        officer.press("main button")
        album.take(officer, "office-second-factor")
        officer.fill("[name=one_time_code]", one_time_code)
        officer.press("main button")
        album.take(officer, name)


def picture_desk(album: Album, officer: OfficerAtScreen) -> None:
    """Look through the list, and at cases in three states."""
    officer.go("/office/?status=closed")
    album.take(officer, "office-list-filtered")
    officer.search("loket")
    album.take(officer, "office-search")
    officer.search("zzzz")
    album.take(officer, "office-search-empty")
    officer.go("/office/going")
    album.take(officer, "office-going")
    for status in ("submitted", "addressed", "closed"):
        officer.go(f"/office/?status={status}")
        officer.press("tbody td a")
        album.take(officer, f"office-case-{status}")
    officer.act("status", to="addressed")
    album.take(officer, "office-case-refused")
    officer.press('form[action="/office/close-screen"] button')
    album.take(officer, "office-closed")


def walk_through_first_day(
    album: Album, browser: Browser, folder: Path, language: str
) -> None:
    """Meet a portal with nobody in it, and then more than it admits."""
    look = Look(language=language, has_script=False)
    with (
        Server(folder, **_SMALL_BUCKETS) as server,
        closing(ClerkAtScreen(browser, server, look)) as clerk,
        closing(OfficerAtScreen(browser, server, look)) as officer,
    ):
        clerk.go(f"/report?lang={language}")
        album.take(clerk, "report-no-officer")
        picture_first_officer(album, officer)
        picture_crowd(album, clerk)


def picture_first_officer(album: Album, officer: OfficerAtScreen) -> None:
    """Take up an invitation, and log in more often than is admitted."""
    officer.open_invitation("Siti Rahmawati")
    album.take(officer, "office-invite")
    officer.fill("[name=passphrase]", "rahasia")
    officer.press("main button")
    album.take(officer, "office-invite-refused")
    officer.fill("[name=passphrase]", PASSPHRASE)
    officer.fill("[name=passphrase_again]", PASSPHRASE)
    officer.press("main button")
    album.take(officer, "office-invite-phone")
    officer.connect_phone()
    officer.log_in()
    album.take(officer, "office-list-empty")
    for _ in range(_MOST_TRIES):
        officer.go("/office/login")
        officer.fill("[name=name]", officer.name)
        officer.press("main button")
        if officer.answer.status == 503:
            break
    album.take(officer, "office-busy")


def picture_crowd(album: Album, clerk: ClerkAtScreen) -> None:
    """Write and report more often than is admitted."""
    clerk.report_in_short("Ada pungutan di loket tiga.")
    clerk.open_case(clerk.code)
    for _ in range(_MOST_TRIES):
        clerk.write(MESSAGE)
        if clerk.answer.status == 503:
            break
    album.take(clerk, "error-busy")
    for _ in range(_MOST_TRIES):
        clerk.begin()
        clerk.tick("category", "PUNGLI")
        clerk.fill("[name=what]", MESSAGE)
        clerk.look_it_over()
        clerk.press("button[name=step][value=hand-in]")
        if clerk.answer.status == 503:
            break
    album.take(clerk, "report-busy")


if __name__ == "__main__":
    main(sys.argv[1:])
