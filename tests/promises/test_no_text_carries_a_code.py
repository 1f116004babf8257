"""Promise 4: a text that holds a case code is refused before it is stored.

From an open case: three groups in a row of that case's own code. At handing in:
what parses as any valid code.
"""

import pytest
from attackers import Loot
from people import Reporter

from crypto import CaseCode
from portal.settings import Settings

STORED = ("cases", "messages", "burnt_forms", "wraps", "steps")
FIELDS = (
    *("what", "how", "shows", "where", "when", "avoid"),
    *("who_name", "who_position", "who_unit"),
)
SPELLINGS = {
    "as shown": "-".join,
    "small, with spaces": lambda groups: " ".join(groups).lower(),
    "in one word": "".join,
    "with dots and dashes": " – ".join,
    "over several lines": "\r\n".join,
    "full width": lambda groups: "".join(
        chr(ord(symbol) + 0xFEE0) for group in groups for symbol in group
    ),
}


@pytest.mark.parametrize(
    ("first", "spelling"),
    [(0, spelling) for spelling in SPELLINGS]
    + [(first, "as shown") for first in range(1, 5)],
)
def test_three_groups_of_the_own_code_are_refused_in_a_message(
    reporter: Reporter, settings: Settings, first: int, spelling: str
) -> None:
    code = reporter.hand_in("Pungutan di loket tiga.")
    reporter.open_case(code)
    part = SPELLINGS[spelling](code.split("-")[first : first + 3])
    before = Loot.of(settings.instance)

    page = reporter.write(f"Kode saya {part}, mohon dibuka")

    assert page.status_code == 422
    assert "Kode saya" in page.form("/case/message").value("text")
    assert Loot.of(settings.instance) == before


def test_two_groups_of_the_own_code_may_be_written(reporter: Reporter) -> None:
    code = reporter.hand_in("Pungutan di loket tiga.")
    reporter.open_case(code)

    page = reporter.write(f"Awal kodenya {code[:9]}, apakah benar?")

    assert page.status_code == 303


@pytest.mark.parametrize("step", ["preview", "hand-in"])
@pytest.mark.parametrize(
    ("field", "spelling"),
    [("what", "small, with spaces"), ("what", "full width")]
    + [(field, "as shown") for field in FIELDS],
)
def test_a_valid_code_is_refused_in_every_text_of_a_report(
    reporter: Reporter, settings: Settings, field: str, spelling: str, step: str
) -> None:
    code = SPELLINGS[spelling](CaseCode.generate().reveal().split("-"))
    before = Loot.of(settings.instance).only(*STORED)
    preview = reporter.preview("Pungutan di loket tiga.")

    page = reporter.send(
        preview, "/report", step=step, **{field: f"Lanjutan dari {code}, terima kasih"}
    )

    assert page.status_code == 422
    assert "Lanjutan dari" in page.form("/report").value(field)
    assert Loot.of(settings.instance).only(*STORED) == before


def test_a_number_that_is_no_code_may_stand_in_a_report(reporter: Reporter) -> None:
    mistyped = "0000-0000-0000-0000-0000-0000-0001"

    assert reporter.hand_in(f"Nomor berkas {mistyped} hilang dari lemari.")
