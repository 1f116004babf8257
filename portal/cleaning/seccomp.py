"""seccomp: system calls that no cleaning needs, refused by the kernel.

A list of what is refused, not of what is allowed: the libraries of a machine are not all
known here, and files are Landlock's matter. Refused is what reaches out of the process
(sockets, shared memory, other processes, the kernel's larger interfaces) and what Landlock
does not look at (modes, owners, times, attributes). A refused call fails with EPERM.

The filter is classic BPF (seccomp(2)): for a process of this machine's own calls alone.
"""

import ctypes
import errno
import platform
from dataclasses import dataclass

from portal.cleaning.kernel import set_process

_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | errno.EPERM

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_LARGER, _RETURN = 0x20, 0x15, 0x25, 0x06
_AT_NUMBER, _AT_MACHINE, _AT_ARGUMENTS, _ARGUMENT_SIZE = 0, 4, 16, 8
_LARGEST_NUMBER = 0x3FFFFFFF  # beyond it x86-64 has the calls of x32

_PRCTL_DEATH_SIGNAL, _SIGKILL = 1, 9
_OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: who is signalled, and how


@dataclass(frozen=True)
class _Machine:
    """How the kernel calls a processor, and its system calls."""

    audit: int
    refused: tuple[int, ...]
    limits: int
    """`prlimit64`: of this process alone."""
    process: int
    """`prctl`: not to outlive the parent."""
    files: int
    """`fcntl`: no file signals another process when something is written to it."""


# The same numbers on both: pidfd_send_signal, io_uring_setup, open_tree, move_mount,
# fsopen, fsconfig, fsmount, fspick, pidfd_open, pidfd_getfd, process_madvise,
# mount_setattr, process_mrelease, fchmodat2, setxattrat.
_ON_BOTH = (424, 425, *range(428, 434), 434, 438, 440, 442, 448, 452, 463)

_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        refused=(
            *(41, 42, 43, 44, 46, 49, 50, 53, 288),  # socket and its kin
            *(62, 129, 200, 234, 297),  # kill, sigqueue, tkill, tgkill, tgsigqueue
            *(101, 310, 311, 312),  # ptrace, process_vm_readv, _writev, kcmp
            *(109, 112),  # setpgid, setsid: the parent ends the whole group
            *(141, 142, 144, 203, 251, 314, 279, 256),  # others' priority and pages
            *(29, 64, 68, 240),  # shmget, semget, msgget, mq_open
            *(76, 90, 91, 92, 93, 94, 260, 268),  # truncate, chmod, chown
            *(132, 235, 261, 280),  # utime
            *(188, 189, 190, 197, 198, 199),  # attributes
            *(155, 161, 165, 166, 272, 308),  # mounts and namespaces
            *(248, 249, 250, 298, 303, 304, 321, 323),  # keys, perf, handles, bpf
            *_ON_BOTH,
        ),
        limits=302,
        process=157,
        files=72,
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        refused=(
            *(198, 199, 200, 201, 202, 203, 206, 211, 242),
            *(129, 130, 131, 138, 240),
            *(117, 270, 271, 272),
            *(154, 157),
            *(140, 118, 119, 122, 30, 274, 239, 238),
            *(194, 190, 186, 180),
            *(45, 52, 53, 54, 55),
            *(88,),
            *(5, 6, 7, 14, 15, 16),
            *(39, 40, 41, 51, 97, 268),
            *(217, 218, 219, 241, 264, 265, 280, 282),
            *_ON_BOTH,
        ),
        limits=261,
        process=167,
        files=25,
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def install() -> None:
    """Refuse this process, and whatever it starts, the calls of the list for good.

    Raises:
        OSError: the kernel has no seccomp, or the processor is none of the list.
    """
    machine = _MACHINES.get(platform.machine())
    if not machine:
        raise OSError(errno.ENOSYS, "no list of calls for this processor")
    steps = ctypes.create_string_buffer(_filter(machine))
    program = _Program((len(steps) - 1) // 8, ctypes.addressof(steps))
    set_process(_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))


def _filter(machine: _Machine) -> bytes:
    return b"".join(
        (
            _step(_LOAD, _AT_MACHINE),
            *_unless(machine.audit, _KILL),
            _step(_LOAD, _AT_NUMBER),
            _step(_JUMP_IF_LARGER, _LARGEST_NUMBER, no=1),
            _step(_RETURN, _REFUSE),
            *(step for number in machine.refused for step in _if(number, _REFUSE)),
            *_if_call(machine.limits, 0, 0),
            *_if_call(machine.process, 1, _SIGKILL, when=_PRCTL_DEATH_SIGNAL),
            *_if_command(machine.files, _OWNERS),
            _step(_RETURN, _ALLOW),
        )
    )


def _if(value: int, verdict: int) -> tuple[bytes, ...]:
    return _step(_JUMP_IF_EQUAL, value, no=1), _step(_RETURN, verdict)


def _unless(value: int, verdict: int) -> tuple[bytes, ...]:
    return _step(_JUMP_IF_EQUAL, value, yes=1), _step(_RETURN, verdict)


def _if_call(
    number: int, argument: int, allowed: int, when: int | None = None
) -> tuple[bytes, ...]:
    """Refuse a call whose *argument* is not *allowed*; *when*: its first one is that.

    Lower halves of arguments are compared: process ids, options and signals are 32 bits.
    """
    first = _step(_LOAD, _AT_ARGUMENTS)
    inner = (
        _step(_LOAD, _AT_ARGUMENTS + argument * _ARGUMENT_SIZE),
        *_unless(allowed, _REFUSE),
        _step(_RETURN, _ALLOW),
    )
    if when is not None:
        skipped = len(inner)
        inner = (first, _step(_JUMP_IF_EQUAL, when, no=skipped), *inner, _ALLOWED)
    return _step(_JUMP_IF_EQUAL, number, no=len(inner)), *inner


def _if_command(number: int, commands: tuple[int, ...]) -> tuple[bytes, ...]:
    """Refuse a call whose second argument is one of *commands*."""
    inner = (
        _step(_LOAD, _AT_ARGUMENTS + _ARGUMENT_SIZE),
        *(step for command in commands for step in _if(command, _REFUSE)),
        _ALLOWED,
    )
    return _step(_JUMP_IF_EQUAL, number, no=len(inner)), *inner


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return code.to_bytes(2, "little") + bytes((yes, no)) + value.to_bytes(4, "little")


_ALLOWED = _step(_RETURN, _ALLOW)
