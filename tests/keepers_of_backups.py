"""Who keeps backups: makes the key, holds both papers, restores, rehearses."""

import datetime as dt
import resource
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from builders import TODAY
from conftest import MONDAY
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import GateSecret, Identity
from portal import backups, destroyed, restores
from portal.database import open_database, transaction
from portal.models import Attachment, Case
from portal.objects import OBJECTS_FOLDER, ObjectStore
from portal.restores import Papers, Restored
from portal.runtime import read_gate_secret

GATE_OF_ANOTHER = GateSecret(bytes(range(1, 33)))


@dataclass
class BackupKeeper:
    """Somebody with a backup key on paper, and the gate's secret on another."""

    session: Session
    instance: Path
    key: Identity = field(default_factory=Identity.generate)
    since: dt.date = TODAY

    def __post_init__(self) -> None:
        backups.keep_backup_recipient(self.session, self.key.recipient, self.since)
        self.gate = read_gate_secret(self.instance)

    @property
    def papers(self) -> Papers:
        return Papers(self.key, self.gate)

    def back_up(self, file: Path, today: dt.date = TODAY) -> backups.Made:
        """Make a backup, as `lurus backup` does."""
        return backups.back_up(
            self.session, self.instance, file, self.gate, keep_days=30, today=today
        )

    def restore(
        self, file: Path, to: Path, gone: frozenset[bytes] = frozenset()
    ) -> Restored:
        """Restore it into another folder."""
        return restores.restore(file, to, self.papers, MONDAY, gone=gone)


def attach(session: Session, instance: Path, case_id: bytes, content: bytes) -> bytes:
    """Give a case a file as the store holds it; return the object's id."""
    writer = ObjectStore(instance / OBJECTS_FOLDER).begin()
    writer.write(content)
    writer.finish(TODAY)
    with transaction(session):
        session.add(Attachment(case_id=case_id, object_id=writer.id))
    return writer.id


def some_bytes(size: int) -> bytes:
    """Return what a sealed file looks like."""
    return secrets.token_bytes(size)


def rows_of(instance: Path) -> Session:
    """Open the database of a restored installation."""
    return open_database(instance).sessions()


@contextmanager
def a_small_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond *size* bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def destroy(instance: Path, case_id: bytes) -> None:
    """Destroy a case as the portal does: noted, rows, files."""
    destroyed.note(instance, [case_id])
    with rows_of(instance) as rows:
        named = rows.scalars(
            select(Attachment.object_id).where(Attachment.case_id == case_id)
        ).all()
        with transaction(rows):
            for table in reversed(Case.metadata.sorted_tables):
                if "case_id" in table.c and table.name != "audit":
                    rows.execute(delete(table).where(table.c.case_id == case_id))
            rows.execute(delete(Case).where(Case.id == case_id))
    for object_id in named:
        (instance / OBJECTS_FOLDER / object_id.hex()).unlink(missing_ok=True)
