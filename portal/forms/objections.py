"""What a reporter asks of custodians, and tells of what is done to a reporter."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, StringField

from crypto import NoticeKind
from portal.forms.cases import MESSAGE_CHARACTERS
from portal.forms.fields import Filled, OneOf, PortalForm, text_of
from portal.troubles import TROUBLES, Telling


class ObjectionForm(PortalForm):
    """Why the custodians are asked to look, and which of them."""

    text = text_of(
        MESSAGE_CHARACTERS, Filled(_l("Please say why, a few words are enough."))
    )
    custodians = SelectMultipleField(validate_choice=False)
    chosen = StringField()
    """Filled: boxes were shown, so that none ticked means none."""

    def custodian_ids(self) -> frozenset[bytes] | None:
        """Return who was ticked; what is no id is nobody's. None: nobody was asked."""
        if not self.chosen.data and not self.custodians.data:
            return None
        return frozenset(map(_id_of, self.custodians.data or ()))


class TroubleForm(PortalForm):
    """What is done to whoever reported."""

    kind = text_of(20, Filled(_l("Please choose what it is.")), OneOf(TROUBLES))
    text = text_of(MESSAGE_CHARACTERS)
    opens = BooleanField(name="open", false_values=("", "no"))

    def telling(self) -> Telling:
        """Return what is told."""
        kind = NoticeKind(self.kind.data)
        return Telling(kind, self.text.data, opens=self.opens.data)


def _id_of(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
