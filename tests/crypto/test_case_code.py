"""A code is found mistyped from itself alone, and found again as people type it."""

import itertools
import time

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import CaseCode, MistypedError, holds_code, holds_window
from crypto.base32 import SYMBOLS
from crypto.case_code import LABEL_LOCATOR

INSTANCE = some.INSTANCE
FEW = [CaseCode(0), CaseCode(2**130 - 1), CaseCode(0x2B7E151628AED2A6ABF7158809CF4F3C)]
PLACES = range(28)
SEPARATORS = ["", " ", "-", "--", " - ", ".", "_", "\n", "\t"]
SEPARATORS += [*"\u00a0\u00ad\u2010\u2011\u2013\u2014\u2212\u200b\u2060\ufeff\u3000"]
PROSE = (
    "Pada hari Senin pagi, kepala dinas kami minta uang kepada tiga vendor yang ikut "
    "lelang tahun 2024 dan 2025. Saya lihat sendiri amplop itu di meja, isinya Rp "
    "5.000.000. Rumah saya dekat situ, jadi saya bisa lihat truk itu lewat jam 2300 "
    "malam. Nomor polisi truk B 1234 XYZ. Nomor surat 0271/2025/0004/0099/1200/3400."
)


def symbols_of(code):
    return code.reveal().replace("-", "")


def mistyped(text):
    try:
        CaseCode.parse(text)
    except MistypedError:
        return True
    return False


@given(some.case_codes)
def test_a_code_reads_back(code):
    shown = code.reveal()

    assert CaseCode.parse(shown).reveal() == shown
    assert [len(group) for group in shown.split("-")] == [4] * 7


@given(some.case_codes, st.integers(0, 27), st.sampled_from(SYMBOLS))
def test_a_wrong_symbol_is_mistyped(code, place, symbol):
    right = symbols_of(code)
    assume(right[place] != symbol)

    assert mistyped(right[:place] + symbol + right[place + 1 :])


@given(some.case_codes, st.integers(0, 26))
def test_an_adjacent_swap_is_mistyped(code, place):
    right = symbols_of(code)
    first, second = right[place : place + 2]

    swapped = right[:place] + second + first + right[place + 2 :]

    assert swapped == right or mistyped(swapped)


@pytest.mark.parametrize("code", FEW, ids=symbols_of)
def test_every_single_wrong_symbol_is_mistyped(code):
    right = symbols_of(code)
    slips = [
        right[:place] + symbol + right[place + 1 :]
        for place, symbol in itertools.product(PLACES, SYMBOLS)
        if right[place] != symbol
    ]

    assert len(slips) == 28 * 31
    assert all(mistyped(slip) for slip in slips)


@pytest.mark.parametrize("code", FEW, ids=symbols_of)
def test_every_adjacent_swap_is_mistyped(code):
    right = symbols_of(code)
    swaps = {
        right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(27)
    }

    assert all(mistyped(swap) for swap in swaps - {right})


@pytest.mark.parametrize(("secret", "check"), [(0, "ZX"), (1, "ZY"), (2, "ZZ")])
def test_check_values_from_1021_on_are_refused(secret, check):
    symbols = symbols_of(CaseCode(secret))[:26]

    assert mistyped(symbols + check)


@pytest.mark.parametrize(
    ("old", "typed"),
    [("0", "O"), ("0", "o"), ("1", "I"), ("1", "i"), ("1", "L"), ("1", "l")],
)
def test_letters_that_look_like_digits_are_digits(old, typed):
    code = CaseCode(int("0" * 64 + "00001" * 10, 2) | 1 << 129)
    shown = code.reveal()

    assert old in shown
    assert CaseCode.parse(shown.replace(old, typed)).reveal() == shown


@pytest.mark.parametrize("separator", SEPARATORS)
def test_any_usual_separator_is_read_over(separator):
    code = FEW[2]

    typed = code.reveal().lower().replace("-", separator)

    assert CaseCode.parse(f" {typed} ").reveal() == code.reveal()


@given(some.case_codes)
def test_full_width_forms_are_read(code):
    shown = code.reveal()
    wide = "".join(chr(ord(s) + 0xFEE0) for s in shown)

    assert CaseCode.parse(wide).reveal() == shown
    assert CaseCode.parse(wide.lower()).reveal() == shown


@pytest.mark.parametrize(
    "text", ["", "0", "U" * 28, "0" * 27, "0" * 29, "é" * 28, "\0"]
)
def test_what_is_no_code_is_mistyped(text):
    assert mistyped(text)


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_mistyped(text):
    assert mistyped(text) or len(CaseCode.parse(text).reveal()) == 34


