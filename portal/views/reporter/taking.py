"""A report is taken: form -> preview -> the code, once; at whichever counter."""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from werkzeug.wrappers import Response

from crypto import FormToken, MistypedError, holds_code
from crypto.base32 import normalise
from portal import hand_ins
from portal.cases import Duty
from portal.conflicts import find_conflicted
from portal.errors import (
    CaseError,
    FileError,
    FormUsedError,
    NoSuchCategoryError,
    NotAdmittedError,
    ReaderLeftError,
    ReportTooLargeError,
    StoreUnavailableError,
    UploadGoneError,
)
from portal.forms import GroupForm, ReportForm, too_large
from portal.hand_ins import HandedIn, hand_in
from portal.reports import Readers, choose_readers
from portal.roster import ListedCustodian, ListedOfficer, list_custodians, list_officers
from portal.runtime import runtime
from portal.views.evidence import Evidence, find_again, gather
from portal.views.languages import gettext as _
from portal.views.reporter.browser import browser, expect_again, minute
from portal.views.reporter.coming_back import entry_returns, report_returns
from portal.views.reporter.counter import Counter
from portal.views.reporter.form_tokens import judge_token
from portal.views.reporter.keeping import again
from portal.views.reporter.report_page import (
    form_page,
    new_presets,
    was_looked_over,
)
from portal.views.request import (
    SessionEndedError,
    admit,
    db,
    foresee,
    keep_visit,
    visit,
)
from portal.views.response import page
from portal.views.words import hand_over


@dataclass(frozen=True)
class Taking:
    """A form that nothing is wrong with, on its way in."""

    counter: Counter
    form: ReportForm
    token: FormToken
    readers: Readers
    evidence: Evidence
    taken_by: Duty | None
    """The officer who filled it in for somebody; None: the reporter did."""


def answer_form(counter: Counter, taken_by: Duty | None = None) -> Response:
    """Answer a form: with itself, looked over or refused, or with the code."""
    form = counter.form()
    token, notices = judge_token(form)
    officers, evidence = list_officers(db()), gather(form)
    show = partial(form_page, form, token, officers, evidence, counter=counter)
    if form.step.data == "language":
        return show(notices=notices)
    is_valid, asks_hand_in = _is_valid(form, officers), form.step.data == "hand-in"
    if asks_hand_in and evidence.refused and hand_ins.was_handed_in(db(), token):
        # Its files are not here any more because they went with it: it is sent twice.
        return _again_page(counter, token)
    evidence.tell(form)
    if not is_valid:
        return show(notices=notices, http=422)
    if notices or form.has_errors or not asks_hand_in:
        is_refused = bool(notices) or form.has_errors
        return show(notices=notices, is_preview=True, http=422 if is_refused else 200)
    evidence.ask(form)
    readers = _chosen(form, officers, list_custodians(db()))
    if form.has_errors or _has_news(form, officers):
        return show(is_preview=True, http=422)
    return _take(Taking(counter, form, token, readers, evidence, taken_by))


def compare_group(counter: Counter) -> Response:
    """Compare the group that was typed back with those that were shown."""
    form = GroupForm()
    if not visit().pending:
        raise SessionEndedError
    typed = normalise(form.group.data or "")
    for pending in visit().pending:
        if secrets.compare_digest(typed.encode(), pending.group.encode()):
            hand_ins.forget_code(db(), pending.burn_id)
            rest = tuple(other for other in visit().pending if other is not pending)
            keep_visit(replace(visit(), pending=rest))
            return _checked(counter, form)
    return _not_the_same(counter, form)


def _checked(counter: Counter, form: GroupForm) -> Response:
    if form.kind_of_entry:
        kept = "reporter/kept_checked.html"
        returns = entry_returns(form.kind_of_entry)
        return page(kept, is_right=True, returns=returns)
    returns = report_returns(list_custodians(db()))
    return page(counter.answer("code_checked"), is_right=True, returns=returns)


