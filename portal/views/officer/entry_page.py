"""An officer's pages of sealed entries: the list, and one with all that is on it."""

import datetime as dt
from dataclasses import dataclass

from flask import url_for
from werkzeug.wrappers import Response

from portal import cases, threads
from portal.cases import OfficerCase
from portal.entries import CHECK_IN_DAYS, CHECK_IN_OPEN_DAYS, EntryKind
from portal.entry_desk import EntryLine, EntryPage
from portal.forms import DeclineForm, MessageForm, ReaderForm
from portal.openings import Opening, was_passed_on
from portal.reports import Report
from portal.roster import list_officers
from portal.runtime import runtime
from portal.threads import Chain
from portal.views.languages import gettext as _
from portal.views.officer.case_page import staff, texts_part
from portal.views.officer.case_readers import readers_part
from portal.views.officer.cautions import each_alone
from portal.views.officer.desk import Selectable
from portal.views.officer.reminder_part import reminder_part
from portal.views.report_lines import category_title
from portal.views.request import db
from portal.views.response import private_page
from portal.views.words import day, hand_over_to_me, word

_KINDS = (EntryKind.QUESTION, EntryKind.REMINDER, EntryKind.HOLD, EntryKind.PRAISE)
"""Those that officers may ever open, what waits for an answer first."""


@dataclass(frozen=True)
class EntryForms:
    """The forms of the page; the one that was refused comes back filled."""

    message: MessageForm | None = None
    assign: ReaderForm | None = None
    recuse: ReaderForm | None = None
    decline: DeclineForm | None = None


@dataclass(frozen=True)
class EntryLineOnPage:
    """One line of the list."""

    href: str
    title: str
    kind: str
    unit: str
    sealed_on: dt.date
    is_waiting: bool
    is_new: bool


def list_page(found: EntryPage, kind: EntryKind | None, *, is_first: bool) -> Response:
    """Render a page of the list."""
    chosen = kind.value if kind else None
    return private_page(
        "officer/entries.html",
        entries=[_line(line) for line in found.lines],
        kinds=[
            Selectable(url_for("officer.entries"), _("All"), kind is None),
            *(_filter(one, kind) for one in _KINDS),
        ],
        comes_in=hand_over_to_me(),
        next_page=(
            url_for("officer.entries", kind=chosen, after=found.next.hex())
            if found.next
            else None
        ),
        first_page=None if is_first else url_for("officer.entries", kind=chosen),
    )


def entry_page(
    opening: Opening,
    forms: EntryForms,
    *,
    http: int = 200,
    is_conflict: bool = False,
) -> Response:
    """Render the entry as its officers see it."""
    opened, today = opening.opened, runtime().today()
    names, thread = staff(), _thread(opened)
    report = Report.decode(thread[0].plain)
    officers = {officer.id.hex(): officer for officer in list_officers(db())}
    return private_page(
        "officer/entry.html",
        http=http,
        case_id=opened.case.id.hex(),
        kind=word(opening.sheet.kind),
        sealed_on=opening.sealed_on,
        cautions=_cautions(opening, today),
        conflict=is_conflict,
        **_acts(opening, today),
        readers=readers_part(opened, report, officers, forms.assign, forms.recuse),
        seen=cases.read_state(db(), opened.case),
        message_form=forms.message or MessageForm(formdata=None),
        assign_form=forms.assign or ReaderForm(formdata=None),
        recuse_form=forms.recuse or ReaderForm(formdata=None),
        **texts_part(opened, thread, names),
        **reminder_part(opened, forms.decline),
    )


def _not_yet(first: dt.date) -> str:
    """Say from when its writer may be written to, and why."""
    return _(
        "You can write to its writer from %(day)s on. Until then a word from you would "
        "tell that somebody else has named the same person. Every sealed entry asks its "
        "writer how things are after %(first)d and %(second)d days; in the %(open)d days "
        "from then on a question tells nothing.",
        day=day(first),
        first=CHECK_IN_DAYS[0],
        second=CHECK_IN_DAYS[1],
        open=CHECK_IN_OPEN_DAYS,
    )


def passed_on_words() -> str:
    """Return what the writer of a good word is told once it was passed on."""
    return _(
        "Thank you. Your good word has been passed on, without saying who wrote it."
    )


def _acts(opening: Opening, today: dt.date) -> dict[str, object]:
    """Say what an officer can do with the entry today."""
    first = opening.writing_day(today)
    is_praise = opening.sheet.kind is EntryKind.PRAISE
    return {
        "not_yet": _not_yet(first) if first else "",
        "can_take_up": opening.is_hold and first is None,
        "can_pass_on": is_praise and not was_passed_on(db(), opening.opened.case.id),
        "passed_on_words": passed_on_words() if is_praise else "",
        "is_question": opening.sheet.kind is EntryKind.QUESTION,
    }


def _cautions(opening: Opening, today: dt.date) -> list[str]:
    if not opening.is_hold:
        return []
    if not opening.may_be_matched:
        return [_("Opened because the day came that its writer chose.")]
    return [_why_matched(opening, today), *each_alone()]


def _why_matched(opening: Opening, today: dt.date) -> str:
    if opening.was_matched(today):
        return _(
            "Opened because somebody else named the same person. A match is not proof: "
            "two may be mistaken together, or may have agreed on it."
        )
    return _(
        "Opened because its day came, or before it because somebody else named the same "
        "person: which of the two does not show. A match is not proof."
    )


def _thread(opened: OfficerCase) -> tuple[threads.Entry, ...]:
    key = opened.key.thread
    return threads.read_handed_over(db(), opened.case.id, Chain.THREAD, key)


def _line(line: EntryLine) -> EntryLineOnPage:
    return EntryLineOnPage(
        href=url_for("officer.entry", case_id=line.case_id.hex()),
        title=_title(line),
        kind=word(line.kind) if line.kind else _("not readable"),
        unit=line.summary.unit,
        sealed_on=line.sealed_on,
        is_waiting=line.is_waiting,
        is_new=line.is_new,
    )


def _title(line: EntryLine) -> str:
    if line.kind is EntryKind.REMINDER:
        # Nothing is told in it: the kind of matter is all there is.
        return category_title(line.summary.category)
    return line.summary.title or _("This summary no longer opens; look into it")


def _filter(one: EntryKind, chosen: EntryKind | None) -> Selectable:
    address = url_for("officer.entries", kind=one.value)
    return Selectable(address, word(one), one is chosen)
