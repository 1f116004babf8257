"""Whom an entry names is for its writer alone, and no length tells whether anybody."""

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st

from crypto import (
    LOCKED_SUBJECT_SIZE,
    BrokenError,
    CaseCode,
    NotYoursError,
    TooLongError,
    lock_subject,
    unlock_subject,
)
from crypto.subject import LABEL_SUBJECT

CASE, OTHER_CASE = b"case 16 bytes id", b"another case id."
CODE_KEY, OTHER_KEY = (CaseCode.generate().key(some.INSTANCE) for _ in range(2))


@given(st.text("0123456789", max_size=18))
def test_its_writer_reads_the_number_again(number):
    locked = lock_subject(number, CODE_KEY, case_id=CASE)

    assert unlock_subject(locked, CODE_KEY, case_id=CASE) == number
    assert len(locked) == LOCKED_SUBJECT_SIZE


@pytest.mark.parametrize(
    ("key", "case_id"), [(OTHER_KEY, CASE), (CODE_KEY, OTHER_CASE)]
)
def test_another_code_or_another_case_opens_nothing(key, case_id):
    locked = lock_subject("198001012005011001", CODE_KEY, case_id=CASE)

    with pytest.raises(NotYoursError):
        unlock_subject(locked, key, case_id=case_id)


def test_what_does_not_fit_is_refused():
    with pytest.raises(TooLongError):
        lock_subject("1" * 61, CODE_KEY, case_id=CASE)


def test_another_size_is_broken():
    locked = CODE_KEY.lock(bytes(32), label=LABEL_SUBJECT, context=(CASE,))

    with pytest.raises(BrokenError):
        unlock_subject(locked, CODE_KEY, case_id=CASE)
