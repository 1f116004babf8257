"""The officers' list: what waits first; filters in the address, words never."""

import binascii
import datetime as dt
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Response, request, url_for

from portal import desk
from portal.conflicts import is_due
from portal.desk import CaseLine, DeskPage, Filters, Position
from portal.forms import FindForm
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.summaries import MOST_SEVERE, Priority
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.officer.blueprint import bp
from portal.views.officer.calendar_notice import calendar_notice
from portal.views.officer.key_notices import key_notices
from portal.views.report_lines import category_title
from portal.views.request import db, duty
from portal.views.response import private_page
from portal.views.words import hand_over_to_me, word

_DAY_SIZE = 4
_ID_SIZE = 16


@dataclass(frozen=True)
class LineOnPage:
    """One line of the list."""

    href: str
    anchor: str
    title: str
    category: str
    unit: str
    status: CaseStatus
    priority: str
    is_p1: bool
    received_on: dt.date
    due_on: dt.date | None
    due_label: str
    is_late: bool
    is_waiting: bool
    waiting_label: str
    is_new: bool
    is_urgent: bool
    objection: str
    is_escalated: bool
    acknowledge: str | None
    """Where the button of the row leads; None: it is acknowledged already."""


@dataclass(frozen=True)
class Selectable:
    """One entry of a menu or of the filters."""

    value: str
    label: str
    is_selected: bool


@dataclass(frozen=True)
class FiltersOnPage:
    """The filters that an address can hold."""

    statuses: list[Selectable]
    waiting: bool
    new: bool
    overdue: bool
    mine: bool


@bp.get("/", endpoint="cases")
def list_() -> Response:
    """Show a page of the list."""
    filters = _filters_from(request.args)
    after = _parse_position(request.args.get("after", ""))
    found = desk.list_cases(db(), duty(), filters, after=after)
    return _list_page(found, filters, is_first=after is None)


@bp.post("/find")
def find() -> Response:
    """Show the cases that hold what is looked for."""
    form = FindForm()
    form.validate()
    filters = Filters(
        category=form.category.data or "",
        severity=0 if form.severity.errors else int(form.severity.data or 0),
        words=form.q.data or "",
    )
    found = desk.list_cases(db(), duty(), filters, most=desk.MOST_FOUND)
    return _list_page(found, filters, is_first=True, is_search=True)


