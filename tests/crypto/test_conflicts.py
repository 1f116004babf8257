"""What an officer declares is the portal's to apply, and no thief's to read."""

import pytest
import strategies as some
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import (
    BrokenError,
    Key,
    NotYoursError,
    TooLongError,
    lock_conflicts,
    unlock_conflicts,
)
from crypto.conflicts import (
    CONFLICTS_SIZE,
    LABEL_CONFLICTS,
    LABEL_CONFLICTS_KEY,
    LOCKED_CONFLICTS_SIZE,
)

INSTANCE = some.INSTANCE
SECRET = Key(b"s" * 32, INSTANCE)


@given(st.binary(max_size=CONFLICTS_SIZE - 4))
def test_what_is_locked_unlocks_and_all_are_of_one_length(text):
    locked = lock_conflicts(text, SECRET, holder=b"rina")

    assert unlock_conflicts(locked, SECRET, holder=b"rina") == text
    assert len(locked) == LOCKED_CONFLICTS_SIZE


def test_more_than_fits_is_refused_and_not_cut():
    with pytest.raises(TooLongError) as refused:
        lock_conflicts(bytes(CONFLICTS_SIZE), SECRET, holder=b"rina")

    assert refused.value.excess == 4


@pytest.mark.parametrize(
    ("secret", "holder"),
    [
        (Key(b"t" * 32, INSTANCE), b"rina"),
        (Key(b"s" * 32, some.OTHER_INSTANCE), b"rina"),
        (SECRET, b"joko"),
    ],
    ids=["another secret", "another installation", "another holder"],
)
def test_nobody_else_opens_it(secret, holder):
    locked = lock_conflicts(b"Dinas Pasar", SECRET, holder=b"rina")

    with pytest.raises(NotYoursError):
        unlock_conflicts(locked, secret, holder=holder)


@settings(max_examples=20)
@given(st.integers(0, LOCKED_CONFLICTS_SIZE - 1))
def test_no_byte_of_it_can_change(at):
    damaged = bytearray(lock_conflicts(b"Dinas Pasar", SECRET, holder=b"rina"))
    damaged[at] ^= 1

    with pytest.raises((NotYoursError, BrokenError)):
        unlock_conflicts(bytes(damaged), SECRET, holder=b"rina")


def test_another_size_is_broken():
    key = SECRET.derive(LABEL_CONFLICTS_KEY)
    locked = key.lock(bytes(64), label=LABEL_CONFLICTS, context=(b"rina",))

    with pytest.raises(BrokenError):
        unlock_conflicts(locked, SECRET, holder=b"rina")
