"""The audit record: who did what on which day, in a chain nobody can edit.

Never text, never whom a change of readers concerned, never anything of a
reporter's visit (FORMAT 11).
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import LargeBinary, String, cast, select
from sqlalchemy.orm import Session

from crypto import ORIGIN, first_mismatch, link
from portal.database import reading
from portal.models import AuditEntry

OPERATOR = ""
"""Who acts at the machine's command line: nobody that the portal knows by name."""

CLOCK = "clock"
"""Who acts where nobody does: what was due, on a day that was shown before."""

_TEXTS = (AuditEntry.day, AuditEntry.actor, AuditEntry.act, AuditEntry.concerns)
_BYTES = (AuditEntry.case_id, AuditEntry.link)
# As bytes, whatever is stored: of a damaged value the link shall differ, and reading
# it shall not fail.
STORED = select(
    AuditEntry.number,
    *(cast(cast(column, String), LargeBinary) for column in _TEXTS),
    *(cast(column, LargeBinary) for column in _BYTES),
)
"""Every entry, to be ordered and narrowed down."""

_UNDECODED = "surrogateescape"


class AuditAction(StrEnum):
    """What can be done; a past participle, with its object where needed."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    MADE_SHARES = "recovery shares made"
    RECOVERED = "recovered"
    MADE_BACKUP_KEY = "backup key made"
    RESTORED = "restored from a backup"
    RETIRED = "retired"
    LOGGED_IN = "logged in"
    LOGGED_OUT = "logged out"
    RENEWED = "invitation renewed"
    WITHDRAWN = "invitation withdrawn"
    GIVEN = "administration given"
    TAKEN = "administration taken"
    EXPORTED = "record exported"
    USED_RECOVERY_CODE = "recovery code used"
    CHANGED_PASSPHRASE = "passphrase changed"  # noqa: S105 - an act  # nosec B105
    CONNECTED_PHONE = "phone connected"
    RENEWED_RECOVERY_CODES = "recovery codes renewed"
    MOVED = "status changed"
    CONFIRMED = "result confirmed"
    ANSWERED = "answered"
    NOTED = "noted"
    TRIAGED = "triaged"
    # Without its case: who took a report and when would tell on the caller.
    REPORT_TAKEN = "report taken"
    MAIL_ADDRESS_KEPT = "mail address kept"
    INFORMED = "informed"
    READERS_CHANGED = "readers changed"
    DECLARED = "conflicts declared"
    KEY_CHANGE_BEGUN = "key change begun"
    KEY_CHANGE_DROPPED = "key change broken off"
    KEY_CHANGED = "key changed"
    NEW_KEY_OFFERED = "new key offered"
    NEW_KEY_WITHDRAWN = "new key withdrawn"
    NEW_KEY = "new key taken"
    ESCALATED = "opened to keepers"
    TAKEN_OVER = "taken over"
    RETURNED = "given back"
    EXTENDED = "deadline extended"
    HANDED_OVER = "cases handed over"
    TAKEN_UP = "cases taken up"
    HELD_BACK = "held back"
    LET_GO = "let go"
    PURGED = "purged"
    ROUND_BEGUN = "round begun"
    ROUND_EXPORTED = "round exported"
    # With its number, and half of the hash of the line that was signed.
    ROUND_HELD = "round held"
    # With the tree that it was, and half of its root.
    COSIGNED = "trail cosigned"
    REFUSED_TO_COSIGN = "trail not cosigned"
    CLOCK_CONFIRMED = "clock confirmed"
    # With their half-year, and half of the hash of what was signed.
    FIGURES_PUBLISHED = "figures published"
    IMPROVEMENTS_CHANGED = "improvements changed"
    PASSED_ON = "good word passed on"
    STAFF_IMPORTED = "staff list imported"
    SLIPS_PRINTED = "slips printed"
    SLIPS_VOIDED = "slips voided"
    EVALUATION_PLANNED = "evaluation planned"
    EVALUATION_HELD = "evaluation held"
    FINDING_ADDED = "finding added"
    FINDING_CLOSED = "finding closed"
    EVIDENCE_EXPORTED = "evidence exported"
    # With the day that was typed: the day of the entry tells when.
    DECLARATION_KEPT = "declaration kept"
    STATEMENT_KEPT = "statement kept"
    AREA_REPORTED = "area reported"
    PREDICATE_KEPT = "predicate kept"
    PACT_COUNTED = "pact counted"


OF_THINGS = (
    AuditAction.STAFF_IMPORTED,
    AuditAction.SLIPS_PRINTED,
    AuditAction.SLIPS_VOIDED,
    AuditAction.ROUND_HELD,
    AuditAction.EVALUATION_PLANNED,
    AuditAction.EVALUATION_HELD,
    AuditAction.FINDING_ADDED,
    AuditAction.FINDING_CLOSED,
    AuditAction.EVIDENCE_EXPORTED,
    AuditAction.DECLARATION_KEPT,
    AuditAction.STATEMENT_KEPT,
    AuditAction.AREA_REPORTED,
    AuditAction.PREDICATE_KEPT,
    AuditAction.COSIGNED,
    AuditAction.FIGURES_PUBLISHED,
    AuditAction.IMPROVEMENTS_CHANGED,
)
"""Acts that concern a list, slips, a round, the zone, figures; and nobody by name."""


def record(
    session: Session,
    actor: str,
    action: AuditAction,
    today: dt.date,
    case_id: bytes | None = None,
    *,
    concerns: str | None = None,
) -> None:
    """Append an entry; call it inside the transaction of the act itself.

    *concerns*: whom an act among people was about, or which batch of slips; never one
    that has a case.
    """
    last = session.scalar(
        select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
    )
    number = last.number + 1 if last else 1
    written = today.isoformat(), actor, action.value
    entry = Entry(number, *written, concerns, case_id, b"")
    session.add(
        AuditEntry(
            number=number,
            day=today,
            actor=actor,
            act=entry.act,
            concerns=concerns,
            case_id=case_id,
            link=link(last.link if last else ORIGIN, _fields(entry)),
        )
    )


@dataclass(frozen=True)
class Entry:
    """An entry as it is stored, believed in nothing: any column may be damaged."""

    number: int
    day: str
    actor: str
    act: str
    concerns: str | None
    case_id: bytes | None
    link: bytes


@dataclass(frozen=True)
class Verdict:
    """What the record shows of itself."""

    count: int
    last: Entry | None
    """The newest; who notes it elsewhere can tell later that the end was cut off."""
    broken: Entry | None
    """The first that does not hold; None: all do."""


def verify(session: Session) -> Verdict:
    """Compute the chain anew from the first entry on.

    An entry that was edited, inserted or moved is named itself; where one is missing,
    the one behind it. What cannot be seen: an end that was cut off, and a record that
    was made anew from some entry on. For both, compare the last link with a note.

    Raises:
        StoreUnavailableError: it cannot be read.
    """
    with reading(session):
        in_order = session.execute(STORED.order_by(AuditEntry.number))
        entries = [as_stored(*row) for row in in_order]
    place = first_mismatch((_fields(entry), entry.link) for entry in entries)
    return Verdict(
        count=len(entries),
        last=entries[-1] if entries else None,
        broken=None if place is None else entries[place],
    )


def as_stored(number: int, *values: bytes | None) -> Entry:
    """Return what a row of `STORED` holds."""
    *texts, concerns, case_id, kept = values
    day, actor, act = ((text or b"").decode(errors=_UNDECODED) for text in texts)
    about = None if concerns is None else concerns.decode(errors=_UNDECODED)
    return Entry(number, day, actor, act, about, case_id, kept or b"")


def _fields(entry: Entry) -> tuple[bytes, ...]:
    about = () if entry.concerns is None else (entry.concerns,)
    return (
        # Signed: a number below one is damage like any other.
        entry.number.to_bytes(8, "big", signed=True),
        entry.day.encode(errors=_UNDECODED),
        entry.actor.encode(errors=_UNDECODED),
        entry.act.encode(errors=_UNDECODED),
        entry.case_id or b"",
        # Where it is about nobody, nothing: entries from before this field hold.
        *(name.encode(errors=_UNDECODED) for name in about),
    )
