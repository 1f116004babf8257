"""What a custodian does with a case, beside answering and handing it on."""

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError

from portal.acts import Move
from portal.custodian_acts import OUTCOMES
from portal.forms.cases import MESSAGE_CHARACTERS
from portal.forms.days import read_day
from portal.forms.fields import Filled, OneOf, PortalForm, text_of
from portal.statuses import CaseStatus


class TakeOverForm(PortalForm):
    """A custodian takes a case over, with or without words for the reporter."""

    message = text_of(MESSAGE_CHARACTERS)
    seen = StringField()


class GiveBackForm(PortalForm):
    """A custodian gives a case back to its officers, with a new day."""

    day = text_of(30, Filled(_l("Please give the day.")))
    message = text_of(MESSAGE_CHARACTERS, Filled(_l("Please write to the reporter.")))
    seen = StringField()

    def due_on(self) -> dt.date:
        """Return the day; one that was not judged, or is none, lies before all others."""
        return read_day(self.day.data or "") or dt.date.min

    def validate_day(self, field: StringField) -> None:
        """Refuse what is no day."""
        if field.data and read_day(field.data) is None:
            raise ValidationError(
                _("This day cannot be read. Please type day, month and year.")
            )


class CustodianStepForm(PortalForm):
    """A step along the ONE table, as a custodian takes it."""

    to = text_of(20, Filled(_l("Please choose the next step.")), OneOf(CaseStatus))
    outcome = text_of(30, OneOf(OUTCOMES))
    message = text_of(MESSAGE_CHARACTERS)
    seen = StringField()

    def move(self) -> Move:
        """Return the step."""
        return Move.typed(self.to.data, "", self.message.data, self.outcome.data)
