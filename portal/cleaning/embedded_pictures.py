"""Pictures inside documents, cleaned like pictures that come alone."""

import importlib
import os
from typing import BinaryIO, cast

from portal.cleaning.refusals import NotCleanError
from portal.cleaning.source import Cleaned, Source
from portal.file_kinds import FileKind

_SIGNATURES = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"GIF8", FileKind.GIF),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
)
# Of types and of names.
_ENDS = ("jpeg", "jpg", "png", "gif", "tiff", "tif", "webp")


def is_picture(start: bytes, said: str = "") -> bool:
    """Tell whether a file is a picture that can be cleaned, or should be.

    *start*: how it begins; *said*: what the document calls it, a type or a name. One
    that only says so is broken, and may name somebody all the same.
    """
    return _kind(start) is not FileKind.OTHER or said.casefold().endswith(_ENDS)


def clean_picture(content: bytes) -> bytes:
    """Return the picture anew, of the same kind.

    Raises NotCleanError where that does not work: a document refers to its kind.
    """
    kind = _kind(content)
    if kind is FileKind.OTHER:
        raise NotCleanError
    with cast(BinaryIO, os.fdopen(os.memfd_create("picture"), "w+b")) as file:
        file.write(content)
        file.seek(0)
        cleaned = _clean(Source(file, len(content), "", kind))
    if cleaned.kind is not kind or not cleaned.content:
        raise NotCleanError
    cleaned.content.seek(0)
    return cleaned.content.read()


def _kind(content: bytes) -> FileKind:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    starts = (kind for start, kind in _SIGNATURES if content.startswith(start))
    return next(starts, FileKind.OTHER)


def _clean(source: Source) -> Cleaned:
    # Not before a document has a picture: reading them takes a library and its memory.
    pictures = importlib.import_module("portal.cleaning.pictures")
    cleaned: Cleaned = pictures.clean(source)
    return cleaned
