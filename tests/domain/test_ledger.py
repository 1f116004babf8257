"""What the trail shows is believed by who has the standard alone."""

import pytest
from builders import TODAY, add_custodian
from known_answers import rfc_9162
from sqlalchemy.orm import Session
from trails import DAY, leave, pass_days

from crypto.merkle import verify_consistency, verify_inclusion
from portal.cosigning import cosign_newest
from portal.database import transaction
from portal.errors import NoSuchLeafError, NoSuchTreeError, NoTrailYetError
from portal.ledger import (
    cosigned_note,
    find_leaf,
    find_leaves,
    find_tree,
    list_cosigned,
    list_leaves,
    list_sizes,
    list_trees,
    newest_cosigned_tree,
    newest_tree,
    prove,
    prove_growth,
)


def test_a_leaf_is_proved_in_every_tree_that_holds_it(session: Session):
    (leaf,) = leave(session)
    pass_days(session, 9)

    for _, size in list_sizes(session):
        shown = prove(session, leaf, size)
        leaves = list_leaves(session, 0, size)
        assert list(shown.path) == rfc_9162.path(shown.place.index, leaves)
        verify_inclusion(leaf, shown.place.index, size, shown.path, shown.tree.root)
    assert prove(session, leaf).tree == newest_tree(session)


def test_each_tree_is_proved_to_grow_into_each_later_one(session: Session):
    pass_days(session, 7)
    trees = list_trees(session, 7)

    for new in trees:
        for old in trees[trees.index(new) :]:
            path = prove_growth(session, old.size, new.size)
            verify_consistency(old.size, old.root, new.size, new.root, path)


def test_what_is_not_in_the_trail_is_not_shown(session: Session):
    with pytest.raises(NoTrailYetError):
        newest_tree(session)
    with pytest.raises(NoTrailYetError):
        newest_cosigned_tree(session)
    pass_days(session, 2)
    (later,) = leave(session, TODAY + 2 * DAY)
    pass_days(session, 1, TODAY + 2 * DAY)
    size = newest_tree(session).size

    assert find_leaf(session, bytes(32)) is None
    assert list(find_leaves(session, (bytes(32), later))) == [later]
    for leaf, of in ((bytes(32), size), (later, list_sizes(session)[0][1])):
        with pytest.raises(NoSuchLeafError):
            prove(session, leaf, of)
    for old, new in ((size, 32), (32 * 99, 32 * 99), (1, size)):
        with pytest.raises(NoSuchTreeError):
            prove_growth(session, old, new)


def test_the_newest_cosigned_tree_bears_its_custodians_line(session: Session):
    custodian = add_custodian(session)
    day = pass_days(session, 2)
    with transaction(session):
        assert cosign_newest(session, custodian, day)
    pass_days(session, 2, day)

    tree = newest_cosigned_tree(session)

    assert tree.day == day - DAY
    assert tree == find_tree(session, tree.size)
    assert len(cosigned_note(session, tree).signatures) == 2
    assert len(cosigned_note(session, newest_tree(session)).signatures) == 1
    (one,) = list_cosigned(session, 5)
    assert (one.cosigned_on, one.custodian) == (day, custodian.person.name)
