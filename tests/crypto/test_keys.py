"""Who a wrap is for opens it, and nobody else."""

import pytest
import strategies as some
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crypto import BrokenError, Identity, NotYoursError, Recipient
from crypto.keys import RECIPIENT_SIZE, WRAP_OVERHEAD

LABEL = b"lurus/v1/example"
CONTEXT = (b"case", b"rina")
RINA, JOKO = Identity(bytes(32)), Identity(bytes(31) + b"\x01")
WRAPPED = RINA.recipient.wrap(b"text", label=LABEL, context=CONTEXT)


@given(some.plaintexts, some.keys, some.labels, some.contexts)
def test_what_is_wrapped_unwraps(plaintext, seed, label, context):
    identity = Identity(seed)

    wrapped = identity.recipient.wrap(plaintext, label=label, context=context)

    assert identity.unwrap(wrapped, label=label, context=context) == plaintext
    assert len(wrapped) == len(plaintext) + WRAP_OVERHEAD


@given(some.keys)
def test_another_identity_does_not_unwrap(seed):
    assume(seed != RINA.reveal())

    with pytest.raises(NotYoursError):
        Identity(seed).unwrap(WRAPPED, label=LABEL, context=CONTEXT)


@given(some.contexts)
def test_another_context_does_not_unwrap(context):
    assume(context != CONTEXT)

    with pytest.raises(NotYoursError):
        RINA.unwrap(WRAPPED, label=LABEL, context=context)


@given(some.labels)
def test_another_label_does_not_unwrap(label):
    assume(label != LABEL)

    with pytest.raises(NotYoursError):
        RINA.unwrap(WRAPPED, label=label, context=CONTEXT)


@settings(max_examples=200)
@given(st.integers(0, len(WRAPPED) - 1), st.integers(1, 255))
def test_no_byte_of_a_wrap_can_change(at, change):
    damaged = bytearray(WRAPPED)
    damaged[at] ^= change

    with pytest.raises((NotYoursError, BrokenError)):
        RINA.unwrap(bytes(damaged), label=LABEL, context=CONTEXT)


@pytest.mark.parametrize("length", [0, 1, 33, 1121, WRAP_OVERHEAD - 1, WRAP_OVERHEAD])
def test_a_cut_wrap_does_not_unwrap(length):
    with pytest.raises((NotYoursError, BrokenError)):
        RINA.unwrap(WRAPPED[:length], label=LABEL, context=CONTEXT)


@given(st.binary(min_size=WRAP_OVERHEAD, max_size=WRAP_OVERHEAD + 64))
@settings(max_examples=30)
def test_noise_does_not_unwrap(noise):
    with pytest.raises(NotYoursError):
        RINA.unwrap(b"\x01" + noise, label=LABEL, context=CONTEXT)


def test_no_two_wraps_are_alike():
    again = RINA.recipient.wrap(b"text", label=LABEL, context=CONTEXT)

    assert again[:1] == WRAPPED[:1]
    assert again[1:1121] != WRAPPED[1:1121]


def test_what_is_wrapped_has_a_context():
    with pytest.raises(ValueError, match="context"):
        RINA.recipient.wrap(b"text", label=LABEL, context=())


def test_a_recipient_comes_back_from_its_bytes():
    again = Recipient(bytes(RINA.recipient))

    wrapped = again.wrap(b"text", label=LABEL, context=CONTEXT)

    assert RINA.unwrap(wrapped, label=LABEL, context=CONTEXT) == b"text"
    assert again.fingerprint() == RINA.recipient.fingerprint()


def test_an_identity_comes_back_from_its_seed():
    again = Identity(RINA.reveal())

    assert bytes(again.recipient) == bytes(RINA.recipient)


@pytest.mark.parametrize("size", [0, 1184, RECIPIENT_SIZE - 1, RECIPIENT_SIZE + 1])
def test_a_recipient_has_1216_bytes(size):
    with pytest.raises(ValueError, match="1,216"):
        Recipient(bytes(size))


def test_a_recipient_is_a_valid_key():
    with pytest.raises(ValueError, match="ML-KEM"):
        Recipient(b"\xff" * RECIPIENT_SIZE)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_seed_has_32_bytes(size):
    with pytest.raises(ValueError, match="32 bytes"):
        Identity(bytes(size))


def test_new_identities_differ():
    assert Identity.generate().reveal() != Identity.generate().reveal()


def test_a_fingerprint_is_eight_groups_of_four():
    groups = RINA.recipient.fingerprint().split("-")

    assert [len(group) for group in groups] == [4] * 8
    assert RINA.recipient.fingerprint() != JOKO.recipient.fingerprint()


def test_the_holders_own_key_is_bound_to_the_installation():
    own = RINA.key(some.INSTANCE).derive(LABEL).reveal()

    assert own != RINA.key(some.OTHER_INSTANCE).derive(LABEL).reveal()
    assert own != JOKO.key(some.INSTANCE).derive(LABEL).reveal()
