"""The identity that follows opens with the present one alone."""

import pytest
import strategies as some
from hypothesis import given

from crypto import BrokenError, Identity, NotYoursError, lock_next, unlock_next
from crypto.rotation import LOCKED_NEXT_SIZE

INSTANCE = some.INSTANCE
RINA, JOKO, NEXT = (Identity(letter * 32) for letter in (b"r", b"j", b"n"))


def unlock(locked, identity=RINA, holder=b"rina", instance=INSTANCE):
    return unlock_next(locked, identity, holder=holder, instance=instance)


@given(some.keys, some.keys, some.fields, some.instances)
def test_what_is_locked_unlocks(seed, following, holder, instance):
    present = Identity(seed)

    locked = lock_next(present, Identity(following), holder=holder, instance=instance)

    opened = unlock(locked, present, holder, instance)
    assert opened.reveal() == following
    assert len(locked) == LOCKED_NEXT_SIZE


@pytest.mark.parametrize(
    ("identity", "holder", "instance"),
    [
        (JOKO, b"rina", INSTANCE),
        (NEXT, b"rina", INSTANCE),
        (RINA, b"joko", INSTANCE),
        (RINA, b"rina", some.OTHER_INSTANCE),
    ],
    ids=["another", "the next itself", "another holder", "another installation"],
)
def test_nobody_else_unlocks_it(identity, holder, instance):
    locked = lock_next(RINA, NEXT, holder=b"rina", instance=INSTANCE)

    with pytest.raises(NotYoursError):
        unlock(locked, identity, holder, instance)


@pytest.mark.parametrize("size", [1, 80, 112])
def test_a_cut_one_does_not_open(size):
    locked = lock_next(RINA, NEXT, holder=b"rina", instance=INSTANCE)

    with pytest.raises(NotYoursError):
        unlock(locked[:size])


def test_what_is_no_lock_is_broken():
    with pytest.raises(BrokenError):
        unlock(b"\x02" + bytes(112))


def test_the_seed_does_not_show():
    locked = lock_next(RINA, NEXT, holder=b"rina", instance=INSTANCE)

    assert NEXT.reveal() not in locked
    assert RINA.reveal() not in locked
