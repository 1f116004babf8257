"""What an entry's page shows where it asks for a reminder; and the leaflet to print."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from werkzeug.wrappers import Response

from portal import deliveries, leaflets
from portal.cases import OfficerCase
from portal.deliveries import Repeat, Standing, Waiting
from portal.forms import DeclineForm
from portal.leaflet_texts import LeafletFacts
from portal.leaflets import Answer
from portal.reminders import Addressee, ReminderAct, ReminderRequest, ReminderWay
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.report_lines import category_title
from portal.views.request import db, duty
from portal.views.response import private_page
from portal.views.words import day


@dataclass(frozen=True)
class ReminderOnPage:
    """A request, and what can be done with it."""

    kind: str
    days: str
    state: str
    """Where it stands today."""
    is_late: bool
    people: tuple[Addressee, ...]
    is_for_six: bool
    repeats: list[str]
    can_deliver: bool
    is_open: bool
    """Nobody has decided on it."""
    letter: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class RequestLine:
    """One line of the work list."""

    href: str
    kind: str
    days: str
    state: str
    is_late: bool


def reminder_part(
    opened: OfficerCase, form: DeclineForm | None = None
) -> dict[str, object]:
    """Return what `officer/_reminder.html` shows; nothing where it asks for none."""
    request = deliveries.read_request(db(), opened)
    if request is None:
        return {}
    today, standing = runtime().today(), deliveries.read_standing(db(), opened)
    repeats = deliveries.find_repeats(db(), opened, duty(), today)
    can_deliver = standing is None and deliveries.can_deliver(request, today)
    shown = ReminderOnPage(
        kind=category_title(request.template),
        days=_days(request),
        state=_standing(standing) if standing else _state(request, today),
        is_late=standing is None and _is_pressing(request, today),
        people=request.people,
        is_for_six=request.way is ReminderWay.CIRCLE,
        repeats=[_repeat(one) for one in repeats],
        can_deliver=can_deliver,
        is_open=standing is None,
        letter=url_for("officer.letter", case_id=opened.case.id.hex()),
        answers=_answers(request, standing),
    )
    return {"reminder": shown, "decline_form": form or DeclineForm(formdata=None)}


def letter_page(request: ReminderRequest, back: str) -> Response:
    """Render the sheets, one for each; no name stands on them."""
    facts = LeafletFacts(
        runtime().settings.address,
        day(request.kept_until),
        request.reply_code.reveal(),
    )
    return private_page(
        "officer/letter.html",
        back=back,
        sheets=[runtime().leaflets[request.template].fill(language(), facts)]
        * len(request.people),
        count=len(request.people),
    )


def work_page(waiting: Sequence[Waiting]) -> Response:
    """Render the requests that wait, the first to be delivered first."""
    today = runtime().today()
    return private_page(
        "officer/reminders.html", requests=[_line(one, today) for one in waiting]
    )


def _line(waiting: Waiting, today: dt.date) -> RequestLine:
    request = waiting.request
    return RequestLine(
        url_for("officer.entry", case_id=waiting.case_id.hex()),
        category_title(request.template),
        _days(request),
        _state(request, today),
        _is_pressing(request, today),
    )


def _answers(request: ReminderRequest, standing: Standing | None) -> tuple[Answer, ...]:
    if standing is None:
        return ()
    return leaflets.read_replies(db(), request.reply_code, runtime().instance)


def _days(request: ReminderRequest) -> str:
    first, last = day(request.days.first), day(request.days.last)
    if first == last:
        return _("On %(day)s", day=first)
    return _("Between %(first)s and %(last)s", first=first, last=last)


def _is_pressing(request: ReminderRequest, today: dt.date) -> bool:
    return request.is_late(today)


def _state(request: ReminderRequest, today: dt.date) -> str:
    if not request.is_due(today):
        return _("Its day has not come yet.")
    if deliveries.can_deliver(request, today):
        late = _("The last day has passed. Pass it on today, or decline.")
        return late if request.is_late(today) else _("To be passed on now.")
    return _("It would come too late to be of use. Please decline it.")


def _standing(standing: Standing) -> str:
    if standing.act is ReminderAct.DELIVERED:
        return _("Passed on, on %(day)s.", day=day(standing.day))
    return _("Declined on %(day)s.", day=day(standing.day))


def _repeat(repeat: Repeat) -> str:
    return _(
        "%(name)s stands in other requests of the last twelve months: %(count)d",
        name=repeat.person.name,
        count=repeat.count,
    )
