"""The ladder as pages show it: six rungs and three doors, in the page's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from portal.ladder import Rung
from portal.roster import list_custodians
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.request import db


@dataclass(frozen=True)
class Way:
    """Where something leads, and how it is called."""

    href: str
    title: str
    about: str = ""


@dataclass(frozen=True)
class RungOnPage:
    """A rung: what happens, who can read it, and whether it can be undone."""

    rung: Rung
    href: str
    title: str
    happens: str
    who: str = ""
    """Empty where nothing is stored."""
    undo: str = ""
    beside: Way | None = None
    """Another way for who has taken this step already."""
    is_no_report: bool = True
    is_now: bool = False
    """The step that reports."""


def rungs_on_page() -> list[RungOnPage]:
    """Return the rungs, the lightest first; the last where bodies outside are known."""
    return [rung for rung in all_rungs() if rung.href]


def all_rungs() -> tuple[RungOnPage, ...]:
    """Return the six rungs; the last without an address where no body is known."""
    return (_note(), _remind(), _hold_match(), _hold_date(), _report(), _outside())


def doors_on_page() -> list[Way]:
    """Return the doors beside the ladder."""
    return [
        Way(
            url_for("reporter.ask"),
            _("Ask first"),
            _("Is this a violation? No names."),
        ),
        Way(
            url_for("public.mend"),
            _("Put it right yourself"),
            _("I slipped and want to mend it. Nothing is stored."),
        ),
        Way(
            url_for("reporter.praise"),
            _("A good word"),
            _("For a colleague who works honestly."),
        ),
    ]


def ways_to(rungs: Iterable[Rung]) -> list[Way]:
    """Return links to *rungs*, in their order."""
    shown = {one.rung: one for one in rungs_on_page()}
    return [Way(shown[one].href, shown[one].title) for one in rungs if one in shown]


def outside_href() -> str:
    """Return where help outside the agency stands; empty where none is known."""
    has_bodies = bool(runtime().outside_bodies)
    return url_for("public.guidance") + "#outside" if has_bodies else ""


def has_custodians() -> bool:
    """Tell whether anybody outside can open what officers let lie."""
    return any(one.is_heard for one in list_custodians(db()))


def _note() -> RungOnPage:
    return RungOnPage(
        Rung.NOTE,
        url_for("reporter.note"),
        _("Not sure yet: keep a locked note"),
        _("You write down what you saw, dated today."),
        _("Only you, with the code."),
        _("Yes, at any time. It deletes itself after 12 months unless you renew it."),
    )


def _remind() -> RungOnPage:
    return RungOnPage(
        Rung.REMIND,
        url_for("reporter.remind"),
        _("Remind first, through an officer"),
        _("An officer passes on a standard reminder, without your story."),
        _(
            "The officer: your colleague’s name, among random ones. "
            "Your colleague: the reminder only, but may guess."
        ),
        _("Yes, until it is delivered."),
        Way(url_for("reporter.note"), _("Reminded them yourself? Keep the date.")),
    )


def _hold_match() -> RungOnPage:
    return RungOnPage(
        Rung.HOLD_MATCH,
        url_for("reporter.hold_match"),
        _("Hold it until someone else reports too"),
        _(
            "Locked until someone else names the same person, or until a date you choose."
        ),
        _(
            "The story: nobody yet. The name is known to the keeper at the Inspectorate."
        ),
        _("Yes, until it opens. A second person may never come."),
    )


def _hold_date() -> RungOnPage:
    return RungOnPage(
        Rung.HOLD_DATE,
        url_for("reporter.hold"),
        _("Hold it until a date"),
        _(
            "Locked, then opened by the keeper at the Inspectorate in the weekly "
            "round after your date."
        ),
        _("Nobody before that date, then the officers you choose."),
        _("Yes, until it opens. You may change the date."),
    )


def _report() -> RungOnPage:
    return RungOnPage(
        Rung.REPORT,
        url_for("reporter.report"),
        _("Report now"),
        _(
            "Officers receive it by the next working day "
            "and must answer before the deadline."
        ),
        _(
            "Only the officers you tick. After a missed deadline, the keeper at the "
            "Inspectorate too."
        )
        if has_custodians()
        else _("Only the officers you tick."),
        _(
            "Not acknowledged yet: you can destroy it. Afterwards: "
            "you can withdraw it, but officers may be bound to go on."
        ),
        is_no_report=False,
        is_now=True,
    )


def _outside() -> RungOnPage:
    return RungOnPage(
        Rung.OUTSIDE,
        outside_href(),
        _("Emergency, or beyond our power"),
        _(
            "You see how to reach KPK, LPSK, the Ombudsman, the Inspectorate "
            "and the police. Nothing is stored here."
        ),
        is_no_report=False,
    )
