"""What of a count may be shown: nothing from which a small one follows.

Pure: numbers in, numbers out. Everything shown is rounded to five. A total below five
is "fewer than five". Of a table, whose cells add up to a total that is shown as well,
each cell below ten is hidden, and with it so many of the next smallest ones that at
least two are hidden, that together they hold ten or more, and that every cell shown
holds more than all hidden ones together. Then even who knows the total exactly, this rule,
and one case, cannot tell a hidden cell from any other below ten
(docs/figures.md; tests/domain/test_suppression.py looks for the opposite).
"""

from collections.abc import Sequence

FEWEST_OF_TOTAL = 5
FEWEST_OF_CELL = 10
STEP = 5

Shown = int | None
"""A number, rounded; None: a total below five, or a cell that is hidden."""


def show_total(count: int) -> Shown:
    """Return *count* rounded to five; None: it is below five."""
    return None if count < FEWEST_OF_TOTAL else _round(count)


def show_table(counts: Sequence[int]) -> tuple[Shown, ...]:
    """Return the cells of one table, rounded to five; None where one is hidden."""
    hidden = _find_hidden(counts)
    return tuple(
        None if at in hidden else _round(count) for at, count in enumerate(counts)
    )


def show_in_order(
    earlier: Sequence[int], later: Sequence[int]
) -> tuple[tuple[Shown, ...], tuple[Shown, ...]]:
    """Return two tables of the same cases by bands of days, of what came one after the other.

    Nothing is later in *earlier* than in *later*, so each tells something of the cells
    that the other hides: where one hides any, the first alone is shown, if it can be.
    """
    first, second = show_table(earlier), show_table(later)
    if any(first) and None in (*first, *second):
        return first, (None,) * len(second)
    return first, second


def find_median(total: Shown, cells: Sequence[Shown]) -> int | None:
    """Return the cell in which the median lies, where what is shown tells it already.

    *cells*: of one table, in the order of what they count. It is found from nothing
    but what is shown, so it tells nothing more; None: it cannot be told.
    """
    if total is None or total < FEWEST_OF_CELL:
        return None
    at_most, at_least = _most(total), _least(total)
    before_most, before_least = 0, 0
    hidden_most = at_most - sum(_least(cell) for cell in cells if cell is not None)
    for at, cell in enumerate(cells):
        is_after_half = 2 * before_most < at_least
        if cell is not None and is_after_half:
            reached = before_least + _least(cell)
            if 2 * reached > at_most:
                return at
        before_most += hidden_most if cell is None else _most(cell)
        before_least += 0 if cell is None else _least(cell)
    return None


def _find_hidden(counts: Sequence[int]) -> frozenset[int]:
    ascending = sorted(range(len(counts)), key=lambda at: (counts[at], at))
    hidden = [at for at in ascending if counts[at] < FEWEST_OF_CELL]
    if not hidden:
        return frozenset()
    for at in ascending[len(hidden) :]:
        together = sum(counts[one] for one in hidden)
        # One small cell alone never holds ten: it is never hidden alone.
        if FEWEST_OF_CELL <= together < counts[at]:
            break
        hidden.append(at)
    return frozenset(hidden)


def _round(count: int) -> int:
    return (count + STEP // 2) // STEP * STEP


def _most(shown: int) -> int:
    return shown + STEP // 2


def _least(shown: int) -> int:
    return shown - STEP // 2
