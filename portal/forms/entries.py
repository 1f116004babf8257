"""What is kept and is no report, as it is typed."""

import datetime as dt

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectMultipleField, StringField

from crypto import ReleaseRule, Slip
from portal.entries import Entry, EntryKind
from portal.forms.fields import Filled, OneOf, PortalForm, text_of
from portal.reports import Report

NOTE_DAYS = 365
"""So long a note, a question or a good word is kept at most."""


class EntryForm(PortalForm):
    """Something that is kept, handed in once like a report."""

    form_token = HiddenField()
    website = StringField()
    step = StringField()

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the text; *shut_out*: ids of officers whom it is kept from."""
        raise NotImplementedError

    def entry(self, today: dt.date) -> Entry:
        """Return how it is kept, from *today* on."""
        raise NotImplementedError

    def on_page(self) -> dict[str, object]:
        """Return what the form's page needs to know of what was chosen."""
        return {}

    @property
    def slip_used(self) -> Slip | None:
        """Return the slip that is used up with it; None: none is."""
        return None

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """The fields that tell a story and may give their writer away."""
        raise NotImplementedError

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        return self.free_texts


class ReadForm(EntryForm):
    """Something that the officers read whom its writer ticks."""

    readers = SelectMultipleField(validate_choice=False)

    leaves_nobody = False
    """No officer could read it: set where that is found, at handing in."""


class QuestionForm(ReadForm):
    """A question without names, such as whether something is allowed."""

    what = text_of(4000, Filled(_l("Please write your question.")))

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the text, which officers answer and do nothing else with."""
        return Report(
            category="UNSURE",
            what=self.what.data,
            shut_out=shut_out,
            entry=EntryKind.QUESTION,
        )

    def entry(self, today: dt.date) -> Entry:
        """Return how it is kept: until it is destroyed, a year from *today*."""
        return _for_a_year(EntryKind.QUESTION, today)

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """The fields that tell a story."""
        return (self.what,)


class PraiseForm(ReadForm):
    """A good word about a colleague, for officers to pass on."""

    what = text_of(4000, Filled(_l("Please write what was good.")))
    who_name = text_of(200, Filled(_l("Please write who it is about.")))
    who_unit = text_of(200)

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the text, which officers pass on in their own words."""
        return Report(
            category="UNSURE",
            what=self.what.data,
            who_name=self.who_name.data,
            who_unit=self.who_unit.data,
            shut_out=shut_out,
            entry=EntryKind.PRAISE,
        )

    def entry(self, today: dt.date) -> Entry:
        """Return how it is kept: until it is destroyed, a year from *today*."""
        return _for_a_year(EntryKind.PRAISE, today)

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """The fields that tell a story."""
        return (self.what,)

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        return (*self.free_texts, self.who_name, self.who_unit)


class NoteForm(EntryForm):
    """A note that its writer alone opens."""

    kind = text_of(20, OneOf((EntryKind.NOTE, EntryKind.OWN_REMINDER)))
    what = text_of(4000, Filled(_l("Please write what you want to keep.")))
    who_name = text_of(200)
    who_position = text_of(200)
    who_unit = text_of(200)
    where = text_of(200)
    when = text_of(200)

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the text; nobody but its writer reads it."""
        return Report(
            category="UNSURE",
            what=self.what.data,
            who_name=self.who_name.data,
            who_position=self.who_position.data,
            who_unit=self.who_unit.data,
            where=self.where.data,
            when=self.when.data,
            reminded="yes" if self._kind is EntryKind.OWN_REMINDER else "",
            shut_out=shut_out,
            entry=self._kind,
        )

    def entry(self, today: dt.date) -> Entry:
        """Return how it is kept: for its writer alone, until it is destroyed."""
        return _for_a_year(self._kind, today)

    def on_page(self) -> dict[str, object]:
        """Return which kind of note is chosen."""
        return {"is_own_reminder": self.kind.data == EntryKind.OWN_REMINDER}

    @property
    def _kind(self) -> EntryKind:
        return EntryKind(self.kind.data or EntryKind.NOTE)

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """The fields that tell a story."""
        return (self.what, self.where, self.when)

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        return (*self.free_texts, self.who_name, self.who_position, self.who_unit)


def _for_a_year(kind: EntryKind, today: dt.date) -> Entry:
    return Entry(kind, ReleaseRule.NEVER, today + dt.timedelta(days=NOTE_DAYS))
