"""Sound and moving pictures: packed anew, without a word about who and where.

ffmpeg copies the coded streams, sound and pictures alone, into a new container of the
same kind. It is the system's program, run inside the sandbox of whoever calls this,
with a file in memory on each side, which it can seek and which has no name in any file
system. What kind of container it reads is told to it, so that a list of other files
never makes it open one; codecs are those of a list.

What stays: the streams themselves, with the turn of the picture. So faces, voices and
screens stay, and in some sounds the name of the encoder (docs/threat-model.md).
"""

import json
import os
import subprocess  # nosec B404
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from portal.cleaning.confinement import PROGRAMS, die_with_parent
from portal.cleaning.media_remains import blank_remains
from portal.cleaning.mp3 import clean_mp3
from portal.cleaning.refusals import NotCleanableError, NotCleanError
from portal.cleaning.source import Cleaned, Source
from portal.file_kinds import FileKind, Finding

FFMPEG_SECONDS = 50
MOST_STREAMS = 32

_FFMPEG, _FFPROBE = PROGRAMS
# One arena: others reserve address space, which counts as memory.
_VARIABLES = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
_TOLD = frozenset({Finding.VOICE})

_PCM = frozenset(
    {
        *("pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
        *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be"),
        *("pcm_alaw", "pcm_mulaw"),
    }
)


@dataclass(frozen=True)
class _Container:
    """How ffmpeg calls a container on both sides, and what may stand in it."""

    read_as: str
    written_as: str
    pictures: frozenset[str]
    sounds: frozenset[str]


_CONTAINERS = {
    FileKind.OGG: _Container("ogg", "ogg", frozenset(), frozenset({"vorbis", "opus"})),
    FileKind.M4A: _Container("mov", "ipod", frozenset(), frozenset({"aac", "alac"})),
    FileKind.WAV: _Container("wav", "wav", frozenset(), _PCM),
    FileKind.MP4: _Container(
        *("mov", "mp4"),
        pictures=frozenset({"h264", "hevc"}),
        sounds=frozenset({"aac", "mp3", "ac3", "eac3", "alac"}),
    ),
    FileKind.MOV: _Container(
        *("mov", "mov"),
        pictures=frozenset({"h264", "hevc"}),
        sounds=frozenset({"aac", "mp3", "ac3", "alac"}) | _PCM,
    ),
    FileKind.WEBM: _Container(
        *("matroska", "webm"),
        pictures=frozenset({"vp8", "vp9"}),
        sounds=frozenset({"opus", "vorbis"}),
    ),
}

# What a decoder needs, by type of unit; left out is supplemental information, where
# encoders and cameras write about themselves, filling, and what no standard defines.
_UNITS = {
    "h264": "filter_units=pass_types=1-5|7-11|13|19",
    "hevc": "filter_units=pass_types=0-9|16-21|32-37",
}

_NAMELESS = (
    *("-map_metadata", "-1", "-map_chapters", "-1", "-c", "copy"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
)
_NAMELESS_IN = {
    "mp4": ("-write_tmcd", "0"),
    "mov": ("-write_tmcd", "0"),
    "ipod": ("-write_tmcd", "0"),
    "wav": ("-write_bext", "0"),
    "webm": ("-write_crc32", "0"),
}


def is_ffmpeg_there() -> bool:
    """Tell whether sound and moving pictures can be cleaned on this machine."""
    return all(program.exists() for program in PROGRAMS)


def clean(source: Source) -> Cleaned:
    """Pack the recording anew; see `portal.cleaning.source`."""
    target = cast(BinaryIO, os.fdopen(os.memfd_create("recording"), "w+b"))
    try:
        findings = clean_media(source.file, target, source.kind)
    except NotCleanableError as refused:
        target.close()
        return Cleaned(source.kind, findings=refused.findings)
    return Cleaned(source.kind, target, findings | {Finding.CLEANED})


def clean_media(
    source: BinaryIO, target: BinaryIO, kind: FileKind
) -> frozenset[Finding]:
    """Write *source* to *target* without what names author, device, place and time.

    Both are seekable files with a number of the system, at their beginning. Raises
    NotCleanableError for a codec outside the list, and where ffmpeg is missing;
    NotCleanError where ffmpeg finds a fault.
    """
    if kind is FileKind.MP3:
        clean_mp3(source, target)
        return _TOLD
    if not is_ffmpeg_there():
        raise NotCleanableError(_TOLD | {Finding.NO_FFMPEG})
    container = _CONTAINERS[kind]
    codecs = _check_streams(source, container)
    _copy_streams(source, target, container, codecs)
    blank_remains(target, kind)
    return _TOLD


def _check_streams(source: BinaryIO, container: _Container) -> list[str]:
    """Return the codecs of the moving pictures, in order."""
    streams = _list_streams(source, container)
    pictures = [codec for kind, codec in streams if kind == "video"]
    sounds = [codec for kind, codec in streams if kind == "audio"]
    if not (pictures or sounds) or len(streams) > MOST_STREAMS:
        raise NotCleanError
    if not {*pictures} <= container.pictures or not {*sounds} <= container.sounds:
        raise NotCleanableError(_TOLD)
    return pictures


def _list_streams(source: BinaryIO, container: _Container) -> list[tuple[str, str]]:
    """Return kind and codec of each stream but for attached pictures."""
    asked = "stream=codec_type,codec_name:stream_disposition=attached_pic"
    answer = _run(
        _FFPROBE,
        *_reading(source, container),
        *("-show_entries", asked, "-print_format", "json"),
        files=(source,),
    )
    try:
        return [
            (stream.get("codec_type", ""), stream.get("codec_name", ""))
            for stream in json.loads(answer).get("streams", [])
            if not stream.get("disposition", {}).get("attached_pic")
        ]
    except ValueError:
        raise NotCleanError from None


def _copy_streams(
    source: BinaryIO, target: BinaryIO, container: _Container, codecs: list[str]
) -> None:
    filters = (
        (f"-bsf:v:{number}", _UNITS[codec])
        for number, codec in enumerate(codecs)
        if codec in _UNITS
    )
    _run(
        *(_FFMPEG, "-nostdin", "-xerror", "-threads", "1"),
        *_reading(source, container),
        # A capital V: moving pictures, and no cover that is attached.
        *("-map", "0:V?", "-map", "0:a?"),
        *_NAMELESS,
        *_NAMELESS_IN.get(container.written_as, ()),
        *(word for pair in filters for word in pair),
        *("-y", "-f", container.written_as, _place(target)),
        files=(source, target),
    )


def _reading(source: BinaryIO, container: _Container) -> tuple[str, ...]:
    return (
        *("-hide_banner", "-loglevel", "quiet", "-protocol_whitelist", "file"),
        *("-f", container.read_as, "-i", _place(source)),
    )


def _place(file: BinaryIO) -> str:
    return f"/proc/self/fd/{file.fileno()}"


def _run(program: Path, *words: str, files: tuple[BinaryIO, ...]) -> bytes:
    """Run *program*, which gets *files* and nothing else of this process."""
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603  # its words are ours
            [program, *words],
            pass_fds=[file.fileno() for file in files],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_VARIABLES,
            timeout=FFMPEG_SECONDS,
            check=False,
            preexec_fn=die_with_parent,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise NotCleanError from None
    if done.returncode:
        raise NotCleanError
    return done.stdout
