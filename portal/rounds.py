"""The custodians' round: what is to open opens, what is to end ends, a line is signed.

A custodian presses a button; lot after lot, each a short transaction, all outers that
are sealed to that custodian are read, then what follows from them is done. In between
the round rests in its row, locked under the gate secret and under the custodian's seed
together. Whoever presses again goes on where it stopped; two custodians can hold one
each at the same time. A round takes place also when nothing is due, so that its taking
place tells nothing; and it opens nothing but what its entry's own rule opens. Before
it is over, what was counted is passed on to custodians who lack it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    Found,
    Key,
    NotYoursError,
    RoundCounts,
    RoundKeys,
    RoundStage,
    Signed,
    StepKind,
    counts_salt,
    sign,
    signing_key,
)
from portal import audit, passed_tallies, round_acts, round_rules
from portal.audit import AuditAction
from portal.cases import Duty, find_present
from portal.cosigning import cosign_newest
from portal.database import rest, shrink_journal, transaction
from portal.errors import NoRoundError
from portal.models import Case, Person, Round
from portal.roster import ListedCustodian, list_custodians
from portal.round_lines import RoundLine, mark_of
from portal.round_reading import Reader, read_lot, write_missing
from portal.round_rules import Standing
from portal.shredding import Shredder
from portal.statuses import CaseStatus

FEWEST_CUSTODIANS = 2
MISSED_ANNOUNCED = 2
"""So many rounds that did not take place are said in public."""

_START = bytes(16)
_STAGES = (RoundStage.FOUND, RoundStage.DECIDED)


@dataclass(frozen=True)
class RoundProgress:
    """How far a round is, counted in entries."""

    done: int
    total: int


@dataclass(frozen=True)
class RoundReport:
    """How a round ended, for its custodian and the files."""

    line: RoundLine
    counts: RoundCounts
    salt: bytes
    text: str
    """The line as it was signed."""
    signature: bytes


class RoundNews(NamedTuple):
    """What everybody may know of rounds."""

    last_day: dt.date | None
    """Of the last that was finished; None: there was none yet."""
    missed: int
    """How many that were due did not take place."""

    @property
    def is_late(self) -> bool:
        """Tell whether it is to be said in public."""
        return self.missed >= MISSED_ANNOUNCED


@dataclass(frozen=True)
class _OpenRound:
    """A round that is not over, as its row held it when it was read."""

    number: int
    stage: RoundStage
    reached: bytes
    found: list[Found]
    locked: bytes = field(repr=False)


class _OvertakenError(Exception):
    """Another tab of the same custodian has gone on with the round."""


def hold_lots(
    session: Session, duty: Duty, gate: Key, shredder: Shredder, today: dt.date
) -> Iterator[None]:
    """Hold a round, lot after lot, each a transaction; over when the line is signed.

    It goes on with the custodian's own of today, or begins one.

    Raises:
        NoRoundError: no officer has heard how the custodian's key ends, or the clock
            stands before the last round.
        KeyChangedError: the session has the key of before, or the custodian has left.
        StoreUnavailableError: try again later; nothing is half done.
    """
    _check_day(session, today)
    others = _find_others(session, duty)
    found = _find_open(session, duty, gate, today)
    current = found or _begin(session, duty, gate, today)
    keys = _keys(duty, gate, current.number)
    reader = Reader(duty, gate, keys, others, today)
    try:
        while True:
            if current.stage is RoundStage.FOUND:
                current = _read(session, reader, current)
            elif lot := round_acts.next_lot(current.found, current.reached):
                current = _act(session, reader, shredder, current, lot)
            else:
                break
            yield
        yield from passed_tallies.pass_on(session, duty, others, gate)
        _finish(session, reader, current)
    except _OvertakenError:
        return
    shrink_journal(session)


def find_progress(
    session: Session, duty: Duty, gate: Key, today: dt.date
) -> RoundProgress | None:
    """Return how far the custodian's own round of today is; None: none was begun."""
    current = _find_open(session, duty, gate, today)
    if current is None:
        return None
    total = max(count_sealed(session), len(current.found))
    if current.stage is RoundStage.FOUND:
        return RoundProgress(len(current.found), 2 * total)
    behind = sum(one.case_id <= current.reached for one in current.found)
    return RoundProgress(len(current.found) + behind, 2 * len(current.found))


