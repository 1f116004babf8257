"""Keeping what is no report: form -> preview -> the code, once; on any rung."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from werkzeug.wrappers import Response

from crypto import FormToken, holds_code
from portal import hand_ins
from portal.entries import EntryKind
from portal.errors import (
    FormUsedError,
    NotAdmittedError,
    ReaderLeftError,
    ReportTooLargeError,
    StoreUnavailableError,
)
from portal.forms import EntryForm, too_large
from portal.hand_ins import HandedIn, hand_in
from portal.renewals import using
from portal.reports import Readers
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.reporter.browser import browser, expect_again, minute
from portal.views.reporter.coming_back import entry_returns
from portal.views.reporter.form_tokens import issue_token, judge_token
from portal.views.reporter.report_page import hints_of
from portal.views.reporter.rungs import Rung
from portal.views.reporter.ticking import readers_of, ticks
from portal.views.request import admit, db, foresee
from portal.views.response import page, private_page
from portal.views.words import hand_over


def empty_page(rung: Rung) -> Response:
    """Render the empty form."""
    context = _context(rung, rung.form(formdata=None), issue_token())
    return page(rung.template, http=200, **context)


def answer_form(rung: Rung) -> Response:
    """Answer a form: with itself, looked over or refused, or with the code."""
    form = rung.form()
    token, notices = judge_token(form)
    show = partial(form_page, rung, form, token)
    if not is_valid(form):
        return show(notices=notices, http=422)
    if notices or form.step.data != "hand-in":
        return show(notices=notices, is_preview=True, http=422 if notices else 200)
    readers = readers_of(form)
    if form.has_errors:
        return show(is_preview=True, http=422)
    return keep(rung, form, token, readers)


def form_page(
    rung: Rung,
    form: EntryForm,
    token: FormToken,
    *,
    notices: Sequence[str] = (),
    is_preview: bool = False,
    http: int = 200,
) -> Response:
    """Render the form with everything that was typed."""
    context = _context(rung, form, token, notices, is_preview=is_preview)
    return private_page(rung.template, http=http, **context)


def is_valid(form: EntryForm) -> bool:
    """Judge the form, and whether a case code stands in it."""
    form.validate()
    for field in form.all_texts:
        if not field.errors and holds_code(field.data or ""):
            form.refuse(
                field.name,
                _("A case code stands here. It is your key: please take it out."),
            )
    return not form.has_errors


def keep(rung: Rung, form: EntryForm, token: FormToken, readers: Readers) -> Response:
    """Keep what the form holds, or say what prevented it with everything in it."""
    show = partial(form_page, rung, form, token, is_preview=True)
    kind = form.entry(runtime().today()).kind
    try:
        foresee("report")
        return code_page(_hand_in(form, token, readers), token, kind)
    except FormUsedError:
        return again(token, kind)
    except ReaderLeftError:
        return show(
            notices=[_("The list of officers has changed. Press again.")], http=422
        )
    except ReportTooLargeError as error:
        return show(notices=[too_large(error.excess)], http=422)
    except NotAdmittedError:
        if hand_ins.was_handed_in(db(), token):
            return again(token, kind)
        sentence = _("Too much is coming in at once. Nothing is stored yet.")
    except StoreUnavailableError:
        sentence = _("It cannot be stored at the moment. Nothing is stored yet.")
    advice = _("Everything you typed is still here. Wait a minute, then press again.")
    return show(notices=[sentence, advice], http=503)


def code_page(handed_in: HandedIn, token: FormToken, kind: EntryKind) -> Response:
    """Show the code, this once, and what happens now."""
    return page(
        "reporter/kept.html",
        kind=kind,
        form_token=token.reveal(),
        code_groups=handed_in.code.reveal().split("-"),
        group_number=str(handed_in.group_number),
        returns=entry_returns(kind),
        hand_over=hand_over(),
    )


def _hand_in(form: EntryForm, token: FormToken, readers: Readers) -> HandedIn:
    today = runtime().today()
    report = form.report(readers.kept_from)
    with _using_slip(form):
        return hand_in(
            db(),
            report,
            readers,
            severity=runtime().taxonomy.find(report.category).severity,
            form=token,
            browser=browser(),
            instance=runtime().instance,
            gate=runtime().gate_secret,
            rules=runtime().rules,
            today=today,
            minute=minute(),
            at_once=runtime().hand_over.are_immediate,
            admit=partial(admit, "report"),
            entry=form.entry(today),
        )


def _using_slip(form: EntryForm) -> AbstractContextManager[None]:
    """Use up the slip that was typed; if what follows fails it is good again."""
    return using(db(), form.slip_used) if form.slip_used else nullcontext()


def no_such_slip() -> str:
    """Return the sentence for a slip that is unknown, used or voided: the same."""
    return _(
        "This slip is not good: it was used or voided, or was never printed. "
        "Nothing is lost; draw another one."
    )


def again(token: FormToken, kind: EntryKind) -> Response:
    """Answer a form that was handed in before: the same code, or none."""
    try:
        handed_in = hand_ins.find_handed_in(db(), token, runtime().instance, minute())
    except FormUsedError:
        return page("reporter/received.html")
    expect_again(handed_in, token)
    return code_page(handed_in, token, kind)


def _context(
    rung: Rung,
    form: EntryForm,
    token: FormToken,
    notices: Sequence[str] = (),
    *,
    is_preview: bool = False,
) -> dict[str, object]:
    return {
        "form": form,
        "form_token": token.reveal(),
        "form_action": rung.action,
        "notices": notices,
        "is_preview": is_preview,
        "hints": hints_of(form.free_texts) if is_preview else [],
        **ticks(form),
        **form.on_page(),
        **rung.part(form),
    }
