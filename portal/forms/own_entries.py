"""What the writer of a sealed entry changes of it."""

import datetime as dt
import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    SelectMultipleField,
    StringField,
    ValidationError,
)

from crypto import MistypedError, Slip
from portal.forms.cases import MESSAGE_CHARACTERS
from portal.forms.fields import Filled, OneOf, PortalForm, clean, text_of
from portal.releases import Choice, Story
from portal.reports import MayCustodian
from portal.threads import Stopped

_SLIP_CHARACTERS = 60
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPOKEN = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
"""Day, month, year: what people type where a browser shows no calendar."""


def parse_day(text: str) -> dt.date:
    """Return the day that was chosen in a calendar, or typed.

    Raises:
        ValueError: it is none.
    """
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _SPOKEN.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        raise ValueError
    return dt.date(year, month, day)


class Day:
    """A day of the calendar must stand here."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Refuse what is none."""
        try:
            parse_day(field.data or "")
        except ValueError:
            sentence = _("Please choose a day, for example 2027-01-31.")
            raise ValidationError(sentence) from None


class SlipCode:
    """What stands on a slip, if anything stands here."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Refuse what can stand on none."""
        if field.data and slip_of(field.data) is None:
            raise ValidationError(
                _("Something is mistyped: no such slip can exist. Check it once more.")
            )


def slip_of(text: str) -> Slip | None:
    """Return the slip whose code was typed; None: no such slip can exist."""
    try:
        return Slip.parse(text)
    except MistypedError:
        return None


def slip_field(*validators: object) -> StringField:
    """Return a field for the code of a slip."""
    return text_of(_SLIP_CHARACTERS, *validators, SlipCode())


class DayForm(PortalForm):
    """Another day on which an entry opens or ends."""

    day = StringField(filters=[clean], validators=[Day()])

    def chosen(self) -> dt.date:
        """Return the day."""
        return parse_day(self.day.data)


class SlipForm(PortalForm):
    """A slip for an entry that has none."""

    slip = slip_field(Filled(_l("Please type what stands on the slip.")))


class CheckInForm(PortalForm):
    """What is asked after 30 and 90 days; both may be left open, but not both at once."""

    stopped = text_of(20, OneOf(Stopped))
    text = text_of(MESSAGE_CHARACTERS)

    def said(self) -> Stopped | None:
        """Return whether it has stopped; None: left open, or not asked."""
        return Stopped(self.stopped.data) if self.stopped.data else None

    def has_nothing(self) -> bool:
        """Tell whether nothing was answered; say so in the form."""
        is_empty = not (self.stopped.data or self.text.data)
        if is_empty:
            self.refuse("text", _("There is no answer yet."))
        return is_empty


class ReleaseForm(PortalForm):
    """An entry that becomes a report: who may read it."""

    readers = SelectMultipleField(validate_choice=False)
    only_outside = BooleanField(false_values=("", "no"))
    custodian = text_of(3, OneOf(MayCustodian))

    def choice(self) -> Choice:
        """Return who may read it."""
        return Choice(
            frozenset(self.readers.data or ()),
            only_outside=self.only_outside.data,
            custodian="no" if self.custodian.data == MayCustodian.NO else "",
        )

    def story(self, _windows: frozenset[bytes]) -> Story | None:
        """Return what is told with it; None: the entry itself tells it."""
        return None


class StoryForm(ReleaseForm):
    """The same of a reminder, which holds no story yet."""

    what = text_of(
        MESSAGE_CHARACTERS, Filled(_l("Please write what happened, in a few words."))
    )
    who_name = text_of(200)

    def story(self, windows: frozenset[bytes]) -> Story | None:
        """Return what happened, and who did it."""
        return Story(self.what.data, self.who_name.data, windows)
