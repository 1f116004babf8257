"""An entry that is edited, dropped, moved or inserted is named."""

import hashlib
from itertools import pairwise

import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st
from known_answers import reference

from crypto import ORIGIN, first_mismatch, link

records = st.lists(some.contexts, min_size=1, max_size=8)


def chain(entries):
    links = [ORIGIN]
    for entry in entries:
        links.append(link(links[-1], entry))
    return list(zip(entries, links[1:], strict=True))


@given(records)
def test_a_record_as_it_was_written_holds(entries):
    assert first_mismatch(chain(entries)) is None


def test_an_empty_record_holds():
    assert first_mismatch([]) is None


@given(records, some.contexts, st.data())
def test_an_edited_entry_is_named(entries, other, data):
    kept = chain(entries)
    place = data.draw(st.integers(0, len(kept) - 1))
    assume(kept[place][0] != other)

    kept[place] = (other, kept[place][1])

    assert first_mismatch(kept) == place


@given(records, some.contexts, st.data())
def test_an_entry_edited_with_its_link_is_seen_at_the_next(entries, other, data):
    kept = chain([*entries, (b"last",)])
    place = data.draw(st.integers(0, len(entries) - 1))
    previous = kept[place - 1][1] if place else ORIGIN
    assume(kept[place][0] != other)

    kept[place] = (other, link(previous, other))

    assert first_mismatch(kept) == place + 1


@given(records, st.data())
def test_a_dropped_entry_is_named_where_it_is_missing(entries, data):
    kept = chain([*entries, (b"last",)])
    place = data.draw(st.integers(0, len(entries) - 1))

    del kept[place]

    assert first_mismatch(kept) == place


@given(records, st.data())
def test_swapped_entries_are_named(entries, data):
    kept = chain([*entries, (b"last",)])
    place = data.draw(st.integers(0, len(entries) - 1))

    kept[place], kept[place + 1] = kept[place + 1], kept[place]

    assert first_mismatch(kept) == place


@given(records, some.contexts, st.data())
def test_an_inserted_entry_is_named(entries, other, data):
    kept = chain(entries)
    place = data.draw(st.integers(0, len(kept)))

    kept.insert(place, (other, bytes(32)))

    assert first_mismatch(kept) == place


@given(st.binary(min_size=32, max_size=32), some.contexts)
def test_a_link_is_the_hash_of_its_label_what_was_before_and_its_fields(before, entry):
    text = reference.info(b"lurus/v1/link", before, *entry)

    assert link(before, entry) == hashlib.sha256(text).digest()


@given(some.contexts, some.contexts)
def test_two_entries_have_two_links(entry, other):
    assume(entry != other)

    assert link(ORIGIN, entry) != link(ORIGIN, other)


def test_the_same_entry_twice_has_two_links():
    links = [kept for _, kept in chain([(b"same",)] * 5)]

    assert all(first != second for first, second in pairwise(links))
