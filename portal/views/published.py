"""The public figures: first what counts no people, then the counts that may be shown."""

from flask import Blueprint, Response, request, url_for

from crypto import BrokenError
from portal import figures, improvements
from portal.errors import NoSuchPeriodError
from portal.figure_sheets import write_sheet
from portal.figure_turns import find_turn
from portal.periods import Period
from portal.runtime import runtime
from portal.views.figures_page import figures_on_page, period_word, texts_on_page
from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.response import Link, page

bp = Blueprint("figures", __name__, url_prefix="/figures")

_NO_TEXTS: dict[str, str] = {}


@bp.get("")
@bp.get("/<period>")
def show(period: str = "") -> Response:
    """Show the figures of a half-year or year, or the newest; or when some can come."""
    published = figures.list_periods(db())
    if period:
        return _page(Period.parse(period), published)
    if published:
        return _page(published[0], published)
    turn = find_turn(db(), runtime().today())
    return page(
        "figures/show.html",
        figures=None,
        periods=[],
        changes=[],
        next_on=turn.next_on,
    )


@bp.get("/<period>.csv")
def sheet(period: str) -> Response:
    """Give the same figures as a sheet."""
    chosen = Period.parse(period)
    found = figures.read(db(), chosen)
    said = improvements.find(db(), chosen)
    name = f"lurus-figures-{chosen}.csv"
    return Response(
        write_sheet(found, said.texts if said else _NO_TEXTS),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@bp.errorhandler(NoSuchPeriodError)
def nothing(_error: NoSuchPeriodError) -> Response:
    """Say that nothing was published of it."""
    title = _("Nothing was published of this.")
    return _refusal(404, title, _("Check the address, or choose a half-year there."))


@bp.errorhandler(BrokenError)
def altered(_error: BrokenError) -> Response:
    """Say that somebody changed what was signed; nothing of it is shown."""
    title = _("These figures are not as they were signed, and are not shown.")
    return _refusal(500, title, _("Somebody changed them in the database."))


def _page(period: Period, published: tuple[Period, ...]) -> Response:
    found = figures.read(db(), period)
    return page(
        "figures/show.html",
        figures=figures_on_page(found, figures.find_custodian(db(), period)),
        periods=[_link(one, is_here=one == period) for one in published],
        changes=texts_on_page(improvements.find(db(), period)),
        next_on=None,
    )


def _link(period: Period, *, is_here: bool) -> Link:
    """Return where a period's figures stand; nowhere, where they are shown already."""
    href = "" if is_here else url_for("figures.show", period=str(period))
    return Link(href, period_word(period))


def _refusal(http: int, title: str, sentence: str) -> Response:
    return page(
        "public/error.html",
        http=http,
        title=title,
        sentences=[sentence],
        links=[Link(url_for("figures.show"), _("To the figures"))],
        draft=[],
        carried=[],
        action=request.path,
        reopen=None,
    )