def answer_again(counter: Counter) -> Response:
    """Answer who asks for the code once more."""
    form = GroupForm()
    try:
        token = FormToken.parse(form.form_token.data or "", runtime().secret)
    except MistypedError:
        raise SessionEndedError from None
    kind = form.kind_of_entry
    return again(token, kind) if kind else _again_page(counter, token)


def _not_the_same(counter: Counter, form: GroupForm) -> Response:
    kind = form.kind_of_entry
    return page(
        "reporter/kept_checked.html" if kind else counter.answer("code_checked"),
        http=422,
        is_right=False,
        form_token=form.form_token.data,
        kind=kind,
        group_number=str(visit().pending[-1].number),
        error=_("Not the same as the code that was shown."),
        returns=entry_returns(kind) if kind else report_returns(list_custodians(db())),
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


def _take(taking: Taking) -> Response:
    """Hand the report in, or say what prevented it with everything kept."""
    token, counter = taking.token, taking.counter
    show = _preview_again(taking)
    try:
        foresee("report")
        handed_in, called = _hand_in(taking), taking.readers.custodians
        return _code_page(counter, handed_in, token, called)
    except FormUsedError:
        return _again_page(counter, token)
    except (ReaderLeftError, UploadGoneError) as error:
        return _went_meanwhile(taking, error)
    except ReportTooLargeError as error:
        return show(notices=[too_large(error.excess)], http=422)
    except NotAdmittedError:
        if hand_ins.was_handed_in(db(), token):
            return _again_page(counter, token)
        sentence = _("Too many reports are coming in at once. Nothing is stored yet.")
    except StoreUnavailableError:
        sentence = _(
            "The report cannot be stored at the moment. Nothing is stored yet."
        )
    advice = _("Everything you typed is still here. Wait a minute, then press again.")
    return show(notices=[sentence, advice], http=503)


def _went_meanwhile(taking: Taking, error: CaseError | FileError) -> Response:
    """Say who or what went between the page and handing in, with the rest kept."""
    if isinstance(error, FileError):
        return _preview_again(taking, find_again(taking.evidence))(http=422)
    # Between the list and the storing of what was sealed to it.
    taking.form.refuse("readers", _list_has_changed())
    return _preview_again(taking)(http=422)


def _preview_again(
    taking: Taking, evidence: Evidence | None = None
) -> Callable[..., Response]:
    """Return what shows the form again, with everything in it."""
    if evidence:
        evidence.tell(taking.form)
    return partial(
        form_page,
        taking.form,
        taking.token,
        evidence=evidence or taking.evidence,
        counter=taking.counter,
        is_preview=True,
    )


def _hand_in(taking: Taking) -> HandedIn:
    now = runtime().now()
    form, readers = taking.form, taking.readers
    category = runtime().taxonomy.find(form.category.data)
    report, taker = form.report(readers.kept_from), taking.taken_by
    return hand_in(
        db(),
        replace(report, taken_by=taker.person.id.hex()) if taker else report,
        readers,
        severity=category.severity,
        form=taking.token,
        browser=browser(),
        instance=runtime().instance,
        gate=runtime().gate_secret,
        rules=runtime().rules,
        today=now.date(),
        minute=minute(),
        at_once=runtime().hand_over.are_immediate,
        admit=partial(admit, "report"),
        taken_by=taker,
        received=taking.evidence.to_send(),
    )


def _again_page(counter: Counter, token: FormToken) -> Response:
    """Answer a form that was handed in before: the same code, or none."""
    try:
        handed_in = hand_ins.find_handed_in(db(), token, runtime().instance, minute())
    except FormUsedError:
        return page(counter.answer("received"))
    expect_again(handed_in, token)
    return _code_page(counter, handed_in, token, list_custodians(db()))


def _code_page(
    counter: Counter,
    handed_in: HandedIn,
    token: FormToken,
    custodians: Collection[ListedCustodian],
) -> Response:
    return page(
        counter.answer("code"),
        form_token=token.reveal(),
        code_groups=handed_in.code.reveal().split("-"),
        group_number=str(handed_in.group_number),
        returns=report_returns(custodians),
        hand_over=hand_over(),
    )


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
