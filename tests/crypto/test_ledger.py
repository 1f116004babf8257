"""A leaf hides its step; an opening shows one leaf, the ledger key all of one case."""

import hashlib

import pytest
import strategies as some

from crypto import (
    EMPTY_DIGEST,
    LEAF_SIZE,
    BrokenError,
    CaseKey,
    Kind,
    NotYoursError,
    StepKind,
    TooLongError,
    body_of,
    ledger_key,
    lock_digest,
    open_all,
    open_step,
    text_digest,
    unlock_digest,
    written_key,
)

CASE, OTHER_CASE = b"case 16 bytes id", b"another case id."
KEY = CaseKey.generate(some.INSTANCE)
LEDGER, OTHER = (ledger_key(KEY.thread, one) for one in (CASE, OTHER_CASE))
TEXT = text_digest(b"They dump at night.", Kind.REPORT)


def test_who_has_the_case_key_finds_the_same_leaf_again():
    again = ledger_key(KEY.thread, CASE)

    assert open_step(again, 2, StepKind.ANSWERED) == open_step(
        LEDGER, 2, StepKind.ANSWERED
    )


def test_no_two_steps_kinds_texts_or_cases_have_one_leaf():
    openings = [
        open_step(key, number, kind, digest)
        for key in (LEDGER, OTHER)
        for number in (0, 1, 256)
        for kind in StepKind
        for digest in (EMPTY_DIGEST, TEXT)
    ]

    leaves = {opening.leaf for opening in openings}
    assert len(leaves) == len(openings)
    assert {len(leaf) for leaf in leaves} == {LEAF_SIZE}


def test_one_opening_tells_nothing_of_the_next_step_but_the_thread():
    one, two = (open_step(LEDGER, number, StepKind.ANSWERED) for number in (1, 2))

    assert one.thread == two.thread
    assert not {one.blind, one.body, one.leaf} & {two.blind, two.body, two.leaf}


def test_the_clocks_leaves_are_those_that_its_steps_would_leave():
    kinds = (StepKind.ESCALATED, StepKind.DESTROYED)

    assert open_all(LEDGER, 4, kinds) == tuple(
        open_step(LEDGER, 4, kind) for kind in kinds
    )


def test_a_text_is_shown_by_what_blinds_it_and_by_itself():
    opening = open_step(LEDGER, 0, StepKind.RECEIVED, TEXT)
    written = written_key(LEDGER, 0)

    assert body_of(written, TEXT) == opening.body
    assert body_of(written, EMPTY_DIGEST) != opening.body
    assert body_of(written_key(LEDGER, 1), TEXT) != opening.body


def test_a_text_is_digested_as_it_is_padded():
    padded = (5).to_bytes(4, "big") + b"hello" + bytes(4096 - 9)

    assert text_digest(b"hello", Kind.MESSAGE) == hashlib.sha256(padded).digest()
    with pytest.raises(TooLongError):
        text_digest(bytes(4096), Kind.MESSAGE)


def test_a_locked_digest_opens_at_its_own_step_and_case_alone():
    locked = lock_digest(LEDGER, 0, TEXT)

    assert unlock_digest(LEDGER, 0, locked) == TEXT
    for key, number in ((LEDGER, 1), (OTHER, 0)):
        with pytest.raises(NotYoursError):
            unlock_digest(key, number, locked)
    with pytest.raises(BrokenError):
        unlock_digest(LEDGER, 0, b"\x02" + locked[1:])


@pytest.mark.parametrize(
    ("written", "digest"), [(bytes(31), TEXT), (bytes(32), TEXT + b"\x00")]
)
def test_a_body_is_made_of_whole_halves(written, digest):
    with pytest.raises(ValueError, match="32 bytes"):
        body_of(written, digest)


@pytest.mark.parametrize("kind", StepKind)
def test_a_kind_is_known_by_its_word(kind):
    assert StepKind.of(kind.word) is kind
    assert "_" not in kind.word
