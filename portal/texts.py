"""What the portal says at length, kept as data in both of its languages.

Guidance and limits are sections of paragraphs; an agency may correct them without
touching a program. This module hides how a data file is read: strictly, so that a
misspelt key, a missing language or a doubled entry stops the start instead of
showing a page with a hole. `Entry` does that for the other data files too.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from portal.errors import DataFileError

_Word = TypeVar("_Word", bound=StrEnum)

LANGUAGES: Final = ("id", "en")
DATA: Final = Path(__file__).parent / "data"
GUIDANCE: Final = DATA / "guidance.toml"
LIMITS: Final = DATA / "limits.toml"


@dataclass(frozen=True)
class Section:
    """A part of a page: a title and its paragraphs, by language."""

    key: str
    title: Mapping[str, str]
    paragraphs: Mapping[str, tuple[str, ...]]
    promises: tuple[str, ...]
    """What each paragraph rests on: a promise of the head; empty: on nothing."""

    def resting_on(self, signed: Set[str], language: str) -> tuple[str, ...]:
        """Return the paragraphs that hold while these promises are *signed*."""
        return tuple(
            text
            for text, promise in zip(
                self.paragraphs[language], self.promises, strict=True
            )
            if not promise or promise in signed
        )


@dataclass(frozen=True)
class Entry:
    """One table of a data file, which knows where it stands.

    Every reading method raises DataFileError, naming file, entry and key, where
    the value is missing or not of the kind asked for.
    """

    place: str
    values: Mapping[str, object] = field(repr=False)

    def allow(self, *keys: str) -> None:
        """Refuse every key but these.

        Raises:
            DataFileError: another key stands here.
        """
        for key in self.values:
            if key not in keys:
                raise self.error(key, "is not a key of this entry")

    def words(self, key: str) -> str:
        """Read a text that is not empty, without the space around it."""
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "must be a text that is not empty")
        return value.strip()

    def number(self, key: str, lowest: int, highest: int) -> int:
        """Read a whole number from *lowest* to *highest*, both included."""
        value = self._value(key)
        # A TOML true is a Python int as well.
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(key, "must be a whole number")
        if not lowest <= value <= highest:
            raise self.error(key, f"must be between {lowest} and {highest}")
        return value

    def day(self, key: str) -> dt.date:
        """Read a day, as TOML writes one: ``2026-01-20``, without quotes."""
        value = self._value(key)
        # A time of a day is a Python date as well.
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.error(key, "must be a day like 2026-01-20")
        return value

    def one_of(self, key: str, vocabulary: type[_Word]) -> _Word:
        """Read one word of a closed vocabulary."""
        try:
            return vocabulary(self.words(key))
        except ValueError:
            known = ", ".join(f'"{word}"' for word in vocabulary)
            raise self.error(key, f"must be one of {known}") from None

    def flag(self, key: str, *, absent: bool) -> bool:
        """Read true or false; a key that is not there means *absent*."""
        value = self.values.get(key, absent)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def both(self, key: str) -> Mapping[str, str]:
        """Read a text in every language."""
        by_language = self.entry(key)
        by_language.allow(*LANGUAGES)
        return by_language.in_both()

    def in_both(self) -> Mapping[str, str]:
        """Read this entry's own text in every language."""
        return MappingProxyType({name: self.words(name) for name in LANGUAGES})

    def entry(self, key: str) -> "Entry":
        """Read one entry inside this one."""
        return self._inside(key, key, self._value(key))

    def entries(self, key: str, named_by: str = "") -> tuple["Entry", ...]:
        """Read a list of entries, each called by its key *named_by* or its place.

        Raises:
            DataFileError: two entries have the same name, or there are none.
        """
        tables = self._value(key)
        if not isinstance(tables, list) or not tables:
            raise self.error(key, "must be a list that is not empty")
        found: dict[str, Entry] = {}
        for place, values in enumerate(tables, start=1):
            entry = self._inside(key, f"{key} {place}", values)
            name = entry.words(named_by) if named_by else str(place)
            if name in found:
                raise self.error(key, f"has {name} twice")
            found[name] = Entry(f"{self.place}, {key} {name}", entry.values)
        return tuple(found.values())

    def error(self, key: str, fault: str) -> DataFileError:
        """Make the error that names this entry, *key* and its *fault*."""
        return DataFileError(f"{self.place}: {key} {fault}.")

    def _value(self, key: str) -> object:
        if key not in self.values:
            raise self.error(key, "is missing")
        return self.values[key]

    def _inside(self, key: str, name: str, values: object) -> "Entry":
        if not isinstance(values, dict):
            raise self.error(key, "must hold keys and values")
        return Entry(f"{self.place}, {name}", values)


def read_data_file(path: Path) -> Entry:
    """Read *path* as the entry that holds all others.

    Raises:
        DataFileError: the file cannot be read or is no TOML.
    """
    try:
        return Entry(path.name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as cause:
        raise DataFileError(f"{path.name}: cannot be read: {cause}.") from cause


def read_texts(path: Path) -> tuple[Section, ...]:
    """Read the sections of a page, in order, without what is not confirmed.

    A section of which nothing is left is not returned.

    Raises:
        DataFileError: a key, a language or a section is missing or misspelt.
    """
    file = read_data_file(path)
    file.allow("sections")
    sections = [_section(entry) for entry in file.entries("sections", "key")]
    return tuple(section for section in sections if section.paragraphs["id"])


def _section(entry: Entry) -> Section:
    entry.allow("key", "title", "paragraphs")
    printed = [one for one in entry.entries("paragraphs") if _is_confirmed(one)]
    texts = [paragraph.in_both() for paragraph in printed]
    by_language = {name: tuple(text[name] for text in texts) for name in LANGUAGES}
    return Section(
        key=entry.words("key"),
        title=entry.both("title"),
        paragraphs=MappingProxyType(by_language),
        promises=tuple(_promise(paragraph) for paragraph in printed),
    )


def _is_confirmed(paragraph: Entry) -> bool:
    """Tell whether *paragraph* may be printed; one that may not is checked too."""
    paragraph.allow(*LANGUAGES, "confirmed", "promise")
    paragraph.in_both()
    return paragraph.flag("confirmed", absent=True)


def _promise(paragraph: Entry) -> str:
    return paragraph.words("promise") if "promise" in paragraph.values else ""
