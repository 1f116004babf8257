"""A reporter's receipt: what is chosen is sent as a file, and nothing of it is kept."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from portal.cases import ReporterCase
from portal.errors import LedgerError, ReceiptError
from portal.forms import ReceiptForm
from portal.public_trail import CaseTrail
from portal.receipts import make_receipt
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _
from portal.views.reporter.blueprint import bp
from portal.views.reporter.opened import opened_case
from portal.views.request import db
from portal.views.response import private_page
from portal.views.trail_part import find_trail, trail_part

FILE_NAME = "data.json"
"""Says nothing of what it holds, nor of where it is from."""

_FIRST = frozenset({0})


@dataclass(frozen=True)
class StepToTick:
    """A step that a receipt can show."""

    number: int
    label: str
    said: str
    is_ticked: bool


@bp.get("/case/receipt")
def receipt() -> Response:
    """Say what a receipt shows, and ask what it is to show."""
    opened = opened_case()
    return _receipt_page(opened, find_trail(opened.case, opened.key))


@bp.post("/case/receipt")
def save_receipt() -> Response:
    """Send a receipt of what was chosen."""
    opened, form = opened_case(), ReceiptForm()
    trail = find_trail(opened.case, opened.key)
    if not form.validate():
        return _receipt_page(opened, trail, form, http=422)
    try:
        made = make_receipt(db(), opened, trail, form.choice(), runtime().instance)
    except (ReceiptError, LedgerError):
        form.refuse("steps", _("Of that no receipt can be made now."))
        return _receipt_page(opened, trail, form, http=422)
    return _as_download(made)


def _receipt_page(
    opened: ReporterCase,
    trail: CaseTrail,
    form: ReceiptForm | None = None,
    *,
    http: int = 200,
) -> Response:
    ticked = form.choice().numbers if form else _FIRST
    form = form or ReceiptForm(formdata=None)
    shown = trail_part(trail)
    return private_page(
        "reporter/receipt.html",
        http=http,
        form=form,
        is_entry=opened.case.status == CaseStatus.SEALED,
        steps=[
            StepToTick(one.number, one.label, one.said, one.number in ticked)
            for one in shown.steps
            if one.can_be_shown
        ],
        shows_steps=not form.is_silence,
        shows_silence=form.is_silence,
        with_text=form.with_text.data,
    )


def _as_download(made: bytes) -> Response:
    response = Response(made, mimetype="application/octet-stream")
    # A document of its own may do nothing at all, should a browser ever show one.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response
