"""Who slipped counts the days and finds the words, and leaves nothing behind."""

import datetime as dt

import pytest
from attackers import Loot
from keyboard import Keyboard
from screens import Look
from town import Town

pytestmark = pytest.mark.browser

LOOKS = [
    Look(360, 740, "id", has_script=False),
    Look(360, 740, "en", is_examined=True),
    Look(1280, 740, "id", is_examined=True),
]
BUTTON = 'form[action="/mend"] button'
DAY = "[name=received_on]"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_who_slipped_counts_the_days(town: Town, look: Look) -> None:
    town.look = look
    town.officer("Rina Wulandari")
    somebody = town.clerk()
    somebody.go(f"/mend?lang={look.language}")
    before = Loot.of(town.server.settings.instance)
    today = dt.datetime.now(town.server.settings.zone).date()

    somebody.fill(DAY, "kemarin sore")
    somebody.press(BUTTON)
    kept = somebody.page.input_value(DAY)
    somebody.fill(DAY, f"{today:%d/%m/%Y}")
    somebody.press(BUTTON)
    open_days = somebody.page.locator("#count time").count()
    somebody.fill(DAY, "3 Jan 2025")
    somebody.press(BUTTON)

    assert kept == "kemarin sore"
    assert open_days == 3
    assert somebody.page.locator("#count .late").count() == 2
    assert somebody.page.locator("#count .caution li").count() == 3
    assert Loot.of(town.server.settings.instance) == before
    assert town.faults == []


def test_the_days_are_counted_without_a_mouse(town: Town) -> None:
    town.look = Look(1280, has_script=False)
    town.officer("Rina Wulandari")
    somebody = town.clerk()
    keys = Keyboard(somebody)

    somebody.go("/mend")
    keys.type(DAY, "3 Jan 2025")
    keys.press(BUTTON)

    assert somebody.page.evaluate("document.activeElement.id") == "counted"
    assert keys.faults == []
