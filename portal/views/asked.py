"""What to say when a superior asks: a card for officers and custodians."""

from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.words import day
from portal.zone import signed_day
from portal.zone_texts import Promise


def answer_when_asked() -> tuple[str, ...]:
    """Return the sentences; that the head promised stands there if the head signed."""
    signed_on = signed_day(db(), Promise.NO_ASKING)
    if signed_on:
        may_not = _(
            "by the head's statement of %(day)s I may not say whether there are reports, "
            "how many, or what they contain.",
            day=day(signed_on),
        )
    else:
        may_not = _(
            "I may not say whether there are reports, how many, or what they contain."
        )
    return (_("With respect:"), may_not, _("A summary is on the figures page."))
