"""Promise 3: at least 128 bits, from the operating system; every slip is caught.

One group is typed back; the report is stored either way. The same form within ten
minutes shows the same code until then, after that never. It never hands in twice.
"""

import random
import re
from collections.abc import Iterator

import pytest
from attackers import Loot
from conftest import Clock
from people import Page, Reporter, code_on

from crypto import CaseCode, MistypedError
from portal.settings import Settings

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_code_has_130_bits_and_each_of_them_varies() -> None:
    secrets = [secret_of(CaseCode.generate().reveal()) for _ in range(300)]

    ones = [sum(secret >> bit & 1 for secret in secrets) for bit in range(130)]

    assert max(secrets) < 2**130
    assert all(75 < count < 225 for count in ones)


def test_a_code_comes_from_the_operating_system_not_from_a_seed() -> None:
    codes = [seeded_code(seed=1), seeded_code(seed=1)]

    assert codes[0] != codes[1]


def test_every_wrong_symbol_and_every_adjacent_swap_is_mistyped() -> None:
    code = CaseCode.generate().reveal().replace("-", "")

    accepted = [slip for slip in slips(code) if parses(slip)]

    assert parses(code)
    assert accepted == []


def test_a_right_group_confirms_the_note(reporter: Reporter) -> None:
    page = hand_in(reporter)

    checked = reporter.send(page, "/report/code", group=asked_group(page).lower())

    assert checked.status_code == 200
    assert "Catatan Anda benar" in checked.text


def test_a_wrong_group_is_told_and_the_report_is_stored_all_the_same(
    reporter: Reporter,
) -> None:
    page = hand_in(reporter)

    checked = reporter.send(page, "/report/code", group="0000")

    assert checked.status_code == 422
    assert code_on(page) not in checked.html
    assert 'data-status="submitted"' in reporter.open_case(code_on(page)).html


def test_a_wrong_group_can_be_corrected(reporter: Reporter) -> None:
    page = hand_in(reporter)
    again = reporter.send(page, "/report/code", group="0000")

    number = int(re.search(r"baris ke-(\d)", again.text)[1])
    group = code_on(page).split("-")[number - 1]

    assert reporter.send(again, "/report/code", group=group).status_code == 200


def test_the_same_form_within_ten_minutes_shows_the_same_code(
    reporter: Reporter, clock: Clock, settings: Settings
) -> None:
    preview = reporter.preview("Pungutan di loket tiga.")
    first = reporter.send(preview, "/report", step="hand-in")
    clock.pass_by(minutes=9)

    second = reporter.send(preview, "/report", step="hand-in")

    assert code_on(second) == code_on(first)
    assert len(Loot.of(settings.instance).tables["cases"]) == 1


@pytest.mark.parametrize("minutes", [12, 60, 11 * 60])
def test_later_the_same_form_shows_no_code(
    reporter: Reporter, clock: Clock, settings: Settings, minutes: int
) -> None:
    preview = reporter.preview("Pungutan di loket tiga.")
    code = code_on(reporter.send(preview, "/report", step="hand-in"))
    clock.pass_by(minutes=minutes)

    second = reporter.send(preview, "/report", step="hand-in")

    assert second.status_code == 200
    assert "case-code" not in second.html
    assert code[:9] not in second.html
    assert len(Loot.of(settings.instance).tables["cases"]) == 1


def test_after_a_right_group_the_same_form_shows_no_code(
    reporter: Reporter, settings: Settings
) -> None:
    preview = reporter.preview("Pungutan di loket tiga.")
    page = reporter.send(preview, "/report", step="hand-in")
    reporter.send(page, "/report/code", group=asked_group(page))

    second = reporter.send(preview, "/report", step="hand-in")

    assert "case-code" not in second.html
    assert len(Loot.of(settings.instance).tables["cases"]) == 1
    assert Loot.of(settings.instance).column("burnt_forms", "locked") == [None]


def test_who_wrote_it_down_wrong_is_shown_the_same_code_once_more(
    reporter: Reporter,
) -> None:
    page = hand_in(reporter)
    wrong = reporter.send(page, "/report/code", group="0000")

    again = reporter.send(wrong, "/report/code/again")

    assert code_on(again) == code_on(page)
    checked = reporter.send(again, "/report/code", group=asked_group(again))
    assert checked.status_code == 200


@pytest.mark.parametrize("too_late", ["ten minutes passed", "a group was right"])
def test_later_the_code_is_not_shown_once_more(
    reporter: Reporter, clock: Clock, too_late: str
) -> None:
    page = hand_in(reporter)
    wrong = reporter.send(page, "/report/code", group="0000")
    if too_late == "a group was right":
        reporter.send(page, "/report/code", group=asked_group(page))
    else:
        clock.pass_by(minutes=11)

    again = reporter.send(wrong, "/report/code/again")

    assert again.status_code == 200
    assert code_on(page) not in again.html
    assert 'id="case-code"' not in again.html


def test_a_group_checked_after_a_repeat_is_one_of_the_same_code(
    reporter: Reporter,
) -> None:
    preview = reporter.preview("Pungutan di loket tiga.")
    reporter.send(preview, "/report", step="hand-in")
    again = reporter.send(preview, "/report", step="hand-in")

    checked = reporter.send(again, "/report/code", group=asked_group(again))

    assert checked.status_code == 200


def hand_in(reporter: Reporter) -> Page:
    preview = reporter.preview("Pungutan di loket tiga.")
    return reporter.send(preview, "/report", step="hand-in")


def asked_group(page: Page) -> str:
    number = int(re.search(r"baris ke-(\d)", page.text)[1])
    return code_on(page).split("-")[number - 1]


def secret_of(code: str) -> int:
    secret = 0
    for symbol in code.replace("-", "")[:26]:
        secret = secret * 32 + SYMBOLS.index(symbol)
    return secret


def seeded_code(seed: int) -> str:
    state = random.getstate()
    random.seed(seed)
    code = CaseCode.generate().reveal()
    random.setstate(state)
    return code


def slips(code: str) -> Iterator[str]:
    for at, symbol in enumerate(code):
        for other in SYMBOLS:
            if other != symbol:
                yield code[:at] + other + code[at + 1 :]
    for at in range(len(code) - 1):
        if code[at] != code[at + 1]:
            yield code[:at] + code[at + 1] + code[at] + code[at + 2 :]


def parses(typed: str) -> bool:
    try:
        CaseCode.parse(typed)
    except MistypedError:
        return False
    return True
