"""A file that a command writes: a new one, for its owner alone, whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portal.commands.terminal import plain
from portal.errors import LurusError


@contextmanager
def new_file(path: Path, in_the_way: str) -> Iterator[IO[bytes]]:
    """Open a file to be written; it is on the disk before anybody speaks of it.

    *in_the_way*: the sentence that refuses, with a place for the *file*.

    Raises:
        LurusError: there is such a file; also a link that leads elsewhere.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise LurusError(in_the_way.format(file=plain(str(path)))) from None
    try:
        with os.fdopen(descriptor, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(descriptor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
