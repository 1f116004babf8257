"""What an officer has seen is that officer's alone."""

import pytest
import strategies as some
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import BrokenError, Identity, NotYoursError, SeenCounts
from crypto.lock import LOCK_OVERHEAD
from crypto.padding import pad
from crypto.seen_counts import (
    LABEL_SEEN,
    LABEL_SEEN_KEY,
    SEEN_ENTRY_SIZE,
    SEEN_STEP,
)

INSTANCE = some.INSTANCE
RINA, JOKO = Identity(b"r" * 32), Identity(b"j" * 32)
counts = st.dictionaries(some.case_ids, st.integers(0, 2**32 - 1), max_size=12)


def lock(seen, identity=RINA, holder=b"rina"):
    return seen.lock(identity, holder=holder, instance=INSTANCE)


def unlock(locked, identity=RINA, holder=b"rina", instance=INSTANCE):
    return SeenCounts.unlock(locked, identity, holder=holder, instance=instance)


def many(count):
    return SeenCounts().adding({n.to_bytes(16, "big"): n for n in range(count)})


@given(counts)
def test_what_is_locked_unlocks(kept):
    opened = unlock(lock(SeenCounts().adding(kept)))

    assert {case_id: opened.find(case_id) for case_id in kept} == kept
    assert len(opened) == len(kept)


def test_of_a_case_never_looked_at_nothing_was_seen():
    assert many(3).find(b"another case id.") == 0


@given(counts, counts)
def test_counts_are_added_and_the_newer_stay(kept, newer):
    seen = SeenCounts().adding(kept).adding(newer)

    both = kept | newer
    assert {case_id: seen.find(case_id) for case_id in both} == both


@pytest.mark.parametrize(
    ("count", "steps"), [(0, 1), (1, 1), (819, 1), (820, 2), (1638, 2), (1639, 3)]
)
def test_it_is_as_long_as_whole_steps(count, steps):
    locked = lock(many(count))

    assert len(locked) == steps * SEEN_STEP + LOCK_OVERHEAD
    assert len(unlock(locked)) == count


@pytest.mark.parametrize(
    ("identity", "holder", "instance"),
    [
        (JOKO, b"rina", INSTANCE),
        (RINA, b"joko", INSTANCE),
        (RINA, b"rina", some.OTHER_INSTANCE),
    ],
    ids=["another identity", "another holder", "another installation"],
)
def test_nobody_else_opens_it(identity, holder, instance):
    locked = lock(many(3))

    with pytest.raises(NotYoursError):
        unlock(locked, identity, holder, instance)


@settings(max_examples=20)
@given(st.integers(0, SEEN_STEP + LOCK_OVERHEAD - 1))
def test_no_byte_of_it_can_change(at):
    damaged = bytearray(lock(many(3)))
    damaged[at] ^= 1

    with pytest.raises((NotYoursError, BrokenError)):
        unlock(bytes(damaged))


def test_half_an_entry_is_broken():
    key = RINA.key(INSTANCE).derive(LABEL_SEEN_KEY)
    padded = pad(bytes(SEEN_ENTRY_SIZE + 1), SEEN_STEP)
    locked = key.lock(padded, label=LABEL_SEEN, context=(b"rina",))

    with pytest.raises(BrokenError):
        unlock(locked)


def test_what_was_seen_does_not_show():
    assert "1" not in repr(SeenCounts().adding({bytes(16): 1})).partition(" at 0x")[0]
