"""A clerk hands in three photos and a PDF; an officer looks at them, page by page."""

from pathlib import Path

import pytest
import story_of_files
from at_work import OfficerAtScreen
from photos import AUTHOR
from screens import Look
from town import Town

pytestmark = pytest.mark.browser

LOOKS = (
    Look(360, 740, "id", has_script=False),
    Look(1280, 800, "en", is_examined=True),
)
ARE_SEEN = """async found => {
  for (const each of found) each.scrollIntoView();
  await Promise.all(found.map(each => each.complete ||
    new Promise(done => each.onload = each.onerror = done)));
  return found.map(each => each.naturalWidth > 0);
}"""


@pytest.mark.timeout(180)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_officer_looks_at_what_a_clerk_handed_in(
    town: Town, look: Look, tmp_path: Path
) -> None:
    town.look = look
    rina, clerk = town.officer("Rina Wulandari"), town.clerk()
    story_of_files.report_with_files(clerk)

    rina.log_in()
    rina.press("tbody td a")
    small = pictures(rina)
    rina.press(".files li:first-child a")
    large = pictures(rina)
    rina.press(".back")
    rina.press(".files li:last-child a")
    rina.press("a[rel=next]")
    page = pictures(rina)
    with rina.page.expect_download() as coming:
        rina.page.click('a[href$="/download"]')
    coming.value.save_as(tmp_path / "kept")
    kept = (tmp_path / "kept").read_bytes()

    assert (small, large, page) == ([True] * 4, [True], [True])
    assert rina.path.endswith("?page=2")
    assert coming.value.suggested_filename == "attachment-4.pdf"
    assert kept.startswith(b"%PDF-")
    assert AUTHOR.encode() not in kept
    assert town.faults == []


def pictures(officer: OfficerAtScreen) -> list[bool]:
    """Return for each picture on the page whether it is seen."""
    return officer.page.locator("main img").evaluate_all(ARE_SEEN)
