"""The ladder: six rungs between silence and a report, and what closes some of them.

ONE table of rules. Each rule looks at what a person answers and at what the agency
has, and at nothing else; it closes rungs or shortens them. `judge` asks every rule, so
that a page can say of each closed rung which rules closed it and why. Answers decide,
not the kind alone; the first, fifth and sixth rung are never closed
(docs/decisions/0080). The words of the rules are data (`data/ladder.toml`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from portal.categories import Because, Category, Hold, Remind
from portal.reports import OthersKnow
from portal.texts import DATA, Entry, read_data_file

DEFAULT_PATH: Final = DATA / "ladder.toml"

SHORT_HOLD_DAYS: Final = 30
"""Days that a shortened hold lasts at most."""
LEAFLETS: Final = 6
"""People who get the same leaflet, so that none of them is pointed at."""
CONDITION: Final = "condition"
"""The rule whose reason ends with what the kind itself demands."""
FEWEST_GIFT_DAYS: Final = 3
"""Working days that must be left of a gift's thirty when a reminder is asked for."""


class Rung(StrEnum):
    """A step that a person can choose, from the lightest to the last."""

    NOTE = "note"
    REMIND = "remind"
    HOLD_MATCH = "hold-match"
    HOLD_DATE = "hold-date"
    REPORT = "report"
    OUTSIDE = "outside"


class Said(StrEnum):
    """The answer to a question of yes or no; a question left open is UNKNOWN."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What a rule does to a rung."""

    CLOSED = "closed"
    THIRTY_DAYS = "thirty-days"
    """Open for `SHORT_HOLD_DAYS` at most."""
    SIX_PEOPLE = "six-people"
    """Open as the same leaflet for `LEAFLETS` people alone, not for one."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person answers before anything is written; never stored."""

    money: Said = Said.UNKNOWN
    """Money, goods or a favour changed hands."""
    harm: Said = Said.UNKNOWN
    """Somebody is being harmed, or evidence can vanish."""
    superior: Said = Said.UNKNOWN
    """The person is one's superior or an officer, or holds the evidence."""
    known: OthersKnow = OthersKnow.UNKNOWN
    only_witness: Said = Said.UNKNOWN
    category: Category | None = None
    """None where no kind was chosen."""
    condition_holds: Said = Said.UNKNOWN
    """The category's own condition for a reminder."""
    was_reminded: Said = Said.UNKNOWN
    """The person was reminded before, and did not stop."""
    working_days_left: int | None = None
    """Of the days in which a gift can be reported; None where nobody knows."""

    @property
    def remind(self) -> Remind:
        """Whether the kind may be reminded first; without a kind nothing forbids it."""
        return self.category.remind if self.category else Remind.YES

    @property
    def because(self) -> Because | None:
        """Why the kind is never reminded first."""
        return self.category.because if self.category else None

    @property
    def is_gift(self) -> bool:
        """The kind is a gift that can still be put right by reporting it."""
        return self.category is not None and self.category.is_gift

    @property
    def is_grave(self) -> bool:
        """The kind is held for a short time at most."""
        return self.category is not None and self.category.hold is Hold.THIRTY_DAYS

    @property
    def is_harming(self) -> bool:
        """Waiting has its price."""
        return self.harm is Said.YES

    @property
    def is_known_to_few(self) -> bool:
        """Fewer than five know, or nobody can say."""
        return self.known.is_fewer_than_five or self.known is OthersKnow.UNKNOWN

    @property
    def points_at_writer(self) -> bool:
        """A reminder for one person alone would tell who asked for it."""
        return self.is_known_to_few or self.only_witness is Said.YES


@dataclass(frozen=True, kw_only=True)
class Agency:
    """What the agency has, as far as rungs depend on it."""

    staff_count: int
    """People on the staff list; 0 where there is none."""
    match_minimum_staff: int
    """People from whom on a second reporter is likely enough to wait for."""
    custodian_count: int
    """Custodians to whom a held report may be sealed."""
    has_free_officer: bool = True
    """An officer without a conflict, who could deliver a reminder."""

    @property
    def can_circulate(self) -> bool:
        """There are people enough for a round of leaflets."""
        return self.staff_count >= LEAFLETS


@dataclass(frozen=True)
class Rule:
    """One line of the table: when it applies, what it does, and where it leads."""

    name: str
    effects: Mapping[Rung, Effect]
    applies: Callable[[Answers, Agency], bool]
    instead: tuple[Rung, ...] = (Rung.REPORT,)
    """What suits best in the place of what it closes, the first best."""


