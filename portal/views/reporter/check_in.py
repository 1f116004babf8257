"""What every entry asks its writer after 30 and 90 days, answered."""

from functools import partial

from werkzeug.wrappers import Response

from crypto import TooLongError
from portal import check_ins, own_cases, threads
from portal.errors import CodeInTextError
from portal.forms import CheckInForm, OwnMessageForm, too_long
from portal.own_cases import CheckIn
from portal.renewals import OwnEntry, find_sealed_on
from portal.runtime import runtime
from portal.threads import Chain
from portal.views.languages import gettext as _
from portal.views.reporter.blueprint import bp
from portal.views.reporter.entry_page import entry_page
from portal.views.reporter.own_entry import back, only_sealed, own_entry
from portal.views.request import admit, db, foresee, visit


@bp.post("/case/check-in")
@only_sealed
def check_in() -> Response:
    """Keep the answer; the same question is not asked again."""
    own, form = own_entry(), CheckInForm()
    due = _find_due(own)
    if not due:
        # Answered in another tab a moment ago.
        return back()
    if form.validate() and not form.has_nothing():
        _answer(own, form, due)
    if form.has_errors:
        empty = OwnMessageForm(formdata=None)
        return entry_page(own.opened, empty, check_in=form, http=422)
    return back()


def _find_due(own: OwnEntry) -> int:
    entries = threads.read(db(), own.case.id, Chain.THREAD, own.key)
    sealed_on = find_sealed_on(db(), own.case.id)
    return check_ins.find_due(entries, sealed_on, runtime().today())


def _answer(own: OwnEntry, form: CheckInForm, due: int) -> None:
    """Write it, or say in the form why not."""
    foresee("message")
    try:
        own_cases.write(
            db(),
            own.opened,
            form.text.data,
            windows=visit().windows,
            today=runtime().today(),
            at_once=runtime().hand_over.are_immediate,
            admit=partial(admit, "message"),
            answers=CheckIn(due, form.said()),
        )
    except CodeInTextError:
        form.refuse(
            "text", _("Part of your case code stands here. Please take it out.")
        )
    except TooLongError as error:
        form.refuse("text", too_long(error.excess))
