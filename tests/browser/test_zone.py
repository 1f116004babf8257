"""An administrator writes the Integrity Zone; a clerk reads what stands there."""

import pytest
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser

LOOKS = [
    Look(360, 740, "id", has_script=False),
    Look(1280, 800, "en", is_examined=True),
]
KEEP = "main form .acts button"
COUNTS = "unit,staff,signed\nUmum,40,{}\nLoket,6,5\nArsip,12,11"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_is_declared_signed_and_counted_is_read(town: Town, look: Look) -> None:
    town.look = look
    adi = town.officer("Adi Nugroho", role=Role.ADMINISTRATOR)
    adi.log_in(without_phone=True)

    adi.go("/admin/zone/declaration")
    adi.fill("[name=text_id]", "Kami siap membangun Zona Integritas.")
    adi.fill("[name=declared_at]", "Aula")
    adi.fill("[name=declared_on]", "2 Maret 2026")
    adi.press(KEEP)
    adi.go("/admin/zone/statement")
    adi.page.check("[value=no-search]")
    adi.fill("[name=head_name]", "Sutrisno Hadi")
    adi.fill("[name=signed_on]", "2/3/2026")
    adi.confirm('form[action$="/statement"]')
    adi.go("/admin/zone/pact")
    adi.fill("[name=counts]", COUNTS.format(41))
    adi.press(KEEP)
    kept = adi.page.input_value("[name=counts]")
    adi.fill("[name=counts]", COUNTS.format(21))
    adi.press(KEEP)
    clerk = town.clerk()
    clerk.go(f"/zone?lang={look.language}")

    assert kept == COUNTS.format(41)
    assert adi.path == "/admin/zone"
    assert clerk.page.locator("#statement blockquote p").count() == 2
    assert clerk.page.inner_text("#pact-total").endswith("58")
    assert "Loket" not in clerk.text
    assert town.faults == []
