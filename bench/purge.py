"""How long the clock takes to destroy a thousand cases, each with a file."""

import datetime as dt
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bench.instance import add_cases, make_instance
from bench.scenarios import DISK, Tell
from crypto import RFC_9106_LOW_MEMORY
from portal.database import transaction
from portal.files import FileWriter
from portal.models import Attachment, Case
from portal.runtime import Runtime, build_runtime
from portal.settings_file import read_settings
from portal.statuses import CaseStatus

CASE_COUNT = 1_000


def measure_purge(tell: Tell) -> float:
    """Destroy so many cases, from the first lot to the emptied journal; in ms."""
    tell(f"destroying {CASE_COUNT:,} cases …")
    with TemporaryDirectory(prefix="lurus-bench-", dir=DISK) as place:
        folder = make_instance(Path(place) / "portal").folder
        add_cases(folder, 0, CASE_COUNT)
        runtime = build_runtime(read_settings(folder), None, RFC_9106_LOW_MEMORY)
        with runtime.database.sessions() as session:
            _end_all(session, runtime)
            begun = time.perf_counter()
            while runtime.tender.has_more:
                runtime.tender.tend(session, runtime.now())
            taken = time.perf_counter() - begun
            if session.scalar(select(Case.id).limit(1)) is not None:
                raise RuntimeError("a case is left")
        runtime.database.engine.dispose()
    return round(taken * 1000, 1)


def _end_all(session: Session, runtime: Runtime) -> None:
    """Let every case have a file and its last day."""
    today = runtime.today()
    case_ids = session.scalars(select(Case.id)).all()
    rows = []
    for case_id in case_ids:
        writer = FileWriter(runtime.objects)
        writer.finish(today)
        rows.append({"case_id": case_id, "object_id": writer.object_id})
    ended = {"status": CaseStatus.WITHDRAWN.value, "purge_on": today}
    ended["closed_on"] = today - dt.timedelta(days=60)
    with transaction(session):
        session.execute(insert(Attachment), rows)
        session.execute(update(Case).values(ended))