def find_report(session: Session, duty: Duty, gate: Key) -> RoundReport | None:
    """Return how the custodian's own last round ended.

    None: there was none, or its counts are locked under a key of before.
    """
    mine = (Round.custodian_id == duty.person.id) & Round.is_done
    row = session.scalar(select(Round).where(mine).order_by(Round.number.desc()))
    if row is None or row.locked is None:
        return None
    try:
        keys = _keys(duty, gate, row.number)
        counts, salt = keys.unlock_counts(row.locked)
        line = RoundLine.parse(row.line or "")
    except (NotYoursError, BrokenError):
        return None
    return RoundReport(line, counts, salt, row.line or "", row.signature or b"")


def may_hold(session: Session, duty: Duty) -> bool:
    """Tell whether anything is sealed to this custodian's key."""
    try:
        _find_others(session, duty)
    except NoRoundError:
        return False
    return True


def count_custodians(session: Session) -> int:
    """Return how many can hold a round."""
    return sum(one.is_heard for one in list_custodians(session))


def count_sealed(session: Session) -> int:
    """Return how many entries are sealed, of whichever kind."""
    sealed = select(func.count()).where(Case.status == CaseStatus.SEALED)
    return session.scalars(sealed).one()


def last_day(session: Session) -> dt.date | None:
    """Return the day of the last round that was finished; None: there was none."""
    return session.scalar(select(func.max(Round.day)).where(Round.is_done))


