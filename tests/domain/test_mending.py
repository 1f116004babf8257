"""Putting it right oneself: what a data file may hold, and days left for a gift."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import DataFileError
from portal.mending import Limit, find_limit, read_ways
from portal.working_days import WorkingDays

INDONESIA = WorkingDays("ID")
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))

SMALL_FILE = """
[[ways]]
key = "gift"
title = { id = "Pemberian", en = "A gift" }
lead = { id = "Belum lapor.", en = "Not reported." }
steps = [{ id = "Lapor.", en = "Report." }]
late = [{ id = "Lapor juga.", en = "Report all the same." }]
words = [{ title = { id = "UPG", en = "UPG" }, text = { id = "Saya", en = "I" } }]

[[ways.rules]]
source = "UU 20/2001"
as_of = 2001-11-21
id = "Tidak dipidana."
en = "Not punished."
confirmed = false
"""


def write(folder: Path, text: str) -> Path:
    """Write a data file into *folder*."""
    path = folder / "mend.toml"
    path.write_text(text)
    return path


def limit(received_on: str, today: str, count: int = 30) -> Limit:
    """The limit of a gift, seen on some day."""
    first, now = dt.date.fromisoformat(received_on), dt.date.fromisoformat(today)
    return find_limit(INDONESIA, first, count, now)


def test_the_three_ways_are_there_in_both_languages() -> None:
    ways = read_ways()

    assert [way.key for way in ways] == ["gift", "conflict", "attendance"]
    assert all(way.steps and way.words for way in ways)
    assert [bool(way.late) for way in ways] == [True, False, False]


def test_no_rule_is_printed_that_no_agency_has_confirmed() -> None:
    assert [rule for way in read_ways() for rule in way.rules] == []


def test_what_the_agency_confirms_is_read_with_its_day(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL_FILE.replace("confirmed = false", ""))

    (way,) = read_ways(path)

    (rule,) = way.rules
    assert rule.text["en"] == "Not punished."
    assert (rule.source, rule.as_of) == ("UU 20/2001", dt.date(2001, 11, 21))


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ('en = "Report."', 'en = ""', "ways gift, steps 1: en"),
        ('en = "Report."', 'fr = "x"', "steps 1: fr"),
        ('source = "UU 20/2001"', "", "rules 1: source is missing"),
        ("as_of = 2001-11-21", "", "rules 1: as_of is missing"),
        ("as_of = 2001-11-21", 'as_of = "2001"', "rules 1: as_of must be a day"),
        ("2001-11-21", "2001-11-21T00:00:00", "rules 1: as_of must be a day"),
        ("confirmed = false", "confirmed = 0", "rules 1: confirmed"),
        ('en = "Not punished."', "", "rules 1: en is missing"),
        ('en = "I"', 'en = " "', "words 1, text: en"),
        ('key = "gift"', 'key = "gift"\nlaw = "x"', "law is not a key"),
        ("[[ways]]", "[[way]]", "ways is missing|way is not a key"),
    ],
)
def test_a_wrong_file_is_refused_naming_the_place(
    tmp_path: Path, right: str, wrong: str, place: str
) -> None:
    assert right in SMALL_FILE
    path = write(tmp_path, SMALL_FILE.replace(right, wrong, 1))

    with pytest.raises(DataFileError, match=place):
        read_ways(path)


@pytest.mark.parametrize(
    ("today", "left", "has_passed"),
    [
        ("2026-11-26", 31, False),
        ("2026-11-27", 30, False),
        # A Saturday; nothing of it counts.
        ("2027-01-09", 2, False),
        ("2027-01-11", 2, False),
        ("2027-01-12", 1, False),
        ("2027-01-13", 0, True),
        ("2029-01-01", 0, True),
    ],
)
def test_the_days_left_shrink_to_the_last_one(
    today: str, left: int, has_passed: bool
) -> None:
    found = limit("2026-11-26", today)

    assert found.last_day == dt.date(2027, 1, 12)
    assert (found.left, found.has_passed) == (left, has_passed)


def test_a_span_of_fixed_years_leaves_no_doubt() -> None:
    assert limit("2026-06-01", "2026-06-02").doubtful_years == ()


def test_every_year_whose_holidays_may_move_is_named() -> None:
    assert limit("2026-11-26", "2026-11-26").doubtful_years == (2027,)
    assert limit("2027-12-20", "2027-12-20").doubtful_years == (2027, 2028)


# The first look at a year reads it from the library.
@settings(deadline=None)
@given(DAYS, DAYS, st.integers(1, 60))
def test_a_day_is_left_until_the_last_has_passed(
    received_on: dt.date, today: dt.date, count: int
) -> None:
    found = find_limit(INDONESIA, received_on, count, today)

    assert found.has_passed == (found.left == 0)
    assert found.has_passed == (today > found.last_day)


@settings(deadline=None)
@given(DAYS, st.integers(1, 60))
def test_on_the_day_of_receipt_all_days_are_left(day: dt.date, count: int) -> None:
    found = find_limit(INDONESIA, day, count, day)

    assert found.left == count + INDONESIA.is_working(day)
