"""Programs that stand in for the child: taken over by a file, or lying."""

import json
import platform
from pathlib import Path

from portal.cleaning import process
from portal.cleaning.process import Child

PORTAL = process.START.parent.parent

_PRELUDE = f"""
import sys, types
portal = types.ModuleType("portal")
portal.__path__ = [{str(PORTAL)!r}]
sys.modules["portal"] = portal
import fcntl, json, mmap, os, resource, socket, subprocess, time
from portal.cleaning import confinement, kernel, protocol
parent = int(sys.argv[1])

def works(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        return False
    return True
"""
_CONFINED = "confinement.confine(parent)\n"
_ATTEMPT = """
try:
    {attempt}
except BaseException as error:
    outcome = type(error).__name__
else:
    outcome = "done"
print(json.dumps(outcome), flush=True)
"""


def write_program(folder: Path, body: str, *, is_confined: bool = False) -> Path:
    """Write a child's program that does *body*, with the portal's modules at hand."""
    program = folder / "program.py"
    program.write_text(_PRELUDE + _CONFINED * is_confined + body, "utf-8")
    return program


_OLDER_KERNEL = """
import ctypes, platform
from portal.cleaning import kernel, seccomp
audit = seccomp._MACHINES[platform.machine()].audit
nothing = {{"limits": 9997, "process": 9998, "files": 9999}}
steps = seccomp._filter(seccomp._Machine(audit, {calls}, **nothing))
held = ctypes.create_string_buffer(steps)
filter = seccomp._Program(len(steps) // 8, ctypes.addressof(held))
kernel.set_process(38, 1)
kernel.set_process(22, 2, ctypes.byref(filter))
"""
LANDLOCK = (444, 445, 446)
UNSHARE = {"x86_64": (272,), "aarch64": (97,)}[platform.machine()]


def on_a_kernel_without(*calls: int) -> str:
    """Return a program's lines behind which the kernel knows none of *calls*."""
    return _OLDER_KERNEL.format(calls=calls)


def attempt(
    folder: Path, statement: str, *, is_confined: bool = True, before: str = ""
) -> str:
    """Return `done`, or which error *statement* met inside of a child."""
    body = _ATTEMPT.format(attempt=statement)
    if before:
        body, is_confined = before + _CONFINED + body, False
    with Child(write_program(folder, body, is_confined=is_confined)) as child:
        outcome: str = json.loads(child.read_some(200))
    return outcome
