"""All readers open a case; nobody else does, and no row says who may."""

import itertools

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import (
    BrokenError,
    CaseKey,
    Identity,
    Key,
    NotYoursError,
    lock_for_reporter,
    rewrap,
    unlock_for_reporter,
    unwrap_case_key,
    wrap_case_key,
    wrap_dummy,
)
from crypto.case_key import CASE_WRAP_SIZE, LABEL_CASE_WRAP, REPORTER_LOCK_SIZE

INSTANCE = some.INSTANCE
CASE = b"case 16 bytes id"
PEOPLE = {
    name: Identity(name.ljust(32)) for name in (b"rina", b"joko", b"sari", b"adi")
}
pairs = st.binary(min_size=64, max_size=64)


def recipients(*names):
    return {name: PEOPLE[name].recipient for name in names}


def wrap(key, readers=(b"rina", b"sari"), others=(b"joko", b"adi")):
    return wrap_case_key(
        key, case_id=CASE, readers=recipients(*readers), others=recipients(*others)
    )


def unwrap(kept, name, wrapped=None, case_id=CASE, holder=None, identity=None):
    return unwrap_case_key(
        kept.wraps[name] if wrapped is None else wrapped,
        kept.mask,
        identity or PEOPLE[name],
        case_id=case_id,
        holder=holder or name,
        instance=INSTANCE,
    ).reveal()


@given(pairs, st.sets(st.sampled_from(sorted(PEOPLE))))
def test_all_readers_open_and_all_others_do_not(pair, readers):
    others = PEOPLE.keys() - readers
    kept = wrap(CaseKey.parse(pair, INSTANCE), readers, others)

    opened = {name: unwrap(kept, name) == pair for name in PEOPLE}

    assert opened == {name: name in readers for name in PEOPLE}


def test_a_dummy_opens_and_yields_keys_that_open_nothing():
    key = CaseKey.generate(INSTANCE)
    locked = key.thread.lock(b"text", label=b"lurus/v1/example", context=(CASE,))

    yielded = CaseKey.parse(unwrap(wrap(key), b"joko"), INSTANCE)

    with pytest.raises(NotYoursError):
        yielded.thread.unlock(locked, label=b"lurus/v1/example", context=(CASE,))


def test_a_dummy_is_a_genuine_wrap_to_its_holder():
    kept = wrap(CaseKey.generate(INSTANCE))

    hidden = PEOPLE[b"joko"].unwrap(
        kept.wraps[b"joko"], label=LABEL_CASE_WRAP, context=(CASE, b"joko")
    )

    assert len(hidden) == 64
    assert len(set(hidden)) > 30


def test_a_dummy_looks_like_every_other_wrap():
    kept = wrap(CaseKey.generate(INSTANCE))

    looks = {(len(wrapped), wrapped[:1]) for wrapped in kept.wraps.values()}

    assert looks == {(CASE_WRAP_SIZE, b"\x01")}


def test_no_two_dummies_yield_the_same():
    kept = wrap(CaseKey.generate(INSTANCE), readers=(), others=PEOPLE)

    yielded = {unwrap(kept, name) for name in PEOPLE}

    assert len(yielded) == len(PEOPLE)


def test_a_later_dummy_is_like_the_first():
    kept = wrap(CaseKey.generate(INSTANCE))
    joko = PEOPLE[b"joko"].recipient
    dummy = wrap_dummy(joko, case_id=CASE, holder=b"joko")

    yielded = unwrap(kept, b"joko", dummy)

    assert len(dummy) == CASE_WRAP_SIZE
    assert yielded not in (unwrap(kept, b"rina"), unwrap(kept, b"joko"))


def test_each_case_has_a_mask_of_its_own():
    key = CaseKey.generate(INSTANCE)

    masks = {wrap(key).mask for _ in range(20)}

    assert len(masks) == 20
    assert key.reveal() not in masks


@pytest.mark.parametrize(
    ("name", "other"), list(itertools.permutations(PEOPLE, 2)), ids=str
)
def test_nobody_opens_a_wrap_of_another(name, other):
    kept = wrap(CaseKey.generate(INSTANCE))

    with pytest.raises(NotYoursError):
        unwrap(kept, name, kept.wraps[other], holder=other)


def test_swapped_wraps_do_not_open():
    kept = wrap(CaseKey.generate(INSTANCE))

    with pytest.raises(NotYoursError):
        unwrap(kept, b"rina", kept.wraps[b"sari"])


def test_a_wrap_given_to_another_holder_of_the_same_identity_does_not_open():
    kept = wrap(CaseKey.generate(INSTANCE))

    with pytest.raises(NotYoursError):
        unwrap(kept, b"rina", holder=b"sari")


@given(some.case_ids)
def test_a_wrap_moved_to_another_case_does_not_open(case_id):
    assume(case_id != CASE)
    kept = wrap(CaseKey.generate(INSTANCE))

    with pytest.raises(NotYoursError):
        unwrap(kept, b"rina", case_id=case_id)


@pytest.mark.parametrize("size", [0, 32, 63, 65])
def test_a_mask_of_another_size_is_broken(size):
    kept = wrap(CaseKey.generate(INSTANCE))

    with pytest.raises(BrokenError):
        unwrap_case_key(
            kept.wraps[b"rina"],
            bytes(size),
            PEOPLE[b"rina"],
            case_id=CASE,
            holder=b"rina",
            instance=INSTANCE,
        )


@given(pairs)
def test_both_keys_read_back(pair):
    key = CaseKey.parse(pair, INSTANCE)

    assert key.reveal() == pair
    assert (key.thread.reveal(), key.office.reveal()) == (pair[:32], pair[32:])


@pytest.mark.parametrize("size", [0, 63, 65])
def test_a_pair_has_64_bytes(size):
    with pytest.raises(BrokenError):
        CaseKey.parse(bytes(size), INSTANCE)


@given(pairs, some.keys, some.case_ids)
def test_the_reporter_gets_the_case_key_alone(pair, secret, case_id):
    code_key = Key(secret, INSTANCE)

    locked = lock_for_reporter(CaseKey.parse(pair, INSTANCE), code_key, case_id=case_id)

    opened = unlock_for_reporter(locked, code_key, case_id=case_id, instance=INSTANCE)
    assert opened.reveal() == pair[:32]
    assert len(locked) == REPORTER_LOCK_SIZE


@given(some.keys, some.case_ids)
def test_the_reporters_lock_opens_for_that_code_and_case_alone(secret, case_id):
    assume(secret != bytes(32) and case_id != CASE)
    locked = lock_for_reporter(
        CaseKey.generate(INSTANCE), Key(bytes(32), INSTANCE), case_id=CASE
    )

    with pytest.raises(NotYoursError):
        unlock_for_reporter(
            locked, Key(secret, INSTANCE), case_id=CASE, instance=INSTANCE
        )
    with pytest.raises(NotYoursError):
        unlock_for_reporter(
            locked, Key(bytes(32), INSTANCE), case_id=case_id, instance=INSTANCE
        )


NEXT = Identity(b"rina after a rotation".ljust(32))
BUDI = Identity(b"budi".ljust(32))


def rotate(kept, name, following=NEXT, **context):
    about = {"case_id": CASE, "holder": name} | context
    return rewrap(kept.wraps[name], PEOPLE[name], following.recipient, **about)


@given(pairs, st.sampled_from(sorted(PEOPLE)))
def test_after_a_rotation_an_officer_reads_what_that_officer_read_before(pair, name):
    kept = wrap(CaseKey.parse(pair, INSTANCE))
    before = unwrap(kept, name)

    wrapped = rotate(kept, name)

    assert unwrap(kept, name, wrapped, identity=NEXT) == before
    assert len(wrapped) == CASE_WRAP_SIZE


def test_after_a_rotation_the_former_identity_opens_nothing():
    kept = wrap(CaseKey.generate(INSTANCE))

    wrapped = rotate(kept, b"rina")

    with pytest.raises(NotYoursError):
        unwrap(kept, b"rina", wrapped)


def test_a_dummy_wrapped_anew_is_a_dummy():
    key = CaseKey.generate(INSTANCE)
    kept = wrap(key)

    wrapped = rotate(kept, b"joko")

    assert unwrap(kept, b"joko", wrapped, identity=NEXT) != key.reveal()


def test_a_colleague_who_is_handed_a_case_reads_it_under_the_colleagues_name_alone():
    key = CaseKey.generate(INSTANCE)
    kept = wrap(key)

    wrapped = rotate(kept, b"rina", BUDI, to_holder=b"budi")

    opened = unwrap(kept, b"rina", wrapped, identity=BUDI, holder=b"budi")
    assert opened == key.reveal()
    with pytest.raises(NotYoursError):
        unwrap(kept, b"rina", wrapped, identity=BUDI)


@pytest.mark.parametrize(
    "context", [{"holder": b"sari"}, {"case_id": bytes(16)}], ids=["holder", "case"]
)
def test_a_wrap_from_elsewhere_is_not_wrapped_anew(context):
    kept = wrap(CaseKey.generate(INSTANCE))

    with pytest.raises(NotYoursError):
        rotate(kept, b"rina", **context)


def test_nobody_wraps_anew_what_is_anothers():
    kept = wrap(CaseKey.generate(INSTANCE))

    with pytest.raises(NotYoursError):
        rewrap(
            kept.wraps[b"rina"],
            PEOPLE[b"joko"],
            NEXT.recipient,
            case_id=CASE,
            holder=b"rina",
        )


@pytest.mark.parametrize("size", [0, 32, 63, 65])
def test_what_has_another_size_is_not_wrapped_anew(size):
    wrapped = PEOPLE[b"rina"].recipient.wrap(
        bytes(size), label=LABEL_CASE_WRAP, context=(CASE, b"rina")
    )

    with pytest.raises(BrokenError):
        rewrap(wrapped, PEOPLE[b"rina"], NEXT.recipient, case_id=CASE, holder=b"rina")


@given(pairs)
def test_a_new_office_key_leaves_the_case_key_as_it_was(pair):
    key = CaseKey.parse(pair, INSTANCE)

    first, second = key.with_new_office(), key.with_new_office()

    assert first.thread.reveal() == second.thread.reveal() == pair[:32]
    offices = {pair[32:], first.office.reveal(), second.office.reveal()}
    assert len(offices) == 3
    assert {len(office) for office in offices} == {32}


def test_who_was_recused_opens_nothing_sealed_under_the_new_office_key():
    key = CaseKey.generate(INSTANCE)
    kept = wrap(key)
    office = key.with_new_office().office
    note = office.lock(b"note", label=b"lurus/v1/example", context=(CASE,))

    held = CaseKey.parse(unwrap(kept, b"rina"), INSTANCE).office

    with pytest.raises(NotYoursError):
        held.unlock(note, label=b"lurus/v1/example", context=(CASE,))
