"""What ffmpeg copies with the settings of a stream, and no option of it leaves out.

Two places: supplemental information inside the settings of HEVC (`hvcC`, ISO/IEC
14496-15, 8.3.3), and the comments of Vorbis inside WebM (Vorbis I, 5). Both are
overwritten in the finished file; nothing moves.
"""

import mmap
import struct
from collections.abc import Iterator
from typing import BinaryIO

from portal.cleaning.refusals import NotCleanError
from portal.file_kinds import FileKind

_BLANK = b" "
_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
_BOX_HEADER = 8
# Behind these many bytes a sample description begins its own boxes.
_TABLE_HEADER, _PICTURE_HEADER = 8, 78
_HEVC = {b"hvc1", b"hev1"}
_ARRAYS_AT = 22
_SEI_TYPES = {39, 40}
_SEI_START = 2
# Registered and unregistered texts of whoever made it; the others are light and time.
_TEXTS = {4, 5}
_VORBIS_COMMENTS = b"\x03vorbis"


def blank_remains(target: BinaryIO, kind: FileKind) -> None:
    """Overwrite them in *target*, where a file of that kind may have them.

    Raises NotCleanError where a length leads out of its place.
    """
    with mmap.mmap(target.fileno(), 0) as file:
        try:
            if kind in {FileKind.MP4, FileKind.MOV}:
                for start, end in _boxes(file, 0, len(file), _BOXES):
                    _blank_hevc(file, start + _TABLE_HEADER, end)
            elif kind is FileKind.WEBM:
                _blank_vorbis(file)
        except (struct.error, IndexError):
            raise NotCleanError from None


def _boxes(
    file: mmap.mmap, start: int, end: int, way: tuple[bytes, ...]
) -> Iterator[tuple[int, int]]:
    """Find the contents of every box that is reached by *way*."""
    for name, inner, after in _row(file, start, end):
        if name == way[0] and len(way) == 1:
            yield inner, after
        elif name == way[0]:
            yield from _boxes(file, inner, after, way[1:])


def _row(file: mmap.mmap, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start + _BOX_HEADER <= end:
        size, name = struct.unpack_from(">I4s", file, start)
        inner = start + _BOX_HEADER
        if size == 1:
            (size,) = struct.unpack_from(">Q", file, inner)
            inner += 8
        after = start + size if size else end
        if after < inner or after > end:
            raise NotCleanError
        yield name, inner, after
        start = after


def _blank_hevc(file: mmap.mmap, start: int, end: int) -> None:
    for name, inner, after in _row(file, start, end):
        if name in _HEVC:
            for first, last in _boxes(file, inner + _PICTURE_HEADER, after, (b"hvcC",)):
                _blank_arrays(file, first + _ARRAYS_AT, last)


def _blank_arrays(file: mmap.mmap, position: int, end: int) -> None:
    arrays, position = file[position], position + 1
    for _ in range(arrays):
        kind, units = struct.unpack_from(">BH", file, position)
        position += 3
        for _ in range(units):
            (size,) = struct.unpack_from(">H", file, position)
            position += 2
            if position + size > end:
                raise NotCleanError
            if kind & 0x3F in _SEI_TYPES:
                _blank_texts(file, position + _SEI_START, position + size)
            position += size


def _blank_texts(file: mmap.mmap, position: int, end: int) -> None:
    # The last byte holds the stop bit.
    while position < end - 1:
        kind, position = _number(file, position)
        size, position = _number(file, position)
        last = min(position + size, end - 1)
        if kind in _TEXTS:
            # Escapes lengthen what is counted: to the end, and what follows goes too.
            file[position : end - 1] = _BLANK * (end - 1 - position)
            return
        position = last


def _number(file: mmap.mmap, position: int) -> tuple[int, int]:
    value = 0
    while file[position] == 0xFF:
        value, position = value + 0xFF, position + 1
    return value + file[position], position + 1


def _blank_vorbis(file: mmap.mmap) -> None:
    position = -1
    while (position := file.find(_VORBIS_COMMENTS, position + 1)) >= 0:
        place = _blank_text(file, position + len(_VORBIS_COMMENTS))
        (count,) = struct.unpack_from("<I", file, place)
        place += 4
        for _ in range(count):
            place = _blank_text(file, place)


def _blank_text(file: mmap.mmap, position: int) -> int:
    (size,) = struct.unpack_from("<I", file, position)
    start = position + 4
    if start + size > len(file):
        raise NotCleanError
    file[start : start + size] = _BLANK * size
    return start + size
