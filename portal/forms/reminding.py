"""A request for a courtesy reminder as it is typed: whom, and to how many."""

import datetime as dt
from dataclasses import replace

from wtforms import Field

from crypto import ReleaseRule
from portal.entries import Entry, EntryKind
from portal.forms.days import read_day
from portal.forms.entries import ReadForm
from portal.forms.fields import OneOf, text_of
from portal.forms.ladder import QuestionsForm
from portal.forms.mending import fault_of
from portal.forms.picker import PickerForm
from portal.reminders import ReminderWay
from portal.reminding import KEPT_DAYS, Composed
from portal.reports import Report


class RemindForm(ReadForm, PickerForm, QuestionsForm):
    """The answers before it, whom it is about, and who may read it; no story."""

    way = text_of(20, OneOf(ReminderWay))
    received_on = text_of(40)
    """When a gift came in; empty where nobody knows, or it is about none."""

    composed: Composed | None = None
    """What is handed in: set once people and days were drawn."""
    left: int | None = None
    """Working days left for a gift, where they are too few: set where that is found."""
    parts: dict[str, object] = {}  # noqa: RUF012 - replaced, never filled
    """What the page shows besides; set by the page."""

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the text; before people were drawn it names nobody."""
        if self.composed is None:
            return Report(self.category.data, "")
        return replace(self.composed.report, shut_out=shut_out)

    def entry(self, today: dt.date) -> Entry:
        """Return how it is kept: names are destroyed after twelve months."""
        day = today + dt.timedelta(days=KEPT_DAYS)
        number = self.composed.number if self.composed else ""
        return Entry(EntryKind.REMINDER, ReleaseRule.NEVER, day, subject=number)

    def gift_day(self, today: dt.date) -> dt.date | None:
        """Return when the gift came; None: nobody knows, or the form says why not."""
        day = self.known_gift_day(today)
        if self.received_on.data and day is None:
            fault = fault_of(read_day(self.received_on.data), today)
            self.refuse("received_on", fault)
        return day

    def known_gift_day(self, today: dt.date) -> dt.date | None:
        """Return when the gift came; None: nobody knows, or it is no such day."""
        day = read_day(self.received_on.data or "")
        return None if fault_of(day, today) else day

    def on_page(self) -> dict[str, object]:
        """Return what the page shows besides."""
        return self.parts

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """None: nothing here tells a story."""
        return ()

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        return (self.who_search, self.received_on)