def round_news(session: Session, today: dt.date, every_days: int) -> RoundNews:
    """Return the last round's day, and how many were missed since.

    Until the first one it counts from the day on which the first custodian came.
    """
    last = last_day(session)
    there = Person.is_custodian & Person.recipient.is_not(None)
    first = select(func.min(Person.added_on)).where(there, Person.retired_on.is_(None))
    since = last or session.scalar(first)
    if since is None:
        return RoundNews(None, 0)
    return RoundNews(last, max(0, (today - since).days - 1) // every_days)


def _begin(session: Session, duty: Duty, gate: Key, today: dt.date) -> _OpenRound:
    """Write the row of a new round; one that was begun before is given up."""
    mine = (Round.custodian_id == duty.person.id) & Round.is_done.is_(False)
    with transaction(session):
        person = find_present(session, duty)
        _check_day(session, today)
        number = (session.scalar(select(func.max(Round.number))) or 0) + 1
        # After the number was drawn: none is used twice.
        session.execute(delete(Round).where(mine))
        locked = _keys(duty, gate, number).lock_found([], RoundStage.FOUND)
        session.add(
            Round(
                number=number,
                custodian_id=person.id,
                day=today,
                is_done=False,
                reached=_START,
                locked=locked,
            )
        )
        audit.record(session, person.name, AuditAction.ROUND_BEGUN, today)
    return _OpenRound(number, RoundStage.FOUND, _START, [], locked)


def _find_open(
    session: Session, duty: Duty, gate: Key, today: dt.date
) -> _OpenRound | None:
    """Return the custodian's own round of today that is not over.

    One of another day is not gone on with: what it found is not so any more.
    """
    mine = (Round.custodian_id == duty.person.id) & Round.is_done.is_(False)
    query = select(Round.number, Round.reached, Round.locked).where(
        mine, Round.day == today
    )
    row = session.execute(query.order_by(Round.number.desc())).first()
    if row is None:
        return None
    number, reached, locked = row.number, row.reached, row.locked or b""
    keys = _keys(duty, gate, number)
    for stage in _STAGES:
        try:
            found = keys.unlock_found(locked, stage)
        except (NotYoursError, BrokenError):
            continue
        return _OpenRound(number, stage, reached, found, locked)
    return None  # under a key or a gate of before


def _read(session: Session, reader: Reader, current: _OpenRound) -> _OpenRound:
    lot = read_lot(session, reader, current.reached)
    rest(session)
    found = [*current.found, *lot.found]
    if lot.is_last:
        found = round_rules.decide(found)
        stage, reached = RoundStage.DECIDED, _START
    else:
        stage, reached = RoundStage.FOUND, found[-1].case_id
    locked = reader.keys.lock_found(found, stage)
    with transaction(session):
        row = _row(session, reader.duty, current)
        write_missing(session, lot.missing, reader.duty.person.id)
        row.reached, row.locked = reached, locked
    return _OpenRound(current.number, stage, reached, found, locked)


def _act(
    session: Session,
    reader: Reader,
    shredder: Shredder,
    current: _OpenRound,
    lot: list[Found],
) -> _OpenRound:
    prepared = round_acts.prepare(session, reader, lot)
    rest(session)
    found, locked = current.found, current.locked
    with transaction(session):
        row = _row(session, reader.duty, current)
        came_to = round_acts.act(session, reader.holder, prepared, found)
        if any(came_to[one.case_id] != one.standing for one in lot):
            found = round_acts.settle(found, came_to)
            locked = reader.keys.lock_found(found, RoundStage.DECIDED)
        row.reached, row.locked = lot[-1].case_id, locked
        drop_caches(session)
        ended = [one for one, it in came_to.items() if it is Standing.ENDED]
        shredder.shred(session, ended, StepKind.EXPIRED)
    return replace(current, reached=lot[-1].case_id, found=found, locked=locked)


def _finish(session: Session, reader: Reader, current: _OpenRound) -> None:
    duty, salt = reader.duty, counts_salt()
    counts = round_rules.count(current.found)
    line = RoundLine(
        current.number,
        reader.today,
        len(current.found),
        counts.commit(salt),
        signing_key(duty.identity, duty.instance),
        duty.person.name,
    )
    text = str(line)
    signature = sign(duty.identity, text.encode(), Signed.LINE, instance=duty.instance)
    with transaction(session):
        row = _row(session, duty, current)
        row.is_done, row.reached, row.day = True, _START, reader.today
        row.locked = reader.keys.lock_counts(counts, salt)
        row.line, row.signature = text, signature
        # Whether or not anything was opened: nobody sees by it that something was.
        drop_caches(session)
        # What it finds stands in the record; the round is over in either case.
        cosign_newest(session, duty, reader.today)
        act, mark = AuditAction.ROUND_HELD, mark_of(text, current.number)
        audit.record(session, duty.person.name, act, reader.today, concerns=mark)


def _row(session: Session, duty: Duty, current: _OpenRound) -> Round:
    """Return the round's row if it is as it was read; call it in a transaction."""
    find_present(session, duty)
    row = session.get(Round, current.number, populate_existing=True)
    if row is None or row.is_done:
        raise _OvertakenError
    if (row.reached, row.locked) != (current.reached, current.locked):
        raise _OvertakenError
    return row


def drop_caches(session: Session) -> None:
    """Let every officer's opened keys be opened anew; call it in a transaction."""
    session.execute(update(Person).values(opened_keys=None))


def _check_day(session: Session, today: dt.date) -> None:
    newest = last_day(session)
    if newest is not None and newest > today:
        raise NoRoundError


def _find_others(session: Session, duty: Duty) -> tuple[ListedCustodian, ...]:
    """Return the other custodians that something may be sealed to.

    Raises:
        NoRoundError: nothing is sealed to this one.
    """
    heard = [one for one in list_custodians(session) if one.is_heard]
    if duty.person.id not in {one.id for one in heard}:
        raise NoRoundError
    return tuple(one for one in heard if one.id != duty.person.id)


def _keys(duty: Duty, gate: Key, number: int) -> RoundKeys:
    return RoundKeys(
        gate,
        duty.identity,
        number=number,
        holder=duty.person.id,
        instance=duty.instance,
    )
