"""A public trail as tests grow it: days that pass, leaves that wait, keys in a file."""

import atexit
import datetime as dt
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from builders import AT_ONCE, TODAY, add_custodian
from sqlalchemy.orm import Session

from portal.cosigning import cosign_newest
from portal.database import open_database, shrink_journal, transaction
from portal.installation import make_installation
from portal.ledger_batches import DailyLedger
from portal.ledger_keys import LEDGER_KEY_FILE, draw_ledger_key
from portal.models import WaitingLeaf
from portal.settings import Settings
from portal.tending import Tender

POLICIES = "acknowledge_weekdays = 3\n"
DAY = dt.timedelta(days=1)
DAYS = 10
"""Of the trail that is grown once."""
COSIGNED = 5
"""So many of its days lie before the one that is cosigned."""


def folder_of(session: Session) -> Path:
    """Return the instance's folder."""
    return Path(session.get_bind().url.database).parent  # type: ignore[union-attr]


def daily(session: Session) -> DailyLedger:
    """Return the daily work, with a key that is drawn where it is missing."""
    folder = folder_of(session)
    if not (folder / LEDGER_KEY_FILE).exists():
        draw_ledger_key(folder)
    return DailyLedger(folder, POLICIES)


def tend(session: Session, day: dt.date) -> tuple[str, ...]:
    """Do what is due at nine on *day*, as a worker that has just started."""
    now = dt.datetime.combine(day, dt.time(9), dt.UTC)
    return Tender(AT_ONCE, ledger=daily(session)).tend(session, now)


def pass_days(session: Session, count: int, start: dt.date = TODAY) -> dt.date:
    """Let days pass on each of which the portal is looked at; return the last."""
    for number in range(1, count + 1):
        tend(session, start + number * DAY)
    return start + count * DAY


def leave(session: Session, day: dt.date | None = TODAY, count: int = 1) -> list[bytes]:
    """Let leaves wait, as steps of cases do."""
    leaves = [secrets.token_bytes(32) for _ in range(count)]
    with transaction(session):
        session.add_all(WaitingLeaf(leaf=leaf, day=day) for leaf in leaves)
    return leaves


@contextmanager
def a_trail(folder: Path) -> Iterator[Session]:
    """Open a copy, made in *folder*, of a trail of ten days; its sixth is cosigned."""
    shutil.copytree(_grown(), folder, dirs_exist_ok=True)
    database = open_database(folder)
    with database.sessions() as session:
        yield session
    database.engine.dispose()


@cache
def _grown() -> Path:
    """Grow it once for all tests of a process."""
    made = TemporaryDirectory()
    atexit.register(made.cleanup)
    folder = Path(made.name) / "instance"
    settings = Settings(instance=folder)
    make_installation(settings, TODAY)
    database = open_database(folder)
    with database.sessions() as session:
        _ten_days(session)
        shrink_journal(session)
    database.engine.dispose()
    return folder


def _ten_days(session: Session) -> None:
    custodian = add_custodian(session)
    for number in range(DAYS):
        leave(session, TODAY + number * DAY, 1 + number % 2)
        day = pass_days(session, 1, TODAY + number * DAY)
        if number == COSIGNED:
            with transaction(session):
                assert cosign_newest(session, custodian, day)
