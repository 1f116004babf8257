"""What a writer changes of a sealed entry: its day, its slip, all of it made anew.

Any change makes the whole entry anew, as if it had just been kept: a new office key, a
new M, every officer's wrap, mask, sheets, summary, outers. So no change tells which kind
of entry it was made to; what a round gave to officers before fits nothing any more; and
no answer depends on whether a round did. Notes that officers wrote beside an entry which
they had not taken up go with it: the code does not open them, and a chain that nobody
opens would stand in the way of those who read (docs/decisions/0096).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    CaseKey,
    Key,
    NotYoursError,
    Recipient,
    Slip,
    random_mask,
    unlock_for_reporter,
    unseal,
    wrap_case_key,
)
from portal import outers, threads, vouchers
from portal.cases import (
    PURPOSE_CASE,
    PURPOSE_TROUBLE,
    ReporterCase,
    changing,
    read_steps,
)
from portal.categories import Category, Hold, Taxonomy
from portal.conflicts import find_conflicted
from portal.database import find_instance_id, shrink_journal
from portal.entries import Entry
from portal.errors import (
    NoSuchCaseError,
    NoSuchCategoryError,
    NotFromHereError,
)
from portal.held_wraps import NEXT_OF
from portal.holds import check_day, renewed_day
from portal.models import Base, Case, Person, Wrap
from portal.new_cases import share_of
from portal.note_sheets import NoteSheet
from portal.reader_sheets import ShutOut
from portal.reports import Readers, Report, choose_readers
from portal.roster import (
    ListedOfficer,
    find_uncompared,
    list_custodians,
    list_officers,
)
from portal.statuses import CaseStatus
from portal.summaries import Summary
from portal.threads import Chain

_INTO_WRAPS = insert(Base.metadata.tables[Wrap.__tablename__])


@dataclass(frozen=True)
class OwnEntry:
    """A sealed entry in the hands of who has its code."""

    opened: ReporterCase
    code_key: Key = field(repr=False)

    @property
    def case(self) -> Case:
        """Return its row."""
        return self.opened.case

    @property
    def key(self) -> Key:
        """Return its case key."""
        return self.opened.key

    @property
    def sheet(self) -> NoteSheet:
        """Return what its writer chose."""
        return NoteSheet.unseal(self.case.note_sheet or b"", self.key, self.case.id)

    @property
    def entry(self) -> Entry:
        """Return how it is kept, with whom it is about."""
        return self.sheet.entry(self.code_key, self.case.id)


@dataclass(frozen=True)
class Office:
    """What the portal holds for every entry, and what kinds it knows."""

    gate: Key = field(repr=False)
    secret: Key = field(repr=False)
    """The instance's, which declarations of conflicts are locked under."""
    taxonomy: Taxonomy

    def kind_of(self, report: Report) -> Category:
        """Return what a report is about; what no list knows is decided by officers."""
        try:
            return self.taxonomy.find(report.category)
        except NoSuchCategoryError:
            return self.taxonomy.unsure

    def is_short(self, report: Report) -> bool:
        """Tell whether such a report is held for thirty days at most."""
        return self.kind_of(report).hold is Hold.THIRTY_DAYS


def _always() -> None:
    pass


def find_sealed_on(session: Session, case_id: bytes) -> dt.date:
    """Return the day on which an entry was filed."""
    return read_steps(session, case_id)[0].taken_on


def read_report(session: Session, own: OwnEntry) -> Report:
    """Open what was first written."""
    first = outers.first_envelope(session, own.case.id)
    return Report.decode(unseal(first, own.key, threads.first_place(own.case.id)))


def is_held_shortly(own: OwnEntry, report: Report, office: Office) -> bool:
    """Tell whether it is held for thirty days at most: by answers, or by its kind."""
    return own.sheet.is_short or office.is_short(report)


