"""A case opens with the gate and a custodian together, and with neither alone."""

import pytest
import strategies as some
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import (
    BrokenError,
    Identity,
    Key,
    NotYoursError,
    ReleaseRule,
    Share,
    TooLongError,
    dummy_outer,
    gate_key,
    open_outer,
    put_gate_on,
    rewrap_inner,
    seal_outer,
    seal_without_gate,
    take_gate_off,
)
from crypto.two_key_envelope import LABEL_OUTER_WRAP, OPENED_OUTER_SIZE, OUTER_SIZE

CASE, OTHER_CASE = b"case 16 bytes id", b"another case id."
RINA, JOKO = Identity(b"r" * 32), Identity(b"j" * 32)
GATE = Key(b"g" * 32, some.INSTANCE)
HERE = {"case_id": CASE, "holder": b"rina"}
ELSEWHERE = [
    {"case_id": OTHER_CASE, "holder": b"rina"},
    {"case_id": CASE, "holder": b"joko"},
]
FIRST = bytes(range(32))
PLAIN = Share("deadline", "", "", bytes(range(64)), FIRST)

pairs = st.binary(min_size=64, max_size=64)
days = st.dates().map(lambda day: day.isoformat())
subjects = st.text("0123456789", min_size=1, max_size=18)


@st.composite
def shares(draw):
    rule = draw(st.sampled_from(ReleaseRule))
    no_day = st.just("")
    any_day = days if rule is ReleaseRule.DATE else no_day | days
    date = draw(any_day if rule.may_have_date else no_day)
    subject = draw(subjects if rule.is_match else st.just("") | subjects)
    return Share(rule, date, subject, draw(pairs), draw(some.keys))


def parts(share):
    return share.rule, share.date, share.subject, share.share, share.first


def seal(share=PLAIN, identity=RINA, gate=GATE, **where):
    return seal_outer(share, identity.recipient, gate, **(HERE | where))


def off(outer, gate=GATE, **where):
    return take_gate_off(outer, gate, **(HERE | where))


def opened(inner, identity=RINA, **where):
    return parts(open_outer(inner, identity, **(HERE | where)))


@given(shares())
def test_gate_and_custodian_together_open_a_share(share):
    outer = seal(share)

    inner = off(outer)

    assert opened(inner) == parts(share)
    assert (len(outer), len(inner)) == (OUTER_SIZE, OPENED_OUTER_SIZE)


@given(shares())
def test_a_share_has_one_encoding(share):
    encoded = share.encode()

    assert Share.decode(encoded).encode() == encoded
    assert parts(Share.decode(encoded)) == parts(share)
    assert isinstance(Share.decode(encoded).rule, ReleaseRule)


def test_a_custodian_with_the_database_opens_nothing():
    with pytest.raises(NotYoursError):
        opened(seal())


@pytest.mark.parametrize("secret", [b"x" * 32, bytes(32), RINA.reveal()])
def test_without_the_gate_secret_the_gate_stays_on(secret):
    with pytest.raises(NotYoursError):
        off(seal(), Key(secret, some.INSTANCE))


def test_the_gate_of_another_installation_is_another():
    with pytest.raises(NotYoursError):
        off(seal(), Key(b"g" * 32, some.OTHER_INSTANCE))


def test_the_portal_with_the_gate_opens_nothing():
    with pytest.raises(NotYoursError):
        opened(off(seal()), JOKO)


def test_behind_the_gate_stands_no_share_in_clear():
    inner = off(seal())

    assert PLAIN.share[:8] not in inner
    assert b"deadline" not in inner


@given(st.binary(max_size=64))
def test_a_gate_has_a_key_for_each_case(case_id):
    assume(case_id != CASE)

    assert gate_key(GATE, case_id).reveal() != gate_key(GATE, CASE).reveal()


@pytest.mark.parametrize("where", ELSEWHERE, ids=["case", "custodian"])
def test_an_outer_moved_elsewhere_keeps_its_gate(where):
    with pytest.raises(NotYoursError):
        off(seal(), **where)


@pytest.mark.parametrize("where", ELSEWHERE, ids=["case", "custodian"])
def test_a_wrap_moved_elsewhere_does_not_open(where):
    with pytest.raises(NotYoursError):
        opened(off(seal()), **where)


def test_the_gates_of_two_cases_are_not_one_lock():
    # The gate key of a case is all that could be given away: it opens no other case.
    gate = gate_key(GATE, OTHER_CASE)

    with pytest.raises(NotYoursError):
        gate.unlock(seal(), label=b"lurus/v1/outer", context=(CASE, b"rina"))


def test_a_share_sealed_without_gate_opens_at_once():
    inner = seal_without_gate(PLAIN, RINA.recipient, **HERE)

    assert opened(inner) == parts(PLAIN)
    assert len(inner) == OPENED_OUTER_SIZE
    with pytest.raises(NotYoursError):
        off(inner)


def test_a_dummy_opens_to_nothing():
    dummy = dummy_outer(RINA.recipient, GATE, **HERE)

    inner = off(dummy)

    with pytest.raises(BrokenError):
        opened(inner)


def test_a_dummy_is_told_from_a_share_by_its_custodian_alone():
    dummy, outer = dummy_outer(RINA.recipient, GATE, **HERE), seal()

    inners = [off(dummy), off(outer)]

    assert {(len(one), one[:1]) for one in (dummy, outer)} == {(OUTER_SIZE, b"\x01")}
    assert {(len(one), one[:1]) for one in inners} == {(OPENED_OUTER_SIZE, b"\x01")}
    for inner in inners:
        with pytest.raises(NotYoursError):
            opened(inner, JOKO)