@bp.get("/calendar.ics")
def calendar() -> Response:
    """Give a daily entry that says nothing, the same for all."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Portal//Portal//ID",
        "BEGIN:VEVENT",
        "UID:daily@portal",
        "DTSTAMP:20260101T000000Z",
        "DTSTART;VALUE=DATE:20260101",
        "RRULE:FREQ=DAILY",
        "SUMMARY:Portal",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return Response("\r\n".join(lines), mimetype="text/calendar")


def address_of_row(back: str | None, case_id: bytes) -> str | None:
    """Return where a row's button leads back to; None: the form was no row's."""
    if back is None:
        return None
    args = dict(parse_qsl(back))
    address = _address(_filters_from(args), _parse_position(args.get("after", "")))
    return f"{address}#{_anchor(case_id)}"


def _anchor(case_id: bytes) -> str:
    return f"case-{case_id.hex()}"


def _list_page(
    found: DeskPage, filters: Filters, *, is_first: bool, is_search: bool = False
) -> Response:
    following = found.next if not is_search else None
    return private_page(
        "officer/cases.html",
        cases=[_line(line) for line in found.lines],
        waiting_count=sum(line.is_waiting for line in found.lines),
        most_found=desk.MOST_FOUND if is_search and found.next else None,
        back=request.query_string.decode("ascii", "ignore"),
        filters=FiltersOnPage(
            _statuses(filters),
            filters.is_waiting,
            filters.is_new,
            filters.overdue_on is not None,
            bool(filters.assigned),
        ),
        categories=_categories(filters),
        severity=_severities(filters),
        found=is_search,
        comes_in=hand_over_to_me(),
        is_declaration_due=is_due(duty(), runtime().secret, runtime().today()),
        notices=[] if is_search else key_notices(),
        calendar_notice="" if is_search else calendar_notice(),
        query=filters.words,
        next_page=_address(filters, following) if following else None,
        first_page=None if is_first else _address(filters, None),
    )


def _line(line: CaseLine) -> LineOnPage:
    triage, case_id = line.summary.triage, line.case_id.hex()
    owed = line.owes if line.due_on else None
    return LineOnPage(
        href=url_for("officer.case", case_id=case_id),
        anchor=_anchor(line.case_id),
        title=line.summary.title or _("This summary no longer opens; look into it"),
        category=category_title(line.summary.category),
        unit=line.summary.unit,
        status=line.status,
        priority=triage.priority.value,
        is_p1=triage.priority is Priority.P1,
        received_on=line.received_on,
        due_on=line.due_on,
        due_label=word(owed) if owed else _("nothing due"),
        is_late=line.due_on is not None and line.due_on < runtime().today(),
        is_waiting=line.is_waiting,
        waiting_label=_("waits for an officer"),
        is_new=line.is_new,
        is_urgent=line.is_urgent,
        objection=_("objection") if line.is_objected else "",
        is_escalated=line.is_escalated,
        acknowledge=(
            url_for("officer.status", case_id=case_id)
            if line.status is CaseStatus.SUBMITTED
            else None
        ),
    )


def _filters_from(args: Mapping[str, str]) -> Filters:
    status = args.get("status", "")
    known = {member.value for member in CaseStatus}
    return Filters(
        status=CaseStatus(status) if status in known else None,
        is_waiting=args.get("waiting") == "yes",
        is_new=args.get("new") == "yes",
        overdue_on=runtime().today() if "overdue" in args else None,
        assigned=duty().person.id.hex() if args.get("mine") == "yes" else "",
    )


def _statuses(filters: Filters) -> list[Selectable]:
    sealed = filters.is_new or filters.assigned
    others = filters.status or filters.is_waiting or filters.overdue_on or sealed
    return [
        Selectable("", _("All"), not others),
        *(
            Selectable(status.value, word(status), filters.status is status)
            for status in CaseStatus
            if status is not CaseStatus.SEALED
        ),
    ]


def _categories(filters: Filters) -> list[Selectable]:
    taxonomy = runtime().taxonomy
    return [
        Selectable("", _("All kinds"), not filters.category),
        *(
            Selectable(
                code, taxonomy.find(code).title[language()], filters.category == code
            )
            for code in taxonomy.codes
        ),
    ]


def _severities(filters: Filters) -> list[Selectable]:
    return [
        Selectable("", _("Any"), not filters.severity),
        *(
            Selectable(str(number), str(number), filters.severity == number)
            for number in range(1, MOST_SEVERE + 1)
        ),
    ]


def _address(filters: Filters, position: Position | None) -> str:
    return url_for(
        "officer.cases",
        status=filters.status.value if filters.status else None,
        waiting="yes" if filters.is_waiting else None,
        new="yes" if filters.is_new else None,
        overdue="yes" if filters.overdue_on else None,
        mine="yes" if filters.assigned else None,
        after=_encode_position(position) if position else None,
    )


def _encode_position(position: Position) -> str:
    ordinal = position.due_on.toordinal().to_bytes(_DAY_SIZE, "big")
    flag = bytes([position.is_answered | position.is_urgent << 1])
    return urlsafe_b64encode(flag + ordinal + position.case_id).decode().rstrip("=")


def _parse_position(text: str) -> Position | None:
    """Return the place an address names; None, the beginning, for anything else."""
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(plain) != 1 + _DAY_SIZE + _ID_SIZE:
            return None
        due_on = dt.date.fromordinal(int.from_bytes(plain[1 : 1 + _DAY_SIZE], "big"))
    except (binascii.Error, ValueError, OverflowError):
        return None
    is_answered, is_urgent = bool(plain[0] & 1), bool(plain[0] & 2)
    return Position(is_answered, due_on, plain[1 + _DAY_SIZE :], is_urgent)
