"""The page of a request for a reminder: whom, to how many, when, and who reads it."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial

from werkzeug.wrappers import Response

from portal.errors import (
    GiftTooLateError,
    NoReaderError,
    ReminderError,
    SubjectAtWorkError,
    TooFewPeopleError,
)
from portal.forms import RemindForm
from portal.ladder import Ladder, Rung, judge
from portal.leaflet_texts import LeafletFacts
from portal.mending import Limit, find_limit
from portal.reminder_days import ReminderDays, find_days, find_gift_days
from portal.reminders import ReminderWay
from portal.reminding import KEPT_DAYS, Composed, Wish, compose
from portal.roster import list_custodians, list_officers
from portal.runtime import runtime
from portal.staff import count_staff
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.mending import how_to_type
from portal.views.reporter.form_tokens import judge_token
from portal.views.reporter.keeping import form_page, is_valid, keep
from portal.views.reporter.picker import find_meant, picker_on_page
from portal.views.reporter.questions import (
    JudgedOnPage,
    carried,
    find_agency,
    judge_form,
    rung_on_page,
)
from portal.views.reporter.rungs import REMIND
from portal.views.request import db
from portal.views.words import day

_NO_CODE = "XXXX-XXXX-XXXX-XXXX-XXXX"
"""Stands where the leaflet will have its reply code."""


@dataclass(frozen=True)
class WayOnPage:
    """To how many people it goes, as it can be chosen."""

    value: str
    title: str
    about: str
    is_checked: bool


def what_is_missing(form: RemindForm) -> list[str]:
    """Say what there is no reminder without, before anything is asked for."""
    if not runtime().settings.staff_search or not count_staff(db()):
        return [
            _("This agency has no staff list to search, so nobody can be reminded.")
        ]
    if form.was_asked and not form.category.data:
        return [
            _("Please choose what kind it is: the reminder's words follow from it.")
        ]
    return []


def answer_request(form: RemindForm) -> Response:
    """Answer the form: with itself, looked over or refused, or with the code."""
    token, notices = judge_token(form)
    is_begun = form.step.data in {"preview", "hand-in"}
    ladder = judge_form(form)
    if not form.step.data:
        # Come from the questions: whoever is there may read it.
        form.readers.data = [one.id.hex() for one in list_officers(db())]
    composed = _compose(form, ladder) if is_begun and ladder else None
    if ladder:
        form.parts = _parts(form, ladder)
    show = partial(form_page, REMIND, form, token, notices=notices)
    if is_begun and composed is None:
        return show(http=422)
    if composed is None or notices or form.step.data != "hand-in":
        return show(is_preview=is_begun, http=422 if notices else 200)
    form.composed = composed
    return keep(REMIND, form, token, composed.readers)


def _compose(form: RemindForm, ladder: Ladder) -> Composed | None:
    """Draw people and days; None: the form says at a field what is wrong."""
    today = runtime().today()
    if not is_valid(form):
        return None
    if form.way.data not in {way.value for way in _ways(form, ladder)}:
        form.refuse("way", _("Please choose one of the answers shown."))
    subject = find_meant(form)
    received_on = form.gift_day(today) if _is_gift(form) else None
    if form.has_errors or subject is None:
        return None
    wish = Wish(
        category=form.category.data,
        way=ReminderWay(form.way.data),
        subject=subject,
        ticked=frozenset(form.readers.data or ()),
        mend_by=_kpk(received_on).last_day if received_on else None,
    )
    try:
        composed = compose(
            *(db(), wish, _days(form, received_on), list_officers(db())),
            secret=runtime().secret,
            today=today,
        )
    except (ReminderError, NoReaderError) as error:
        _refuse(form, error)
        return None
    return composed.with_custodians(list_custodians(db()))


def _refuse(form: RemindForm, error: Exception) -> None:
    field, sentence = {
        GiftTooLateError: ("received_on", _("There is no time left for a reminder.")),
        SubjectAtWorkError: ("who_search", _at_work()),
        TooFewPeopleError: ("way", _("The staff list has too few people for six.")),
        NoReaderError: ("readers", _("At least one officer must be able to read it.")),
    }[type(error)]
    form.refuse(field, sentence)
    form.left = error.left if isinstance(error, GiftTooLateError) else None
    # One page for every cause: it shall not tell who declared a conflict.
    form.leaves_nobody = isinstance(error, NoReaderError)


def _at_work() -> str:
    return _(
        "Somebody of this name works with the portal, and cannot be reminded through it. "
        "Report it, and untick that officer."
    )


def _is_gift(form: RemindForm) -> bool:
    return runtime().taxonomy.find(form.category.data).is_gift


def _days(form: RemindForm, received_on: dt.date | None) -> ReminderDays:
    """Return when it can be passed on.

    Raises:
        GiftTooLateError: too late for the gift.
    """
    working_days, rules = runtime().working_days, runtime().settings.reminder_delay
    today = runtime().today()
    if not _is_gift(form):
        return find_days(working_days, rules, today)
    count = runtime().settings.gift_report_working_days
    return find_gift_days(working_days, rules, received_on, count, today)


def _kpk(received_on: dt.date) -> Limit:
    count = runtime().settings.gift_report_working_days
    return find_limit(runtime().working_days, received_on, count, runtime().today())


def _parts(form: RemindForm, ladder: Ladder) -> dict[str, object]:
    """Return what the page shows besides the form's own fields."""
    facts = LeafletFacts(
        runtime().settings.address,
        day(runtime().today() + dt.timedelta(days=KEPT_DAYS)),
        _NO_CODE,
    )
    return {
        "picker": picker_on_page(form),
        "carried": carried(form),
        "ways": _ways(form, ladder),
        "kind": runtime().taxonomy.find(form.category.data).title[language()],
        "leaflet": runtime().leaflets[form.category.data].fill(language(), facts),
        "is_gift": _is_gift(form),
        "how_to_type": how_to_type() if _is_gift(form) else "",
        "limits": _limits(form),
        "too_late": _too_late(form, ladder),
        "window": _window(form),
    }


