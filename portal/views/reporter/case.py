"""The reporter's case: opening it with the code, reading, writing, leaving."""

from dataclasses import dataclass, replace
from functools import partial

from flask import redirect, url_for
from werkzeug.wrappers import Response

from crypto import (
    CaseCode,
    MistypedError,
    TooLongError,
)
from portal import cases, own_cases
from portal.cases import ReporterCase
from portal.errors import CodeInTextError, NoSuchCaseError, UploadGoneError
from portal.forms import CodeForm, OwnMessageForm, PortalForm, too_long
from portal.runtime import runtime
from portal.sessions import Standing, Visit
from portal.views.evidence import Evidence, find_again, gather
from portal.views.languages import chosen
from portal.views.languages import gettext as _
from portal.views.receiving import receives_files
from portal.views.reporter.blueprint import bp
from portal.views.reporter.opened import opened_case
from portal.views.reporter.own_page import own_page
from portal.views.request import (
    SessionEndedError,
    admit,
    begin_visit,
    db,
    end_visit,
    foresee,
    keep_visit,
    visit,
)
from portal.views.response import leaving, page, private_page


@dataclass(frozen=True)
class CodeProblem:
    """Why a code was not taken."""

    is_mistyped: bool = False
    is_unknown: bool = False


@bp.get("/case")
def case() -> Response:
    """Show the open case, or ask for its code."""
    try:
        opened = opened_case()
    except SessionEndedError:
        return _ask_code()
    return own_page(opened, OwnMessageForm(formdata=None))


@bp.post("/case/open")
def open_case() -> Response:
    """Open a case with its code; an unsent message comes along."""
    form = CodeForm()
    try:
        code = CaseCode.parse(form.code.data or "")
    except MistypedError:
        return _ask_code(form, CodeProblem(is_mistyped=True), typed=form.code.data)
    try:
        begin_visit(_visit_with(code))
    except NoSuchCaseError:
        return _ask_code(form, CodeProblem(is_unknown=True))
    if form.text.data:
        return own_page(opened_case(), OwnMessageForm())
    return redirect(url_for("reporter.case"), 303)


@bp.post("/case/message")
@receives_files
def message() -> Response:
    """Add a message to the thread."""
    opened, form = opened_case(), OwnMessageForm()
    evidence = _judge(form)
    if not form.has_errors:
        evidence = _write(opened, form, evidence)
    if form.has_errors:
        return own_page(opened, form, evidence, http=422)
    return redirect(url_for("reporter.case"), 303)


@bp.post("/case/mine")
def mine() -> Response:
    """Show the reporter's own texts, for this visit."""
    PortalForm()
    keep_visit(replace(visit(), shows_own=True))
    return redirect(url_for("reporter.case"), 303)


@bp.post("/case/leave")
def leave() -> Response:
    """Close the case on this browser."""
    end_visit()
    return leaving(redirect(url_for("public.start", lang=chosen()), 303))  # type: ignore[arg-type]


def _judge(form: OwnMessageForm) -> Evidence:
    """Return the files of the form; say in the form what speaks against sending it."""
    evidence = gather(form, visit().windows)
    if form.validate() and not form.text.data and not evidence.files:
        form.refuse("text", _("There is no text yet."))
    evidence.tell(form)
    if not form.has_errors:
        evidence.ask(form)
    return evidence


def _write(opened: ReporterCase, form: OwnMessageForm, evidence: Evidence) -> Evidence:
    """Write what the form holds, or say in the form why not."""
    foresee("message")
    try:
        own_cases.write(
            db(),
            opened,
            form.text.data,
            windows=visit().windows,
            today=runtime().today(),
            at_once=runtime().hand_over.are_immediate,
            admit=partial(admit, "message"),
            received=evidence.to_send(),
        )
    except UploadGoneError:
        evidence = find_again(evidence)
        evidence.tell(form)
    except CodeInTextError:
        form.refuse(
            "text", _("Part of your case code stands here. Please take it out.")
        )
    except TooLongError as error:
        form.refuse("text", too_long(error.excess))
    return evidence


def _visit_with(code: CaseCode) -> Visit:
    # Both keys are derived before the look-up: an unknown code costs the same.
    code_key = code.key(runtime().instance)
    found = cases.find_by_locator(db(), code.locator(runtime().instance))
    ends = runtime().now() + runtime().settings.reporter_session
    return Visit(
        standing=Standing.REPORTER,
        ends_at=int(ends.timestamp()),
        case_id=found.id,
        code_key=code_key.reveal(),
        windows=code.windows(),
        pending=visit().pending,
    )


def _ask_code(
    form: CodeForm | None = None,
    problem: CodeProblem | None = None,
    typed: str | None = None,
) -> Response:
    draft = form.text.data if form else None
    render = private_page if typed or draft else page
    return render(
        "reporter/open.html",
        http=422 if problem else 200,
        problem=problem,
        typed=typed,
        draft=draft,
        has_destroyed=visit().has_destroyed and problem is None,
    )