def extend(
    session: Session,
    own: OwnEntry,
    day: dt.date,
    *,
    office: Office,
    today: dt.date,
    admit: Callable[[], None] = _always,
) -> None:
    """Move the day on which the entry opens or ends, later or earlier.

    Raises:
        DayOutOfReachError: not after today, or too late for this kind.
        NotFromHereError: an officer has taken it up, it is a report, or its end is not
            its writer's to move.
        NoSuchCaseError: it is destroyed.
        NotAdmittedError: by *admit*, which is asked last.
        StoreUnavailableError: nothing was changed.
    """
    with changing_own(session, own) as case:
        if own.sheet.kind.has_fixed_end:
            raise NotFromHereError
        report = read_report(session, own)
        sealed_on = find_sealed_on(session, case.id)
        entry, is_short = own.entry, is_held_shortly(own, report, office)
        check_day(day, sealed_on, today, is_short=is_short)
        _remake(session, own, replace(entry, day=day), report, office)
        admit()
    shrink_journal(session)


def renew(
    session: Session,
    own: OwnEntry,
    *,
    office: Office,
    today: dt.date,
    admit: Callable[[], None] = _always,
) -> None:
    """Keep a note for twelve months from today; a clock set back shortens nothing.

    Raises:
        NotFromHereError: an officer has taken it up, it is a report, or no note: a held
            report has a longest time, which this would pass by.
        NoSuchCaseError: it is destroyed.
        NotAdmittedError: by *admit*, which is asked last.
        StoreUnavailableError: nothing was changed.
    """
    with changing_own(session, own):
        entry = own.entry
        if not entry.kind.is_for_writer_alone:
            raise NotFromHereError
        entry = replace(entry, day=renewed_day(entry.day, today))
        _remake(session, own, entry, read_report(session, own), office)
        admit()
    shrink_journal(session)


def give_slip(
    session: Session,
    own: OwnEntry,
    slip: Slip,
    *,
    office: Office,
    admit: Callable[[], None] = _always,
) -> None:
    """Use a slip up, and let the entry count for a match from now on.

    The slip is used in a transaction of its own, before the entry is made anew.

    Raises:
        NoSuchSlipError: unknown, used or voided.
        NotFromHereError: an officer has taken it up, it is a report, or it wants no
            slip; which is good still.
        NoSuchCaseError: it is destroyed.
        NotAdmittedError: by *admit*, which is asked last.
        StoreUnavailableError: nothing was changed, and the slip is good still.
    """
    if own.entry.wanted is None:
        raise NotFromHereError
    with using(session, slip), changing_own(session, own):
        entry = own.entry
        if entry.wanted is None:
            raise NotFromHereError
        entry = replace(entry, rule=entry.wanted, wanted=None)
        _remake(session, own, entry, read_report(session, own), office)
        admit()
    shrink_journal(session)


@contextmanager
def using(session: Session, slip: Slip) -> Iterator[None]:
    """Use a slip up for what follows; if that fails the slip is good again.

    Raises:
        NoSuchSlipError: unknown, used or voided; nothing followed.
    """
    burnt = vouchers.burn(session, slip)
    is_done = False
    try:
        yield
        is_done = True
    finally:
        if not is_done:
            vouchers.put_back(session, burnt)


@contextmanager
def changing_own(session: Session, own: OwnEntry) -> Iterator[Case]:
    """Change a sealed entry in one transaction, as it is now.

    Whether a round has released it meanwhile cannot be told, and changes nothing.

    Raises:
        NotFromHereError: an officer has taken it up, or it is a report.
        NoSuchCaseError: it is destroyed, or its writer's lock is.
        StoreUnavailableError: nothing was changed.
    """
    with changing(session, own.opened) as case:
        if case.status != CaseStatus.SEALED:
            raise NotFromHereError
        session.refresh(case, ["note_sheet"])
        lock, instance = case.reporter_lock, find_instance_id(session)
        try:
            unlock_for_reporter(lock, own.code_key, case_id=case.id, instance=instance)
        except (NotYoursError, BrokenError):
            # Officers keep it: what is sealed anew now, nobody would open.
            raise NoSuchCaseError from None
        yield case


