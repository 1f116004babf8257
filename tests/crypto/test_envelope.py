"""A sealed text opens at its own place alone, and its length says nothing."""

import hashlib
from dataclasses import replace

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st

from crypto import (
    FIRST,
    BrokenError,
    CaseKey,
    Key,
    Kind,
    Place,
    TooLongError,
    seal,
    unseal,
)

KEY = Key(bytes(range(32)), some.INSTANCE)
PLACE = Place(b"case 16 bytes id", "thread", 3, "reporter", Kind.MESSAGE, b"\x07" * 32)
ENVELOPE = seal(b"They dump at night.", KEY, PLACE)


@given(some.places(), some.keys, st.data())
def test_what_is_sealed_unseals(place, secret, data):
    text = data.draw(some.texts(place.kind))
    key = Key(secret, some.INSTANCE)

    envelope = seal(text, key, place)

    assert unseal(envelope, key, place) == text
    assert len(envelope) == place.kind.envelope_size


@pytest.mark.parametrize("kind", Kind)
def test_all_envelopes_of_a_kind_have_one_length(kind):
    place = replace(PLACE, kind=kind)
    texts = (b"", b"x", b"x" * 500, b"x" * kind.longest)

    lengths = {len(seal(text, KEY, place)) for text in texts}

    assert lengths == {kind.envelope_size}


@pytest.mark.parametrize("kind", Kind)
def test_a_text_longer_than_its_kind_allows_is_refused(kind):
    with pytest.raises(TooLongError) as caught:
        seal(b"x" * (kind.longest + 7), KEY, replace(PLACE, kind=kind))

    assert caught.value.excess == 7


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("case_id", b"another case id "),
        ("case_id", b""),
        ("chain", "notes"),
        ("number", 2),
        ("number", 4),
        ("author", "officer"),
        ("kind", Kind.NOTE),
        ("kind", Kind.REPORT),
        ("previous", FIRST),
        ("previous", b"\x07" * 31 + b"\x08"),
    ],
)
def test_every_field_of_a_place_matters(field, value):
    moved = replace(PLACE, **{field: value})

    with pytest.raises(BrokenError):
        unseal(ENVELOPE, KEY, moved)


def test_the_fields_of_a_place_stand_in_one_order():
    assert PLACE.context() == (
        b"case 16 bytes id",
        b"thread",
        b"\x00\x00\x00\x03",
        b"reporter",
        b"message",
        b"\x07" * 32,
    )


def test_a_chain_begins_behind_32_zeros():
    place = Place(b"case", "thread", 0, "reporter", Kind.REPORT)

    assert place.previous == FIRST == bytes(32)


def test_the_next_place_names_the_envelope_before_it():
    following = PLACE.after(ENVELOPE, "officer", Kind.NOTE)
    other = PLACE.after(seal(b"They dump at night.", KEY, PLACE), "officer", Kind.NOTE)

    assert (following.number, following.author) == (4, "officer")
    assert (following.kind, following.case_id) == (Kind.NOTE, PLACE.case_id)
    assert following.previous != other.previous


def test_a_chain_with_an_edited_text_does_not_open_further():
    following = PLACE.after(ENVELOPE, "officer", Kind.MESSAGE)
    answer = seal(b"Thank you.", KEY, following)
    edited = seal(b"They do not.", KEY, PLACE)

    with pytest.raises(BrokenError):
        unseal(answer, KEY, PLACE.after(edited, "officer", Kind.MESSAGE))


def test_swapped_texts_do_not_open():
    following = PLACE.after(ENVELOPE, "reporter", Kind.MESSAGE)
    answer = seal(b"Thank you.", KEY, following)

    with pytest.raises(BrokenError):
        unseal(answer, KEY, PLACE)
    with pytest.raises(BrokenError):
        unseal(ENVELOPE, KEY, following)


MANIFEST = seal(b"photo.jpg", KEY, PLACE.manifest(ENVELOPE))


def test_a_manifest_stands_where_its_text_stands():
    place = PLACE.manifest(ENVELOPE)

    assert unseal(MANIFEST, KEY, place) == b"photo.jpg"
    assert place.kind is Kind.MANIFEST
    assert place.previous == hashlib.sha256(ENVELOPE).digest()
    assert replace(place, kind=PLACE.kind, previous=PLACE.previous) == PLACE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("case_id", b"another case id "),
        ("chain", "notes"),
        ("number", 4),
        ("author", "officer"),
    ],
)
def test_a_manifest_does_not_open_beside_another_text(field, value):
    moved = replace(PLACE, **{field: value})

    with pytest.raises(BrokenError):
        unseal(MANIFEST, KEY, moved.manifest(ENVELOPE))


def test_a_manifest_does_not_open_beside_a_text_that_is_sealed_anew():
    again = seal(b"They dump at night.", KEY, PLACE)

    with pytest.raises(BrokenError):
        unseal(MANIFEST, KEY, PLACE.manifest(again))


def test_neither_is_a_manifest_taken_for_a_text_nor_a_text_for_a_manifest():
    following = PLACE.after(ENVELOPE, PLACE.author, Kind.MESSAGE)
    same_number = replace(following, number=PLACE.number)

    for place in (PLACE, following, same_number):
        with pytest.raises(BrokenError):
            unseal(MANIFEST, KEY, place)
    with pytest.raises(BrokenError):
        unseal(ENVELOPE, KEY, PLACE.manifest(ENVELOPE))


def test_the_case_key_does_not_open_what_the_office_key_sealed():
    key = CaseKey.generate(some.INSTANCE)
    note = seal(b"Ask the driver.", key.office, PLACE)

    assert unseal(note, key.office, PLACE) == b"Ask the driver."
    with pytest.raises(BrokenError):
        unseal(note, key.thread, PLACE)


@given(st.integers(0, len(ENVELOPE) - 1), st.integers(1, 255))
def test_no_byte_of_an_envelope_can_change(at, change):
    damaged = bytearray(ENVELOPE)
    damaged[at] ^= change

    with pytest.raises(BrokenError):
        unseal(bytes(damaged), KEY, PLACE)


def test_a_lock_of_the_same_key_and_context_is_no_text():
    locked = KEY.lock(bytes(4096), label=b"lurus/v1/example", context=PLACE.context())

    with pytest.raises(BrokenError):
        unseal(locked, KEY, PLACE)
