"""Reception: the files of one form on their way into the store.

A file is sealed while it comes, an object first and the row that names it second. One
that is refused is dropped as it comes, leaves nothing in the store, and is told with
its reason.
"""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from crypto import InstanceId
from portal import uploads
from portal.database import reading, rest
from portal.errors import StoreUnavailableError
from portal.file_kinds import FileKind
from portal.file_names import neutral_name
from portal.files import FileWriter
from portal.manifests import AttachedFile
from portal.objects import ObjectStore
from portal.uploads import ReceivedFile

MIB = 1024 * 1024
MOST_UNCLAIMED_BYTES = 5 * 1024 * MIB
"""What received files may take together that nobody has handed in."""
UNCLAIMED_PART_OF_FREE = 10
"""Nor may they take more than such a part of what the disk has left."""
LEAST_FREE_BYTES = 2 * 1024 * MIB
"""With less left on the disk no file is taken; texts are."""

_MOST_REFUSALS = 40
_LOOK_EVERY = 16 * MIB


class WhyNot(StrEnum):
    """Why a file was not taken."""

    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    TOO_MUCH = "too-much"
    """All files of the form together."""
    EMPTY = "empty"
    NO_PLACE = "no-place"
    """None now: too many files are coming in, or wait, or the disk is nearly full."""
    TOO_SLOW = "too-slow"
    CUT = "cut"
    """The form ended in the middle of it."""
    NOT_STORED = "not-stored"
    """The database or the store cannot be reached now."""
    STALE = "stale"
    """The form was too old, or of another session: nothing was received."""


@dataclass(frozen=True)
class FileRefusal:
    """A file that was not taken."""

    name: str = field(repr=False)
    why: WhyNot


@dataclass(frozen=True)
class Limits:
    """What one text may bring."""

    files: int
    file_bytes: int
    all_bytes: int


class Reception:
    """Takes the files of one form, one behind the other."""

    def __init__(
        self,
        session: Session,
        store: ObjectStore,
        instance: InstanceId,
        limits: Limits,
        today: dt.date,
        *,
        kept: tuple[ReceivedFile, ...] = (),
    ) -> None:
        self._session, self._store, self._instance = session, store, instance
        self._limits, self._today = limits, today
        self._left = limits.all_bytes - sum(one.file.length for one in kept)
        self._count = len(kept)
        self._under_way: _UnderWay | None = None
        self.received: list[ReceivedFile] = []
        self.refusals: list[FileRefusal] = []

    def begin(self, name: str, why_not: WhyNot | None = None) -> None:
        """Begin the next file; *why_not*: it is refused from the first byte on."""
        self.end()
        self._under_way = file = _UnderWay(neutral_name(name), why_not)
        if why_not is None and self._count >= self._limits.files:
            file.why_not = WhyNot.TOO_MANY
        try:
            if file.why_not is None and not has_room(self._session, self._store):
                file.why_not = WhyNot.NO_PLACE
            rest(self._session)
            if file.why_not is None:
                file.writer = FileWriter(self._store)
                self._count += 1
        except StoreUnavailableError:
            file.why_not = WhyNot.NOT_STORED

    def write(self, piece: bytes) -> None:
        """Take the next bytes of the file that was begun."""
        file = self._under_way
        if file is None or file.writer is None:
            return
        length = file.writer.length + len(piece)
        if length > self._limits.file_bytes:
            self.refuse(WhyNot.TOO_LARGE)
        elif length > self._left:
            self.refuse(WhyNot.TOO_MUCH)
        elif length // _LOOK_EVERY > file.looks and not _has_disk(self._store):
            self.refuse(WhyNot.NO_PLACE)
        else:
            file.looks = length // _LOOK_EVERY
            try:
                file.writer.write(piece)
            except StoreUnavailableError:
                self.refuse(WhyNot.NOT_STORED)

    def refuse(self, why: WhyNot) -> None:
        """Refuse the file that is under way: what came of it is deleted at once."""
        file = self._under_way
        if file is not None and file.why_not is None:
            file.why_not = why
            self._count -= 1
            if file.writer is not None:
                file.writer.abort()
                file.writer = None

    def end(self) -> None:
        """Keep the file that was begun, or tell why not."""
        if self._under_way is None:
            return
        if self._under_way.writer is not None:
            self._keep(self._under_way, self._under_way.writer)
        file, self._under_way = self._under_way, None
        if file.why_not is not None and len(self.refusals) < _MOST_REFUSALS:
            self.refusals.append(FileRefusal(file.name, file.why_not))

    def forget(self) -> None:
        """Delete everything that came in: nobody will learn of it.

        Raises:
            StoreUnavailableError: the sweep does it, an hour or two from now.
        """
        self.refuse(WhyNot.CUT)
        if self.received:
            uploads.drop(self._session, self._store, self.received)
        self.received.clear()

    def _keep(self, file: "_UnderWay", writer: FileWriter) -> None:
        if not writer.length:
            self.refuse(WhyNot.EMPTY)
            return
        try:
            if not has_room(self._session, self._store, writer.size):
                self.refuse(WhyNot.NO_PLACE)
                return
            writer.finish(self._today)
            attached = AttachedFile(
                writer.object_id, writer.key, writer.length, file.name, FileKind.OTHER
            )
            kept = uploads.keep(self._session, attached, writer.size, self._instance)
        except StoreUnavailableError:
            self.refuse(WhyNot.NOT_STORED)
            return
        self._left -= writer.length
        self.received.append(kept)


@dataclass
class _UnderWay:
    """The file that is coming in."""

    name: str = field(repr=False)
    why_not: WhyNot | None
    writer: FileWriter | None = None
    looks: int = 0
    """How often it was looked whether the disk has room."""


def has_room(session: Session, store: ObjectStore, size: int = 0) -> bool:
    """Tell whether a file of *size* bytes may wait in the store to be handed in."""
    free = store.free_bytes()
    most = min(MOST_UNCLAIMED_BYTES, free // UNCLAIMED_PART_OF_FREE)
    with reading(session):
        return (
            free >= LEAST_FREE_BYTES and uploads.unclaimed_bytes(session) + size < most
        )


def _has_disk(store: ObjectStore) -> bool:
    return store.free_bytes() >= LEAST_FREE_BYTES
