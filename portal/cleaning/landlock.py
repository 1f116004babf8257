"""Landlock: the child sees the libraries it runs on, and no other file.

Linux 5.13 and later (landlock(7)). What is not granted is refused, for root as well: to
read, to write, to make, to rename, to execute. What is open already stays open. Layers add
up: a later one can only take away.
"""

import ctypes
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from portal.cleaning.kernel import call

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
READ = READ_FILE | READ_DIR

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

# From execute to symbolic links; then, by version, what came later.
_FIRST_RIGHTS = (1 << 13) - 1
_LATER_RIGHTS = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_TCP_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11

# A rule about a file may not speak of folders.
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def version() -> int:
    """Return which Landlock the kernel has; 0: none, or it is switched off."""
    try:
        return call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict_to(granted: Mapping[Path, int]) -> None:
    """Refuse this process every file but those below *granted* paths, with their rights.

    Paths that do not exist are left out. The process must have given up new privileges.

    Raises:
        OSError: the kernel has no Landlock.
    """
    known = version()
    rights = _FIRST_RIGHTS | sum(
        right for since, right in _LATER_RIGHTS.items() if known >= since
    )
    _restrict(
        _Ruleset(
            rights,
            _TCP if known >= _TCP_SINCE else 0,
            _SCOPES if known >= _SCOPES_SINCE else 0,
        ),
        granted.items(),
    )


def forbid(rights: int) -> None:
    """Refuse this process *rights* on every file whatever.

    Raises:
        OSError: the kernel has no Landlock.
    """
    _restrict(_Ruleset(rights, 0, 0), ())


def _restrict(handled: _Ruleset, granted: Iterable[tuple[Path, int]]) -> None:
    ruleset = call(_CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    try:
        for path, rights in granted:
            if path.exists():
                _grant(ruleset, path, rights)
        call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _grant(ruleset: int, path: Path, rights: int) -> None:
    allowed = rights if path.is_dir() else rights & _OF_FILES
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(allowed, folder)
        call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(folder)
