"""Changing a key, handing cases over to one, and handing cases on."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from portal.forms.entering import ConfirmedForm, ConfirmedPassphraseForm
from portal.forms.fields import Filled, PortalForm, text_of

_ID_DIGITS = 32


class NextKeyForm(ConfirmedPassphraseForm):
    """The passphrase of the key that follows; it may be the present one."""


class HandOverForm(ConfirmedForm):
    """What a colleague reads out: how the fingerprint of the new key ends."""

    fingerprint_end = text_of(
        40, Filled(_l("Please type the last two groups, as you heard them."))
    )


class HandOnForm(PortalForm):
    """Which cases go to whom."""

    officer = text_of(_ID_DIGITS, Filled(_l("Please choose a colleague.")))
    cases = SelectMultipleField(validate_choice=False)

    def officer_id(self) -> bytes:
        """Return who was chosen; nobody's id where it is none."""
        return _parse_id(self.officer.data or "")

    def case_ids(self) -> tuple[bytes, ...]:
        """Return the cases that were ticked."""
        return tuple(_parse_id(case_id) for case_id in self.cases.data or ())


def _parse_id(text: str) -> bytes:
    try:
        return bytes.fromhex(text) if len(text) == _ID_DIGITS else b""
    except ValueError:
        return b""
