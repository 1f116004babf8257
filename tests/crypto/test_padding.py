"""One padding per text, one size per kind; a bucket of sizes for a file."""

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st
from known_answers import reference

from crypto import CHUNK_SIZE, BrokenError, TooLongError, padded_file_size
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


lengths = st.integers(0, 2**48) | st.integers(120_000, 600_000)


@given(lengths)
def test_a_bucket_is_what_the_paper_on_padme_says(length):
    assert padded_file_size(length) == reference.bucket(length)


@given(lengths)
def test_a_bucket_holds_the_file_and_is_a_32nd_part_more_at_most(length):
    filled = padded_file_size(length)

    assert max(length, 2 * CHUNK_SIZE) <= filled
    assert (filled - length) * 32 < length or filled == 2 * CHUNK_SIZE


@given(lengths)
def test_a_bucket_is_its_own_bucket(length):
    filled = padded_file_size(length)

    assert padded_file_size(filled) == filled


@given(lengths, st.integers(0, 5000))
def test_a_longer_file_has_no_smaller_bucket(length, more):
    assert padded_file_size(length) <= padded_file_size(length + more)


@pytest.mark.parametrize(
    ("length", "filled"),
    [
        (0, 131_072),
        (1, 131_072),
        (65_536, 131_072),
        (65_537, 131_072),
        (131_072, 131_072),
        (131_073, 135_168),
        (135_168, 135_168),
        (135_169, 139_264),
        (262_143, 262_144),
        (262_144, 262_144),
        (262_145, 270_336),
        (1_000_000, 1_015_808),
        (104_923_136, 106_954_752),
        (2**32 - 1, 2**32),
        (2**32 + 1, 2**32 + 2**26),
        (2**48, 2**48),
    ],
)
def test_a_bucket_is_what_it_was(length, filled):
    assert padded_file_size(length) == filled


def test_there_are_few_buckets():
    filled = {padded_file_size(n) for n in range(0, 100 * 2**20, 1000)}

    assert len(filled) < 320


def test_every_small_file_has_one_size_behind_its_preview():
    filled = {padded_file_size(CHUNK_SIZE + n) for n in range(0, CHUNK_SIZE + 1, 64)}

    assert filled == {131_072}
