"""Places for forms with files: so many at once, in all workers together.

A place is a lock on a file of the installation: the system gives it back when a worker
dies. Nothing is written to the file.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

PLACES_FOLDER = "places"


class UploadPlaces:
    """The places, shared by every worker of the installation."""

    def __init__(self, instance: Path, count: int) -> None:
        folder = instance / PLACES_FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        self._files = [folder / str(at) for at in range(count)]
        # Made now: a time of theirs shall not be that of somebody's first file.
        for file in self._files:
            file.touch(mode=0o600)

    def take(self) -> "UploadPlace | None":
        """Take a place; None: all are taken."""
        for file in self._files:
            opened = os.open(file, os.O_RDONLY)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(opened)
                continue
            return UploadPlace(opened)
        return None


@dataclass
class UploadPlace:
    """One place, until it is left."""

    _opened: int

    def leave(self) -> None:
        """Give the place back, once."""
        if self._opened >= 0:
            os.close(self._opened)
            self._opened = -1
