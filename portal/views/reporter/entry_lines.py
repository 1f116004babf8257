"""What stands on the page of a sealed entry: when it opens or ends, and who reads it.

All of it follows from what its writer chose, and from the day; nothing from a round.
"""

import datetime as dt
from collections.abc import Iterator

from portal.entries import EntryKind
from portal.errors import NoSuchMemberError
from portal.note_sheets import NoteSheet
from portal.reports import Report
from portal.roster import list_officers
from portal.staff import find_by_number
from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.words import day

SOON_DAYS = 30
"""So long before it is destroyed the page says so in a box."""

_NOTES = {EntryKind.NOTE, EntryKind.OWN_REMINDER}


def can_move(sheet: NoteSheet) -> bool:
    """Tell whether its day is its writer's to move."""
    return sheet.kind is EntryKind.HOLD


def can_renew(sheet: NoteSheet) -> bool:
    """Tell whether it is kept for twelve months more at its writer's word."""
    return sheet.kind.is_for_writer_alone


def what_happens(sheet: NoteSheet) -> Iterator[str]:
    """Say who can read it, and what happens on its day."""
    until = day(sheet.day)
    if sheet.kind in _NOTES:
        yield _("Only you can read it.")
        yield _("It is destroyed after %(day)s unless you renew it.", day=until)
    elif sheet.kind is EntryKind.HOLD:
        yield _hold(sheet, until)
        if sheet.wanted:
            yield _(
                "You have not given a slip yet: until then nobody’s naming the same "
                "person opens it."
            )
    else:
        yield _("The officers you chose can read it.")
        if sheet.kind is EntryKind.REMINDER:
            yield _(
                "One of them passes it on, on a day that is drawn, or declines. "
                "You read of it here. Until then you can destroy it."
            )
        yield _("It is destroyed after %(day)s.", day=until)


def _hold(sheet: NoteSheet, until: str) -> str:
    count = sheet.rule.wanted
    if count and sheet.rule.opens_on_date:
        return _(
            "Opens once %(count)d people name the same person, "
            "or at the first round after %(day)s.",
            count=count,
            day=until,
        )
    if count:
        return _(
            "Opens once %(count)d people name the same person. "
            "If not, it is destroyed unread after %(day)s.",
            count=count,
            day=until,
        )
    if sheet.rule.opens_on_date:
        return _("Opens at the first round after %(day)s.", day=until)
    return _("Is destroyed unread after %(day)s.", day=until)


def warning(sheet: NoteSheet, today: dt.date) -> str | None:
    """Say that it will be destroyed before long; None: it opens, or not so soon."""
    if sheet.opens_on_day or (sheet.day - today).days > SOON_DAYS:
        return None
    until = day(sheet.day)
    if sheet.kind in {EntryKind.HOLD, *_NOTES}:
        return _("On %(day)s it will be destroyed unread.", day=until)
    return _("On %(day)s it will be destroyed.", day=until)


def readers(sheet: NoteSheet) -> str:
    """Name the officers at work whom its writer chose; empty: it is for nobody's eyes."""
    if sheet.kind in _NOTES:
        return ""
    chosen = (one for one in list_officers(db()) if sheet.chose(one.id.hex()))
    return ", ".join(one.name for one in chosen)


def subject_name(number: str, report: Report) -> str:
    """Return whom it is about: as the staff list has them, else as it was typed."""
    try:
        return find_by_number(db(), number).name if number else report.who_name
    except NoSuchMemberError:
        return report.who_name
