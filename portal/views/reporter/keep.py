"""What a writer changes of an entry: its day, twelve months more, a slip."""

from collections.abc import Callable
from functools import partial
from typing import Any

from werkzeug.wrappers import Response

from portal import renewals
from portal.errors import (
    DayOutOfReachError,
    NoSuchSlipError,
)
from portal.forms import DayForm, PortalForm, SlipForm, slip_of
from portal.holds import last_day
from portal.renewals import OwnEntry, find_sealed_on, is_held_shortly, read_report
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.reporter.blueprint import bp
from portal.views.reporter.entry_lines import can_move, can_renew
from portal.views.reporter.keeping import no_such_slip
from portal.views.reporter.own_entry import back, office, only_sealed, own_entry
from portal.views.request import admit, db, foresee
from portal.views.response import private_page
from portal.views.words import day


@bp.get("/case/keep")
@only_sealed
def keep() -> Response:
    """Show what can be changed; where nothing can, the entry itself."""
    own = own_entry()
    can_change = can_move(own.sheet) or can_renew(own.sheet)
    return _page(own) if can_change else back()


@bp.post("/case/keep/day")
@only_sealed
def move_day() -> Response:
    """Let it open or end on another day."""
    own, form = own_entry(), DayForm()
    if form.validate():
        try:
            return _change(partial(renewals.extend, day=form.chosen(), **_today()), own)
        except DayOutOfReachError:
            form.refuse("day", _reach(own))
    return _page(own, day_form=form, http=422)


@bp.post("/case/keep/renew")
@only_sealed
def renew() -> Response:
    """Keep a note for twelve months from today."""
    PortalForm()
    return _change(partial(renewals.renew, **_today()), own_entry())


@bp.post("/case/keep/slip")
@only_sealed
def give_slip() -> Response:
    """Use a slip up, so that the entry counts for a match."""
    own, form = own_entry(), SlipForm()
    slip = slip_of(form.slip.data or "") if form.validate() else None
    if slip is None:
        return _page(own, slip_form=form, http=422)
    try:
        return _change(partial(renewals.give_slip, slip=slip), own)
    except NoSuchSlipError:
        form.refuse("slip", no_such_slip())
    return _page(own, slip_form=form, http=422)


def _change(act: Callable[..., None], own: OwnEntry) -> Response:
    """Do one change, and go back to the entry, whatever became of it meanwhile."""
    foresee("message")
    act(db(), own, office=office(), admit=partial(admit, "message"))
    return back()


def _today() -> dict[str, Any]:
    return {"today": runtime().today()}


def _page(
    own: OwnEntry,
    *,
    day_form: DayForm | None = None,
    slip_form: SlipForm | None = None,
    http: int = 200,
) -> Response:
    sheet = own.sheet
    if day_form is None:
        day_form = DayForm(formdata=None, day=sheet.day.isoformat())
    return private_page(
        "reporter/keep.html",
        http=http,
        day_form=day_form,
        slip_form=slip_form or SlipForm(formdata=None),
        can_move=can_move(sheet),
        can_renew=can_renew(sheet),
        can_give_slip=sheet.wanted is not None,
        reach=_reach(own),
    )


def _reach(own: OwnEntry) -> str:
    """Say which days can be chosen."""
    is_short = is_held_shortly(own, read_report(db(), own), office())
    sealed_on = find_sealed_on(db(), own.case.id)
    today = runtime().today()
    latest = last_day(sealed_on, today, is_short=is_short)
    if latest <= today:
        return _("Its day can no longer be moved: this kind is held for 30 days.")
    return _("From tomorrow until %(day)s.", day=day(latest))
