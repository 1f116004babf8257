"""A passphrase opens its holder's identity, and costs what it should."""

import pytest
import strategies as some
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crypto import (
    RFC_9106_LOW_MEMORY,
    BrokenError,
    Cost,
    Identity,
    LockedIdentity,
    NotYoursError,
)
from crypto.locked_identity import LOCKED_IDENTITY_SIZE

CHEAPEST = some.CHEAPEST
RINA = Identity(bytes(range(32)))
PASSPHRASE = "kuda laut makan bulan"


def lock(passphrase=PASSPHRASE, holder=b"rina", instance=some.INSTANCE):
    return LockedIdentity.lock(
        RINA, passphrase, holder=holder, instance=instance, cost=CHEAPEST
    )


def unlock(
    record, passphrase=PASSPHRASE, holder=b"rina", instance=some.INSTANCE, cost=CHEAPEST
):
    opened = record.unlock(passphrase, holder=holder, instance=instance, cost=cost)
    return opened.reveal()


@given(some.passphrases, some.fields, some.instances)
def test_what_is_locked_unlocks(passphrase, holder, instance):
    record = bytes(lock(passphrase, holder, instance))

    opened = unlock(LockedIdentity(record), passphrase, holder, instance)

    assert opened == RINA.reveal()
    assert len(record) == LOCKED_IDENTITY_SIZE


@given(some.passphrases)
def test_another_passphrase_does_not_unlock(passphrase):
    assume(passphrase != PASSPHRASE)

    with pytest.raises(NotYoursError):
        unlock(lock(), passphrase)


@given(some.fields)
def test_another_holder_does_not_unlock(holder):
    assume(holder != b"rina")

    with pytest.raises(NotYoursError):
        unlock(lock(), holder=holder)


def test_another_installation_does_not_unlock():
    with pytest.raises(NotYoursError):
        unlock(lock(), instance=some.OTHER_INSTANCE)


@pytest.mark.parametrize("cost", [Cost(16, 1, 1), Cost(8, 2, 1), Cost(16, 1, 2)])
def test_another_cost_does_not_unlock(cost):
    with pytest.raises(NotYoursError):
        unlock(lock(), cost=cost)


@settings(max_examples=200)
@given(st.integers(1, LOCKED_IDENTITY_SIZE - 1), st.integers(1, 255))
def test_no_byte_of_a_record_can_change(at, change):
    record = bytearray(bytes(lock()))
    record[at] ^= change

    with pytest.raises((NotYoursError, BrokenError)):
        unlock(LockedIdentity(bytes(record)))


@pytest.mark.parametrize("first", [0, 2, 255])
def test_an_unknown_first_byte_is_broken(first):
    with pytest.raises(BrokenError):
        LockedIdentity(bytes([first]) + bytes(lock())[1:])


@pytest.mark.parametrize(
    "size", [0, 1, LOCKED_IDENTITY_SIZE - 1, LOCKED_IDENTITY_SIZE + 1]
)
def test_a_record_of_another_size_is_broken(size):
    with pytest.raises(BrokenError):
        LockedIdentity(b"\x01".ljust(size, b"\x00")[:size])


def test_one_passphrase_never_gives_the_same_record_twice():
    assert bytes(lock())[1:17] != bytes(lock())[1:17]
    assert bytes(lock())[17:49] != bytes(lock())[17:49]


def test_nobody_never_opens():
    nobody = LockedIdentity.nobody()

    with pytest.raises(NotYoursError):
        unlock(nobody)


def test_nobody_looks_like_anybody():
    nobody = bytes(LockedIdentity.nobody())

    assert (len(nobody), nobody[:1]) == (len(bytes(lock())), bytes(lock())[:1])
    assert nobody != bytes(LockedIdentity.nobody())


def test_the_cost_of_production_is_the_low_memory_profile_of_rfc_9106():
    cost = RFC_9106_LOW_MEMORY

    assert (cost.memory, cost.passes, cost.lanes) == (65_536, 3, 4)


@pytest.mark.slow
def test_the_cost_of_production_is_what_is_used_unless_told_otherwise():
    record = LockedIdentity.lock(
        RINA, PASSPHRASE, holder=b"rina", instance=some.INSTANCE
    )

    opened = record.unlock(PASSPHRASE, holder=b"rina", instance=some.INSTANCE)

    assert opened.reveal() == unlock(record, cost=RFC_9106_LOW_MEMORY) == RINA.reveal()
    with pytest.raises(NotYoursError):
        unlock(record, cost=CHEAPEST)
