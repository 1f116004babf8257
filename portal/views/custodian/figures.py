"""A custodian makes the figures of a half-year or a year public, for good."""

import datetime as dt
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import figures
from portal.errors import NoSuchPeriodError, NotItsTurnError, UncountedError
from portal.figure_turns import Turn, find_turn
from portal.forms import PublishForm
from portal.periods import Period
from portal.runtime import runtime
from portal.views.confirmation import is_confirmed
from portal.views.custodian.blueprint import bp
from portal.views.figures_page import period_word
from portal.views.places import clock_jump
from portal.views.request import db, duty
from portal.views.response import Link, private_page


@dataclass(frozen=True)
class TurnOnPage:
    """A half-year or a year that can be published."""

    period: str
    label: str
    form: PublishForm
    prefix: str
    is_left_out: bool
    """Whether what does not open is to be left out: the custodian is asked."""
    leaves_out: bool
    """That was ticked."""


@bp.route("/figures", methods=["GET", "POST"], endpoint="figures")
def publish() -> Response:
    """Show whose turn it is; publish it, for a fresh second factor."""
    if request.method == "GET":
        return _figures_page()
    form = PublishForm()
    if clock_jump() is not None:
        # What is counted would be public, and gone, before its time.
        return _figures_page(http=409)
    try:
        _check(form)
        if not is_confirmed(form):
            return _figures_page(form, http=422, is_left_out=form.leaves_out_unread)
        published = _publish(form)
    except UncountedError:
        return _figures_page(form, http=409, is_left_out=True)
    except (NotItsTurnError, NoSuchPeriodError):
        return _figures_page(http=409, is_over=True)
    return redirect(url_for("figures.show", period=str(published.period)), 303)


def _check(form: PublishForm) -> None:
    """Check all else before the code is asked for: a slip shall cost none."""
    figures.check_turn(
        *(db(), duty(), form.chosen()),
        gate=runtime().gate_secret,
        today=runtime().today(),
        leaves_out_unread=form.leaves_out_unread,
    )


def _publish(form: PublishForm) -> figures.Figures:
    here = runtime()
    return figures.publish(
        *(db(), duty(), form.chosen()),
        gate=here.gate_secret,
        every_days=here.settings.round_every_days,
        today=here.today(),
        leaves_out_unread=form.leaves_out_unread,
    )


def _figures_page(
    form: PublishForm | None = None,
    *,
    http: int = 200,
    is_left_out: bool = False,
    is_over: bool = False,
) -> Response:
    turn = find_turn(db(), runtime().today())
    periods = turn.periods if clock_jump() is None else ()
    return private_page(
        "custodian/figures.html",
        http=http,
        turns=[_turn(one, form, is_left_out=is_left_out) for one in periods],
        is_choice=len(periods) > 1,
        is_jumped=clock_jump() is not None,
        is_over=is_over,
        next_on=_next(turn),
        published=[
            Link(url_for("figures.show", period=str(one)), period_word(one))
            for one in figures.list_periods(db())
        ],
    )


def _turn(
    period: Period, refused: PublishForm | None, *, is_left_out: bool
) -> TurnOnPage:
    """Return its form; the one that was refused comes back filled."""
    name = str(period)
    is_refused = refused is not None and refused.period.data == name
    return TurnOnPage(
        period=name,
        label=period_word(period),
        form=refused if refused and is_refused else PublishForm(formdata=None),
        prefix=f"of-{name}-",
        is_left_out=is_refused and is_left_out,
        leaves_out=is_refused and refused is not None and refused.leaves_out_unread,
    )


def _next(turn: Turn) -> dt.date | None:
    return None if turn.periods else turn.next_on
