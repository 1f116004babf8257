"""When a reminder is passed on: some days later, and never too late to mend.

A reminder that comes the day after a talk in the corridor tells who asked for it; so
its first day is drawn. A gift is the exception to waiting: it can be reported for a
number of working days, and a reminder shall leave enough of them.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

from portal.errors import GiftTooLateError
from portal.ladder import FEWEST_GIFT_DAYS
from portal.mending import find_limit
from portal.reminders import DeliveryDays
from portal.working_days import WorkingDays

REMEDY_DAYS: Final = 7
"""So many working days a gift's remedy has left after the last day of delivery."""
SPAN_DAYS: Final = 2
"""Working days that officers have after the first day of delivery."""

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class DelayRules:
    """Between how many calendar days after the request the first day is drawn."""

    soonest_days: int
    latest_days: int


@dataclass(frozen=True)
class ReminderDays:
    """When a reminder asked for today can be passed on."""

    candidates: tuple[dt.date, ...]
    """Working days, each as likely to be the first."""
    never_after: dt.date | None
    """The last day of delivery that leaves a gift's remedy; None: there is none."""
    working_days: WorkingDays

    @property
    def window(self) -> DeliveryDays:
        """From the first day that can be drawn to the last of delivery."""
        return DeliveryDays(self.candidates[0], self._last(self.candidates[-1]))

    def draw(self) -> DeliveryDays:
        """Draw when officers pass the reminder on."""
        first = secrets.choice(self.candidates)
        return DeliveryDays(first, self._last(first))

    def _last(self, first: dt.date) -> dt.date:
        last = self.working_days.add(first, SPAN_DAYS)
        return max(first, min(last, self.never_after or last))


def find_days(
    working_days: WorkingDays, rules: DelayRules, today: dt.date
) -> ReminderDays:
    """Return when a reminder can be passed on that is about no gift."""
    spans = range(rules.soonest_days, rules.latest_days + 1)
    later = [today + span * _ONE_DAY for span in spans]
    at_work = tuple(day for day in later if working_days.is_working(day))
    return ReminderDays(
        at_work or (working_days.on_or_after(later[0]),), None, working_days
    )


def find_gift_days(
    working_days: WorkingDays,
    rules: DelayRules,
    received_on: dt.date | None,
    count: int,
    today: dt.date,
) -> ReminderDays:
    """Return when a reminder can be passed on that is about a gift.

    *received_on*: None where nobody knows; *count*: working days from then on in which
    it can be reported. Where waiting would eat the remedy it goes on the next
    working day.

    Raises:
        GiftTooLateError: too few of those days are left today.
    """
    at_once = (working_days.add(today, 1),)
    if received_on is None:
        return ReminderDays(at_once, at_once[0], working_days)
    limit = find_limit(working_days, received_on, count, today)
    if limit.left < FEWEST_GIFT_DAYS:
        raise GiftTooLateError(limit.left)
    bound = working_days.add(limit.last_day, -REMEDY_DAYS)
    usual = find_days(working_days, rules, today).candidates
    in_time = tuple(day for day in usual if day <= bound)
    if not in_time:
        return ReminderDays(at_once, at_once[0], working_days)
    return ReminderDays(in_time, bound, working_days)
