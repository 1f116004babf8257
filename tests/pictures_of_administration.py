"""Pictures of an administrator at work: people, the first day, settings, the record."""

from contextlib import ExitStack, closing
from pathlib import Path

from album import Album
from at_work import OfficerAtScreen
from playwright.sync_api import Browser
from screens import Look
from servers import Server

from portal.roles import Role

ADMIN = "/admin/"


def walk_through_administration(
    album: Album, browser: Browser, folder: Path, language: str
) -> None:
    """Invite somebody, let somebody leave, and look at what stands of it."""
    desk = Look(1280, 800, language, has_script=False)
    with Server(folder, demo=True) as server, ExitStack() as windows:

        def person(name: str, role: Role) -> OfficerAtScreen:
            screen = OfficerAtScreen(browser, server, desk)
            windows.enter_context(closing(screen))
            screen.enrol(name, role=role)
            return screen

        person("Rina Wulandari", Role.OFFICER)
        person("Joko Prasetyo", Role.OFFICER)
        dewi = person("Dewi Lestari", Role.ADMINISTRATOR)
        dewi.log_in(without_phone=True)
        invite(album, dewi)
        let_leave(album, dewi)
        picture_house(album, dewi)
        tono = person("Tono Wibowo", Role.EVALUATOR)
        tono.log_in(without_phone=True)
        picture_samples(album, tono)


def invite(album: Album, administrator: OfficerAtScreen) -> None:
    """Invite a third officer; at first without saying as what."""
    administrator.go(f"{ADMIN}invite")
    album.take(administrator, "admin-invite")
    administrator.fill("[name=person_name]", "Siti Rahmawati")
    administrator.fill("[name=person_position]", "Auditor Muda")
    administrator.fill("[name=person_unit]", "Sekretariat")
    form = f'form[action="{ADMIN}invite"]'
    administrator.confirm(form)
    album.take(administrator, "admin-invite-refused")
    administrator.page.check('[name=roles][value="officer"]')
    administrator.confirm(form)
    album.take(administrator, "admin-invited")
    administrator.go(ADMIN)
    administrator.press('main a:has-text("Siti")')
    album.take(administrator, "admin-person")
    administrator.press('main a[href$="/invitation"]')
    album.take(administrator, "admin-invitation")


def let_leave(album: Album, administrator: OfficerAtScreen) -> None:
    """Let an officer retire, and make another one an administrator."""
    for name, act in (("Rina", "administration"), ("Joko", "retire")):
        administrator.go(ADMIN)
        administrator.press(f'main a:has-text("{name}")')
        administrator.press(f'main a[href$="/{act}"]')
        album.take(administrator, f"admin-{act}")
    administrator.confirm('form[action$="/retire"]')
    album.take(administrator, "admin-people")


def picture_house(album: Album, administrator: OfficerAtScreen) -> None:
    """Look at the sheet for the first day, the lists, the settings, and the record."""
    for page in (
        *("first-day", "staff", "slips", "recovery", "settings", "audit", "clock"),
        *("zone", "zone/statement", "zone/pact", "figures"),
    ):
        administrator.go(f"{ADMIN}{page}")
        album.take(administrator, f"admin-{page.replace('/', '-')}")
    administrator.go(f"{ADMIN}evaluations")
    album.take(administrator, "admin-evaluations")
    administrator.go(f"{ADMIN}evaluations/1")
    album.take(administrator, "admin-evaluation")


def picture_samples(album: Album, evaluator: OfficerAtScreen) -> None:
    """Look at what evaluators see: sample cases, and facts of the process."""
    for name, page in (("cases", ""), ("case", "cases/3"), ("process", "process")):
        evaluator.go(f"/peraga/{page}")
        album.take(evaluator, f"evaluator-{name}")
