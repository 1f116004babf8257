"""Nobody stands alone, the first page: a clerk walks the ladder and five questions
without script, and reads which steps are closed and why.
"""

import pytest
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser

MOST_SCREENS = 3.5

LOOKS = [
    Look(320, 640, "en", has_script=False),
    Look(360, 640, "id", has_script=False),
    Look(360, 640, "en", is_examined=True),
    Look(1280, 640, "id", is_examined=True),
]
REMINDER = {"id": "Ingatkan dulu", "en": "Remind first"}
WHY = {
    "id": "Ada uang, barang, atau imbalan yang berpindah tangan.",
    "en": "Money, goods or a favour changed hands.",
}
BY_DATE = {"id": "Simpan, buka pada tanggal", "en": "Hold it until a date"}
AT_MOST = {"id": "Paling lama 30 hari.", "en": "For 30 days at most."}
CONDITION = {"id": "Ini kejadian pertama.", "en": "It is the first time."}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_clerk_sees_which_steps_are_closed_and_why(town: Town, look: Look) -> None:
    town.look = look
    town.officer("Rina Wulandari")
    town.officer("Sri Lestari", role=Role.CUSTODIAN)
    clerk = town.clerk()

    clerk.go("/")
    clerk.read_in_own_language()
    clerk.press('main a[href="/choose"]')
    clerk.tick("money", "yes")
    clerk.tick("others_know", "10+")
    clerk.page.select_option("[name=category]", "KINERJA")
    clerk.press('form[action="/choose"] .acts button:first-child')

    rungs = clerk.page.locator(".ladder > li")
    closed = rungs.filter(has_text=WHY[look.language]).nth(0)
    short = rungs.filter(has_text=AT_MOST[look.language])
    assert rungs.count() == 6
    assert REMINDER[look.language] in closed.inner_text()
    assert BY_DATE[look.language] in short.inner_text()
    assert CONDITION[look.language] in closed.inner_text()
    assert closed.locator("a.go").count() == 0
    assert clerk.page.is_checked('[name=money][value="yes"]')
    closed.locator('a[href="/report"]').click()
    assert clerk.path == "/report"
    assert town.faults == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_start_page_is_three_and_a_half_screens_long(
    town: Town, language: str
) -> None:
    town.look = Look(360, 640, language, has_script=False)
    town.officer("Rina Wulandari")
    clerk = town.clerk()

    clerk.go(f"/?lang={language}")

    length = clerk.page.evaluate("document.documentElement.scrollHeight")
    assert length <= MOST_SCREENS * 640
    assert clerk.page.locator(".ladder.numbers > li").count() == 6