_NO_REMINDER: Final = MappingProxyType({Rung.REMIND: Effect.CLOSED})
_LEAFLETS_ALONE: Final = MappingProxyType({Rung.REMIND: Effect.SIX_PEOPLE})
_NO_MATCH: Final = MappingProxyType({Rung.HOLD_MATCH: Effect.CLOSED})
_SHORT_HOLDS: Final = MappingProxyType(
    {Rung.HOLD_MATCH: Effect.THIRTY_DAYS, Rung.HOLD_DATE: Effect.THIRTY_DAYS}
)
_NO_HOLDS: Final = MappingProxyType(
    {Rung.HOLD_MATCH: Effect.CLOSED, Rung.HOLD_DATE: Effect.CLOSED}
)
_OR_HOLD: Final = (Rung.REPORT, Rung.HOLD_MATCH, Rung.HOLD_DATE)
_OUT_OF_THE_HOUSE: Final = (Rung.REPORT, Rung.HOLD_MATCH, Rung.OUTSIDE)
_CIRCULATED: Final = (Rung.REMIND, Rung.HOLD_MATCH, Rung.HOLD_DATE)


def _never_because(reason: Because) -> Callable[[Answers, Agency], bool]:
    return lambda said, _agency: said.because is reason


RULES: Final = (
    Rule("crime", _NO_REMINDER, _never_because(Because.CRIME)),
    Rule("victim", _NO_REMINDER, _never_because(Because.VICTIM), _OUT_OF_THE_HOUSE),
    Rule("power", _NO_REMINDER, _never_because(Because.POWER), _OUT_OF_THE_HOUSE),
    Rule(
        "unsorted",
        _NO_REMINDER,
        _never_because(Because.UNSORTED),
        (Rung.REPORT, Rung.NOTE),
    ),
    Rule(
        CONDITION,
        _NO_REMINDER,
        lambda said, _agency: (
            said.remind is Remind.IF and said.condition_holds is not Said.YES
        ),
        _OR_HOLD,
    ),
    Rule(
        "money",
        {**_NO_REMINDER, **_SHORT_HOLDS},
        lambda said, _agency: said.money is Said.YES and not said.is_gift,
    ),
    Rule(
        # The one case of money where a reminder is the best advice there is: reported
        # in time, a gift is not punished.
        "gift",
        _SHORT_HOLDS,
        lambda said, _agency: said.money is Said.YES and said.is_gift,
    ),
    Rule(
        "harm",
        {**_NO_REMINDER, **_SHORT_HOLDS},
        lambda said, _agency: said.is_harming and not said.is_grave,
    ),
    Rule(
        "harm-grave",
        {**_NO_REMINDER, **_NO_MATCH, Rung.HOLD_DATE: Effect.THIRTY_DAYS},
        lambda said, _agency: said.is_harming and said.is_grave,
        (Rung.REPORT, Rung.OUTSIDE, Rung.HOLD_DATE),
    ),
    Rule(
        "grave",
        _SHORT_HOLDS,
        lambda said, _agency: said.is_grave and not said.is_harming,
    ),
    Rule(
        "superior",
        _NO_REMINDER,
        lambda said, _agency: said.superior is Said.YES,
        _OUT_OF_THE_HOUSE,
    ),
    Rule(
        "reminded",
        _NO_REMINDER,
        lambda said, _agency: said.was_reminded is Said.YES,
        _OR_HOLD,
    ),
    Rule(
        "gift-late",
        _NO_REMINDER,
        lambda said, _agency: (
            said.working_days_left is not None
            and said.working_days_left < FEWEST_GIFT_DAYS
        ),
        _OR_HOLD,
    ),
    Rule(
        "no-officer",
        _NO_REMINDER,
        lambda _said, agency: not agency.has_free_officer,
        (Rung.OUTSIDE, Rung.NOTE),
    ),
    Rule(
        "few-know",
        _LEAFLETS_ALONE,
        lambda said, agency: said.is_known_to_few and agency.can_circulate,
        _CIRCULATED,
    ),
    Rule(
        "only-witness",
        _LEAFLETS_ALONE,
        lambda said, agency: said.only_witness is Said.YES and agency.can_circulate,
        _CIRCULATED,
    ),
    Rule(
        "too-few-people",
        _NO_REMINDER,
        lambda said, agency: said.points_at_writer and not agency.can_circulate,
        (Rung.HOLD_DATE, Rung.NOTE, Rung.REPORT),
    ),
    Rule(
        "small-agency",
        _NO_MATCH,
        lambda _said, agency: agency.staff_count < agency.match_minimum_staff,
        (Rung.HOLD_DATE, Rung.REPORT),
    ),
    Rule(
        "no-keeper",
        _NO_HOLDS,
        lambda _said, agency: agency.custodian_count < 1,
        (Rung.NOTE, Rung.REPORT),
    ),
)
"""The table, in the order in which reasons are read."""


