"""A lock opens under its own key, label, context and installation alone."""

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st
from known_answers import reference

from crypto import BrokenError, InstanceId, Key, NotYoursError
from crypto.lock import LOCK_OVERHEAD, encode_info

LABEL = b"lurus/v1/example"
INSTANCE = some.INSTANCE
KEY = Key(bytes(range(32)), INSTANCE)


def unlock(locked, key=KEY, label=LABEL, context=(b"one",)):
    return key.unlock(locked, label=label, context=context)


@given(some.plaintexts, some.keys, some.instances, some.labels, some.contexts)
def test_what_is_locked_unlocks(plaintext, secret, instance, label, context):
    key = Key(secret, instance)

    locked = key.lock(plaintext, label=label, context=context)

    assert unlock(locked, key, label, context) == plaintext
    assert len(locked) == len(plaintext) + LOCK_OVERHEAD


@given(some.plaintexts, some.keys, some.instances, some.labels, some.contexts)
def test_a_lock_is_what_the_reference_makes(
    plaintext, secret, instance, label, context
):
    locked = Key(secret, instance).lock(plaintext, label=label, context=context)

    salt = locked[1:33]
    assert locked == reference.lock(plaintext, secret, instance, label, context, salt)


@given(some.plaintexts, some.contexts, some.contexts)
def test_another_context_does_not_unlock(plaintext, context, other):
    assume(context != other)
    locked = KEY.lock(plaintext, label=LABEL, context=context)

    with pytest.raises(NotYoursError):
        unlock(locked, context=other)


@given(some.labels, some.labels)
def test_another_label_does_not_unlock(label, other):
    assume(label != other)
    locked = KEY.lock(b"text", label=label, context=(b"one",))

    with pytest.raises(NotYoursError):
        unlock(locked, label=other)


@given(some.keys)
def test_another_key_does_not_unlock(secret):
    assume(secret != KEY.reveal())
    locked = KEY.lock(b"text", label=LABEL, context=(b"one",))

    with pytest.raises(NotYoursError):
        unlock(locked, Key(secret, INSTANCE))


@given(some.instances)
def test_another_installation_does_not_unlock(instance):
    assume(instance != INSTANCE)
    locked = KEY.lock(b"text", label=LABEL, context=(b"one",))

    with pytest.raises(NotYoursError):
        unlock(locked, Key(KEY.reveal(), instance))


@pytest.mark.parametrize("at", range(LOCK_OVERHEAD + 4))
def test_no_byte_of_a_lock_can_change(at):
    locked = bytearray(KEY.lock(b"text", label=LABEL, context=(b"one",)))
    locked[at] ^= 0x80

    with pytest.raises((NotYoursError, BrokenError)):
        unlock(bytes(locked))


@pytest.mark.parametrize("length", range(LOCK_OVERHEAD + 4))
def test_a_cut_lock_does_not_unlock(length):
    locked = KEY.lock(b"text", label=LABEL, context=(b"one",))

    with pytest.raises((NotYoursError, BrokenError)):
        unlock(locked[:length])


@given(st.binary(max_size=200))
def test_noise_does_not_unlock(noise):
    with pytest.raises((NotYoursError, BrokenError)):
        unlock(noise)


def test_every_locking_draws_a_new_salt():
    locked = {KEY.lock(b"text", label=LABEL, context=(b"one",)) for _ in range(100)}

    salts = {one[1:33] for one in locked}

    assert len(salts) == 100


def test_what_is_locked_has_a_context():
    with pytest.raises(ValueError, match="context"):
        KEY.lock(b"text", label=LABEL, context=())


def test_what_is_unlocked_has_a_context():
    locked = KEY.lock(b"text", label=LABEL, context=(b"one",))

    with pytest.raises(ValueError, match="context"):
        unlock(locked, context=())


@given(some.keys, some.instances, some.labels, st.lists(some.fields, max_size=4))
def test_a_derived_key_is_what_the_reference_derives(secret, instance, label, fields):
    derived = Key(secret, instance).derive(label, *fields)

    assert derived.reveal() == reference.derive(secret, instance, label, *fields)


def test_a_derived_key_belongs_to_the_same_installation():
    derived = KEY.derive(LABEL).derive(LABEL).reveal()

    once = reference.derive(KEY.reveal(), INSTANCE, LABEL)
    assert derived == reference.derive(once, INSTANCE, LABEL)


@given(some.contexts, some.contexts)
def test_no_two_contexts_have_one_encoding(context, other):
    assume(context != other)

    assert encode_info(LABEL, context) != encode_info(LABEL, other)


def test_a_field_may_be_65535_bytes_long():
    encoded = encode_info(LABEL, (bytes(65_535),))

    assert encoded == LABEL + b"\x00\xff\xff" + bytes(65_535)


def test_a_longer_field_is_refused():
    with pytest.raises(ValueError, match="65,535"):
        encode_info(LABEL, (bytes(65_536),))


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_an_instance_id_has_16_bytes(size):
    with pytest.raises(ValueError, match="16 bytes"):
        Key(bytes(32), InstanceId(bytes(size)))


def test_a_new_key_has_32_bytes_of_its_own():
    keys = {Key.generate(INSTANCE).reveal() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}
