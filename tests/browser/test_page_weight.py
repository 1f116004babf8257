"""Promise 26: start, form, code and guidance pages weigh at most 30 KB on the
first visit, all resources together, in at most 3 requests.
"""

import pytest
from ladder_story import list_staff_and_print_slips
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser

MOST_BYTES = 30 * 1024
MOST_REQUESTS = 3


PAGES = (
    "/",
    "/choose",
    "/report",
    "/note",
    "/hold",
    "/hold/match",
    "/remind",
    "/reply",
    "/ask",
    "/praise",
    "/guidance",
    "/limits",
    "/keys",
    "/ledger",
    "/mend",
    "/figures",
    "/zone",
    "/case",
)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_first_visit_is_light(town: Town, language: str) -> None:
    town.look = Look(language=language)
    town.officer("Rina Wulandari")
    town.officer("Joko Prasetyo")
    town.officer("Yusuf Hidayat", role=Role.OUTSIDE_OFFICER)
    town.officer("Sri Lestari", role=Role.CUSTODIAN)
    clerk = town.clerk()
    list_staff_and_print_slips(town.server)

    clerk.report_in_short("Ada pungutan di loket tiga.")
    weights = [clerk.weigh(), *clerk.weigh_pages(*PAGES)]

    assert clerk.code
    assert max(len(weight) for weight in weights) <= MOST_REQUESTS
    assert max(sum(weight.values()) for weight in weights) <= MOST_BYTES, weights
