"""An officer's cache of opened keys is that officer's alone."""

import pytest
import strategies as some
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crypto import NOTHING, BrokenError, Identity, NotYoursError, OpenedKeys
from crypto.lock import LOCK_OVERHEAD
from crypto.opened_keys import CACHE_STEP, ENTRY_SIZE, LABEL_CACHE, LABEL_CACHE_KEY
from crypto.padding import pad

INSTANCE = some.INSTANCE
RINA, JOKO = Identity(b"r" * 32), Identity(b"j" * 32)
pairs = st.binary(min_size=64, max_size=64)
caches = st.dictionaries(some.case_ids, pairs, max_size=12)


def lock(keys, identity=RINA, holder=b"rina"):
    return keys.lock(identity, holder=holder, instance=INSTANCE)


def unlock(locked, identity=RINA, holder=b"rina", instance=INSTANCE):
    return OpenedKeys.unlock(locked, identity, holder=holder, instance=instance)


def many(count):
    return OpenedKeys().adding({n.to_bytes(16, "big"): bytes(64) for n in range(count)})


@given(caches)
def test_what_is_locked_unlocks(kept):
    opened = unlock(lock(OpenedKeys().adding(kept)))

    assert {case_id: opened.find(case_id) for case_id in kept} == kept
    assert len(opened) == len(kept)


@given(caches, some.case_ids)
def test_a_case_that_is_not_kept_is_not_found(kept, case_id):
    assume(case_id not in kept)

    assert OpenedKeys().adding(kept).find(case_id) is None


@given(caches, caches)
def test_keys_are_added_and_the_newer_stay(kept, newer):
    keys = OpenedKeys().adding(kept).adding(newer)

    both = kept | newer
    assert {case_id: keys.find(case_id) for case_id in both} == both
    assert len(keys) == len(both)


@given(caches)
def test_the_order_in_which_keys_came_is_not_kept(kept):
    forwards = OpenedKeys().adding(kept)
    backwards = OpenedKeys().adding(dict(reversed(kept.items())))

    assert forwards._entries._entries == backwards._entries._entries


@pytest.mark.parametrize(
    ("count", "steps"), [(0, 1), (1, 1), (819, 1), (820, 2), (1638, 2), (1639, 3)]
)
def test_a_cache_is_as_long_as_whole_steps(count, steps):
    locked = lock(many(count))

    assert len(locked) == steps * CACHE_STEP + LOCK_OVERHEAD
    assert len(unlock(locked)) == count


def test_a_case_that_opened_nothing_is_kept_as_such():
    keys = OpenedKeys().adding({b"case 16 bytes id": NOTHING})

    assert unlock(lock(keys)).find(b"case 16 bytes id") == NOTHING == bytes(64)


@pytest.mark.parametrize(
    ("identity", "holder", "instance"),
    [
        (JOKO, b"rina", INSTANCE),
        (RINA, b"joko", INSTANCE),
        (RINA, b"rina", some.OTHER_INSTANCE),
    ],
    ids=["another identity", "another holder", "another installation"],
)
def test_nobody_else_opens_a_cache(identity, holder, instance):
    locked = lock(many(3))

    with pytest.raises(NotYoursError):
        unlock(locked, identity, holder, instance)


@settings(max_examples=20)
@given(st.integers(0, CACHE_STEP + LOCK_OVERHEAD - 1))
def test_no_byte_of_a_cache_can_change(at):
    damaged = bytearray(lock(many(3)))
    damaged[at] ^= 1

    with pytest.raises((NotYoursError, BrokenError)):
        unlock(bytes(damaged))


def test_half_an_entry_is_broken():
    key = RINA.key(INSTANCE).derive(LABEL_CACHE_KEY)
    padded = pad(bytes(ENTRY_SIZE + 1), CACHE_STEP)
    locked = key.lock(padded, label=LABEL_CACHE, context=(b"rina",))

    with pytest.raises(BrokenError):
        unlock(locked)
