"""Recordings as telephones make them: half a second, with words in every place.

Made by ffmpeg, once for a run; what it does not write (APE, lyrics, remains in the
settings of a stream) is added by hand.
"""

import struct
import subprocess
import tempfile
from functools import cache, partial
from pathlib import Path

from planted import Format
from programs import need

_BY_MANY = ("Pembuat-Planted", "Tempat-Planted")
_BY_FREE = (*_BY_MANY, "-06.17", "Galaksi-Planted", "Pegangan-Planted", "2021")
WORDS = {
    "mp4": ("Judul-Planted", *_BY_FREE, "Bab-Planted", "Tulisan-Planted", "x264"),
    "mov": ("Judul-Planted", *_BY_FREE, "Bab-Planted", "Tulisan-Planted", "x265"),
    "m4a": ("Judul-Planted", *_BY_MANY, "Pegangan-Planted", "Bab-Planted"),
    "webm": ("Judul-Planted", *_BY_FREE, "Bab-Planted", "Tulisan-Planted"),
    "ogg": (*_BY_FREE, "Tulisan-Planted"),
    "wav": ("Judul-Planted", *_BY_MANY),
    "mp3": ("Judul-Planted", *_BY_MANY, "-06.17", "Galaksi-Planted", "2021"),
}
"""Where each kind carries them: what must not come out."""
WORDS["webm"] += ("Sisa-Planted",)
WORDS["mp3"] += ("Sampul-Planted", "Bab-Planted", "Lagu-Planted", "Sisa-Planted")

_TAGS = {
    "title": "Judul-Planted",
    "artist": "Pembuat-Planted",
    "comment": "Tempat-Planted",
    "location": "-06.17+106.82/",
    "com.android.model": "Galaksi-Planted",
    "creation_time": "2021-05-05T05:05:05Z",
}
_TAGS_OF_LONG = ("-metadata", "title=Judul-Planted")
_PICTURE = "testsrc=s=64x64:r=10:d=0.5"
_SOUND = "sine=d=0.5"
_CHAPTERS = (
    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=Bab-Planted\n"
)

_ENCODERS = {
    "mp4": ("-c:a", "aac"),
    "mov": ("-c:a", "aac"),
    "webm": ("-c:a", "libvorbis"),
    "m4a": ("-c:a", "aac"),
    "ogg": ("-c:a", "libvorbis"),
    "wav": ("-c:a", "pcm_s16le"),
    "mp3": ("-c:a", "libmp3lame", "-write_id3v1", "1"),
}
_X265 = ("-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1")
_FREE_TAGS = ("-movflags", "use_metadata_tags")
_COVER = ("-c:v", "mjpeg", "-frames:v", "1", "-disposition:v", "attached_pic")
_ENCODERS_OF_MORE = {
    "mp4": ("-c:v", "libx264", *_FREE_TAGS, "-c:s", "mov_text"),
    "mov": (*_X265, *_FREE_TAGS),
    "webm": ("-c:v", "libvpx"),
    "m4a": _COVER,
}
DEMUXERS = {"mp4": "mov", "mov": "mov", "m4a": "mov", "webm": "matroska"}
DEMUXERS |= {"ogg": "ogg", "wav": "wav", "mp3": "mp3"}


def nameless(kind: str) -> bytes:
    """A recording of that kind in which nothing was planted."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, f"made.{kind}")
        picture = ("-f", "lavfi", "-i", _PICTURE)
        sound = ("-f", "lavfi", "-i", _SOUND)
        is_film = kind in {"mp4", "mov", "webm"}
        encoders = _ENCODERS_OF_MORE[kind][:6] if is_film else ()
        _run(
            *(picture if is_film else ()),
            *sound,
            *_ENCODERS[kind],
            *encoders,
            str(made),
        )
        return made.read_bytes()


@cache
def recording(kind: str) -> bytes:
    """A recording of that kind, with all there is to plant in it."""
    made = _made(kind)
    if kind == "mp3":
        return _with_tails(made)
    if kind == "webm":
        return _with_vorbis_comments(made)
    return made


@cache
def turned() -> bytes:
    """An MP4 that a telephone held upright wrote: to be turned when it is shown."""
    with tempfile.TemporaryDirectory() as folder:
        flat, upright = Path(folder, "flat.mp4"), Path(folder, "upright.mp4")
        flat.write_bytes(_made("mp4"))
        tag = ("-c", "copy", "-metadata:s:v", "rotate=90")
        _run("-i", str(flat), *tag, str(upright))
        return upright.read_bytes()


@cache
def old_fashioned() -> bytes:
    """An MP4 of a codec that is not on the list."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "old.mp4")
        _run("-f", "lavfi", "-i", _PICTURE, "-c:v", "mpeg4", str(made))
        return made.read_bytes()


