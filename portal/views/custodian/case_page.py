"""A custodian's page of a case: report, thread, notes and steps, ready to be shown."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Response

from portal import cases, custody, threads
from portal.cases import OfficerCase
from portal.courses import Course
from portal.forms import (
    CustodianStepForm,
    GiveBackForm,
    MessageForm,
    ReaderForm,
    TakeOverForm,
)
from portal.reader_sheets import ReaderSheet
from portal.reports import Report
from portal.roster import ListedOfficer, list_officers
from portal.statuses import CaseStatus
from portal.threads import Chain
from portal.views.custodian.acts_part import acts_part
from portal.views.custodian.objection_part import objection_part
from portal.views.officer.case_page import staff, taken_label, texts_part
from portal.views.officer.case_readers import ReaderOnPage
from portal.views.officer.desk import Selectable
from portal.views.officer.due_part import due_part
from portal.views.report_lines import category_title
from portal.views.request import db
from portal.views.response import private_page
from portal.views.timeline import timeline
from portal.views.trail_part import find_trail, trail_part


@dataclass(frozen=True)
class CaseForms:
    """The forms of the page; the one that was refused comes back filled."""

    message: MessageForm | None = None
    hand_on: ReaderForm | None = None
    take_over: TakeOverForm | None = None
    give_back: GiveBackForm | None = None
    status: CustodianStepForm | None = None
    confirm: MessageForm | None = None


@dataclass(frozen=True)
class HeadOnPage:
    """The head of the page."""

    title: str
    status: CaseStatus
    received_on: dt.date
    category: str


def case_page(
    opened: OfficerCase,
    forms: CaseForms,
    *,
    http: int = 200,
    is_conflict: bool = False,
) -> Response:
    """Render the case as its custodian sees it."""
    case, key = opened.case, opened.key
    thread = threads.read_handed_over(db(), case.id, Chain.THREAD, key.thread)
    steps = cases.read_steps(db(), case.id)
    report = Report.decode(thread[0].plain)
    taken = taken_label(report, staff())
    hand_on_form = forms.hand_on or ReaderForm(formdata=None)
    has_reader = custody.has_reader(db(), opened)
    return private_page(
        "custodian/case.html",
        http=http,
        case_id=case.id.hex(),
        case=_head(opened),
        conflict=is_conflict,
        timeline=timeline(case, steps, taken_label=taken),
        due=due_part(case, report, steps, is_left=not has_reader),
        acts=acts_part(
            case,
            Course.of(steps),
            forms.take_over,
            forms.give_back,
            forms.status,
            has_reader=has_reader,
        ),
        **_office_part(opened, hand_on_form),
        **objection_part(opened, steps, forms.confirm),
        can_write=case.status != CaseStatus.WITHDRAWN,
        seen=cases.read_state(db(), case),
        trail=trail_part(find_trail(case, key.thread)),
        message_form=forms.message or MessageForm(formdata=None),
        hand_on_form=hand_on_form,
        **texts_part(opened, thread, staff()),
    )


def _office_part(opened: OfficerCase, form: ReaderForm) -> dict[str, object]:
    """Return what the office keeps; of what a reporter gave, that it stays shut."""
    if opened.is_asked:
        return {"is_asked": True}
    sheet = ReaderSheet.unseal(opened.case.reader_sheet, opened.key, opened.case.id)
    officers = {officer.id.hex(): officer for officer in list_officers(db())}
    return {
        "readers": _readers(officers, sheet),
        "officers": _others(officers, sheet, form.officer.data or ""),
    }


def _head(opened: OfficerCase) -> HeadOnPage:
    return HeadOnPage(
        opened.summary.title,
        CaseStatus(opened.case.status),
        cases.find_received_on(db(), opened.case.id),
        category_title(opened.summary.category),
    )


def _readers(
    officers: Mapping[str, ListedOfficer], sheet: ReaderSheet
) -> list[ReaderOnPage]:
    return [
        ReaderOnPage(officer.name, officer.is_outside, one == sheet.assigned)
        for one, officer in officers.items()
        if one in sheet.readers
    ]


def _others(
    officers: Mapping[str, ListedOfficer], sheet: ReaderSheet, chosen: str
) -> list[Selectable]:
    """Return whom the case could go to; who may never read it is among them.

    Why somebody may not is no custodian's business: the choice is refused, whatever
    the reason.
    """
    return [
        Selectable(one, f"{officer.name}, {officer.unit}", one == chosen)
        for one, officer in officers.items()
        if one not in sheet.readers
    ]
