"""Asking for a courtesy reminder: what becomes of a form before it is handed in.

Whoever may not read the request follows from all six people alike: an officer with a
conflict is shut out whether that person is meant or was drawn. So it tells nobody who
was meant.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from crypto import Key, ReplyCode
from portal.circles import draw_people
from portal.conflicts import find_conflicted
from portal.entries import EntryKind
from portal.errors import NoReaderError
from portal.reminder_days import ReminderDays
from portal.reminders import ReminderRequest, ReminderWay
from portal.reports import Readers, Report, choose_readers
from portal.roster import ListedCustodian, ListedOfficer
from portal.staff import Member

KEPT_DAYS = 365
"""So long the names of a request are kept, to know of a repeat."""

_MOST_DRAWS = 60
"""So often people are drawn anew where all officers would be shut out.

Of a list of seven people one draw in six leaves a certain one out: once in fifty
thousand requests it is not enough."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks for."""

    category: str
    way: ReminderWay
    subject: Member
    ticked: frozenset[str]
    """Officers who may read it, by their ids in hex."""
    mend_by: dt.date | None = None
    """The last day on which a gift is reported in time, where it is about one."""


@dataclass(frozen=True)
class Composed:
    """A request that can be handed in, and who reads it."""

    report: Report
    readers: Readers
    number: str
    """Staff number of whom it is about: for the writer alone."""

    def with_custodians(self, custodians: tuple[ListedCustodian, ...]) -> "Composed":
        """Return it with the custodians there are, none of whom opens it."""
        return replace(self, readers=replace(self.readers, custodians=custodians))


def compose(
    session: Session,
    wish: Wish,
    days: ReminderDays,
    officers: Sequence[ListedOfficer],
    *,
    secret: Key,
    today: dt.date,
) -> Composed:
    """Draw people, days and reply code of a request; stores nothing.

    Raises:
        SubjectAtWorkError, TooFewPeopleError: nobody, or not enough people, to remind.
        NoReaderError: no officer without a conflict is left of those who may read it.
    """
    for _ in range(_MOST_DRAWS):
        request = ReminderRequest(
            template=wish.category,
            way=wish.way,
            people=draw_people(session, wish.subject, wish.way),
            days=days.draw(),
            reply_code=ReplyCode.generate(),
            kept_until=today + dt.timedelta(days=KEPT_DAYS),
            mend_by=wish.mend_by,
        )
        report = Report(
            wish.category, "", entry=EntryKind.REMINDER.value, reminder=request
        )
        readers = choose_readers(
            officers,
            report,
            ticked=wish.ticked,
            only_outside=False,
            conflicted=find_conflicted(session, report, secret),
        )
        if readers.readers:
            return Composed(report, readers, wish.subject.number)
    raise NoReaderError
