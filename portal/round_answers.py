"""An answer comes back: what a custodian found elsewhere is done here, once.

It is believed because that custodian signed it: the portal cannot see whether a rule
was met. What it can see it checks: that the round is open, the custodian's, and of this
export; and, entry by entry, that nothing has changed since, as in a round held here.
"""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Found,
    FoundAway,
    InstanceId,
    Key,
    NotYoursError,
    Recipient,
    RoundAnswer,
    Signed,
    StepKind,
    put_counts_behind_gate,
    unlock_export,
    verify,
)
from portal import audit, round_acts
from portal.audit import AuditAction
from portal.cosigning import take_line
from portal.database import rest, shrink_journal, transaction
from portal.models import Person, Round
from portal.round_errors import (
    BackdatedRoundError,
    ForeignAnswerError,
    NoOpenRoundError,
    NotAnAnswerError,
    OtherCustodianError,
    OtherExportError,
    RoundOverError,
    UnsignedAnswerError,
)
from portal.round_lines import RoundLine, mark_of
from portal.round_reading import Holder
from portal.round_rules import Standing
from portal.rounds import drop_caches
from portal.shredding import Shredder

_NOT_BEGUN = bytes(16)


@dataclass(frozen=True)
class Taken:
    """A round that came back and is over."""

    line: RoundLine
    has_left: bool
    """Something had changed since the export, and was left as it is."""


@dataclass(frozen=True)
class _Checked:
    row: Round
    person: Person
    found: FoundAway = field(repr=False)
    line: RoundLine


def take_answer(
    session: Session,
    content: bytes,
    *,
    gate: Key,
    shredder: Shredder,
    instance: InstanceId,
    today: dt.date,
) -> Taken:
    """Do what an answer says, lot after lot, each a transaction; then the round is over.

    Interrupted, it goes on when the same answer comes again.

    Raises:
        RoundFileError: it is not taken; nothing was done.
        BackdatedRoundError: the clock stands before the day of the export.
        StoreUnavailableError: try again later; nothing is half done.
    """
    try:
        answer = RoundAnswer.parse(content)
    except BrokenError:
        raise NotAnAnswerError from None
    checked = _check(session, answer, gate, instance)
    if checked.row.day > today:
        raise BackdatedRoundError
    has_left = _act(session, checked, gate, shredder)
    _finish(session, checked, gate, instance, today)
    shrink_journal(session)
    return Taken(checked.line, has_left)


def _check(
    session: Session, answer: RoundAnswer, gate: Key, instance: InstanceId
) -> _Checked:
    if answer.instance != instance:
        raise ForeignAnswerError
    row = session.get(Round, answer.number, populate_existing=True)
    if row is None:
        raise NoOpenRoundError
    if row.custodian_id != answer.holder:
        raise OtherCustodianError
    if row.is_done:
        raise RoundOverError
    person = session.get_one(Person, row.custodian_id, populate_existing=True)
    if person.is_retired or not person.is_custodian:
        raise UnsignedAnswerError
    try:
        answer.check(person.signing_key or b"")
    except BrokenError:
        raise UnsignedAnswerError from None
    found = _open(answer, row, gate)
    return _Checked(row, person, found, _line_of(found, row, person))


def _open(answer: RoundAnswer, row: Round, gate: Key) -> FoundAway:
    number, holder = row.number, row.custodian_id
    locked = row.locked or b""
    try:
        answer_to, digest = unlock_export(locked, gate, number=number, holder=holder)
    except (NotYoursError, BrokenError):
        raise NoOpenRoundError from None  # it is being held on the portal
    if digest != answer.export:
        raise OtherExportError
    try:
        return answer.open(answer_to)
    except (NotYoursError, BrokenError):
        raise NotAnAnswerError from None


def _line_of(found: FoundAway, row: Round, person: Person) -> RoundLine:
    """Return the line if it is this round's, and what was found can be acted on."""
    try:
        line = RoundLine.parse(found.line)
        verify(line.public, found.line.encode(), found.signature, Signed.LINE)
        for one in found.found:
            Standing(one.standing)
    except (BrokenError, ValueError):
        raise NotAnAnswerError from None
    ids = [one.case_id for one in found.found]
    said = (line.number, line.day, line.public, line.custodian)
    if said != (row.number, row.day, person.signing_key, person.name):
        raise NotAnAnswerError
    if sorted(set(ids)) != ids:
        raise NotAnAnswerError
    return line


def _act(session: Session, checked: _Checked, gate: Key, shredder: Shredder) -> bool:
    """Do it; return whether something was left because it had changed."""
    row, person, told = checked.row, checked.person, checked.found
    holder = Holder(person.id, Recipient(person.recipient or b""), gate)
    number, locked, reached = row.number, row.locked, row.reached
    found: list[Found] = list(told.found)
    has_left = False
    while lot := round_acts.next_lot(found, reached):
        prepared = round_acts.prepare_told(session, holder, lot, told.shares)
        rest(session)
        with transaction(session):
            row = _row(session, number, locked, reached)
            came_to = round_acts.act(session, holder, prepared, found)
            row.reached = reached = lot[-1].case_id
            drop_caches(session)
            ended = [one for one, it in came_to.items() if it is Standing.ENDED]
            shredder.shred(session, ended, StepKind.EXPIRED)
        has_left |= any(came_to[one.case_id] != one.standing for one in lot)
        found = round_acts.settle(found, came_to)
    return has_left


def _finish(
    session: Session,
    checked: _Checked,
    gate: Key,
    instance: InstanceId,
    today: dt.date,
) -> None:
    row, person, found = checked.row, checked.person, checked.found
    number, locked = row.number, row.locked
    try:
        counts = put_counts_behind_gate(
            found.counts, gate, number=number, holder=person.id
        )
    except BrokenError:
        raise NotAnAnswerError from None
    with transaction(session):
        row = _row(session, number, locked, None)
        row.is_done, row.reached = True, _NOT_BEGUN
        # The seed that the answer was sealed to goes with it.
        row.locked, row.line, row.signature = counts, found.line, found.signature
        # Whether or not anything was opened: nobody sees by it that something was.
        drop_caches(session)
        take_line(session, person, found.cosigned, instance, today)
        mark = mark_of(found.line, number)
        audit.record(session, person.name, AuditAction.ROUND_HELD, today, concerns=mark)


def _row(
    session: Session, number: int, locked: bytes | None, reached: bytes | None
) -> Round:
    """Return the round's row if nobody else went on with it; in a transaction."""
    row = session.get(Round, number, populate_existing=True)
    if row is None or (not row.is_done and row.locked != locked):
        raise NoOpenRoundError
    if row.is_done or (reached is not None and row.reached != reached):
        raise RoundOverError
    return row
