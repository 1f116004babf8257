"""Paper slips: the batches that are still good, and one voided when it is lost."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import vouchers
from portal.errors import NoSuchBatchError
from portal.forms import ConfirmedForm
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp, refusal
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import page
from portal.vouchers import Batch


@dataclass(frozen=True)
class BatchOnPage:
    """A batch, and where it is voided."""

    name: str
    at_most: int
    href: str


@bp.get("/slips")
def slips() -> Response:
    """Show the batches of which slips are left."""
    batches = [_on_page(batch) for batch in vouchers.list_batches(db())]
    return page("administrator/slips.html", batches=batches)


@bp.route("/slips/<name>/void", methods=["GET", "POST"])
def void_slips(name: str) -> Response:
    """Ask once more, then let no slip of a batch be good any more."""
    batch, form = vouchers.find_batch(db(), name), ConfirmedForm()
    if request.method == "POST" and is_confirmed(form):
        vouchers.void_batch(db(), batch.name, runtime().today(), by=duty().person)
        return redirect(url_for("administrator.slips"), 303)
    return page(
        "administrator/void_slips.html",
        http=422 if form.has_errors else 200,
        form=form,
        batch=_on_page(batch),
    )


@bp.errorhandler(NoSuchBatchError)
def no_batch(_error: NoSuchBatchError) -> Response:
    """Say that there is nothing to void any more."""
    return refusal(
        404,
        _("No slip of this batch is good any more."),
        _("All were used, or somebody voided them before. Nothing was changed."),
        "administrator.slips",
        _("To the slips"),
    )


def _on_page(batch: Batch) -> BatchOnPage:
    href = url_for("administrator.void_slips", name=batch.name)
    return BatchOnPage(batch.name, batch.at_most, href)
