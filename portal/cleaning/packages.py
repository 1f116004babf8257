"""The ZIP files that documents are: read within bounds, written without a trace.

Bounds are those of whoever opens: members, bytes once unpacked, how many times larger
they grow, and names that stay inside. They are checked on what the directory says before
anything is unpacked; `zipfile` then unpacks no more than that.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from portal.cleaning.refusals import NotCleanableError, NotCleanError
from portal.cleaning.source import TooLargeError
from portal.file_kinds import Finding

MOST_MEMBERS = 10_000
LARGEST_UNPACKED = 256 * 1024**2
LARGEST_GROWTH = 200
"""How many times a whole package may grow, beyond what is small anyway."""
SMALL_ANYWAY = 16 * 1024**2
LARGEST_LIST = 8 * 1024**2
DEEPEST = 3
"""A document in a document in a document, and no further."""

_ENCRYPTED_FLAG = 1
_LOCAL_HEADER_SIZE = 30
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_START_SIZE = 64
_PIECE_SIZE = 64 * 1024
# The first day that a ZIP file can name.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
# A file for its owner, as `zipfile` writes where it is told nothing.
_OWN_FILE = 0o600 << 16


@dataclass
class Bounds:
    """What is left to unpack, for a document and all that is embedded in it."""

    members: int = MOST_MEMBERS
    unpacked: int = LARGEST_UNPACKED
    depth: int = DEEPEST

    def take(self, members: int, unpacked: int) -> None:
        """Take from what is left; raises TooLargeError where it is not enough."""
        self.members -= members
        self.unpacked -= unpacked
        if self.members < 0 or self.unpacked < 0:
            raise TooLargeError


@dataclass
class Package:
    """A ZIP file within bounds, its members by name."""

    _zip: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo] = field(init=False)
    """Without folders, in the order of the directory."""
    by_letters: dict[str, str] = field(init=False)
    """How a member is called, by its name in small letters."""

    def __post_init__(self) -> None:
        listed = self._zip.infolist()
        self.members = {one.filename: one for one in listed if not one.is_dir()}
        self.by_letters = {name.casefold(): name for name in self.members}

    def open(self, name: str) -> IO[bytes]:
        """Unpack one member, a piece at a time."""
        return self._zip.open(self.members[name])

    def read(self, name: str) -> bytes:
        """Unpack one member."""
        return self._zip.read(self.members[name])

    def read_small(self, name: str) -> bytes:
        """Unpack a list; raises TooLargeError where it is larger than lists are."""
        if self.members[name].file_size > LARGEST_LIST:
            raise TooLargeError
        return self.read(name)

    def read_start(self, name: str) -> bytes:
        """Unpack the first bytes, which tell what it is."""
        with self.open(name) as member:
            return member.read(_START_SIZE)


def open_package(file: BinaryIO, bounds: Bounds) -> Package:
    """Open a ZIP file, taking what it holds from *bounds*.

    Raises:
        NotCleanError: a name leads out, is there twice, or members lie in one another.
        NotCleanableError: a member is encrypted.
        TooLargeError: there is more in it than there may be.
        zipfile.BadZipFile: it is none.
    """
    size = file.seek(0, 2)
    archive = zipfile.ZipFile(file)
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    bounds.take(len(members), unpacked)
    if unpacked > SMALL_ANYWAY and unpacked > LARGEST_GROWTH * size:
        raise TooLargeError
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise NotCleanableError(frozenset({Finding.ENCRYPTED}))
    _check_names([member.filename for member in members])
    _check_places(members)
    return Package(archive)


def _check_names(names: list[str]) -> None:
    # Those who open it may not tell capitals from small letters.
    if len({name.casefold() for name in names}) < len(names):
        raise NotCleanError
    for name in names:
        parts = name.removesuffix("/").split("/")
        is_outside = "" in parts or "." in parts or ".." in parts
        if is_outside or "\\" in name or ":" in name or not name.isprintable():
            raise NotCleanError


def _check_places(members: list[zipfile.ZipInfo]) -> None:
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end or member.compress_type not in _METHODS:
            raise NotCleanError
        end = member.header_offset + _LOCAL_HEADER_SIZE + member.compress_size


@dataclass
class PackageWriter:
    """A ZIP file that says nothing but its members' names and contents."""

    _zip: zipfile.ZipFile

    def write(self, name: str, content: bytes) -> None:
        """Add a member, deflated."""
        self._zip.writestr(_nameless(name), content, zipfile.ZIP_DEFLATED)

    def store(self, name: str, content: bytes) -> None:
        """Add a member as it is."""
        self._zip.writestr(_nameless(name), content, zipfile.ZIP_STORED)

    def open(self, name: str) -> IO[bytes]:
        """Add a member, deflated, that is written a piece at a time."""
        member = _nameless(name)
        member.compress_type = zipfile.ZIP_DEFLATED
        return self._zip.open(member, "w")

    def copy(self, name: str, content: IO[bytes]) -> None:
        """Add a member, deflated, with what can be read from *content*."""
        with self.open(name) as member:
            while piece := content.read(_PIECE_SIZE):
                member.write(piece)


@contextmanager
def write_package(file: BinaryIO) -> Iterator[PackageWriter]:
    """Write a ZIP file; it is whole when the context ends."""
    with zipfile.ZipFile(file, "w") as archive:
        yield PackageWriter(archive)


def _nameless(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _NO_DAY)
    # Not what system it was written on, nor who could read it there.
    member.create_system = 0
    member.external_attr = _OWN_FILE
    return member
