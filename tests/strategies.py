"""What Hypothesis draws from, and what only tests may use."""

import string

from hypothesis import strategies as st

from crypto import CaseCode, Cost, InstanceId, Kind, Place

CHEAPEST = Cost(memory=8, passes=1, lanes=1)
"""The least that Argon2id allows; only for tests."""

INSTANCE = InstanceId(bytes(range(16)))
OTHER_INSTANCE = InstanceId(bytes(range(1, 17)))

instances = st.binary(min_size=16, max_size=16).map(InstanceId)
keys = st.binary(min_size=32, max_size=32)
fields = st.binary(max_size=64)
contexts = st.lists(fields, min_size=1, max_size=5).map(tuple)
labels = st.text(string.ascii_lowercase + "-", min_size=1, max_size=20).map(
    lambda purpose: b"lurus/v1/" + purpose.encode()
)
plaintexts = st.binary(max_size=512)
case_ids = st.binary(min_size=16, max_size=16)
case_codes = st.binary(min_size=17, max_size=17).map(
    lambda drawn: CaseCode(int.from_bytes(drawn, "big") >> 6)
)
kinds = st.sampled_from(Kind)
passphrases = st.text(st.characters(exclude_categories=["Cs"]), max_size=64)


@st.composite
def texts(draw: st.DrawFn, kind: Kind) -> bytes:
    """Draw a text of any length that *kind* allows, its ends more often."""
    length = draw(st.sampled_from([0, 1, kind.longest]) | st.integers(0, kind.longest))
    return (draw(st.binary(min_size=1, max_size=32)) * length)[:length]


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Draw a place in a chain."""
    return Place(
        case_id=draw(case_ids),
        chain=draw(st.sampled_from(["thread", "notes"])),
        number=draw(st.integers(0, 2**32 - 1)),
        author=draw(st.sampled_from(["reporter", "officer"])),
        kind=draw(kinds),
        previous=draw(st.binary(min_size=32, max_size=32)),
    )
