"""Documents that are ZIP files: which one it is, and how one is made anew.

Which one, what stands in it tells, not what libmagic guesses.
"""

import os
import zipfile
from collections.abc import Callable
from typing import BinaryIO, cast

from portal.cleaning import office_parts
from portal.cleaning.packages import Package
from portal.cleaning.refusals import NotCleanableError, NotCleanError
from portal.cleaning.source import Cleaned, Source, TooLargeError
from portal.file_kinds import FileKind, Finding

MIMETYPE = "mimetype"
MANIFEST = "META-INF/manifest.xml"
ODT = b"application/vnd.oasis.opendocument.text"

# What reading a ZIP file raises that was made to be read wrongly.
_BROKEN = (
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError),
    *(EOFError, NotCleanError, TooLargeError),
)


def find_kind(file: BinaryIO) -> FileKind:
    """Return the document that a ZIP file is, leaving it at its beginning.

    ARCHIVE: it is none that is cleaned. Nothing but its lists is unpacked.
    """
    try:
        package = Package(zipfile.ZipFile(file))
        kind = office_parts.find_kind(package)
        if kind is FileKind.OTHER and is_open_document(package):
            kind = FileKind.ODT
    except _BROKEN:
        kind = FileKind.OTHER
    finally:
        file.seek(0)
    return FileKind.ARCHIVE if kind is FileKind.OTHER else kind


def make_anew(
    source: Source, clean: Callable[[BinaryIO, BinaryIO], frozenset[Finding]]
) -> Cleaned:
    """Let *clean* write the document into memory without a name, or say why not."""
    target = cast(BinaryIO, os.fdopen(os.memfd_create("document"), "w+b"))
    try:
        findings = clean(source.file, target)
    except NotCleanableError as refused:
        target.close()
        return Cleaned(source.kind, findings=refused.findings)
    return Cleaned(source.kind, target, findings | {Finding.CLEANED})


def is_open_document(package: Package) -> bool:
    """Tell whether it says that it is an OpenDocument text."""
    members = package.members
    return (
        MIMETYPE in members
        and MANIFEST in members
        and members[MIMETYPE].file_size == len(ODT)
        and package.read(MIMETYPE) == ODT
    )
