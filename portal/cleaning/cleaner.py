"""Files come in as they were sent and go out without an author: the parent's side.

It streams a file to a child of its own and reads what comes back; memory stays flat. A
child that crashes, lies, dawdles or answers too much makes a file *failed*, and nothing
worse. What comes back is not looked into here: who parses it runs the next risk.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal.cleaning.process import LONGEST_WAIT_SECONDS, START, Child, ChildError
from portal.cleaning.protocol import (
    LARGEST_INPUT,
    LARGEST_PICTURE,
    LARGEST_PREVIEW,
    LARGEST_SIDE,
    Answer,
    BrokenFrameError,
    Outcome,
    Request,
    Task,
    parse_kind,
)
from portal.errors import CutShortError, NoPictureError
from portal.file_kinds import FileKind, Finding

PLACES = 2
"""How many children run at once, in all workers together."""
LONGEST_QUEUE_SECONDS = 30.0

_JPEG_START = b"\xff\xd8\xff"


@dataclass(frozen=True)
class Examined:
    """What became of a file."""

    kind: FileKind
    """Of `content` where there is some, of what was sent otherwise."""
    outcome: Outcome
    findings: frozenset[Finding]
    preview: bytes
    """A JPEG of at most 65,532 bytes, or nothing."""
    length: int
    """Of `content`, in bytes."""
    content: Iterator[bytes]
    """The file anew, once, while the block lasts; empty unless it was cleaned.

    It raises `CutShortError` where the child breaks off: nothing of it counts then.
    """


@dataclass(frozen=True)
class Picture:
    """A larger look at a picture, or at one page."""

    jpeg: bytes
    page_count: int


class Cleaner:
    """Cleans files, a few at once; one for each worker."""

    def __init__(
        self,
        workers: int = 1,
        *,
        queue_seconds: float = LONGEST_QUEUE_SECONDS,
        patience_seconds: float = LONGEST_WAIT_SECONDS,
        program: Path = START,
    ) -> None:
        """Take this worker's share of the places, one at least."""
        self._places = threading.BoundedSemaphore(max(1, PLACES // workers))
        self._queue_seconds = queue_seconds
        self._start = partial(Child, program, patience_seconds)

    @contextmanager
    def clean(
        self, pieces: Iterable[bytes], length: int, name: str
    ) -> Iterator[Examined]:
        """Take the author out of a file of *length* bytes, which a sender calls *name*.

        What *pieces* raises is raised here; nothing else is: see `Examined.outcome`.
        """
        if length > LARGEST_INPUT:
            yield _failed(FileKind.OTHER, Finding.TOO_LARGE)
            return
        if not self._places.acquire(timeout=self._queue_seconds):
            yield _failed(FileKind.OTHER, Finding.BUSY)
            return
        try:
            child = self._start()
        except ChildError:
            self._places.release()
            yield _failed(FileKind.OTHER, Finding.BUSY)
            return
        try:
            with child:
                yield _examine(child, pieces, Request(Task.CLEAN, length, name))
        finally:
            self._places.release()

    def picture(
        self,
        pieces: Iterable[bytes],
        length: int,
        kind: FileKind,
        page: int = 1,
        side: int = 1600,
    ) -> Picture:
        """Return a picture, or a page of a document, as a JPEG that the portal made.

        *page* counts from 1; *side* is the longest one, in pixels.

        Raises:
            NoPictureError: there is no such page, none can be made, or none now.
        """
        can_be_seen = kind.is_picture or kind is FileKind.PDF
        if not can_be_seen or length > LARGEST_INPUT or page < 1:
            raise NoPictureError
        if not self._places.acquire(timeout=self._queue_seconds):
            raise NoPictureError
        request = Request(Task.PICTURE, length, page=page, side=min(side, LARGEST_SIDE))
        try:
            with self._start() as child:
                return _look(child, pieces, request)
        except (BrokenFrameError, ChildError):
            raise NoPictureError from None
        finally:
            self._places.release()


def probe() -> frozenset[str]:
    """Return the guards that hold a child on this machine (`confinement.Guard`).

    None where no child starts.
    """
    try:
        with Child() as child:
            _send(child, (), Request(Task.PROBE, 0))
            return frozenset(Answer.parse(child.read_frame()).guards)
    except (BrokenFrameError, ChildError):
        return frozenset()


def _examine(child: Child, pieces: Iterable[bytes], request: Request) -> Examined:
    kind = FileKind.OTHER
    try:
        _send(child, pieces, request)
        kind = parse_kind(child.read_frame())
        answer = Answer.parse(child.read_frame())
        preview = _read_jpeg(child, answer, LARGEST_PREVIEW)
    except (BrokenFrameError, ChildError):
        return _failed(kind)
    findings = answer.findings | _heard_in(answer.kind)
    return Examined(
        *(answer.kind, answer.outcome, findings, preview),
        length=answer.content_length,
        content=_content(child, answer.content_length),
    )


def _look(child: Child, pieces: Iterable[bytes], request: Request) -> Picture:
    _send(child, pieces, request)
    parse_kind(child.read_frame())
    answer = Answer.parse(child.read_frame())
    jpeg = _read_jpeg(child, answer, LARGEST_PICTURE)
    if not jpeg:
        raise ChildError
    return Picture(jpeg, answer.page_count)


def _send(child: Child, pieces: Iterable[bytes], request: Request) -> None:
    child.send(request.encode())
    for piece in pieces:
        child.send(piece)
    child.end_of_file()


def _read_jpeg(child: Child, answer: Answer, most: int) -> bytes:
    """Return what the child calls a picture, if it begins like one.

    Whoever looks at it has a browser between it and harm: it is sent as `image/jpeg`
    and nothing else.
    """
    if answer.preview_length > most:
        raise ChildError
    jpeg = child.read(answer.preview_length)
    if jpeg and not jpeg.startswith(_JPEG_START):
        raise ChildError
    return jpeg


def _content(child: Child, length: int) -> Iterator[bytes]:
    left = length
    while left:
        try:
            piece = child.read_some(left)
        except ChildError:
            raise CutShortError from None
        left -= len(piece)
        yield piece


def _failed(kind: FileKind, *findings: Finding) -> Examined:
    told = _heard_in(kind).union(findings)
    return Examined(kind, Outcome.FAILED, told, b"", 0, iter(()))


def _heard_in(kind: FileKind) -> frozenset[Finding]:
    """Return the warning of a voice, which its sender gets whatever became of it."""
    return frozenset({Finding.VOICE} if kind.is_sound else ())
