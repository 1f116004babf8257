"""A custodian's list: what was put before them, and since when."""

import datetime as dt
from dataclasses import dataclass

from flask import Response, url_for

from crypto import CustodianNotice
from portal import custody
from portal.custody import CustodyLine
from portal.statuses import CaseStatus
from portal.views.asked import answer_when_asked
from portal.views.custodian.blueprint import bp
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import private_page


@dataclass(frozen=True)
class LineOnPage:
    """One case of the list."""

    href: str
    title: str
    status: CaseStatus
    since: dt.date


@dataclass(frozen=True)
class NoticeOnPage:
    """One case of which this custodian was told, and no more than that."""

    number: str
    day: dt.date


@bp.get("/", endpoint="cases")
def list_() -> Response:
    """Show the cases that were put before the custodian."""
    lines = custody.list_cases(db(), duty())
    return private_page(
        "custodian/cases.html",
        cases=[_line(line) for line in lines],
        notices=[_notice(one) for one in custody.list_notices(db(), duty())],
        answer=answer_when_asked(),
    )


def _notice(notice: CustodianNotice) -> NoticeOnPage:
    return NoticeOnPage(notice.case_id.hex(), notice.day)


def _line(line: CustodyLine) -> LineOnPage:
    return LineOnPage(
        href=url_for("custodian.case", case_id=line.case_id.hex()),
        title=line.title or _("A case you have not opened yet"),
        status=line.status,
        since=line.since,
    )
