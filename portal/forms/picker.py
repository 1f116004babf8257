"""Whom a reporter means: searched for by name and chosen, or typed with a number."""

import re

from wtforms import StringField

from portal.forms.fields import PortalForm, clean, text_of

_ID = re.compile("[0-9a-f]{32}")


class PickerForm(PortalForm):
    """A part of a form: the fields of `reporter/_picker.html`, in both of its states.

    With the search: `who_search` and, chosen among what it found, `who`. Without:
    `who_number` and `who_name`. `views.reporter.picker` judges them.
    """

    who_search = text_of(80)
    who = StringField(filters=[clean])
    who_number = text_of(60)
    who_name = text_of(120)

    @property
    def chosen_id(self) -> bytes:
        """Who was chosen among those that were found; empty: nobody yet."""
        chosen = self.who.data or ""
        return bytes.fromhex(chosen) if _ID.fullmatch(chosen) else b""

    @property
    def names_nobody(self) -> bool:
        """Nothing was typed or chosen: where nobody need be meant, nobody is."""
        fields = (self.who_search, self.who, self.who_number, self.who_name)
        return not any(field.data for field in fields)
