"""What is kept in a demo and is no report: holds with slips, reminders, rounds.

The staff list, whose people are made up, comes first. As with the cases of a demo,
nothing is written but through the verbs that pages call.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from sqlalchemy.orm import Session

from crypto import ReleaseRule, Slip
from portal import deliveries, openings, rounds, staff, vouchers
from portal.cases import Duty, OfficerCase
from portal.demo.plots import Act, Plot
from portal.entries import Entry, EntryKind
from portal.reminder_days import ReminderDays, find_days
from portal.reminders import ReminderWay
from portal.reminding import KEPT_DAYS, Composed, Wish, compose
from portal.roster import list_officers
from portal.runtime import Runtime
from portal.staff import Member

WEEKEND: Final = frozenset({6, 7})
"""Nothing happens on these days of a week, by their numbers in ISO 8601."""

_BORN: Final = "2090"
"""Begins a made-up staff number: nobody at work was born in that year."""


@dataclass(frozen=True)
class StaffWords:
    """What made-up people are called, and where they work."""

    given: Sequence[str]
    family: Sequence[str]
    positions: Sequence[str]
    units: Sequence[str]

    def members(self, digits: int) -> Iterator[Member]:
        """Yield a person for every given name with every family name."""
        for number, names in enumerate(product(self.given, self.family)):
            yield Member(
                number=f"{_BORN}{number:0{max(0, digits - len(_BORN))}d}"[-digits:],
                name=" ".join(names),
                position=self.positions[number % len(self.positions)],
                unit=self.units[number % len(self.units)],
            )


class DemoShelf:
    """The staff list, the slips, and what people keep by their help."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        self._runtime = runtime
        self._session = session
        self._slips: list[Slip] = []

    @property
    def slips_left(self) -> tuple[Slip, ...]:
        """Return the slips that are still good."""
        return tuple(self._slips)

    def open(self, words: StaffWords, today: dt.date) -> None:
        """Import the staff list, and print a sheet of slips."""
        session, digits = self._session, self._runtime.settings.staff_number_digits
        members = tuple(words.members(digits))
        shown = staff.compare(session, members)
        staff.import_list(session, members, shown, today)
        printed = vouchers.print_slips(session, vouchers.SLIPS_A_SHEET, today)
        self._slips.extend(printed.slips)

    def entry(self, plot: Plot, today: dt.date) -> Entry:
        """Return how something is kept that is filed *today*; use up its slip."""
        if not plot.rule:
            return Entry.report()
        kind, rule = EntryKind(plot.report.entry), ReleaseRule(plot.rule)
        number = self._member(plot.about).number if plot.about else ""
        if plot.needs_slip:
            vouchers.burn(self._session, self._slips.pop())
        if plot.asks_for_reminder:
            day = today + dt.timedelta(days=KEPT_DAYS)
        else:
            day = self._day_in(plot.in_days)
        return Entry(kind, rule, day, subject=number)

    def compose(self, plot: Plot, today: dt.date) -> Composed:
        """Draw the people of a request for a reminder that is filed *today*."""
        officers = list_officers(self._session)
        wish = Wish(
            plot.report.category,
            ReminderWay.CIRCLE,
            self._member(plot.about),
            ticked=frozenset(one.id.hex() for one in officers),
        )
        return compose(
            self._session,
            wish,
            self._days(plot, today),
            officers,
            secret=self._runtime.secret,
            today=today,
        )

    def deliveries(self, plot: Plot, today: dt.date) -> Iterator[Act]:
        """Yield the passing on of a reminder filed *today*, if its day has come."""
        if not plot.passed_on_by:
            return
        (first,) = self._days(plot, today).candidates
        days_ago = (self._runtime.today() - first).days
        if days_ago >= 0 and first.isoweekday() not in WEEKEND:
            yield Act(days_ago, plot.passed_on_by, "deliver")

    def act(self, opened: OfficerCase, duty: Duty, act: Act, today: dt.date) -> None:
        """Let an officer answer what is sealed, or pass its leaflet on."""
        session = self._session
        if act.deed == "deliver":
            gate = self._runtime.gate_secret
            deliveries.deliver(session, opened, duty, seen="", gate=gate, today=today)
            return
        opening = openings.find_opening(session, opened.case.id, duty)
        openings.answer(session, opening, duty, act.text, seen="", today=today)

    def hold_round(self, custodian: Duty, today: dt.date) -> None:
        """Let a custodian hold a round, to its end."""
        here = self._runtime
        place = (here.gate_secret, here.shredder, today)
        for _lot in rounds.hold_lots(self._session, custodian, *place):
            pass

    def _member(self, name: str) -> Member:
        (found,) = staff.find_staff(self._session, name).found
        row = staff.find_member(self._session, found.id)
        return Member(row.number, row.name, row.position, row.unit)

    def _days(self, plot: Plot, today: dt.date) -> ReminderDays:
        """Return, of the days that can be drawn, the one nearest to the play's."""
        delay = self._runtime.settings.reminder_delay
        found = find_days(self._runtime.working_days, delay, today)
        wanted = self._day_in(plot.in_days)
        first = min(found.candidates, key=lambda day: abs(day - wanted))
        return replace(found, candidates=(first,))

    def _day_in(self, days: int) -> dt.date:
        return self._runtime.today() + dt.timedelta(days=days)
