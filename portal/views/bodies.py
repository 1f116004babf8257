"""The loop over a body of many parts: texts are gathered, files are handed on.

The decoder is werkzeug's, without its temporary files.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
    State,
)

from portal.errors import TooSlowError
from portal.paces import PacedBody, Readable
from portal.receptions import WhyNot

FILES_FIELD = "evidence"
FORM_KEY = "csrf_token"


class Desk(Protocol):
    """Where files are taken."""

    def begin(self, name: str) -> bool:
        """Begin a file; False: nothing more shall be read."""

    def write(self, piece: bytes) -> None:
        """Take the next bytes of it."""

    def end(self, why_not: WhyNot | None = None) -> None:
        """End it, if one was begun."""


class Bounded:
    """A body that ends at the longest there may be, whatever the sender does."""

    def __init__(self, body: Readable, longest: int) -> None:
        self._body, self._left = body, longest

    def read(self, size: int, /) -> bytes:
        """Return the next bytes; none at the end, and where the sender has gone."""
        try:
            piece = self._body.read(min(size, self._left))
        except (OSError, HTTPException):
            return b""
        self._left -= len(piece)
        return piece


def read_body(
    body: PacedBody,
    boundary: bytes,
    fields: MultiDict[str, str],
    desk: Desk,
    longest_fields: int,
    most_parts: int,
) -> None:
    """Read to the end, or to where no more shall be read or comes.

    Raises:
        RequestEntityTooLarge: more fields, or longer ones, than any form has.
    """
    decoder = MultipartDecoder(boundary, longest_fields, max_parts=most_parts)
    part = _Part(fields, desk, longest_fields)
    why_not: WhyNot | None = WhyNot.CUT
    try:
        for event in _events(decoder, body):
            if isinstance(event, Epilogue):
                why_not = None
            elif not part.take(event):
                break
    except TooSlowError:
        why_not = WhyNot.TOO_SLOW
    except ValueError:
        why_not = WhyNot.CUT
    desk.end(why_not)
    if why_not is not None:
        # Half a form is shown again, whatever its view thinks of files.
        fields.poplist(FORM_KEY)


@dataclass
class _Part:
    """The part of the body that is being read."""

    fields: MultiDict[str, str]
    desk: Desk
    left: int
    """Bytes that texts may still have."""
    name: str | None = None
    is_file: bool = False
    waiting: str | None = None
    """The name of a file of which no byte has come yet."""
    pieces: list[bytes] = field(default_factory=list)

    def take(self, event: Event) -> bool:
        """Take the next event; False: nothing more shall be read."""
        if isinstance(event, Field):
            self.name, self.is_file, self.pieces = event.name, False, []
        elif isinstance(event, File):
            self.name, self.is_file, self.waiting = event.name, True, None
            if event.name == FILES_FIELD:
                self.waiting = event.filename
                return not event.filename or self._begin()
        elif isinstance(event, Data) and self.is_file:
            return self._take_bytes(event)
        elif isinstance(event, Data):
            self._take_text(event)
        return True

    def _begin(self) -> bool:
        name, self.waiting = self.waiting or "", None
        return self.desk.begin(name)

    def _take_bytes(self, event: Data) -> bool:
        if self.name != FILES_FIELD:
            return True
        # A field where no file was chosen comes as one without name and bytes.
        if event.data and self.waiting is not None and not self._begin():
            return False
        if self.waiting is None:
            self.desk.write(event.data)
            if not event.more_data:
                self.desk.end()
        return True

    def _take_text(self, event: Data) -> None:
        self.left -= len(event.data)
        if self.left < 0:
            raise RequestEntityTooLarge
        self.pieces.append(event.data)
        if not event.more_data and self.name is not None:
            self.fields.add(self.name, b"".join(self.pieces).decode(errors="replace"))


def _events(decoder: MultipartDecoder, body: PacedBody) -> Iterator[Event]:
    mark = b"--" + decoder.boundary
    is_over, pending = False, b""
    while not is_over:
        piece = body.read()
        is_over = not piece
        pending += piece
        if piece and _ends_in_mark(bytes(decoder.buffer[-len(mark) :]) + pending, mark):
            # The decoder would take the line break before it for a byte of the file.
            continue
        if piece and _is_inside(decoder, pending, mark):
            # As the decoder would say it, without four copies.
            yield Data(pending, more_data=True)
            pending = b""
            continue
        if pending:
            decoder.receive_data(pending)
            pending = b""
        if is_over:
            decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), NeedData):
            yield event
            if isinstance(event, Epilogue):
                return


def _ends_in_mark(end: bytes, mark: bytes) -> bool:
    """Tell whether a boundary stands at the end, and not yet what follows it."""
    return mark in end[-len(mark) - 1 :]


def _is_inside(decoder: MultipartDecoder, piece: bytes, mark: bytes) -> bool:
    """Tell whether *piece* is of one part alone: no boundary in it or at its end."""
    if decoder.state is not State.DATA or decoder.buffer:
        return False
    end = piece[-len(mark) - 2 :]
    return mark not in piece and b"\n" not in end and b"\r" not in end
