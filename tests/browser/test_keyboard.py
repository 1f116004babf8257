"""Promise 25: the keyboard alone is enough, and one always sees where one is."""

import pytest
from comings_and_goings import hear_the_fingerprint
from keyboard import Keyboard
from people import PASSPHRASE
from screens import Look
from town import Town

pytestmark = pytest.mark.browser


def test_a_report_is_handed_in_and_followed_without_a_mouse(town: Town) -> None:
    town.look = Look(1280, has_script=False)
    town.officer("Rina Wulandari")
    clerk = town.clerk()
    keys = Keyboard(clerk)

    clerk.go("/")
    keys.press('main a[href="/report"]')
    keys.choose("category", "PUNGLI")
    keys.type("[name=what]", "Ada pungutan di loket tiga.")
    keys.press("[name=step][value=preview]")
    keys.press("[name=step][value=hand-in]")
    clerk.code = clerk.code_on_page
    keys.type("[name=group]", clerk.asked_group)
    keys.press("form.check button")

    assert clerk.page.locator(".button").count() == 2
    assert keys.faults == []


def test_a_case_is_followed_without_a_mouse(town: Town) -> None:
    town.look = Look(1280, has_script=False)
    town.officer("Rina Wulandari")
    clerk = town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    keys = Keyboard(clerk)

    clerk.go("/")
    keys.press('main a[href="/case"]')
    keys.type("[name=code]", clerk.code.lower())
    keys.press('form[action="/case/open"] button')
    keys.type("[name=text]", "Senin kemarin juga.")
    keys.press('form[action="/case/message"] > .acts button')
    keys.press('form[action="/case/mine"] button')

    assert "Senin kemarin juga." in clerk.text
    assert keys.faults == []


def test_an_officer_logs_in_and_answers_without_a_mouse(town: Town) -> None:
    town.look = Look(1280, has_script=False)
    rina, clerk = town.officer("Rina Wulandari"), town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    keys = Keyboard(rina)

    keys.type("[name=name]", rina.name)
    keys.type("[name=passphrase]", PASSPHRASE)
    keys.press("main button")
    keys.type("[name=one_time_code]", rina.next_code())
    keys.press("main button")
    keys.press("tbody td a")
    keys.type("#message-text", "Apakah masih terjadi?")
    keys.press('form[action$="/message"] button')

    assert "Apakah masih terjadi?" in rina.page.inner_text("article.message")
    assert keys.faults == []


def test_going_back_by_keyboard_nothing_hides_under_the_bar(town: Town) -> None:
    town.officer("Rina Wulandari")
    keys = Keyboard(town.clerk())

    keys.go_through_and_back("/", "/choose", "/report", "/case", "/guidance", "/mend")

    assert keys.faults == []


def test_the_skip_link_leads_to_the_content(town: Town) -> None:
    town.officer("Rina Wulandari")
    keys = Keyboard(town.clerk())

    keys.skip_to_the_content("/", "/report", "/case", "/office/login")

    assert keys.faults == []


def test_an_officers_round_takes_no_mouse(town: Town) -> None:
    """From the list to the case and its form, back, and behind a closed screen."""
    town.look = Look(1280, has_script=False)
    rina, clerk = town.officer("Rina Wulandari"), town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    rina.log_in()
    keys = Keyboard(rina)

    keys.press('nav a[href*="status=closed"]')
    keys.press('nav a[href$="status="]')
    keys.press('td form[action$="/status"] button')
    row = rina.path
    # The page begins at the row that was acknowledged.
    keys.press("tbody td a")
    keys.jump("#message-text", "Apakah masih terjadi?")
    keys.press('form[action$="/message"] button')
    keys.press('main a[href="/office/"]')
    keys.press('form[action="/office/close-screen"] button')
    keys.open("summary")
    keys.type("[name=one_time_code]", rina.next_code())
    keys.press('form[action="/office/closed"] button')

    assert row.startswith("/office/#case-")
    assert rina.path == "/office/"
    assert rina.page.locator('td [data-status="acknowledged"]').count() == 1
    assert keys.faults == []


def test_a_colleague_hands_cases_over_without_a_mouse(town: Town) -> None:
    town.look = Look(1280, has_script=False)
    rina, siti = town.officer("Rina Wulandari"), town.officer("Siti Rahmawati")
    clerk = town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    siti.lose_the_passphrase()
    siti.log_in()
    heard = hear_the_fingerprint(siti)
    rina.log_in()
    keys = Keyboard(rina)

    keys.press('main a[href^="/office/hand-over/"]')
    keys.type("[name=fingerprint_end]", heard)
    keys.type("[name=one_time_code]", rina.recovery_codes.pop())
    keys.press('form[action^="/office/hand-over/"] button')

    assert rina.page.locator(".notice.done").count() == 1
    assert keys.faults == []


def test_an_officer_recuses_herself_without_a_mouse(town: Town) -> None:
    town.look = Look(1280, has_script=False)
    rina, clerk = town.officer("Rina Wulandari"), town.clerk()
    town.officer("Siti Rahmawati")
    clerk.report_in_short("Ada pungutan di loket tiga.")
    rina.log_in()
    rina.press("tbody td a")
    keys = Keyboard(rina)

    keys.open("#recuse summary")
    keys.type("#recuse-reason", "Saya mengenal terlapor.")
    keys.press('form[action$="/recuse"] button')

    assert (rina.path, rina.cases.count()) == ("/office/", 0)
    assert keys.faults == []
