"""A one-time code is taken once, and no earlier one after it."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import BrokenError, Identity, NotYoursError, OneTimeSecret
from crypto.one_time_code import LOCKED_SECRET_SIZE

RFC_6238 = OneTimeSecret(b"12345678901234567890")
NOW = 1_764_000_000
STEP = NOW // 30
raw_secrets = st.binary(min_size=20, max_size=20)
steps = st.integers(2, 2**40)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_of_rfc_6238_come_out(now, code):
    # The RFC shows eight digits; six are the last six of them.
    assert RFC_6238.code(now // 30) == code[-6:]
    assert RFC_6238.accept(code[-6:], now=now, last_step=0) == now // 30


@given(raw_secrets, steps, st.integers(-1, 1), st.integers(0, 29))
def test_a_code_of_this_step_or_one_beside_it_is_accepted(secret, step, off, second):
    app = OneTimeSecret(secret)
    typed = app.code(step + off)

    accepted = app.accept(typed, now=step * 30 + second, last_step=0)

    assert app.code(accepted) == typed
    assert accepted in (step - 1, step, step + 1)


@pytest.mark.parametrize("off", [-20, -3, -2, 2, 3, 20])
def test_a_code_of_a_step_further_off_is_refused(off):
    with pytest.raises(NotYoursError):
        RFC_6238.accept(RFC_6238.code(STEP + off), now=NOW, last_step=0)


@given(st.integers(-1, 1), st.integers(0, 2))
def test_a_step_already_used_or_an_earlier_one_is_refused(off, later):
    typed = RFC_6238.code(STEP + off)

    with pytest.raises(NotYoursError):
        RFC_6238.accept(typed, now=NOW, last_step=STEP + off + later)


def test_the_next_step_is_accepted_after_the_last():
    first = RFC_6238.accept(RFC_6238.code(STEP), now=NOW, last_step=0)

    second = RFC_6238.accept(RFC_6238.code(STEP + 1), now=NOW, last_step=first)

    assert (first, second) == (STEP, STEP + 1)


def test_of_two_steps_with_one_code_the_later_is_used_up():
    # Found by search: step 1 and step 2 of this secret show the same digits.
    app = OneTimeSecret((980008).to_bytes(20, "big"))
    typed = app.code(1)

    assert app.code(2) == typed
    assert app.accept(typed, now=60, last_step=0) == 2


@given(st.text(max_size=12))
def test_what_is_no_code_is_refused(typed):
    assume(typed not in {RFC_6238.code(STEP + off) for off in (-1, 0, 1)})

    with pytest.raises(NotYoursError):
        RFC_6238.accept(typed, now=NOW, last_step=0)


@given(raw_secrets, some.keys, some.fields, some.instances)
def test_what_is_locked_unlocks(secret, seed, holder, instance):
    app, identity = OneTimeSecret(secret), Identity(seed)

    locked = app.lock(identity, holder=holder, instance=instance)

    opened = OneTimeSecret.unlock(locked, identity, holder=holder, instance=instance)
    assert opened.reveal() == app.reveal()
    assert len(locked) == LOCKED_SECRET_SIZE


@pytest.mark.parametrize(
    ("seed", "holder", "instance"),
    [
        (b"j" * 32, b"rina", some.INSTANCE),
        (b"r" * 32, b"joko", some.INSTANCE),
        (b"r" * 32, b"rina", some.OTHER_INSTANCE),
    ],
)
def test_nobody_else_unlocks_a_secret(seed, holder, instance):
    rina = Identity(b"r" * 32)
    locked = RFC_6238.lock(rina, holder=b"rina", instance=some.INSTANCE)

    with pytest.raises(NotYoursError):
        OneTimeSecret.unlock(locked, Identity(seed), holder=holder, instance=instance)


@given(raw_secrets)
def test_a_secret_is_shown_as_apps_take_it(secret):
    shown = OneTimeSecret(secret).reveal()

    assert base64.b32decode(shown) == secret
    assert len(shown) == 32


def test_the_address_tells_an_app_all_it_needs():
    address = urlsplit(RFC_6238.address(name="Ibu Rina", issuer="Lurus & co"))

    told = parse_qs(address.query)

    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/Lurus%20%26%20co%3AIbu%20Rina"
    assert told == {
        "secret": [RFC_6238.reveal()],
        "issuer": ["Lurus & co"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }


@pytest.mark.parametrize("size", [0, 19, 21, 32])
def test_a_secret_of_another_size_is_broken(size):
    with pytest.raises(BrokenError):
        OneTimeSecret(bytes(size))


def test_new_secrets_differ():
    assert OneTimeSecret.generate().reveal() != OneTimeSecret.generate().reveal()
