"""How fast a body must come: 1 KiB a second, taken over a minute.

The server gives no deadline for a body, and a read of it cannot be broken off. So it is
read by a thread of its own, and whoever waits for it takes nothing more after that. The
thread ends with its connection, and nobody may answer before: the server would wait for
it while nobody else can compute, and the whole worker would stand still.
"""

import queue
import threading
import time
from typing import Protocol

from portal.errors import NotAdmittedError, TooSlowError

LEAST_BYTES_A_SECOND = 1024
PIECE_SIZE = 64 * 1024

_MOST_WAITING = 4
_SECONDS_TO_END = 0.1
_MOST_LEFT_BEHIND = 64


class Readable(Protocol):
    """A body as the server gives it."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes; fewer, or none, at the end."""


class Pace:
    """Reads bodies for one worker; knows how many readers were left behind."""

    def __init__(self, window_seconds: float) -> None:
        self._window_seconds = window_seconds
        self._readers = threading.BoundedSemaphore(_MOST_LEFT_BEHIND)

    def read(self, body: Readable) -> "PacedBody":
        """Begin to read *body*.

        Raises:
            NotAdmittedError: too many readers were left behind.
        """
        if not self._readers.acquire(blocking=False):
            raise NotAdmittedError
        return PacedBody(body, self._window_seconds, self._readers)


class PacedBody:
    """A body that is read ahead a little, and given up where it comes too slowly."""

    def __init__(
        self,
        body: Readable,
        window_seconds: float,
        readers: threading.BoundedSemaphore,
    ) -> None:
        self._pieces: queue.Queue[bytes] = queue.Queue(_MOST_WAITING)
        self._is_left = threading.Event()
        self._is_over = False
        self._window_seconds = window_seconds
        self._waited = 0.0
        self._bytes = 0
        self._reader = threading.Thread(
            target=self._run, args=(body, readers), daemon=True
        )
        self._reader.start()

    def read(self, _size: int = PIECE_SIZE) -> bytes:
        """Return the next piece, of whatever size; empty: that was all.

        Raises:
            TooSlowError: less than 1 KiB a second over a whole window of waiting.
        """
        while not self._is_over:
            began = time.monotonic()
            left = max(0.0, self._window_seconds - self._waited)
            try:
                piece = self._pieces.get(timeout=left)
            except queue.Empty:
                self._waited = self._window_seconds
                self._judge()
                continue
            # Our own disk may be slow: only what was waited for the body counts.
            self._waited += time.monotonic() - began
            self._bytes += len(piece)
            self._is_over = not piece
            return piece
        return b""

    def leave(self) -> None:
        """Read no further; return when nobody reads any more.

        A sender who only stalls is waited for: it holds a place, and nothing else.
        """
        self._is_left.set()
        self._is_over = True
        while self._reader.is_alive():
            # A reader that waits for room finds some, and then that it was left.
            while not self._pieces.empty():
                self._pieces.get_nowait()
            self._reader.join(_SECONDS_TO_END)

    def _judge(self) -> None:
        if self._bytes < self._window_seconds * LEAST_BYTES_A_SECOND:
            raise TooSlowError
        self._waited, self._bytes = 0.0, 0

    def _run(self, body: Readable, readers: threading.BoundedSemaphore) -> None:
        try:
            piece = b"-"
            while piece and not self._is_left.is_set():
                piece = body.read(PIECE_SIZE)
                self._pieces.put(piece)
        finally:
            readers.release()
            self._pieces.put(b"")
