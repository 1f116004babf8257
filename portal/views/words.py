"""How values read on a page: words of the vocabularies, days, typed text."""

import datetime as dt
import re
from enum import StrEnum

from flask import Flask, g
from flask_babel import format_decimal
from markupsafe import Markup, escape

from crypto import NoticeKind
from portal.audit import AuditAction
from portal.deadlines import DeadlineKind
from portal.entries import EntryKind
from portal.file_kinds import FileKind
from portal.hints import HintKind
from portal.ladder import Said
from portal.people import ChangeKind, PersonState
from portal.reminders import ReminderAct
from portal.reports import CameBy, Hope, Ongoing, OthersKnow, Reminded
from portal.roles import Role
from portal.runtime import runtime
from portal.statuses import CaseStatus, Outcome, OutcomeClass
from portal.threads import Stopped, Text
from portal.views.languages import gettext, language
from portal.views.languages import gettext as _
from portal.written_days import write_day


def _l(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is shown."""
    return text


_KILOBYTE = 1000
_MEGABYTE = 1000 * _KILOBYTE


FIELD_WORDS: dict[str, str] = {
    "came_by": _l("How it came"),
    "category": _l("Kind"),
    "what": _l("What happened"),
    "who_name": _l("Name of the person reported"),
    "who_position": _l("Position of the person reported"),
    "who_unit": _l("Unit of the person reported"),
    "where": _l("Where"),
    "when": _l("When"),
    "ongoing": _l("Still going on"),
    "how": _l("How it was done"),
    "shows": _l("What shows it"),
    "others_know": _l("How many others know"),
    "reminded": _l("Reminded before"),
    "avoid": _l("To be avoided"),
    "hope": _l("What is hoped for"),
}
"""A report's fields in words, in the order of the form."""

# Bidirectional and invisible controls: they change what a line seems to say.
_CONTROLS = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufeff\U000e0000-\U000e007f]+"
)

REGISTER_WORDS: dict[str, str] = {
    "done_on": _l("Held on"),
    "note": _l("How was it held?"),
    "owner": _l("Who puts it right"),
    "due_on": _l("Due day"),
    "closed_on": _l("Put right on"),
    "proof": _l("Where is the proof?"),
}
"""How the fields of the register of evaluations are called."""

LABELLED = {**FIELD_WORDS, **REGISTER_WORDS}
"""Fields that have a name of their own wherever they stand."""

