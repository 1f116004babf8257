"""A sealed file in the store: a small picture before it, then the file itself.

Every object begins with one chunk for the picture, filled or not: a thumbnail is one
short read, and nothing tells a picture from a text.
"""

import datetime as dt
from collections.abc import Iterator

from crypto import (
    FIRST_SEALED_SIZE,
    FileKey,
    FileSealer,
    pad,
    unpad,
    unseal_file,
    unseal_first_chunk,
)
from portal.manifests import PREVIEW_SIZE, AttachedFile
from portal.objects import ObjectStore, ObjectWriter


class FileWriter:
    """Seals a file into the store while it arrives; nothing readable is written.

    Raises:
        TooLongError: the picture before it has more than 65,532 bytes.
    """

    def __init__(self, store: ObjectStore, preview: bytes = b"") -> None:
        self.key = FileKey.generate()
        self._object: ObjectWriter = store.begin()
        self._sealer = FileSealer(self.key)
        self.has_preview = bool(preview)
        self.write(pad(preview, PREVIEW_SIZE))

    @property
    def object_id(self) -> bytes:
        """The name of the object."""
        return self._object.id

    @property
    def length(self) -> int:
        """Bytes of the file that came in so far."""
        return self._sealer.length - PREVIEW_SIZE

    @property
    def size(self) -> int:
        """Bytes written to the store so far."""
        return self._object.size

    def write(self, piece: bytes | memoryview) -> None:
        """Take the next bytes.

        Raises:
            StoreUnavailableError: the disk is full or away.
        """
        if sealed := self._sealer.update(piece):
            self._object.write(sealed)

    def finish(self, day: dt.date) -> None:
        """Put the sealed file in place.

        Raises:
            StoreUnavailableError: the disk is full or away.
        """
        self._object.write(self._sealer.finish())
        self._object.finish(day)

    def abort(self) -> None:
        """Leave nothing of the file in the store."""
        self._object.abort()


def read_preview(store: ObjectStore, file: AttachedFile) -> bytes:
    """Return the small picture before a file; empty: there is none.

    Raises:
        MissingObjectError: the store lacks it.
        BrokenError: it is not as it was sealed.
    """
    first = unseal_first_chunk(
        store.read_first(file.object_id, FIRST_SEALED_SIZE), file.key
    )
    return unpad(first, PREVIEW_SIZE)


def read_file(store: ObjectStore, file: AttachedFile) -> Iterator[bytes]:
    """Yield a file's bytes, piece by piece.

    Raises:
        MissingObjectError: at once, if the store lacks it.
        BrokenError: on the way, where it is not as it was sealed.
    """
    sealed = store.read(file.object_id)
    return unseal_file(sealed, file.key, file.length, skip=PREVIEW_SIZE)


def read_sound_file(store: ObjectStore, file: AttachedFile) -> Iterator[bytes]:
    """Yield a file's bytes after it was read to its end once, and found as it was sealed.

    So nobody takes the beginning of a broken file for the file (docs/decisions/0072).

    Raises:
        MissingObjectError: at once, if the store lacks it.
        BrokenError: at once, if it is not as it was sealed; later on only where it was
            changed meanwhile.
    """
    for _piece in read_file(store, file):
        pass
    return read_file(store, file)
