"""Report now: form -> preview -> the code, once."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import request
from werkzeug.wrappers import Response

from crypto import FormToken, MistypedError, holds_code
from crypto.base32 import normalise
from portal import hand_ins, sessions
from portal.conflicts import find_conflicted
from portal.deadlines import DeadlineKind
from portal.errors import (
    FormUsedError,
    NoSuchCategoryError,
    NotAdmittedError,
    ReaderLeftError,
    ReportTooLargeError,
    StoreUnavailableError,
)
from portal.forms import GroupForm, ReportForm
from portal.hand_ins import HandedIn, hand_in
from portal.reports import Readers, choose_readers
from portal.roster import ListedCustodian, ListedOfficer, list_custodians, list_officers
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.reporter.blueprint import bp
from portal.views.reporter.report_page import (
    empty_form_page,
    form_page,
    new_presets,
    was_looked_over,
)
from portal.views.request import (
    SessionEndedError,
    admit,
    cookie,
    db,
    foresee,
    form_is_stale,
    keep_visit,
    refuses_itself,
    visit,
)
from portal.views.response import page
from portal.views.words import hand_over

STALE_AFTER_SECONDS = 12 * 3600
_SECONDS = 60


@dataclass(frozen=True)
class Return:
    """A day to come back on, and why."""

    day: dt.date
    what: str


@bp.route("/report", methods=["GET", "POST"])
@refuses_itself
def report() -> Response:
    """Take a report; show its case code, this once."""
    if request.method == "GET":
        return empty_form_page(_issue())
    form = ReportForm()
    token, notices = _judge_token(form)
    officers = list_officers(db())
    if form.step.data == "language":
        return form_page(form, token, officers, notices=notices)
    if not _is_valid(form, officers):
        return form_page(form, token, officers, notices=notices, http=422)
    if notices or form.step.data != "hand-in":
        http = 422 if notices else 200
        return form_page(
            form, token, officers, notices=notices, is_preview=True, http=http
        )
    readers = _chosen(form, officers, list_custodians(db()))
    if form.has_errors or _has_news(form, officers):
        return form_page(form, token, officers, is_preview=True, http=422)
    return _take(form, token, readers)


@bp.post("/report/code")
def check_code() -> Response:
    """Compare one group of the code with what was shown."""
    form = GroupForm()
    if not visit().pending:
        raise SessionEndedError
    typed = normalise(form.group.data or "")
    for pending in visit().pending:
        if secrets.compare_digest(typed.encode(), pending.group.encode()):
            hand_ins.forget_code(db(), pending.burn_id)
            rest = tuple(other for other in visit().pending if other is not pending)
            keep_visit(replace(visit(), pending=rest))
            return page("reporter/code_checked.html", is_right=True, returns=_returns())
    return _not_the_same(form)


@bp.post("/report/code/again")
def show_code_again() -> Response:
    """Show the code once more to who has its form, for as long as that may be."""
    try:
        token = FormToken.parse(GroupForm().form_token.data or "", runtime().secret)
    except MistypedError:
        raise SessionEndedError from None
    return _again_page(token)


def _not_the_same(form: GroupForm) -> Response:
    return page(
        "reporter/code_checked.html",
        http=422,
        is_right=False,
        form_token=form.form_token.data,
        group_number=str(visit().pending[-1].number),
        error=_("Not the same as the code that was shown."),
        returns=_returns(),
    )


def _has_news(form: ReportForm, officers: Sequence[ListedOfficer]) -> bool:
    """Tell whether a preview would tick other readers than the one that was seen."""
    return was_looked_over(form) and bool(new_presets(form, officers))


def _chosen(
    form: ReportForm,
    officers: Sequence[ListedOfficer],
    custodians: tuple[ListedCustodian, ...],
) -> Readers:
    """Return who may read; refuses a choice that leaves nobody."""
    report = form.report()
    readers = choose_readers(
        officers,
        report,
        ticked=frozenset(form.readers.data),
        only_outside=form.only_outside.data,
        conflicted=find_conflicted(db(), report, runtime().secret),
    )
    if not readers.readers:
        # One page for every cause: it shall not tell who declared a conflict.
        form.leaves_nobody = True
        form.refuse("readers", _("At least one officer must be able to read it."))
    return replace(readers, custodians=custodians)


def _take(form: ReportForm, token: FormToken, readers: Readers) -> Response:
    """Hand the report in, or say what prevented it with everything kept."""
    try:
        foresee("report")
        return _code_page(_hand_in(form, token, readers), token)
    except FormUsedError:
        return _again_page(token)
    except ReaderLeftError:
        # Between the list and the storing of what was sealed to it.
        form.refuse("readers", _list_has_changed())
        return form_page(form, token, is_preview=True, http=422)
    except ReportTooLargeError as error:
        too_large = _(
            "The report as a whole is %(excess)d bytes too large. Please shorten it; "
            "details can follow with the code.",
            excess=error.excess,
        )
        return form_page(form, token, notices=[too_large], is_preview=True, http=422)
    except NotAdmittedError:
        if hand_ins.was_handed_in(db(), token):
            return _again_page(token)
        sentence = _("Too many reports are coming in at once. Nothing is stored yet.")
    except StoreUnavailableError:
        sentence = _(
            "The report cannot be stored at the moment. Nothing is stored yet."
        )
    advice = _("Everything you typed is still here. Wait a minute, then press again.")
    return form_page(form, token, notices=[sentence, advice], is_preview=True, http=503)


def _hand_in(form: ReportForm, token: FormToken, readers: Readers) -> HandedIn:
    now = runtime().now()
    category = runtime().taxonomy.find(form.category.data)
    ends_at = int((now + runtime().settings.reporter_session).timestamp())
    known = visit()
    return hand_in(
        db(),
        form.report(readers.kept_from),
        readers,
        severity=category.severity,
        form=token,
        browser=sessions.Browser(
            cookie(), replace(known, ends_at=known.ends_at or ends_at)
        ),
        instance=runtime().instance,
        gate=runtime().gate_secret,
        rules=runtime().rules,
        today=now.date(),
        minute=_minute(),
        at_once=runtime().hand_over.are_immediate,
        admit=partial(admit, "report"),
    )


def _again_page(token: FormToken) -> Response:
    """Answer a form that was handed in before: the same code, or none."""
    try:
        handed_in = hand_ins.find_handed_in(db(), token, runtime().instance, _minute())
    except FormUsedError:
        return page("reporter/received.html")
    known = visit()
    ends_at = known.ends_at or (
        runtime().timestamp() + runtime().settings.reporter_session_minutes * _SECONDS
    )
    browser = sessions.Browser(cookie(), replace(known, ends_at=ends_at))
    sessions.expect_group(db(), browser, handed_in.pending(token), runtime().instance)
    return _code_page(handed_in, token)


def _code_page(handed_in: HandedIn, token: FormToken) -> Response:
    return page(
        "reporter/code.html",
        form_token=token.reveal(),
        code_groups=handed_in.code.reveal().split("-"),
        group_number=str(handed_in.group_number),
        returns=_returns(),
        hand_over=hand_over(),
    )


def _returns() -> list[Return]:
    """Return when to come back, counted from today."""
    days = runtime().rules
    today = runtime().today()
    reasons = {
        DeadlineKind.ACKNOWLEDGE: _("officers should have acknowledged it by then"),
        DeadlineKind.FIRST_ANSWER: _("the first answer"),
        DeadlineKind.FEEDBACK: _("the outcome"),
    }
    return [
        Return(days.day_of(kind, today), reason) for kind, reason in reasons.items()
    ]


def _issue() -> FormToken:
    return FormToken.issue(runtime().secret, runtime().timestamp())


def _judge_token(form: ReportForm) -> tuple[FormToken, list[str]]:
    """Return the form's token, or a new one and why the form is asked again."""
    try:
        token = FormToken.parse(form.form_token.data or "", runtime().secret)
    except MistypedError:
        token = None
    asks_hand_in = form.step.data == "hand-in"
    age = token.age(runtime().timestamp()) if token else 0
    if token is None or age > STALE_AFTER_SECONDS:
        is_told = asks_hand_in or form_is_stale()
        return _issue(), [_stale()] if is_told else []
    if form_is_stale():
        # The token stays: a form that was handed in before must not be so again.
        return token, [_stale()]
    if form.website.data:
        form.website.data = ""
        return token, [
            _("One field should stay empty. Everything is still here: press again.")
        ]
    if asks_hand_in and age < runtime().settings.form_minimum_age_seconds:
        return token, [
            _(
                "That was very quick. Everything is still here: look once more, press again."
            )
        ]
    return token, []


def _stale() -> str:
    return _("This form was open too long. Everything is still here: press again.")


def _list_has_changed() -> str:
    return _("The list of officers has changed. Please look at it again.")


def _is_valid(form: ReportForm, officers: Sequence[ListedOfficer]) -> bool:
    """Judge the form, and what only the portal knows: officers, categories, codes."""
    is_valid = form.validate()
    if frozenset(form.readers.data or ()) - {officer.id.hex() for officer in officers}:
        form.refuse("readers", _list_has_changed())
        is_valid = False
    try:
        if form.category.data:
            runtime().taxonomy.find(form.category.data)
    except NoSuchCategoryError:
        form.refuse("category", _("Please choose one of the kinds shown."))
        is_valid = False
    for field in form.all_texts:
        if not field.errors and holds_code(field.data or ""):
            form.refuse(
                field.name,
                _("A case code stands here. It is your key: please take it out."),
            )
            is_valid = False
    return is_valid


def _minute() -> int:
    return runtime().timestamp() // _SECONDS
