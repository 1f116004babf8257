"""Sound and moving pictures: what goes, what stays, and who may not lead where."""

import io
import os
import re
import socket
import struct
from functools import cache
from pathlib import Path

import pytest
from cleanings import Result, clean, read_tags
from planted_recordings import (
    DEMUXERS,
    WORDS,
    long_silence,
    old_fashioned,
    recording,
    streams,
    turned,
)
from programs import decoded, need

from portal.cleaning import media
from portal.cleaning.media import FFMPEG_SECONDS, clean_media
from portal.cleaning.media_remains import blank_remains
from portal.cleaning.mp3 import clean_mp3
from portal.cleaning.process import LONGEST_WAIT_SECONDS
from portal.cleaning.protocol import LARGEST_INPUT, Outcome
from portal.cleaning.refusals import NotCleanError
from portal.cleaning.source import Source
from portal.file_kinds import FileKind, Finding

KINDS = sorted(DEMUXERS)
FFMPEG_KINDS = sorted(DEMUXERS.keys() - {"mp3"})


@cache
def cleaned(kind: str) -> Result:
    return clean(recording(kind))


def own_memory(content: bytes = b"") -> io.BufferedRandom:
    file = os.fdopen(os.memfd_create("test"), "w+b")
    file.write(content)
    file.seek(0)
    return file


def cleaned_here(file: bytes, kind: FileKind) -> bytes:
    with own_memory(file) as source, own_memory() as target:
        clean_media(source, target, kind)
        target.seek(0)
        return target.read()


@pytest.mark.parametrize("kind", KINDS)
def test_recordings_come_out_whole_and_nameless(kind: str) -> None:
    after = cleaned(kind)

    assert (after.kind, after.outcome) == (FileKind(kind), Outcome.CLEANED)
    assert set(streams(after.content)) <= {"audio", "video"}
    assert [word for word in WORDS[kind] if word.encode() in after.content] == []


@pytest.mark.parametrize("kind", KINDS)
def test_another_reader_finds_no_day_in_it(kind: str) -> None:
    said = " ".join(read_tags(cleaned(kind).content).values())

    assert re.findall(r"\b(?:19|20)\d\d:\d\d", said) == []


@pytest.mark.parametrize("kind", FFMPEG_KINDS)
def test_every_picture_and_sound_stays_as_it_was(kind: str) -> None:
    before = recording(kind)

    after = cleaned(kind).content

    assert decoded(after, DEMUXERS[kind]) == decoded(before, DEMUXERS[kind])


def test_an_mp3_keeps_its_frames_in_one_piece() -> None:
    before = recording("mp3")

    after = clean(before).content

    assert after in before
    assert len(after) > 4_000


def test_what_is_hidden_among_the_frames_of_an_mp3_goes() -> None:
    sound = clean(recording("mp3")).content
    middle = len(sound) // 2
    hiding = sound[:middle] + b"Sisa-Planted" * 50 + sound[middle:]

    assert b"Planted" not in clean(hiding).content


def test_a_film_that_was_taken_upright_stays_upright() -> None:
    before = turned()

    after = clean(before).content

    assert read_tags(before)["Composite:Rotation"] == "270"
    assert read_tags(after)["Composite:Rotation"] == "270"


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_sends_a_voice_is_told_so(kind: str) -> None:
    assert cleaned(kind).findings == {Finding.CLEANED, Finding.VOICE}


def test_a_codec_that_is_not_on_the_list_is_left_to_its_sender() -> None:
    after = clean(old_fashioned())

    assert after.outcome is Outcome.NOT_CLEANABLE
    assert after.findings == {Finding.VOICE}
    assert after.content == b""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_recording_gives_nothing_away(kind: str, share: float) -> None:
    before = recording(kind)

    after = clean(before[: int(len(before) * share)])

    assert [word for word in WORDS[kind] if word.encode() in after.content] == []


@pytest.mark.parametrize("kind", FFMPEG_KINDS)
def test_a_recording_that_is_noise_behind_its_first_bytes_fails(kind: str) -> None:
    need("ffmpeg", "ffmpeg")
    start = recording(kind)[:64]
    noise = bytes(pow(7, number, 251) for number in range(20_000))

    after = clean(start + noise)

    assert after.outcome is not Outcome.CLEANED or b"Planted" not in after.content


def test_whoever_sends_a_voice_is_told_so_where_cleaning_fails_too() -> None:
    after = clean(recording("mp4")[:6_000])

    assert (after.outcome, after.findings) == (Outcome.FAILED, {Finding.VOICE})


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '{path}'\n",
    "dash": "<?xml version='1.0'?><MPD><Period><AdaptationSet><Representation>"
    "<BaseURL>{address}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 4 RTP/AVP 0\n",
    "svg": "<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}'/></svg>",
}


