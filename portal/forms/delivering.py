"""What an officer types about a request for a reminder, and somebody to a leaflet."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.forms.fields import Filled, PortalForm, text_of

DECLINE_CHARACTERS = 1000
REPLY_CHARACTERS = 2000


class DeclineForm(PortalForm):
    """Why no reminder is passed on; its writer reads it."""

    reason = text_of(
        DECLINE_CHARACTERS, Filled(_l("Please write why: the writer reads it."))
    )
    seen = StringField()


class ReplyForm(PortalForm):
    """An answer to a leaflet."""

    code = text_of(60, Filled(_l("Please type the code on the sheet.")))
    text = text_of(REPLY_CHARACTERS, Filled(_l("There is no text yet.")))
