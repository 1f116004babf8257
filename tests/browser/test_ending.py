"""A reporter's two ways out, on a small phone, with and without script."""

import pytest
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "look",
    [
        Look(360, 640, "id", has_script=False),
        Look(360, 640, "en", is_examined=True),
    ],
    ids=str,
)
def test_a_report_is_withdrawn_and_another_destroyed(town: Town, look: Look) -> None:
    town.look = look
    rina = town.officer("Rina Wulandari")
    sri = town.officer("Sri Lestari", role=Role.CUSTODIAN)
    clerk = town.clerk()

    clerk.report_in_short("Ada pungutan di loket tiga.")
    clerk.open_case(clerk.code)
    clerk.press('a[href$="/case/end"]')
    clerk.page.locator('input[name="demanded"][value="yes"]').check()
    clerk.page.locator("#withdraw-sure input").check()
    clerk.press('form[action="/case/withdraw"] button')
    withdrawn = clerk.status
    sri.log_in()
    told = sri.page.locator("main li time").count()

    clerk.press('form[action="/case/leave"] button')
    clerk.report_in_short("Ada pungutan di loket empat.")
    clerk.open_case(clerk.code)
    clerk.press('a[href$="/case/end"]')
    clerk.press('form[action="/case/destroy"] button')
    clerk.page.locator("#destroy-sure input").check()
    clerk.press('form[action="/case/destroy"] button')
    rina.log_in()
    rina.press("tbody td a")
    rina.page.locator("#keeping summary").click()
    rina.page.locator("#keep-reason").fill("Pemeriksaan masih berjalan.")
    rina.press('form[action$="/keep"] button')
    rina.go("/office/going")

    assert (withdrawn, told) == ("withdrawn", 1)
    assert clerk.page.locator(".notice.done").count() == 1
    assert rina.page.locator("tbody tr").count() == 1
    assert town.faults == []
