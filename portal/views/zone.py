"""The Integrity Zone as everybody sees it: only what was signed, and counts alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from portal.pact import OTHERS, Counts, Shown, show
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.response import Link
from portal.zone import (
    AreaReport,
    Award,
    Declaration,
    OwnText,
    Predicate,
    Statement,
    Zone,
)
from portal.zone_texts import Area, AreaText


@dataclass(frozen=True)
class OwnTextOnPage:
    """A text of the agency's own, in the page's language where it has one."""

    text: str
    lang: str


@dataclass(frozen=True)
class DeclarationOnPage:
    """What was declared."""

    text: OwnTextOnPage
    place: str
    declared_on: dt.date
    recorded_on: dt.date


@dataclass(frozen=True)
class StatementOnPage:
    """What the head signed, sentence by sentence."""

    sentences: tuple[str, ...]
    """Empty where every one was taken off again."""
    name: str
    position: str
    signed_on: dt.date
    recorded_on: dt.date
    taken_off_on: dt.date | None


@dataclass(frozen=True)
class CountOnPage:
    """How many of a unit have signed, in words."""

    unit: str
    count: str


@dataclass(frozen=True)
class PactOnPage:
    """How far the pact has come."""

    counted_on: dt.date
    total: str
    """Empty where too few people are counted to say it."""
    lines: tuple[CountOnPage, ...]


@dataclass(frozen=True)
class AreaOnPage:
    """One of six areas."""

    title: str
    about: str
    report: OwnTextOnPage | None
    recorded_on: dt.date | None


@dataclass(frozen=True)
class ThresholdOnPage:
    """What one requirement demands for both predicates."""

    name: str
    wbk: str
    wbbm: str


@dataclass(frozen=True)
class ZoneOnPage:
    """All of it, ready."""

    declaration: DeclarationOnPage | None
    statement: StatementOnPage | None
    pact: PactOnPage | None
    areas: tuple[AreaOnPage, ...]
    award: str
    awarded_on: dt.date | None
    """The day on which that was recorded here."""
    thresholds: tuple[ThresholdOnPage, ...]
    source: str
    as_of: dt.date
    watch: list[Link]
    """Where everybody can see for themselves."""


def zone_on_page(zone: Zone, counts: Counts) -> ZoneOnPage:
    """Return everything in the page's language."""
    texts = runtime().zone
    return ZoneOnPage(
        declaration=_declaration(zone.declaration),
        statement=_statement(zone.statement),
        pact=_pact(counts),
        areas=tuple(_area(one, zone.reports) for one in texts.areas),
        award=award_words(zone.award),
        awarded_on=zone.award.recorded_on,
        thresholds=tuple(
            ThresholdOnPage(one.name[language()], one.wbk, one.wbbm)
            for one in texts.thresholds
        ),
        source=texts.source,
        as_of=texts.as_of,
        watch=_watch(),
    )


def _own(text: OwnText) -> OwnTextOnPage:
    if language() == "en" and text.en:
        return OwnTextOnPage(text.en, "en")
    return OwnTextOnPage(text.id, "id")


def _declaration(declared: Declaration | None) -> DeclarationOnPage | None:
    if declared is None:
        return None
    return DeclarationOnPage(
        _own(declared.text),
        declared.place,
        declared.declared_on,
        declared.recorded_on,
    )


def _statement(signed: Statement | None) -> StatementOnPage | None:
    if signed is None:
        return None
    return StatementOnPage(
        tuple(_own(text).text for text in signed.promises.values()),
        signed.name,
        signed.position,
        signed.signed_on,
        signed.recorded_on,
        signed.taken_off_on,
    )


def _pact(counts: Counts) -> PactOnPage | None:
    if counts.counted_on is None:
        return None
    progress = show(counts.units, runtime().zone.pact)
    return PactOnPage(
        counts.counted_on,
        _count(progress.total) if progress.total else "",
        tuple(
            CountOnPage(
                _("Other units") if line.unit == OTHERS else line.unit, _count(line)
            )
            for line in progress.lines
        ),
    )


def _count(shown: Shown) -> str:
    if shown.is_exact:
        return _("%(signed)s of %(staff)s", signed=shown.least, staff=shown.staff)
    if shown.least:
        return _(
            "at least %(signed)s of %(staff)s", signed=shown.least, staff=shown.staff
        )
    return _(
        "fewer than %(signed)s of %(staff)s",
        signed=shown.most + 1,
        staff=shown.staff,
    )


def _area(text: AreaText, reports: Mapping[Area, AreaReport]) -> AreaOnPage:
    report = reports.get(text.area)
    return AreaOnPage(
        text.title[language()],
        text.about[language()],
        _own(report.text) if report else None,
        report.recorded_on if report else None,
    )


def award_words(award: Award) -> str:
    """Say which predicate the unit holds."""
    sentences = {
        Predicate.NONE: _("This unit holds neither predicate yet."),
        Predicate.WBK: _("This unit has held WBK since %(year)s.", year=award.year),
        Predicate.WBBM: _("This unit has held WBBM since %(year)s.", year=award.year),
    }
    return sentences[award.predicate]


def _watch() -> list[Link]:
    return [
        Link(url_for("ledger.trail"), _("Public trail")),
        Link(url_for("figures.show"), _("Figures")),
        Link(url_for("public.keys"), _("Who the officers are")),
        Link(url_for("public.limits"), _("What we cannot promise")),
    ]
