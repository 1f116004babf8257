"""The gate's secret on paper: every slip shows, and what was written is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import BrokenError, GateSecret, MistypedError
from crypto.base32 import SYMBOLS

SECRET = GateSecret(bytes(range(32)))
ON_PAPER = SECRET.reveal()


@given(st.binary(min_size=32, max_size=32))
def test_what_paper_holds_is_read_back(secret: bytes) -> None:
    assert bytes(GateSecret.parse(GateSecret(secret).reveal())) == secret


def test_a_known_secret_has_this_paper() -> None:
    assert ON_PAPER == (
        "0001-081G-8186-0W40-J2GB-1G6G-W3RG-2491-650N-2RBH-G68T-3CE1-T7GZ-W79C"
    )


def test_it_is_read_as_people_type_it() -> None:
    typed = ON_PAPER.lower().replace("-", " ").replace("0", "o")

    assert bytes(GateSecret.parse(typed)) == bytes(SECRET)


@pytest.mark.parametrize("at", range(69))
def test_every_wrong_symbol_and_every_swap_shows(at: int) -> None:
    wrong = slips(at)

    refused = [is_mistyped(typed) for typed in wrong]

    assert all(refused)


@pytest.mark.parametrize("typed", ["", "0000", ON_PAPER[:-1], "ZZZZ-" + ON_PAPER[5:]])
def test_what_no_secret_can_be_is_refused(typed: str) -> None:
    with pytest.raises(MistypedError):
        GateSecret.parse(typed)


def test_a_file_of_another_size_is_broken() -> None:
    with pytest.raises(BrokenError):
        GateSecret(b"short")


def slips(at: int) -> list[str]:
    """Return the paper with one symbol changed, and with it swapped for the next."""
    symbol = ON_PAPER[at]
    if symbol == "-":
        return []
    wrong = [ON_PAPER[:at] + s + ON_PAPER[at + 1 :] for s in SYMBOLS if s != symbol]
    return wrong + swaps(at)


def swaps(at: int) -> list[str]:
    plain, place = ON_PAPER.replace("-", ""), at - ON_PAPER[:at].count("-")
    swapped = plain[:place] + plain[place : place + 2][::-1] + plain[place + 2 :]
    return [swapped] if swapped != plain else []


def is_mistyped(typed: str) -> bool:
    try:
        GateSecret.parse(typed)
    except MistypedError:
        return True
    return False
