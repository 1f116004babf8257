"""What is stated to evaluators of rounds, the record, keys, and the figures in public.

Each function yields statements, of a span of days; a sentence of the sheet says each
(`evaluation_sheet.py`).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import BrokenError, InstanceId
from portal import audit, figures
from portal.audit import AuditAction
from portal.errors import UnreadableTrailError
from portal.evaluation_sheet import StatementKey, Value
from portal.ledger_checks import verify_trail
from portal.models import AuditEntry, Installation
from portal.process_facts import count_rounds
from portal.recovery import read_status
from portal.round_lines import find_broken
from portal.suppression import Shown

_COUNTED = {"received": figures.Total.RECEIVED, "finished": figures.Total.ENDED}


@dataclass(frozen=True)
class Statement:
    """One thing that the portal states, with what is filled into its sentence."""

    key: StatementKey
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Span:
    """From one day to another, both included."""

    first: dt.date
    last: dt.date


def say(key: StatementKey, **values: Value) -> Statement:
    """State something, with what is filled into its sentence."""
    return Statement(key, values)


def of_rounds(session: Session, span: Span, every_days: int) -> Iterator[Statement]:
    """Say how many rounds of the keepers were held, and how many were due."""
    held, due = count_rounds(session, span.first, span.last, every_days)
    if not due:
        return
    if not held:
        yield say(StatementKey.NO_ROUND)
        return
    yield say(StatementKey.ROUNDS, held=held, due=due, every=every_days)
    if held < due:
        yield say(StatementKey.ROUNDS_MISSED, count=due - held)


def of_record(
    session: Session, installation: Installation, today: dt.date
) -> Iterator[Statement]:
    """Say whether record and public trail hold, looked at anew."""
    verdict = audit.verify(session)
    if verdict.broken or find_broken(session) or figures.find_broken(session):
        yield say(StatementKey.RECORD_BROKEN, day=today)
    else:
        yield say(StatementKey.RECORD_HOLDS, day=today, count=verdict.count)
    try:
        trail = verify_trail(session, InstanceId(installation.instance_id))
    except UnreadableTrailError:
        yield say(StatementKey.TRAIL_BROKEN, day=today)
        return
    if trail.damages:
        yield say(StatementKey.TRAIL_BROKEN, day=today)
    elif trail.days:
        yield say(StatementKey.TRAIL_HOLDS, day=today)


def of_access(session: Session, span: Span) -> Iterator[Statement]:
    """Say how many keys were changed, and how much access was withdrawn."""
    changes = (AuditAction.KEY_CHANGED, AuditAction.NEW_KEY)
    yield say(StatementKey.KEY_CHANGES, count=_count_acts(session, span, *changes))
    left = _count_acts(session, span, AuditAction.RETIRED)
    yield say(StatementKey.WITHDRAWALS, count=left)


def _count_acts(session: Session, span: Span, *acts: AuditAction) -> int:
    is_meant = AuditEntry.act.in_(acts)
    is_within = AuditEntry.day.between(span.first, span.last)
    counted = select(func.count(AuditEntry.number)).where(is_meant, is_within)
    return session.scalars(counted).one()


def of_keys(session: Session, installation: Installation) -> Iterator[Statement]:
    """Say which key ceremonies were held."""
    status = read_status(session)
    if status.made_on and status.used_on is None:
        yield say(StatementKey.RECOVERY_KEY, day=status.made_on)
    else:
        yield say(StatementKey.NO_RECOVERY_KEY)
    if installation.backup_made_on:
        yield say(StatementKey.BACKUP_KEY, day=installation.backup_made_on)
    else:
        yield say(StatementKey.NO_BACKUP_KEY)


def of_figures(session: Session, year: int) -> Iterator[Statement]:
    """Say what public figures of the year say, whole or in halves; else nothing."""
    found = [one for one in figures.list_periods(session) if one.year == year]
    if not found:
        yield say(StatementKey.DEADLINES_UNKNOWN)
        yield say(StatementKey.COUNTS_NONE)
    for period in sorted(found):
        try:
            public = figures.read(session, period)
        except BrokenError:
            continue  # it is no answer to anything; that it is broken is said above
        days = {"first": period.first, "last": period.last}
        is_missed = public.facts.is_deadline_missed
        kept = StatementKey.DEADLINES_KEPT
        yield say(StatementKey.DEADLINES_MISSED if is_missed else kept, **days)
        counts = {name: _as_shown(public.totals[one]) for name, one in _COUNTED.items()}
        yield say(StatementKey.COUNTS_SHOWN, **days, **counts)


def _as_shown(count: Shown) -> str:
    return "-" if count is None else str(count)
