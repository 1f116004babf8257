"""A form's token is known as the portal's own, and keeps one answer."""

import base64

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import FormToken, Key, MistypedError, NotYoursError
from crypto.form_token import TOKEN_LENGTH

INSTANCE = some.INSTANCE
SECRET = Key(bytes(range(32)), INSTANCE)
NOW = 1_764_000_000
seconds = st.integers(0, 2**40)


@given(some.keys, some.instances, seconds, st.integers(0, 100_000))
def test_a_token_reads_back(secret, instance, made, age):
    key = Key(secret, instance)

    shown = FormToken.issue(key, made).reveal()

    token = FormToken.parse(shown, key)
    assert token.reveal() == shown
    assert token.age(made + age) == age
    assert len(shown) == TOKEN_LENGTH


def test_a_token_read_back_is_the_same_token():
    token = FormToken.issue(SECRET, NOW)

    again = FormToken.parse(token.reveal(), SECRET)

    assert again.burn_id() == token.burn_id()
    assert again.unlock(token.lock(b"code", INSTANCE), INSTANCE) == b"code"


@given(st.text(max_size=100) | st.text("-_=+/!Az09", min_size=96, max_size=96))
def test_any_other_text_is_mistyped(text):
    with pytest.raises(MistypedError):
        FormToken.parse(text, SECRET)


@given(st.integers(0, 71), st.integers(1, 255))
def test_no_byte_of_a_token_can_change(at, change):
    token = bytearray(base64.urlsafe_b64decode(FormToken.issue(SECRET, NOW).reveal()))
    token[at] ^= change

    with pytest.raises(MistypedError):
        FormToken.parse(base64.urlsafe_b64encode(token).decode(), SECRET)


@pytest.mark.parametrize("place", [0, 50, 95])
@pytest.mark.parametrize("symbol", "!+/= \n\0é")
def test_a_token_with_a_foreign_character_is_mistyped(place, symbol):
    shown = FormToken.issue(SECRET, NOW).reveal()

    with pytest.raises(MistypedError):
        FormToken.parse(shown[:place] + symbol + shown[place + 1 :], SECRET)


@pytest.mark.parametrize(
    "secret",
    [Key(bytes(32), INSTANCE), Key(bytes(range(32)), some.OTHER_INSTANCE)],
    ids=["another secret", "another installation"],
)
def test_a_token_of_another_portal_is_mistyped(secret):
    shown = FormToken.issue(secret, NOW).reveal()

    with pytest.raises(MistypedError):
        FormToken.parse(shown, SECRET)


@given(some.plaintexts, some.instances)
def test_what_is_locked_for_a_form_unlocks(answer, instance):
    token = FormToken.issue(SECRET, NOW)

    locked = token.lock(answer, instance)

    assert token.unlock(locked, instance) == answer


def test_another_form_made_in_the_same_second_does_not_unlock():
    token, other = FormToken.issue(SECRET, NOW), FormToken.issue(SECRET, NOW)
    locked = token.lock(b"code", INSTANCE)

    with pytest.raises(NotYoursError):
        other.unlock(locked, INSTANCE)


@given(some.instances)
def test_another_installation_does_not_unlock(instance):
    assume(instance != INSTANCE)
    token = FormToken.issue(SECRET, NOW)
    locked = token.lock(b"code", INSTANCE)

    with pytest.raises(NotYoursError):
        token.unlock(locked, instance)


def test_what_the_burn_is_stored_by_does_not_open_the_answer():
    token = FormToken.issue(SECRET, NOW)
    locked = token.lock(b"code", INSTANCE)

    with pytest.raises(NotYoursError):
        FormToken(token.burn_id()).unlock(locked, INSTANCE)


def test_two_tokens_of_one_second_burn_apart():
    burns = {FormToken.issue(SECRET, NOW).burn_id() for _ in range(100)}

    assert len(burns) == 100
