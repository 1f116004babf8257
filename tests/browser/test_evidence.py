"""A clerk hands in three photos and a PDF, and sends another photo with the code."""

import re

import pytest
import story_of_files
from photos import photo
from screens import SEND_MESSAGE, Look
from town import Town

pytestmark = pytest.mark.browser

LOOKS = [Look(360, 740, "id", has_script=False), Look(1280, 800, "en")]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_clerk_hands_in_three_photos_and_a_pdf(town: Town, look: Look) -> None:
    town.look = look
    town.officer("Rina Wulandari")
    clerk = town.clerk()

    story_of_files.report_with_files(clerk)
    story_of_files.send_another_photo(clerk)
    thread = story_of_files.see_own_files(clerk)

    assert clerk.path == "/case"
    names = re.findall(r"^(\d)\.\w+ ·", thread, re.MULTILINE)
    assert names == ["1", "2", "3", "4", "1"]
    assert "Sari" not in thread
    assert town.faults == []


@pytest.mark.timeout(60)
def test_sending_files_can_be_stopped_and_begun_again(town: Town) -> None:
    town.look = Look(language="en", is_examined=True)
    town.officer("Rina Wulandari")
    clerk = town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    clerk.open_case(clerk.code)
    clerk.fill("[name=text]", "Ini fotonya.")
    clerk.choose_files([("a.jpg", photo())])
    devtools = clerk.context.new_cdp_session(clerk.page)
    devtools.send("Network.enable")
    slowly = {"offline": False, "latency": 0, "downloadThroughput": -1}
    devtools.send(
        "Network.emulateNetworkConditions", slowly | {"uploadThroughput": 500}
    )

    clerk.page.click(SEND_MESSAGE)
    clerk.page.wait_for_selector("#upload progress")
    clerk.page.click("#upload button")
    is_shown = clerk.page.is_visible("#upload")
    devtools.send("Network.emulateNetworkConditions", slowly | {"uploadThroughput": -1})
    clerk.send(SEND_MESSAGE)

    assert not is_shown
    assert clerk.path in {"/case", "/case/message"}
    assert town.faults == []


@pytest.mark.timeout(60)
def test_a_lost_connection_loses_nothing_however_often_one_presses(town: Town) -> None:
    town.look = Look(language="en")
    town.officer("Rina Wulandari")
    clerk = town.clerk()
    clerk.report_in_short("Ada pungutan di loket tiga.")
    clerk.open_case(clerk.code)
    clerk.fill("[name=text]", "Ini fotonya.")
    clerk.choose_files([("a.jpg", photo())])

    clerk.context.set_offline(True)
    for _ in range(3):
        clerk.page.click(SEND_MESSAGE)
        clerk.page.wait_for_selector("#upload progress", state="hidden")
        told = clerk.page.inner_text("#upload").strip()
    typed = clerk.page.input_value("[name=text]")
    clerk.context.set_offline(False)
    town.faults.clear()
    clerk.send(SEND_MESSAGE)

    assert told.startswith("Not sent: the connection was lost.")
    assert typed == "Ini fotonya."
    assert "Files with it: 1" in clerk.page.inner_text("main")
    assert town.faults == []
