"""Two doors beside the ladder, without script and with it: a clerk asks, and says a good
word; an officer answers, passes it on, and takes up a held report whose day has come.
"""

import datetime as dt

import pytest
from at_work import OfficerAtScreen
from builders import duty_of
from keeping import an_entry, keep, open_by_round, round_was_held
from screens import Look
from town import Town

from crypto import RFC_9106_LOW_MEMORY, ReleaseRule
from portal.database import open_database
from portal.entries import EntryKind
from portal.roles import Role

pytestmark = pytest.mark.browser

LOOKS = [
    Look(width, 740, language, has_script=has_script, is_examined=has_script)
    for width, language, has_script in (
        *((360, "id", False), (360, "en", True)),
        *((1280, "id", True), (1280, "en", False)),
    )
]
NAMES = ("Rina Wulandari", "Sri Lestari")
LINKS = 'main td a[href^="/office/entries/"]'
ASKED = "Bolehkah menerima parsel lebaran? Nomor saya 081234567890."
ANSWER = "Tidak boleh. Kembalikan, atau laporkan ke UPG dalam 30 hari kerja."
GOOD = {"id": "sudah disampaikan", "en": "has been passed on"}
PROOF = {"id": "bukan bukti", "en": "not proof"}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_question_is_answered_and_a_good_word_passed_on(
    town: Town, look: Look
) -> None:
    town.look = look
    rina, clerk = town.officer("Rina Wulandari"), town.clerk()
    town.officer("Yusuf Hidayat", role=Role.OUTSIDE_OFFICER)
    clerk.go("/ask")
    clerk.read_in_own_language()
    clerk.fill("[name=what]", ASKED)
    hints = clerk.look_it_over()
    clerk.hand_in()
    question = clerk.code
    clerk.type_back(clerk.asked_group)
    clerk.go("/praise")
    clerk.fill("[name=who_name]", "Dewi Anggraini")
    clerk.fill("[name=what]", "Sabar melayani di loket, juga saat antrean panjang.")
    clerk.look_it_over()
    clerk.hand_in()
    rina.log_in()

    rina.go("/office/entries?kind=question")
    rina.press(LINKS)
    rina.act("message", text=ANSWER)
    rina.go("/office/entries?kind=praise")
    rina.press(LINKS)
    rina.press('form[action$="/passed-on"] button')

    assert hints
    clerk.open_case(clerk.code)
    assert GOOD[look.language] in clerk.text
    clerk.press('form[action="/case/leave"] button')
    clerk.open_case(question)
    assert ANSWER in clerk.text
    assert town.faults == []


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_opened_hold_waits_for_its_days_and_is_taken_up(
    town: Town, look: Look
) -> None:
    town.look = look
    rina = town.officer(NAMES[0])
    town.officer(NAMES[1], role=Role.CUSTODIAN)
    held(town, ReleaseRule.MATCH_2)
    rina.log_in()
    rina.go("/office/entries")
    rina.press(LINKS)

    assert PROOF[look.language] in rina.text
    assert rina.page.locator('form[action$="/message"]').count() == 0
    held(town, ReleaseRule.DATE, days=0)
    rina.go("/office/entries")
    links = rina.hrefs(LINKS)
    (due,) = [one for one in links if shows_take_up(rina, one)]
    rina.go(due)
    rina.press('form[action$="/take-up"] button')

    assert rina.path == due.replace("entries", "cases")
    rina.go("/office/")
    assert rina.cases.count() == 1
    assert town.faults == []


def shows_take_up(rina: OfficerAtScreen, path: str) -> bool:
    rina.go(path)
    return rina.page.locator('form[action$="/take-up"]').count() == 1


def held(town: Town, rule: ReleaseRule, *, days: int = 365) -> None:
    """Keep a held report, and do to it what a custodian's round does."""
    today = town.server.today()
    database = open_database(town.server.instance)
    with database.sessions() as session:
        rina, sri = (duty_of(session, one, RFC_9106_LOW_MEMORY) for one in NAMES)
        entry = an_entry(EntryKind.HOLD, rule, today + dt.timedelta(days=days))
        code = keep(session, EntryKind.HOLD, rina, entry=entry, today=today)
        open_by_round(session, code, sri)
        if not days:
            # It opened on its day, as the round of that day opens it.
            round_was_held(session, today)
    database.engine.dispose()
