"""Putting it right oneself: ways to mend a slip, and the days that are left.

Ways are data that an agency corrects. This module hides that a sentence about law is
read and checked, but left out until the agency has confirmed it. Nothing is stored:
the day that a gift came in is a value that nobody keeps.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.texts import DATA, Entry, read_data_file
from portal.working_days import WorkingDays

DEFAULT_PATH: Final = DATA / "mend.toml"

_ONE_DAY = dt.timedelta(days=1)

Text = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Words:
    """Words to say to somebody, with gaps in brackets."""

    title: Text
    text: Text


@dataclass(frozen=True)
class Rule:
    """A sentence about law that the agency has confirmed."""

    text: Text
    source: str
    as_of: dt.date
    """A day on which the rule was so."""


@dataclass(frozen=True)
class Way:
    """How one kind of slip is put right."""

    key: str
    title: Text
    lead: Text
    steps: tuple[Text, ...]
    late: tuple[Text, ...]
    """What is still to be done after the last day; empty where none is counted."""
    words: tuple[Words, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Limit:
    """The last day to report a gift to somebody."""

    last_day: dt.date
    left: int
    """Working days up to the last one, today counted; none once it has passed."""
    has_passed: bool
    doubtful_years: tuple[int, ...]
    """Years in the span whose holidays are not fixed: the last day may move."""


def find_limit(
    working_days: WorkingDays, received_on: dt.date, count: int, today: dt.date
) -> Limit:
    """Return the limit of *count* working days for a gift received on that day.

    The day of receipt does not count.

    Raises:
        OverflowError: the calendar ends before the last day.
    """
    last = working_days.add(received_on, count)
    years = range(received_on.year, last.year + 1)
    return Limit(
        last_day=last,
        left=working_days.count_between(today - _ONE_DAY, last),
        has_passed=last < today,
        doubtful_years=tuple(y for y in years if not working_days.is_known(y)),
    )


def read_ways(path: Path = DEFAULT_PATH) -> tuple[Way, ...]:
    """Read the ways, in the order of the page, without rules that are not confirmed.

    Raises:
        DataFileError: a key or language is missing or unknown, a way stands twice.
    """
    file = read_data_file(path)
    file.allow("ways")
    return tuple(_way(entry) for entry in file.entries("ways", "key"))


def _way(entry: Entry) -> Way:
    entry.allow("key", "title", "lead", "steps", "late", "words", "rules")
    return Way(
        key=entry.words("key"),
        title=entry.both("title"),
        lead=entry.both("lead"),
        steps=_sentences(entry, "steps"),
        late=_sentences(entry, "late") if "late" in entry.values else (),
        words=tuple(_words(one) for one in entry.entries("words")),
        rules=_rules(entry) if "rules" in entry.values else (),
    )


def _sentences(entry: Entry, key: str) -> tuple[Text, ...]:
    sentences = entry.entries(key)
    for sentence in sentences:
        sentence.allow("id", "en")
    return tuple(sentence.in_both() for sentence in sentences)


def _words(entry: Entry) -> Words:
    entry.allow("title", "text")
    return Words(entry.both("title"), entry.both("text"))


def _rules(entry: Entry) -> tuple[Rule, ...]:
    read = [
        (_rule(one), one.flag("confirmed", absent=True))
        for one in entry.entries("rules")
    ]
    return tuple(rule for rule, is_confirmed in read if is_confirmed)


def _rule(entry: Entry) -> Rule:
    entry.allow("id", "en", "source", "as_of", "confirmed")
    return Rule(entry.in_both(), entry.words("source"), entry.day("as_of"))
