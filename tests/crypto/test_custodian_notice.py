"""A custodian is told of a case without its key, and nobody else can tell that."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import (
    NOTICE_WRAP_SIZE,
    BrokenError,
    CustodianNotice,
    Identity,
    NoticeKind,
    NotYoursError,
    dummy_notice,
    open_notices,
    seal_notices,
)
from crypto.custodian_notice import decode_notices, encode_notices

CASE = b"case 16 bytes id"
SRI, JOKO = Identity(b"s" * 32), Identity(b"j" * 32)
HERE = {"case_id": CASE, "holder": b"sri"}
TOLD = CustodianNotice(
    NoticeKind.FORCED_WITHDRAWAL, case_id=CASE, day=dt.date(2027, 1, 31)
)


def test_a_custodian_reads_what_was_meant_for_her():
    wrapped = seal_notices((TOLD,), SRI.recipient, holder=b"sri")

    assert open_notices(wrapped, SRI, **HERE) == (TOLD,)


@pytest.mark.parametrize(
    ("identity", "where"),
    [
        (JOKO, HERE),
        (SRI, HERE | {"holder": b"joko"}),
        (SRI, HERE | {"case_id": b"another case id."}),
    ],
)
def test_nobody_else_reads_it_and_nowhere_else(identity, where):
    wrapped = seal_notices((TOLD,), SRI.recipient, holder=b"sri")

    with pytest.raises(NotYoursError):
        open_notices(wrapped, identity, **where)


def test_a_dummy_has_the_same_length_and_tells_nothing():
    dummy = dummy_notice(SRI.recipient, **HERE)

    with pytest.raises(BrokenError):
        open_notices(dummy, SRI, **HERE)
    assert len(dummy) == NOTICE_WRAP_SIZE
    assert len(seal_notices((TOLD,), SRI.recipient, holder=b"sri")) == NOTICE_WRAP_SIZE


def test_what_was_told_before_stands_beside_what_is_told_anew():
    again = CustodianNotice(NoticeKind.HUNT, CASE, dt.date(2027, 2, 1))

    wrapped = seal_notices((TOLD, again), SRI.recipient, holder=b"sri")

    assert open_notices(wrapped, SRI, **HERE) == (TOLD, again)
    assert len(wrapped) == NOTICE_WRAP_SIZE


@given(st.dates(), st.binary(min_size=16, max_size=16))
def test_a_notice_is_read_as_it_was_written(day, case_id):
    notice = CustodianNotice(NoticeKind.FORCED_WITHDRAWAL, case_id, day)

    assert decode_notices(encode_notices((notice,))) == (notice,)


@given(st.binary(min_size=256, max_size=256))
def test_random_bytes_are_no_notice(noise):
    with pytest.raises(BrokenError):
        decode_notices(noise)
