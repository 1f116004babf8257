"""A slip is found mistyped from itself alone, and its id says nothing of it."""

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import CaseCode, InstanceId, MistypedError, Slip
from crypto.base32 import SYMBOLS
from crypto.slip import SLIP_BITS

INSTANCE = some.INSTANCE
slips = st.integers(0, 2**SLIP_BITS - 1).map(Slip)
SPELLINGS = [
    lambda shown: shown.lower(),
    lambda shown: shown.replace("-", " "),
    lambda shown: shown.replace("-", ""),
    lambda shown: shown.replace("-", " \u2013 "),
    lambda shown: shown.replace("0", "O").replace("1", "l"),
    lambda shown: f"  {shown}\n",
    lambda shown: "".join(chr(ord(s) + 0xFEE0) if s.isalnum() else s for s in shown),
]


def symbols_of(slip):
    return slip.reveal().replace("-", "")


def mistyped(text):
    try:
        Slip.parse(text)
    except MistypedError:
        return True
    return False


@given(slips)
def test_a_slip_reads_back(slip):
    shown = slip.reveal()

    assert Slip.parse(shown).reveal() == shown
    assert [len(group) for group in shown.split("-")] == [4] * 5


@pytest.mark.parametrize("spelt", SPELLINGS)
@given(slip=slips)
def test_however_it_is_typed_it_is_the_same_slip(slip, spelt):
    typed = spelt(slip.reveal())

    assert Slip.parse(typed).id(INSTANCE) == slip.id(INSTANCE)


@given(slips, st.integers(0, 19), st.sampled_from(SYMBOLS))
def test_a_wrong_symbol_is_mistyped(slip, place, symbol):
    right = symbols_of(slip)
    assume(right[place] != symbol)

    assert mistyped(right[:place] + symbol + right[place + 1 :])


@given(slips, st.integers(0, 18))
def test_an_adjacent_swap_is_mistyped(slip, place):
    right = symbols_of(slip)
    first, second = right[place : place + 2]

    swapped = right[:place] + second + first + right[place + 2 :]

    assert swapped == right or mistyped(swapped)


@given(some.case_codes, slips)
def test_a_code_is_no_slip_and_a_slip_no_code(code, slip):
    assert mistyped(code.reveal())
    with pytest.raises(MistypedError):
        CaseCode.parse(slip.reveal())


@given(slips)
def test_another_installation_knows_it_by_another_id(slip):
    elsewhere = InstanceId(bytes(reversed(INSTANCE)))

    assert len(slip.id(INSTANCE)) == 32
    assert slip.id(INSTANCE) != slip.id(elsewhere)


def test_no_two_slips_are_alike():
    drawn = {Slip.generate().reveal() for _ in range(1000)}

    assert len(drawn) == 1000


@pytest.mark.parametrize("typed", ["", "-", "0000", "\ud800" * 20, "U" * 20, "é" * 20])
def test_what_is_no_slip_is_mistyped(typed):
    assert mistyped(typed)
