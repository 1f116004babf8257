"""A reporter's two ways out: withdrawing the report, and destroying it unopened."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal import calling, withdrawals
from portal.cases import ReporterCase
from portal.errors import NoSuchCaseError, NotFromHereError
from portal.forms import EndForm
from portal.runtime import runtime
from portal.sessions import Visit
from portal.statuses import CaseStatus
from portal.views.reporter.blueprint import bp
from portal.views.reporter.opened import opened_case
from portal.views.request import SessionEndedError, begin_visit, db, visit
from portal.views.response import leaving, page, private_page

_SAID_SECONDS = 120
"""How long the browser that destroyed a report is told so."""


@bp.get("/case/end")
def end() -> Response:
    """Show both ways out, and what each means."""
    opened = opened_case()
    if CaseStatus(opened.case.status).is_over:
        return redirect(url_for("reporter.case"), 303)
    return _end_page(opened)


@bp.post("/case/withdraw")
def withdraw() -> Response:
    """Withdraw the report; who demanded it is told of, nowhere to be seen."""
    opened, form = opened_case(), EndForm()
    if not form.validate():
        return _end_page(opened, withdrawing=form, http=422)
    withdrawals.withdraw(
        *(db(), opened, runtime().rules, runtime().retention, runtime().today()),
        gate=runtime().gate_secret,
        was_demanded=form.demanded.data == "yes",
    )
    return redirect(url_for("reporter.case"), 303)


@bp.post("/case/destroy")
def destroy() -> Response:
    """Destroy the report, if no officer has acknowledged it."""
    try:
        opened = opened_case()
    except SessionEndedError:
        return _ended_page()
    form = EndForm()
    if not form.validate():
        return _end_page(opened, destroying=form, http=422)
    return _destroy(opened)


def _destroy(opened: ReporterCase) -> Response:
    """Destroy it, and end the visit; or say who was faster."""
    try:
        withdrawals.destroy(db(), opened, runtime().shredder)
    except NoSuchCaseError:
        return _ended_page()
    except NotFromHereError:
        db().expire_all()
        return _end_page(opened_case(), http=409, is_too_late=True)
    # Of this visit nothing stays but that sentence, and it only for a moment.
    ends_at = runtime().timestamp() + _SAID_SECONDS
    begin_visit(Visit(ends_at=ends_at, has_destroyed=True))
    gone = redirect(url_for("reporter.case"), 303)
    return leaving(gone, keeps_cookies=True)  # type: ignore[arg-type]


def _end_page(
    opened: ReporterCase,
    *,
    withdrawing: EndForm | None = None,
    destroying: EndForm | None = None,
    http: int = 200,
    is_too_late: bool = False,
) -> Response:
    if opened.case.status == CaseStatus.SEALED:
        return _end_entry_page(destroying, http)
    told = calling.find_callable(db(), opened)
    withdrawing = withdrawing or EndForm(formdata=None)
    return private_page(
        "reporter/end.html",
        http=http,
        withdrawing=withdrawing,
        destroying=destroying or EndForm(formdata=None),
        was_demanded=withdrawing.demanded.data == "yes",
        keepers=", ".join(one.name for one in told),
        can_destroy=opened.case.status == CaseStatus.SUBMITTED,
        is_too_late=is_too_late,
        backup_days=runtime().settings.backup_keep_days,
    )


def _end_entry_page(destroying: EndForm | None, http: int) -> Response:
    """Render the one way out of what is no report; a round changes nothing in it."""
    return private_page(
        "reporter/end_entry.html",
        http=http,
        form=destroying or EndForm(formdata=None),
        backup_days=runtime().settings.backup_keep_days,
    )


def _ended_page() -> Response:
    """Say to who pressed twice, or too late, how to find out what became of it."""
    if visit().has_destroyed:
        return redirect(url_for("reporter.case"), 303)
    return page("reporter/ended.html", http=403)
