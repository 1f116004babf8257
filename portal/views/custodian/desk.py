"""A custodian's list: what was put before them, and since when."""

import datetime as dt
from dataclasses import dataclass

from flask import Response, url_for

from crypto import CustodianNotice, NoticeKind
from portal import custody, missing_outers
from portal.custody import CustodyLine
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.asked import answer_when_asked
from portal.views.custodian.blueprint import bp
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import private_page
from portal.views.words import word


@dataclass(frozen=True)
class LineOnPage:
    """One case of the list."""

    href: str
    title: str
    status: CaseStatus
    since: dt.date
    why: str
    is_urgent: bool
    due_label: str
    due_on: dt.date | None
    is_late: bool


@dataclass(frozen=True)
class NoticeOnPage:
    """One case of which this custodian was told, and no more than that."""

    number: str
    day: dt.date
    sentence: str


@bp.get("/", endpoint="cases")
def list_() -> Response:
    """Show the cases that were put before the custodian."""
    lines = custody.list_cases(db(), duty())
    return private_page(
        "custodian/cases.html",
        cases=[_line(line) for line in lines],
        notices=_notices(demanded=True),
        troubles=_notices(demanded=False),
        lacks_one=missing_outers.lacks_one(db(), duty().person.id),
        answer=answer_when_asked(),
    )


def _notices(*, demanded: bool) -> list[NoticeOnPage]:
    """Return what the custodian was told: of withdrawals, or of trouble."""
    return [
        _notice(one)
        for one in custody.list_notices(db(), duty())
        if (one.kind is NoticeKind.FORCED_WITHDRAWAL) is demanded
    ]


def _notice(notice: CustodianNotice) -> NoticeOnPage:
    sentence = word(notice.kind)
    if notice.kind is NoticeKind.FORCED_WITHDRAWAL:
        sentence = _(
            "A report was withdrawn, and its reporter told you that somebody demanded it."
        )
    return NoticeOnPage(notice.case_id.hex(), notice.day, sentence)


def _line(line: CustodyLine) -> LineOnPage:
    return LineOnPage(
        href=url_for("custodian.case", case_id=line.case_id.hex()),
        title=line.title or _("A case you have not opened yet"),
        status=line.status,
        since=line.since,
        why=_why(line),
        is_urgent=line.is_urgent,
        due_label=word(line.owes) if line.owes else _("nothing due"),
        due_on=line.due_on,
        is_late=line.due_on is not None and line.due_on < runtime().today(),
    )


def _why(line: CustodyLine) -> str:
    if line.is_asked:
        return _("its reporter asks you to look")
    if line.is_escalated and line.has_reader:
        return _("a deadline was missed")
    return _("no officer could read it any more")
