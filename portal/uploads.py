"""Files that were received and not handed in: their form alone can open them.

A file survives a form that is refused: the form carries its token. Handing in claims it
for the case. What nobody claims is swept after an hour or two, counted, not timed.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from crypto import BrokenError, InstanceId, NotYoursError, UploadToken
from portal.database import transaction
from portal.errors import UploadGoneError
from portal.file_kinds import Finding
from portal.manifests import AttachedFile, Manifest
from portal.models import Attachment, Base, Upload
from portal.objects import ObjectStore

MOST_SWEEPS = 2
"""Passed by so many sweeps, one in each clock hour, a received file is deleted."""

_INTO_ATTACHMENTS = insert(Base.metadata.tables[Attachment.__tablename__])


@dataclass(frozen=True)
class ReceivedFile:
    """A file that a form brought, and the token that it is known by."""

    token: UploadToken = field(repr=False)
    file: AttachedFile


def keep(
    session: Session, file: AttachedFile, size: int, instance: InstanceId
) -> ReceivedFile:
    """Keep a received file for its form; *size* is what it takes in the store.

    Raises:
        StoreUnavailableError: nothing was kept.
    """
    token = UploadToken.generate()
    with transaction(session):
        session.add(
            Upload(
                id=token.upload_id(),
                object_id=file.object_id,
                size=size,
                sweeps=0,
                locked=_lock(token, file, instance),
            )
        )
    return ReceivedFile(token, file)


def replace_file(
    session: Session,
    store: ObjectStore,
    received: ReceivedFile,
    file: AttachedFile,
    size: int,
    instance: InstanceId,
) -> ReceivedFile:
    """Put *file*, a cleaned or judged one, in the place of what was received.

    Raises:
        UploadGoneError: it was swept, handed in or replaced meanwhile.
        StoreUnavailableError: nothing was changed.
    """
    token = received.token
    mine = update(Upload).where(_is_any_of([received]))
    values = {
        "object_id": file.object_id,
        "size": size,
        "locked": _lock(token, file, instance),
    }
    with transaction(session):
        changed = session.execute(mine.values(values))
        if not changed.rowcount:  # type: ignore[attr-defined]  # a cursor's result
            raise UploadGoneError
    if file.object_id != received.file.object_id:
        store.delete([received.file.object_id])
    return ReceivedFile(token, file)


def find_received(
    session: Session, tokens: Iterable[UploadToken], instance: InstanceId
) -> tuple[ReceivedFile, ...]:
    """Return the files that are still there, in the order of their tokens."""
    found = []
    for token in tokens:
        row = session.get(Upload, token.upload_id(), populate_existing=True)
        if row is not None:
            try:
                file = _unlock(token, row.locked, instance)
            except (NotYoursError, BrokenError):
                continue
            found.append(ReceivedFile(token, file))
    return tuple(found)


def claim(
    session: Session, received: Sequence[ReceivedFile], case_id: bytes
) -> Manifest:
    """Make received files a case's; call it inside the transaction of its text.

    Raises:
        UploadGoneError: one was swept, or claimed by another form.
    """
    take(session, received)
    attach(session, received, case_id)
    return manifest_of(received)


def under_numbers(received: Sequence[ReceivedFile]) -> tuple[ReceivedFile, ...]:
    """Return files under neutral names, as they are sent: 1.jpg, 2.pdf.

    A name is its writer's: "scan dari laptop Sari.pdf" says who that is. What was not
    cleaned is sent as it was by the choice of its writer, and says so.
    """
    return tuple(
        replace(one, file=_under_number(one.file, number))
        for number, one in enumerate(received, start=1)
    )


def take(session: Session, received: Sequence[ReceivedFile]) -> None:
    """Take received files from their form: the first half of claiming them.

    Raises:
        UploadGoneError: one was swept, replaced, or claimed by another form.
    """
    if not received:
        return
    taken = session.execute(delete(Upload).where(_is_any_of(received)))
    if taken.rowcount != len(received):  # type: ignore[attr-defined]  # a cursor's result
        raise UploadGoneError


def attach(session: Session, received: Sequence[ReceivedFile], case_id: bytes) -> None:
    """Name taken files as a case's: the second half, once the case is there."""
    if received:
        objects = [one.file.object_id for one in received]
        session.connection().execute(
            _INTO_ATTACHMENTS,
            [{"case_id": case_id, "object_id": object_id} for object_id in objects],
        )


def manifest_of(received: Sequence[ReceivedFile]) -> Manifest:
    """Return what a text says of the files that came with it."""
    return Manifest(tuple(one.file for one in received))


def drop(
    session: Session, store: ObjectStore, received: Sequence[ReceivedFile]
) -> None:
    """Delete received files that their writer does not want to send.

    What another form has handed in meanwhile is its case's, and stays.

    Raises:
        StoreUnavailableError: nothing was deleted.
    """
    ids = [one.token.upload_id() for one in received]
    mine = delete(Upload).where(Upload.id.in_(ids)).returning(Upload.object_id)
    with transaction(session):
        dropped = session.scalars(mine).all()
    store.delete(dropped)


def size_of(session: Session, received: ReceivedFile) -> int:
    """Return how many bytes a received file takes in the store.

    Raises:
        UploadGoneError: it was swept meanwhile.
    """
    mine = select(Upload.size).where(Upload.id == received.token.upload_id())
    size = session.scalar(mine)
    if size is None:
        raise UploadGoneError
    return size


def unclaimed_bytes(session: Session) -> int:
    """Return how many bytes received files take that nobody has handed in."""
    return session.scalar(select(func.coalesce(func.sum(Upload.size), 0))) or 0


def sweep(session: Session) -> None:
    """Age what was received by one sweep; delete the rows of what is too old.

    Call it inside a transaction; the objects go with `sweep_objects`, after it.
    """
    session.execute(delete(Upload).where(Upload.sweeps >= MOST_SWEEPS - 1))
    session.execute(update(Upload).values(sweeps=Upload.sweeps + 1))


def named_objects(session: Session) -> frozenset[bytes]:
    """Return the objects that some row names."""
    claimed = session.scalars(select(Attachment.object_id))
    return frozenset(claimed) | frozenset(session.scalars(select(Upload.object_id)))


def _is_any_of(received: Sequence[ReceivedFile]) -> ColumnElement[bool]:
    """Return what finds their rows, as long as the objects are still the same."""
    ids = [one.token.upload_id() for one in received]
    objects = [one.file.object_id for one in received]
    return and_(Upload.id.in_(ids), Upload.object_id.in_(objects))


def _under_number(file: AttachedFile, number: int) -> AttachedFile:
    findings = file.findings if file.is_cleaned else file.findings | {Finding.AS_SENT}
    return replace(file, name=f"{number}.{file.kind.suffix}", findings=findings)


def _lock(token: UploadToken, file: AttachedFile, instance: InstanceId) -> bytes:
    return token.lock(json.dumps(file.encode(), ensure_ascii=False).encode(), instance)


def _unlock(token: UploadToken, locked: bytes, instance: InstanceId) -> AttachedFile:
    return AttachedFile.decode(json.loads(token.unlock(locked, instance)))
