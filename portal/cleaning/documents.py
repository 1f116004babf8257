"""Which document a ZIP file is: by what stands in it, not by what libmagic guesses."""

import zipfile
from typing import BinaryIO

from portal.cleaning import office_parts
from portal.cleaning.packages import Package
from portal.cleaning.refusals import NotCleanError
from portal.cleaning.source import TooLargeError
from portal.file_kinds import FileKind

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


def is_open_document(package: Package) -> bool:
    """Tell whether it says that it is an OpenDocument text."""
    members = package.members
    return (
        MIMETYPE in members
        and MANIFEST in members
        and members[MIMETYPE].file_size == len(ODT)
        and package.read(MIMETYPE) == ODT
    )
