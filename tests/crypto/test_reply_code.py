"""A reply code opens the answers to its leaflet, and nobody else's code does."""

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st

from crypto import (
    LOCKED_REPLY_SIZE,
    InstanceId,
    MistypedError,
    NotYoursError,
    ReplyCode,
    TooLongError,
)
from crypto.reply_code import REPLY_CODE_BITS

INSTANCE = some.INSTANCE
REPLY = bytes(16)
codes = st.integers(0, 2**REPLY_CODE_BITS - 1).map(ReplyCode)


def mistyped(text):
    try:
        ReplyCode.parse(text)
    except MistypedError:
        return True
    return False


@given(codes)
def test_a_code_reads_back_however_it_is_typed(code):
    shown = code.reveal()
    typed = f" {shown.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}\n"

    assert ReplyCode.parse(typed).reveal() == shown
    assert ReplyCode.parse(typed).locator(INSTANCE) == code.locator(INSTANCE)


@given(codes, st.integers(0, 18))
def test_an_adjacent_swap_is_mistyped(code, place):
    right = code.reveal().replace("-", "")
    first, second = right[place : place + 2]

    swapped = right[:place] + second + first + right[place + 2 :]

    assert swapped == right or mistyped(swapped)


@given(codes, st.binary(max_size=4092))
def test_an_answer_opens_under_its_code_and_has_one_size(code, text):
    locked = code.lock(text, INSTANCE, reply_id=REPLY)

    assert len(locked) == LOCKED_REPLY_SIZE
    assert code.unlock(locked, INSTANCE, reply_id=REPLY) == text


@pytest.mark.parametrize(
    ("code", "instance", "reply_id"),
    [
        (ReplyCode(2), INSTANCE, REPLY),
        (ReplyCode(1), InstanceId(bytes(reversed(INSTANCE))), REPLY),
        (ReplyCode(1), INSTANCE, bytes(15) + b"\x01"),
    ],
)
def test_an_answer_opens_nowhere_else(code, instance, reply_id):
    locked = ReplyCode(1).lock(b"I was on leave.", INSTANCE, reply_id=REPLY)

    with pytest.raises(NotYoursError):
        code.unlock(locked, instance, reply_id=reply_id)


def test_a_longer_answer_is_refused_and_never_cut():
    with pytest.raises(TooLongError):
        ReplyCode(1).lock(bytes(4093), INSTANCE, reply_id=REPLY)


def test_what_the_database_knows_is_not_what_opens():
    code = ReplyCode(1)
    locked = code.lock(b"text", INSTANCE, reply_id=REPLY)
    locator = int.from_bytes(code.locator(INSTANCE)[:11], "big")

    with pytest.raises(NotYoursError):
        ReplyCode(locator).unlock(locked, INSTANCE, reply_id=REPLY)


@pytest.mark.parametrize("typed", ["", "-", "0000", "\ud800" * 20, "U" * 20])
def test_what_is_no_code_is_mistyped(typed):
    assert mistyped(typed)
