"""What somebody types who counts the days for a gift."""

import datetime as dt
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.forms.days import read_day
from portal.forms.fields import Filled, PortalForm, text_of

OLDEST: Final = dt.date(2000, 1, 1)
"""Before it, a slip of the hand is likelier than a gift."""


class GiftForm(PortalForm):
    """The day on which a gift came in."""

    received_on = text_of(40, Filled(_l("Please type the day on which the gift came.")))

    def day(self, today: dt.date) -> dt.date | None:
        """Return the day; None, and why in the form, where it cannot be taken."""
        if not self.validate():
            return None
        typed: str = self.received_on.data
        day = read_day(typed)
        fault = fault_of(day, today)
        if fault:
            self.refuse("received_on", fault)
        return None if fault else day


def fault_of(day: dt.date | None, today: dt.date) -> str:
    """Say why no gift can have come on that day; empty: it can."""
    if day is None:
        return _("This day cannot be read. Please type day, month and year.")
    if day > today:
        return _(
            "This day has not come yet. Please type the day on which the gift came."
        )
    if day < OLDEST:
        return _("This day is too long ago. Please look at the year again.")
    return ""