WORDS: tuple[tuple[StrEnum, str], ...] = (
    (CaseStatus.SEALED, _l("Sealed")),
    (CaseStatus.SUBMITTED, _l("Report received")),
    (CaseStatus.ACKNOWLEDGED, _l("Acknowledged")),
    (CaseStatus.VERIFIED, _l("Verified")),
    (CaseStatus.MORE_INFORMATION, _l("More information asked")),
    (CaseStatus.ASSESSED, _l("Being assessed")),
    (CaseStatus.ADDRESSED, _l("Being addressed")),
    (CaseStatus.REFERRED, _l("Referred")),
    (CaseStatus.CLOSED, _l("Closed")),
    (CaseStatus.NOT_ACTIONABLE, _l("Cannot be acted on")),
    (CaseStatus.WITHDRAWN, _l("Withdrawn")),
    (EntryKind.NOTE, _l("Locked note")),
    (EntryKind.OWN_REMINDER, _l("Note: I have reminded them myself")),
    (EntryKind.HOLD, _l("Held report")),
    (EntryKind.REMINDER, _l("Courtesy reminder")),
    (EntryKind.QUESTION, _l("Question")),
    (EntryKind.PRAISE, _l("A good word")),
    (EntryKind.REPORT, _l("Report")),
    (Outcome.PROVEN_DISCIPLINE, _l("Proven, disciplinary measure")),
    (Outcome.PROVEN_COACHING, _l("Proven, coaching")),
    (Outcome.PARTLY_PROVEN, _l("Partly proven")),
    (Outcome.SYSTEM_FIXED, _l("System improved")),
    (Outcome.SETTLED_BY_REMINDER, _l("Settled by a reminder")),
    (Outcome.NOT_PROVEN, _l("Not proven")),
    (Outcome.INSUFFICIENT_EVIDENCE, _l("Evidence not sufficient")),
    (Outcome.OUTSIDE_REMIT, _l("Outside our remit")),
    (Outcome.DUPLICATE, _l("Duplicate")),
    (Outcome.BAD_FAITH, _l("Report in bad faith")),
    (OutcomeClass.PROVEN, _l("Proven")),
    (OutcomeClass.PARTLY, _l("Proven in part")),
    (OutcomeClass.IMPROVED, _l("Put right")),
    (OutcomeClass.NOT_PROVEN, _l("Could not be proven")),
    (OutcomeClass.OUTSIDE, _l("Not ours to decide")),
    (OutcomeClass.DUPLICATE, _l("Already being dealt with")),
    (NoticeKind.FORCED_WITHDRAWAL, _l("A withdrawal was demanded")),
    (NoticeKind.HUNT, _l("Someone is looking for the reporter")),
    (NoticeKind.PRESSURE, _l("There is pressure or a threat")),
    (NoticeKind.RETALIATION, _l("Someone is treated worse because of a report")),
    (DeadlineKind.ACKNOWLEDGE, _l("acknowledge")),
    (DeadlineKind.VERIFY, _l("verify")),
    (DeadlineKind.FIRST_ANSWER, _l("first answer")),
    (DeadlineKind.FEEDBACK, _l("outcome")),
    (DeadlineKind.PROTECT, _l("protect")),
    (DeadlineKind.KEEPER, _l("the keeper's word")),
    (Ongoing.YES, _l("Yes")),
    (Ongoing.NO, _l("No")),
    (Ongoing.UNKNOWN, _l("I do not know")),
    (Said.YES, _l("Yes")),
    (Said.NO, _l("No")),
    (Said.UNKNOWN, _l("I do not know")),
    (Stopped.YES, _l("Yes")),
    (Stopped.NO, _l("No")),
    (Stopped.UNKNOWN, _l("I do not know")),
    (OthersKnow.FEW, _l("1 to 2 people")),
    (OthersKnow.SOME, _l("3 to 4 people")),
    (OthersKnow.SEVERAL, _l("5 to 9 people")),
    (OthersKnow.MANY, _l("10 or more")),
    (OthersKnow.UNKNOWN, _l("I am not sure")),
    (Reminded.YES, _l("Yes, already")),
    (Reminded.NO, _l("Not yet")),
    (CameBy.PHONE, _l("By phone")),
    (CameBy.LETTER, _l("By letter")),
    (CameBy.VISIT, _l("On a visit")),
    (Hope.STOP, _l("That it stops")),
    (Hope.REPAIR, _l("That it is put right")),
    (Hope.EXAMINE, _l("That it is examined")),
    (Hope.ANY, _l("Whatever the officers find right")),
    (HintKind.STAFF_NUMBER, _l("looks like a staff number")),
    (HintKind.NATIONAL_ID, _l("looks like an identity number")),
    (HintKind.PHONE, _l("looks like a phone number")),
    (HintKind.EMAIL, _l("looks like an e-mail address")),
    (HintKind.PLATE, _l("looks like a car plate")),
    (HintKind.FIRST_PERSON, _l("speaks of you")),
    (HintKind.NEIGHBOUR, _l("says where you are")),
    (HintKind.FAMILY, _l("shows your family or a relation")),
    (HintKind.COMPANY, _l("shows who was there")),
    (FileKind.JPEG, _l("JPEG picture")),
    (FileKind.PNG, _l("PNG picture")),
    (FileKind.GIF, _l("GIF picture")),
    (FileKind.WEBP, _l("WebP picture")),
    (FileKind.TIFF, _l("TIFF picture")),
    (FileKind.HEIC, _l("HEIC picture")),
    (FileKind.PDF, _l("PDF document")),
    (FileKind.MP3, _l("MP3 recording")),
    (FileKind.OGG, _l("Ogg recording")),
    (FileKind.M4A, _l("M4A recording")),
    (FileKind.WAV, _l("WAV recording")),
    (FileKind.MP4, _l("MP4 video")),
    (FileKind.MOV, _l("QuickTime video")),
    (FileKind.WEBM, _l("WebM video")),
    (FileKind.DOCX, _l("Word document")),
    (FileKind.XLSX, _l("Excel workbook")),
    (FileKind.PPTX, _l("PowerPoint slides")),
    (FileKind.ODT, _l("OpenDocument text")),
    (FileKind.TEXT, _l("Plain text")),
    (FileKind.ARCHIVE, _l("Archive of files")),
    (FileKind.EXECUTABLE, _l("Program")),
    (FileKind.OTHER, _l("Unknown kind")),
    (ChangeKind.ADDED, _l("was added")),
    (ChangeKind.RETIRED, _l("has left")),
    (ChangeKind.KEY_CHANGED, _l("has a new key")),
    (Role.OFFICER, _l("Officer")),
    (Role.OUTSIDE_OFFICER, _l("Officer from outside")),
    (Role.CUSTODIAN, _l("Keeper")),
    (Role.ADMINISTRATOR, _l("Administrator")),
    (Role.EVALUATOR, _l("Evaluator")),
    (PersonState.INVITED, _l("invited")),
    (PersonState.WITHDRAWN, _l("invitation withdrawn")),
    (PersonState.ENROLLED, _l("at work")),
    (PersonState.RETIRED, _l("retired")),
    (AuditAction.INVITED, _l("invited somebody")),
    (AuditAction.RENEWED, _l("renewed an invitation")),
    (AuditAction.WITHDRAWN, _l("withdrew an invitation")),
    (AuditAction.ENROLLED, _l("enrolled")),
    (AuditAction.MADE_BACKUP_KEY, _l("made a key for backups")),
    (AuditAction.RESTORED, _l("restored a backup")),
    (AuditAction.RETIRED, _l("let somebody retire")),
    (AuditAction.GIVEN, _l("gave the administrator role")),
    (AuditAction.TAKEN, _l("took the administrator role")),
    (AuditAction.LOGGED_IN, _l("logged in")),
    (AuditAction.LOGGED_OUT, _l("logged out")),
    (AuditAction.USED_RECOVERY_CODE, _l("used a recovery code")),
    (AuditAction.CHANGED_PASSPHRASE, _l("changed the passphrase")),
    (AuditAction.CONNECTED_PHONE, _l("connected another phone")),
    (AuditAction.RENEWED_RECOVERY_CODES, _l("renewed the recovery codes")),
    (AuditAction.EXPORTED, _l("exported the record")),
    (AuditAction.MOVED, _l("took a step in a case")),
    (AuditAction.CONFIRMED, _l("answered an objection: the result stands")),
    (AuditAction.ANSWERED, _l("answered")),
    (AuditAction.NOTED, _l("wrote a note")),
    (AuditAction.TRIAGED, _l("assessed a case")),
    (AuditAction.REPORT_TAKEN, _l("took a report for somebody")),
    (AuditAction.MAIL_ADDRESS_KEPT, _l("changed the own mail address")),
    (AuditAction.INFORMED, _l("opened a case as keeper")),
    (AuditAction.READERS_CHANGED, _l("changed the readers of a case")),
    (AuditAction.DECLARED, _l("declared conflicts of interest")),
    (AuditAction.KEY_CHANGE_BEGUN, _l("began to change the own key")),
    (AuditAction.KEY_CHANGE_DROPPED, _l("broke off the change of a key")),
    (AuditAction.KEY_CHANGED, _l("changed the own key")),
    (AuditAction.NEW_KEY_OFFERED, _l("offered a new key")),
    (AuditAction.NEW_KEY_WITHDRAWN, _l("took the link to a new key back")),
    (AuditAction.NEW_KEY, _l("took a new key")),
    (AuditAction.ESCALATED, _l("opened a case to the keepers: a deadline was missed")),
    (AuditAction.TAKEN_OVER, _l("took a case over as keeper")),
    (AuditAction.RETURNED, _l("gave a case back to its officers")),
    (AuditAction.EXTENDED, _l("extended a deadline")),
    (AuditAction.HANDED_OVER, _l("handed cases over to a colleague")),
    (AuditAction.TAKEN_UP, _l("took up cases from colleagues")),
    (AuditAction.HELD_BACK, _l("held a case back from being destroyed")),
    (AuditAction.LET_GO, _l("let a case go")),
    (AuditAction.PURGED, _l("destroyed a case on its day")),
    (AuditAction.ROUND_BEGUN, _l("began a round")),
    (AuditAction.ROUND_EXPORTED, _l("wrote a keeper's round to a file")),
    (AuditAction.ROUND_HELD, _l("held a round")),
    (AuditAction.COSIGNED, _l("cosigned the public trail")),
    (AuditAction.REFUSED_TO_COSIGN, _l("did not cosign: the trail was rewritten")),
    (AuditAction.CLOCK_CONFIRMED, _l("confirmed the clock")),
    (AuditAction.PASSED_ON, _l("passed a good word on")),
    (AuditAction.PASSED_ON, _l("passed a good word on")),
    (AuditAction.ROUND_BEGUN, _l("began a round")),
    (AuditAction.ROUND_HELD, _l("held a round")),
    (AuditAction.MADE_SHARES, _l("made shares of recovery")),
    (AuditAction.REPORT_TAKEN, _l("took a report for somebody")),
    (AuditAction.MAIL_ADDRESS_KEPT, _l("kept a mail address")),
    (AuditAction.RECOVERED, _l("came back by recovery")),
    (AuditAction.STAFF_IMPORTED, _l("imported the staff list")),
    (AuditAction.SLIPS_PRINTED, _l("printed slips")),
    (AuditAction.SLIPS_VOIDED, _l("voided slips")),
    (AuditAction.EVALUATION_PLANNED, _l("planned an evaluation")),
    (AuditAction.EVALUATION_HELD, _l("recorded an evaluation")),
    (AuditAction.FINDING_ADDED, _l("wrote down a finding")),
    (AuditAction.FINDING_CLOSED, _l("closed a finding")),
    (AuditAction.EVIDENCE_EXPORTED, _l("exported the evidence of a year")),
    (AuditAction.DECLARATION_KEPT, _l("recorded the declaration")),
    (AuditAction.STATEMENT_KEPT, _l("recorded the head's statement")),
    (AuditAction.AREA_REPORTED, _l("wrote what is done in an area")),
    (AuditAction.PREDICATE_KEPT, _l("recorded the predicate")),
    (AuditAction.PACT_COUNTED, _l("recorded the counts of the pact")),
    (AuditAction.FIGURES_PUBLISHED, _l("published figures")),
    (AuditAction.IMPROVEMENTS_CHANGED, _l("wrote what changed")),
)
"""Every member of every vocabulary that a page shows, in words."""


