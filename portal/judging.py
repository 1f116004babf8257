"""What was received is judged: cleaned where that is possible, and named what it is.

The cleaned file takes the place of what was sent, which is deleted. What cannot be
cleaned stays as it came, and says so: nothing of it is sent before its writer decides.
"""

import datetime as dt

from sqlalchemy.orm import Session

from crypto import InstanceId
from portal import uploads
from portal.cleaning.cleaner import Cleaner, Examined
from portal.cleaning.protocol import Outcome
from portal.database import rest
from portal.errors import CutShortError, StoreUnavailableError
from portal.file_kinds import Finding
from portal.files import FileWriter, read_file
from portal.manifests import AttachedFile
from portal.objects import ObjectStore
from portal.uploads import ReceivedFile


def judge(
    session: Session,
    store: ObjectStore,
    cleaner: Cleaner,
    received: ReceivedFile,
    instance: InstanceId,
    today: dt.date,
) -> ReceivedFile:
    """Clean a received file, and put what it is then in its place.

    Where that cannot be stored the file stays as it came, not cleaned.

    Raises:
        UploadGoneError: it was swept meanwhile.
        MissingObjectError, BrokenError: the store lacks it, or it was changed there.
    """
    rest(session)
    file = received.file
    pieces = read_file(store, file)
    try:
        with cleaner.clean(pieces, file.length, file.name) as examined:
            return _replace(session, store, received, examined, instance, today)
    except StoreUnavailableError:
        return received


def _replace(
    session: Session,
    store: ObjectStore,
    received: ReceivedFile,
    examined: Examined,
    instance: InstanceId,
    today: dt.date,
) -> ReceivedFile:
    findings = examined.findings - {Finding.CLEANED}
    if examined.outcome is Outcome.CLEANED:
        writer = FileWriter(store, examined.preview)
        try:
            for piece in examined.content:
                writer.write(piece)
            writer.finish(today)
            file = AttachedFile(
                *(writer.object_id, writer.key, writer.length, received.file.name),
                *(examined.kind, findings | {Finding.CLEANED}, writer.has_preview),
            )
            return uploads.replace_file(
                session, store, received, file, writer.size, instance
            )
        except CutShortError:
            writer.abort()
        except BaseException:
            writer.abort()
            raise
    return _as_it_came(session, store, received, examined, instance)


def _as_it_came(
    session: Session,
    store: ObjectStore,
    received: ReceivedFile,
    examined: Examined,
    instance: InstanceId,
) -> ReceivedFile:
    old = received.file
    file = AttachedFile(
        *(old.object_id, old.key, old.length, old.name, examined.kind),
        findings=examined.findings - {Finding.CLEANED},
    )
    size = uploads.size_of(session, received)
    return uploads.replace_file(session, store, received, file, size, instance)
