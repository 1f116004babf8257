"""What goes into a cleaning, and what comes out: inside the child.

A module that cleans offers `clean(source) -> Cleaned`, and stands in the table of
`child`; `picture(source, page, side) -> Picture` too, where pages or pictures can be seen.
It may raise anything: the child then ends, and the file counts as failed.
"""

from dataclasses import dataclass
from typing import BinaryIO

from portal.cleaning.protocol import Outcome
from portal.file_kinds import FileKind, Finding


class TooLargeError(Exception):
    """More pixels, frames, pages or bytes than a child may have."""


@dataclass(frozen=True)
class Source:
    """A file as it was sent."""

    file: BinaryIO
    """At its beginning; can seek, has a `fileno()`, and no name in any file system."""
    length: int
    name: str
    """As the sender calls it: not to be believed, but for a warning."""
    kind: FileKind
    """What its bytes say."""


@dataclass(frozen=True)
class Cleaned:
    """How it went."""

    kind: FileKind
    """Of what came out; of what came in where nothing did."""
    content: BinaryIO | None = None
    """The file anew; None where this one is not cleanable."""
    findings: frozenset[Finding] = frozenset()
    preview: bytes = b""
    """A small JPEG, or nothing."""

    @property
    def outcome(self) -> Outcome:
        """Cleaned where something came out."""
        return Outcome.CLEANED if self.content else Outcome.NOT_CLEANABLE


@dataclass(frozen=True)
class Picture:
    """A larger look at a picture, or at one page."""

    jpeg: bytes
    page_count: int
    """How many pages or frames there are to look at."""
