"""A custodian's case: told of the duties, reading it, answering, handing it on."""

from collections.abc import Callable

from flask import redirect, url_for
from werkzeug.wrappers import Response

from crypto import TooLongError
from portal import acts, cases, custody, moves, readers, reviews, seen
from portal.cases import OfficerCase
from portal.custodian_acts import LATEST_RETURN_DAYS
from portal.errors import (
    ChangedMeanwhileError,
    DayOutOfReachError,
    IncompleteMoveError,
    NoReaderError,
    NoSuchPersonError,
    NotFromHereError,
    ReasonTooLongError,
    ShutOutError,
)
from portal.forms import MessageForm, PortalForm, ReaderForm, too_long
from portal.runtime import runtime
from portal.views.custodian.blueprint import bp
from portal.views.custodian.case_page import CaseForms, case_page
from portal.views.languages import gettext as _
from portal.views.request import admit, db, duty, parse_id
from portal.views.response import private_page

_REFUSALS = (
    *(ShutOutError, NoSuchPersonError, IncompleteMoveError, NotFromHereError),
    *(DayOutOfReachError, NoReaderError, ReasonTooLongError, TooLongError),
)


@bp.get("/cases/<case_id>")
def case(case_id: str) -> Response:
    """Show a case; before the first time, what knowing it obliges to."""
    opened = _open(case_id)
    if not custody.is_informed(db(), duty(), opened.case.id):
        return _duties_page(opened)
    seen.look(db(), duty(), opened.case.id)
    return case_page(opened, CaseForms())


def _duties_page(opened: OfficerCase) -> Response:
    """Say why the case came, and what knowing it obliges to."""
    why = _("No officer can read it any more, so it was put before you.")
    task = _(
        "See that it is dealt with: hand it on to an officer whom it does not concern."
    )
    was_missed = moves.find_course(db(), opened.case).escalated_on is not None
    if was_missed and custody.has_reader(db(), opened):
        why = _("Its officers missed a deadline, so it was opened to you.")
        task = _(
            "See that it is dealt with: answer, take it over, give the officers a new "
            "deadline, or close it."
        )
    if opened.is_asked:
        why = _("Its reporter asks you to look at it.")
        task = _(
            "See that it is dealt with: read it, answer, and decide by the day that "
            "the case shows."
        )
    case_id = opened.case.id.hex()
    return private_page("custodian/duties.html", case_id=case_id, why=why, task=task)


@bp.post("/cases/<case_id>/duties")
def inform(case_id: str) -> Response:
    """Take up the duties, and open the case."""
    PortalForm()
    custody.inform(db(), _open(case_id), duty(), runtime().today())
    return redirect(url_for("custodian.case", case_id=case_id), 303)


@bp.post("/cases/<case_id>/message")
def message(case_id: str) -> Response:
    """Write to the reporter."""
    opened, form = open_known(case_id), MessageForm()

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


@bp.post("/cases/<case_id>/confirm")
def confirm(case_id: str) -> Response:
    """Answer an objection: the result stands."""
    opened, form = open_known(case_id), MessageForm()

    def act() -> None:
        reviews.confirm(
            db(),
            opened,
            duty(),
            form.text.data,
            seen=form.seen.data or "",
            retention=runtime().retention,
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(confirm=form), "text")


@bp.post("/cases/<case_id>/assign")
def assign(case_id: str) -> Response:
    """Hand the case on to an officer."""
    opened, form = open_known(case_id), ReaderForm()

    def act() -> None:
        readers.assign(
            db(),
            opened,
            duty(),
            form.officer_id(),
            reason=form.reason.data,
            seen=form.seen.data or "",
            secret=runtime().secret,
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    return act_on(opened, form, act, CaseForms(hand_on=form))


def act_on(
    opened: OfficerCase,
    form: PortalForm,
    act: Callable[[], None],
    forms: CaseForms,
    long_field: str = "message",
) -> Response:
    """Judge the form and act; refused, the case comes back with all that was typed."""
    case_id = opened.case.id.hex()
    if form.validate():
        admit("message", owner=duty().person.id.hex())
        try:
            act()
        except ChangedMeanwhileError:
            return case_page(_open(case_id), forms, http=409, is_conflict=True)
        except _REFUSALS as error:
            _refuse(form, error, long_field)
    if form.has_errors:
        return case_page(_open(case_id), forms, http=422)
    return redirect(url_for("custodian.case", case_id=case_id), 303)


def _refuse(form: PortalForm, error: Exception, long_field: str) -> None:
    """Say in the form why nothing was done."""
    match error:
        case ShutOutError():
            sentence = _("This officer cannot be given the case. Choose another.")
            form.refuse("officer", sentence)
        case NoSuchPersonError():
            form.refuse("officer", _("Please choose one of the officers shown."))
        case IncompleteMoveError():
            for field in error.fields:
                form.refuse(field, _missing(field))
        case NotFromHereError():
            sentence = _("This step is not possible from the present status.")
            form.refuse(long_field, sentence)
        case DayOutOfReachError():
            days = LATEST_RETURN_DAYS
            sentence = _("Choose a day after today, within %(days)d days.", days=days)
            form.refuse("day", sentence)
        case NoReaderError():
            sentence = _("No officer can read it. Hand it on to one first.")
            form.refuse("message", sentence)
        case ReasonTooLongError():
            form.refuse("reason", too_long(error.excess))
        case TooLongError():
            form.refuse(long_field, too_long(error.excess))


def _missing(field: str) -> str:
    return {
        "reason": _("Please give a reason, one line is enough."),
        "message": _("Please write to the reporter, in plain words."),
        "outcome": _("Please choose the outcome."),
    }[field]


def open_known(case_id: str) -> OfficerCase:
    """Open a case whose duties the custodian has taken up."""
    db().expire_all()
    return custody.find_known(db(), parse_id(case_id), duty())


def _open(case_id: str) -> OfficerCase:
    db().expire_all()
    return cases.find_for_custodian(db(), parse_id(case_id), duty())
