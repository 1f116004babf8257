"""The store of sealed files: an object first, the row that names it second.

An object has a random name and its day's midnight as time. What no row names is
swept; what a row names and the store lacks is missing, and told so.
"""

import calendar
import datetime as dt
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import obstore
from obstore.store import LocalStore

from portal.errors import MissingObjectError, StoreUnavailableError

OBJECT_ID_SIZE = 16
OBJECTS_FOLDER = "objects"

_BUFFER_SIZE = 1024 * 1024
_PIECE_SIZE = 256 * 1024
_A_DAY = 86_400
_UNFINISHED = "#"
"""Stands in the name of what is being written."""


class ObjectStore:
    """Sealed files in a folder of the installation."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._folder = folder
        self._store = LocalStore(folder)

    def begin(self) -> "ObjectWriter":
        """Begin an object of a new name; it is there once it is finished."""
        return ObjectWriter(self._store, self._folder, secrets.token_bytes(16))

    def read(self, object_id: bytes) -> Iterator[bytes]:
        """Return the object's bytes, piece by piece.

        Raises:
            MissingObjectError: the store lacks it.
        """
        try:
            found = obstore.get(self._store, object_id.hex())
        except OSError:
            raise MissingObjectError from None
        return iter(found.stream(min_chunk_size=_PIECE_SIZE))

    def read_first(self, object_id: bytes, length: int) -> bytes:
        """Return the object's first *length* bytes.

        Raises:
            MissingObjectError: the store lacks it, or it is shorter.
        """
        try:
            first = obstore.get_range(
                self._store, object_id.hex(), start=0, length=length
            )
        except OSError:
            raise MissingObjectError from None
        if len(first) != length:
            raise MissingObjectError
        return bytes(first)

    def holds(self, object_id: bytes) -> bool:
        """Tell whether the object is there; not whether it is whole."""
        return (self._folder / object_id.hex()).is_file()

    def delete(self, object_ids: Collection[bytes]) -> None:
        """Delete objects; one that is gone already is no fault.

        The folder keeps its day's midnight: no time tells when somebody destroyed one.
        """
        midnight = _midnight_of(self._folder)
        for object_id in object_ids:
            (self._folder / object_id.hex()).unlink(missing_ok=True)
        os.utime(self._folder, (midnight, midnight))

    def names(self) -> frozenset[bytes]:
        """Return the ids of all finished objects."""
        return frozenset(
            bytes.fromhex(file.name)
            for file in self._folder.iterdir()
            if _UNFINISHED not in file.name
        )

    def sweep(self, named: Collection[bytes], before: float) -> None:
        """Delete what no row names and what was left unfinished.

        *before*: Unix time in seconds; what the file system knows to have changed
        since then may be on its way, and stays.
        """
        kept = {object_id.hex() for object_id in named}
        with os.scandir(self._folder) as files:
            for file in files:
                if file.name not in kept and file.stat().st_ctime < before:
                    Path(file).unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Return how many bytes the disk has left."""
        return shutil.disk_usage(self._folder).free


class ObjectWriter:
    """One object on its way into the store."""

    def __init__(self, store: LocalStore, folder: Path, object_id: bytes) -> None:
        self.id = object_id
        self.size = 0
        """Bytes written so far."""
        self._path = folder / object_id.hex()
        self._writer = obstore.open_writer(
            store, object_id.hex(), buffer_size=_BUFFER_SIZE, max_concurrency=1
        )

    def write(self, piece: bytes) -> None:
        """Write the next bytes.

        Raises:
            StoreUnavailableError: the disk is full or away.
        """
        try:
            self._writer.write(piece)
        except OSError:
            raise StoreUnavailableError from None
        self.size += len(piece)

    def finish(self, day: dt.date) -> None:
        """Put the object in place, safe from a power cut, and dated by *day* alone.

        Raises:
            StoreUnavailableError: the disk is full or away.
        """
        try:
            self._writer.close()
            self._path.chmod(0o600)
            _flush(self._path)
            midnight = calendar.timegm(day.timetuple())
            for path in (self._path, self._path.parent):
                os.utime(path, (midnight, midnight))
            _flush(self._path.parent)
        except OSError:
            raise StoreUnavailableError from None

    def abort(self) -> None:
        """Leave nothing of it in the store, finished or not."""
        # What is given up before its end takes its unfinished file with it.
        del self._writer
        self._path.unlink(missing_ok=True)
        midnight = _midnight_of(self._path.parent)
        os.utime(self._path.parent, (midnight, midnight))


def _midnight_of(folder: Path) -> float:
    """Return the day, without its hour, of a folder's last change."""
    changed_at = folder.stat().st_mtime
    return changed_at - changed_at % _A_DAY


def _flush(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
