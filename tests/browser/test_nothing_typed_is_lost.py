"""Promises 3 and 25: what was typed survives; nothing is handed in twice; a code is
shown once.
"""

import pytest
from attackers import Loot
from screens import ClerkAtScreen
from town import Town

pytestmark = pytest.mark.browser

WHAT = "Ada pungutan di loket tiga.\n\nSetiap Senin, “uang rokok” & <lain-lain>."


FORM = "/report"
MESSAGE = "/case/message"


def filled_form(town: Town) -> ClerkAtScreen:
    """Return a clerk who has filled in a form, but for its category."""
    town.officer("Rina Wulandari")
    town.officer("Joko Prasetyo")
    clerk = town.clerk()
    clerk.begin()
    clerk.fill("[name=what]", WHAT)
    clerk.fill("[name=where]", "Loket tiga")
    clerk.fill("[name=avoid]", "Jangan memanggil loket itu.")
    clerk.tick("others_know", "5-9")
    clerk.tick("hope", "stop")
    clerk.untick_officer("Joko Prasetyo")
    return clerk


def case_count(town: Town) -> int:
    return len(Loot.of(town.server.instance).tables["cases"])


def test_a_refused_form_comes_back_as_it_was(town: Town) -> None:
    clerk = filled_form(town)
    typed = clerk.typed(FORM)

    clerk.look_it_over()

    assert clerk.answer.status == 422
    assert clerk.typed(FORM) == typed


def test_a_form_of_another_session_comes_back_as_it_was(town: Town) -> None:
    clerk = filled_form(town)
    clerk.tick("category", "PUNGLI")
    typed = clerk.typed(FORM)

    clerk.forget_cookies()
    clerk.look_it_over()
    kept = clerk.typed(FORM)
    clerk.hand_in()

    assert kept == typed
    assert (len(clerk.code), case_count(town)) == (28, 1)


def test_a_form_open_too_long_comes_back_as_it_was(town: Town) -> None:
    clerk = filled_form(town)
    clerk.tick("category", "PUNGLI")
    clerk.look_it_over()
    typed = clerk.typed(FORM)

    clerk.page.locator("[name=form_token]").evaluate("field => field.value = 'old'")
    clerk.press("[name=step][value=hand-in]")
    kept = clerk.typed(FORM)
    clerk.hand_in()

    assert kept == typed
    assert (len(clerk.code), case_count(town)) == (28, 1)


def test_another_language_on_the_preview_keeps_the_form(town: Town) -> None:
    clerk = filled_form(town)
    clerk.tick("category", "PUNGLI")
    clerk.look_it_over()
    typed = clerk.typed(FORM)

    clerk.press("button[lang=en]")

    assert clerk.page.get_attribute("html", "lang") == "en"
    assert clerk.typed(FORM) == typed
    assert case_count(town) == 0


def test_a_message_survives_the_end_of_the_session(town: Town) -> None:
    clerk = filled_form(town)
    clerk.tick("category", "PUNGLI")
    clerk.look_it_over()
    clerk.hand_in()
    clerk.open_case(clerk.code)
    clerk.fill("[name=text]", WHAT)

    clerk.forget_cookies()
    clerk.press(f'form[action="{MESSAGE}"] button')
    clerk.press("main form button")
    with clerk.another_tab():
        clerk.open_case(clerk.code)
    clerk.send_again_until("/case")
    clerk.press('form[action="/case/mine"] button')

    assert WHAT in clerk.page.locator(".message").last.inner_text()


def test_an_answer_survives_the_end_of_the_session(town: Town) -> None:
    clerk, rina = town.clerk(), town.officer("Rina Wulandari")
    clerk.report_in_short("Ada pungutan di loket tiga.")
    rina.log_in()
    rina.press("tbody td a")
    place = rina.path
    rina.fill("#message-text", WHAT)

    rina.forget_cookies()
    rina.press('form[action$="/message"] button')
    with rina.another_tab():
        rina.log_in()
    rina.send_again_until(place)

    assert WHAT in rina.page.locator(".message").last.inner_text()


def test_loading_again_shows_the_same_code_and_hands_in_once(town: Town) -> None:
    clerk = filled_form(town)
    clerk.tick("category", "PUNGLI")
    clerk.look_it_over()
    clerk.hand_in()

    with clerk.leading_on():
        clerk.page.reload()

    assert clerk.code_on_page == clerk.code
    assert case_count(town) == 1


def test_after_the_group_neither_back_nor_reload_shows_the_code(town: Town) -> None:
    clerk = filled_form(town)
    clerk.tick("category", "PUNGLI")
    clerk.look_it_over()
    clerk.hand_in()
    clerk.type_back(clerk.asked_group)

    clerk.go_back()

    assert (clerk.path, clerk.code_on_page) == ("/report", "")
    assert clerk.code[:4] not in clerk.page.content()
    assert case_count(town) == 1


def test_a_double_click_hands_in_once(town: Town) -> None:
    clerk = filled_form(town)
    clerk.tick("category", "PUNGLI")
    clerk.look_it_over()

    clerk.page.dblclick("[name=step][value=hand-in]")
    clerk.page.wait_for_selector("#case-code")

    assert len(clerk.code_on_page) == 28
    assert case_count(town) == 1
