"""Check-ins: what every sealed entry asks its writer after 30 and after 90 days.

The same of every entry, whatever became of it; so that a question which officers put
at that time tells nothing. What is answered is a message like any other.
"""

import datetime as dt
from collections.abc import Sequence

from portal.entries import CHECK_IN_DAYS
from portal.threads import Entry


def find_due(entries: Sequence[Entry], sealed_on: dt.date, today: dt.date) -> int:
    """Return which check-in waits for an answer, as days after filing; 0: none.

    *entries*: the thread. A later one takes the place of one that was left open.
    """
    passed = [days for days in CHECK_IN_DAYS if (today - sealed_on).days >= days]
    latest = max(passed, default=0)
    answered = (one.text.check_in for one in entries if one.number)
    return latest if all(one < latest for one in answered) else 0
