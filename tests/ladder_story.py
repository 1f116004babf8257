"""The ladder as a story: a clerk goes every step and through every door, at a screen."""

import datetime as dt
import re

from asking import add_staff
from at_work import OfficerAtScreen
from screens import ClerkAtScreen
from servers import Server

from crypto import Slip
from portal import vouchers
from portal.database import open_database

SEEN = "Stempel tanda terima dipakai setelah jam kerja."
REMINDED = "Saya sudah bicara berdua dengannya soal titip absen."
LATER = "Sidik jari seorang rekan dipakai orang lain setiap Jumat sore."
TOGETHER = "Honor narasumber dipotong sepertiga di setiap kegiatan."
ASKED = "Bolehkah parsel dari rekanan dibagi ke seluruh ruangan?"
ANSWER = "Tidak boleh. Kembalikan, atau laporkan ke UPG."
PRAISED = "Loket tiga menolak uang terima kasih dengan sopan."
REPLY = "Saya sedang cuti minggu itu."
MEANT = "Bagus Setiawan"
STAFF = 500
"""So many people a match needs on the list."""

LINKS = 'main td a[href^="/office/entries/"]'
LEAVE = 'form[action="/case/leave"] button'
GO_ON = "main form .acts button:not([formaction])"


def list_staff_and_print_slips(server: Server) -> Slip:
    """List as many people as a match needs; return a slip of a sheet just printed."""
    others = [f"Pegawai Ke-{number}" for number in range(1, STAFF)]
    database = open_database(server.instance)
    with database.sessions() as session:
        add_staff(session, MEANT, *others)
        printed = vouchers.print_slips(session, 24, server.today())
    database.engine.dispose()
    return printed.slips[0]


def look_at_the_ladder(clerk: ClerkAtScreen) -> None:
    """See the steps and the doors, answer five questions, and look through the doors."""
    clerk.go("/")
    clerk.read_in_own_language()
    clerk.press('main a[href="/choose"]')
    answer_questions(clerk, "DISIP")
    clerk.press('form[action="/choose"] .acts button:first-child')
    clerk.go("/")
    clerk.press('main a[href^="/guidance#"], main a[href^="/mend"]')
    clerk.go("/")
    clerk.press('main a[href="/mend"]')


def answer_questions(clerk: ClerkAtScreen, category: str) -> None:
    """Say that nobody is harmed and that many know."""
    for name in ("money", "harm", "superior", "only_witness"):
        clerk.tick(name, "no")
    clerk.tick("others_know", "10+")
    clerk.page.select_option("[name=category]", category)


def keep_a_note(clerk: ClerkAtScreen) -> None:
    """Keep it, come back, add something, renew it, and make a report of it."""
    clerk.go("/note")
    clerk.look_it_over()
    clerk.fill("[name=what]", SEEN)
    clerk.look_it_over()
    clerk.hand_in()
    clerk.type_back("0000")
    clerk.type_back(clerk.asked_group)
    clerk.open_case(clerk.code)
    clerk.write("Sekali lagi pada hari Senin.")
    clerk.press('form[action="/case/mine"] button')
    assert SEEN in clerk.text
    clerk.press('main a[href="/case/keep"]')
    clerk.press('form[action="/case/keep/renew"] button')
    clerk.press('main a[href="/case/report"]')
    clerk.press('form[action="/case/report"] button')
    assert clerk.status == "submitted"
    clerk.press(LEAVE)


def keep_that_one_has_reminded(clerk: ClerkAtScreen) -> None:
    """Keep that, and come back to it."""
    clerk.go("/note")
    clerk.tick("kind", "own-reminder")
    clerk.fill("[name=what]", REMINDED)
    clerk.look_it_over()
    _keep(clerk)
    clerk.open_case(clerk.code)
    assert clerk.status == "sealed"
    clerk.press(LEAVE)


def hold_until(clerk: ClerkAtScreen, day: dt.date) -> str:
    """Hold a report, move it to *day*, and leave it there; return its code."""
    clerk.go("/hold")
    answer_questions(clerk, "PRESENSI")
    clerk.press(GO_ON)
    clerk.fill("[name=what]", LATER)
    clerk.look_it_over()
    _keep(clerk)
    clerk.open_case(clerk.code)
    clerk.press('main a[href="/case/keep"]')
    clerk.fill("[name=day]", day.isoformat())
    clerk.press('form[action="/case/keep/day"] button')
    clerk.press(LEAVE)
    return clerk.code


