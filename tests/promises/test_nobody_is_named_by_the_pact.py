"""Promise: by what is shown of the pact nobody who has not signed can be named."""

import pytest
from builders import TODAY, acts_on_record
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.audit import OPERATOR
from portal.pact import (
    OTHERS,
    PactRules,
    Progress,
    Shown,
    UnitCount,
    keep_counts,
    list_counts,
    show,
)
from portal.zone_texts import read_zone_texts

RULES = PactRules(fewest_staff=10, fewest_people=5, most_units=20)


def shown(*counts: tuple[int, int], rules: PactRules = RULES) -> dict[str, Shown]:
    """Return the lines by name; units are called A, B, C in the order given."""
    units = [UnitCount(chr(65 + place), *one) for place, one in enumerate(counts)]
    return {line.unit: line for line in show(units, rules).lines}


@st.composite
def lists(draw: st.DrawFn) -> list[UnitCount]:
    """Draw a list of units, many of them small or nearly complete."""
    sizes = st.integers(1, 14) | st.integers(1, 300)
    staff = draw(st.lists(sizes, max_size=40))
    return [
        UnitCount(f"Unit {place:02}", size, draw(st.integers(0, size)))
        for place, size in enumerate(staff)
    ]


def test_the_data_file_holds_these_rules() -> None:
    assert read_zone_texts().pact == RULES


def test_a_unit_of_ten_has_its_own_line_and_smaller_ones_share_one() -> None:
    lines = shown((10, 5), (9, 4), (3, 1))

    assert lines == {"A": Shown("A", 10, 5, 5), OTHERS: Shown(OTHERS, 12, 5, 5)}


def test_one_small_unit_alone_takes_the_next_larger_one_with_it() -> None:
    lines = shown((40, 20), (9, 4), (12, 6))

    assert lines == {"A": Shown("A", 40, 20, 20), OTHERS: Shown(OTHERS, 21, 10, 10)}


def test_small_units_that_are_few_together_take_more_with_them() -> None:
    lines = shown((40, 20), (4, 4), (3, 0), (12, 6))

    assert lines.keys() == {"A", OTHERS}
    assert lines[OTHERS].staff == 19


def test_where_all_have_signed_that_is_shown() -> None:
    assert shown((12, 12))["A"] == Shown("A", 12, 12, 12)


@pytest.mark.parametrize("signed", [8, 9, 10, 11])
def test_the_last_four_of_a_unit_are_not_counted_out(signed: int) -> None:
    assert shown((12, signed))["A"] == Shown("A", 12, 8, 11)


@pytest.mark.parametrize("signed", [0, 1, 4])
def test_the_first_four_are_not_either_for_then_all_others_would_be_named(
    signed: int,
) -> None:
    assert shown((12, signed))["A"] == Shown("A", 12, 0, 4)


def test_a_total_tells_nothing_that_the_lines_do_not() -> None:
    units = [UnitCount("A", 20, 19), UnitCount("B", 30, 12)]

    assert show(units, RULES).total == Shown(OTHERS, 50, 16 + 12, 19 + 12)


def test_of_fewer_than_ten_people_in_all_nothing_is_shown() -> None:
    units = [UnitCount("A", 6, 5), UnitCount("B", 3, 3)]

    assert show(units, RULES) == Progress((), None)


def test_of_very_many_units_the_smallest_go_among_the_others() -> None:
    rules = PactRules(fewest_staff=10, fewest_people=5, most_units=2)

    lines = shown((20, 10), (50, 10), (30, 10), (40, 10), rules=rules)

    assert list(lines) == ["B", "D", OTHERS]


def is_safe(line: Shown) -> bool:
    """Ten people at least; neither side of it is a few people, or might be all others."""
    left_known, signed_known = line.staff - line.most, line.least
    is_complete = left_known == 0
    is_open = line.most >= 4 and line.staff - line.least >= 4
    is_counted = not line.is_exact or (left_known >= 5 and signed_known >= 5)
    return line.staff >= 10 and (is_complete or (is_open and is_counted))


def holds(line: Shown, units: list[UnitCount]) -> bool:
    """Tell whether what is shown of *units* is true."""
    return line.least <= sum(one.signed for one in units) <= line.most


@given(lists())
def test_no_list_lets_anybody_be_named(units: list[UnitCount]) -> None:
    progress = show(units, RULES)

    assert all(is_safe(line) for line in progress.lines)
    assert len(progress.lines) <= 21


@given(lists())
def test_lines_hold_the_truth_and_a_shared_one_is_of_two_units_at_least(
    units: list[UnitCount],
) -> None:
    lines = {line.unit: line for line in show(units, RULES).lines}
    rest = [one for one in units if one.unit not in lines]

    named = [one for one in units if one.unit in lines]
    assert all(holds(lines[one.unit], [one]) for one in named)
    assert OTHERS not in lines or (len(rest) >= 2 and holds(lines[OTHERS], rest))


@given(lists())
def test_lists_that_differ_in_the_last_four_look_alike(
    units: list[UnitCount],
) -> None:
    """Whoever sees the page cannot tell one who has not signed from four."""
    moved = [
        UnitCount(u.unit, u.staff, u.staff - 1) if 0 < u.staff - u.signed < 5 else u
        for u in units
    ]

    before, after = show(units, RULES).lines, show(moved, RULES).lines

    named = [line for line in before if line.unit != OTHERS]
    assert named == [line for line in after if line.unit != OTHERS]


def test_a_list_is_kept_whole_and_written_down_once(session: Session) -> None:
    keep_counts(session, [UnitCount("A", 3, 1), UnitCount("B", 2, 2)], TODAY, by="Adi")
    keep_counts(session, [UnitCount("B", 2, 1)], TODAY, by=OPERATOR)

    kept = list_counts(session)
    assert (kept.units, kept.counted_on) == ((UnitCount("B", 2, 1),), TODAY)
    assert acts_on_record(session)[-2:] == ["pact counted", "pact counted"]
