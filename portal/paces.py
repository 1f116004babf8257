"""How fast a body must come: 1 KiB a second, taken over a minute.

The server gives no deadline for a body, and a read that waits cannot be broken off. So
little is asked for at once while little comes: a body that trickles is given up. One that
stands still holds its place until its connection ends (docs/decisions/0067).
"""

import time
from typing import Protocol

from portal.errors import TooSlowError

LEAST_BYTES_A_SECOND = 1024

_FEWEST, _MOST = 1024, 64 * 1024
_QUICK_SECONDS = 0.1


class Readable(Protocol):
    """A body as the server gives it."""

    def read(self, size: int, /) -> bytes:
        """Return as many bytes; fewer, or none, at the end."""


class PacedBody:
    """A body that is given up where it comes too slowly."""

    def __init__(self, body: Readable, window_seconds: float) -> None:
        self._body = body
        self._window_seconds = window_seconds
        self._size = _FEWEST
        self._waited = 0.0
        self._came = 0

    def read(self) -> bytes:
        """Return the next piece, of whatever size; empty: that was all.

        Raises:
            TooSlowError: less than 1 KiB a second over a whole window of waiting.
        """
        began = time.monotonic()
        piece = self._body.read(self._size)
        # Our own disk may be slow: only what was waited for the body counts.
        waited = time.monotonic() - began
        self._size = min(_MOST, self._size * 2) if waited < _QUICK_SECONDS else _FEWEST
        self._waited += waited
        self._came += len(piece)
        if piece and self._waited >= self._window_seconds:
            if self._came < self._waited * LEAST_BYTES_A_SECOND:
                raise TooSlowError
            self._waited, self._came = 0.0, 0
        return piece
