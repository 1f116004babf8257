"""Promise 25: every journey works by forms alone, and axe finds nothing in it.

The main job, from the start page to the outcome, as a clerk and two officers meet
it in Chromium: script off and on, a phone and a desk, both languages.
"""

import pytest
import story
from screens import Look
from town import Town

pytestmark = pytest.mark.browser

LOOKS = [
    Look(width, 740, language, has_script=has_script, is_examined=has_script)
    for width in (360, 1280)
    for language in ("id", "en")
    for has_script in (False, True)
]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_clerk_reports_and_sees_the_outcome(town: Town, look: Look) -> None:
    town.look = look
    rina, joko = town.officer("Rina Wulandari"), town.officer("Joko Prasetyo")
    clerk = town.clerk()

    story.look_around(clerk)
    story.report(clerk, shut_out=joko)
    story.ask(rina)
    joko.log_in()
    story.answer(clerk)
    story.close(rina)
    clerk.open_case(clerk.code)

    assert (clerk.status, joko.cases.count()) == ("closed", 0)
    assert {"id": "Hasil: Terbukti", "en": "Result: Proven"}[
        look.language
    ] in clerk.text
    assert [story.OUTCOME in clerk.text, story.REASON in clerk.text] == [True, False]
    assert town.faults == []
