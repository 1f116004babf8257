"""Which cases were destroyed: their random ids, so that no backup brings one back.

A list beside the database, in no order of time and without a time: an older backup
holds what was destroyed since it was made, and who restores it destroys that again.
An id stands here before its rows go (docs/decisions/0057), so the list may name a
case whose rows are still there: it is to be destroyed.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

DESTROYED_FILE = "destroyed.txt"

_ID_SIZE = 16
_NO_TIME = (0.0, 0.0)


def note(instance: Path, ids: Iterable[bytes]) -> None:
    """Add *ids* to the list; it is on the disk when this returns.

    Raises:
        OSError: it could not be written; the list is as before.
    """
    noted = frozenset(ids)
    _rewrite(instance, lambda kept: kept | noted)


def take_back(instance: Path, ids: Iterable[bytes]) -> None:
    """Take *ids* from the list again: their rows did not go after all."""
    staying = frozenset(ids)
    _rewrite(instance, lambda kept: kept - staying)


def read(path: Path) -> frozenset[bytes]:
    """Return the ids in the file *path*; none where it does not exist.

    A line that holds no id is passed over: a copy may have been cut short.
    """
    try:
        lines = path.read_text("ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return frozenset()
    return frozenset(_ids(lines))


def encode(ids: Iterable[bytes]) -> bytes:
    """Write *ids* as the file holds them."""
    # Sorted: no order tells which went first.
    return "".join(f"{case_id.hex()}\n" for case_id in sorted(ids)).encode("ascii")


def _ids(lines: Iterable[str]) -> Iterator[bytes]:
    for line in lines:
        try:
            case_id = bytes.fromhex(line)
        except ValueError:
            continue
        if len(case_id) == _ID_SIZE:
            yield case_id


def _rewrite(
    instance: Path, change: Callable[[frozenset[bytes]], frozenset[bytes]]
) -> None:
    path = instance / DESTROYED_FILE
    with _alone(instance) as folder:
        ids = change(read(path))
        _replace(path, encode(ids))
        os.fsync(folder)


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        # The file system shall not tell when somebody destroyed a case.
        os.utime(descriptor, _NO_TIME)
        os.fsync(descriptor)
    beside.replace(path)


@contextmanager
def _alone(instance: Path) -> Iterator[int]:
    """Keep other workers away from the list; yields the folder's descriptor."""
    folder = os.open(instance, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)
