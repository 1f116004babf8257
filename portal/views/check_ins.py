"""What a writer answered after 30 or 90 days, as pages say it."""

import datetime as dt

from portal.threads import Text
from portal.views.languages import gettext as _
from portal.views.words import text_in_words, word


def said_at(text: Text) -> str | None:
    """Return the question and its answer; None: the text answers none."""
    if not text.stopped:
        return None
    return _(
        "After %(days)d days. Did it stop? %(answer)s",
        days=text.check_in,
        answer=word(text.stopped),
    )


def text_on_page(text: Text, written_on: dt.date) -> str:
    """Return all that a text says: an answer of a check-in, and its words."""
    said = (said_at(text), text_in_words(text, written_on))
    return "\n".join(filter(None, said))
