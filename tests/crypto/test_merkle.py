"""The tree is that of RFC 9162, and no leaf of it can be taken out, put in or changed.

The known answers are those of the reference implementation of RFC 6962 (Certificate
Transparency: google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc; the
same stand in transparency-dev/merkle, testonly/constants.go). Everything else is compared
with the definitions of RFC 9162, written a second time in `known_answers.rfc_9162`.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from known_answers import rfc_9162

from crypto import BrokenError
from crypto.merkle import (
    EMPTY_ROOT,
    Edge,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATHS = [
    (
        0,
        8,
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        5,
        8,
        (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (
        2,
        3,
        ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    ),
]
CONSISTENT = [
    (1, 1, ()),
    (1, 8, PATHS[0][2]),
    (
        6,
        8,
        (
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (
        2,
        5,
        (
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
]

some_leaves = st.lists(st.binary(max_size=3), min_size=1, max_size=70)


def grow(leaves):
    """Return the edge of a tree with these leaves, and where its nodes stand."""
    edge, nodes = Edge(), {}
    for leaf in leaves:
        nodes.update({(level, place): it for level, place, it in edge.append(leaf)})
    return edge, lambda level, place: nodes[level, place]


def as_bytes(digits):
    return [bytes.fromhex(one) for one in digits]


@pytest.mark.parametrize("size", range(9))
def test_a_tree_has_the_known_root(size):
    edge, node_at = grow(LEAVES[:size])

    assert edge.root().hex() == ROOTS[size] == root_of(size, node_at).hex()


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_a_leaf_has_the_known_path(index, size, path):
    _, node_at = grow(LEAVES)

    assert prove_inclusion(index, size, node_at) == as_bytes(path)


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENT)
def test_an_older_tree_has_the_known_proof(old, new, path):
    _, node_at = grow(LEAVES)

    assert prove_consistency(old, new, node_at) == as_bytes(path)


@given(some_leaves)
def test_a_tree_is_what_the_standard_says(leaves):
    edge, _ = grow(leaves)

    assert edge.root() == rfc_9162.mth(leaves)
    assert Edge.parse(edge.size, bytes(edge)).root() == edge.root()


@given(some_leaves, st.data())
def test_a_path_is_what_the_standard_says_and_shows_its_leaf(leaves, data):
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    _, node_at = grow(leaves)

    path = prove_inclusion(index, size, node_at)

    assert path == rfc_9162.path(index, leaves[:size])
    verify_inclusion(leaves[index], index, size, path, rfc_9162.mth(leaves[:size]))


@given(some_leaves, st.data())
def test_a_proof_is_what_the_standard_says_and_shows_the_older_tree(leaves, data):
    old = data.draw(st.integers(1, len(leaves)))
    _, node_at = grow(leaves)

    proof = prove_consistency(old, len(leaves), node_at)

    roots = rfc_9162.mth(leaves[:old]), rfc_9162.mth(leaves)
    assert proof == rfc_9162.proof(old, leaves)
    verify_consistency(old, roots[0], len(leaves), roots[1], proof)


@given(st.integers(2, 70), st.data())
def test_a_path_shows_no_other_leaf_and_no_other_place(size, data):
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    edge, node_at = grow(leaves)
    index, other = data.draw(
        st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)
    )
    path = prove_inclusion(index, size, node_at)

    with pytest.raises(BrokenError):
        verify_inclusion(leaves[other], index, size, path, edge.root())
    with pytest.raises(BrokenError):
        verify_inclusion(leaves[index], other, size, path, edge.root())


@given(st.integers(2, 70), st.data())
def test_no_proof_covers_a_leaf_that_was_changed(size, data):
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    before = rfc_9162.mth(leaves[:old])
    leaves[changed] = b"another"
    edge, node_at = grow(leaves)
    proof = prove_consistency(old, size, node_at)

    with pytest.raises(BrokenError):
        verify_consistency(old, before, size, edge.root(), proof)


@given(st.integers(1, 70), st.data())
def test_a_proof_with_a_hash_more_less_or_changed_shows_nothing(size, data):
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    edge, node_at = grow(leaves)
    old = data.draw(st.integers(1, size))
    before = rfc_9162.mth(leaves[:old])
    proof = prove_consistency(old, size, node_at)
    damaged = data.draw(
        st.sampled_from([[*proof, bytes(32)], proof[:-1], [bytes(32), *proof[1:]]])
    )

    assume(damaged != proof)

    with pytest.raises(BrokenError):
        verify_consistency(old, before, size, edge.root(), damaged)


def test_nothing_is_the_beginning_of_every_tree():
    edge, node_at = grow(LEAVES)

    assert prove_consistency(0, 8, node_at) == []
    verify_consistency(0, EMPTY_ROOT, 8, edge.root(), [])
    with pytest.raises(BrokenError):
        verify_consistency(0, edge.root(), 8, edge.root(), [])


def test_a_leaf_is_no_node():
    both = leaf_hash(b"a") + leaf_hash(b"b")

    assert leaf_hash(both) != node_hash(both[:32], both[32:])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_a_larger_tree_is_no_beginning(old, new):
    with pytest.raises(ValueError, match="larger"):
        prove_consistency(old, new, lambda *_: bytes(32))
    with pytest.raises(BrokenError):
        verify_consistency(old, bytes(32), new, bytes(32), [])


@pytest.mark.parametrize("index", [-1, 3])
def test_what_is_not_in_the_tree_has_no_path(index):
    with pytest.raises(ValueError, match="no such leaf"):
        prove_inclusion(index, 3, lambda *_: bytes(32))
    with pytest.raises(BrokenError):
        verify_inclusion(b"", index, 3, [], bytes(32))


@pytest.mark.parametrize(("size", "kept"), [(3, bytes(32)), (2, bytes(64)), (1, b"")])
def test_what_is_no_edge_is_broken(size, kept):
    with pytest.raises(BrokenError):
        Edge.parse(size, kept)
