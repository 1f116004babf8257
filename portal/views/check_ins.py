"""What a writer answered after 30 or 90 days, as pages say it."""

from portal.threads import Text
from portal.views.languages import gettext as _
from portal.views.words import word


def said_at(text: Text) -> str | None:
    """Return the question and its answer; None: the text answers none."""
    if not text.stopped:
        return None
    return _(
        "After %(days)d days. Did it stop? %(answer)s",
        days=text.check_in,
        answer=word(text.stopped),
    )