@dataclass(frozen=True)
class JudgedRung:
    """A rung as the answers leave it."""

    rung: Rung
    rules: tuple[Rule, ...]
    """Those that close it; or, where it is open, those that shorten it."""
    instead: tuple[Rung, ...]
    """Rungs that are open, the most fitting first; empty where it is open itself."""

    @property
    def effects(self) -> frozenset[Effect]:
        """What the rules do to it; empty where it is open without a limit."""
        return frozenset(rule.effects[self.rung] for rule in self.rules)

    @property
    def is_closed(self) -> bool:
        """It cannot be chosen."""
        return Effect.CLOSED in self.effects

    @property
    def most_days(self) -> int | None:
        """Days that it may last; None where no rule shortens it."""
        return SHORT_HOLD_DAYS if Effect.THIRTY_DAYS in self.effects else None

    @property
    def is_for_six(self) -> bool:
        """A reminder goes to six people, never to one."""
        return Effect.SIX_PEOPLE in self.effects


@dataclass(frozen=True)
class Ladder:
    """All six rungs, judged by what was answered."""

    answers: Answers
    rungs: tuple[JudgedRung, ...]

    def __iter__(self) -> Iterator[JudgedRung]:
        return iter(self.rungs)

    def __getitem__(self, rung: Rung) -> JudgedRung:
        return next(judged for judged in self.rungs if judged.rung is rung)


def judge(answers: Answers, agency: Agency, rules: Sequence[Rule] = RULES) -> Ladder:
    """Judge every rung by every rule."""
    applying = [rule for rule in rules if rule.applies(answers, agency)]
    closed = {
        rung
        for rule in applying
        for rung, effect in rule.effects.items()
        if effect is Effect.CLOSED
    }
    judged = tuple(_judge_one(rung, applying, closed) for rung in Rung)
    return Ladder(answers, judged)


def judge_agency(agency: Agency) -> Ladder:
    """Judge every rung by what the agency has, whatever a person may answer."""
    return judge(Answers(known=OthersKnow.MANY), agency)


def _judge_one(rung: Rung, applying: Sequence[Rule], closed: set[Rung]) -> JudgedRung:
    touching = [rule for rule in applying if rung in rule.effects]
    if rung not in closed:
        return JudgedRung(rung, tuple(touching), ())
    closing = [rule for rule in touching if rule.effects[rung] is Effect.CLOSED]
    fitting = (other for rule in closing for other in rule.instead)
    instead = tuple(dict.fromkeys(one for one in fitting if one not in closed))
    return JudgedRung(rung, tuple(closing), instead)


@dataclass(frozen=True)
class RuleText:
    """Why a rule is there, by language; *law* is empty until the agency confirms it."""

    reason: Mapping[str, str]
    law: Mapping[str, str]


RuleTexts = Mapping[str, RuleText]
"""Texts by the names of rules."""


def read_rule_texts(path: Path = DEFAULT_PATH) -> RuleTexts:
    """Read what is said of each rule, strictly.

    Raises:
        DataFileError: a rule has no text or a text no rule; a key or a language is
            missing or misspelt.
    """
    file = read_data_file(path)
    file.allow("rules")
    texts = {
        entry.words("name"): _rule_text(entry)
        for entry in file.entries("rules", "name")
    }
    names = {rule.name for rule in RULES}
    for name in sorted(names ^ texts.keys()):
        fault = "is no rule" if name in texts else "has no text"
        raise file.error(name, fault)
    return MappingProxyType(texts)


def _rule_text(entry: Entry) -> RuleText:
    entry.allow("name", "reason", "law")
    law = _law(entry.entry("law")) if "law" in entry.values else {}
    return RuleText(entry.both("reason"), MappingProxyType(dict(law)))


def _law(entry: Entry) -> Mapping[str, str]:
    """Read a sentence about the law; one that nobody confirmed is checked, not kept."""
    entry.allow("id", "en", "confirmed")
    sentence = entry.in_both()
    return sentence if entry.flag("confirmed", absent=False) else {}
