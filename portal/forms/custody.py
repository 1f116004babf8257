"""What a custodian types."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.forms.cases import REASON_CHARACTERS
from portal.forms.fields import Filled, PortalForm, text_of


class HandOnForm(PortalForm):
    """To which officer a case goes, and why."""

    officer = text_of(32, Filled(_l("Please choose an officer.")))
    reason = text_of(REASON_CHARACTERS)
    seen = StringField()
