"""Promise 25: 320 px, 400 % zoom, print and forced colours; lines and targets."""

import re

import pytest
import story
from measures import long_lines, small_targets
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "look",
    [
        Look(320, 568, "id", has_script=False),
        Look(320, 256, "en", has_script=False, zoom=4),
    ],
    ids=["a small phone", "1280 px at 400 %"],
)
def test_no_page_scrolls_sideways(town: Town, look: Look) -> None:
    town.look = look
    rina, joko = town.officer("Rina Wulandari"), town.officer("Joko Prasetyo")
    clerk = town.clerk()

    story.look_around(clerk)
    story.report(clerk, shut_out=joko)
    story.ask(rina)
    story.answer(clerk)
    story.close(rina)
    clerk.open_case(clerk.code)

    assert town.faults == []


def test_one_long_word_does_not_widen_a_page(town: Town) -> None:
    town.look = Look(320, has_script=False)
    rina, clerk = town.officer("Rina Wulandari"), town.clerk()

    clerk.report_in_short("pungutan" * 60)
    clerk.open_case(clerk.code)
    clerk.press('form[action="/case/mine"] button')
    rina.log_in()
    rina.press("tbody td a")

    assert town.faults == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_lines_are_short_and_a_thumb_hits(town: Town, language: str) -> None:
    pages = (
        *("/", "/choose", "/report", "/note", "/case"),
        *("/guidance", "/limits", "/keys", "/mend", "/zone"),
    )
    town.officer("Rina Wulandari")
    town.look = Look(1280, language=language)
    at_a_desk = town.clerk()
    town.look = Look(360, language=language)
    on_a_phone = town.clerk()

    assert long_lines(at_a_desk, *pages) == []
    assert small_targets(on_a_phone, *pages) == []


def test_a_thumb_hits_on_the_pages_of_a_case(town: Town) -> None:
    town.officer("Sri Lestari", role=Role.CUSTODIAN)
    town.officer("Rina Wulandari")
    town.look = Look(360, language="id", has_script=False)
    clerk = town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    clerk.open_case(clerk.code)
    told = 'form[action="/case/trouble"] button'

    before = small_targets(clerk, "/case/trouble", "/case/receipt", "/case/end")
    clerk.go("/case/trouble?kind=hunt")
    clerk.press(told)

    assert before == []
    assert small_targets(clerk, "/case") == []


OWN_PAGES = {
    Role.OFFICER: (
        *("/office/account", "/office/account/key", "/office/account/leave"),
        *("/office/account/take-up", "/office/conflicts"),
    ),
    Role.CUSTODIAN: ("/custody/", "/custody/shares", "/office/account"),
    Role.EVALUATOR: ("/peraga/", "/peraga/cases/3", "/peraga/process"),
    Role.ADMINISTRATOR: (
        *("/admin/", "/admin/invite", "/admin/first-day", "/admin/recovery"),
        *("/admin/settings", "/admin/audit", "/office/account"),
        *("/admin/staff", "/admin/slips", "/admin/evaluations", "/admin/zone"),
    ),
}


@pytest.mark.parametrize("role", OWN_PAGES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_people_at_work_read_and_hit_as_easily(
    town: Town, language: str, role: Role
) -> None:
    is_evaluator = role is Role.EVALUATOR
    town.look = Look(1280, language=language, is_examined=is_evaluator)
    person = town.officer("Rina Wulandari", role=role)
    person.log_in()

    lines = long_lines(person, *OWN_PAGES[role])
    person.hold(Look(360, language=language))
    targets = small_targets(person, *OWN_PAGES[role])

    assert (lines, targets) == ([], [])
    assert town.faults == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_code_is_printed_alone(town: Town, language: str) -> None:
    town.look = Look(1280, language=language)
    town.officer("Rina Wulandari")
    clerk = town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")

    clerk.page.emulate_media(media="print")

    assert "".join(clerk.page.inner_text("body").split()) == clerk.code


def test_a_case_is_printed_in_black_without_forms(town: Town) -> None:
    town.look = Look(1280)
    rina, clerk = town.officer("Rina Wulandari"), town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    rina.log_in()
    rina.press("tbody td a")

    rina.page.emulate_media(media="print", color_scheme="dark")
    report = rina.page.locator("article.report")

    assert "Ada pungutan di loket tiga." in report.inner_text()
    assert report.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    assert rina.page.locator("form:visible").count() == 0


def test_forced_colours_leave_buttons_and_marks_visible(town: Town) -> None:
    town.officer("Rina Wulandari")
    clerk = town.clerk()
    clerk.page.emulate_media(forced_colors="active")
    clerk.report_in_short("Ada pungutan di loket tiga.")
    clerk.open_case(clerk.code)

    button = clerk.page.locator('form[action="/case/message"] > .acts button')
    now = clerk.page.locator(".line > .now")

    assert button.evaluate("e => getComputedStyle(e).borderStyle") == "solid"
    assert now.evaluate("e => getComputedStyle(e, '::before').borderStyle") == "solid"
    assert now.get_attribute("aria-current") == "step"


def test_the_page_of_keys_is_printed_as_a_poster(town: Town) -> None:
    town.look = Look(1280, language="id")
    town.officer("Rina Wulandari")
    clerk = town.clerk()
    clerk.go("/keys?lang=id")
    clerk.page.emulate_media(media="print")

    said = clerk.page.inner_text("body")

    assert said.startswith("Siapa petugasnya")
    assert "di HP Anda sendiri" in said
    assert "Rina Wulandari" in said
    assert not re.search("Perubahan|Bandingkan|Yang tidak bisa kami janjikan", said)
    assert clerk.page.locator("nav:visible, footer:visible").count() == 0
