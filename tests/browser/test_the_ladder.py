"""Nobody stands alone: every step of the ladder and every door, by forms alone.

A clerk goes them all on one day. Three weeks later a keeper holds the round, an officer
does what waits, and a colleague answers a leaflet.
"""

import datetime as dt
from contextlib import closing
from pathlib import Path

import ladder_story as story
import pytest
from playwright.sync_api import Browser
from screens import Look
from servers import Server
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser

BEGIN = dt.datetime(2027, 3, 9, 9, 30, tzinfo=dt.UTC)
DAYS = dt.timedelta(days=21)
LOOKS = [
    Look(360, 740, "id", has_script=False),
    Look(1280, 740, "en", is_examined=True),
]
CAME = {"id": "tanggal pilihan penulisnya", "en": "the day came"}
PASSED_ON = {"id": "Pengingat disampaikan pada", "en": "was delivered"}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_clerk_goes_every_step_and_through_every_door(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    monkeypatch.setenv("LURUS_TODAY", f"{BEGIN:%Y-%m-%dT%H:%M}")
    with Server(tmp_path, demo=True) as server, closing(Town(browser, server)) as town:
        town.look = look
        walk(town, look, monkeypatch)


def walk(town: Town, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    rina = town.officer("Rina Wulandari")
    sri = town.officer("Sri Lestari", role=Role.CUSTODIAN)
    clerk, colleague = town.clerk(), town.clerk()
    slip = story.list_staff_and_print_slips(town.server)

    story.look_at_the_ladder(clerk)
    story.keep_a_note(clerk)
    story.keep_that_one_has_reminded(clerk)
    held = story.hold_until(clerk, (BEGIN + DAYS).date())
    match = story.hold_for_others(clerk, slip)
    reminder = story.ask_for_a_reminder(clerk)
    question, praise = story.ask_and_praise(clerk)
    story.destroy(clerk, match)

    monkeypatch.setenv("LURUS_TODAY", f"{BEGIN + DAYS:%Y-%m-%dT%H:%M}")
    town.server.stop()
    town.server.start()
    sri.log_in()
    story.hold_the_round(sri)
    rina.log_in()
    banner = story.take_up_what_opened(rina)
    story.answer_and_pass_on(rina)
    story.reply(colleague, story.pass_the_leaflet_on(rina))

    seen = {}
    for code in (held, reminder, question, praise):
        clerk.open_case(code)
        seen[code] = (clerk.status, clerk.text)
        clerk.press(story.LEAVE)
    assert CAME[look.language] in banner
    assert seen[held][0] == "acknowledged"
    assert PASSED_ON[look.language] in seen[reminder][1]
    assert story.REPLY not in seen[reminder][1]
    assert story.ANSWER in seen[question][1]
    assert town.faults == []
