"""Who reads a case: giving it to an officer, and recusing one."""

from collections.abc import Callable

from flask import url_for
from werkzeug.wrappers import Response

from portal import readers
from portal.errors import (
    IncompleteMoveError,
    LastReaderError,
    NoSuchPersonError,
    ShutOutError,
)
from portal.forms import ReaderForm
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.case import act_on, open_case
from portal.views.officer.case_page import CaseForms
from portal.views.request import db, duty


@bp.post("/cases/<case_id>/assign")
def assign(case_id: str) -> Response:
    """Give the case to an officer."""
    opened, form = open_case(case_id), ReaderForm()

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

    refusing = _refusing(form, act)
    return act_on(opened, form, refusing, CaseForms(assign=form), "reason")


@bp.post("/cases/<case_id>/recuse")
def recuse(case_id: str) -> Response:
    """Shut an officer out of the case; who recused oneself is back at the list."""
    opened, form = open_case(case_id), ReaderForm()

    def act() -> None:
        readers.recuse(
            db(),
            opened,
            duty(),
            form.officer_id(),
            reason=form.reason.data,
            seen=form.seen.data or "",
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    back = url_for("officer.cases") if form.is_about(duty().person) else None
    refusing = _refusing(form, act)
    return act_on(opened, form, refusing, CaseForms(recuse=form), "reason", back)


def _refusing(form: ReaderForm, act: Callable[[], None]) -> Callable[[], None]:
    """Return *act* with its refusals as sentences of the form."""

    def judged() -> None:
        try:
            act()
        except ShutOutError:
            # One sentence for every cause: it shall not tell whom a reporter unticked.
            form.refuse(
                "officer", _("This officer cannot be given the case. Choose another.")
            )
        except NoSuchPersonError:
            form.refuse("officer", _("Please choose one of the officers shown."))
        except LastReaderError:
            form.refuse(
                "officer",
                _("Nobody would be left to read it. Give it to somebody first."),
            )
        except IncompleteMoveError:
            form.refuse("reason", _("Please give a reason, one line is enough."))

    return judged
