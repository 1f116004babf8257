"""Requests for a reminder: what waits, the leaflet to print, passed on or declined."""

from collections.abc import Callable

from flask import redirect, url_for
from werkzeug.wrappers import Response

from crypto import TooLongError
from portal import deliveries, seen
from portal.errors import (
    ChangedMeanwhileError,
    NoSuchCaseError,
    NotFromHereError,
)
from portal.forms import DeclineForm, PortalForm, SeenForm, too_long
from portal.openings import Opening, find_opening
from portal.runtime import runtime
from portal.views.officer.blueprint import bp
from portal.views.officer.entry_page import EntryForms, entry_page
from portal.views.officer.reminder_part import letter_page, work_page
from portal.views.request import admit, db, duty, parse_id


@bp.get("/reminders", endpoint="reminders")
def list_() -> Response:
    """Show the requests that nobody has decided on."""
    return work_page(deliveries.list_waiting(db(), duty()))


@bp.get("/entries/<case_id>/letter")
def letter(case_id: str) -> Response:
    """Show the leaflet as it is printed."""
    request = deliveries.read_request(db(), _open(case_id).opened)
    if request is None:
        raise NoSuchCaseError
    return letter_page(request, url_for("officer.entry", case_id=case_id))


@bp.post("/entries/<case_id>/deliver")
def deliver(case_id: str) -> Response:
    """Tell the writer that it was passed on."""
    opening, form = _open(case_id), SeenForm()

    def act() -> None:
        deliveries.deliver(
            db(),
            opening.opened,
            duty(),
            seen=form.seen.data or "",
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    return _act_on(opening, form, act, EntryForms())


@bp.post("/entries/<case_id>/decline")
def decline(case_id: str) -> Response:
    """Tell the writer that it is not passed on, and why."""
    opening, form = _open(case_id), DeclineForm()

    def act() -> None:
        reason, seen_so = form.reason.data, form.seen.data or ""
        today = runtime().today()
        deliveries.decline(
            db(), opening.opened, duty(), reason, seen=seen_so, today=today
        )

    return _act_on(opening, form, act, EntryForms(decline=form))


def _act_on(
    opening: Opening, form: PortalForm, act: Callable[[], None], forms: EntryForms
) -> Response:
    """Judge the form and act; refused, the entry comes back with all that was typed."""
    case_id = opening.opened.case.id
    if form.validate():
        admit("message", owner=duty().person.id.hex())
        try:
            with seen.own_act(db(), duty(), case_id):
                act()
        except (ChangedMeanwhileError, NotFromHereError):
            return entry_page(_open(case_id.hex()), forms, http=409, is_conflict=True)
        except TooLongError as error:
            form.refuse("reason", too_long(error.excess))
    if form.has_errors:
        return entry_page(_open(case_id.hex()), forms, http=422)
    return redirect(url_for("officer.entry", case_id=case_id.hex()), 303)


def _open(case_id: str) -> Opening:
    """Return the entry as it is now.

    Raises:
        NoSuchCaseError: there is none for this officer, or it is a case by now.
    """
    db().expire_all()
    return find_opening(db(), parse_id(case_id), duty())
