"""A custodian makes the figures of a half-year or a year public, for good."""

import datetime as dt
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import figures
from portal.errors import NoSuchPeriodError, NotItsTurnError, UncountedError
from portal.forms import PublishForm
from portal.runtime import runtime
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
    is_left_out: bool
    """Whether what does not open is to be left out: the custodian is asked."""


@bp.route("/figures", methods=["GET", "POST"], endpoint="figures")
def publish() -> Response:
    """Show whose turn it is; publish it."""
    if request.method == "GET":
        return _figures_page()
    form = PublishForm()
    if clock_jump() is not None:
        # What is counted would be public, and gone, before its time.
        return _figures_page(http=409)
    try:
        published = _publish(form)
    except UncountedError:
        return _figures_page(http=409, unread=form.period.data or "")
    except (NotItsTurnError, NoSuchPeriodError):
        return _figures_page(http=409, is_over=True)
    return redirect(url_for("figures.show", period=str(published.period)), 303)


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
    *, http: int = 200, unread: str = "", is_over: bool = False
) -> Response:
    turn = figures.find_turn(db(), runtime().today())
    periods = turn.periods if clock_jump() is None else ()
    return private_page(
        "custodian/figures.html",
        http=http,
        turns=[
            TurnOnPage(str(one), period_word(one), is_left_out=str(one) == unread)
            for one in periods
        ],
        is_choice=len(periods) > 1,
        is_jumped=clock_jump() is not None,
        is_over=is_over,
        next_on=_next(turn),
        published=[
            Link(url_for("figures.show", period=str(one)), period_word(one))
            for one in figures.list_periods(db())
        ],
    )


def _next(turn: figures.Turn) -> dt.date | None:
    return None if turn.periods else turn.next_on