def hold_for_others(clerk: ClerkAtScreen, slip: Slip) -> str:
    """Hold a report until somebody else names the same person; return its code."""
    clerk.go("/hold/match")
    answer_questions(clerk, "DISIP")
    clerk.press(GO_ON)
    choose_person(clerk, MEANT)
    clerk.fill("[name=what]", TOGETHER)
    clerk.fill("[name=slip]", slip.reveal())
    clerk.look_it_over()
    _keep(clerk)
    clerk.open_case(clerk.code)
    clerk.press(LEAVE)
    return clerk.code


def choose_person(clerk: ClerkAtScreen, name: str) -> None:
    """Search for somebody and choose who was found."""
    clerk.fill("[name=who_search]", name)
    clerk.press("button[name=step][value=search]")
    clerk.page.check("[name=who]")


def destroy(clerk: ClerkAtScreen, code: str) -> None:
    """Destroy what was kept; its code then opens nothing."""
    clerk.open_case(code)
    clerk.press('main a[href="/case/end"]')
    clerk.page.locator("#sure input").check()
    clerk.press('form[action="/case/destroy"] button')
    clerk.open_case(code)
    assert clerk.page.locator("#status").count() == 0


def ask_for_a_reminder(clerk: ClerkAtScreen) -> str:
    """Ask that a leaflet goes to six people; return the code."""
    clerk.go("/remind")
    answer_questions(clerk, "DISIP")
    clerk.press(GO_ON)
    choose_person(clerk, MEANT)
    clerk.tick("way", "putaran")
    clerk.look_it_over()
    _keep(clerk)
    clerk.open_case(clerk.code)
    clerk.press(LEAVE)
    return clerk.code


def ask_and_praise(clerk: ClerkAtScreen) -> tuple[str, str]:
    """Ask, and say a good word; return both codes."""
    clerk.go("/ask")
    clerk.fill("[name=what]", ASKED)
    clerk.look_it_over()
    _keep(clerk)
    question = clerk.code
    clerk.go("/praise")
    clerk.fill("[name=who_name]", "Dewi Anggraini")
    clerk.fill("[name=what]", PRAISED)
    clerk.look_it_over()
    _keep(clerk)
    return question, clerk.code


def hold_the_round(keeper: OfficerAtScreen) -> None:
    """Press the one button, and see what the round came to."""
    keeper.go("/custody/round")
    keeper.press('form[action="/custody/round"] button')
    while keeper.page.locator("progress").count():
        keeper.press('form[action="/custody/round"] button')
    assert keeper.page.locator("#result").count() == 1


def take_up_what_opened(officer: OfficerAtScreen) -> str:
    """Take up the held report whose day has come; return the banner above it."""
    officer.go("/office/entries?kind=hold")
    officer.press(LINKS)
    assert LATER in officer.text
    banner = officer.page.inner_text(".notice.caution")
    officer.press('form[action$="/take-up"] button')
    return banner


def answer_and_pass_on(officer: OfficerAtScreen) -> None:
    """Answer the question, and pass the good word on."""
    officer.go("/office/entries?kind=question")
    officer.press(LINKS)
    officer.act("message", text=ANSWER)
    officer.go("/office/entries?kind=praise")
    officer.press(LINKS)
    officer.press('form[action$="/passed-on"] button')


def pass_the_leaflet_on(officer: OfficerAtScreen) -> str:
    """Print the leaflet and pass it on; return the code on it."""
    officer.go("/office/reminders")
    officer.press(LINKS)
    officer.press('#reminder a[href$="/letter"]')
    found = re.search(r"((?:\w{4}-){4}\w{4})", officer.text)
    assert found is not None
    assert MEANT not in officer.text
    officer.go(officer.path.removesuffix("/letter"))
    officer.press('form[action$="/deliver"] button')
    return found[1]


def reply(colleague: ClerkAtScreen, code: str) -> None:
    """Answer the leaflet; at first without the code."""
    colleague.go("/reply")
    colleague.read_in_own_language()
    colleague.fill("[name=text]", REPLY)
    colleague.press('form[action="/reply"] button')
    colleague.fill("[name=code]", code.lower())
    colleague.press('form[action="/reply"] button')
    assert colleague.path == "/reply/received"


def _keep(clerk: ClerkAtScreen) -> None:
    """Keep it, and type a group of the code back."""
    clerk.hand_in()
    clerk.type_back(clerk.asked_group)
