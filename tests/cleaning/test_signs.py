"""What cannot be cleaned is left to its sender, with what to beware of."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from cleanings import clean
from planted_documents import packed

from portal.cleaning.protocol import Outcome
from portal.file_kinds import FileKind, Finding

ARCHIVE, EXECUTABLE = FileKind.ARCHIVE, FileKind.EXECUTABLE
LEFT_CLOSED = {Finding.NOT_LOOKED_INTO}
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
WORD = b"\xec\xa5" + bytes(510)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def encrypted_zip() -> bytes:
    """A ZIP file whose member has the mark of an encrypted one, in both places."""
    archive = bytearray(packed({"a.txt": b"a"}))
    archive[6] |= 1
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(archive)


def seven_zip(coder: bytes) -> bytes:
    header = b"\x17\x06" + coder
    return (
        b"7z\xbc\xaf\x27\x1c\0\x04"
        + struct.pack("<IQQI", 0, 0, len(header), 0)
        + header
    )


PROGRAMS = {
    "windows": b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(200),
    "linux": b"\x7fELF\x02\x01\x01" + bytes(200),
    "mac": b"\xcf\xfa\xed\xfe\x07\0\0\x01" + bytes(200),
    "script": b"#!/bin/sh\nrm -rf /\n",
    "shortcut": b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(60),
    "desktop": b"[Desktop Entry]\nExec=rm -rf /\n",
    "java": packed({"META-INF/MANIFEST.MF": b"", "A.class": b"\xca\xfe\xba\xbe"}),
    "android": packed({"AndroidManifest.xml": b"", "classes.dex": b"dex\n"}),
    "installer": COMPOUND + bytes.fromhex("84100c0000000000c000000000000046"),
    "disk": bytes(0x8001) + b"CD001\x01" + bytes(2_048),
}
ARCHIVES = {
    "zip": packed({"a.txt": b"a"}),
    "nothing in it": packed({}),
    "tar": tar(),
    "gzip": gzip.compress(b"a"),
    "bzip2": bz2.compress(b"a"),
    "xz": lzma.compress(b"a"),
    "7z": seven_zip(b"\x03\x01\x01"),
    "rar": b"Rar!\x1a\x07\x01\0" + struct.pack("<IBB", 0, 3, 1) + bytes(20),
    "book": packed({"mimetype": b"application/epub+zip", "a.xhtml": b"<a/>"}),
}
ENCRYPTED = {
    "zip": encrypted_zip(),
    "7z": seven_zip(b"\x24\x06\xf1\x07\x01"),
    "rar 4": b"Rar!\x1a\x07\0" + struct.pack("<HBHH", 0, 0x73, 0x80, 13) + bytes(20),
    "rar 5": b"Rar!\x1a\x07\x01\0" + struct.pack("<IBB", 0, 3, 4) + bytes(20),
    "office": COMPOUND + wide("EncryptedPackage"),
    "word 97": COMPOUND + WORD[:11] + b"\x01" + WORD[12:],
}
WITH_MACROS = {
    "word 97": COMPOUND + WORD + wide("_VBA_PROJECT"),
    "excel 97": COMPOUND + wide("_VBA_PROJECT_CUR"),
    "sheet": packed({"xl/vbaProject.bin": b"", "xl/workbook.bin": b""}),
    "template": packed({"mimetype": b"x", "Basic/Standard/script-lb.xml": b""}),
}


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_program_is_named(name: str) -> None:
    after = clean(PROGRAMS[name], "foto.jpg")

    assert (after.kind, after.outcome) == (EXECUTABLE, Outcome.NOT_CLEANABLE)
    assert Finding.EXECUTABLE in after.findings
    assert after.content == b""


@pytest.mark.parametrize("name", sorted(ARCHIVES))
def test_an_archive_is_named_as_not_looked_into(name: str) -> None:
    after = clean(ARCHIVES[name], "foto.jpg")

    assert (after.kind, after.outcome) == (ARCHIVE, Outcome.NOT_CLEANABLE)
    assert after.findings == LEFT_CLOSED


@pytest.mark.parametrize("name", sorted(ENCRYPTED))
def test_what_is_encrypted_is_named(name: str) -> None:
    after = clean(ENCRYPTED[name])

    assert after.outcome is Outcome.NOT_CLEANABLE
    assert Finding.ENCRYPTED in after.findings


@pytest.mark.parametrize("name", sorted(WITH_MACROS))
def test_macros_of_documents_that_are_not_cleaned_are_named(name: str) -> None:
    after = clean(WITH_MACROS[name])

    assert after.outcome is Outcome.NOT_CLEANABLE
    assert after.findings == {Finding.MACROS}


@pytest.mark.parametrize(
    "start",
    [
        *(b"#!AMR\n", b"fLaC\0\0\0\x22", b"\x1aE\xdf\xa3", b"\0\0\0\x18ftyp3gp4"),
        *(b"RIFF\0\0\0\0AVI LIST", b"\xff\xf1\x50\x80", b"FORM\0\0\0\0AIFF"),
    ],
)
def test_a_voice_is_told_of_recordings_that_are_not_cleaned_too(start: bytes) -> None:
    after = clean(start + bytes(200), "rekaman.bin")

    assert (after.kind, after.outcome) == (FileKind.OTHER, Outcome.NOT_CLEANABLE)
    assert after.findings == {Finding.VOICE}


@pytest.mark.parametrize("name", ["KLIK.BAT", "a.txt.js", "b.ps1", "c.vbs"])
def test_a_text_that_starts_when_it_is_opened_is_named(name: str) -> None:
    after = clean(b"Halo, ini hanya teks.\n", name)

    assert after.kind is EXECUTABLE
    assert after.findings == {Finding.EXECUTABLE}


@pytest.mark.parametrize("text", [b"MZ adalah inisial.\n", b"Halo\n"])
def test_a_text_is_a_text(text: bytes) -> None:
    after = clean(text, "catatan.txt")

    assert (after.kind, after.outcome) == (FileKind.TEXT, Outcome.NOT_CLEANABLE)
    assert after.findings == frozenset()


def test_nothing_is_left_to_its_sender() -> None:
    after = clean(b"", "kosong.jpg")

    assert after.outcome is Outcome.NOT_CLEANABLE
    assert after.findings == frozenset()


def test_a_document_of_before_is_left_to_its_sender_without_a_warning() -> None:
    after = clean(COMPOUND + WORD, "surat.doc")

    assert (after.kind, after.outcome) == (FileKind.OTHER, Outcome.NOT_CLEANABLE)
    assert after.findings == frozenset()


def test_a_program_behind_a_photo_does_not_come_out() -> None:
    photo = Path(__file__).parents[2] / "docs" / "screens" / "start-id-360-light.png"
    polyglot = photo.read_bytes() + packed({"AndroidManifest.xml": b"Sisa-Planted"})

    after = clean(polyglot, "foto.png")

    assert after.outcome is Outcome.CLEANED
    assert not zipfile.is_zipfile(io.BytesIO(after.content))