@pytest.mark.parametrize("playlist", sorted(PLAYLISTS))
@pytest.mark.parametrize("kind", FFMPEG_KINDS)
def test_a_list_of_other_files_opens_none(
    playlist: str, kind: str, tmp_path: Path
) -> None:
    need("ffmpeg", "ffmpeg")
    path = tmp_path / "secret.wav"
    path.write_bytes(recording("wav"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/secret.wav"
        lying = PLAYLISTS[playlist].format(path=path, address=address).encode()

        # Straight to ffmpeg, as if libmagic had been deceived, and without the sandbox.
        with pytest.raises(NotCleanError):
            cleaned_here(lying, FileKind(kind))

        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_film_that_names_another_file_for_its_sound_does_not_open_it(
    tmp_path: Path,
) -> None:
    before = recording("mp4")
    other = tmp_path / "other.mp4"
    other.write_bytes(b"Sisa-Planted" * 2_000)
    leading = _with_reference(before, f"file://{other}".encode() + b"\0")

    assert b"Planted" not in cleaned_here(leading, FileKind.MP4)


def test_settings_of_a_stream_that_lead_out_of_their_place_fail() -> None:
    before = recording("webm")
    start = before.index(b"\x03vorbis") + 7
    lying = before[:start] + b"\xff\xff\xff\x7f" + before[start + 4 :]

    assert clean(lying).content == b""


def test_comments_of_vorbis_are_blanked_where_they_stand() -> None:
    texts = [b"Pembuat-Planted", b"ARTIST=Pembuat-Planted", b"GPS=-06.17"]
    maker, *comments = (struct.pack("<I", len(text)) + text for text in texts)
    packet = b"\x03vorbis" + maker + struct.pack("<I", 2) + b"".join(comments) + b"\x01"

    with own_memory(b"before" + packet + b"after") as file:
        blank_remains(file, FileKind.WEBM)
        after = file.read()

    blank = packet
    for text in reversed(texts):
        blank = blank.replace(text, b" " * len(text))
    assert after == b"before" + blank + b"after"


@pytest.mark.parametrize("kind", [FileKind.MP4, FileKind.WEBM])
@pytest.mark.parametrize("size", [0xFF, 0x7FFFFFFF, 0xFFFFFFFF])
def test_lengths_that_lead_out_are_not_followed(kind: FileKind, size: int) -> None:
    box = struct.pack(">I4s", size, b"moov") + bytes(20)
    packet = b"\x03vorbis" + struct.pack("<I", size) + bytes(20)

    with own_memory(box + packet) as file, pytest.raises(NotCleanError):
        blank_remains(file, kind)


def test_too_few_frames_are_no_recording() -> None:
    sound = clean(recording("mp3")).content

    with pytest.raises(NotCleanError):
        clean_mp3(io.BytesIO(sound[:300]), io.BytesIO())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wav", "mov"])
def test_a_recording_of_a_hundred_mebibytes_stays_within_the_limits(kind: str) -> None:
    before = long_silence(kind, LARGEST_INPUT)
    assert len(before) > LARGEST_INPUT * 0.98

    after = clean(before)

    assert after.outcome is Outcome.CLEANED
    assert len(after.content) > len(before) - 2_000
    assert b"Planted" not in after.content


def test_ffmpeg_gives_up_before_the_child_is_ended() -> None:
    assert FFMPEG_SECONDS < LONGEST_WAIT_SECONDS


def test_where_ffmpeg_is_missing_the_sender_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.cleaning.media.PROGRAMS", (Path("/nowhere"),))

    with own_memory(b"RIFF") as file:
        after = media.clean(Source(file, 4, "", FileKind.WAV))

    assert after.content is None
    assert after.findings == {Finding.VOICE, Finding.NO_FFMPEG}


def _with_reference(film: bytes, address: bytes) -> bytes:
    """The film, saying that its samples stand elsewhere: a `url ` without flag 1."""
    entry = struct.pack(">I4sI", 12 + len(address), b"url ", 0) + address
    old = struct.pack(">I4sI", 12, b"url ", 1)
    assert old in film
    grown = len(entry) - len(old)
    changed = film.replace(old, entry, 1)
    end = changed.index(entry)
    # Every box around it grows: they are found by walking back from it.
    for name in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        place = changed.rindex(name, 0, end) - 4
        (size,) = struct.unpack_from(">I", changed, place)
        changed = (
            changed[:place] + struct.pack(">I", size + grown) + changed[place + 4 :]
        )
    return changed
