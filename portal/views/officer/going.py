"""What is destroyed next month, and what is held back: the officers' list of it."""

import binascii
import datetime as dt
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from portal import going, retention
from portal.errors import ChangedMeanwhileError, NotFromHereError
from portal.forms import KeepForm
from portal.going import GoingLine, GoingPlace
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.case import act_on, open_case
from portal.views.officer.case_page import CaseForms
from portal.views.request import db, duty
from portal.views.response import private_page

_DAY_SIZE = 4
_ID_SIZE = 16


@dataclass(frozen=True)
class GoingOnPage:
    """One line of the list."""

    href: str
    title: str
    status: CaseStatus
    purge_on: dt.date | None


@bp.get("/going", endpoint="going")
def list_() -> Response:
    """Show a page of what goes next month, and of what is held back."""
    after = _parse_place(request.args.get("after", ""))
    found = going.list_going(db(), duty(), runtime().today(), after=after)
    return private_page(
        "officer/going.html",
        cases=[_line(line) for line in found.lines],
        next_page=_address(found.next) if found.next else None,
        first_page=url_for("officer.going") if after else None,
    )


@bp.post("/cases/<case_id>/keep")
def keep(case_id: str) -> Response:
    """Hold a case back that is over, or let it go."""
    opened, form = open_case(case_id), KeepForm()

    def act() -> None:
        what = {"reason": form.reason.data, "seen": form.seen.data or ""}
        what["today"] = runtime().today()
        try:
            if form.act.data == "let-go":
                retention.let_go(db(), opened, duty(), runtime().retention, **what)
            else:
                retention.hold_back(db(), opened, duty(), **what)
        except NotFromHereError:
            # Somebody else did the same, or took the case up again.
            raise ChangedMeanwhileError from None

    return act_on(opened, form, act, CaseForms(keep=form), "reason")


def _line(line: GoingLine) -> GoingOnPage:
    return GoingOnPage(
        href=url_for("officer.case", case_id=line.case_id.hex()),
        title=line.summary.title or _("This summary no longer opens; look into it"),
        status=line.status,
        purge_on=line.purge_on,
    )


def _address(place: GoingPlace) -> str:
    ordinal = place.purge_on.toordinal().to_bytes(_DAY_SIZE, "big")
    after = urlsafe_b64encode(ordinal + place.case_id).decode().rstrip("=")
    return url_for("officer.going", after=after)


def _parse_place(text: str) -> GoingPlace | None:
    """Return the place an address names; None, the beginning, for anything else."""
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(plain) != _DAY_SIZE + _ID_SIZE:
            return None
        purge_on = dt.date.fromordinal(int.from_bytes(plain[:_DAY_SIZE], "big"))
    except (binascii.Error, ValueError, OverflowError):
        return None
    return GoingPlace(purge_on, plain[_DAY_SIZE:])
