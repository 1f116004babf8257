"""Promises 10 and 25: an agency's people come and go; nobody gains a case by it.

From an invitation to a key that was lost and made anew, as two officers, a third who
is shut out of some cases, and a custodian meet it in Chromium.
"""

import comings_and_goings as story
import pytest
from screens import Look
from town import Town

from portal.roles import Role

pytestmark = pytest.mark.browser

SITI = "Siti Rahmawati"
PHONE = Look(360, 740, "id", is_examined=True)
DESK = Look(1280, 800, "en", has_script=False)
DESK_WITH_SCRIPT = Look(1280, 800, "id", is_examined=True)
SMALL_PHONE = Look(320, 568, "en", has_script=False)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("look", [PHONE, DESK], ids=str)
def test_a_lost_key_brings_back_what_was_read_and_nothing_more(
    town: Town, look: Look
) -> None:
    town.look = look
    rina, siti = town.officer("Rina Wulandari"), town.officer(SITI)
    clerk = town.clerk()
    clerk.report_in_short(story.READ_BY_ALL)
    clerk.report_in_short(story.NOT_HERS)
    clerk.report_in_short(story.UNTICKED, kept_from=[SITI])
    siti.log_in()
    rina.log_in()

    recused = story.recuse_oneself(siti, story.NOT_HERS)
    assert siti.cases.count() == 1
    assert story.is_as_if_it_did_not_exist(siti, recused)

    siti.lose_the_passphrase()
    siti.log_in()
    assert siti.cases.count() == 0
    story.hand_over(rina, story.hear_the_fingerprint(siti))
    story.take_up(siti)

    assert story.can_open(siti, story.READ_BY_ALL)
    assert not story.can_open(siti, story.NOT_HERS)
    assert not story.can_open(siti, story.UNTICKED)
    assert story.is_as_if_it_did_not_exist(siti, recused)
    said = story.try_to_give(rina, story.UNTICKED, SITI)
    assert said == story.NEUTRAL[look.language]
    assert not story.can_open(siti, story.UNTICKED)
    assert town.faults == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("look", [DESK_WITH_SCRIPT, SMALL_PHONE], ids=str)
def test_a_case_without_an_officer_goes_to_the_custodian(
    town: Town, look: Look
) -> None:
    town.look = look
    rina, siti = town.officer("Rina Wulandari"), town.officer(SITI)
    ketut = town.officer("Ketut Dana", role=Role.CUSTODIAN)
    clerk = town.clerk()
    clerk.report_in_short(story.ONE_READER, kept_from=[SITI])
    rina.log_in()
    ketut.log_in()
    assert ketut.cases.count() == 0

    story.recuse_oneself(rina, story.ONE_READER)
    story.take_on(ketut)

    assert story.ONE_READER in ketut.text
    assert not story.can_open(rina, story.ONE_READER)
    assert story.try_to_hand_on(ketut, SITI) == story.NEUTRAL[look.language]
    assert town.faults == []
    siti.log_in()
    assert siti.cases.count() == 0
