"""A sealed file opens whole and in its order, with its own key, or it is broken."""

import math
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from known_answers import reference

from crypto import (
    CHUNK_SIZE,
    FIRST_SEALED_SIZE,
    BrokenError,
    FileKey,
    FileSealer,
    TooLongError,
    padded_file_size,
    stream,
    unseal_file,
    unseal_first_chunk,
)
from crypto.stream import SEALED_CHUNK_SIZE, STREAM_HEADER_SIZE

RAW = bytes(range(32))
KEY = FileKey(RAW)
PREVIEW = b"\x00\x00\x00\x03jpg".ljust(CHUNK_SIZE, b"\x00")
MIB = 1024 * 1024

AT_BORDERS = [chunks * CHUNK_SIZE + more for chunks in range(4) for more in (-1, 0, 1)][
    1:
]
"""Lengths around the borders of chunks."""

borders = st.sampled_from(AT_BORDERS)
sizes = st.integers(1, 200_000)


def some_content(length: int) -> bytes:
    """Bytes that differ from chunk to chunk, and are nowhere zero."""
    period = bytes(range(1, 252))
    return (period * (length // len(period) + 1))[:length]


def sealed_of(content: bytes, size: int = 100_000, key: FileKey = KEY) -> bytes:
    """Seal *content* as it arrives, in pieces of *size*."""
    sealer = FileSealer(key)
    pieces = [sealer.update(piece) for piece in cut(content, size)]
    return b"".join([*pieces, sealer.finish()])


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def opened(sealed: bytes, length: int, *, skip: int = 0, key: FileKey = KEY) -> bytes:
    return b"".join(unseal_file(cut(sealed, 70_000), key, length, skip=skip))


def chunks_of(sealed: bytes) -> list[bytes]:
    """Take a sealed file apart: the header, then its sealed chunks."""
    header, rest = sealed[:STREAM_HEADER_SIZE], sealed[STREAM_HEADER_SIZE:]
    return [header, *cut(rest, SEALED_CHUNK_SIZE)]


FILE = some_content(200_000)
SEALED = sealed_of(FILE)
HEADER, FIRST, SECOND, THIRD, LAST = chunks_of(SEALED)


@given(borders | st.integers(0, 400_000), sizes, sizes)
@example(3 * CHUNK_SIZE, 1, CHUNK_SIZE)
def test_what_is_sealed_in_any_pieces_opens_from_any_pieces(length, size, other_size):
    content = some_content(length)

    sealed = sealed_of(content, max(size, length // 1000))

    pieces = cut(sealed, max(other_size, length // 1000))
    assert b"".join(unseal_file(pieces, KEY, length)) == content


@pytest.mark.parametrize("skip", [0, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE])
def test_no_piece_that_is_handed_on_is_empty(skip):
    # For a server an empty piece may be the end.
    pieces = list(unseal_file([SEALED], KEY, len(FILE) - skip, skip=skip))

    assert b"".join(pieces) == FILE[skip:]
    assert all(pieces)


@given(borders, st.sampled_from([1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1]))
def test_what_stands_in_front_is_left_out(length, skip):
    content = some_content(skip + length)

    assert opened(sealed_of(content), length, skip=skip) == content[skip:]


@pytest.mark.parametrize("length", [0, *AT_BORDERS, 262_144, 270_336, 270_337])
def test_a_sealed_file_is_what_the_format_says(length):
    content = some_content(length)

    sealed = sealed_of(content)

    header = sealed[:STREAM_HEADER_SIZE]
    filled = content.ljust(reference.bucket(length), b"\x00")
    assert sealed == header + b"".join(reference.stream(filled, RAW, header))
    assert header[:1] == b"\x01"


@pytest.mark.parametrize("length", [0, *AT_BORDERS])
def test_the_size_of_an_object_is_that_of_its_bucket(length):
    filled = padded_file_size(length)

    sealed = sealed_of(some_content(length))

    assert len(sealed) == 8 + filled + 16 * math.ceil(filled / CHUNK_SIZE)


def test_what_was_taken_in_is_counted_in_bytes():
    sealer = FileSealer(KEY)
    wide = memoryview(some_content(4000)).cast("I")

    sealed = sealer.update(wide) + sealer.finish()

    assert sealer.length == 4000
    assert opened(sealed, 4000) == some_content(4000)


def test_the_same_file_is_sealed_differently_each_time():
    assert len({sealed_of(b"one")[:STREAM_HEADER_SIZE] for _ in range(50)}) == 50


def test_no_two_chunks_are_sealed_under_one_nonce():
    # Zeros under one nonce would be the same bytes.
    sealed = chunks_of(sealed_of(bytes(10 * CHUNK_SIZE)))[1:]

    assert len({chunk[:64] for chunk in sealed}) == len(sealed) == 10


@pytest.mark.parametrize(
    "laid",
    [
        pytest.param([HEADER, FIRST, SECOND, THIRD], id="cut at a border"),
        pytest.param([HEADER, FIRST, SECOND], id="cut at an earlier border"),
        pytest.param([HEADER, FIRST], id="cut behind the first"),
        pytest.param([HEADER], id="cut behind the header"),
        pytest.param([HEADER[:7]], id="cut in the header"),
        pytest.param([], id="nothing"),
        pytest.param([HEADER, FIRST, SECOND, THIRD, LAST[:-1]], id="cut by a byte"),
        pytest.param([HEADER, FIRST, SECOND, THIRD, LAST[:15]], id="less than a tag"),
        pytest.param([HEADER, SECOND, FIRST, THIRD, LAST], id="swapped"),
        pytest.param([HEADER, FIRST, THIRD, SECOND, LAST], id="swapped behind"),
        pytest.param([HEADER, FIRST, SECOND, LAST, THIRD], id="last one swapped"),
        pytest.param([HEADER, SECOND, THIRD, LAST], id="first dropped"),
        pytest.param([HEADER, FIRST, THIRD, LAST], id="dropped"),
        pytest.param([HEADER, LAST], id="the last alone"),
        pytest.param([HEADER, FIRST, SECOND, THIRD, LAST, b"\0"], id="a byte more"),
        pytest.param([HEADER, FIRST, SECOND, THIRD, LAST, LAST], id="last one twice"),
        pytest.param([HEADER, FIRST, FIRST, SECOND, THIRD, LAST], id="first twice"),
        pytest.param([HEADER, FIRST, SECOND, SECOND, THIRD, LAST], id="twice"),
        pytest.param([HEADER, FIRST, SECOND, THIRD, THIRD], id="twice, for the last"),
        pytest.param([HEADER, HEADER, FIRST, SECOND, THIRD, LAST], id="header twice"),
        pytest.param([FIRST, SECOND, THIRD, LAST], id="without a header"),
        pytest.param([SEALED, SEALED], id="the file twice"),
    ],
)
def test_a_file_that_is_laid_otherwise_is_broken(laid):
    with pytest.raises(BrokenError):
        opened(b"".join(laid), len(FILE))


def test_a_file_cut_at_a_border_is_broken_whatever_length_is_asked_for():
    for kept, length in ((1, CHUNK_SIZE), (2, 2 * CHUNK_SIZE), (3, 3 * CHUNK_SIZE)):
        with pytest.raises(BrokenError):
            opened(b"".join(chunks_of(SEALED)[: kept + 1]), length)


def test_chunks_of_another_sealing_of_the_same_file_do_not_fit():
    other = chunks_of(sealed_of(FILE))

    for number in range(1, 5):
        mixed = chunks_of(SEALED)
        mixed[number] = other[number]
        with pytest.raises(BrokenError):
            opened(b"".join(mixed), len(FILE))


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
@example(0, 3)
@example(7, 1)
@example(len(SEALED) - 1, 1)
def test_no_byte_of_a_sealed_file_can_change(at, change):
    damaged = bytearray(SEALED)
    damaged[at] ^= change

    with pytest.raises(BrokenError):
        opened(bytes(damaged), len(FILE))


def test_another_files_key_opens_nothing():
    with pytest.raises(BrokenError):
        opened(SEALED, len(FILE), key=FileKey.generate())


def test_nothing_is_handed_on_of_a_chunk_that_is_not_as_it_was():
    damaged = HEADER + FIRST + SECOND[:-1] + bytes([SECOND[-1] ^ 1]) + THIRD + LAST
    got = []

    with pytest.raises(BrokenError):
        got.extend(unseal_file([damaged], KEY, len(FILE)))

    assert b"".join(got) == FILE[:CHUNK_SIZE]


@pytest.mark.parametrize("length", [0, 1, len(FILE) - 1, 2 * CHUNK_SIZE, CHUNK_SIZE])
def test_a_shorter_length_than_was_sealed_is_broken(length):
    with pytest.raises(BrokenError):
        opened(SEALED, length)


@pytest.mark.parametrize("skip", [0, CHUNK_SIZE])
@pytest.mark.parametrize("more", [1, CHUNK_SIZE, MIB])
def test_a_length_beyond_the_bucket_is_broken(skip, more):
    filled = padded_file_size(len(FILE))

    with pytest.raises(BrokenError):
        opened(SEALED, filled - skip + more, skip=skip)


@pytest.mark.parametrize(("length", "skip"), [(-1, 0), (5, -5), (-5, 10)])
def test_nobody_counts_from_behind(length, skip):
    with pytest.raises(ValueError, match="from the beginning"):
        opened(SEALED, length, skip=skip)


def forged(content: bytes, *, header: bytes = b"\x01" + bytes(7)) -> bytes:
    """Seal *content* as it is, as only who has the key can."""
    return header + b"".join(reference.stream(content, RAW, header))


@pytest.mark.parametrize("at", [0, 1, CHUNK_SIZE - 2, CHUNK_SIZE - 1, -1])
def test_what_is_filled_up_is_zero_in_every_chunk(at):
    length = 8 * MIB + 1
    filling = bytearray(padded_file_size(length) - length)
    filling[at] = 1

    with pytest.raises(BrokenError):
        opened(forged(some_content(length) + filling), length)
    assert len(filling) > 3 * CHUNK_SIZE


@pytest.mark.parametrize("filled", [200_000, 200_704, 204_800, 212_992])
def test_a_file_is_filled_up_in_one_way_alone(filled):
    sealed = forged(FILE.ljust(filled, b"\x00"))

    if filled == padded_file_size(len(FILE)):
        assert opened(sealed, len(FILE)) == FILE
    else:
        with pytest.raises(BrokenError):
            opened(sealed, len(FILE))


def test_a_last_chunk_of_nothing_is_broken():
    content = some_content(2 * CHUNK_SIZE)
    header, zeros = b"\x01" + bytes(7), bytes(CHUNK_SIZE)
    full = reference.stream(content + zeros, RAW, header)[:2]
    nothing = reference.stream_chunk(b"", RAW, header, number=2, is_last=True)

    assert opened(forged(content), len(content)) == content
    with pytest.raises(BrokenError):
        opened(header + b"".join(full) + nothing, len(content))


@pytest.mark.parametrize("version", [0, 2, 0xFF])
def test_another_version_is_broken_even_where_all_else_is_right(version):
    content = some_content(2 * CHUNK_SIZE)
    sealed = forged(content, header=bytes([version]) + bytes(7))

    with pytest.raises(BrokenError):
        opened(sealed, len(content))
    with pytest.raises(BrokenError):
        unseal_first_chunk(sealed[:FIRST_SEALED_SIZE], KEY)


@pytest.mark.parametrize("length", [0, 1, CHUNK_SIZE, CHUNK_SIZE + 1, 5 * CHUNK_SIZE])
def test_the_first_chunk_of_every_file_opens_alone(length):
    sealed = sealed_of(PREVIEW + some_content(length))

    assert unseal_first_chunk(sealed[:FIRST_SEALED_SIZE], KEY) == PREVIEW


def beginning_of(size: int) -> bytes:
    """Seal a first chunk of another size, as only who has the key can."""
    header, chunk = b"\x01" + bytes(7), some_content(size)
    return header + reference.stream_chunk(chunk, RAW, header, number=0, is_last=False)


@pytest.mark.parametrize(
    "beginning",
    [
        SEALED[: FIRST_SEALED_SIZE - 1],
        SEALED[: FIRST_SEALED_SIZE + 1],
        HEADER + SECOND,
        HEADER[:-1] + b"\x00" + FIRST if HEADER[-1] else HEADER[:-1] + b"\x01" + FIRST,
        HEADER + FIRST[:-1] + bytes([FIRST[-1] ^ 1]),
        forged(some_content(CHUNK_SIZE)),
        *(beginning_of(CHUNK_SIZE - 1), beginning_of(CHUNK_SIZE + 1), beginning_of(1)),
        *(HEADER, HEADER[:4], b""),
    ],
    ids=[
        *("short", "long", "second", "other header", "damaged", "last"),
        *("small chunk", "large chunk", "tiny chunk"),
        *("header alone", "half a header", "nothing"),
    ],
)
def test_what_is_no_beginning_is_broken(beginning):
    with pytest.raises(BrokenError):
        unseal_first_chunk(beginning, KEY)


def test_the_first_chunk_opens_with_its_own_key_alone():
    with pytest.raises(BrokenError):
        unseal_first_chunk(SEALED[:FIRST_SEALED_SIZE], FileKey.generate())


def test_a_closed_file_takes_nothing_more():
    sealer = FileSealer(KEY)
    sealer.finish()

    with pytest.raises(ValueError, match="closed"):
        sealer.update(b"more")
    with pytest.raises(ValueError, match="closed"):
        sealer.finish()


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_file_key_has_32_bytes(size):
    with pytest.raises(ValueError, match="32 bytes"):
        FileKey(bytes(size))


def test_new_file_keys_differ():
    drawn = {FileKey.generate().reveal() for _ in range(50)}

    assert len(drawn) == 50
    assert {len(key) for key in drawn} == {32}


def test_a_file_that_the_counter_has_no_numbers_for_is_refused(monkeypatch):
    monkeypatch.setattr(stream, "LONGEST_FILE", 3 * CHUNK_SIZE)
    content = some_content(3 * CHUNK_SIZE)
    sealer = FileSealer(KEY)
    sealed = sealer.update(content)

    with pytest.raises(TooLongError) as caught:
        sealer.update(b"seven b")

    assert caught.value.excess == 7
    assert opened(sealed + sealer.finish(), len(content)) == content


def test_chunks_beyond_the_counter_are_broken(monkeypatch):
    monkeypatch.setattr(stream, "MOST_CHUNKS", 4)
    assert opened(SEALED, len(FILE)) == FILE

    monkeypatch.setattr(stream, "MOST_CHUNKS", 3)
    with pytest.raises(BrokenError):
        opened(SEALED, len(FILE))


def test_the_longest_file_has_a_number_for_every_chunk():
    filled = padded_file_size(stream.LONGEST_FILE)

    assert filled == stream.MOST_CHUNKS * CHUNK_SIZE


@pytest.mark.parametrize("size", [4096, CHUNK_SIZE, 100_003])
def test_a_large_file_takes_little_memory(size):
    piece, sealer = some_content(size), FileSealer(KEY)
    tracemalloc.start()

    for _ in range(16 * MIB // size):
        sealer.update(piece)
    sealed_peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert sealer.length > 15 * MIB
    assert sealed_peak < MIB


@pytest.mark.parametrize("size", [4096, CHUNK_SIZE, 100_003])
def test_a_large_file_opens_in_little_memory(size):
    content = some_content(16 * MIB)
    pieces = cut(sealed_of(content), size)
    tracemalloc.start()

    length = sum(map(len, unseal_file(pieces, KEY, len(content))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert length == len(content)
    assert peak < MIB


def test_a_sealer_gives_out_what_it_can_and_holds_one_chunk_back():
    sealer, piece = FileSealer(KEY), some_content(CHUNK_SIZE)

    given_out = [len(sealer.update(piece)) for _ in range(5)]

    assert given_out == [8, *[SEALED_CHUNK_SIZE] * 4]
