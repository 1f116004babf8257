"""Where somebody at work wants the daily notice sent."""

from flask_babel import gettext as _
from wtforms import Field, ValidationError

from portal.forms.fields import PortalForm, text_of
from portal.mail_server import LONGEST_ADDRESS, is_mail_address


class NoticeForm(PortalForm):
    """A mail address, or none."""

    mail_address = text_of(LONGEST_ADDRESS)

    def validate_mail_address(self, field: Field) -> None:
        """Refuse what is not one plain address."""
        if field.data and not is_mail_address(field.data):
            raise ValidationError(
                _("Not a mail address, or one that cannot be written to.")
            )