def install(app: Flask) -> None:
    """Make filters and the names that every page has."""
    app.jinja_env.filters.update(word=word, day=day, visible=visible)
    app.context_processor(_names_for_pages)


def word(member: StrEnum) -> str:
    """Return a vocabulary's member in the page's language."""
    return gettext(_BY_TYPE[type(member), member.value])


def act_word(act: str) -> str:
    """Return an act of the record in words; one that no version knows, as it stands."""
    text = _BY_TYPE.get((AuditAction, act))
    return gettext(text) if text else act


def field_word(name: str) -> str:
    """Return how a field of a report, or of the register, is called."""
    return gettext(LABELLED[name])


def day(date: dt.date) -> str:
    """Write a day as people read it: 9 Desember 2026."""
    return write_day(date, language())


def number(count: int) -> str:
    """Write a number as people read it: 11.392."""
    return format_decimal(count)


def text_in_words(text: Text, written_on: dt.date) -> str:
    """Return what a text of a thread says; one of a fixed kind, in words of the page."""
    if text.reminder_act is ReminderAct.DELIVERED:
        return _("The reminder was delivered on %(day)s.", day=day(written_on))
    if text.reminder_act is ReminderAct.DECLINED:
        return _("No reminder is delivered. The reason: %(reason)s", reason=text.text)
    return text.text