def wrap_anew(
    session: Session, own: OwnEntry, readers: Readers
) -> tuple[CaseKey, bytes]:
    """Make keys, wraps and reader sheet anew; return the case's key, and K xor M.

    Notes and outers go; mask, summary and outers are the caller's to make. Call it
    inside the transaction.
    """
    case, key = own.case, CaseKey(own.key, own.key.fresh())
    # They get it with all others of theirs, once a colleague compared the key.
    uncompared = find_uncompared(session)
    able = [one for one in readers.readers if one.id not in uncompared]
    others = [one for one in (*readers.readers, *readers.others) if one not in able]
    wrapped = wrap_case_key(
        key, case_id=case.id, readers=_recipients(able), others=_recipients(others)
    )
    # What custodians were told of its writer stays: it holds no key.
    told = (PURPOSE_TROUBLE, NEXT_OF[PURPOSE_TROUBLE])
    mine = (Wrap.case_id == case.id) & Wrap.purpose.not_in(told)
    session.execute(delete(Wrap).where(mine))
    this = {"case_id": case.id, "purpose": PURPOSE_CASE}
    rows = [
        this | {"holder_id": holder, "wrap": wrap}
        for holder, wrap in wrapped.wraps.items()
    ]
    session.connection().execute(_INTO_WRAPS, rows)
    case.reader_sheet = readers.sheet.seal(key, case.id)
    threads.forget(session, case.id, Chain.NOTES)
    # What a cache holds of the office key of before opens nothing any more.
    session.execute(update(Person).values(opened_keys=None))
    return key, wrapped.mask


def put_outers(session: Session, rows: Sequence[outers.OuterRow]) -> None:
    """Insert the outers of an entry that was wrapped anew."""
    if rows:
        session.connection().execute(_INTO_WRAPS, list(rows))


def _remake(
    session: Session, own: OwnEntry, entry: Entry, report: Report, office: Office
) -> None:
    case, chosen = own.case, own.sheet.readers
    readers = _same_readers(session, own, report, office)
    key, pair = wrap_anew(session, own, readers)
    case.mask = pair if entry.kind.is_readable else random_mask()
    severity = office.kind_of(report).severity
    case.summary = Summary.of(report, severity).seal(key, case.id)
    # Outers name the first text: one of before, put back, is seen not to belong here.
    threads.replace_first(session, case.id, own.key, report.encode())
    sheet = NoteSheet.of(entry, chosen, own.code_key, case.id)
    case.note_sheet = sheet.seal(own.key, case.id)
    share = share_of(entry, pair, outers.first_envelope(session, case.id))
    custodians = list_custodians(session)
    named = [one.id for one in custodians if report.names(one.name)]
    put_outers(
        session,
        outers.seal_entry_outers(
            custodians, share, case.id, gate=office.gate, never=named
        ),
    )


def _same_readers(
    session: Session, own: OwnEntry, report: Report, office: Office
) -> Readers:
    """Return whom the writer chose, of today's officers; who came later may not read."""
    officers, sheet = list_officers(session), own.sheet
    ticked = frozenset(one.id.hex() for one in officers if sheet.chose(one.id.hex()))
    readers = choose_readers(
        officers,
        report,
        ticked=ticked,
        only_outside=False,
        conflicted=find_conflicted(session, report, office.secret),
    )
    sealed_on = find_sealed_on(session, own.case.id)
    later = frozenset(
        session.scalars(select(Person.id).where(Person.added_on > sealed_on))
    )
    pairs = zip(readers.others, readers.reasons, strict=True)
    reasons = tuple(_why(one, why, report, later) for one, why in pairs)
    return replace(readers, reasons=reasons)


def _why(
    officer: ListedOfficer, why: ShutOut, report: Report, later: frozenset[bytes]
) -> ShutOut:
    """Return why an officer may not read; the sheet of before is not ours to open."""
    if why is not ShutOut.UNTICKED or officer.id.hex() in report.shut_out:
        return why
    # Was there, and neither chosen nor unticked: a declaration stood in the way.
    return ShutOut.LATER if officer.id in later else ShutOut.CONFLICTED


def _recipients(officers: Sequence[ListedOfficer]) -> dict[bytes, Recipient]:
    return {officer.id: Recipient(officer.recipient) for officer in officers}