def test_new_codes_differ_from_the_first_symbol_to_the_last():
    codes = [symbols_of(CaseCode.generate()) for _ in range(200)]

    seen = [len(set(symbols)) for symbols in zip(*codes, strict=True)]

    assert len(set(codes)) == 200
    assert min(seen) > 20


@given(some.case_codes, some.case_codes)
def test_two_codes_share_nothing(code, other):
    assume(code.reveal() != other.reveal())

    assert code.locator(INSTANCE) != other.locator(INSTANCE)
    assert code.key(INSTANCE).reveal() != other.key(INSTANCE).reveal()


@given(some.case_codes)
def test_locator_and_key_of_a_code_are_two_things(code):
    derived = [code.locator(INSTANCE), code.key(INSTANCE).reveal()]
    again = code.key(INSTANCE).derive(LABEL_LOCATOR).reveal()

    assert len({*derived, again}) == 3


def test_a_code_finds_nothing_in_another_installation():
    code = FEW[2]

    assert code.locator(INSTANCE) != code.locator(some.OTHER_INSTANCE)


@given(some.case_codes, st.integers(0, 4), st.sampled_from(["-", " ", "", ", ", " / "]))
def test_three_groups_in_a_row_are_found_in_a_text(code, first, separator):
    groups = code.reveal().split("-")[first : first + 3]

    text = f"Kode saya {separator.join(groups).lower()}, tolong dicatat."

    assert holds_window(text, code.windows())


@given(some.case_codes, st.integers(0, 5))
def test_two_groups_are_not_three(code, first):
    text = "-".join(code.reveal().split("-")[first : first + 2])

    assert not holds_window(text, code.windows())


def test_three_groups_are_found_with_letters_for_digits():
    code = CaseCode(0)
    typed = CaseCode(1 << 65).reveal().replace("1", "l")

    assert holds_window("oOoO-0000 OOOO", code.windows())
    assert holds_window(f"({typed[10:24]})", CaseCode(1 << 65).windows())


def test_a_code_has_five_windows():
    assert len(FEW[2].windows()) == 5


def test_prose_holds_no_window_of_a_code():
    assert not holds_window(PROSE, FEW[2].windows())


@given(
    some.case_codes, st.sampled_from(["", "saya ", "Kode ini: ", "kode saya\n", "("])
)
def test_a_whole_code_is_found_behind_other_words(code, before):
    assume(any(symbol.isdigit() for symbol in code.reveal()))

    assert holds_code(f"{before}{code.reveal()}. Terima kasih.")


@pytest.mark.parametrize("separator", ["", " ", "_", " - ", "\n", "\u2013", "\u200b"])
def test_a_whole_code_is_found_with_any_usual_separator(separator):
    typed = FEW[2].reveal().lower().replace("-", separator)

    assert holds_code(f"Ini kode saya {typed} ya")


def test_a_mistyped_code_is_no_code():
    shown = FEW[2].reveal()

    assert not holds_code(shown[1] + shown[0] + shown[2:])


@pytest.mark.parametrize(
    "text",
    [PROSE, "", "saya mau lapo rkan kasu sini yang lama", "08123456789 " * 20],
)
def test_prose_holds_no_code(text):
    assert not holds_code(text)


def test_words_that_happen_to_check_are_no_code():
    words = ("ADEK", "BADA", "CAKE", "DEWA", "GAPE", "HAWA", "KERA", "MAHA", "NAMA")
    texts = (" ".join(seven) for seven in itertools.permutations(words, 7))

    checking = [text for text in itertools.islice(texts, 20_000) if not mistyped(text)]

    assert checking
    assert not any(holds_code(text) for text in checking)


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile",
    [
        "ab12 " * 3277,
        "ab12" * 4096,
        ("ab12" * 7 + " ") * 565,
        "a" * 16384,
        "\ufdfa" * 5461,
    ],
)
def test_hostile_text_is_searched_within_a_fifth_of_a_second(hostile):
    started = time.thread_time()

    holds_code(hostile)
    holds_window(hostile, FEW[2].windows())

    assert time.thread_time() - started < 0.2


def test_a_code_without_a_plain_digit_is_never_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_digit = CaseCode.parse("YVJV-TRRM-KYTB-HDQQ-WRNB-RFYW-BWTH")._secret
    drawn = iter([no_digit, no_digit, 7])
    monkeypatch.setattr("crypto.case_code.secrets.randbits", lambda _bits: next(drawn))

    code = CaseCode.generate()

    assert code._secret == 7
    assert holds_code(code.reveal())
