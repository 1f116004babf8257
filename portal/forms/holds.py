"""A report that is held, as it is typed: until a day, or until others name the same."""

import datetime as dt

from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField

from crypto import ReleaseRule, Slip
from portal.entries import Entry, EntryKind
from portal.forms.entries import ReadForm
from portal.forms.fields import Filled, OneOf, clean, text_of
from portal.forms.own_entries import Day, parse_day, slip_field, slip_of
from portal.forms.picker import PickerForm
from portal.holds import Unmatched, Until, hold_of
from portal.reports import Hope, Ongoing, OthersKnow, Reminded, Report
from portal.staff import Member

UNSURE = "UNSURE"


class HoldForm(ReadForm):
    """A report that opens on a day."""

    category = text_of(20)
    """As it was chosen before anything was written."""
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
    day = StringField(filters=[clean], validators=[Day()])

    is_short = False
    """Whether the answers before it let it be held for thirty days: set by its view."""

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the report that is held."""
        return Report(
            category=self.category.data or UNSURE,
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
            entry=EntryKind.HOLD,
        )

    def entry(self, _today: dt.date) -> Entry:
        """Return how it is held."""
        day = self.chosen_day()
        return Entry(EntryKind.HOLD, ReleaseRule.DATE, day, is_short=self.is_short)

    def chosen_day(self) -> dt.date:
        """Return the day; that it is one was judged."""
        return parse_day(self.day.data)

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """The fields that tell a story and may give their writer away."""
        return (self.what, self.how, self.shows, self.where, self.when, self.avoid)

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        named = (self.who_name, self.who_position, self.who_unit)
        return (*self.free_texts, *named)


class MatchForm(HoldForm, PickerForm):
    """A report that opens when others name the same person, or on a day."""

    until = text_of(20, OneOf((Until.MATCH_2, Until.MATCH_3)))
    unmatched = text_of(20, OneOf(Unmatched))
    slip = slip_field()

    meant: Member | None = None
    """Whom it is about: set where that is found."""

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the report, with whom it names as the staff list has them."""
        report = super().report(shut_out)
        if not self.meant:
            return report
        values = vars(report) | {
            "who_name": self.meant.name,
            "who_position": self.meant.position,
            "who_unit": self.meant.unit,
        }
        return Report(**values)

    def entry(self, _today: dt.date) -> Entry:
        """Return how it is held: with a slip for others, without one for its day."""
        return hold_of(
            Until(self.until.data or Until.MATCH_2),
            Unmatched(self.unmatched.data or Unmatched.OPEN),
            self.chosen_day(),
            self.meant.number if self.meant else "",
            has_slip=self.slip_used is not None,
            is_short=self.is_short,
        )

    @property
    def slip_used(self) -> Slip | None:
        """Return the slip that is used up with it; None: it may follow."""
        return slip_of(self.slip.data or "")

    def on_page(self) -> dict[str, object]:
        """Return what was chosen."""
        return {
            "waits_for_three": self.until.data == Until.MATCH_3,
            "is_destroyed_then": self.unmatched.data == Unmatched.DESTROY,
        }

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        return (*super().all_texts, self.who_search, self.who_number)
