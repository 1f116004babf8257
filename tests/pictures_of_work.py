"""Pictures of people at work: they come, declare, recuse themselves, lose a key, leave.

A demo of its own for each language: two officers, one who loses the key, a custodian,
and a clerk who reports. Its clock stands, so recovery codes take the place of the
phone's wherever they can.
"""

from contextlib import ExitStack, closing
from pathlib import Path

import comings_and_goings as story
from album import Album
from at_work import OfficerAtScreen
from photographs import send_photos_and_letter
from playwright.sync_api import Browser
from screens import ClerkAtScreen, Look
from servers import Server

from portal.roles import Role

ACCOUNT = "/office/account"
SITI = "Siti Rahmawati"
WRONG_CODE = "000000"


def walk_through_comings(
    album: Album, browser: Browser, folder: Path, language: str
) -> None:
    """Meet every page that people at work meet besides the cases."""
    desk = Look(1280, 800, language, has_script=False)
    with Server(folder, demo=True) as server, ExitStack() as windows:

        def person(name: str, role: Role = Role.OFFICER) -> OfficerAtScreen:
            screen = OfficerAtScreen(browser, server, desk)
            windows.enter_context(closing(screen))
            screen.enrol(name, role=role)
            return screen

        rina, siti = person("Rina Wulandari"), person(SITI)
        ketut = person("Ketut Dana", Role.CUSTODIAN)
        album.take(ketut, "custody-shares")
        clerk = ClerkAtScreen(browser, server, Look(language=language))
        windows.enter_context(closing(clerk))
        report(clerk)
        for somebody in (rina, siti, ketut):
            somebody.log_in(without_phone=True)
        picture_account(album, rina)
        picture_conflicts(album, rina)
        picture_readers(album, siti)
        picture_taking(album, siti)
        picture_new_key(album, rina, siti)
        send_photos_and_letter(server, clerk.code)
        picture_files(album, rina)
        picture_leaving(album, rina)
        picture_custodian(album, rina, ketut)


def report(clerk: ClerkAtScreen) -> None:
    """Report three times, each time for other eyes."""
    clerk.report_in_short(story.READ_BY_ALL)
    clerk.report_in_short(story.NOT_HERS)
    clerk.report_in_short(story.ONE_READER, kept_from=[SITI])


def picture_account(album: Album, officer: OfficerAtScreen) -> None:
    """Keep one's passphrase, phone, codes and key in order."""
    officer.go(ACCOUNT)
    album.take(officer, "office-account")
    officer.fill("#phone-one_time_code", WRONG_CODE)
    officer.press(f'form[action="{ACCOUNT}/phone/new"] button')
    officer.confirm(f'form[action="{ACCOUNT}/phone/new"]')
    album.take(officer, "office-account-phone")
    officer.go(ACCOUNT)
    officer.confirm(f'form[action="{ACCOUNT}/recovery-codes"]')
    officer.keep_recovery_codes()
    album.take(officer, "office-account-codes")
    officer.go(f"{ACCOUNT}/key")
    album.take(officer, "office-key")


def picture_conflicts(album: Album, officer: OfficerAtScreen) -> None:
    """Declare where one is not free to judge."""
    officer.go("/office/conflicts")
    album.take(officer, "office-conflicts")
    officer.fill("#units", "Bagian Umum")
    officer.press('form[action="/office/conflicts"] button')
    album.take(officer, "office-conflicts-declared")


def picture_readers(album: Album, officer: OfficerAtScreen) -> None:
    """Recuse oneself from a case; at first without a reason."""
    assert story.can_open(officer, story.NOT_HERS)
    officer.page.click("#recuse summary")
    officer.act("recuse", reason="")
    officer.act("recuse", reason=story.REASON)


def picture_taking(album: Album, officer: OfficerAtScreen) -> None:
    """Take a report for somebody on the phone, and read the code out."""
    officer.go("/office/notice")
    album.take(officer, "office-notice")
    officer.go("/office/new")
    album.take(officer, "office-new")
    officer.page.check('[name=came_by][value="phone"]')
    officer.page.check('[name=category][value="PUNGLI"]')
    officer.fill("[name=what]", story.READ_BY_ALL)
    officer.press("button[name=step][value=preview]")
    officer.press("button[name=step][value=hand-in]")
    album.take(officer, "office-new-code")


def picture_new_key(
    album: Album, giver: OfficerAtScreen, receiver: OfficerAtScreen
) -> None:
    """Lose the key, get a new one, and the cases that both may read."""
    receiver.open_new_link()
    album.take(receiver, "office-new-key")
    receiver.press('main a[href$="/paper"]')
    album.take(receiver, "office-new-key-paper")
    receiver.press("main a.second")
    receiver.choose_passphrase()
    receiver.connect_phone()
    receiver.log_in(without_phone=True)
    heard = story.hear_the_fingerprint(receiver)
    giver.go("/office/")
    album.take(giver, "office-list-new-key")
    giver.press('main a[href^="/office/hand-over/"]')
    album.take(giver, "office-hand-over")
    giver.fill("[name=fingerprint_end]", "aaaa aaaa")
    giver.confirm('form[action^="/office/hand-over/"]')
    album.take(giver, "office-hand-over-refused")
    giver.fill("[name=fingerprint_end]", heard)
    giver.confirm('form[action^="/office/hand-over/"]')
    album.take(giver, "office-hand-over-done")
    receiver.go(f"{ACCOUNT}/take-up")
    album.take(receiver, "office-take-up")
    receiver.press(f'form[action="{ACCOUNT}/take-up"] button')
    receiver.go("/keys")
    album.take(receiver, "keys-changed")


def picture_files(album: Album, officer: OfficerAtScreen) -> None:
    """Look at photos and a letter, small and large."""
    assert story.can_open(officer, story.ONE_READER)
    album.take(officer, "office-case-files")
    officer.press(".files li:last-child a")
    officer.press("a[rel=next]")
    album.take(officer, "office-file")


def picture_leaving(album: Album, officer: OfficerAtScreen) -> None:
    """See which cases nobody else can read, and that one cannot go to everybody."""
    officer.go(f"{ACCOUNT}/leave")
    album.take(officer, "office-leave")
    story.try_to_give(officer, story.ONE_READER, SITI)
    album.take(officer, "office-case-give-refused")


def picture_custodian(
    album: Album, officer: OfficerAtScreen, custodian: OfficerAtScreen
) -> None:
    """Let a case go to the custodian, and look at it there."""
    custodian.go("/custody/")
    album.take(custodian, "custody-list-empty")
    custodian.go("/custody/shares")
    album.take(custodian, "custody-own-shares")
    story.recuse_oneself(officer, story.ONE_READER)
    custodian.go("/custody/")
    album.take(custodian, "custody-list")
    custodian.press("tbody td a")
    album.take(custodian, "custody-duties")
    custodian.press('form[action$="/duties"] button')
    album.take(custodian, "custody-case")
    custodian.press(".files li:first-child a")
    album.take(custodian, "custody-file")
