"""What the page of the Integrity Zone is made of, as data; and its vocabularies.

This module hides that figures of a rule are read and checked, but left out until the
agency has confirmed them.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from portal.pact import PactRules
from portal.texts import DATA, Entry, read_data_file

DEFAULT_PATH: Final = DATA / "zone.toml"

_FEWEST_STAFF: Final = 10
_FEWEST_PEOPLE: Final = 5
"""Least values of the data file: below them those who have not signed could be named."""
_MOST: Final = 1000

Text = Mapping[str, str]
"""A text by language."""


class Promise(StrEnum):
    """A sentence that the head may sign; pages rely on some of them."""

    NO_SEARCH = "no-search"
    NO_ASKING = "no-asking"
    OWN_WORDS = "own-words"
    NO_HARM = "no-harm"
    NO_GROUP = "no-group"
    MENDED_EARLY = "mended-early"


class Area(StrEnum):
    """An area in which the zone is built, in the order of the rule."""

    CHANGE = "change"
    PROCESS = "process"
    PEOPLE = "people"
    PERFORMANCE = "performance"
    SUPERVISION = "supervision"
    SERVICE = "service"


@dataclass(frozen=True)
class AreaText:
    """What an area is called, and what it is about."""

    area: Area
    title: Text
    about: Text


@dataclass(frozen=True)
class Threshold:
    """What one requirement demands for each predicate, as the rule writes it."""

    name: Text
    wbk: str
    wbbm: str


@dataclass(frozen=True)
class ZoneTexts:
    """Everything of the data file."""

    promises: Mapping[Promise, Text]
    """In the order in which they are read and signed."""
    areas: tuple[AreaText, ...]
    thresholds: tuple[Threshold, ...]
    """Empty until the agency has confirmed them."""
    source: str
    """Of the thresholds."""
    as_of: dt.date
    pact: PactRules


def read_zone_texts(path: Path = DEFAULT_PATH) -> ZoneTexts:
    """Read the data file, strictly.

    Raises:
        DataFileError: a key or a language is missing or misspelt, a promise or an area
            has no text, a rule of the pact is lower than it may be.
    """
    file = read_data_file(path)
    file.allow("promises", "areas", "thresholds", "pact")
    table = file.entry("thresholds")
    table.allow("source", "as_of", "confirmed", "rows")
    rows = tuple(_threshold(row) for row in table.entries("rows"))
    return ZoneTexts(
        promises=dict(_promises(file)),
        areas=tuple(_areas(file)),
        thresholds=rows if table.flag("confirmed", absent=False) else (),
        source=table.words("source"),
        as_of=table.day("as_of"),
        pact=_pact(file.entry("pact")),
    )


def _promises(file: Entry) -> Iterator[tuple[Promise, Text]]:
    entries = file.entries("promises", "key")
    _check_all(file, "promises", Promise, entries)
    for entry in entries:
        entry.allow("key", "id", "en")
        yield entry.one_of("key", Promise), entry.in_both()


def _areas(file: Entry) -> Iterator[AreaText]:
    entries = file.entries("areas", "key")
    _check_all(file, "areas", Area, entries)
    for entry in entries:
        entry.allow("key", "title", "about")
        yield AreaText(
            entry.one_of("key", Area), entry.both("title"), entry.both("about")
        )


def _check_all(
    file: Entry, key: str, vocabulary: type[StrEnum], entries: tuple[Entry, ...]
) -> None:
    named = {entry.words("key") for entry in entries}
    for word in vocabulary:
        if word not in named:
            raise file.error(key, f"has no {word}")


def _threshold(entry: Entry) -> Threshold:
    entry.allow("name", "wbk", "wbbm")
    return Threshold(entry.both("name"), entry.words("wbk"), entry.words("wbbm"))


def _pact(entry: Entry) -> PactRules:
    entry.allow("fewest_staff", "fewest_people", "most_units")
    return PactRules(
        fewest_staff=entry.number("fewest_staff", _FEWEST_STAFF, _MOST),
        fewest_people=entry.number("fewest_people", _FEWEST_PEOPLE, _MOST),
        most_units=entry.number("most_units", 1, _MOST),
    )
