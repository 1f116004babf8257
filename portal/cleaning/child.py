"""The child: one file in, one answer out, then its end.

It confines itself before it reads, holds the file in its own memory (a memfd: libraries can
seek in it, and it has no name in any file system), and imports only what the file's kind
needs. Whatever goes wrong ends it; the parent calls that failed.
"""

import importlib
import os
import sys
from collections.abc import Mapping
from typing import BinaryIO, Protocol

from portal.cleaning import confinement
from portal.cleaning.kinds import Recogniser
from portal.cleaning.protocol import (
    LARGEST_FRAME,
    LARGEST_OUTPUT,
    LARGEST_PREVIEW,
    LENGTH_SIZE,
    Answer,
    Outcome,
    Request,
    Task,
    kind_frame,
)
from portal.cleaning.source import Cleaned, Picture, Source, TooLargeError
from portal.file_kinds import FileKind, Finding

_PIECE_SIZE = 64 * 1024

# Which module cleans a kind; `signs` cleans nothing, and warns.
CLEANERS: Mapping[FileKind, str] = {
    FileKind.JPEG: "pictures",
    FileKind.PNG: "pictures",
    FileKind.GIF: "pictures",
    FileKind.WEBP: "pictures",
    FileKind.TIFF: "pictures",
    FileKind.HEIC: "pictures",
    FileKind.PDF: "pdf",
    FileKind.MP3: "media",
    FileKind.OGG: "media",
    FileKind.M4A: "media",
    FileKind.WAV: "media",
    FileKind.MP4: "media",
    FileKind.MOV: "media",
    FileKind.WEBM: "media",
    FileKind.DOCX: "office",
    FileKind.XLSX: "office",
    FileKind.PPTX: "office",
    FileKind.ODT: "open_document",
    FileKind.TEXT: "signs",
    FileKind.ARCHIVE: "signs",
    FileKind.EXECUTABLE: "signs",
    FileKind.OTHER: "signs",
}

# Which of them start a program that stands outside of Python.
_WITH_PROGRAM = frozenset({"media"})


class _Module(Protocol):
    def clean(self, source: Source) -> Cleaned: ...
    def picture(self, source: Source, page: int, side: int) -> Picture: ...


def main() -> None:
    """Do what the frame on the standard input asks for."""
    recogniser = Recogniser()
    guards = confinement.confine(parent=int(sys.argv[1]))
    request = Request.parse(_read_frame())
    confinement.leave_room_for(request.length)
    if request.task is Task.PROBE:
        _write(Answer(Outcome.NOT_CLEANABLE, FileKind.OTHER, guards=tuple(guards)))
        return
    file = _receive(request.length)
    source = Source(file, request.length, request.name, recogniser.recognise(file))
    sys.stdout.buffer.write(kind_frame(source.kind))
    sys.stdout.buffer.flush()
    try:
        _answer(request, source)
    except (MemoryError, TooLargeError):
        _write(Answer(Outcome.FAILED, source.kind, frozenset({Finding.TOO_LARGE})))


def _answer(request: Request, source: Source) -> None:
    module = _module(source.kind)
    if module is None:
        _write(Answer(Outcome.NOT_CLEANABLE, source.kind))
    elif request.task is Task.PICTURE:
        _show(module.picture(source, request.page, request.side), source.kind)
    else:
        _hand_over(module.clean(source))


def _module(kind: FileKind) -> _Module | None:
    name = CLEANERS.get(kind, "")
    if name not in _WITH_PROGRAM:
        confinement.run_nothing()
    if not name:
        return None
    module: _Module = importlib.import_module(f"portal.cleaning.{name}")
    return module


def _receive(length: int) -> BinaryIO:
    """Return the file that follows, in memory that has no name."""
    file = os.fdopen(os.memfd_create("file"), "w+b")
    while piece := sys.stdin.buffer.read(_PIECE_SIZE):
        file.write(piece)
    if file.tell() != length:
        sys.exit("The file was cut.")
    file.seek(0)
    return file


def _hand_over(cleaned: Cleaned) -> None:
    length = cleaned.content.seek(0, os.SEEK_END) if cleaned.content else 0
    if length > LARGEST_OUTPUT or len(cleaned.preview) > LARGEST_PREVIEW:
        raise TooLargeError
    answer = Answer(
        *(cleaned.outcome, cleaned.kind, cleaned.findings),
        preview_length=len(cleaned.preview),
        content_length=length,
    )
    _write(answer, cleaned.preview)
    if cleaned.content:
        cleaned.content.seek(0)
        while piece := cleaned.content.read(_PIECE_SIZE):
            sys.stdout.buffer.write(piece)


def _show(picture: Picture, kind: FileKind) -> None:
    answer = Answer(
        *(Outcome.NOT_CLEANABLE, kind),
        preview_length=len(picture.jpeg),
        page_count=picture.page_count,
    )
    _write(answer, picture.jpeg)


def _write(answer: Answer, preview: bytes = b"") -> None:
    sys.stdout.buffer.write(answer.encode() + preview)


def _read_frame() -> bytes:
    length = int.from_bytes(sys.stdin.buffer.read(LENGTH_SIZE), "big")
    return sys.stdin.buffer.read(min(length, LARGEST_FRAME))
