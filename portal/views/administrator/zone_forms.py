"""Forms of the Integrity Zone: what stands in them, and the words around it."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from flask import request, url_for

from portal.errors import Fault, ListFileError
from portal.forms import (
    COUNTS_CHARACTERS,
    AwardForm,
    PactForm,
    StatementForm,
    write_day,
)
from portal.pact import Counts
from portal.pact_files import COLUMNS, write_counts
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.zone import Award, OwnText, Predicate, Statement, Zone
from portal.zone_texts import Area, Promise

_HEADINGS: Final = {"id": ("unit", "pegawai", "menandatangani"), "en": COLUMNS}
"""How the columns of counts are called, by language."""
_MOST_FAULTS: Final = 10


@dataclass(frozen=True)
class PromiseOnPage:
    """A sentence that can be ticked."""

    value: str
    text: str
    other: str
    """In the other language: both are signed."""
    before: str
    """Other words in which it was signed; empty: the same, or not signed."""
    is_ticked: bool


@dataclass(frozen=True)
class AreaOnPage:
    """An area, and since when something is said of it."""

    title: str
    href: str
    since: dt.date | None


@dataclass(frozen=True)
class Choice:
    """One of a menu."""

    value: str
    label: str
    is_selected: bool


@dataclass(frozen=True)
class PactOnPage:
    """The counts as they are typed."""

    typed: str
    count: int
    counted_on: dt.date | None
    is_too_long: bool
    """More than a form takes: the command line takes it."""
    example: str


def statement_form(kept: Statement | None) -> StatementForm:
    """Return the form as it was typed; else as it was kept, else with the settings."""
    if request.method == "POST":
        return StatementForm()
    if kept is None:
        settings = runtime().settings
        named = {"head_name": settings.head_name}
        return StatementForm(
            formdata=None, **named, head_position=settings.head_position
        )
    return StatementForm(
        formdata=None,
        head_name=kept.name,
        head_position=kept.position,
        signed_on=write_day(kept.signed_on),
        promises=[one for one in kept.promises if _signed_words(one, kept) is None],
    )


def promises_on_page(
    form: StatementForm, kept: Statement | None
) -> list[PromiseOnPage]:
    """Return every sentence, in both languages, ticked as in *form*."""
    here, there = language(), "en" if language() == "id" else "id"
    ticked = frozenset(form.promises.data or ())
    return [
        PromiseOnPage(
            promise,
            text[here],
            text[there],
            _in_language(_signed_words(promise, kept)),
            promise in ticked,
        )
        for promise, text in runtime().zone.promises.items()
    ]


def _in_language(words: OwnText | None) -> str:
    if words is None:
        return ""
    return words.en if language() == "en" else words.id


def _signed_words(promise: Promise, kept: Statement | None) -> OwnText | None:
    """Return the words of a sentence that was signed in others than those of today."""
    signed = kept.promises.get(promise) if kept else None
    text = runtime().zone.promises[promise]
    return None if signed == OwnText(text["id"], text["en"]) else signed


def award_form(kept: Award) -> AwardForm:
    """Return the form as it was typed; else as it was kept."""
    if request.method == "POST":
        return AwardForm()
    year = str(kept.year or "")
    return AwardForm(formdata=None, predicate=kept.predicate.value, year=year)


def predicates_on_page(form: AwardForm) -> list[Choice]:
    """Return what a unit can hold."""
    words = {
        Predicate.NONE: _("None yet"),
        Predicate.WBK: _("WBK, a corruption-free area"),
        Predicate.WBBM: _("WBBM, a clean and serving area"),
    }
    return [
        Choice(one.value, text, form.predicate.data == one.value)
        for one, text in words.items()
    ]


def area_title(area: Area) -> str:
    """Return how an area is called, in the page's language."""
    texts = {one.area: one.title for one in runtime().zone.areas}
    return texts[area][language()]


def areas_on_page(kept: Zone) -> list[AreaOnPage]:
    """Return all areas in their order."""
    reports = kept.reports
    return [
        AreaOnPage(
            one.title[language()],
            url_for("administrator.area", name=one.area.value),
            reports[one.area].recorded_on if one.area in reports else None,
        )
        for one in runtime().zone.areas
    ]


def pact_on_page(kept: Counts) -> PactOnPage:
    """Return the counts, under headings of the page's language."""
    headings = _HEADINGS[language()]
    typed = write_counts(kept.units, headings)
    return PactOnPage(
        typed=typed,
        count=len(kept.units),
        counted_on=kept.counted_on,
        is_too_long=len(typed) > COUNTS_CHARACTERS,
        example=";".join(headings),
    )


def say_faults(form: PactForm, error: ListFileError) -> None:
    """Put what is wrong with typed counts into *form*, in the page's language."""
    for fault in error.faults[:_MOST_FAULTS]:
        form.refuse("counts", _say(fault))
    rest = len(error.faults) - _MOST_FAULTS
    if rest > 0:
        form.refuse("counts", _("And %(count)s more.", count=rest))


def _say(fault: Fault) -> str:
    called = dict(zip(COLUMNS, _HEADINGS[language()], strict=True))
    values = dict(fault.values)
    if "column" in values:
        values["column"] = called[str(values["column"])]
    sentence = _(fault.sentence, **values) if values else _(fault.sentence)
    if not fault.line:
        return sentence
    return _("Line %(line)s: %(sentence)s", line=fault.line, sentence=sentence)
