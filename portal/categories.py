"""What a report can be about: the categories in their four groups.

The taxonomy is data (`data/categories.toml`), read once at the start. `UNSURE`, "the
officer decides", stands before the groups and belongs to none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from portal.errors import NoSuchCategoryError
from portal.texts import DATA, Entry, read_data_file

DEFAULT_PATH: Final = DATA / "categories.toml"
LOWEST_SEVERITY: Final = 1
HIGHEST_SEVERITY: Final = 4
_NO_GROUP: Final = "unsure"
_ON_THE_LADDER: Final = ("remind", "condition", "because", "once", "gift", "hold")


class Remind(StrEnum):
    """Whether somebody may be reminded before a report; IF has a condition."""

    YES = "yes"
    IF = "if"
    NEVER = "never"


class Because(StrEnum):
    """Why a kind is never reminded first."""

    CRIME = "crime"
    """It can be a crime or harm the state; evidence can be removed."""
    VICTIM = "victim"
    POWER = "power"
    """Whoever does it has power over others."""
    UNSORTED = "unsorted"
    """Nobody knows yet which kind it is."""


class Hold(StrEnum):
    """How long a report of this kind may be held before officers can open it."""

    YES = "yes"
    THIRTY_DAYS = "30 days"


@dataclass(frozen=True)
class Category:
    """One kind of violation; title and line are by language.

    *severity* (1 low to 4 critical) is where triage starts. *prefers_outside* ticks
    "only outside officers" beforehand; the reporter may untick it. *condition*, by
    language, is empty but where a reminder depends on it; *because* is None but
    where there is none.
    """

    code: str
    group: str
    severity: int
    prefers_outside: bool
    title: Mapping[str, str]
    line: Mapping[str, str]
    remind: Remind
    condition: Mapping[str, str]
    because: Because | None
    is_once: bool
    """A matter of one time: nobody is asked whether it stopped."""
    is_gift: bool
    """It can be put right by reporting it within the days that the law gives."""
    hold: Hold


@dataclass(frozen=True)
class CategoryGroup:
    """Categories under one title, by language, in the order of the page."""

    name: str
    title: Mapping[str, str]
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Taxonomy:
    """All categories of an instance."""

    unsure: Category
    groups: tuple[CategoryGroup, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, UNSURE first."""
        return tuple(category.code for category in self._all())

    def find(self, code: str) -> Category:
        """Find the category with exactly this *code*.

        Raises:
            NoSuchCategoryError: there is none; the message does not repeat *code*,
                which somebody typed.
        """
        try:
            return self._by_code[code]
        except KeyError:
            raise NoSuchCategoryError from None

    @cached_property
    def _by_code(self) -> Mapping[str, Category]:
        return {category.code: category for category in self._all()}

    def _all(self) -> tuple[Category, ...]:
        grouped = (one for group in self.groups for one in group.categories)
        return (self.unsure, *grouped)


def read_taxonomy(path: Path = DEFAULT_PATH) -> Taxonomy:
    """Read the taxonomy strictly.

    Raises:
        DataFileError: a key is missing or unknown, a code or group stands twice, a
            language is missing; the message names file, entry and key.
    """
    file = read_data_file(path)
    file.allow("unsure", "groups")
    unsure = _category(file.entry("unsure"), _NO_GROUP)
    groups = tuple(_group(entry) for entry in file.entries("groups", "name"))
    taxonomy = Taxonomy(unsure, groups)
    codes = taxonomy.codes
    for code in codes:
        if codes.count(code) > 1:
            raise file.error(code, "is the code of two categories")
    return taxonomy


def find_group(code: str) -> str:
    """Return the name of the group with the category *code*; empty: of none."""
    return _groups().get(code, "")


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, str]:
    taxonomy = read_taxonomy()
    return {
        one.code: group.name for group in taxonomy.groups for one in group.categories
    }


def _group(entry: Entry) -> CategoryGroup:
    entry.allow("name", "title", "categories")
    name = entry.words("name")
    categories = entry.entries("categories", "code")
    return CategoryGroup(
        name=name,
        title=entry.both("title"),
        categories=tuple(_category(category, name) for category in categories),
    )


def _category(entry: Entry, group: str) -> Category:
    entry.allow("code", "severity", "outside", "title", "line", *_ON_THE_LADDER)
    remind = entry.one_of("remind", Remind)
    return Category(
        code=entry.words("code"),
        group=group,
        severity=entry.number("severity", LOWEST_SEVERITY, HIGHEST_SEVERITY),
        prefers_outside=entry.flag("outside", absent=False),
        title=entry.both("title"),
        line=entry.both("line"),
        remind=remind,
        condition=_condition(entry, remind),
        because=_because(entry, remind),
        is_once=_of_reminders(entry, "once", remind),
        is_gift=_of_reminders(entry, "gift", remind),
        hold=entry.one_of("hold", Hold),
    )


def _condition(entry: Entry, remind: Remind) -> Mapping[str, str]:
    if remind is Remind.IF:
        return entry.both("condition")
    if "condition" in entry.values:
        raise entry.error("condition", 'stands only where remind is "if"')
    return MappingProxyType({})


def _because(entry: Entry, remind: Remind) -> Because | None:
    if remind is Remind.NEVER:
        return entry.one_of("because", Because)
    if "because" in entry.values:
        raise entry.error("because", 'stands only where remind is "never"')
    return None


def _of_reminders(entry: Entry, key: str, remind: Remind) -> bool:
    is_so = entry.flag(key, absent=False)
    if is_so and remind is Remind.NEVER:
        raise entry.error(key, 'says nothing where remind is "never"')
    return is_so
