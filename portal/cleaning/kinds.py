"""What a file is, as its bytes say: libmagic, in the child.

Names and types that a browser sends are not asked. libmagic itself is a parser: it runs
where it can do no harm.
"""

from typing import BinaryIO

import magic

from portal.cleaning.documents import find_kind
from portal.file_kinds import FileKind

_HEAD_SIZE = 1024**2
_ZIP = b"PK\x03\x04"

_KINDS = {
    "image/jpeg": FileKind.JPEG,
    "image/png": FileKind.PNG,
    "image/gif": FileKind.GIF,
    "image/webp": FileKind.WEBP,
    "image/tiff": FileKind.TIFF,
    "image/heic": FileKind.HEIC,
    "image/heif": FileKind.HEIC,
    "application/pdf": FileKind.PDF,
    "audio/mpeg": FileKind.MP3,
    "audio/ogg": FileKind.OGG,
    "application/ogg": FileKind.OGG,
    "audio/x-m4a": FileKind.M4A,
    "audio/mp4": FileKind.M4A,
    "audio/x-wav": FileKind.WAV,
    "audio/wav": FileKind.WAV,
    "video/mp4": FileKind.MP4,
    "video/x-m4v": FileKind.MP4,
    "video/quicktime": FileKind.MOV,
    "video/webm": FileKind.WEBM,
    "text/plain": FileKind.TEXT,
}


class Recogniser:
    """libmagic, loaded before the child gives up the file system."""

    def __init__(self) -> None:
        self._magic = magic.Magic(mime=True)

    def recognise(self, file: BinaryIO) -> FileKind:
        """Return what *file* is, leaving it at its beginning."""
        head = file.read(_HEAD_SIZE)
        file.seek(0)
        if head.startswith(_ZIP):
            return find_kind(file)
        return _KINDS.get(self._magic.from_buffer(head), FileKind.OTHER)
