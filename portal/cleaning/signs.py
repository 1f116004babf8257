"""What can be told of a file that is not cleaned: by signatures, without opening it.

Programs, macros, encryption; and that an archive was not looked into. What is found
here warns; what is not found here may be there all the same.
"""

import mmap
import zipfile
from typing import BinaryIO

from portal.cleaning.source import Cleaned, Source
from portal.file_kinds import FileKind, Finding

_PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"#!", b"dex\n"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe"),  # Mach-O
    *(b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),  # the last: Java too
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
    b"[Desktop Entry]",
)
# Recordings of kinds that are not cleaned: AMR begins like a script.
_HEARD = (
    *(b"#!AMR", b"fLaC", b"\x1aE\xdf\xa3", b".snd", b"FLV\x01"),
    *(b"\xff\xf1", b"\xff\xf9", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
)
_HEARD_BEHIND = ((4, b"ftyp"), (8, b"AVI "), (8, b"WAVE"), (8, b"AIFF"), (8, b"AIFC"))
# A text may begin like the others by chance.
_PROGRAMS_AS_TEXT = (b"#!", b"[Desktop Entry]")
# What starts when it is opened although it is a mere text: by its name.
_SCRIPTS = (
    *(".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta"),
    *(".reg", ".scr", ".sh", ".command", ".desktop", ".url"),
)
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
_RAR_4, _RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_ARCHIVES = (
    *(
        _ZIP,
        _EMPTY_ZIP,
        _SEVEN_ZIP,
        _RAR_4,
        _RAR_5,
        b"\x1f\x8b",
        b"BZh",
        b"\xfd7zXZ\x00",
    ),
    *(b"\x28\xb5\x2f\xfd", b"MSCF", b"\x04\x22\x4d\x18"),
)
_TAR, _TAR_AT = b"ustar", 257
_ISO, _ISO_AT = b"CD001", 0x8001
_DISK_IMAGE_END = b"koly"

# Compound files: the formats of Office before 2007, and installers.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PROJECTS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))
_WORD_AT, _WORD, _WORD_FLAGS_AT = 512, b"\xec\xa5", 512 + 11
_WORD_ENCRYPTED = 0x01

_AES_IN_SEVEN_ZIP = b"\x06\xf1\x07\x01"
_SEVEN_ZIP_HEADER_SIZE = 32
_RAR_4_FLAGS_AT, _RAR_4_ENCRYPTED = 10, 0x80
_RAR_5_HEADER_AT, _RAR_5_ENCRYPTION = 12, 4
_ENCRYPTED_MEMBER = 1


def clean(source: Source) -> Cleaned:
    """Clean nothing; tell what it is, and what to beware of."""
    kind, findings = tell(source.file, source.name, source.kind)
    return Cleaned(kind, findings=findings)


def tell(
    file: BinaryIO, name: str, kind: FileKind
) -> tuple[FileKind, frozenset[Finding]]:
    """Return what *file* is, and what is found; *kind*: what it was taken for.

    *name*: as its sender calls it; it can add a warning, and take none away.
    """
    length = file.seek(0, 2)
    if not length:
        return kind, frozenset()
    with mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ) as content:
        findings = {*_find_in(content, file, kind)}
        is_archive = kind is not FileKind.TEXT and _is_archive(content)
    if name.casefold().endswith(_SCRIPTS):
        findings.add(Finding.EXECUTABLE)
    if is_archive and Finding.MACROS not in findings:
        findings.add(Finding.NOT_LOOKED_INTO)
        kind = FileKind.ARCHIVE
    if Finding.EXECUTABLE in findings:
        kind = FileKind.EXECUTABLE
    return kind, frozenset(findings)


def _find_in(content: mmap.mmap, file: BinaryIO, kind: FileKind) -> frozenset[Finding]:
    programs = _PROGRAMS_AS_TEXT if kind is FileKind.TEXT else _PROGRAMS
    if _is_heard(content):
        return frozenset({Finding.VOICE})
    if _starts(content, programs) or _is_disk(content):
        return frozenset({Finding.EXECUTABLE})
    if _starts(content, (_ZIP, _EMPTY_ZIP)):
        return _find_in_zip(file)
    if _starts(content, (_COMPOUND,)):
        return _find_in_compound(content)
    is_encrypted = (
        (_starts(content, (_SEVEN_ZIP,)) and _is_encrypted_seven_zip(content))
        or (_starts(content, (_RAR_4,)) and _is_encrypted_rar_4(content))
        or (_starts(content, (_RAR_5,)) and _is_encrypted_rar_5(content))
    )
    return frozenset({Finding.ENCRYPTED} if is_encrypted else ())


def _starts(content: mmap.mmap, signatures: tuple[bytes, ...]) -> bool:
    return content[:16].startswith(signatures)


def _is_heard(content: mmap.mmap) -> bool:
    is_container = any(
        content[place : place + len(name)] == name for place, name in _HEARD_BEHIND
    )
    return is_container or _starts(content, _HEARD)


def _is_archive(content: mmap.mmap) -> bool:
    return _starts(content, _ARCHIVES) or content[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def _is_disk(content: mmap.mmap) -> bool:
    is_image = content[_ISO_AT : _ISO_AT + len(_ISO)] == _ISO
    return is_image or content[-512:-508] == _DISK_IMAGE_END


def _find_in_zip(file: BinaryIO) -> frozenset[Finding]:
    try:
        members = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()
    names = [member.filename.casefold() for member in members]
    found = set()
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names):
        found.add(Finding.MACROS)
    if any(name.startswith(("basic/", "scripts/")) for name in names):
        found.add(Finding.MACROS)
    is_java = "meta-inf/manifest.mf" in names and any(
        name.endswith(".class") for name in names
    )
    if is_java or "androidmanifest.xml" in names:
        found.add(Finding.EXECUTABLE)
    if any(member.flag_bits & _ENCRYPTED_MEMBER for member in members):
        found.add(Finding.ENCRYPTED)
    return frozenset(found)


def _find_in_compound(content: mmap.mmap) -> frozenset[Finding]:
    found = set()
    if content.find(_INSTALLER) >= 0:
        found.add(Finding.EXECUTABLE)
    if any(content.find(project) >= 0 for project in _PROJECTS):
        found.add(Finding.MACROS)
    is_word = content[_WORD_AT : _WORD_AT + len(_WORD)] == _WORD
    if content.find(_ENCRYPTED_PACKAGE) >= 0 or (
        is_word and content[_WORD_FLAGS_AT] & _WORD_ENCRYPTED
    ):
        found.add(Finding.ENCRYPTED)
    return frozenset(found)


def _is_encrypted_seven_zip(content: mmap.mmap) -> bool:
    offset = int.from_bytes(content[12:20], "little") + _SEVEN_ZIP_HEADER_SIZE
    size = int.from_bytes(content[20:28], "little")
    return _AES_IN_SEVEN_ZIP in content[offset : offset + size]


def _is_encrypted_rar_4(content: mmap.mmap) -> bool:
    flags = content[_RAR_4_FLAGS_AT : _RAR_4_FLAGS_AT + 1]
    return bool(flags and flags[0] & _RAR_4_ENCRYPTED)


def _is_encrypted_rar_5(content: mmap.mmap) -> bool:
    position = _RAR_5_HEADER_AT
    while position < len(content) and content[position] & 0x80:
        position += 1
    kind = content[position + 1 : position + 2]
    return bool(kind and kind[0] == _RAR_5_ENCRYPTION)
