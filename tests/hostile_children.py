"""Programs that stand in for the child: taken over by a file, or lying."""

import json
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


def attempt(folder: Path, statement: str, *, is_confined: bool = True) -> str:
    """Return `done`, or which error *statement* met inside of a child."""
    body = _ATTEMPT.format(attempt=statement)
    with Child(write_program(folder, body, is_confined=is_confined)) as child:
        outcome: str = json.loads(child.read_some(200))
    return outcome
