"""When to come back with the code, counted from today."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from portal.deadlines import DeadlineKind, DeadlineRules
from portal.entries import EntryKind, check_in_days
from portal.roster import ListedCustodian
from portal.runtime import runtime
from portal.views.languages import gettext as _

NOT_ASKED = {EntryKind.QUESTION, EntryKind.PRAISE}
"""Of these nothing can have stopped, and nobody asks it."""

_ANSWER_DAYS = 7


@dataclass(frozen=True)
class Return:
    """A day to come back on, and why."""

    day: dt.date
    what: str


def report_returns(custodians: Collection[ListedCustodian]) -> list[Return]:
    """Return when officers owe something of a report, and *custodians* may open it."""
    days = runtime().rules
    today = runtime().today()
    reasons = {
        DeadlineKind.ACKNOWLEDGE: _(
            "acknowledged at the latest; officers aim at the next working day"
        ),
        DeadlineKind.FIRST_ANSWER: _("the first answer"),
        DeadlineKind.FEEDBACK: _("the outcome"),
    }
    returns = [
        Return(days.day_of(kind, today), reason) for kind, reason in reasons.items()
    ]
    if custodians:
        returns.insert(1, _opening(days, today))
    return returns


def _opening(days: DeadlineRules, today: dt.date) -> Return:
    first = DeadlineKind.ACKNOWLEDGE
    day = days.opening_day(first, today, days.day_of(first, today))
    what = _(
        "if officers stayed silent, the keeper at the Inspectorate can open it, "
        "unless you keep it from them"
    )
    return Return(day, what)


def entry_returns(kind: EntryKind | None = None) -> list[Return]:
    """Return when every sealed entry asks its writer the same; of a question, its answer."""
    today = runtime().today()
    what = _("a short question waits for you: has it stopped?")
    if kind in NOT_ASKED:
        what = _("a short question waits for you: anything to add?")
    returns = [Return(day, what) for day in check_in_days(today)]
    if kind is EntryKind.QUESTION:
        look = _("look whether an officer has answered")
        return [Return(today + dt.timedelta(days=_ANSWER_DAYS), look), *returns]
    return returns
