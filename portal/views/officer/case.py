"""An officer's case: reading it, writing in it, judging it, moving it on."""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import TooLongError
from portal import acts, cases, endings, outers, seen
from portal.cases import OfficerCase
from portal.errors import (
    ChangedMeanwhileError,
    IncompleteMoveError,
    NoSuchCaseError,
    NotFromHereError,
    ReasonTooLongError,
)
from portal.forms import (
    ExtendForm,
    MessageForm,
    PortalForm,
    StatusForm,
    TriageForm,
    too_long,
)
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.case_page import CaseForms, case_page, fresh_forms
from portal.views.officer.desk import address_of_row
from portal.views.request import admit, db, duty, parse_id


@bp.get("/cases/<case_id>")
def case(case_id: str) -> Response:
    """Show a case; of what is sealed there is another page."""
    opened = cases.find_for_officer(db(), parse_id(case_id), duty())
    if opened.case.status == CaseStatus.SEALED:
        return redirect(url_for("officer.entry", case_id=case_id), 303)
    seen.look(db(), duty(), opened.case.id)
    outers.complete(db(), duty(), opened.case.id, gate=runtime().gate_secret)
    opened = endings.follow(db(), duty(), opened)
    return case_page(opened, fresh_forms(request.args.get("answer", "")))


@bp.post("/cases/<case_id>/message")
def message(case_id: str) -> Response:
    """Write to the reporter."""
    opened, form = open_case(case_id), MessageForm()

    def act() -> None:
        acts.answer(
            db(),
            opened,
            duty(),
            form.text.data,
            seen=form.seen.data or "",
            rules=runtime().rules,
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(message=form), "text")


@bp.post("/cases/<case_id>/note")
def note(case_id: str) -> Response:
    """Keep an internal note."""
    opened, form = open_case(case_id), MessageForm()

    def act() -> None:
        acts.note(
            db(),
            opened,
            duty(),
            form.text.data,
            seen=form.seen.data or "",
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(note=form), "text")


@bp.post("/cases/<case_id>/triage")
def triage(case_id: str) -> Response:
    """Keep a judgement."""
    opened, form = open_case(case_id), TriageForm()

    def act() -> None:
        acts.triage(
            db(),
            opened,
            duty(),
            form.triage(opened.summary.triage),
            title=form.title.data,
            reason=form.reason.data,
            seen=form.seen.data or "",
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(triage=form), "reason")


@bp.post("/cases/<case_id>/status")
def status(case_id: str) -> Response:
    """Lead the case to another status."""
    opened, form = open_case(case_id), StatusForm()

    def act() -> None:
        acts.move(
            db(),
            opened,
            duty(),
            form.move(),
            seen=form.seen.data or "",
            rules=runtime().rules,
            retention=runtime().retention,
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    back = address_of_row(form.back.data, opened.case.id)
    return act_on(opened, form, act, CaseForms(status=form), "message", back)


@bp.post("/cases/<case_id>/extend")
def extend(case_id: str) -> Response:
    """Take the one extension of the day for the outcome."""
    opened, form = open_case(case_id), ExtendForm()

    def act() -> None:
        acts.extend(
            db(),
            opened,
            duty(),
            reason=form.reason.data,
            message=form.message.data,
            seen=form.seen.data or "",
            rules=runtime().rules,
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(extend=form), "message")


def act_on(
    opened: OfficerCase,
    form: PortalForm,
    act: Callable[[], None],
    forms: CaseForms,
    long_field: str,
    back: str | None = None,
) -> Response:
    """Judge the form and act; refused, the case comes back with all that was typed.

    *back*: where a done act leads; None: to the case.
    """
    if form.validate():
        admit("message", owner=duty().person.id.hex())
        try:
            with seen.own_act(db(), duty(), opened.case.id):
                act()
        except ChangedMeanwhileError:
            newest = open_case(opened.case.id.hex())
            return case_page(newest, forms, http=409, is_conflict=True)
        except NotFromHereError:
            field = "message" if forms.extend else "to"
            form.refuse(field, _("This step is not possible from the present status."))
        except IncompleteMoveError as error:
            for field in error.fields:
                form.refuse(field, _missing(field))
        except ReasonTooLongError as error:
            form.refuse("reason", too_long(error.excess))
        except TooLongError as error:
            form.refuse(long_field, too_long(error.excess))
    if form.has_errors:
        return case_page(open_case(opened.case.id.hex()), forms, http=422)
    case_id = opened.case.id.hex()
    return redirect(back or url_for("officer.case", case_id=case_id), 303)


def _missing(field: str) -> str:
    return {
        "reason": _(
            "Please give a reason, one line is enough; the reporter does not "
            "see it. Where the reporter is easily guessed: how you protect "
            "the source."
        ),
        "message": _("Please write to the reporter, in plain words."),
        "outcome": _("Please choose the outcome."),
    }[field]


def open_case(case_id: str) -> OfficerCase:
    """Return the case as it is now.

    Raises:
        NoSuchCaseError: there is none for this officer, or it is sealed.
    """
    db().expire_all()
    opened = cases.find_for_officer(db(), parse_id(case_id), duty())
    if opened.case.status == CaseStatus.SEALED:
        raise NoSuchCaseError
    return opened
