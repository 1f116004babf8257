"""The public trail as its page shows it: days as lines, growth as a small picture."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from crypto.public_leaf import PublicKind
from portal.ledger import SignedTree
from portal.ledger_papers import Paper
from portal.receipts import SigningKey
from portal.views.languages import gettext as _
from portal.views.words import day, number

SHOWN_DAYS = 7
WIDTH, HEIGHT = 300, 72
"""Of the picture, in its own units."""
PAPER_KINDS = (
    PublicKind.POLICIES,
    PublicKind.SIGNING_KEY,
    PublicKind.RESTORED,
    PublicKind.KEYS,
)
"""Kinds whose newest text the page leads to."""

_A_YEAR = dt.timedelta(days=365)
_MOST_POINTS = 40


@dataclass(frozen=True)
class DayOnPage:
    """A day that is closed."""

    day: dt.date
    size: str
    href: str
    """Its checkpoint."""


@dataclass(frozen=True)
class GrowthOnPage:
    """How the trail grew within a year."""

    line: str
    """Points of the line, from the first day to the last."""
    words: str
    """What the picture says."""


@dataclass(frozen=True)
class PaperOnPage:
    """A public text."""

    name: str
    day: dt.date
    href: str


@dataclass(frozen=True)
class KeyOnPage:
    """A key that signs the trail."""

    holder: str
    digits: str


def keys_on_page(keys: Iterable[SigningKey]) -> list[KeyOnPage]:
    """Return the keys that receipts are compared with."""
    return [KeyOnPage(key.holder or _("This portal"), key.public.hex()) for key in keys]


def growth_since(today: dt.date) -> dt.date:
    """Return the first day that the picture shows."""
    return today - _A_YEAR


def days_on_page(trees: Iterable[SignedTree]) -> list[DayOnPage]:
    """Return days, each with its checkpoint."""
    return [
        DayOnPage(
            tree.day,
            number(tree.size),
            url_for("ledger.checkpoint", size=tree.size),
        )
        for tree in trees
    ]


def growth_on_page(sizes: Sequence[tuple[dt.date, int]]) -> GrowthOnPage | None:
    """Return the picture; None: there is no day yet."""
    if not sizes:
        return None
    (first, begin), (last, end) = sizes[0], sizes[-1]
    words = _(
        "From %(begin)s numbers on %(first)s to %(end)s on %(last)s.",
        begin=number(begin),
        first=day(first),
        end=number(end),
        last=day(last),
    )
    few = sizes[:: max(1, len(sizes) // _MOST_POINTS)]
    points = [(first, 0), *few, (last, end)]
    span = max(1, (last - first).days)
    line = " ".join(
        f"{WIDTH * (on - first).days // span},{HEIGHT - HEIGHT * size // end}"
        for on, size in points
    )
    return GrowthOnPage(line, words)


def papers_on_page(papers: Iterable[Paper]) -> list[PaperOnPage]:
    """Return the newest text of each kind."""
    newest = {paper.kind: paper for paper in papers}
    names = {
        PublicKind.POLICIES: _("Rules in force"),
        PublicKind.SIGNING_KEY: _("The key that signs the trail"),
        PublicKind.RESTORED: _("The portal was restored from a backup"),
        PublicKind.KEYS: _("Keys that the portal locks to"),
    }
    return [
        PaperOnPage(
            names[kind],
            newest[kind].day,
            url_for("ledger.paper", leaf=newest[kind].leaf.hex()),
        )
        for kind in PAPER_KINDS
        if kind in newest
    ]
