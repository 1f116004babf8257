"""A recovery code is taken once, from its holder alone."""

import hashlib

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import BrokenError, Identity, NotYoursError, RecoveryCodes, base32
from crypto.recovery_codes import LOCKED_RECOVERY_CODES_SIZE

INSTANCE = some.INSTANCE
RINA, JOKO = Identity(b"r" * 32), Identity(b"j" * 32)
ALL = pytest.mark.parametrize("number", range(10))


def lock(codes, identity=RINA, holder=b"rina"):
    return codes.lock(identity, holder=holder, instance=INSTANCE)


def unlock(locked, identity=RINA, holder=b"rina", instance=INSTANCE):
    return RecoveryCodes.unlock(locked, identity, holder=holder, instance=instance)


def wide(code):
    return "".join(chr(ord(s) + 0xFEE0) if s.isalnum() else s for s in code)


def test_ten_different_codes_of_60_bits_are_drawn():
    codes, shown = RecoveryCodes.generate()

    assert codes.left == len(set(shown)) == 10
    assert {len(base32.normalise(code)) * base32.BITS for code in shown} == {60}
    assert {code.count("-") for code in shown} == {2}


def test_no_two_people_get_the_same():
    _, first = RecoveryCodes.generate()
    _, second = RecoveryCodes.generate()

    assert not set(first) & set(second)


def test_all_symbols_are_drawn():
    drawn = {
        symbol for _ in range(20) for symbol in "".join(RecoveryCodes.generate()[1])
    }

    assert drawn == {*base32.SYMBOLS, "-"}


def test_the_tags_can_be_made_again_from_the_codes_that_were_shown():
    codes, shown = RecoveryCodes.generate()

    again = RecoveryCodes.of(shown)

    assert unlock(lock(again)).left == codes.left
    assert again.spend(shown[3]).left == 9


def test_fewer_than_ten_codes_are_no_set():
    _, shown = RecoveryCodes.generate()

    with pytest.raises(BrokenError):
        RecoveryCodes.of(shown[:9])


@ALL
def test_each_code_is_taken_once(number):
    codes, shown = RecoveryCodes.generate()

    left = codes.spend(shown[number])

    assert (codes.left, left.left) == (10, 9)
    with pytest.raises(NotYoursError):
        left.spend(shown[number])


@given(st.permutations(range(10)))
def test_all_are_spent_in_any_order(order):
    codes, shown = RecoveryCodes.generate()

    counts = []
    for number in order:
        codes = codes.spend(shown[number])
        counts.append(codes.left)

    assert counts == list(range(9, -1, -1))


@pytest.mark.parametrize(
    "spell",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", "\u2013"),
        lambda code: f"  {code}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("1", "I").lower(),
        wide,
    ],
)
def test_a_code_is_typed_as_people_type(spell):
    codes, shown = RecoveryCodes.generate()

    left = [codes.spend(spell(code)).left for code in shown]

    assert left == [9] * 10


@given(st.text(st.characters(), max_size=30))
def test_what_is_no_code_is_refused(typed):
    codes, shown = RecoveryCodes.generate()
    assume(base32.normalise(typed) not in {base32.normalise(code) for code in shown})

    with pytest.raises(NotYoursError):
        codes.spend(typed)


@ALL
def test_a_code_with_one_wrong_symbol_or_one_less_is_refused(number):
    codes, shown = RecoveryCodes.generate()
    slip = ("A" if shown[number][0] != "A" else "B") + shown[number][1:]

    for typed in (slip, shown[number][:-1], shown[number] + "0", ""):
        with pytest.raises(NotYoursError):
            codes.spend(typed)


def test_half_a_symbol_is_refused():
    with pytest.raises(NotYoursError):
        RecoveryCodes.generate()[0].spend("\ud800")


@pytest.mark.parametrize("at", range(16))
def test_all_of_a_tag_counts(at):
    tag = hashlib.sha256(b"lurus/v1/recovery-code\x000123456789AB").digest()[:16]
    other = tag[:at] + bytes([tag[at] ^ 1]) + tag[at + 1 :]

    assert RecoveryCodes(tag + bytes(144)).spend("0123-4567-89AB").left == 0
    with pytest.raises(NotYoursError):
        RecoveryCodes(other + bytes(144)).spend("0123-4567-89AB")


def test_a_spent_place_is_opened_by_nothing():
    nothing_left = RecoveryCodes(bytes(160))

    assert nothing_left.left == 0
    for typed in ("", "0000-0000-0000", "\0" * 16):
        with pytest.raises(NotYoursError):
            nothing_left.spend(typed)


@given(st.sets(st.integers(0, 9)), some.keys, some.fields, some.instances)
def test_what_is_locked_unlocks_in_one_size(spent, seed, holder, instance):
    codes, shown = RecoveryCodes.generate()
    for number in spent:
        codes = codes.spend(shown[number])
    identity = Identity(seed)

    locked = codes.lock(identity, holder=holder, instance=instance)

    opened = RecoveryCodes.unlock(locked, identity, holder=holder, instance=instance)
    assert len(locked) == LOCKED_RECOVERY_CODES_SIZE
    assert opened.left == 10 - len(spent)
    assert all(opened.spend(shown[n]) for n in range(10) if n not in spent)


def test_codes_never_stand_in_what_is_kept():
    codes, shown = RecoveryCodes.generate()
    key = RINA.key(INSTANCE).derive(b"lurus/v1/recovery-codes-key")

    kept = key.unlock(lock(codes), label=b"lurus/v1/recovery-codes", context=(b"rina",))

    numbers = [base32.decode(base32.normalise(code)) for code in shown]
    assert not [n for n in numbers if n.to_bytes(8, "big") in kept]
    assert not [code for code in shown if base32.normalise(code).encode() in kept]


@pytest.mark.parametrize(
    ("identity", "holder", "instance"),
    [
        (JOKO, b"rina", INSTANCE),
        (RINA, b"joko", INSTANCE),
        (RINA, b"rina", some.OTHER_INSTANCE),
    ],
    ids=["another identity", "another holder", "another installation"],
)
def test_nobody_else_unlocks_them(identity, holder, instance):
    locked = lock(RecoveryCodes.generate()[0])

    with pytest.raises(NotYoursError):
        unlock(locked, identity, holder, instance)


@pytest.mark.parametrize("size", [0, 16, 159, 161])
def test_tags_of_another_size_are_broken(size):
    with pytest.raises(BrokenError):
        RecoveryCodes(bytes(size))
