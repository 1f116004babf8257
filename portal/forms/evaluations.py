"""What an administrator writes into the register of evaluations."""

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError

from portal.evaluations import (
    FINDING_CHARACTERS,
    NOTE_CHARACTERS,
    OWNER_CHARACTERS,
    PROOF_CHARACTERS,
    RECORDED_WITHIN_DAYS,
    may_be_recorded,
)
from portal.forms.days import read_day
from portal.forms.fields import Filled, PortalForm, text_of

_FURTHEST_YEARS = 3
"""Beyond them a slip of the hand is likelier than a plan."""


class _DatedForm(PortalForm):
    """A form with a day in it, judged by the present one."""

    def __init__(self, today: dt.date, **more: object) -> None:
        super().__init__(**more)
        self._today = today

    def _ahead(self, field: Field) -> None:
        """Refuse what is no day, or one that has passed, or lies far ahead."""
        if not field.data:
            return  # `Filled` has said so.
        day = _day_in(field)
        if day < self._today:
            raise ValidationError(_("This day has passed. Please choose a later one."))
        if day.year > self._today.year + _FURTHEST_YEARS:
            raise ValidationError(_("This day is too far ahead. Look at the year."))

    def _of_late(self, field: Field) -> None:
        """Refuse what is no day, has not come yet, or is too long ago to be recorded."""
        if field.data and not may_be_recorded(_day_in(field), self._today):
            raise ValidationError(
                _(
                    "Only today or one of the %(count)d days before it is recorded.",
                    count=RECORDED_WITHIN_DAYS,
                )
            )


class PlanForm(_DatedForm):
    """The day of one more evaluation."""

    due_on = text_of(40, Filled(_l("Please type a day.")))

    def validate_due_on(self, field: Field) -> None:
        """Refuse what is no day ahead."""
        self._ahead(field)

    @property
    def day(self) -> dt.date:
        """Return the day, once the form was found right."""
        return _day_in(self.due_on)


class HeldForm(_DatedForm):
    """When an evaluation was held, and in a few words how."""

    done_on = text_of(40, Filled(_l("Please type a day.")))
    note = text_of(NOTE_CHARACTERS, Filled(_l("Please write how it was held.")))

    def validate_done_on(self, field: Field) -> None:
        """Refuse what is no day of late."""
        self._of_late(field)

    @property
    def day(self) -> dt.date:
        """Return the day, once the form was found right."""
        return _day_in(self.done_on)


class FindingForm(_DatedForm):
    """What is to be put right, by whom, until when."""

    text = text_of(FINDING_CHARACTERS, Filled(_l("Please write what was found.")))
    owner = text_of(OWNER_CHARACTERS, Filled(_l("Please name an office or a role.")))
    due_on = text_of(40, Filled(_l("Please type a day.")))

    def validate_due_on(self, field: Field) -> None:
        """Refuse what is no day ahead."""
        self._ahead(field)

    @property
    def day(self) -> dt.date:
        """Return the day, once the form was found right."""
        return _day_in(self.due_on)


class ClosedForm(_DatedForm):
    """When a finding was put right, and where the proof of it is."""

    closed_on = text_of(40, Filled(_l("Please type a day.")))
    proof = text_of(PROOF_CHARACTERS, Filled(_l("Please write where the proof is.")))

    def validate_closed_on(self, field: Field) -> None:
        """Refuse what is no day of late."""
        self._of_late(field)

    @property
    def day(self) -> dt.date:
        """Return the day, once the form was found right."""
        return _day_in(self.closed_on)


def _day_in(field: Field) -> dt.date:
    day = read_day(field.data or "")
    if day is None:
        raise ValidationError(
            _("This day cannot be read. Please type day, month and year.")
        )
    return day
