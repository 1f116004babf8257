"""Who is hunted is heard, and who objects is answered: a phone without script, a desk."""

import pytest
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser

WHY = "Kuitansi itu tidak pernah diperiksa."
STANDS = "Buktinya memang tidak ada."


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "look",
    [
        Look(360, 640, "id", has_script=False),
        Look(1280, 800, "en", is_examined=True),
    ],
    ids=str,
)
def test_from_pressure_and_an_early_closing_to_the_keepers_answer(
    town: Town, look: Look
) -> None:
    town.look = look
    rina = town.officer("Rina Wulandari")
    sri = town.officer("Sri Lestari", role=Role.CUSTODIAN)
    clerk = town.clerk()

    clerk.report_in_short("Ada pungutan di loket tiga.")
    rina.log_in()
    rina.press("tbody td a")
    rina.act("status", to="acknowledged")
    clerk.open_case(clerk.code)
    clerk.press('a[href*="kind=hunt"]')
    clerk.press('form[action="/case/trouble"] button')
    urgent_at_once = clerk.page.locator("#trouble").count()
    rina.go(rina.path)
    owed = rina.page.locator("#urgent").count()
    words = {"message": "Tidak terbukti.", "outcome": "not-proven"}
    rina.act("status", to="closed", **words)
    clerk.go("/case")
    clerk.press('main a[href="/case/object"]')
    clerk.press('form[action="/case/object"] button')
    clerk.fill("#text", WHY)
    clerk.press('form[action="/case/object"] button')
    sri.log_in()
    sri.press("tbody td a")
    sri.press('form[action$="/duties"] button')
    read = WHY in sri.text
    sri.act("confirm", text=STANDS)
    clerk.go("/case")

    assert (urgent_at_once, owed, read) == (1, 1, True)
    assert rina.page.locator("#urgent").count() == 0
    assert STANDS in clerk.text
    assert town.faults == []
