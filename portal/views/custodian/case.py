"""A custodian's case: told of the duties, reading it, answering, handing it on."""

from collections.abc import Callable

from flask import redirect, url_for
from werkzeug.wrappers import Response

from crypto import TooLongError
from portal import acts, cases, custody, readers, reviews, seen
from portal.cases import OfficerCase
from portal.errors import (
    ChangedMeanwhileError,
    IncompleteMoveError,
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


@bp.get("/cases/<case_id>")
def case(case_id: str) -> Response:
    """Show a case; before the first time, what knowing it obliges to."""
    opened = _open(case_id)
    if not custody.is_informed(db(), duty(), opened.case.id):
        return private_page("custodian/duties.html", case_id=case_id)
    seen.look(db(), duty(), opened.case.id)
    return case_page(opened, CaseForms())


@bp.post("/cases/<case_id>/duties")
def inform(case_id: str) -> Response:
    """Take up the duties, and open the case."""
    PortalForm()
    custody.inform(db(), _open(case_id), duty(), runtime().today())
    return redirect(url_for("custodian.case", case_id=case_id), 303)


@bp.post("/cases/<case_id>/message")
def message(case_id: str) -> Response:
    """Write to the reporter."""
    opened, form = _open_known(case_id), MessageForm()

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

    return _act(opened, form, act, CaseForms(message=form))


@bp.post("/cases/<case_id>/confirm")
def confirm(case_id: str) -> Response:
    """Answer an objection: the result stands."""
    opened, form = _open_known(case_id), MessageForm()

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

    return _act(opened, form, act, CaseForms(confirm=form))


@bp.post("/cases/<case_id>/assign")
def assign(case_id: str) -> Response:
    """Hand the case on to an officer."""
    opened, form = _open_known(case_id), ReaderForm()

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

    return _act(opened, form, act, CaseForms(hand_on=form))


def _act(
    opened: OfficerCase, form: PortalForm, act: Callable[[], None], forms: CaseForms
) -> Response:
    """Judge the form and act; refused, the case comes back with all that was typed."""
    case_id = opened.case.id.hex()
    if form.validate():
        admit("message", owner=duty().person.id.hex())
        try:
            act()
        except ChangedMeanwhileError:
            return case_page(_open(case_id), forms, http=409, is_conflict=True)
        except ShutOutError:
            sentence = _("This officer cannot be given the case. Choose another.")
            form.refuse("officer", sentence)
        except NoSuchPersonError:
            form.refuse("officer", _("Please choose one of the officers shown."))
        except NotFromHereError:
            sentence = _("There is nothing to answer any more: look at what is new.")
            form.refuse("text", sentence)
        except IncompleteMoveError:
            form.refuse("reason", _("Please give a reason, one line is enough."))
        except ReasonTooLongError as error:
            form.refuse("reason", too_long(error.excess))
        except TooLongError as error:
            form.refuse("text", too_long(error.excess))
    if form.has_errors:
        return case_page(_open(case_id), forms, http=422)
    return redirect(url_for("custodian.case", case_id=case_id), 303)


def _open_known(case_id: str) -> OfficerCase:
    """Open a case whose duties the custodian has taken up."""
    db().expire_all()
    return custody.find_known(db(), parse_id(case_id), duty())


def _open(case_id: str) -> OfficerCase:
    db().expire_all()
    return cases.find_for_custodian(db(), parse_id(case_id), duty())