def _ways(form: RemindForm, ladder: Ladder) -> list[WayOnPage]:
    agency, chosen = find_agency(), form.way.data or ReminderWay.CIRCLE.value
    six = WayOnPage(
        ReminderWay.CIRCLE.value,
        _("The same leaflet to six people"),
        _(
            "Five more are drawn from the staff list. A visit then says nothing, and "
            "officers do not know who is meant."
        ),
        is_checked=chosen == ReminderWay.CIRCLE,
    )
    one = WayOnPage(
        ReminderWay.PERSONAL.value,
        _("To this person alone"),
        _("Open only where five or more know of it. Officers see the name."),
        is_checked=chosen == ReminderWay.PERSONAL,
    )
    open_ways = [six] if agency.can_circulate else []
    return open_ways if ladder[Rung.REMIND].is_for_six else [*open_ways, one]


def _window(form: RemindForm) -> str:
    """Say between which days it is passed on; empty: it is not."""
    try:
        window = _days(form, form.known_gift_day(runtime().today())).window
    except GiftTooLateError:
        return ""
    if window.first == window.last:
        return _(
            "Officers may decline. Otherwise it is delivered on %(day)s.",
            day=day(window.first),
        )
    return _(
        "Officers may decline. Otherwise it is delivered between %(first)s and "
        "%(last)s. The day is drawn, so that it does not point at you.",
        first=day(window.first),
        last=day(window.last),
    )


def _limits(form: RemindForm) -> list[str]:
    """Say until when a gift can be reported, to whom."""
    received_on = form.known_gift_day(runtime().today())
    if received_on is None or not _is_gift(form):
        return []
    settings, today = runtime().settings, runtime().today()
    count = settings.upg_limit_working_days
    upg = find_limit(runtime().working_days, received_on, count, today)
    return [
        _("Last day to report to the UPG: %(day)s", day=day(upg.last_day)),
        _(
            "Last day to report to the KPK: %(day)s",
            day=day(_kpk(received_on).last_day),
        ),
    ]


def _too_late(form: RemindForm, ladder: Ladder) -> JudgedOnPage | None:
    """Return why it is too late for a gift, and what is open instead."""
    if form.left is None:
        return None
    answers = replace(ladder.answers, working_days_left=form.left)
    return rung_on_page(judge(answers, find_agency()), Rung.REMIND)
