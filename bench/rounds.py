"""How long a custodians' round over ten thousand entries takes, and how much it holds."""

import datetime as dt
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.instance import PASSPHRASE, make_instance
from bench.scenarios import DISK, Tell
from crypto import (
    RFC_9106_LOW_MEMORY,
    Cookie,
    FormToken,
    LockedIdentity,
    ReleaseRule,
)
from portal import hand_ins, rounds
from portal.cases import Duty
from portal.entries import Entry, EntryKind
from portal.models import Person
from portal.reports import Readers, Report
from portal.roster import list_custodians, list_officers
from portal.runtime import Runtime, build_runtime
from portal.sessions import Browser, Visit
from portal.settings_file import read_settings

ENTRY_COUNT = 10_000

_BUILDERS = 2
_MIB = 1024
_PEOPLE_NAMED = 700
_SHARES = {0: "due", 1: "match", 2: "match", 3: "ended"}
"""Of ten entries: one whose day has come, two that name somebody, one that is over."""


@dataclass(frozen=True)
class RoundFigures:
    """One round, from the button to the line."""

    seconds: float
    grown_mib: float
    """By how much the process grew at its largest."""


def measure_round(tell: Tell) -> RoundFigures:
    """Hold a round over so many entries, of every rule."""
    tell(f"a round over {ENTRY_COUNT:,} entries …")
    with TemporaryDirectory(prefix="lurus-bench-", dir=DISK) as place:
        folder = make_instance(Path(place) / "portal").folder
        context = get_context("spawn")
        with ProcessPoolExecutor(_BUILDERS, mp_context=context) as builders:
            numbers = [range(at, ENTRY_COUNT, _BUILDERS) for at in range(_BUILDERS)]
            list(builders.map(_add_entries, [folder] * _BUILDERS, numbers))
        # In a process of its own: what it holds is then the round's.
        with ProcessPoolExecutor(1, mp_context=context) as alone:
            return alone.submit(_hold, folder).result()


def _add_entries(folder: Path, numbers: range) -> None:
    runtime = build_runtime(read_settings(folder), None, RFC_9106_LOW_MEMORY)
    with runtime.database.sessions() as session:
        readers = Readers(list_officers(session), (), list_custodians(session))
        session.commit()
        for number in numbers:
            _add_entry(runtime, session, readers, number)
    runtime.database.engine.dispose()


def _add_entry(
    runtime: Runtime, session: Session, readers: Readers, number: int
) -> None:
    now = int(runtime.now().timestamp())
    hand_ins.hand_in(
        session,
        Report(category="PUNGLI", what=f"Loket {number}. " * 40),
        readers,
        severity=3,
        gate=runtime.gate_secret,
        form=FormToken.issue(runtime.secret, now),
        browser=Browser(Cookie.generate(), Visit(ends_at=now)),
        instance=runtime.instance,
        rules=runtime.rules,
        today=runtime.today(),
        minute=now // 60,
        at_once=True,
        entry=_entry(number, runtime.today()),
    )


def _entry(number: int, today: dt.date) -> Entry:
    later, hold = today + dt.timedelta(days=90), EntryKind.HOLD
    match _SHARES.get(number % 10):
        case "due":
            return Entry(hold, ReleaseRule.DATE, today)
        case "match":
            named = f"{number % _PEOPLE_NAMED:018}"
            return Entry(hold, ReleaseRule.MATCH_2, later, None, named)
        case "ended":
            over = today - dt.timedelta(days=1)
            return Entry(EntryKind.NOTE, ReleaseRule.NEVER, over)
    return Entry(hold, ReleaseRule.DATE, later)


def _hold(folder: Path) -> RoundFigures:
    runtime = build_runtime(read_settings(folder), None, RFC_9106_LOW_MEMORY)
    with runtime.database.sessions() as session:
        duty, gate = _custodian(runtime, session), runtime.gate_secret
        session.commit()
        before, begun = _memory("VmRSS"), time.perf_counter()
        Path("/proc/self/clear_refs").write_text("5")
        for _lot in rounds.hold_lots(
            session, duty, gate, runtime.shredder, runtime.today()
        ):
            pass
        taken = time.perf_counter() - begun
        grown = _memory("VmHWM") - before
        report = rounds.find_report(session, duty, gate)
        if report is None or report.line.entries != ENTRY_COUNT:
            raise RuntimeError("the round did not come to its end")
    runtime.database.engine.dispose()
    return RoundFigures(round(taken, 2), round(max(0.0, grown), 1))


def _custodian(runtime: Runtime, session: Session) -> Duty:
    person = session.scalars(select(Person).where(Person.is_custodian)).first()
    if person is None or person.locked_identity is None:
        raise RuntimeError("there is no custodian")
    identity = LockedIdentity(person.locked_identity).unlock(
        PASSPHRASE,
        holder=person.id,
        instance=runtime.instance,
        cost=RFC_9106_LOW_MEMORY,
    )
    return Duty(person, identity, runtime.instance)


def _memory(name: str) -> float:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / _MIB
    raise RuntimeError(f"no {name}")
