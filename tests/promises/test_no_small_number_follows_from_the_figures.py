"""No hidden number follows from what is shown: it is searched for, table by table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, product
from operator import ge

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal import suppression
from portal.suppression import (
    Shown,
    find_median,
    show_in_order,
    show_table,
    show_total,
)

COUNTS = st.lists(st.integers(0, 90), min_size=2, max_size=6)
SMALL = range(10)


def tables_of(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Yield every true table whose cells add up to *total*."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables_of(total - first, cells - 1):
            yield (first, *rest)


def candidates(total: int, cells: int) -> dict[tuple[Shown, ...], list[set[int]]]:
    """Return, by what is shown, which numbers each cell can be.

    The attacker knows the total exactly and the rule by heart, which is more than
    all tables and totals together give away: but for days they share their total alone.
    """
    found: dict[tuple[Shown, ...], list[set[int]]] = defaultdict(
        lambda: [set() for _ in range(cells)]
    )
    for table in tables_of(total, cells):
        for possible, count in zip(found[show_table(table)], table, strict=True):
            possible.add(count)
    return found


@pytest.mark.parametrize(
    ("cells", "totals"),
    [(2, range(101)), (3, range(64)), (4, range(41)), (5, range(22))],
)
def test_a_hidden_cell_can_be_any_small_number(cells: int, totals: Sequence[int]):
    derivable = [
        (total, shown, at)
        for total in totals
        for shown, possible in candidates(total, cells).items()
        for at, cell in enumerate(shown)
        if cell is None and not possible[at].issuperset(range(min(10, total + 1)))
    ]

    assert not derivable


@pytest.mark.parametrize(("cells", "total"), [(4, 52), (5, 34)])
def test_neither_can_it_where_more_came_together(cells: int, total: int):
    derivable = [
        (shown, at)
        for shown, possible in candidates(total, cells).items()
        for at, cell in enumerate(shown)
        if cell is None and not possible[at].issuperset(SMALL)
    ]

    assert not derivable


def in_order(total: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield pairs of tables: when cases were answered, and when, not before, they ended."""
    tables = {table: [*accumulate(table)] for table in tables_of(total, 3)}
    for answered, ended in product(tables, repeat=2):
        if all(map(ge, tables[answered], tables[ended])):
            yield answered, ended


def test_neither_can_it_where_one_table_tells_something_of_another():
    """No answer comes after the end: what one hides the other could show."""
    found: dict[object, list[set[int]]] = defaultdict(lambda: [set() for _ in range(6)])
    for answered, ended in in_order(30):
        possible = found[show_in_order(answered, ended)]
        for counts, count in zip(possible, (*answered, *ended), strict=True):
            counts.add(count)
    derivable = [
        (shown, at)
        for shown, possible in found.items()
        for at, cell in enumerate(chain(*shown))
        if cell is None and 0 < len(possible[at].intersection(SMALL)) < len(SMALL)
    ]

    assert any(None not in chain(*shown) for shown in found)
    assert not derivable


@pytest.mark.parametrize("known", range(5))
def test_who_knows_one_case_learns_of_no_other(known: int):
    """One case, in whichever cell, is known; the rest of a hidden cell stays open."""
    left = [
        {count - 1 for count in possible[at] if count}
        for shown, possible in candidates(20 + known, 3).items()
        for at, cell in enumerate(shown)
        if cell is None
    ]

    assert all(len(counts) >= suppression.FEWEST_OF_TOTAL for counts in left)


@given(COUNTS)
@example([9, 12, 12])
@example([0, 40])
def test_what_is_shown_is_large_rounded_and_never_alone(counts: list[int]):
    shown = show_table(counts)
    hidden = [count for count, cell in zip(counts, shown, strict=True) if cell is None]

    assert all(cell is None or (cell >= 10 and cell % 5 == 0) for cell in shown)
    assert not any(
        cell is not None and abs(cell - count) > 2
        for cell, count in zip(shown, counts, strict=True)
    )
    assert len(hidden) != 1
    assert not hidden or sum(hidden) >= 10 or len(hidden) == len(counts)


@given(COUNTS)
def test_nothing_is_hidden_where_nothing_is_small(counts: list[int]):
    shown = show_table([count + 10 for count in counts])

    assert None not in shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (503, 505)],
)
def test_a_total_below_five_is_not_told(count: int, shown: Shown):
    assert show_total(count) == shown


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_a_median_lies_where_it_is_said_to_lie(counts: list[int]):
    total = sum(counts)
    days = sorted(band for band, count in enumerate(counts) for _ in range(count))
    told = find_median(show_total(total), show_table(counts))

    middle = set(days[(total - 1) // 2 : total // 2 + 1])

    assert told is None or {told} == middle


def test_a_median_of_few_is_not_told():
    assert find_median(show_total(9), show_table([9, 0])) is None
    assert find_median(show_total(40), show_table([40, 0, 0, 0])) is None
    assert find_median(show_total(60), show_table([42, 8, 6, 4])) == 0
