"""The page to put it right oneself: ways in one language, and counted days."""

import datetime as dt
from dataclasses import dataclass

from portal.forms import GiftForm
from portal.mending import Limit, Rule, Way, find_limit
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.languages import language


@dataclass(frozen=True)
class WordsOnPage:
    """Words to say, in the page's language."""

    title: str
    text: str


@dataclass(frozen=True)
class RuleOnPage:
    """A sentence about law, with where it stands."""

    text: str
    source: str
    as_of: dt.date


@dataclass(frozen=True)
class WayOnPage:
    """How one kind of slip is put right, in the page's language."""

    key: str
    title: str
    lead: str
    counts_days: bool
    steps: tuple[str, ...]
    words: tuple[WordsOnPage, ...]
    rules: tuple[RuleOnPage, ...]


@dataclass(frozen=True)
class LimitOnPage:
    """A last day, and what stands beside it."""

    label: str
    day: dt.date
    about: str
    has_passed: bool
    is_next: bool
    is_ahead: bool


@dataclass(frozen=True)
class CountOnPage:
    """The days of one gift."""

    received_on: dt.date
    limits: tuple[LimitOnPage, ...]
    sentence: str
    late: tuple[str, ...]
    """What is still to be done, where every limit has passed."""
    doubt: str
    """Why a last day may move; empty: it is fixed."""


def ways_on_page() -> list[WayOnPage]:
    """Return the ways in the page's language."""
    return [_way(way) for way in runtime().ways_to_mend]


def how_to_type() -> str:
    """Say how a day is typed, and how many working days there are from it."""
    settings, today = runtime().settings, runtime().today()
    return _(
        "Day, month and year, like %(example)s. There are %(upg)s working days to report "
        "to the UPG and %(kpk)s to the KPK.",
        example=f"{today.day}/{today.month}/{today.year}",
        upg=settings.upg_limit_working_days,
        kpk=settings.gift_report_working_days,
    )


def count_days(form: GiftForm) -> CountOnPage | None:
    """Count the days of the gift in *form*; None, and why in the form, if not."""
    today = runtime().today()
    received_on = form.day(today)
    return _count(received_on, today) if received_on else None


def _count(received_on: dt.date, today: dt.date) -> CountOnPage:
    settings, working_days = runtime().settings, runtime().working_days
    upg, kpk = (
        find_limit(working_days, received_on, count, today)
        for count in (
            settings.upg_limit_working_days,
            settings.gift_report_working_days,
        )
    )
    return CountOnPage(
        received_on=received_on,
        limits=(
            _limit(_("Last day to report to the UPG"), upg, is_ahead=False),
            _limit(
                _("Last day to report to the KPK"), kpk, is_ahead=not upg.has_passed
            ),
        ),
        sentence=_sentence(upg, kpk),
        late=_late() if kpk.has_passed else (),
        doubt=_doubt(kpk),
    )


def _limit(label: str, limit: Limit, *, is_ahead: bool) -> LimitOnPage:
    left = _("Working days left, today counted: %(count)s", count=limit.left)
    return LimitOnPage(
        label=label,
        day=limit.last_day,
        about=_("This day has passed.") if limit.has_passed else left,
        has_passed=limit.has_passed,
        is_next=not (is_ahead or limit.has_passed),
        is_ahead=is_ahead,
    )


def _sentence(upg: Limit, kpk: Limit) -> str:
    if kpk.has_passed:
        return _("Both last days have passed. There is still something to do:")
    if upg.has_passed:
        return _(
            "The UPG's last day has passed, the KPK's has not. Report now, directly to "
            "the KPK, and tell the UPG as well."
        )
    return _("There is still time. Do not wait for the last day.")


def _late() -> tuple[str, ...]:
    late = (way.late for way in runtime().ways_to_mend)
    return tuple(sentence[language()] for sentences in late for sentence in sentences)


def _doubt(limit: Limit) -> str:
    if not limit.doubtful_years:
        return ""
    years = ", ".join(map(str, limit.doubtful_years))
    return _(
        "The holidays of %(years)s are not fixed yet. The last day may move by a day or "
        "two, so report earlier.",
        years=years,
    )


def _way(way: Way) -> WayOnPage:
    return WayOnPage(
        key=way.key,
        title=way.title[language()],
        lead=way.lead[language()],
        counts_days=bool(way.late),
        steps=tuple(step[language()] for step in way.steps),
        words=tuple(
            WordsOnPage(words.title[language()], words.text[language()])
            for words in way.words
        ),
        rules=tuple(map(_rule, way.rules)),
    )


def _rule(rule: Rule) -> RuleOnPage:
    return RuleOnPage(rule.text[language()], rule.source, rule.as_of)
