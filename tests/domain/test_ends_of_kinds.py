"""How long an entry may be kept is its kind's, whatever form was sent for it."""

import datetime as dt
from dataclasses import replace

import pytest
from builders import TODAY, a_report, add_custodian, add_officer
from kept import OPENS, a_hold, keep, office_of, own
from sqlalchemy.orm import Session

from crypto import ReleaseRule
from portal import renewals
from portal.entries import Entry, EntryKind
from portal.errors import DayOutOfReachError, NotFromHereError

READABLE = (EntryKind.REMINDER, EntryKind.QUESTION, EntryKind.PRAISE)
A_YEAR = TODAY + dt.timedelta(days=365)


def _renew(session: Session, code, today: dt.date = TODAY) -> None:
    office = office_of(session)
    renewals.renew(session, own(session, code), office=office, today=today)


def test_a_grave_hold_is_not_kept_longer_as_if_it_were_a_note(session: Session) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    day = TODAY + dt.timedelta(days=30)
    code = keep(session, a_hold(day=day), rina, report=a_report(category="SUAP"))

    with pytest.raises(NotFromHereError):
        _renew(session, code)
    assert own(session, code).entry.day == day


@pytest.mark.parametrize("kind", READABLE)
def test_what_officers_read_is_renewed_by_nobody(
    session: Session, kind: EntryKind
) -> None:
    code = keep(session, Entry(kind, ReleaseRule.NEVER, OPENS), add_officer(session))

    with pytest.raises(NotFromHereError):
        _renew(session, code)
    assert own(session, code).entry.day == OPENS


def test_the_names_of_a_reminder_are_not_kept_beyond_their_year(
    session: Session,
) -> None:
    asked = Entry(EntryKind.REMINDER, ReleaseRule.NEVER, A_YEAR)
    code = keep(session, asked, add_officer(session))
    later = TODAY + dt.timedelta(days=200)

    with pytest.raises(NotFromHereError):
        renewals.extend(
            session,
            own(session, code),
            later + dt.timedelta(days=365),
            office=office_of(session),
            today=later,
        )
    assert own(session, code).entry.day == A_YEAR


@pytest.mark.parametrize("kind", [EntryKind.NOTE, EntryKind.OWN_REMINDER])
def test_both_notes_are_renewed(session: Session, kind: EntryKind) -> None:
    code = keep(session, Entry(kind, ReleaseRule.NEVER, OPENS), add_officer(session))

    _renew(session, code)
    assert own(session, code).entry.day == A_YEAR


def test_what_answers_made_short_is_not_moved_beyond_thirty_days(
    session: Session,
) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    day = TODAY + dt.timedelta(days=20)
    # Of this kind alone a year would be open; that money changed hands shortens it.
    code = keep(session, replace(a_hold(day=day), is_short=True), rina)
    last = TODAY + dt.timedelta(days=30)
    office, too_late = office_of(session), last + dt.timedelta(days=1)

    with pytest.raises(DayOutOfReachError):
        renewals.extend(
            session, own(session, code), too_late, office=office, today=TODAY
        )
    renewals.extend(session, own(session, code), last, office=office, today=TODAY)

    # It is remembered through every change.
    assert own(session, code).entry.is_short
    assert own(session, code).entry.day == last
