"""Promise: who takes over the cleaning of a file finds nothing there, and is stuck.

The programs here confine themselves as the child does, and then try, as code would that a
file smuggled in. Each attempt succeeds in a child that was not confined: the tests look at
the confinement, and not at chance.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile_children import (
    LANDLOCK,
    UNSHARE,
    attempt,
    on_a_kernel_without,
    write_program,
)

from portal.cleaning.cleaner import probe
from portal.cleaning.process import Child

KEY = "secret.key"
ATTEMPTS = {
    "read the instance's secret": "open('{key}', 'rb').read()",
    "list the instance": "os.listdir('{instance}')",
    "change the database": "open('{instance}/lurus.db', 'r+b').write(b'x')",
    "make a file": "open('{instance}/new', 'xb')",
    "make a temporary file": "open('{outside}/new', 'xb')",
    "make a file in memory that others see": (
        "open('/dev/shm/{name}', 'xb') and os.unlink('/dev/shm/{name}')"
    ),
    "delete": "os.unlink('{instance}/old')",
    "rename": "os.rename('{instance}/old', '{instance}/new')",
    "link": "os.symlink('{key}', '{instance}/link')",
    "open the secret to others": "os.chmod('{key}', 0o666)",
    "give it away": "os.chown('{key}', os.getuid(), os.getgid())",
    "set its time": "os.utime('{key}', (1, 1))",
    "empty it": "os.truncate('{key}', 0)",
    "open a socket": "socket.socket()",
    "open a socket of this machine": "socket.socket(socket.AF_UNIX)",
    "open a pair of sockets": "socket.socketpair()",
    "read the parent's environment": "open(f'/proc/{{parent}}/environ').read()",
    "read the parent's memory": "open(f'/proc/{{parent}}/mem', 'rb')",
    "look at its own environment": "open('/proc/self/environ').read()",
    "signal the parent": "os.kill(parent, 0)",
    "have a file signal the parent": "fcntl.fcntl(0, fcntl.F_SETOWN, parent)",
    "have a file signal the parent's threads": (
        "fcntl.fcntl(0, 15, bytes((0, 0, 0, 0)) + parent.to_bytes(4, 'little'))"
    ),
    "choose how a file signals": "fcntl.fcntl(0, 10, 9)",
    "limit the parent": "resource.prlimit(parent, resource.RLIMIT_CPU, (9999, 9999))",
    "live on in a session of its own": (
        "assert not os.waitpid(os.fork() or os._exit(not works(os.setsid)), 0)[1]"
    ),
    "start a program": "subprocess.run(['/bin/true'], check=True)",
    "take a gibibyte": "mmap.mmap(-1, 1024**3)",
    "open files without end": "[os.dup(0) for _ in range(100)]",
    "outlive the parent": "kernel.set_process(1, 0)",
}
BY_SECCOMP_ALONE = (
    *("open the secret to others", "give it away", "set its time", "empty it"),
    *("open a socket", "open a socket of this machine", "open a pair of sockets"),
    *("signal the parent", "limit the parent", "live on in a session of its own"),
    *("have a file signal the parent", "have a file signal the parent's threads"),
    *("choose how a file signals", "outlive the parent"),
)
REFUSALS = {"PermissionError", "OSError", "AssertionError"}

by_attempt = pytest.mark.parametrize("what", ATTEMPTS)


@by_attempt
def test_what_a_child_that_was_taken_over_attempts_is_refused(
    tmp_path: Path, what: str
) -> None:
    assert attempt(tmp_path, statement(tmp_path, what)) in REFUSALS


@by_attempt
def test_a_child_that_was_not_confined_could_do_it(tmp_path: Path, what: str) -> None:
    unconfined = attempt(tmp_path, statement(tmp_path, what), is_confined=False)

    assert unconfined == "done"


@pytest.mark.parametrize("what", BY_SECCOMP_ALONE)
def test_a_kernel_without_landlock_still_refuses(tmp_path: Path, what: str) -> None:
    before = on_a_kernel_without(*LANDLOCK, *UNSHARE)

    assert attempt(tmp_path, statement(tmp_path, what), before=before) in REFUSALS


def test_a_limit_of_the_service_that_is_lower_stays(tmp_path: Path) -> None:
    before = "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
    stays = "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)"

    assert attempt(tmp_path, stays, before=before) == "done"


def test_the_child_inherits_no_variable_and_no_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_WORD", "rahasia-sekali")
    named = "assert set(os.environ) == {'LC_ALL', 'MALLOC_ARENA_MAX'}"
    opened = "assert not [fd for fd in range(3, 99) if works(fcntl.fcntl, fd, 1)]"
    placed = "assert os.getcwd() == '/'"

    with (tmp_path / "held-open").open("wb") as file:
        os.set_inheritable(file.fileno(), True)
        found = attempt(tmp_path, "; ".join((named, opened, placed)))

    assert found == "done"


def test_the_child_is_confined_before_it_reads_a_byte() -> None:
    with Child() as child:
        status = wait_for(child, "Seccomp:\t2")

    assert re.search(r"NoNewPrivs:\t1\n", status)
    assert re.search(r"CapEff:\t0+\n", status)


def test_who_asks_for_a_page_goes_before_the_child() -> None:
    with Child() as child:
        wait_for(child, "Seccomp:\t2")
        priority = os.getpriority(os.PRIO_PROCESS, child._process.pid)

    assert priority > os.getpriority(os.PRIO_PROCESS, 0)


def test_every_guard_stands_on_this_machine() -> None:
    assert probe() >= {"files", "calls"}


def test_leaving_ends_the_child_and_what_it_started(tmp_path: Path) -> None:
    body = (
        "other = os.fork() or time.sleep(60)\nprint(os.getpid(), other, flush=True)\n"
    )
    program = write_program(tmp_path, body + "time.sleep(60)\n", is_confined=True)
    begun = time.monotonic()

    with Child(program) as child:
        pids = [int(pid) for pid in child.read_some(100).split()]

    assert [pid for pid in pids if not is_gone_soon(pid)] == []
    assert time.monotonic() - begun < 30


def test_a_child_does_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    body = "print(os.getpid(), flush=True)\ntime.sleep(60)\n"
    program = write_program(tmp_path, body, is_confined=True)

    with parent_of(program) as (parent, pid):
        assert is_alive(pid)
        parent.kill()

        assert is_gone_soon(pid)


def statement(folder: Path, what: str) -> str:
    """Return an attempt on an instance that is there."""
    instance, name = folder / "instance", f"lurus-{os.getpid()}"
    instance.mkdir()
    for file in (KEY, "lurus.db", "old"):
        (instance / file).write_bytes(b"x" * 32)
    return ATTEMPTS[what].format(
        instance=instance, key=instance / KEY, outside=folder, name=name
    )


def wait_for(child: Child, line: str) -> str:
    """Return a child's status as soon as *line* stands in it."""
    path = Path("/proc", str(child._process.pid), "status")
    for _ in range(100):
        if line in path.read_text():
            break
        time.sleep(0.02)
    return path.read_text()


@contextmanager
def parent_of(program: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a process that starts *program* as its child; and the child's id."""
    code = (
        "import sys; from pathlib import Path; from portal.cleaning.process import Child\n"
        "with Child(Path(sys.argv[1])) as child:\n"
        "    print(child.read_some(100).decode(), flush=True); child.read_some(1)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(program)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        yield parent, int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)


def is_gone_soon(pid: int) -> bool:
    for _ in range(100):
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that waits to be buried does not."""
    try:
        state = Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.split()[0] not in "ZX"