def test_a_dummy_is_a_genuine_wrap_to_its_custodian():
    inner = off(dummy_outer(RINA.recipient, GATE, **HERE))

    noise = RINA.unwrap(inner, label=LABEL_OUTER_WRAP, context=(CASE, b"rina"))

    assert len(noise) == 256
    assert len(set(noise)) > 100


@pytest.mark.parametrize("where", ELSEWHERE, ids=["case", "custodian"])
def test_a_dummy_moved_elsewhere_keeps_its_gate_too(where):
    with pytest.raises(NotYoursError):
        off(dummy_outer(RINA.recipient, GATE, **HERE), **where)


@pytest.mark.parametrize("size", [1, 80, 81, 1393, OUTER_SIZE - 1])
def test_a_cut_outer_keeps_its_gate(size):
    with pytest.raises(NotYoursError):
        off(seal()[:size])


@pytest.mark.parametrize("size", [1, 1136, 1137, OPENED_OUTER_SIZE - 1])
def test_a_cut_wrap_does_not_open(size):
    with pytest.raises(NotYoursError):
        opened(off(seal())[:size])


@pytest.mark.parametrize("open_it", [off, opened])
@pytest.mark.parametrize("content", [b"", b"\x02" + bytes(1500)])
def test_what_is_no_outer_is_broken(open_it, content):
    with pytest.raises(BrokenError):
        open_it(content)


NEXT = Identity(b"n" * 32)


def rotate(outer, identity=RINA, **where):
    inner = rewrap_inner(off(outer), identity, NEXT.recipient, **(HERE | where))
    return put_gate_on(inner, GATE, **HERE)


@given(shares())
def test_after_a_rotation_a_custodian_opens_what_opened_before(share):
    outer = rotate(seal(share))

    assert opened(off(outer), NEXT) == parts(share)
    assert len(outer) == OUTER_SIZE
    with pytest.raises(NotYoursError):
        opened(off(outer))


def test_after_a_rotation_a_dummy_is_a_dummy():
    inner = off(rotate(dummy_outer(RINA.recipient, GATE, **HERE)))

    with pytest.raises(BrokenError):
        opened(inner, NEXT)


@pytest.mark.parametrize("where", ELSEWHERE, ids=["case", "custodian"])
def test_what_is_from_elsewhere_is_not_wrapped_anew(where):
    with pytest.raises(NotYoursError):
        rotate(seal(), **where)


def test_what_is_anothers_is_not_wrapped_anew():
    with pytest.raises(NotYoursError):
        rotate(seal(), JOKO)


@pytest.mark.parametrize("size", [0, 64, 255, 257])
def test_what_has_another_size_is_not_wrapped_anew(size):
    inner = RINA.recipient.wrap(
        bytes(size), label=LABEL_OUTER_WRAP, context=(CASE, b"rina")
    )

    with pytest.raises(BrokenError):
        rewrap_inner(inner, RINA, NEXT.recipient, **HERE)


def test_a_gate_put_on_again_has_another_lock():
    outer = seal()

    again = put_gate_on(off(outer), GATE, **HERE)

    assert off(again) == off(outer)
    assert again[1:33] != outer[1:33]


def test_all_rules_have_one_size():
    made = [
        PLAIN,
        Share("never", "", "", bytes(64), FIRST),
        Share("date", "2027-01-31", "", bytes(64), FIRST),
        Share("match-3", "2027-01-31", "198003152005011002", bytes(64), FIRST),
        Share("match-2-only", "2027-01-31", "198003152005011002", bytes(64), FIRST),
        Share("never", "2027-01-31", "", bytes(64), FIRST),
    ]

    assert {len(seal(share)) for share in made} == {OUTER_SIZE}


@pytest.mark.parametrize(
    ("rule", "date", "subject"),
    [
        ("", "", ""),
        ("soon", "", ""),
        ("match-2-or-date", "2027-01-31", "1980"),
        ("date", "", ""),
        ("date", "20270131", ""),
        ("date", "31-01-2027", ""),
        ("date", "2027-02-30", ""),
        ("deadline", "2027-01-31", ""),
        ("match-2", "", ""),
        ("match-3", "2027-01-31", ""),
        ("match-2-only", "2027-01-31", ""),
    ],
)
def test_a_share_that_contradicts_itself_cannot_be_made(rule, date, subject):
    with pytest.raises(ValueError, match=r".+"):
        Share(rule, date, subject, bytes(64), FIRST)


@pytest.mark.parametrize(
    ("share", "first"),
    [(bytes(63), FIRST), (bytes(65), FIRST), (bytes(32), FIRST), (bytes(64), b"")],
)
def test_a_share_has_64_bytes_and_a_digest(share, first):
    with pytest.raises(ValueError, match="64"):
        Share("deadline", "", "", share, first)


def test_a_subject_that_does_not_fit_is_refused_before_it_is_sealed():
    longest = Share("never", "", "9" * 141, bytes(64), FIRST)
    longer = Share("never", "", "9" * 142, bytes(64), FIRST)

    assert opened(off(seal(longest))) == parts(longest)
    with pytest.raises(TooLongError):
        seal(longer)


def test_what_a_share_says_does_not_show():
    share = Share("match-2", "2027-01-31", "198003152005011002", b"S" * 64, b"F" * 32)

    shown = f"{share!r} {share}"

    assert not [
        part for part in ("match", "2027", "1980", "SSS", "FFF") if part in shown
    ]
