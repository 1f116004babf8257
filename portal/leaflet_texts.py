"""What leaflets say: data that an agency corrects, and nothing of whoever asked.

This module hides that a sentence about law is read and checked, but left out until the
agency has confirmed it, and that every leaflet ends in the same words.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from portal.texts import DATA, LANGUAGES, Entry, read_data_file

DEFAULT_PATH: Final = DATA / "leaflets.toml"

_GAPS: Final = frozenset({"address", "until", "code"})


@dataclass(frozen=True)
class LeafletFacts:
    """What is filled in."""

    address: str
    """Of this portal, without a slash at its end."""
    until: str
    """The last day, as people read it."""
    code: str
    """The reply code."""


@dataclass(frozen=True)
class LeafletText:
    """One leaflet: paragraphs by language, with gaps."""

    paragraphs: Mapping[str, tuple[str, ...]]

    def fill(self, language: str, facts: LeafletFacts) -> tuple[str, ...]:
        """Return the paragraphs as they are printed."""
        gaps = vars(facts)
        return tuple(one.format(**gaps) for one in self.paragraphs[language])


LeafletTexts = Mapping[str, LeafletText]
"""Leaflets by the codes of the kinds that they are about."""


def read_leaflet_texts(path: Path = DEFAULT_PATH) -> LeafletTexts:
    """Read the leaflets strictly.

    Raises:
        DataFileError: a key, a language or a gap is missing or misspelt, or a kind
            stands twice.
    """
    file = read_data_file(path)
    file.allow("opening", "closing", "leaflets")
    opening, closing = _with_gaps(file, "opening"), _with_gaps(file, "closing")
    texts = {}
    for entry in file.entries("leaflets", "category"):
        entry.allow("category", "text", "law")
        own = [_with_gaps(entry, "text"), *_law(entry)]
        parts = (opening, *own, closing)
        by_language = {name: tuple(part[name] for part in parts) for name in LANGUAGES}
        texts[entry.words("category")] = LeafletText(MappingProxyType(by_language))
    return MappingProxyType(texts)


def _law(entry: Entry) -> list[Mapping[str, str]]:
    if "law" not in entry.values:
        return []
    law = entry.entry("law")
    law.allow(*LANGUAGES, "confirmed")
    sentence = law.in_both()
    return [sentence] if law.flag("confirmed", absent=True) else []


def _with_gaps(entry: Entry, key: str) -> Mapping[str, str]:
    text = entry.both(key)
    for words in text.values():
        gaps = {gap for _, gap, _, _ in string.Formatter().parse(words) if gap}
        if not gaps <= _GAPS:
            raise entry.error(key, "has a gap that nothing fills")
    return text
