"""What a custodian signed, nobody else did, and nothing else was."""

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st

from crypto import (
    SIGNATURE_SIZE,
    BrokenError,
    Identity,
    InstanceId,
    Signed,
    sign,
    signing_key,
    verify,
)

SARI, JOKO = Identity(b"s" * 32), Identity(b"j" * 32)
LINE = b"a round of 3"
PUBLIC = signing_key(SARI, some.INSTANCE)
SIGNATURE = sign(SARI, LINE, Signed.LINE, instance=some.INSTANCE)


@given(st.binary(max_size=200), st.sampled_from(Signed))
def test_what_was_signed_is_known_again(message, what):
    signature = sign(SARI, message, what, instance=some.INSTANCE)

    assert len(signature) == SIGNATURE_SIZE
    verify(PUBLIC, message, signature, what)


@given(st.integers(0, SIGNATURE_SIZE * 8 - 1))
def test_no_bit_of_a_signature_can_be_turned(bit):
    turned = bytearray(SIGNATURE)
    turned[bit // 8] ^= 1 << bit % 8

    with pytest.raises(BrokenError):
        verify(PUBLIC, LINE, bytes(turned), Signed.LINE)


def test_the_other_custodian_has_another_key():
    with pytest.raises(BrokenError):
        verify(signing_key(JOKO, some.INSTANCE), LINE, SIGNATURE, Signed.LINE)


def test_the_same_seed_signs_nothing_of_another_installation():
    elsewhere = signing_key(SARI, InstanceId(b"another instance"))

    with pytest.raises(BrokenError):
        verify(elsewhere, LINE, SIGNATURE, Signed.LINE)


def test_a_line_that_was_signed_is_no_answer():
    with pytest.raises(BrokenError):
        verify(PUBLIC, LINE, SIGNATURE, Signed.ANSWER)


@pytest.mark.parametrize("public", [b"", bytes(31), b"\xff" * 32])
def test_what_is_no_key_has_signed_nothing(public):
    with pytest.raises(BrokenError):
        verify(public, LINE, SIGNATURE, Signed.LINE)
