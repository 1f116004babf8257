"""One padding per text, one size per kind."""

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st
from known_answers import reference

from crypto import BrokenError, TooLongError
from crypto.padding import pad, unpad


@given(some.plaintexts, st.integers(0, 100))
def test_what_is_padded_unpads(text, room):
    size = 4 + len(text) + room

    padded = pad(text, size)

    assert unpad(padded, size) == text
    assert padded == reference.pad(text, size)
    assert len(padded) == size


@given(st.integers(0, 9), st.lists(st.sampled_from(b"\x00\x00\x01"), max_size=9))
def test_what_unpads_is_padded_to_the_same_bytes(length, rest):
    padded = length.to_bytes(4, "big") + bytes(rest)

    try:
        text = unpad(padded, len(padded))
    except BrokenError:
        return

    assert pad(text, len(padded)) == padded


@given(st.integers(4, 600), st.integers(1, 100))
def test_a_text_that_is_too_long_is_refused_with_the_excess(size, excess):
    text = bytes(size - 4 + excess)

    with pytest.raises(TooLongError, match=f"^{excess} bytes") as caught:
        pad(text, size)

    assert caught.value.excess == excess


@pytest.mark.parametrize("at", range(10, 16))
def test_what_follows_the_text_is_zero(at):
    padded = bytearray(pad(b"inside", 16))
    padded[at] = 1

    with pytest.raises(BrokenError):
        unpad(bytes(padded), 16)


@pytest.mark.parametrize("length", [13, 14, 2**16, 2**31, 2**32 - 1])
def test_a_length_that_does_not_fit_is_broken(length):
    with pytest.raises(BrokenError):
        unpad(length.to_bytes(4, "big") + bytes(12), 16)


@pytest.mark.parametrize("size", [0, 3, 15, 17, 32])
def test_another_size_is_broken(size):
    with pytest.raises(BrokenError):
        unpad(bytes(size), 16)
