"""What was received opens with the form's own token, and with nothing that is stored."""

import hashlib

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import BrokenError, Key, MistypedError, NotYoursError, UploadToken
from crypto.lock import LOCK_OVERHEAD
from crypto.padding import TooLongError, pad
from crypto.upload_token import (
    LABEL_UPLOAD,
    LABEL_UPLOAD_KEY,
    UPLOAD_ENTRY_SIZE,
    UPLOAD_TOKEN_LENGTH,
)

INSTANCE = some.INSTANCE
RAW = bytes(range(33))
TOKEN = UploadToken(RAW)
entries = st.binary(max_size=UPLOAD_ENTRY_SIZE - 4)
tokens = st.binary(min_size=33, max_size=33).map(UploadToken)


@given(tokens)
def test_a_token_reads_back(token):
    shown = token.reveal()

    again = UploadToken.parse(shown)

    assert again.reveal() == shown
    assert again.upload_id() == token.upload_id()
    assert len(shown) == UPLOAD_TOKEN_LENGTH


@given(st.text(max_size=50) | st.text("-_=+/!Az09", min_size=44, max_size=44))
def test_any_text_is_a_token_or_mistyped(text):
    try:
        token = UploadToken.parse(text)
    except MistypedError:
        return

    assert token.reveal() == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "A" * 40, "A" * 43, "A" * 45, "A" * 48),
        *("A" * 43 + "=", "A" * 42 + "==", "é" * 44, "\ud800" * 44, "!" * 44),
    ],
)
def test_what_is_no_token_is_mistyped(text):
    with pytest.raises(MistypedError):
        UploadToken.parse(text)


@pytest.mark.parametrize("place", [0, 20, 43])
@pytest.mark.parametrize("symbol", "!+/= \n\0é")
def test_a_token_with_a_foreign_character_is_mistyped(place, symbol):
    shown = TOKEN.reveal()

    with pytest.raises(MistypedError):
        UploadToken.parse(shown[:place] + symbol + shown[place + 1 :])


@given(tokens, entries, some.instances)
def test_what_is_known_of_a_file_unlocks_with_its_token(token, entry, instance):
    locked = token.lock(entry, instance)

    assert token.unlock(locked, instance) == entry
    assert len(locked) == UPLOAD_ENTRY_SIZE + LOCK_OVERHEAD == 1105


@given(tokens)
def test_another_token_does_not_unlock(token):
    assume(token.reveal() != TOKEN.reveal())
    locked = TOKEN.lock(b"photo.jpg", INSTANCE)

    with pytest.raises(NotYoursError):
        token.unlock(locked, INSTANCE)


def test_another_installation_does_not_unlock():
    locked = TOKEN.lock(b"photo.jpg", INSTANCE)

    with pytest.raises(NotYoursError):
        TOKEN.unlock(locked, some.OTHER_INSTANCE)


def test_the_row_is_found_by_a_hash_that_opens_nothing():
    locked = TOKEN.lock(b"photo.jpg", INSTANCE)

    assert TOKEN.upload_id() == hashlib.sha256(RAW).digest()
    with pytest.raises(NotYoursError):
        UploadToken(TOKEN.upload_id()).unlock(locked, INSTANCE)


def test_what_is_locked_names_the_row_that_it_stands_in():
    key = Key(RAW, INSTANCE).derive(LABEL_UPLOAD_KEY)
    elsewhere = key.lock(
        pad(b"photo.jpg", 1024), label=LABEL_UPLOAD, context=(bytes(32),)
    )

    with pytest.raises(NotYoursError):
        TOKEN.unlock(elsewhere, INSTANCE)


def test_an_entry_that_does_not_fit_is_refused():
    with pytest.raises(TooLongError) as caught:
        TOKEN.lock(bytes(UPLOAD_ENTRY_SIZE - 3), INSTANCE)

    assert caught.value.excess == 1


def test_an_entry_of_another_size_is_broken():
    key = Key(RAW, INSTANCE).derive(LABEL_UPLOAD_KEY)
    context = (TOKEN.upload_id(),)
    locked = key.lock(pad(b"", 512), label=LABEL_UPLOAD, context=context)

    with pytest.raises(BrokenError):
        TOKEN.unlock(locked, INSTANCE)


def test_new_tokens_differ():
    drawn = {UploadToken.generate().reveal() for _ in range(100)}

    assert len(drawn) == 100
    assert {len(shown) for shown in drawn} == {UPLOAD_TOKEN_LENGTH}
