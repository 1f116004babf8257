"""What a round has found opens to that custodian, behind that gate, in that round."""

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st

from crypto import (
    LOCKED_ENDED_SIZE,
    NO_SUBJECT,
    BrokenError,
    Found,
    Identity,
    Key,
    NotYoursError,
    RoundCounts,
    RoundKeys,
    RoundStage,
    counts_salt,
    outer_digest,
)
from crypto.round_state import FOUND_SIZE, ROUND_OVERHEAD

INSTANCE = some.INSTANCE
SRI, BUDI = Identity(b"s" * 32), Identity(b"b" * 32)
GATE, OTHER_GATE = Key(b"g" * 32, INSTANCE), Key(b"h" * 32, INSTANCE)
sixteen = st.binary(min_size=16, max_size=16)
bytes_ = st.integers(0, 255)
findings = st.lists(st.builds(Found, sixteen, sixteen, sixteen, bytes_, bytes_))
small = st.integers(0, 2**32 - 1)
counts = st.builds(RoundCounts, *[small] * 6)


def keys(gate=GATE, identity=SRI, number=7, holder=b"sri"):
    return RoundKeys(gate, identity, number=number, holder=holder, instance=INSTANCE)


@given(findings, st.sampled_from([RoundStage.FOUND, RoundStage.DECIDED]))
def test_what_was_found_comes_back(found, stage):
    assert keys().unlock_found(keys().lock_found(found, stage), stage) == found


@given(findings)
def test_an_entry_takes_the_same_space_whatever_was_found_of_it(found):
    locked = keys().lock_found(found, RoundStage.FOUND)

    assert len(locked) == len(found) * FOUND_SIZE + ROUND_OVERHEAD


@pytest.mark.parametrize(
    "others",
    [
        keys(gate=OTHER_GATE),
        keys(identity=BUDI),
        keys(number=8),
        keys(holder=b"budi"),
    ],
    ids=["another gate", "another custodian", "another round", "another's row"],
)
def test_nobody_else_opens_it(others):
    mine = Found(bytes(16), bytes(16), keys().tag("198003152005011002"), 2, 0)

    with pytest.raises(NotYoursError):
        others.unlock_found(
            keys().lock_found([mine], RoundStage.FOUND), RoundStage.FOUND
        )
    with pytest.raises(NotYoursError):
        others.unlock_counts(
            keys().lock_counts(RoundCounts(1, 2, 3, 4, 5, 6), counts_salt())
        )


def test_one_stage_is_not_taken_for_another():
    locked = keys().lock_found([], RoundStage.FOUND)

    with pytest.raises(NotYoursError):
        keys().unlock_found(locked, RoundStage.DECIDED)
    with pytest.raises(NotYoursError):
        keys().unlock_counts(locked)


@given(counts)
def test_counts_come_back_in_one_size(counted):
    salt = counts_salt()

    locked = keys().lock_counts(counted, salt)

    assert len(locked) == LOCKED_ENDED_SIZE
    assert keys().unlock_counts(locked) == (counted, salt)


def test_too_much_is_broken():
    longer = keys()._lock(bytes(57), RoundStage.ENDED)
    odd = keys()._lock(bytes(FOUND_SIZE + 1), RoundStage.FOUND)

    with pytest.raises(BrokenError):
        keys().unlock_counts(longer)
    with pytest.raises(BrokenError):
        keys().unlock_found(odd, RoundStage.FOUND)


def test_the_same_person_has_one_tag_in_a_round_and_another_in_the_next():
    first, again = keys().tag("1980"), keys().tag("1980")

    assert first == again
    assert len({first, keys().tag("1981"), keys(number=8).tag("1980"), NO_SUBJECT}) == 4


@given(counts, counts)
def test_a_commitment_is_to_its_counts_and_its_salt(one, other):
    salt = counts_salt()

    assert one.commit(salt) != one.commit(counts_salt())
    assert (one.commit(salt) == other.commit(salt)) is (one == other)


def test_an_outer_is_known_again():
    assert outer_digest(b"one") != outer_digest(b"another")
    assert len(outer_digest(b"one")) == 16