def size(length: int) -> str:
    """Write a length in bytes as people read it: 1,2 MB in Indonesian, 1.2 MB."""
    if length < _MEGABYTE:
        return f"{max(1, round(length / _KILOBYTE))} KB"
    number = f"{length / _MEGABYTE:.1f}"
    return f"{number.replace('.', ',') if language() == 'id' else number} MB"


def hand_over() -> str:
    """Say to a reporter when officers get what was handed in now."""
    if runtime().hand_over.are_immediate:
        return _("Officers can read it from now on.")
    return _(
        "Officers get it at the next hand-over, every day at %(hours)s. "
        "So they do not see at what hour it came in.",
        hours=_hours(),
    )


def hand_over_to_me() -> str | None:
    """Say to an officer when something new comes; None: at any time."""
    if runtime().hand_over.are_immediate:
        return None
    return _("What is new comes in every day at %(hours)s.", hours=_hours())


def visible(text: str) -> Markup:
    """Show controls that change how a text reads; everything else is escaped."""
    # Escaped before it is marked as markup.
    return Markup(_CONTROLS.sub(_show, str(escape(text))))  # noqa: S704  # nosec B704


def _hours() -> str:
    *others, last = (_time(hour) for hour in runtime().hand_over.hours)
    first = ", ".join(others)
    return _("%(first)s and %(last)s", first=first, last=last) if others else last


def _time(hour: dt.time) -> str:
    # A point in Indonesian, a colon in English: 08.00, 08:00.
    return hour.strftime("%H.%M" if language() == "id" else "%H:%M")


def _show(control: re.Match[str]) -> str:
    # A run counts as one: a page must not grow with what cannot be seen.
    first, count = ord(control[0][0]), len(control[0])
    times = f" ×{count}" if count > 1 else ""
    return f'<span class="control">U+{first:04X}{times}</span>'


def _names_for_pages() -> dict[str, object]:
    settings = runtime().settings
    duty = g.get("duty")
    return {
        "portal_name": settings.portal_name,
        "agency": settings.agency,
        "source_address": settings.source_address,
        "exit_url": "/exit",
        "officer": duty.person if duty else None,
    }


# Members of different vocabularies may be equal as text: the type tells them apart.
_BY_TYPE = {(type(member), member.value): text for member, text in WORDS}
