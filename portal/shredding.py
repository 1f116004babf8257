"""Crypto-shredding: nothing of a case is left that could open it, or be opened.

Wraps, the reporter's lock, texts, steps and the case go in one transaction; officers'
caches of opened keys with them, for everybody, so that nobody is seen by it. Then the
sealed files, whose keys are gone by then, and the journal of the database. What an
officer has seen is a count by random id in a row of the officer's own, which drops
ids of cases that are no more when it is next written (`seen.py`).
"""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crypto import StepKind
from portal import audit, destroyed
from portal.audit import CLOCK, AuditAction
from portal.database import once_over, shrink_journal
from portal.destroyed import DESTROYED_FILE
from portal.errors import StoreUnavailableError
from portal.models import Attachment, Case, Message, Person, Step, Wrap
from portal.objects import ObjectStore
from portal.retention import WAITS_FOR_NOBODY, RetentionRules, draw_missing
from portal.steps import leave_for_clock

LOT_SIZE = 100
"""Cases destroyed at a time; other writers wait for some milliseconds."""

_PAGE = 500
_ROWS = (Wrap, Message, Step, Attachment)


@dataclass(frozen=True)
class Shredder:
    """Destroys cases of one installation: knows its store and its folder."""

    store: ObjectStore
    instance: Path

    def shred(
        self,
        session: Session,
        case_ids: Collection[bytes],
        kind: StepKind = StepKind.DESTROYED,
    ) -> None:
        """Destroy cases; call it at the end of the transaction that decides on it.

        What is left of each is the leaf of that step. Their ids are noted on the disk before it is committed, and taken back if it
        fails; files and journal follow once it is committed.

        Raises:
            StoreUnavailableError: the ids could not be noted.
        """
        if not case_ids:
            return
        these = Attachment.case_id.in_(case_ids)
        objects = session.scalars(select(Attachment.object_id).where(these)).all()
        for case in session.scalars(select(Case).where(Case.id.in_(case_ids))):
            leave_for_clock(session, case, kind)
        session.flush()
        for rows in _ROWS:
            session.execute(delete(rows).where(rows.case_id.in_(case_ids)))
        session.execute(delete(Case).where(Case.id.in_(case_ids)))
        session.execute(update(Person).values(opened_keys=None))
        self._note(case_ids)
        once_over(
            session,
            committed=partial(self._clear, session, objects),
            failed=partial(self._take_back, case_ids),
        )

    def find_noted(self, session: Session) -> Iterator[bytes]:
        """Return the cases that were to be destroyed and are still there.

        A worker was killed in between, or an older database was put back.
        """
        noted = sorted(destroyed.read(self.instance / DESTROYED_FILE))
        for at in range(0, len(noted), _PAGE):
            page = noted[at : at + _PAGE]
            yield from session.scalars(select(Case.id).where(Case.id.in_(page)))

    def _note(self, case_ids: Collection[bytes]) -> None:
        try:
            destroyed.note(self.instance, case_ids)
        except OSError:
            raise StoreUnavailableError from None

    def _take_back(self, case_ids: Collection[bytes]) -> None:
        with suppress(OSError):
            destroyed.take_back(self.instance, case_ids)

    def _clear(self, session: Session, objects: Collection[bytes]) -> None:
        # What stays behind is swept within the hour, and nobody can open it.
        with suppress(OSError):
            self.store.delete(objects)
        shrink_journal(session)


@dataclass(frozen=True)
class Purge:
    """The daily work: destroys what is due."""

    shredder: Shredder
    rules: RetentionRules

    def run(self, session: Session, now: dt.datetime) -> bool:
        """Destroy a lot of what is due; tell whether that was all.

        Call it inside a transaction. The record keeps the random ids of what the
        clock destroyed. Who asked custodians to look, or told of trouble, is answered
        first. What was noted before and is still there, or there again, goes
        with it and leaves no entry: it has one, or was its reporter's to destroy.
        """
        today = now.date()
        if not draw_missing(session, self.rules, today):
            return False
        due = (
            select(Case.id)
            .where(Case.purge_on <= today, WAITS_FOR_NOBODY)
            .order_by(Case.purge_on, Case.id)
            .limit(LOT_SIZE)
        )
        lot = session.scalars(due).all()
        for case_id in lot:
            audit.record(session, CLOCK, AuditAction.PURGED, today, case_id)
        noted = tuple(self.shredder.find_noted(session))
        self.shredder.shred(session, frozenset((*lot, *noted)))
        return len(lot) < LOT_SIZE
