"""A report as it is typed, and the code that it is known by."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectMultipleField,
    StringField,
)

from portal.entries import EntryKind
from portal.forms.evidence import EvidenceForm
from portal.forms.fields import Filled, OneOf, PortalForm, clean, text_of
from portal.reports import (
    CameBy,
    Hope,
    MayCustodian,
    Ongoing,
    OthersKnow,
    Reminded,
    Report,
)


class ReportForm(EvidenceForm):
    """A report as it is typed."""

    category = text_of(20, Filled(_l("Please choose what kind it is.")))
    what = text_of(4000, Filled(_l("Please write what happened, in a few words.")))
    who_name = text_of(200)
    who_position = text_of(200)
    who_unit = text_of(200)
    where = text_of(200)
    when = text_of(200)
    ongoing = text_of(20, OneOf(Ongoing))
    how = text_of(4000)
    shows = text_of(2000)
    others_know = text_of(20, OneOf(OthersKnow))
    reminded = text_of(20, OneOf(Reminded))
    avoid = text_of(500)
    hope = text_of(20, OneOf(Hope))
    readers = SelectMultipleField(validate_choice=False)
    only_outside = BooleanField(false_values=("", "no"))
    custodian = text_of(3, OneOf(MayCustodian))
    form_token = HiddenField()
    presets = HiddenField()
    website = StringField()
    step = StringField()

    leaves_nobody = False
    """No officer could read it: set where that is found, at handing in."""

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the value; *shut_out*: ids of officers whom it is kept from."""
        return Report(
            category=self.category.data,
            what=self.what.data,
            who_name=self.who_name.data,
            who_position=self.who_position.data,
            who_unit=self.who_unit.data,
            where=self.where.data,
            when=self.when.data,
            ongoing=self.ongoing.data,
            how=self.how.data,
            shows=self.shows.data,
            others_know=self.others_know.data,
            reminded=self.reminded.data,
            avoid=self.avoid.data,
            hope=self.hope.data,
            shut_out=shut_out,
            custodian="no" if self.custodian.data == MayCustodian.NO else "",
        )

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        named = (self.who_name, self.who_position, self.who_unit)
        return (*self.free_texts, *named)

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """The fields that tell a story and may give their writer away."""
        return (self.what, self.how, self.shows, self.where, self.when, self.avoid)


class TakenReportForm(ReportForm):
    """A report as an officer types it for somebody."""

    came_by = text_of(
        20, Filled(_l("Please choose how the report came.")), OneOf(CameBy)
    )

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the value, with how it came."""
        return replace(super().report(shut_out), came_by=self.came_by.data)


class CodeForm(PortalForm):
    """A case code, and a message that was not sent yet."""

    code = StringField()
    text = StringField(filters=[clean])


class GroupForm(PortalForm):
    """One group of the code, typed back; the form that the code was shown to."""

    group = StringField()
    form_token = HiddenField()
    entry = HiddenField()

    @property
    def kind_of_entry(self) -> EntryKind | None:
        """Return of what the code is, where that is no report."""
        kinds = (kind for kind in EntryKind if kind.value == self.entry.data)
        return next(kinds, None)
