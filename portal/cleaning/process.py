"""One child process, from its start to its end, as the parent sees it.

It inherits two pipes and nothing else: no descriptor, no variable, no folder. The parent
waits for it a limited time in all, whatever it does in between, and then ends it and
everything it started.
"""

import os
import select
import signal
import subprocess  # nosec B404
import sys
import time
from pathlib import Path
from typing import Self

from portal.cleaning.protocol import LARGEST_FRAME, LENGTH_SIZE

LONGEST_WAIT_SECONDS = 60.0

START = Path(__file__).with_name("start.py")
_PIECE_SIZE = 64 * 1024

# One arena: others reserve address space by the hundred MiB, which counts as memory.
_VARIABLES = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}


class ChildError(Exception):
    """The child ended too early, took too long, or does not answer as agreed."""


class Child:
    """A process that cleans one file; leaving the block ends it."""

    def __init__(
        self, program: Path = START, patience_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        """Start *program*, which is another one in tests alone.

        Raises:
            ChildError: the machine has no room for a process.
        """
        self._patience = patience_seconds
        try:
            self._process = self._start(program)
        except OSError:
            raise ChildError from None
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe  # nosec B101  # both were asked for
            os.set_blocking(pipe.fileno(), False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # It is not waited for before: until then its id is nobody else's.
        os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe and not pipe.closed:
                pipe.close()
        self._process.wait()

    def send(self, data: bytes) -> None:
        """Hand *data* over, waiting while the child does not take it.

        Raises:
            ChildError: it takes nothing any more.
        """
        left = memoryview(data)
        while left:
            self._wait(self._input, select.POLLOUT)
            try:
                left = left[os.write(self._input, left[:_PIECE_SIZE]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise ChildError from None

    def end_of_file(self) -> None:
        """Say that nothing more comes."""
        if self._process.stdin:
            self._process.stdin.close()

    def read_frame(self) -> bytes:
        """Return a frame of at most `LARGEST_FRAME` bytes.

        Raises:
            ChildError: it is cut, or larger.
        """
        length = int.from_bytes(self.read(LENGTH_SIZE), "big")
        if length > LARGEST_FRAME:
            raise ChildError
        return self.read(length)

    def read(self, length: int) -> bytes:
        """Return exactly *length* bytes.

        Raises:
            ChildError: there are fewer.
        """
        read = bytearray()
        while len(read) < length:
            read += self.read_some(length - len(read))
        return bytes(read)

    def read_some(self, most: int) -> bytes:
        """Return between one byte and *most*, 64 KiB at a time.

        Raises:
            ChildError: there are none.
        """
        while True:
            self._wait(self._output, select.POLLIN)
            try:
                piece = os.read(self._output, min(most, _PIECE_SIZE))
            except BlockingIOError:
                continue
            if not piece:
                raise ChildError
            return piece

    @staticmethod
    def _start(program: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # nosec B603
            [sys.executable, "-I", str(program), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=_VARIABLES,
            start_new_session=True,
        )

    @property
    def _input(self) -> int:
        return self._process.stdin.fileno() if self._process.stdin else -1

    @property
    def _output(self) -> int:
        return self._process.stdout.fileno() if self._process.stdout else -1

    def _wait(self, pipe: int, event: int) -> None:
        """Wait until *pipe* is ready, as long as there is patience left."""
        poll = select.poll()
        poll.register(pipe, event)
        begun = time.monotonic()
        is_ready = poll.poll(max(0.0, self._patience) * 1000)
        self._patience -= time.monotonic() - begun
        if not is_ready:
            raise ChildError
