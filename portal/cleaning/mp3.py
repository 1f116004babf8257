"""MP3: nothing but its frames of sound.

What stands around and between the frames (ID3 before and behind, APE, lyrics, pictures,
anything hidden) is left out because only frames are taken. The first frame, where it
is a table of contents written by an encoder, is left out too.

Frames are as in ISO/IEC 11172-3, 2.4.1.3, and 13818-3; MPEG 2.5 as decoders know it.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from portal.cleaning.refusals import NotCleanError

FEWEST_FRAMES = 3

_HEADER_SIZE = 4
_ID3_HEADER_SIZE = 10
_PIECE = 1 << 20
# Layer III of MPEG 1, 2 and 2.5; with and without a checksum.
_START = re.compile(rb"\xff[\xfa\xfb\xf2\xf3\xe2\xe3]")
_MPEG_1 = 3
_KILOBITS = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000)}
_RATES |= {0: (11_025, 12_000, 8_000)}
_ENDS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3")
_TABLES = (b"Xing", b"Info", b"VBRI")
_TABLES_WITHIN = 44
# What stays the same in all frames of a file: version, layer, rate of samples.
_SAME = (0xFE, 0x0C)


def clean_mp3(source: BinaryIO, target: BinaryIO) -> None:
    """Copy the frames of *source*, and nothing else.

    Raises NotCleanError where there are too few to be a recording.
    """
    sound = source.read()
    count, held = 0, bytearray()
    for start, end in _frames(sound):
        count += 1
        if count == 1 and _is_table(sound[start:end]):
            continue
        held += sound[start:end]
        if len(held) >= _PIECE:
            target.write(held)
            held.clear()
    target.write(held)
    if count < FEWEST_FRAMES:
        raise NotCleanError


def _frames(sound: bytes) -> Iterator[tuple[int, int]]:
    position, kind = _behind_id3(sound), b""
    while found := _START.search(sound, position):
        start = found.start()
        end = start + _size(sound, start)
        if start < end and _is_like(sound, start, kind) and _goes_on(sound, end):
            kind = kind or sound[start : start + _HEADER_SIZE]
            yield start, end
            position = end
        else:
            position = start + 1


def _goes_on(sound: bytes, end: int) -> bool:
    """Tell whether a frame may end there: one that something cuts into is left out."""
    is_end = end == len(sound) or sound.startswith(_ENDS, end)
    return is_end or _size(sound, end) > 0


def _behind_id3(sound: bytes) -> int:
    if not sound.startswith(b"ID3") or len(sound) < _ID3_HEADER_SIZE:
        return 0
    size = 0
    for seven_bits in sound[6:_ID3_HEADER_SIZE]:
        size = size << 7 | seven_bits & 0x7F
    return _ID3_HEADER_SIZE + size


def _size(sound: bytes, start: int) -> int:
    """Return the bytes of the frame that begins at *start*; 0: none does."""
    header = sound[start : start + _HEADER_SIZE]
    if len(header) < _HEADER_SIZE or not _START.match(header):
        return 0
    version, bit_rate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if bit_rate in {0, 15} or rate == 3:  # free, forbidden; reserved
        return 0
    is_first = version == _MPEG_1
    bits = _KILOBITS[is_first][bit_rate - 1] * 1_000
    padding = header[2] >> 1 & 1
    return (144 if is_first else 72) * bits // _RATES[version][rate] + padding


def _is_like(sound: bytes, start: int, kind: bytes) -> bool:
    pairs = zip(kind[1:3], sound[start + 1 : start + 3], _SAME, strict=False)
    return all(one & mask == other & mask for one, other, mask in pairs)


def _is_table(frame: bytes) -> bool:
    return any(table in frame[:_TABLES_WITHIN] for table in _TABLES)
