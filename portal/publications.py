"""Whether a case is in figures that are public: it was over as they were published.

No row tells which cases they hold. A case that was taken up again by then is in none of
them, and counts where it ends at last: nobody keeps one out of all figures by that.
"""

import datetime as dt
import json
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import PublicFigures, Step
from portal.periods import Period
from portal.statuses import CaseStatus

_STATUSES = {status.value for status in CaseStatus}


def hold(session: Session, steps: Sequence[Step]) -> bool:
    """Tell whether public figures hold a case of these steps.

    Of the very day of publishing nobody can tell what came first: as it stood before.
    """
    moves = [step for step in steps if step.kind in _STATUSES]
    return any(
        _ended_in(Period.parse(row.period), moves, _day_of(row.body))
        for row in session.scalars(select(PublicFigures))
    )


def _ended_in(period: Period, moves: Sequence[Step], day: dt.date) -> bool:
    """Tell whether a case was over before *day*, since some day of *period*."""
    before = [step for step in moves if step.taken_on < day]
    if not before or not CaseStatus(before[-1].kind).is_over:
        return False
    return period.holds(before[-1].taken_on)


def _day_of(body: str) -> dt.date:
    """Return the day of figures; of damaged ones the last there is."""
    with suppress(ValueError, TypeError, KeyError):
        return dt.date.fromisoformat(json.loads(body)["day"])
    return dt.date.max
