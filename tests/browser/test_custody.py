"""A custodian's pages on a small phone, without script, in both languages."""

import pytest
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser


@pytest.mark.timeout(180)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_keepers_pages_fit_a_small_phone(town: Town, language: str) -> None:
    town.look = Look(360, 640, language, has_script=False)
    rina = town.officer("Rina Wulandari")
    sri = town.officer("Sri Lestari", role=Role.CUSTODIAN)
    clerk = town.clerk()

    clerk.report_in_short("Ada pungutan di loket tiga.")
    rina.log_in()
    rina.press("tbody td a")
    rina.page.locator('details:has(form[action$="/recuse"]) summary').click()
    rina.act("recuse", reason="Saya terkait dengan unit itu.")
    sri.log_in()
    sri.press("tbody td a")
    sri.press('form[action$="/duties"] button')
    sri.act("message", text="Kami carikan petugas lain.")
    clerk.open_case(clerk.code)

    assert "Sri Lestari" in clerk.text
    assert "Kami carikan petugas lain." in clerk.text
    assert town.faults == []