def _made(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made, chapters = Path(folder, f"made.{kind}"), Path(folder, "chapters.txt")
        chapters.write_text(_CHAPTERS)
        lines = Path(folder, "lines.srt")
        lines.write_text("1\n00:00:00,000 --> 00:00:00,400\nTulisan-Planted\n")
        inputs = [("-i", str(chapters)), ("-f", "lavfi", "-i", _SOUND)]
        inputs += [("-f", "lavfi", "-i", _PICTURE)] if kind in _ENCODERS_OF_MORE else []
        inputs += [("-i", str(lines))] if kind == "mp4" else []
        maps = (
            word for number in range(1, len(inputs)) for word in ("-map", f"{number}")
        )
        tags = (
            word for pair in _TAGS.items() for word in ("-metadata", "=".join(pair))
        )
        _run(
            *(word for words in inputs for word in words),
            *(*maps, "-map_chapters", "0", *tags),
            *(*_ENCODERS[kind], *_ENCODERS_OF_MORE.get(kind, ())),
            *("-metadata:s:a", "handler_name=Pegangan-Planted"),
            *(
                "-metadata:s:a",
                "language=ind",
                "-metadata:s:a",
                "title=Tulisan-Planted",
            ),
            str(made),
        )
        return made.read_bytes()


def long_silence(kind: str, size: int) -> bytes:
    """A recording of silence of some *size* bytes, uncompressed."""
    rate, bytes_per_second = "192000", 192_000 * 8
    form = ("-f", "s32le", "-ar", rate, "-ac", "2", "-i", "/dev/zero")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, f"made.{kind}")
        length = ("-t", str(size // bytes_per_second))
        _run(*form, *length, "-c:a", "pcm_s32le", *_TAGS_OF_LONG, str(made))
        return made.read_bytes()


def streams(file: bytes) -> list[str]:
    """The kinds of the streams of a recording, in order."""
    words = [need("ffprobe", "ffmpeg"), "-v", "error", "-of", "csv=p=0"]
    with tempfile.NamedTemporaryFile() as place:
        Path(place.name).write_bytes(file)
        asked = ("-show_entries", "stream=codec_type", place.name)
        done = subprocess.run([*words, *asked], capture_output=True, check=True)
    return done.stdout.decode().replace(",", "").split()


def _run(*words: str) -> None:
    program = need("ffmpeg", "ffmpeg")
    subprocess.run([program, "-nostdin", "-v", "error", "-y", *words], check=True)


def _with_tails(sound: bytes) -> bytes:
    """An MP3 with lyrics and APE between its sound and its ID3v1, and a cover before."""
    body, old = sound[:-128], sound[-128:]
    value = b"Sisa-Planted"
    member = struct.pack("<II", len(value), 0) + b"Artist\0" + value
    size = len(member) + 32
    shape = struct.pack("<IIII8x", 2000, size, 1, 1 << 31)
    ape = b"APETAGEX" + shape + member + b"APETAGEX" + shape
    lyrics = b"LYRICSBEGINLYR00012Lagu-Planted000030LYRICS200"
    cover = _cover(b"\x00image/jpeg\x00\x03\x00Sampul-Planted\xff\xd8\xff\xfb\x90\x64")
    return cover + body + lyrics + ape + old


def _cover(content: bytes) -> bytes:
    frame = b"APIC" + struct.pack(">I", len(content)) + bytes(2) + content
    size = len(frame)
    sevens = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + sevens + frame


def _with_vorbis_comments(film: bytes) -> bytes:
    """A WebM whose sound's settings name somebody, in the room of the maker's name."""
    start = film.index(b"\x03vorbis") + 7
    (size,) = struct.unpack_from("<I", film, start)
    maker = film[start + 4 : start + 4 + size]
    return film.replace(maker, b"Sisa-Planted".ljust(size, b"!")[:size], 1)


FORMATS = tuple(
    Format(kind, words, partial(recording, kind), partial(nameless, kind))
    for kind, words in WORDS.items()
)
