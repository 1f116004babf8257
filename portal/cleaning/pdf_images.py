"""Pictures inside of a PDF, without what stands beside their pixels.

They are not decoded: a scan shall not lose by being cleaned. JPEG keeps the segments that a
decoder needs, JPEG 2000 the boxes, and a colour profile its numbers.
"""

import struct
from collections.abc import Iterator

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_APPLICATION = range(0xE0, 0xF0)
_JFIF, _ADOBE, _COMMENT = 0xE0, 0xEE, 0xFE

# Without a thumbnail, and of no stated size: all that is left to say is "YCbCr".
_PLAIN_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_PLAIN_ADOBE_SIZE = 12

_JPEG_2000 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_KEPT_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
_BOX_HEAD = struct.Struct(">I4s")
_LONG_BOX = struct.Struct(">Q")

_PROFILE_HEAD_SIZE, _PROFILE_TAG = 128, struct.Struct(">4sII")
_WITH_NAMES = frozenset(
    {b"desc", b"cprt", b"dmnd", b"dmdd", b"dscm", b"vued", b"mmod", b"targ", b"meta"}
)
_MOST_TAGS = 200
# Maker, model, day, creating program, and the fingerprint over all of them.
_HEAD_NAMES = ((4, 8), (24, 36), (48, 56), (80, 100))


def without_author(jpeg: bytes) -> bytes:
    """Return a JPEG, its picture untouched, without EXIF, XMP, comments and thumbnails.

    Raises:
        ValueError: it is no JPEG, or is cut before its pixels.
    """
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError
    kept = bytearray(jpeg[:2])
    position = 2
    while position < len(jpeg):
        marker, segment = _segment(jpeg, position)
        position += len(segment)
        if marker == _END:
            return bytes(kept + segment)
        kept += _kept(marker, segment)
        if marker == _SCAN:
            end = _end_of_scan(jpeg, position)
            kept += jpeg[position:end]
            position = end
    return bytes(kept) + b"\xff\xd9"


def boxes_without_author(jpeg_2000: bytes) -> bytes:
    """Return a JPEG 2000 with the boxes that a decoder needs; a bare stream as it is."""
    if not jpeg_2000.startswith(_JPEG_2000):
        return jpeg_2000
    return b"".join(box for name, box in _boxes(jpeg_2000) if name in _KEPT_BOXES)


def profile_without_names(profile: bytes) -> bytes:
    """Return a colour profile whose texts are empty; what is none, as it is."""
    if profile[36:40] != b"acsp":
        return profile
    blank = bytearray(profile)
    for start, end in _HEAD_NAMES:
        blank[start:end] = bytes(end - start)
    count = int.from_bytes(profile[_PROFILE_HEAD_SIZE:][:4], "big")
    for number in range(min(count, _MOST_TAGS)):
        start = _PROFILE_HEAD_SIZE + 4 + number * _PROFILE_TAG.size
        if start + _PROFILE_TAG.size > len(profile):
            break
        name, offset, size = _PROFILE_TAG.unpack_from(profile, start)
        if name in _WITH_NAMES and offset + size <= len(profile) and size > 8:
            # The type stays; no entries of it follow.
            blank[offset + 8 : offset + size] = bytes(size - 8)
    return bytes(blank)


def _segment(jpeg: bytes, start: int) -> tuple[int, bytes]:
    """Return the marker at *start*, and its bytes together with it."""
    position = start
    while jpeg[position : position + 1] == b"\xff":
        position += 1
    if position == start or position >= len(jpeg):
        raise ValueError
    marker = jpeg[position]
    if marker in _ALONE or marker == _END:
        return marker, jpeg[start : position + 1]
    length = int.from_bytes(jpeg[position + 1 : position + 3], "big")
    end = position + 1 + length
    if length < 2 or end > len(jpeg):
        raise ValueError
    return marker, jpeg[start:end]


def _kept(marker: int, segment: bytes) -> bytes:
    if marker == _JFIF:
        return _PLAIN_JFIF if segment[4:8] == b"JFIF" else b""
    if marker == _ADOBE and segment[4:9] == b"Adobe":
        # How colours are coded stands in its twelve bytes; more is not asked for.
        plain = segment[4 : 4 + _PLAIN_ADOBE_SIZE]
        return b"\xff\xee" + (len(plain) + 2).to_bytes(2, "big") + plain
    if marker in _APPLICATION or marker == _COMMENT:
        return b""
    return segment


def _end_of_scan(jpeg: bytes, start: int) -> int:
    """Return where the coded pixels from *start* end: at a marker that is not theirs.

    Many scanners leave out the last marker of all: readers forgive it.
    """
    position = jpeg.find(b"\xff", start)
    while 0 <= position < len(jpeg) - 1:
        following = jpeg[position + 1]
        if following not in {0x00, *range(0xD0, 0xD8)}:
            return position
        position = jpeg.find(b"\xff", position + 2)
    return len(jpeg)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + _BOX_HEAD.size <= len(content):
        size, name = _BOX_HEAD.unpack_from(content, position)
        if size == 1:
            (size,) = _LONG_BOX.unpack_from(content, position + _BOX_HEAD.size)
        end = position + size if size else len(content)
        if end <= position or end > len(content):
            raise ValueError
        yield name, content[position:end]
        position = end
