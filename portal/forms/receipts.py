"""What a reporter's receipt is to show."""

from flask_babel import gettext as _
from wtforms import BooleanField, SelectMultipleField, ValidationError

from portal.forms.fields import OneOf, PortalForm, text_of
from portal.receipts import Choice

_SHOWS = ("steps", "silence")
_MOST_DIGITS = 6


class ReceiptForm(PortalForm):
    """Which steps, with which text; confirmed, because of who may find the file."""

    shows = text_of(10, OneOf(_SHOWS))
    steps = SelectMultipleField(validate_choice=False)
    with_text = BooleanField(false_values=("", "no"))
    sure = BooleanField(false_values=("", "no"))

    def validate_sure(self, field: BooleanField) -> None:
        """Refuse what was not ticked."""
        if not field.data:
            raise ValidationError(_("Please tick the box once you have read this."))

    def validate_steps(self, _field: SelectMultipleField) -> None:
        """Refuse a receipt of nothing."""
        if not self.is_silence and not self._numbers():
            raise ValidationError(_("Please tick at least one step."))

    @property
    def is_silence(self) -> bool:
        """Tell whether all is to be shown, and that nothing else came."""
        return bool(self.shows.data == "silence")

    def choice(self) -> Choice:
        """Return what is to be shown."""
        return Choice(
            self._numbers(),
            with_text=self.with_text.data and not self.is_silence,
            is_silence=self.is_silence,
        )

    def _numbers(self) -> frozenset[int]:
        typed = [one for one in self.steps.data or () if len(one) <= _MOST_DIGITS]
        return frozenset(int(one) for one in typed if one.isascii() and one.isdecimal())
