"""What administrators fill in: who is invited, who leaves, what the record is asked."""

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectMultipleField, StringField, ValidationError

from portal.audit import OPERATOR, AuditAction
from portal.forms.days import read_day
from portal.forms.entering import ConfirmedForm
from portal.forms.fields import Filled, OneOf, PortalForm, text_of
from portal.invitations import LONGEST_EVALUATION_DAYS
from portal.roles import OFFICERS, Role
from portal.trail import TrailFilters


def _or_empty(typed: str | None) -> str:
    return typed or ""


_ACTS = ("give", "take", "renew", "withdraw", "offer")

COMMAND_LINE = "$"
"""Stands among the persons for what was done at the machine."""


class InviteForm(ConfirmedForm):
    """Who is invited, and as what."""

    person_name = text_of(80, Filled(_l("Please write the name.")))
    person_position = text_of(80)
    person_unit = text_of(80)
    roles = SelectMultipleField(validate_choice=False)
    admitted_until = text_of(40)

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self._today = today

    def validate_roles(self, field: Field) -> None:
        """Refuse none, unknown ones, and those that nobody has together."""
        if not field.data:
            raise ValidationError(_("Please choose a role at least."))
        if not set(field.data) <= set(Role):
            raise ValidationError(_("Please choose one of the answers shown."))
        if self.chosen >= OFFICERS:
            raise ValidationError(
                _("An officer is of this agency or from outside, not both.")
            )
        if Role.CUSTODIAN in self.chosen and self.chosen & OFFICERS:
            raise ValidationError(officer_and_custodian())
        if Role.EVALUATOR in self.chosen and len(self.chosen) > 1:
            raise ValidationError(evaluator_alone())

    def validate_admitted_until(self, field: Field) -> None:
        """Refuse no day, or one that does not fit, for an evaluator; pass over others'."""
        if Role.EVALUATOR not in self.chosen:
            return
        day = read_day(field.data or "")
        longest = dt.timedelta(days=LONGEST_EVALUATION_DAYS)
        if day is None:
            raise ValidationError(
                _("Please type the last day on which the evaluator is let in.")
            )
        if not self._today <= day <= self._today + longest:
            raise ValidationError(
                _("From today on, and for a year at most. Look at the year.")
            )

    @property
    def until(self) -> dt.date | None:
        """The last day of an evaluator; None for anybody else."""
        is_evaluator = Role.EVALUATOR in self.chosen
        return read_day(self.admitted_until.data or "") if is_evaluator else None

    @property
    def chosen(self) -> frozenset[Role]:
        """The roles that were ticked."""
        return frozenset(role for role in Role if role in (self.roles.data or ()))


class ChangeForm(ConfirmedForm):
    """One of two acts that a page offers."""

    act = StringField(
        validators=[Filled(_l("Please choose what to do.")), OneOf(_ACTS)]
    )


class TrailFields(PortalForm):
    """What the record is narrowed down to."""

    person = StringField(filters=[_or_empty])
    act = StringField(filters=[_or_empty], validators=[OneOf(AuditAction)])
    since = StringField(filters=[_or_empty])
    until = StringField(filters=[_or_empty])

    def validate_since(self, field: Field) -> None:
        """Refuse what is no day."""
        _check_day(field)

    def validate_until(self, field: Field) -> None:
        """Refuse what is no day, or lies before the first one."""
        _check_day(field)
        since, until = _day(self.since.data), _day(field.data)
        if since and until and until < since:
            raise ValidationError(_("The last day lies before the first one."))

    def filters(self) -> TrailFilters:
        """Return the value; what is not understood is passed over."""
        person, act = self.person.data, self.act.data
        return TrailFilters(
            person=(OPERATOR if person == COMMAND_LINE else person) if person else None,
            act=AuditAction(act) if act and act in set(AuditAction) else None,
            since=_day(self.since.data),
            until=_day(self.until.data),
        )


class ExportForm(TrailFields, ConfirmedForm):
    """What is taken out of the record."""


def officer_and_custodian() -> str:
    """Return the sentence for roles that nobody has together."""
    return _(
        "Nobody is officer and keeper: who answers cannot watch over the answering."
    )


def evaluator_alone() -> str:
    """Return the sentence for an evaluator who should be something else as well."""
    return _("Who evaluates has no other role here.")


def _check_day(field: Field) -> None:
    if field.data and _day(field.data) is None:
        raise ValidationError(_("Please write the day like this: 2026-12-31."))


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((text or "").strip())
    except ValueError:
        return None
