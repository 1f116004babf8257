"""A session opens with its own cookie; a form goes to its own path."""

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import BrokenError, Cookie, InstanceId, Key, MistypedError, NotYoursError
from crypto.cookie import LABEL_SESSION, LABEL_SESSION_KEY, SESSION_SIZE
from crypto.lock import LOCK_OVERHEAD
from crypto.padding import TooLongError

INSTANCE = some.INSTANCE
COOKIE = Cookie(bytes(range(32)))
sessions = st.binary(max_size=SESSION_SIZE - 4)
paths = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(some.keys)
def test_a_cookie_reads_back(secret):
    shown = Cookie(secret).reveal()

    assert Cookie.parse(shown).reveal() == shown
    assert Cookie.parse(shown).session_id() == Cookie(secret).session_id()


@given(st.text(max_size=50) | st.text("-_=+/!Az09", min_size=43, max_size=43))
def test_any_text_is_a_cookie_or_mistyped(text):
    try:
        cookie = Cookie.parse(text)
    except MistypedError:
        return

    assert cookie.reveal() == text


@pytest.mark.parametrize(
    "text", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "B", "é" * 43, "!" * 43]
)
def test_what_is_no_cookie_is_mistyped(text):
    with pytest.raises(MistypedError):
        Cookie.parse(text)


@pytest.mark.parametrize("place", [0, 20, 42])
@pytest.mark.parametrize("symbol", "!+/= \n\0")
def test_a_cookie_with_a_foreign_character_is_mistyped(place, symbol):
    shown = COOKIE.reveal()

    with pytest.raises(MistypedError):
        Cookie.parse(shown[:place] + symbol + shown[place + 1 :])


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_cookie_has_32_bytes(size):
    with pytest.raises(MistypedError):
        Cookie(bytes(size))


@given(some.keys, sessions, some.instances)
def test_what_is_locked_unlocks(secret, session, instance):
    locked = Cookie(secret).lock_session(session, instance)

    assert Cookie(secret).unlock_session(locked, instance) == session
    assert len(locked) == SESSION_SIZE + LOCK_OVERHEAD


@given(some.keys)
def test_another_cookie_does_not_unlock(secret):
    assume(secret != bytes(range(32)))
    locked = COOKIE.lock_session(b"session", INSTANCE)

    with pytest.raises(NotYoursError):
        Cookie(secret).unlock_session(locked, INSTANCE)


def test_another_installation_does_not_unlock():
    locked = COOKIE.lock_session(b"session", INSTANCE)

    with pytest.raises(NotYoursError):
        COOKIE.unlock_session(locked, some.OTHER_INSTANCE)


def test_a_session_that_does_not_fit_is_refused():
    with pytest.raises(TooLongError):
        COOKIE.lock_session(bytes(SESSION_SIZE - 3), INSTANCE)


def test_a_session_of_another_size_is_broken():
    key = Key(bytes(range(32)), INSTANCE).derive(LABEL_SESSION_KEY)
    context = (COOKIE.session_id(),)
    locked = key.lock(bytes(SESSION_SIZE // 2), label=LABEL_SESSION, context=context)

    with pytest.raises(BrokenError):
        COOKIE.unlock_session(locked, INSTANCE)


@given(some.keys, paths, some.instances)
def test_a_form_key_opens_its_own_form(secret, path, instance):
    cookie = Cookie(secret)

    token = cookie.form_key(path, instance)

    assert cookie.opens_form(token, path, instance)
    assert len(token) == 43


@given(some.keys, paths, some.instances)
def test_a_form_key_opens_no_other_form(secret, path, instance):
    assume((secret, path, instance) != (bytes(range(32)), "/report", INSTANCE))

    token = Cookie(secret).form_key(path, instance)

    assert not COOKIE.opens_form(token, "/report", INSTANCE)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_any_other_token_opens_no_form(token):
    assert not COOKIE.opens_form(token, "/report", INSTANCE)


def test_what_a_row_is_found_by_tells_nothing_of_the_cookie():
    derived = {
        COOKIE.session_id(),
        Key(bytes(range(32)), InstanceId(INSTANCE)).derive(LABEL_SESSION_KEY).reveal(),
        bytes(range(32)),
    }

    assert len(derived) == 3


def test_new_cookies_differ():
    assert Cookie.generate().reveal() != Cookie.generate().reveal()
