"""What is wrong with the public figures: changed, or due and not published."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.figure_turns import find_turn
from portal.figures import find_broken
from portal.findings import Finding, advice, fault

PATIENCE_DAYS = 30


def find_in_figures(session: Session, today: dt.date) -> Iterator[Finding]:
    """Return what is found."""
    for period in find_broken(session):
        yield fault(
            f"The figures of {period} are not as they were signed and recorded.",
            "Somebody changed or removed them. Compare with a backup and with a sheet "
            "that was downloaded earlier, and tell the custodians.",
        )
    turn = find_turn(session, today)
    if turn.periods and today > turn.next_on + dt.timedelta(days=PATIENCE_DAYS):
        yield advice(
            f"The figures of {turn.periods[0]} could be public since {turn.next_on}.",
            "Ask a custodian to publish them at /custody/figures: figures that come "
            "late make people doubt.",
        )
