"""What the child gives up before it looks at a byte: for good, one thing after another.

Limits (memory, time, files, no core), the parent's life as its own, namespaces where the
kernel lets it, every file but the libraries (Landlock), every capability, and the calls of
`seccomp`. Each guard stands alone: where the kernel lacks one the others hold, and
`lurus doctor` says which is missing.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from portal.cleaning import landlock, seccomp
from portal.cleaning.kernel import call, leave_namespaces, set_process
from portal.cleaning.protocol import LARGEST_OUTPUT

LARGEST_MEMORY = 512 * 1024**2
LONGEST_WORK_SECONDS = 60
MOST_FILES = 64

PROGRAMS = (Path("/usr/bin/ffmpeg"), Path("/usr/bin/ffprobe"))
"""Where Debian puts ffmpeg, which reads sound and moving pictures."""

_GIVES_WAY = 10

_DEATH_SIGNAL, _DUMPABLE, _NO_NEW_PRIVILEGES = 1, 4, 38
_CAPABILITY_VERSION = 0x20080522
_SET_CAPABILITIES = {"x86_64": 126, "aarch64": 91}
# The kernel takes 1 for "not even to a program that collects them"; 0 says less.
_NO_CORE = 1

_NEW_USER, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000

_LOADER = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_READABLE = (
    *_LOADER,
    *("/usr/share/misc", "/usr/share/file", "/usr/share/fonts"),
    *("/etc/ld.so.cache", "/etc/magic", "/etc/localtime", "/dev/urandom"),
)


class Guard(StrEnum):
    """What holds the child back."""

    LIMITS = "limits"
    """On memory, time and files: without them no child starts."""
    FILES = "files"
    CALLS = "calls"
    NAMESPACES = "namespaces"
    """No network and no shared memory of its own: the calls are refused as well."""


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def confine(parent: int) -> frozenset[Guard]:
    """Give up what the child does not need; return the guards that stand.

    *parent*: the process it must not outlive.
    """
    _limit()
    die_with_parent()
    if os.getppid() != parent:
        sys.exit("The parent is gone.")
    set_process(_DUMPABLE, 0)
    set_process(_NO_NEW_PRIVILEGES, 1)
    guards: list[tuple[Guard, Callable[[], None]]] = [
        (Guard.NAMESPACES, _leave_namespaces),
        (Guard.FILES, _leave_files),
        (Guard.CALLS, _leave_calls),
    ]
    standing = {Guard.LIMITS}
    for guard, raise_it in guards:
        with contextlib.suppress(OSError):
            raise_it()
            standing.add(guard)
    return frozenset(standing)


def run_nothing() -> None:
    """Give up starting programs, for kinds that no other program reads."""
    with contextlib.suppress(OSError):
        landlock.forbid(landlock.EXECUTE)


def leave_room_for(length: int) -> None:
    """Take what the file itself fills from the memory that is left."""
    _limit_to(resource.RLIMIT_AS, LARGEST_MEMORY - length)


def die_with_parent() -> None:
    """Be killed as soon as whoever started this process ends.

    For a program that the child starts: between fork and exec.
    """
    set_process(_DEATH_SIGNAL, signal.SIGKILL.value)


def _limit() -> None:
    # Whoever waits for a page goes first. A service may refuse it.
    with contextlib.suppress(OSError):
        os.nice(_GIVES_WAY)
    for what, most in (
        (resource.RLIMIT_AS, LARGEST_MEMORY),
        (resource.RLIMIT_CPU, LONGEST_WORK_SECONDS),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, _NO_CORE),
    ):
        _limit_to(what, most)


def _limit_to(what: int, most: int) -> None:
    _, allowed = resource.getrlimit(what)
    if allowed != resource.RLIM_INFINITY:
        # A service's own limit may be lower: nobody can raise that again.
        most = min(most, allowed)
    resource.setrlimit(what, (most, most))


def _leave_namespaces() -> None:
    leave_namespaces(_NEW_USER | _NEW_NETWORK | _NEW_IPC)


def _leave_files() -> None:
    """Keep Python, the system's libraries and ffmpeg; the portal's own modules too."""
    python = {
        str(Path(prefix).resolve() / name)
        for prefix in (sys.prefix, sys.base_prefix)
        for name in ("lib", "lib64")
    }
    granted = {Path(path): landlock.READ for path in (*_READABLE, *sorted(python))}
    granted |= {Path(__file__).resolve().parent.parent: landlock.READ}
    granted |= {Path(path): landlock.READ | landlock.EXECUTE for path in _LOADER}
    granted |= dict.fromkeys(PROGRAMS, landlock.READ_FILE | landlock.EXECUTE)
    granted[Path(os.devnull)] = landlock.READ_FILE | landlock.WRITE_FILE
    landlock.restrict_to(granted)


def _leave_calls() -> None:
    # Capabilities go first; a unit that gave none may refuse to be asked for fewer.
    with contextlib.suppress(OSError):
        _leave_capabilities()
    seccomp.install()


def _leave_capabilities() -> None:
    header = _CapabilityHeader(_CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    call(_SET_CAPABILITIES[os.uname().machine], ctypes.byref(header), none)
