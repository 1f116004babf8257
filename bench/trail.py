"""How long a day's batch takes on a trail of a quarter of a million leaves."""

import datetime as dt
import resource
import secrets
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from bench.instance import make_instance, settings_in
from bench.scenarios import DISK, Tell
from portal.database import find_instance_id, open_database, transaction
from portal.ledger import list_leaves, newest_tree, prove
from portal.ledger_batches import DailyLedger, close_day
from portal.ledger_checks import verify_trail
from portal.ledger_keys import read_ledger_keys
from portal.models import WaitingLeaf
from portal.policies import policies_text

LEAF_COUNT = 250_000
LEAVES_A_DAY = 300
"""That wait for the day which is measured: a large agency's."""

_DAYS = 250
_MIB = 1024


@dataclass(frozen=True)
class TrailFigures:
    """The work of one day, on a trail that is there already."""

    batch_ms: float
    grown_mib: float
    """By how much the process grew at its largest while it made the batch."""
    proof_ms: float
    """A leaf's path to the root."""
    verified_s: float
    """All of it computed anew."""


def measure_trail(tell: Tell) -> TrailFigures:
    """Grow a trail, then close one more day."""
    tell(f"a day's batch on {LEAF_COUNT:,} leaves …")
    with TemporaryDirectory(prefix="lurus-bench-", dir=DISK) as place:
        folder = make_instance(Path(place) / "portal").folder
        context = get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as builder:
            builder.submit(_grow, folder).result()
        # In a process of its own: what it holds is then the batch's.
        with ProcessPoolExecutor(1, mp_context=context) as measurer:
            return measurer.submit(_measure, folder).result()


def _grow(folder: Path) -> None:
    settings = settings_in(folder)
    keys, policies = read_ledger_keys(folder), policies_text(settings)
    today = dt.datetime.now(settings.zone).date()
    database = open_database(folder)
    with database.sessions() as session:
        for ago in range(_DAYS, 0, -1):
            day = today - dt.timedelta(days=ago)
            _leave(session, day, LEAF_COUNT // _DAYS)
            with transaction(session):
                close_day(session, day, keys, policies)
        _leave(session, today, LEAVES_A_DAY)
    database.engine.dispose()


def _leave(session: Session, day: dt.date, count: int) -> None:
    with transaction(session):
        session.add_all(
            WaitingLeaf(leaf=secrets.token_bytes(32), day=day) for _ in range(count)
        )


def _measure(folder: Path) -> TrailFigures:
    settings = settings_in(folder)
    ledger = DailyLedger(folder, policies_text(settings))
    tomorrow = dt.datetime.now(settings.zone) + dt.timedelta(days=1)
    database = open_database(folder)
    with database.sessions() as session:
        newest_tree(session)
        before, begun = _held_mib(), time.perf_counter()
        with transaction(session):
            ledger.run(session, tomorrow)
        batch, grown = time.perf_counter() - begun, _held_mib() - before
        (leaf,) = list_leaves(session, 123_456, 123_457)
        begun = time.perf_counter()
        prove(session, leaf)
        proof, begun = time.perf_counter() - begun, time.perf_counter()
        if verify_trail(session, find_instance_id(session)).damages:
            raise RuntimeError("the trail does not hold")
        verified = time.perf_counter() - begun
    database.engine.dispose()
    return TrailFigures(
        round(batch * 1000, 1),
        round(grown, 1),
        round(proof * 1000, 1),
        round(verified, 2),
    )


def _held_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB
