"""System calls that Python has no name for."""

import ctypes
import os


def call(number: int, *arguments: object) -> int:
    """Make a system call by its number; bytes, structures and integers may be handed in.

    Raises:
        OSError: the kernel refused, or knows no such call.
    """
    outcome = int(_library().syscall(ctypes.c_long(number), *map(_word, arguments)))
    if outcome < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return outcome


def set_process(option: int, *arguments: object) -> None:
    """Call `prctl`, whose unused arguments are zero.

    Raises:
        OSError: the kernel refused.
    """
    words = [_word(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    if _library().prctl(ctypes.c_int(option), *words) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def leave_namespaces(flags: int) -> None:
    """Call `unshare`.

    Raises:
        OSError: the kernel refused.
    """
    if _library().unshare(ctypes.c_int(flags)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _word(argument: object) -> object:
    # A bare integer would be handed over as 32 bits.
    return ctypes.c_ulong(argument) if isinstance(argument, int) else argument
