"""What administrators write for the Integrity Zone: declared, signed, reported, counted."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectMultipleField, ValidationError

from portal.forms.days import read_day
from portal.forms.entering import ConfirmedForm
from portal.forms.fields import Filled, OneOf, PortalForm, text_of
from portal.zone import AreaReport, Award, Declaration, OwnText, Predicate, Statement
from portal.zone_texts import Promise

DECLARED_CHARACTERS: Final = 1000
REPORT_CHARACTERS: Final = 500
COUNTS_CHARACTERS: Final = 20_000

_OLDEST: Final = dt.date(2000, 1, 1)
_FIRST_YEAR: Final = 2012
"""Of the first rule about zones."""


class DeclarationForm(PortalForm):
    """What was declared, where and when."""

    text_id = text_of(
        DECLARED_CHARACTERS,
        Filled(_l("Please write what was declared, in Indonesian.")),
    )
    text_en = text_of(DECLARED_CHARACTERS)
    declared_at = text_of(120, Filled(_l("Please write where it was declared.")))
    declared_on = text_of(40, Filled(_l("Please write the day.")))

    @classmethod
    def of(cls, kept: Declaration | None) -> "DeclarationForm":
        """Return the form as it was kept."""
        if kept is None:
            return cls(formdata=None)
        return cls(
            formdata=None,
            text_id=kept.text.id,
            text_en=kept.text.en,
            declared_at=kept.place,
            declared_on=write_day(kept.declared_on),
        )

    def declaration(self, today: dt.date) -> Declaration | None:
        """Return the value; None, and why in the form, where it cannot be taken."""
        is_filled = self.validate()
        day = _past_day(self, "declared_on", today)
        if not (is_filled and day):
            return None
        text = OwnText(self.text_id.data, self.text_en.data)
        return Declaration(text, self.declared_at.data, day)


class StatementForm(ConfirmedForm):
    """Which sentences the head signed, and on which day."""

    head_name = text_of(80, Filled(_l("Please write the name.")))
    head_position = text_of(120, Filled(_l("Please write the position.")))
    signed_on = text_of(40, Filled(_l("Please write the day.")))
    promises = SelectMultipleField(validate_choice=False)

    def validate_promises(self, field: Field) -> None:
        """Refuse what is no sentence of the statement."""
        if not set(field.data or ()) <= set(Promise):
            raise ValidationError(_("Please choose one of the answers shown."))

    def statement(
        self,
        texts: Mapping[Promise, Mapping[str, str]],
        today: dt.date,
        *,
        is_first: bool,
    ) -> Statement | None:
        """Return the value; None, and why in the form, where it cannot be taken.

        *texts*: the sentences as the page showed them, which is what is signed.
        *is_first*: nothing was signed before, so that nothing can be taken off.
        """
        is_filled = self.validate()
        if is_first and not self.promises.data:
            self.promises.errors = (_("Please tick what was signed."),)
            is_filled = False
        day = _past_day(self, "signed_on", today)
        if not (is_filled and day):
            return None
        ticked = frozenset(self.promises.data or ())
        signed = {
            promise: OwnText(text["id"], text["en"])
            for promise, text in texts.items()
            if promise in ticked
        }
        return Statement(self.head_name.data, self.head_position.data, day, signed)


class AreaForm(PortalForm):
    """What the agency says of one area."""

    text_id = text_of(REPORT_CHARACTERS)
    text_en = text_of(REPORT_CHARACTERS)

    @classmethod
    def of(cls, kept: AreaReport | None) -> "AreaForm":
        """Return the form as it was kept."""
        text = kept.text if kept else OwnText()
        return cls(formdata=None, text_id=text.id, text_en=text.en)

    def validate_text_en(self, field: Field) -> None:
        """Refuse English alone: the page begins in Indonesian."""
        if field.data and not self.text_id.data:
            raise ValidationError(_("Please write it in Indonesian too."))

    def text(self) -> OwnText:
        """Return the value."""
        return OwnText(self.text_id.data, self.text_en.data)


class AwardForm(PortalForm):
    """Which predicate the unit holds, and of which year."""

    predicate = text_of(
        10, Filled(_l("Please choose a predicate, or none.")), OneOf(Predicate)
    )
    year = text_of(4)

    def award(self, today: dt.date) -> Award | None:
        """Return the value; None, and why in the form, where it cannot be taken."""
        if not self.validate():
            return None
        held, year = Predicate(self.predicate.data), self.year.data
        if held is Predicate.NONE:
            return Award(held, 0)
        is_number = year.isascii() and year.isdecimal()
        if is_number and _FIRST_YEAR <= int(year) <= today.year:
            return Award(held, int(year))
        sentence = _(
            "Please write the year of the award, from %(first)d to %(last)d.",
            first=_FIRST_YEAR,
            last=today.year,
        )
        self.refuse("year", sentence)
        return None


class PactForm(PortalForm):
    """Counts of the pact, a unit in each line."""

    counts = text_of(
        COUNTS_CHARACTERS, Filled(_l("Please write a line for each unit."))
    )


def write_day(day: dt.date) -> str:
    """Write a day as it is typed."""
    return f"{day.day}/{day.month}/{day.year}"


def _past_day(form: PortalForm, name: str, today: dt.date) -> dt.date | None:
    """Return a day that has come; None, and why in the form, for any other."""
    typed: str = form[name].data
    day = read_day(typed)
    fault = _fault_of(day, today)
    if typed and fault:
        form.refuse(name, fault)
    return None if fault else day


def _fault_of(day: dt.date | None, today: dt.date) -> str:
    if day is None:
        return _("This day cannot be read. Please type day, month and year.")
    if day > today:
        return _("This day has not come yet.")
    if day < _OLDEST:
        return _("This day is too long ago. Please look at the year again.")
    return ""
